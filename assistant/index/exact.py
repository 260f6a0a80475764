"""Exact search over all vectors with numpy: the judge of every score, and the fallback that needs no index.

Scores are computed in double precision row by row, so they do not depend on what else is scored beside them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DECIMALS = 6
_SPARE = 64


def similarities(
    vectors: NDArray[np.float32], rows: NDArray[np.int64], query: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Cosine of `query` with each of `rows`, rounded to 6 decimals; all vectors are of unit length."""
    chosen = vectors[rows].astype(np.float64)
    products = (chosen * query.astype(np.float64)).sum(axis=1)
    rounded: NDArray[np.float64] = np.round(products, DECIMALS)
    return rounded


def best_groups(
    vectors: NDArray[np.float32],
    query: NDArray[np.float32],
    groups: NDArray[np.int32],
    allowed: NDArray[np.bool_],
    k: int,
) -> NDArray[np.int64]:
    """Rows of the groups (passages) that hold the nearest allowed rows, at least the best k groups.

    `groups` says for each row which group it is of, in rising order. The product in single precision only
    chooses; spare groups cover its rounding, and `similarities` has the last word.
    """
    if not len(vectors) or not allowed.any():
        return np.empty(0, dtype=np.int64)
    rough = np.where(allowed, vectors @ query, -np.inf)
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    best = np.maximum.reduceat(rough, starts)
    wanted = min(k + _SPARE, len(best))
    chosen = np.argpartition(-best, wanted - 1)[:wanted]
    chosen = chosen[np.isfinite(best[chosen])]
    return rows_of_groups(groups, groups[starts[chosen]], allowed)


def rows_of_groups(
    groups: NDArray[np.int32], wanted: NDArray[np.int32], allowed: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """All allowed rows of the wanted groups, rising."""
    wanted = np.unique(wanted)
    first = np.searchsorted(groups, wanted, side="left")
    last = np.searchsorted(groups, wanted, side="right")
    spans = [np.arange(a, b, dtype=np.int64) for a, b in zip(first, last, strict=True)]
    rows = np.concatenate(spans) if spans else np.empty(0, dtype=np.int64)
    kept: NDArray[np.int64] = rows[allowed[rows]]
    return kept
