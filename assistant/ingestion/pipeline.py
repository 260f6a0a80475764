"""Paths to documents: walks folders, chooses readers, and says of every file what became of it.

A broken file never stops the others. Nothing is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from assistant.domain.documents import SourceDocument
from assistant.domain.framework import Catalogue
from assistant.errors import CorpusError, InputError
from assistant.ingestion.corpus import is_corpus, load_corpus
from assistant.ingestion.files import decode, files_below, links_out, read_bytes
from assistant.ingestion.readers import READERS, format_of, has_reader
from assistant.ingestion.readers.material import Material, Reader, Unread

MAX_FILE_BYTES = 50_000_000

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


class Outcome(StrEnum):
    """What became of a file or a record."""

    READ = "read"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """One file, one corpus folder, or one record that could not be read."""

    origin: str
    """The path relative to the folder that was handed in, or `file#line` for a record."""
    outcome: Outcome
    documents: tuple[SourceDocument, ...] = ()
    catalogue: Catalogue | None = None
    """What was coded, for a corpus folder; None for everything else."""
    reason: str = ""
    """Why it was skipped or failed: one sentence, or for a corpus one line for each fault."""
    warnings: tuple[str, ...] = ()
    """What a person should look at although the file was read, each one sentence."""


def read_paths(
    paths: Sequence[Path],
    *,
    include_constructed: bool = True,
    max_file_bytes: int = MAX_FILE_BYTES,
) -> Iterator[ReadResult]:
    """What became of every file below the paths, in the order given and then by relative path.

    A folder laid out as a corpus is one result with its catalogue; it fails as a whole. A file of records is
    one result, and each record in it that cannot be read is one more. A document's id is the file's path
    relative to the folder handed in, so a copy elsewhere has the same ids. An id met before in a call fails.
    """
    seen: dict[str, str] = {}
    for path in paths:
        for result in _read_path(path, include_constructed, max_file_bytes):
            yield from _without_repeats(result, seen)


def _read_path(path: Path, include_constructed: bool, max_file_bytes: int) -> Iterator[ReadResult]:
    if path.is_file():
        yield from _read_file(path, path.name, include_constructed, max_file_bytes)
    elif not path.is_dir():
        yield _failed(path.name, "There is no file or folder of that name.")
    elif is_corpus(path):
        yield _read_corpus(path, include_constructed)
    else:
        for link in links_out(path):
            yield _skipped(link.relative_to(path).as_posix(), "The link leads out of the folder.")
        for file in files_below(path):
            origin = file.relative_to(path).as_posix()
            yield from _read_file(file, origin, include_constructed, max_file_bytes)


def _read_corpus(folder: Path, include_constructed: bool) -> ReadResult:
    name = folder.resolve().name
    try:
        corpus = load_corpus(folder, include_constructed=include_constructed)
    except CorpusError as error:
        return _failed(name, "\n".join(error.faults))
    return ReadResult(
        origin=name,
        outcome=Outcome.READ,
        documents=corpus.documents,
        catalogue=corpus.catalogue,
        warnings=_warnings(corpus.documents),
    )


def _read_file(
    path: Path, origin: str, include_constructed: bool, max_file_bytes: int
) -> Iterator[ReadResult]:
    if not has_reader(path.name):
        yield _skipped(origin, f"There is no reader for {path.suffix or 'files without an ending'}.")
        return
    try:
        text = decode(read_bytes(path, max_bytes=max_file_bytes))
        if not text.strip():
            yield _skipped(origin, "The file is empty.")
            return
        reader: Reader = READERS.load(format_of(path.name, text) or "prose")
        reading = reader(Material(text=text, id=origin, origin=origin, title=path.stem))
    except InputError as error:
        yield _failed(origin, str(error))
        return
    documents = tuple(each for each in reading.documents if include_constructed or not each.constructed)
    if reading.documents and not documents:
        yield _skipped(origin, "It is a constructed example, and these are switched off.")
    elif documents:
        warnings = _warnings(documents)
        yield ReadResult(origin=origin, outcome=Outcome.READ, documents=documents, warnings=warnings)
    yield from (_unread(part) for part in reading.unread)


def _without_repeats(result: ReadResult, seen: dict[str, str]) -> Iterator[ReadResult]:
    fresh = []
    repeats = []
    for document in result.documents:
        if document.id in seen:
            repeats.append(document)
        else:
            seen[document.id] = document.origin
            fresh.append(document)
    if fresh or not repeats:
        yield replace(result, documents=tuple(fresh))
    for document in repeats:
        yield _failed(
            document.origin,
            f"The id '{document.id}' is already used by {seen[document.id]}; rename one of the two.",
        )


def _warnings(documents: Sequence[SourceDocument]) -> tuple[str, ...]:
    count = sum(len(_INVISIBLE.findall(document.text)) for document in documents)
    if not count:
        return ()
    noun = "character" if count == 1 else "characters"
    return (f"The text holds {count} invisible {noun}; they are kept as they are.",)


def _unread(part: Unread) -> ReadResult:
    return _failed(part.origin, part.reason)


def _failed(origin: str, reason: str) -> ReadResult:
    return ReadResult(origin=origin, outcome=Outcome.FAILED, reason=reason)


def _skipped(origin: str, reason: str) -> ReadResult:
    return ReadResult(origin=origin, outcome=Outcome.SKIPPED, reason=reason)
