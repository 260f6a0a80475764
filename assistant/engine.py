"""The assistant: ask, search, ingest, open a source, check a receipt. The only class most callers need.

It joins the parts that `assembly.py` chose. Core work is synchronous; one assistant serves several threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.advising import AdviceDesk, Corrections
from assistant.answering.receipt import Fingerprints, check_receipt
from assistant.browsing import EvidenceDesk
from assistant.chain import AnswerChain
from assistant.domain.advice import Advice, Profile
from assistant.domain.answers import Answer, CitedAdvice
from assistant.domain.conversation import Turn
from assistant.domain.documents import Passage, SourceDocument
from assistant.domain.events import Event, Finished
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue
from assistant.domain.reports import Check, IngestItem, IngestReport, ReceiptCheck, Source
from assistant.domain.starters import STARTERS
from assistant.errors import InputError, NotReadyError, SettingsError, StorageError
from assistant.index.embeddings import Embedder
from assistant.index.index import Index
from assistant.index.ingest import ingest
from assistant.index.library import Library
from assistant.index.soundness import unsound
from assistant.ingestion.chunking import CHUNKER_VERSION, chunk
from assistant.ingestion.pipeline import Outcome, ReadResult, read_paths
from assistant.retrieval.hybrid import HybridRetriever

if TYPE_CHECKING:
    from assistant.monitoring import Monitor
    from assistant.store.feedback import Opinions
    from assistant.store.store import Store

Progress = Callable[[str, int, int], None]
_WIDER = 3
"""How many passages are looked at for each hit of a search, since a record may be cut into several."""


@dataclass(frozen=True, slots=True)
class Workings:
    """What answers questions about one state of the library."""

    index: Index
    retriever: HybridRetriever
    chain: AnswerChain
    catalogue: Catalogue
    desk: Callable[[], AdviceDesk | None]
    """Makes what gives advice, when it is first asked for; None for a collection without a framework."""
    evidence: Callable[[Assistant], EvidenceDesk]
    made_with: Fingerprints
    """What the receipts of its answers say they were made with."""


class Assistant:
    """One data folder, open. Made by `assembly.build`; close it when done."""

    def __init__(
        self,
        *,
        library: Library,
        load_embedder: Callable[[], Embedder],
        make_workings: Callable[[Library, Embedder], Workings],
        diagnose: Callable[[Assistant], tuple[Check, ...]],
        open_store: Callable[[], Store],
        include_constructed: bool = True,
    ) -> None:
        self._library = library
        self._load_embedder = load_embedder
        self._make_workings = make_workings
        self._diagnose = diagnose
        self._open_store = open_store
        self._store: Store | None = None
        self._include_constructed = include_constructed
        self._embedder: Embedder | None = None
        self._workings: Workings | None = None
        self._lock = threading.RLock()
        self._store_lock = threading.Lock()

    @property
    def library(self) -> Library:
        """Where the words are kept."""
        return self._library

    @property
    def embedder(self) -> Embedder:
        """The embedding model, loaded when first used. Raises ModelFileError."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._load_embedder()
            return self._embedder

    @property
    def workings(self) -> Workings:
        """The parts that answer, made when first used. Raises NotReadyError if nothing was read in."""
        with self._lock:
            if self._workings is None:
                if not self.ready:
                    raise NotReadyError("Nothing has been read in yet.", hint="Run `assistant ingest` first.")
                self._workings = self._make_workings(self._library, self.embedder)
            return self._workings

    @property
    def catalogue(self) -> Catalogue:
        """Framework, mechanisms, studies and findings as coded. Raises NotReadyError if all is empty."""
        return self.workings.catalogue

    @property
    def ready(self) -> bool:
        """True if there is something to answer from."""
        return self._library.count() > 0

    def warm(self) -> None:
        """Load and learn what the first questions need, advice included, so that nobody waits for it.

        Raises NotReadyError if nothing was read in, and whatever loading a model or the corpus raises.
        """
        self.search("ready", k=1)
        self.workings.desk()

    def ask(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        id: str | None = None,
        corrections: Corrections | None = None,
    ) -> Iterator[Event]:
        """What happens while a question is answered, ending with `Finished`.

        `corrections` put right how conditions are read, should advice be asked for: factor to level, or to
        None for "not known". Raises InputError if the question is empty or a factor does not exist.
        """
        asked = {
            "question": _required(question),
            "turns": tuple(turns),
            "id": id,
            "corrections": corrections or {},
        }
        yield from self.workings.chain.events(asked)

    def answer(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Answer:
        """The checked answer to a question."""
        *_, last = self.ask(question, turns=turns, id=id)
        if not isinstance(last, Finished):
            raise AssertionError("the chain ended without an answer")
        return last.answer

    def search(self, query: str, *, k: int = 10, id: str | None = None) -> tuple[Evidence, ...]:
        """The `k` best passages for a query, best first; of a record cut into several, only its best.

        Raises InputError for an empty query.
        """
        del id
        found = self.workings.retriever.retrieve(_required(query), k=_WIDER * k).evidence
        best: dict[str, Evidence] = {}
        for evidence in found:
            best.setdefault(evidence.passage.record_id or evidence.passage.id, evidence)
        return tuple(replace(e, rank=rank) for rank, e in enumerate(list(best.values())[:k], 1))

    def recommend(
        self,
        situation: str = "",
        *,
        answers: Profile | None = None,
        profile: Profile | None = None,
        corrections: Corrections | None = None,
        asked: str | None = None,
        id: str | None = None,
    ) -> CitedAdvice:
        """Cited advice on a situation told in words, on diagnostic answers, or with readings put right.

        `asked` is the id of a mechanism whose worth is doubted: it comes first, with a plain word on it.
        Raises InputError if there is nothing to go by, or where words tell of danger (it says who can help);
        NotReadyError if the library holds no framework.
        """
        if not situation.strip() and answers is None and profile is None and not corrections:
            raise InputError("There is no situation.", hint="Tell what you face in a sentence or more.")
        desk = self.workings.desk()
        if desk is None:
            raise NotReadyError(
                "The library holds no framework to advise from.",
                hint="Read in a corpus that has framework.yaml and mechanisms.",
            )
        return desk.advise(
            situation, answers=answers, profile=profile, corrections=corrections, asked=asked, id=id
        )

    @property
    def store(self) -> Store:
        """What people want kept, opened when first used. Raises SettingsError or StorageError."""
        with self._store_lock:  # a slow server holds up nobody who only asks
            if self._store is None:
                self._store = self._open_store()
            return self._store

    def monitor(self, owner: str) -> Monitor:
        """The records of one person: diagnoses, relationships, trials, pairs. `owner` is kept as a hash.

        Raises SettingsError or StorageError if the store cannot be opened.
        """
        from assistant.monitoring import Monitor  # brings the database with it, which questions do not need

        return Monitor(self.store, owner, catalogue=self.catalogue, advise=self._advise_today)

    @property
    def opinions(self) -> Opinions:
        """What readers and raters said of answers. Raises SettingsError or StorageError."""
        return self.store.opinions

    def note_refusal(self, mechanism_id: str | None, factor_id: str | None) -> bool:
        """Count a refused question by what it was about; never its text. False if it could not be kept."""
        try:
            self.store.refusals.note((mechanism_id, factor_id))
        except (StorageError, SettingsError):
            return False  # an answer never fails because a count does
        return True

    def refusals(self) -> Mapping[tuple[str | None, str | None], int]:
        """How often questions were refused, by mechanism and factor; empty if nothing can be looked up."""
        try:
            return self.store.refusals.counts()
        except (StorageError, SettingsError):
            return {}

    @property
    def evidence(self) -> EvidenceDesk:
        """The gap map, the studies and findings behind it, and what was asked and not answered."""
        return self.workings.evidence(self)

    def source(self, passage_id: str) -> Source:
        """A passage with its study and its neighbours. Raises InputError for an unknown id."""
        passage = self._library.passage(passage_id)
        if passage is None:
            raise InputError("There is no passage of that id.", hint="Take an id from an answer or a search.")
        catalogue = self.workings.catalogue
        finding = catalogue.findings.get(passage.record_id or "")
        before, after = self._around(passage, catalogue)
        study = catalogue.studies.get(passage.study_id or "")
        return Source(passage, study, finding, before, after)

    def verify(self, receipt: Mapping[str, Any], *, answer: Mapping[str, Any] | None = None) -> ReceiptCheck:
        """Whether a receipt, and the answer it came with if given, still holds against what is stored."""
        return check_receipt(receipt, _Stored(self._library), answer=answer)

    def ingest(self, paths: Sequence[Path], *, progress: Progress | None = None) -> IngestReport:
        """Read files and folders in and make them searchable.

        Raises OwnershipError if another process writes.
        """
        started = time.perf_counter()
        items: list[IngestItem] = []
        new = 0
        for path in paths:
            results: list[ReadResult] = []
            removed: list[str] = []
            collection = str(path.resolve())
            with self._changing():
                done = ingest(
                    self._library,
                    self._documents(path, results),
                    self.embedder,
                    collection=collection,
                    chunker=CHUNKER_VERSION,
                    progress=progress,
                    settle=partial(self._settle, collection, results, removed),
                )
            new += done.new_passages
            items += [IngestItem(p.origin, p.outcome, p.passages) for p in done.puts]
            items += [IngestItem(name, "removed") for name in removed]
            items += [
                IngestItem(r.origin, r.outcome.value, reason=r.reason)
                for r in results
                if r.outcome is not Outcome.READ
            ]
        return IngestReport(tuple(items), new, self._library.count(), round(time.perf_counter() - started, 3))

    def doctor(self) -> tuple[Check, ...]:
        """What is sound and what is not, each fault with its cure."""
        return self._diagnose(self)

    def status(self) -> Mapping[str, object]:
        """What is open, for a status page; loads nothing that is not loaded yet."""
        workings = self._workings
        return {
            "index": "ready" if self.ready else "empty",
            "passages": self._library.count(),
            "model": self._embedder.model_id if self._embedder else None,
            "degraded": workings.index.degraded if workings else None,
        }

    def starters(self) -> Mapping[str, tuple[str, ...]]:
        """Questions to begin with, by role; none for a collection that was not coded."""
        return STARTERS if self.workings.catalogue.findings else {}

    def close(self) -> None:
        """Let go of the index and the data folder."""
        with self._lock:
            if self._workings is not None:
                self._workings.index.close()
                self._workings = None
            if self._store is not None:
                self._store.close()
                self._store = None
            self._library.close()

    def _advise_today(self, situation: str, profile: Profile) -> Advice:
        return self.recommend(situation, profile=profile).advice

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Answers made after a change see the new state; those under way finish with the old one."""
        try:
            yield
        finally:
            with self._lock:
                old, self._workings = self._workings, None
            if old is not None:
                old.index.close()

    def _documents(
        self, path: Path, results: list[ReadResult]
    ) -> Iterator[tuple[SourceDocument, Sequence[Passage]]]:
        """Each document below `path` with its passages; what became of each file is noted in `results`."""
        embedder = self.embedder
        for result in read_paths([path], include_constructed=self._include_constructed):
            results.append(result)
            for document in result.documents:
                passages = chunk(document, count_tokens=embedder.token_counts, max_tokens=embedder.max_tokens)
                yield document, passages

    def _settle(self, collection: str, results: Sequence[ReadResult], removed: list[str]) -> None:
        """Store what was coded, and remove documents of this collection that are no longer there.

        Nothing is removed if anything failed to be read, so that a broken file never loses what it held.
        What was removed is noted in `removed`.
        """
        for result in results:
            if result.catalogue is not None:
                self._library.put_catalogue(result.catalogue, collection=collection)
        if any(result.outcome is Outcome.FAILED for result in results):
            return
        removed += self._library.remove_missing(collection, (d.id for r in results for d in r.documents))

    def _around(
        self, passage: Passage, catalogue: Catalogue
    ) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
        """Neighbours in reading order: other findings of the same study, or passages of the same document."""
        if passage.record_id not in catalogue.findings:
            return self._library.neighbours(passage.id)
        siblings = [f for f in catalogue.findings.values() if f.study_id == passage.study_id]
        ids = [f"{f.id}:0-{len(f.statement)}" for f in siblings]
        here = ids.index(passage.id) if passage.id in ids else 0
        wanted = ids[max(0, here - 2) : here + 3]
        stored = self._library.passages(wanted)
        before = tuple(stored[i] for i in ids[max(0, here - 2) : here] if i in stored)
        after = tuple(stored[i] for i in ids[here + 1 : here + 3] if i in stored)
        return before, after


class _Stored:
    """The library as a receipt is checked against it: every byte read anew."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def passage(self, passage_id: str) -> Passage | None:
        return self._library.passage(passage_id)

    def document_text(self, document_id: str) -> str | None:
        return self._library.document_text(document_id)

    def damaged(self) -> Sequence[str]:
        return unsound(self._library)

    def corpus_hash(self) -> str:
        return self._library.corpus_hash(fresh=True)


def _required(text: str) -> str:
    if not text.strip():
        raise InputError("There is no question.", hint="Write what you want to know.")
    return text
