"""Decides whether Chroma of the version before can serve the next one, and says which row became which.

Building Chroma anew takes most of the time of an ingest that changes little. Its folder is never changed:
rows that are gone are skipped, rows that are new are searched exactly beside it, until they are too many.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.index.table import Table
from assistant.index.version import damaged_files, live_version

# Below this many rows Chroma is built in a second or two; below this share of change it is not worth it.
_ALWAYS_ANEW = 10_000
_MOST_CHANGED = 0.1


def carried_rows(
    data_folder: Path, model_id: str, table: Table, vectors: NDArray[np.float32]
) -> tuple[Path, NDArray[np.int64]] | None:
    """The Chroma folder of the live version and, for each row it knows, that row now (-1: gone).

    None if Chroma is to be built anew: few rows, much change, another model, or an unsound live version.
    """
    live = live_version(data_folder) if len(vectors) >= _ALWAYS_ANEW else None
    if live is None or live[1].model_id != model_id or damaged_files(*live):
        return None
    folder = live[0]
    before = Table.load(folder)
    old = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
    now = {key: row for row, key in enumerate(_keys(table, vectors))}
    moved = np.array([now.get(key, -1) for key in _keys(before, old)], dtype=np.int64)
    known = np.load(folder / "chroma_rows.npy", allow_pickle=False)
    rows = np.where(known >= 0, moved[known], -1)
    kept = int((rows >= 0).sum())
    if len(rows) - kept + len(vectors) - kept > _MOST_CHANGED * len(vectors):
        return None
    return folder / "chroma", rows


def _keys(table: Table, vectors: NDArray[np.float32]) -> list[tuple[str, int, bytes, int]]:
    """What makes an entry the same in two versions: passage, kind and vector (and which of equal ones)."""
    seen: dict[tuple[str, int, bytes], int] = {}
    keys = []
    for row in range(len(vectors)):
        mark = sha256(vectors[row].tobytes()).digest()
        key = (table.ids[table.groups[row]], int(table.kinds[row]), mark)
        seen[key] = seen.get(key, -1) + 1
        keys.append((*key, seen[key]))
    return keys
