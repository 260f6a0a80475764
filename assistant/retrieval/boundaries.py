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
        """The nearest boundary of all, or None if there are none. Ties go to the first in the file."""
        if self._vectors is None:
            return None
        likeness = self._vectors @ vector
        best = int(np.argmax(np.round(likeness, 6)))
        return Crossing(self._owners[best], float(likeness[best]))
