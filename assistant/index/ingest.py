"""Stores documents as they come, encodes what is new in large batches, then builds the search caches.

Each document is acknowledged after its commit. Killed at any moment, the next run goes on where this one
stopped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from assistant.domain.documents import Passage, SourceDocument
from assistant.index.build import CHUNKER, DEFAULT, build_index, fingerprint
from assistant.index.changes import Put
from assistant.index.embeddings import Embedder, split_to_fit
from assistant.index.keywords import Weighting
from assistant.index.library import Library
from assistant.index.vector_cache import Pending
from assistant.index.version import damaged_files, live_version

Acknowledge = Callable[[Put], None]
Steps = Callable[[str, int, int], None]
"""Called with a step (`storing`, `encoding`, `indexing`), how much is done and of how much (0: unknown)."""


@dataclass(frozen=True, slots=True)
class Commits:
    """How much is committed at a time: a kill loses no more than this, and a rerun does only this again."""

    documents: int = 256
    texts: int = 1_024


COMMITS = Commits()


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one run did. Seconds are wall-clock time."""

    puts: tuple[Put, ...]
    encoded: int
    """Texts that were encoded now; all others had a vector already."""
    left_out: int
    """Texts in context that did not fit the model's window; the passage alone was encoded."""
    rebuilt: bool
    seconds_storing: float
    seconds_encoding: float
    seconds_indexing: float

    @property
    def new_passages(self) -> int:
        """Passages that were not there before."""
        return sum(put.new for put in self.puts)


def ingest(
    library: Library,
    results: Iterable[tuple[SourceDocument, Sequence[Passage]]],
    embedder: Embedder,
    *,
    collection: str = "",
    chunker: str = "",
    weighting: Weighting = DEFAULT,
    progress: Steps | None = None,
    acknowledge: Acknowledge | None = None,
    settle: Callable[[], None] | None = None,
    commits: Commits = COMMITS,
) -> Ingested:
    """Read everything in and leave the library searchable.

    `acknowledge` is called for each document once it is committed, `settle` once all are, before the caches
    are built. `collection` names what is read in together, `chunker` the way it was cut; both are
    remembered.
    """
    report = progress or _silent
    started = time.perf_counter()
    if chunker and library.meta(CHUNKER) != chunker:
        library.set_meta(CHUNKER, chunker)
    puts = []
    for put in store(library, results, collection=collection, progress=report, commits=commits):
        puts.append(put)
        if acknowledge:
            acknowledge(put)
    if settle:
        settle()
    stored = time.perf_counter()
    encoded, left_out = encode_pending(library, embedder, progress=report, commits=commits)
    vectors_done = time.perf_counter()
    rebuilt = refresh_caches(library, embedder, weighting=weighting, progress=report)
    return Ingested(
        puts=tuple(puts),
        encoded=encoded,
        left_out=left_out,
        rebuilt=rebuilt,
        seconds_storing=stored - started,
        seconds_encoding=vectors_done - stored,
        seconds_indexing=time.perf_counter() - vectors_done,
    )


def store(
    library: Library,
    results: Iterable[tuple[SourceDocument, Sequence[Passage]]],
    *,
    collection: str = "",
    progress: Steps | None = None,
    commits: Commits = COMMITS,
) -> Iterator[Put]:
    """Store documents in batches, yielding what each changed after the batch is committed."""
    waiting = iter(results)
    done = 0
    while batch := list(islice(waiting, commits.documents)):
        yield from library.put(batch, collection=collection)
        done += len(batch)
        if progress:
            progress("storing", done, 0)


def encode_pending(
    library: Library, embedder: Embedder, *, progress: Steps | None = None, commits: Commits = COMMITS
) -> tuple[int, int]:
    """Encode every text without a vector of this model; returns how many were encoded and left out."""
    report = progress or _silent
    pending = library.vectors.pending(embedder.model_id)
    # Longest first over the whole collection: batches of like lengths, and the slowest are out of the way
    # early.
    pending.sort(key=lambda text: (-len(text.text), text.sha256))
    encoded = left_out = 0
    if pending:
        # The libraries of the caches take half a second to import; that can happen beside the encoding.
        threading.Thread(target=_warm_up, name="index-imports", daemon=True).start()
    for start in range(0, len(pending), commits.texts):
        some = pending[start : start + commits.texts]

        def step(done: int, total: int, start: int = start, count: int = len(some)) -> None:
            report("encoding", start + done * count // max(total, 1), len(pending))

        vectors = _encode(embedder, some, step)
        library.vectors.put(embedder.model_id, vectors)
        left_out += sum(not parts for _, parts in vectors)
        encoded += sum(bool(parts) for _, parts in vectors)
        report("encoding", start + len(some), len(pending))
    return encoded, left_out


def refresh_caches(
    library: Library, embedder: Embedder, *, weighting: Weighting = DEFAULT, progress: Steps | None = None
) -> bool:
    """Build the search caches unless the live ones are sound and of this state; True if they were built."""
    live = live_version(library.folder)
    state = fingerprint(library, embedder.model_id, weighting)
    if live and live[1].fingerprint == state and not damaged_files(*live):
        return False
    if progress:
        progress("indexing", 0, 1)
    build_index(library, embedder.model_id, embedder.dimensions, weighting)
    if progress:
        progress("indexing", 1, 1)
    return True


def _encode(
    embedder: Embedder, pending: Sequence[Pending], progress: Callable[[int, int], None]
) -> list[tuple[str, list[NDArray[np.float32]]]]:
    """Vectors of each text: one if it fits, else one a part, and none for a context that does not fit."""
    parts: list[list[str]] = []
    for text, fits in zip(pending, _fit(embedder, pending), strict=True):
        if fits:
            parts.append([text.text])
        else:
            parts.append([] if text.context_only else split_to_fit(embedder, text.text))
    vectors = iter(embedder.encode([part for own in parts for part in own], progress=progress))
    return [(text.sha256, list(islice(vectors, len(own)))) for text, own in zip(pending, parts, strict=True)]


def _fit(embedder: Embedder, pending: Sequence[Pending]) -> list[bool]:
    # A word piece has at least one character, so a text of few characters fits without being counted.
    unsure = [row for row, text in enumerate(pending) if len(text.text) > embedder.max_tokens]
    counts = embedder.token_counts([pending[row].text for row in unsure])
    fits = [True] * len(pending)
    for row, count in zip(unsure, counts, strict=True):
        fits[row] = count <= embedder.max_tokens
    return fits


def _warm_up() -> None:
    import_module("chromadb")
    import_module("bm25s")


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total
