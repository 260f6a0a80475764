"""Loads the researchers' corpus folder, checks all of it, and hands it on as frozen values.

One finding becomes one document. Reports every fault at once, each with file, line and cure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.domain.documents import Block, BlockKind, SourceDocument, Span
from assistant.domain.framework import Boundary, Catalogue, Finding, Framework, Mechanism, Study
from assistant.errors import CorpusError, InputError
from assistant.ingestion.boundaries import FILE_NAME as BOUNDARIES
from assistant.ingestion.boundaries import read_boundaries
from assistant.ingestion.corpus_framework import read_framework
from assistant.ingestion.corpus_mechanisms import read_mechanism
from assistant.ingestion.corpus_studies import read_findings, read_study
from assistant.ingestion.files import decode, files_below, read_bytes
from assistant.ingestion.readers import READERS, format_of
from assistant.ingestion.readers.material import Material, Reader
from assistant.ingestion.yaml_entries import Entry, Notes, parse

CONSTRUCTED = "constructed"
MAX_BYTES = 5_000_000
"""Largest file of a corpus, in bytes."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_STUDY_FILES = ("study.yaml", "findings.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything a corpus folder holds."""

    catalogue: Catalogue
    """Real studies only: an invented study is no study, so nothing can count it by accident."""
    documents: tuple[SourceDocument, ...]
    """Findings in order of study and file, each study's papers and transcripts after its findings."""
    examples: tuple[Study, ...] = ()
    """Studies of status `constructed`: invented interviews that show how transcripts work."""


def is_corpus(folder: Path) -> bool:
    """True if a folder is laid out as a corpus: it holds `framework.yaml`, or a study under `studies/`."""
    return (folder / "framework.yaml").is_file() or any(folder.glob("studies/*/study.yaml"))


def load_corpus(folder: Path, *, include_constructed: bool = True) -> Corpus:
    """The corpus in a folder. Raises CorpusError naming file, line and cure of every fault.

    Without `include_constructed` the invented interviews are checked but left out.
    """
    if not is_corpus(folder):
        raise CorpusError(
            "this is not a corpus folder",
            path=folder,
            hint="A corpus holds framework.yaml, mechanisms/ and studies/.",
        )
    loader = _Loader(folder)
    corpus = loader.load()
    loader.notes.raise_if_any()
    if include_constructed:
        return corpus
    kept = tuple(document for document in corpus.documents if not document.constructed)
    return replace(corpus, documents=kept, examples=())


