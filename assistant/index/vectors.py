"""Candidates from Chroma, embedded and on disk. The only room of Chroma.

A collection for each kind of entry, built once in a fresh folder and never changed. Chroma proposes rows;
their scores are computed elsewhere from the exact vectors. Opening a Chroma folder alters its files and two
processes on one folder can tear it, so it is opened only as a private copy by the process that owns the data
folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Measured at 50,000 vectors: with 16 links a build width of 64 finds as much as one of 100, sooner; a search
# width of 4,000 finds 99.9 % of the true nearest 100 in 13 ms, one of 1,000 found 95.5 %.
_LINKS = 16
_BUILD_WIDTH = 64
_SEARCH_WIDTH = 4_000
_BATCH = 5_000


def build_chroma(
    folder: Path, vectors: NDArray[np.float32], rows_by_kind: Mapping[str, NDArray[np.int64]]
) -> None:
    """Write one collection a kind that has rows; ids are row numbers. One thread: equal in, equal out."""
    client = _client(folder)
    try:
        for kind, rows in rows_by_kind.items():
            if len(rows):
                _fill(client, kind, vectors, rows)
    finally:
        client.close()


def _fill(client: Any, kind: str, vectors: NDArray[np.float32], rows: NDArray[np.int64]) -> None:
    # The graph reaches the disk only at the threshold, so the threshold is the number of rows.
    size = max(len(rows), 2)
    collection = client.create_collection(
        _name(kind),
        configuration={
            "hnsw": {
                "space": "cosine",
                "max_neighbors": _LINKS,
                "ef_construction": _BUILD_WIDTH,
                "ef_search": _SEARCH_WIDTH,
                "num_threads": 1,
                "batch_size": min(size, _BATCH),
                "sync_threshold": size,
            }
        },
        embedding_function=None,
    )
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        collection.add(ids=[str(row) for row in some], embeddings=vectors[some])


class ChromaCandidates:
    """An open private copy of the Chroma folder of one index version.

    `rows` says for each row number that Chroma knows which row it is in this version (-1: gone). Rows of this
    version that Chroma does not know are searched exactly.
    """

    def __init__(
        self,
        folder: Path,
        copy: Path,
        *,
        rows: NDArray[np.int64],
        vectors: NDArray[np.float32],
        rows_by_kind: Mapping[str, NDArray[np.int64]],
    ) -> None:
        self._rows = rows
        self._gone = int((rows < 0).sum())
        self._new = {
            kind: (new, np.ascontiguousarray(vectors[new]))
            for kind, own in rows_by_kind.items()
            if len(new := np.setdiff1d(own, rows))
        }
        self._copy = copy
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy, copy_function=_link_graph)
        self._client = _client(copy)
        names = {collection.name for collection in self._client.list_collections()}
        self._collections = {
            name: self._client.get_collection(name, embedding_function=None) for name in names
        }

    def counts(self) -> dict[str, int]:
        """Rows in each collection, by kind."""
        return {name.removeprefix("entries-"): c.count() for name, c in self._collections.items()}

    def nearest(self, kind: str, query: NDArray[np.float32], n: int) -> NDArray[np.int64]:
        """About the `n` nearest rows of a kind, or somewhat more; empty if the kind has none."""
        known = self._known(kind, query, n)
        if kind not in self._new:
            return known
        new, vectors = self._new[kind]
        near = np.argsort(-(vectors @ query), kind="stable")[:n]
        return np.concatenate([known, new[near]])

    def _known(self, kind: str, query: NDArray[np.float32], n: int) -> NDArray[np.int64]:
        collection = self._collections.get(_name(kind))
        if collection is None:
            return np.empty(0, dtype=np.int64)
        wanted = min(n + self._gone, collection.count())
        found = collection.query(query_embeddings=query[np.newaxis, :], n_results=wanted, include=[])
        rows = self._rows[np.array([int(row) for row in found["ids"][0]], dtype=np.int64)]
        kept: NDArray[np.int64] = rows[rows >= 0]
        return kept

    def close(self) -> None:
        """Let go of the files and delete the copy."""
        self._collections = {}
        self._client.close()
        shutil.rmtree(self._copy, ignore_errors=True)


def _name(kind: str) -> str:
    return f"entries-{kind}"


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def copy_linked(folder: Path, target: Path) -> None:
    """Give a Chroma folder that nobody opens a second name, without copying where the disk allows."""
    shutil.copytree(folder, target, copy_function=_link)


def _link_graph(source: str, target: str) -> str:
    # Chroma rewrites its SQLite file on opening but only reads the graph, which may be large.
    return _link(source, target) if source.endswith(".bin") else shutil.copy2(source, target)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        return shutil.copy2(source, target)
    return target
