"""How near a question lies to something the evidence does not cover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain.framework import Boundary

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Crossing:
    """The nearest boundary of one kind and how alike its nearest example is (cosine, at most 1)."""

    boundary: Boundary
    likeness: float


class Boundaries:
    """Example questions of all boundaries as vectors."""

    def __init__(self, boundaries: Sequence[Boundary], embed: Callable[[Sequence[str]], Vectors]) -> None:
        self._owners = [b for b in boundaries for _ in b.asked_as]
        texts = [text for b in boundaries for text in b.asked_as]
        self._vectors = embed(texts) if texts else None

    def nearest(self, vector: Vectors) -> Crossing | None:
        """The nearest boundary, or None if there are none; its likeness is that of its nearest example.

        Which one is nearest is settled by its two best examples, since a single one may match by chance.
        Ties go to the first in the file.
        """
        if self._vectors is None:
            return None
        likeness = np.round((self._vectors @ vector).astype(np.float64), 6)
        best: dict[str, list[float]] = {}
        for owner, value in zip(self._owners, likeness.tolist(), strict=True):
            best.setdefault(owner.id, []).append(value)
        by_id = {owner.id: owner for owner in self._owners}
        top = {name: sorted(values, reverse=True)[:2] for name, values in best.items()}
        name = max(top, key=lambda i: sum(top[i]) / len(top[i]))
        return Crossing(by_id[name], top[name][0])
