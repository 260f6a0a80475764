"""How much a situation is like those a mechanism is known to suit, or not. Judgement, never evidence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assistant.domain.framework import Catalogue
from assistant.framework.likeness import Encode, Likeness
from assistant.framework.weights import ADVICE, AdviceWeights
from assistant.framework.wordings import Wordings


def taught_situations(
    catalogue: Catalogue, wordings: Wordings, weights: AdviceWeights = ADVICE
) -> list[tuple[str, dict[str, float]]]:
    """Every situation that teaches, with a mark a mechanism: 1 for best, below 0 for wrong."""
    taught: list[tuple[str, dict[str, float]]] = []
    for mechanism in catalogue.mechanisms.values():
        taught += [(text, {mechanism.id: 1.0}) for text in mechanism.situations]
        taught += [(text, {mechanism.id: weights.not_here}) for text in mechanism.not_here]
        named = f"{mechanism.name}. {', '.join(mechanism.aka)}. {mechanism.what_it_is}"
        taught.append((named, {mechanism.id: 1.0}))
    for case in wordings.cases:
        marks = dict.fromkeys(case.wrong, weights.not_here)
        marks |= dict.fromkeys(case.also, weights.also)
        marks |= dict.fromkeys(case.best, 1.0)
        taught.append((case.text, marks))
    return taught


class SituationReader:
    """Marks every mechanism by how well a situation resembles those it suits."""

    def __init__(
        self, catalogue: Catalogue, wordings: Wordings, encode: Encode, *, weights: AdviceWeights = ADVICE
    ) -> None:
        self._mechanisms = list(catalogue.mechanisms)
        taught = taught_situations(catalogue, wordings, weights)
        marks = np.array([[given.get(key, 0.0) for key in self._mechanisms] for _, given in taught])
        self._likeness = (
            Likeness(
                [text for text, _ in taught], marks, encode, meaning=weights.meaning, ridge=weights.ridge
            )
            if taught
            else None
        )

    def relevance(self, text: str) -> Mapping[str, float]:
        """A mark for every mechanism id; about 0 where nothing is said of it, below 0 against it."""
        if not text.strip() or self._likeness is None:
            return dict.fromkeys(self._mechanisms, 0.0)
        return dict(zip(self._mechanisms, map(float, self._likeness.marks([text])[0]), strict=True))
