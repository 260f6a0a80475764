"""Which mechanisms a described situation points to, by the situations that researchers wrote for each.

Used to rank evidence only. A situation is never shown or cited; recommending is the framework's work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from assistant.domain.framework import Mechanism
from assistant.retrieval.boundaries import Vectors

_OURS = re.compile(r"\b(?:we|our|us|my|i)\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?]+(?:\s|$)")
_WANTS = re.compile(
    r"\bworth\b|\bshould\b|\bhow (?:do|can)\b|\bwhat (?:should|can|would)\b|\bgood (?:move|idea)\b"
    r"|\bany (?:advice|use)\b|\bwould (?:i|we)\b",
    re.IGNORECASE,
)
_SHARPNESS = 0.03


def describes_situation(text: str) -> bool:
    """True if `text` tells of the asker's own situation in a sentence or more and then asks what to do."""
    return len(_ENDS.findall(text)) >= 2 and bool(_OURS.search(text)) and bool(_WANTS.search(text))


class Situations:
    """The written situations of every mechanism as vectors."""

    def __init__(
        self, mechanisms: Mapping[str, Mechanism], embed: Callable[[Sequence[str]], Vectors]
    ) -> None:
        self._ids = sorted(mechanisms)
        texts = [(n, t) for n, i in enumerate(self._ids) for t in _texts(mechanisms[i])]
        self._owner = np.array([n for n, _ in texts], dtype=np.int64)
        self._vectors = embed([t for _, t in texts]) if texts else None

    def pointing(self, vector: Vectors) -> dict[str, float]:
        """The share of each mechanism (summing to 1) by its nearest situation; empty if none were written."""
        if self._vectors is None:
            return {}
        likeness = self._vectors @ vector
        nearest = np.full(len(self._ids), -1.0)
        np.maximum.at(nearest, self._owner, likeness)
        share = np.exp((nearest - nearest.max()) / _SHARPNESS)
        return dict(zip(self._ids, (share / share.sum()).tolist(), strict=True))


def _texts(mechanism: Mechanism) -> tuple[str, ...]:
    # A case in which it is the wrong choice is still a case about that mechanism.
    return (*mechanism.situations, *mechanism.not_here)
