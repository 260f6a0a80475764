"""Which way a question leans: towards what the corpus answers, or towards what lies beyond it.

Learnt from all questions that findings answer and all examples of what they do not, so it judges by the whole
of both crowds where `boundaries.py` judges by the nearest few. Decides nothing by itself; the gate does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_SHRINK = 0.1
"""How strongly the weights are held back, as a share of the mean variance of unit vectors."""
_DECIMALS = 6


class Leanings:
    """One leaning for each kind of question beyond: other subjects would blur what near misses teach."""

    def __init__(self, answered: Vectors, beyond: Mapping[str, Vectors]) -> None:
        """`beyond` holds the examples by kind, one unit row each."""
        self._by_kind = {kind: Leaning(answered, rows) for kind, rows in beyond.items()}

    def __call__(self, kind: str, vector: Vectors) -> float:
        """How a question leans as far as that kind is concerned; 0.0 for a kind that taught nothing."""
        leaning = self._by_kind.get(kind)
        return leaning(vector) if leaning is not None else 0.0


class Leaning:
    """Least squares on two crowds of equal weight, held back: about 1 among the answered, -1 beyond.

    The weights are those of regularised linear discriminant analysis (Hastie, Tibshirani and Friedman,
    The Elements of Statistical Learning, 2nd ed., section 4.3), with the classes weighted alike.
    """

    def __init__(self, answered: Vectors, beyond: Vectors) -> None:
        """`answered` and `beyond` hold one unit row for each question; either may be empty."""
        self._weights: NDArray[np.float64] | None = None
        self._shift = 0.0
        if len(answered) and len(beyond):
            self._learn(answered.astype(np.float64), beyond.astype(np.float64))

    def __call__(self, vector: Vectors) -> float:
        """How a question leans, rounded so that every process agrees; 0.0 if nothing was learnt."""
        if self._weights is None:
            return 0.0
        return round(float(vector.astype(np.float64) @ self._weights) + self._shift, _DECIMALS)

    def _learn(self, answered: NDArray[np.float64], beyond: NDArray[np.float64]) -> None:
        rows = np.vstack([answered, beyond])
        wanted = np.concatenate([np.ones(len(answered)), -np.ones(len(beyond))])
        share = np.concatenate(
            [np.full(len(answered), 0.5 / len(answered)), np.full(len(beyond), 0.5 / len(beyond))]
        )
        centre = share @ rows
        spread = rows - centre
        held = _SHRINK / rows.shape[1] * np.eye(rows.shape[1])
        self._weights = np.linalg.solve(
            (spread * share[:, None]).T @ spread + held, spread.T @ (share * wanted)
        )
        self._shift = -float(centre @ self._weights)
