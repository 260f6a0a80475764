"""How near a question lies to something the evidence does not cover."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain.framework import Boundary

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A boundary, how alike its nearest example is (cosine, at most 1), and whether a cue was said."""

    boundary: Boundary
    likeness: float
    cued: bool = False


class Boundaries:
    """Example questions of all boundaries as vectors."""

    def __init__(self, boundaries: Sequence[Boundary], embed: Callable[[Sequence[str]], Vectors]) -> None:
        self._owners = [b for b in boundaries for _ in b.asked_as]
        texts = [text for b in boundaries for text in b.asked_as]
        self._vectors = embed(texts) if texts else None
        self._by_id = {b.id: b for b in boundaries}
        self._cues = {b.id: _said(b.cues) for b in boundaries if b.cues}
        self._always = [(b, _said(b.always)) for b in boundaries if b.always]

    def vectors(self, kinds: Collection[str]) -> Vectors:
        """One unit row for each example of a boundary of these kinds; no rows where there are none."""
        rows = [n for n, owner in enumerate(self._owners) if owner.kind in kinds]
        if self._vectors is None or not rows:
            return np.empty((0, 0), dtype=np.float32)
        return self._vectors[rows]

    def settled(self, text: str) -> Boundary | None:
        """The first boundary for which words are said that settle it whatever else is said."""
        return next((boundary for boundary, said in self._always if said.search(text)), None)

    def near(self, text: str, vector: Vectors) -> tuple[Crossing, ...]:
        """The boundaries whose cues are said in `text`, nearest first, then the nearest of all.

        Which one is nearest is settled by its two best examples, since a single one may match by chance.
        Ties go to the first in the file.
        """
        if self._vectors is None:
            return ()
        likeness = np.round((self._vectors @ vector).astype(np.float64), 6)
        found: dict[str, list[float]] = {}
        for owner, value in zip(self._owners, likeness.tolist(), strict=True):
            found.setdefault(owner.id, []).append(value)
        best = {name: sorted(values, reverse=True)[:2] for name, values in found.items()}
        order = sorted(best, key=lambda name: -sum(best[name]) / len(best[name]))
        cued = [name for name in order if name in self._cues and self._cues[name].search(text)]
        return (
            *(Crossing(self._by_id[name], best[name][0], cued=True) for name in cued),
            Crossing(self._by_id[order[0]], best[order[0]][0]),
        )

    def nearest_of(self, kind: str, vector: Vectors) -> Boundary | None:
        """The boundary of a kind with the example most alike; None if there is none of it."""
        if self._vectors is None:
            return None
        alike = np.round((self._vectors @ vector).astype(np.float64), 6).tolist()
        pairs = zip(alike, self._owners, strict=True)
        of_kind = [(value, owner) for value, owner in pairs if owner.kind == kind]
        return max(of_kind, key=lambda pair: pair[0])[1] if of_kind else None


def _said(cues: Sequence[str]) -> re.Pattern[str]:
    """Finds any of the words, whole, whatever their case and apostrophes, also without those."""
    words = "|".join(re.escape(cue).replace("'", "['’]?") for cue in cues)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
