"""The index as others use it: always able to answer, from sound caches or else by exact search."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError, NotReadyError
from assistant.index.build import DEFAULT, fingerprint, from_library, open_version, write_version
from assistant.index.entries import EntryKind
from assistant.index.keywords import Weighting
from assistant.index.library import Library
from assistant.index.search import ANY, Hit, Searcher
from assistant.index.table import Scope

__all__ = ["Hit", "Index", "Scope", "open_index"]

Rebuild = Literal["now", "background", "never"]


class Index:
    """Finds passages of one library by vectors of one model and by keywords. Safe in several threads."""

    def __init__(
        self, library: Library, model_id: str, dimensions: int, *, weighting: Weighting = DEFAULT
    ) -> None:
        self._library = library
        self._model_id = model_id
        self._dimensions = dimensions
        self._weighting = weighting
        self._searcher: Searcher | None = None
        self._sound = False
        self._faults: tuple[str, ...] = ()
        self._swap = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def size(self) -> int:
        """How many passages can be found."""
        return len(self._ready.table.ids)

    @property
    def spoken(self) -> frozenset[str]:
        """Ids of the passages that are turns of a transcript."""
        return self._ready.table.spoken

    @property
    def fingerprint(self) -> str:
        """What decides the results: corpus, model, chunker, weighting. The same after every rebuild."""
        return self._ready.fingerprint

    @property
    def degraded(self) -> bool:
        """True while the caches are missing or damaged and exact search answers from memory."""
        return not self._sound

    @property
    def faults(self) -> tuple[str, ...]:
        """What was wrong with the caches when they were last opened; empty if nothing was."""
        return self._faults

    def vector_hits(
        self,
        vector: NDArray[np.float32],
        *,
        kinds: Sequence[EntryKind | str] = tuple(EntryKind),
        k: int,
        scope: Scope | None = None,
    ) -> list[Hit]:
        """The `k` passages nearest to a unit vector: cosine of their best entry of these kinds, best first.

        Scores are rounded to 6 decimals and ties ordered by id, so that every process gives the same list.
        """
        chosen = [EntryKind(kind) for kind in kinds]
        return self._ready.vector_hits(vector, kinds=chosen, k=k, scope=scope or ANY)

    def keyword_hits(
        self, text: str, *, field: str = "text", k: int, scope: Scope | None = None
    ) -> list[Hit]:
        """The `k` best passages by BM25 in `field`: `text`, or `aid` for the same with everyday questions."""
        return self._ready.keyword_hits(text, field=field, k=k, scope=scope or ANY)

    def vectors_of(
        self, passage_ids: Sequence[str], kind: EntryKind | str = EntryKind.TEXT
    ) -> dict[str, NDArray[np.float32]]:
        """The first vector of that kind for each passage that has one."""
        return self._ready.vectors_of(passage_ids, EntryKind(kind))

    def vectors_by_passage(
        self, passage_ids: Collection[str], kind: EntryKind | str
    ) -> dict[str, NDArray[np.float32]]:
        """Every vector of that kind, a unit row each, of each of these passages that has any; by its id."""
        return self._ready.vectors_by_passage(passage_ids, EntryKind(kind))

    def refresh(self, *, rebuild: Rebuild = "now") -> None:
        """Open the live caches again if they are stale or unsound; mend them as `rebuild` says."""
        state = fingerprint(self._library, self._model_id, self._weighting)
        if self._sound and self._searcher is not None and self._searcher.fingerprint == state:
            return
        self._join()
        if self._adopt():
            return
        if rebuild == "now" and self._library.writable:
            self._rebuild(self._from_memory())
        else:
            self._take(self._from_memory(), sound=False)
            if rebuild == "background" and self._library.writable:
                self._thread = threading.Thread(target=self._mend, name="index-rebuild", daemon=True)
                self._thread.start()

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Wait for a rebuild in the background; True if none is running any more."""
        if self._thread is not None:
            self._thread.join(timeout_seconds)
        return self._thread is None or not self._thread.is_alive()

    def close(self) -> None:
        """Wait for a running rebuild and let go of all files. Doing it twice does no harm."""
        self._join()
        searcher, self._searcher = self._searcher, None
        if searcher is not None and searcher.candidates is not None:
            searcher.candidates.close()

    @property
    def _ready(self) -> Searcher:
        searcher = self._searcher
        if searcher is None:
            raise NotReadyError("The index is closed.")
        return searcher

    def _from_memory(self) -> Searcher:
        return from_library(self._library, self._model_id, self._dimensions, self._weighting)

    def _adopt(self) -> bool:
        """Take the live version if it is sound."""
        if self._searcher is not None and self._searcher.candidates is not None:
            self._take(self._from_memory(), sound=False)
        searcher, faults = open_version(self._library, self._model_id, self._weighting)
        self._faults = faults
        if searcher is None:
            return False
        self._take(searcher, sound=True)
        return True

    def _rebuild(self, searcher: Searcher) -> None:
        faults = self._faults
        write_version(self._library, searcher, self._model_id, self._weighting)
        if not self._adopt():
            self._take(searcher, sound=False)
        self._faults = faults or self._faults

    def _mend(self) -> None:
        try:
            self._rebuild(self._ready)
        except AssistantError as error:
            # The answers still come from memory; the doctor says what is wrong.
            self._faults = (*self._faults, error.sentence)

    def _take(self, searcher: Searcher, *, sound: bool) -> None:
        with self._swap:
            before, self._searcher, self._sound = self._searcher, searcher, sound
        if before is not None and before.candidates is not None and before is not searcher:
            before.candidates.close()

    def _join(self) -> None:
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
            self._thread = None


def open_index(
    library: Library,
    *,
    model_id: str,
    dimensions: int,
    weighting: Weighting = DEFAULT,
    rebuild: Rebuild = "now",
) -> Index:
    """The index of a library, able to answer at once.

    Missing, stale or damaged caches are answered for by exact search in memory; `rebuild` says when they are
    built again: `now` before returning, in the `background`, or `never`. Only the owner of the data folder
    rebuilds. Raises NotReadyError if there is nothing to search, or if the library was embedded by another
    model only.
    """
    if not library.count():
        raise NotReadyError("Nothing has been read in yet.", hint="Run `assistant ingest` first.")
    embedded = library.vectors.counts()
    if embedded and model_id not in embedded:
        raise NotReadyError(
            f"The library was embedded by {', '.join(sorted(embedded))}, not by {model_id}.",
            hint="Run `assistant ingest` again, or go back to the model that was used.",
        )
    index = Index(library, model_id, dimensions, weighting=weighting)
    index.refresh(rebuild=rebuild)
    return index
