"""Passages and entries of one index version as columns, so that filters are applied before ranking."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.domain.documents import BlockKind, Tier
from assistant.index.entries import EntryKind
from assistant.index.library import Library

KINDS: tuple[EntryKind, ...] = tuple(EntryKind)
_COLUMNS = "SELECT id, tier, constructed, domain, kind FROM passages ORDER BY id"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which passages may be found at all. None means any."""

    tiers: frozenset[Tier] | None = None
    constructed: bool = True
    """False leaves invented examples out."""
    domains: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by passage row (sorted by id) and by entry row (sorted by passage row, then kind)."""

    ids: tuple[str, ...]
    tiers: tuple[str, ...]
    constructed: NDArray[np.bool_]
    domains: tuple[str, ...]
    groups: NDArray[np.int32]
    """Passage row of each entry row, rising."""
    kinds: NDArray[np.int8]
    """Place of each entry's kind in KINDS."""
    spoken: frozenset[str]
    """Ids of the passages that are turns of a transcript."""

    def allowed_passages(self, scope: Scope) -> NDArray[np.bool_]:
        """For each passage row, whether `scope` lets it be found."""
        allowed = np.ones(len(self.ids), dtype=np.bool_)
        if scope.tiers is not None:
            allowed &= np.array([tier in scope.tiers for tier in self.tiers], dtype=np.bool_)
        if not scope.constructed:
            allowed &= ~self.constructed
        if scope.domains is not None:
            allowed &= np.array([domain in scope.domains for domain in self.domains], dtype=np.bool_)
        return allowed

    def rows_of_kind(self, kind: EntryKind) -> NDArray[np.int64]:
        """Entry rows of one kind, rising."""
        return np.flatnonzero(self.kinds == KINDS.index(kind))

    def save(self, folder: Path) -> None:
        """Write the columns as JSON and a NumPy array."""
        columns = {
            "ids": self.ids,
            "tiers": self.tiers,
            "constructed": self.constructed.astype(int).tolist(),
            "domains": self.domains,
            "spoken": sorted(self.spoken),
        }
        (folder / "passages.json").write_text(json.dumps(columns, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "entries.npy", np.column_stack([self.groups, self.kinds.astype(np.int32)]))

    @classmethod
    def load(cls, folder: Path) -> Table:
        """The columns that `save` wrote."""
        columns = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
        entries = np.load(folder / "entries.npy", allow_pickle=False)
        return cls(
            ids=tuple(columns["ids"]),
            tiers=tuple(columns["tiers"]),
            constructed=np.array(columns["constructed"], dtype=np.bool_),
            domains=tuple(columns["domains"]),
            groups=np.ascontiguousarray(entries[:, 0], dtype=np.int32),
            kinds=np.ascontiguousarray(entries[:, 1], dtype=np.int8),
            spoken=frozenset(columns["spoken"]),
        )


def gather(library: Library, model_id: str, dimensions: int) -> tuple[Table, NDArray[np.float32]]:
    """The columns and all vectors of one model from the library; rows without a vector are left out."""
    passages = library.rows(_COLUMNS)
    ids: Sequence[str] = [row["id"] for row in passages]
    place = {name: row for row, name in enumerate(ids)}
    groups: list[int] = []
    kinds: list[int] = []
    packed = bytearray()
    for passage_id, kind, vector in library.vectors.stored(model_id):
        if len(vector) == 4 * dimensions and passage_id in place:
            groups.append(place[passage_id])
            kinds.append(KINDS.index(kind))
            packed += vector
    table = Table(
        ids=tuple(ids),
        tiers=tuple(row["tier"] for row in passages),
        constructed=np.array([row["constructed"] for row in passages], dtype=np.bool_),
        domains=tuple(row["domain"] for row in passages),
        groups=np.array(groups, dtype=np.int32),
        kinds=np.array(kinds, dtype=np.int8),
        spoken=frozenset(row["id"] for row in passages if row["kind"] == BlockKind.TURN),
    )
    vectors = np.frombuffer(bytes(packed), dtype="<f4").astype(np.float32, copy=False)
    return table, vectors.reshape(-1, dimensions)
