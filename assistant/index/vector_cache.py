"""Vectors by content hash and model: what is still to be encoded, and what is there.

A text that does not fit the model's window has several vectors, one for each part. A text in context that
does not fit is left out on purpose and remembered as left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.index.entries import EntryKind

_PENDING = """
SELECT e.sha256 AS sha256, min(e.text) AS text, min(e.kind = 'context') AS context_only
FROM entries e LEFT JOIN vectors v ON v.sha256 = e.sha256 AND v.model_id = ?
WHERE v.sha256 IS NULL OR (length(v.vector) = 0 AND e.kind <> 'context')
GROUP BY e.sha256 ORDER BY e.sha256
"""

_STORED = """
SELECT e.passage_id AS passage_id, e.kind AS kind, v.vector AS vector
FROM entries e JOIN vectors v ON v.sha256 = e.sha256 AND v.model_id = ?
WHERE length(v.vector) > 0
ORDER BY e.passage_id, e.kind, e.ordinal, v.part
"""

_KNOWN = "SELECT DISTINCT sha256 FROM vectors WHERE model_id = ?"
_ALL = "SELECT sha256, vector FROM vectors WHERE model_id = ? ORDER BY sha256, part"


@dataclass(frozen=True, slots=True)
class Pending:
    """A text without a vector. `context_only` if it is nothing but some passage in its context."""

    sha256: str
    text: str
    context_only: bool


class _Store(Protocol):
    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]: ...

    def writing(self) -> AbstractContextManager[Any]: ...

    def count_change(self, connection: Any, counter: str) -> None: ...


class VectorCache:
    """The vectors of one library."""

    def __init__(self, store: _Store) -> None:
        self._store = store

    def pending(self, model_id: str) -> list[Pending]:
        """Texts that the model has not encoded yet, each once, sorted by content hash."""
        rows = self._store.rows(_PENDING, (model_id,))
        return [Pending(row["sha256"], row["text"], bool(row["context_only"])) for row in rows]

    def put(self, model_id: str, vectors: Iterable[tuple[str, Sequence[NDArray[np.float32]]]]) -> None:
        """Store the vectors of each content hash in one transaction; none means left out on purpose."""
        with self._store.writing() as connection:
            for sha, parts in vectors:
                blobs = [part.astype("<f4").tobytes() for part in parts] or [b""]
                connection.execute("DELETE FROM vectors WHERE sha256 = ? AND model_id = ?", (sha, model_id))
                connection.executemany(
                    "INSERT INTO vectors VALUES (?, ?, ?, ?)",
                    [(sha, model_id, place, blob) for place, blob in enumerate(blobs)],
                )
            self._store.count_change(connection, "vector_changes")

    def adopt(self, other: VectorCache, model_id: str) -> int:
        """Take over what another library has encoded by the model and this one has not; returns how many.

        A vector depends on its text and model alone, so it serves wherever the same text comes.
        """
        known = {row["sha256"] for row in self._store.rows(_KNOWN, (model_id,))}
        found: dict[str, list[NDArray[np.float32]]] = {}
        for row in other._store.rows(_ALL, (model_id,)):
            if row["sha256"] not in known:
                parts = found.setdefault(row["sha256"], [])
                if row["vector"]:
                    parts.append(np.frombuffer(row["vector"], dtype="<f4"))
        if found:
            self.put(model_id, found.items())
        return len(found)

    def stored(self, model_id: str) -> Iterator[tuple[str, EntryKind, bytes]]:
        """Passage id, kind and vector bytes (float32, little-endian), by passage id, kind and place."""
        for row in self._store.rows(_STORED, (model_id,)):
            yield row["passage_id"], EntryKind(row["kind"]), row["vector"]

    def counts(self) -> dict[str, int]:
        """How many texts each model has encoded."""
        rows = self._store.rows("SELECT model_id, count(DISTINCT sha256) AS n FROM vectors GROUP BY model_id")
        return {row["model_id"]: int(row["n"]) for row in rows}

    def drop_unused(self, *, keep_models: Iterable[str]) -> int:
        """Delete vectors of texts that are gone or of models not kept; returns how many rows."""
        kept = list(keep_models)
        marks = ",".join("?" * len(kept))
        with self._store.writing() as connection:
            gone = connection.execute(
                f"DELETE FROM vectors WHERE model_id NOT IN ({marks}) "  # noqa: S608
                "OR sha256 NOT IN (SELECT sha256 FROM entries)",
                kept,
            )
            return int(gone.rowcount)
