"""One state of the library held open for search: the same hits whether a cache or exact search answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.index.entries import EntryKind
from assistant.index.exact import DECIMALS, best_groups, rows_of_groups, similarities
from assistant.index.keywords import KeywordField
from assistant.index.table import KINDS, Scope, Table

ANY = Scope()
_CANDIDATES = 200
_MANY_SCOPES = 64


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Higher scores are better."""

    passage_id: str
    score: float


class Candidates(Protocol):
    """A cache that proposes rows near a vector."""

    def nearest(self, kind: str, query: NDArray[np.float32], n: int) -> NDArray[np.int64]:
        """About the `n` nearest rows of a kind, or somewhat more."""

    def close(self) -> None:
        """Let go of files."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """Columns, vectors and keyword fields of one state; `candidates` None means exact search."""

    fingerprint: str
    table: Table
    vectors: NDArray[np.float32]
    fields: Mapping[str, KeywordField]
    candidates: Candidates | None = None
    _masks: dict[tuple[Scope, tuple[EntryKind, ...]], NDArray[np.bool_]] = field(default_factory=dict)

    def vector_hits(
        self, query: NDArray[np.float32], *, kinds: Sequence[EntryKind], k: int, scope: Scope = ANY
    ) -> list[Hit]:
        """The `k` passages nearest to a unit vector by their best entry of these kinds; ties by id."""
        if k <= 0 or not len(self.vectors):
            return []
        query = np.ascontiguousarray(query, dtype=np.float32).reshape(-1)
        allowed = self._allowed(scope, tuple(kinds))
        rows = self._proposed(query, kinds, allowed, k)
        if rows is None:
            rows = best_groups(self.vectors, query, self.table.groups, allowed, k)
        return self._ranked(rows, similarities(self.vectors, rows, query), k)

    def keyword_hits(self, text: str, *, field: str, k: int, scope: Scope = ANY) -> list[Hit]:
        """The `k` passages that share the weightiest words with `text`, if any; ties by id."""
        if k <= 0:
            return []
        scores = np.round(self.fields[field].scores(text), DECIMALS)
        scores[~self._allowed(scope, ())] = 0.0
        rows = np.flatnonzero(scores > 0)
        if len(rows) > k:
            least = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
            rows = rows[scores[rows] >= least]
        order = rows[np.lexsort((rows, -scores[rows]))][:k]
        return [Hit(self.table.ids[row], float(scores[row])) for row in order]

    def vectors_of(self, passage_ids: Sequence[str], kind: EntryKind) -> dict[str, NDArray[np.float32]]:
        """The first vector of that kind for each passage that has one."""
        wanted = set(passage_ids)
        places = np.array([row for row, name in enumerate(self.table.ids) if name in wanted], dtype=np.int32)
        of_kind = self.table.kinds == KINDS.index(kind)
        found: dict[str, NDArray[np.float32]] = {}
        for row in rows_of_groups(self.table.groups, places, of_kind):
            found.setdefault(self.table.ids[self.table.groups[row]], np.array(self.vectors[row]))
        return found

    def vectors_by_passage(
        self, passage_ids: Collection[str], kind: EntryKind
    ) -> dict[str, NDArray[np.float32]]:
        """Every vector of that kind, one row each, of each of these passages that has any; by passage id."""
        wanted = np.array([name in passage_ids for name in self.table.ids], dtype=bool)
        rows = np.flatnonzero(wanted[self.table.groups] & (self.table.kinds == KINDS.index(kind)))
        groups = self.table.groups[rows]
        return {self.table.ids[n]: np.array(self.vectors[rows[groups == n]]) for n in np.unique(groups)}

    def _allowed(self, scope: Scope, kinds: tuple[EntryKind, ...]) -> NDArray[np.bool_]:
        """Mask of entry rows of these kinds in scope; without kinds, mask of passage rows in scope."""
        key = (scope, kinds)
        if key not in self._masks:
            if len(self._masks) >= _MANY_SCOPES:
                self._masks.clear()
            passages = self.table.allowed_passages(scope)
            codes = [KINDS.index(kind) for kind in kinds]
            self._masks[key] = (
                passages[self.table.groups] & np.isin(self.table.kinds, codes) if kinds else passages
            )
        return self._masks[key]

    def _proposed(
        self, query: NDArray[np.float32], kinds: Sequence[EntryKind], allowed: NDArray[np.bool_], k: int
    ) -> NDArray[np.int64] | None:
        """Allowed rows of passages that the cache proposes; None if exact search should answer."""
        if self.candidates is None:
            return None
        groups: list[NDArray[np.int32]] = []
        for kind in dict.fromkeys(kinds):
            of_kind = self.table.rows_of_kind(kind)
            if not len(of_kind):
                continue
            # A narrow scope would have the cache propose mostly what may not be found.
            if allowed[of_kind].mean() < 0.5:
                return None
            near = self._enough(self.candidates, kind, query, allowed, (len(of_kind), k))
            if near is None:
                return None
            groups.append(near)
        if not groups:
            return np.empty(0, dtype=np.int64)
        return rows_of_groups(self.table.groups, np.concatenate(groups), allowed)

    def _enough(
        self,
        candidates: Candidates,
        kind: EntryKind,
        query: NDArray[np.float32],
        allowed: NDArray[np.bool_],
        size_and_k: tuple[int, int],
    ) -> NDArray[np.int32] | None:
        """Passages of proposed rows of one kind, at least k; None if that takes too many proposals."""
        size, k = size_and_k
        n = max(_CANDIDATES, 4 * k)
        while n <= 16 * max(_CANDIDATES, 4 * k):
            rows = candidates.nearest(kind, query, min(n, size))
            near = np.unique(self.table.groups[rows[allowed[rows]]])
            if len(near) >= k or n >= size:
                return near
            n *= 4
        return None

    def _ranked(self, rows: NDArray[np.int64], scores: NDArray[np.float64], k: int) -> list[Hit]:
        if not len(rows):
            return []
        groups = self.table.groups[rows]
        starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
        best, passages = np.maximum.reduceat(scores, starts), groups[starts]
        order = np.lexsort((passages, -best))[:k]
        return [Hit(self.table.ids[passages[at]], float(best[at])) for at in order]
