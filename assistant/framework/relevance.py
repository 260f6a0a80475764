"""How much a situation is like those a mechanism is known to suit, or not. Judgement, never evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from assistant.domain.framework import Catalogue
from assistant.framework.conditions import ConditionReader
from assistant.framework.likeness import Encode, Likeness, Matrix
from assistant.framework.segments import spelt_out
from assistant.framework.weights import ADVICE, AdviceWeights
from assistant.framework.wordings import Wordings


def taught_situations(
    catalogue: Catalogue, wordings: Wordings, weights: AdviceWeights = ADVICE
) -> list[tuple[str, dict[str, float]]]:
    """Every situation that teaches, spelt out, with a mark a mechanism: 1 for best, below 0 for wrong."""
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
    return [(spelt_out(text), marks) for text, marks in taught]


class SituationReader:
    """Marks every mechanism by how well a situation resembles those it suits."""

    def __init__(
        self,
        catalogue: Catalogue,
        wordings: Wordings,
        encode: Encode,
        conditions: ConditionReader,
        *,
        weights: AdviceWeights = ADVICE,
    ) -> None:
        self._mechanisms = list(catalogue.mechanisms)
        self._factors = [factor.id for factor in catalogue.framework.factors] if catalogue.framework else []
        self._conditions = conditions
        taught = taught_situations(catalogue, wordings, weights)
        marks = np.array([[given.get(key, 0.0) for key in self._mechanisms] for _, given in taught])
        texts = [text for text, _ in taught]
        self._likeness = (
            Likeness(
                texts, marks, encode, shares=weights.shares, ridge=weights.ridge, describe=self._describe
            )
            if taught
            else None
        )

    def _describe(self, texts: Sequence[str]) -> Matrix:
        """Which conditions the texts speak of, low and high apart; few weak readings make a short row."""
        read = [self._conditions.read(text, clauses=False) for text in texts]
        pulls = np.array([[profile.pull(factor) for factor in self._factors] for profile in read])
        rows = np.hstack([np.maximum(pulls, 0), np.maximum(-pulls, 0)])
        return cast(Matrix, rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 0.5))

    def relevance(self, text: str) -> Mapping[str, float]:
        """A mark for every mechanism id; about 0 where nothing is said of it, below 0 against it."""
        if not text.strip() or self._likeness is None:
            return dict.fromkeys(self._mechanisms, 0.0)
        return dict(
            zip(self._mechanisms, map(float, self._likeness.marks([spelt_out(text)])[0]), strict=True)
        )