class _Loader:
    """Reads one folder, noting faults and names to look up as it goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes = Notes()
        self.studies: dict[str, Study] = {}
        self.findings: dict[str, Finding] = {}
        self.mechanisms: dict[str, Mechanism] = {}
        self.documents: list[SourceDocument] = []

    def load(self) -> Corpus:
        """Everything in the folder; look at `notes` before trusting it."""
        framework = self._framework()
        for path in sorted(self.folder.glob("mechanisms/[!.]*")):
            if path.suffix == ".md" and path.is_file():
                self._mechanism(path, framework.quadrant_cut if framework else 0.5)
            else:
                self._fault(path, "has no place here; a mechanism is a file whose name ends in .md")
        for home in sorted(self.folder.glob("studies/[!.]*")):
            if home.is_dir():
                self._study(home)
            else:
                self._fault(home, "has no place here; a study is a folder that holds study.yaml")
        boundaries = self._boundaries()
        self._look_up(framework)
        real = {key: study for key, study in self.studies.items() if study.status != CONSTRUCTED}
        catalogue = Catalogue(
            studies=real,
            findings=self.findings,
            mechanisms=self.mechanisms,
            framework=framework,
            boundaries=boundaries,
        )
        examples = tuple(study for study in self.studies.values() if study.status == CONSTRUCTED)
        return Corpus(catalogue=catalogue, documents=tuple(self.documents), examples=examples)

    def _framework(self) -> Framework | None:
        path = self.folder / "framework.yaml"
        entry = self._entry(path) if path.is_file() else None
        return read_framework(entry) if entry else None

    def _boundaries(self) -> tuple[Boundary, ...]:
        path = self.folder / BOUNDARIES
        entry = self._entry(path) if path.is_file() else None
        return read_boundaries(entry) if entry else ()

    def _mechanism(self, path: Path, cut: float) -> None:
        text = self._text(path)
        name = self._slug(path, path.stem)
        mechanism = (
            read_mechanism(text, self._place(path), name, self.notes, quadrant_cut=cut) if text else None
        )
        if mechanism:
            self.mechanisms[name] = mechanism

    def _study(self, home: Path) -> None:
        record = home / "study.yaml"
        if not record.is_file():
            self.notes.fault(self._place(record), 1, "the study has no record; add study.yaml")
            return
        entry = self._entry(record)
        if entry is None:
            return
        study = read_study(entry, self._slug(record, home.name))
        self.studies[study.id] = study
        if (home / "findings.yaml").is_file():
            self._findings(home / "findings.yaml", study)
        for path in files_below(home):
            self._extra(path, home, study)

    def _findings(self, path: Path, study: Study) -> None:
        entry = self._entry(path)
        for finding, line in read_findings(entry, study) if entry else ():
            if finding.id in self.findings:
                sentence = f"the id '{finding.id}' is used twice; give this finding another"
                self.notes.fault(self._place(path), line, sentence)
            elif finding.id and finding.statement:
                self.findings[finding.id] = finding
                self.documents.append(_document(finding, study, self._place(path)))

    def _extra(self, path: Path, home: Path, study: Study) -> None:
        """A transcript or paper of the study; anything else in its folder is a fault."""
        shelf = path.relative_to(home).parts[0]
        if path.parent == home and path.name in _STUDY_FILES:
            return
        if shelf not in ("transcripts", "papers"):
            self._fault(path, "has no place here; move it to transcripts/ or papers/, or delete it")
            return
        text = self._text(path)
        if not text:
            return
        for document in self._read(path, text, transcript=shelf == "transcripts"):
            self._check_mark(path, document, study)
            self.documents.append(
                replace(
                    document,
                    study_id=study.id,
                    domain=study.domain,
                    citable=study.citable,
                    context=". ".join(part for part in (document.context, study.setting) if part),
                )
            )

    def _read(self, path: Path, text: str, *, transcript: bool) -> tuple[SourceDocument, ...]:
        """The documents of a transcript or paper; none, with a fault noted, if it cannot be read as one."""
        place = self._place(path)
        name = format_of(path.name, text)
        if transcript and name in ("prose", "markdown"):
            name = "turns"
        if name is None or name == "records":
            self._fault(path, "is of a format that is not read here; save it as .txt, .md or .vtt")
            return ()
        reader: Reader = READERS.load(name)
        try:
            return reader(Material(text=text, id=place, origin=place, title=path.stem)).documents
        except InputError as error:
            self._fault(path, error.sentence)
            return ()

    def _check_mark(self, path: Path, document: SourceDocument, study: Study) -> None:
        if document.study_id not in (None, study.id):
            self._fault(path, f"says study '{document.study_id}' but lies in '{study.id}'; mend one of them")
        if study.status == CONSTRUCTED and not document.constructed:
            self._fault(path, "belongs to a constructed study; add the line 'constructed: true' at the top")
        if study.status != CONSTRUCTED and document.constructed:
            self._fault(path, "is marked constructed; move it to a study with status 'constructed'")

    def _look_up(self, framework: Framework | None) -> None:
        self.notes.look_up(
            {
                "study": self.studies,
                "finding": self.findings,
                "mechanism": self.mechanisms,
                "factor": [factor.id for factor in framework.factors] if framework else [],
                "level": [level.id for level in framework.levels] if framework else [],
                "role": [role.id for role in framework.roles] if framework else [],
                "quadrant": [quadrant.id for quadrant in framework.quadrants] if framework else [],
            }
        )

    def _entry(self, path: Path) -> Entry | None:
        text = self._text(path)
        return parse(text, self._place(path), self.notes) if text else None

    def _text(self, path: Path) -> str:
        """The text of a file; empty, with a fault noted, if it cannot be read or holds nothing."""
        try:
            text = decode(read_bytes(path, max_bytes=MAX_BYTES))
        except InputError as error:
            self._fault(path, error.sentence)
            return ""
        if not text.strip():
            self._fault(path, "the file is empty; fill it or delete it")
            return ""
        return text

    def _slug(self, path: Path, name: str) -> str:
        if not _SLUG.fullmatch(name):
            self._fault(path, f"the name '{name}' is its id, so use small letters, digits and hyphens only")
        return name

    def _fault(self, path: Path, sentence: str) -> None:
        self.notes.fault(self._place(path), 1, sentence)

    def _place(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def _document(finding: Finding, study: Study, place: str) -> SourceDocument:
    text = finding.statement
    setting = f"{study.title.rstrip('.')}. {study.setting}" if study.setting else study.title
    return SourceDocument(
        id=finding.id,
        title=study.title,
        text=text,
        blocks=(Block(BlockKind.FINDING, Span(0, len(text))),),
        origin=f"{place}#{finding.id}",
        record_id=finding.id,
        study_id=study.id,
        domain=finding.domain,
        citable=study.citable,
        context=setting,
        aids=finding.asked_as,
    )
