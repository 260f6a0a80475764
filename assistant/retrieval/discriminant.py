"""Which finding a question is most like, judged by all lay questions at once.

Two people ask the same thing in two ways, and that difference means nothing. How questions of one finding
differ among themselves is learnt from all of them; such differences then count less. It only ranks.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.boundaries import Vectors

_SHRINK = 0.2
"""How far the learnt spread is drawn towards an even one; chosen by measurement, see DECISIONS.md."""
_DECIMALS = 6


class Discriminant:
    """Linear discriminant analysis with one class for each passage, held back towards an even spread.

    The measure is the cosine in the space in which the spread within classes is even (Friedman 1989,
    Regularized discriminant analysis, JASA 84:165-175; Belhumeur, Hespanha and Kriegman 1997, IEEE TPAMI
    19:711-720 for the cosine's space).
    """

    def __init__(self, asked: Mapping[str, Vectors]) -> None:
        """`asked` holds, for each passage id, one unit row for each question that it answers."""
        self._ids = [i for i in sorted(asked) if len(asked[i])]
        self._ready = len(self._ids) > 1
        if self._ready:
            self._learn([asked[i].astype(np.float64) for i in self._ids])

    def __call__(self, vector: Vectors) -> dict[str, float]:
        """How like the questions of each passage (-1 to 1) this one is; empty if nothing was learnt."""
        if not self._ready:
            return {}
        from_middle = vector.astype(np.float64) - self._middle
        even = self._precision @ from_middle
        length = float(np.sqrt(max(from_middle @ even, 1e-12)))
        return dict(
            zip(self._ids, np.round(self._means @ from_middle / length, _DECIMALS).tolist(), strict=True)
        )

    def _learn(self, groups: list[NDArray[np.float64]]) -> None:
        means = np.array([rows.mean(axis=0) for rows in groups])
        inside = np.vstack([rows - mean for rows, mean in zip(groups, means, strict=True)])
        spread = inside.T @ inside / len(inside)
        size = spread.shape[0]
        even = max(float(np.trace(spread)) / size, 1e-9) * np.eye(size)
        self._precision = np.linalg.inv((1 - _SHRINK) * spread + _SHRINK * even)
        self._middle = means.mean(axis=0)
        around = means - self._middle
        weighed = around @ self._precision
        length = np.sqrt(np.maximum((weighed * around).sum(axis=1), 1e-12))
        self._means = weighed / length[:, None]
