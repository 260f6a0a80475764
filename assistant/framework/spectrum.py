"""Says where a described relationship lies on the two axes: formal or informal, started inside or outside.

Learnt from descriptions of relationships, the coded findings and the places of mechanisms. A judgement with a
confidence, to be shown as such; it does not say which place would be better.
"""

from __future__ import annotations

import numpy as np

from assistant.domain.advice import Place
from assistant.domain.framework import Catalogue, Quadrant
from assistant.framework.likeness import Encode, Likeness
from assistant.framework.segments import sentences
from assistant.framework.weights import SPECTRUM, SpectrumWeights
from assistant.framework.wordings import Wordings

_FORMALITY = {"formal": 1.0, "informal": -1.0}
_ORIGIN = {"external": 1.0, "internal": -1.0}
_STRETCH = 1.5


def taught_places(catalogue: Catalogue, wordings: Wordings) -> list[tuple[str, tuple[float, float]]]:
    """Every text that teaches, with its formality and origin from -1 to 1; 0 where it is both or not said."""
    framework = catalogue.framework
    quadrants = {quadrant.id: quadrant for quadrant in framework.quadrants} if framework else {}
    taught = [
        (text, _mark(quadrants[key].formality, quadrants[key].origin))
        for key, texts in wordings.relationships.items()
        for text in texts
    ]
    for quadrant in quadrants.values():
        mark = _mark(quadrant.formality, quadrant.origin)
        taught += [(quadrant.definition, mark), (quadrant.example, mark)]
    for finding in catalogue.findings.values():
        if finding.relationship:
            taught.append(
                (finding.statement, _mark(finding.relationship.formality, finding.relationship.origin))
            )
    for mechanism in catalogue.mechanisms.values():
        lies = mechanism.spectrum
        mark = (_STRETCH * (lies.formality - 0.5), _STRETCH * (lies.origin - 0.5))
        taught += [(text, mark) for text in mechanism.situations]
    return taught


class SpectrumReader:
    """Places relationships. The same words give the same place."""

    def __init__(
        self, catalogue: Catalogue, wordings: Wordings, encode: Encode, *, weights: SpectrumWeights = SPECTRUM
    ) -> None:
        self._weights = weights
        self._framework = catalogue.framework
        taught = taught_places(catalogue, wordings) if catalogue.framework else []
        marks = np.array([mark for _, mark in taught])
        self._likeness = (
            Likeness([text for text, _ in taught], marks, encode, shares=weights.shares, ridge=weights.ridge)
            if taught
            else None
        )

    def place(self, text: str) -> Place | None:
        """Where the relationship lies that a text describes; None if its words do not say."""
        pieces = sentences(text)
        if not pieces or self._likeness is None:
            return None
        marks = self._likeness.marks([text, *(piece.text for piece in pieces)])
        formality, origin = (float(mark) / self._weights.full for mark in marks[0])
        confidence = min(1.0, max(abs(formality), abs(origin)))
        if confidence < self._weights.least:
            return None
        telling = int(np.argmax(np.abs(marks[1:]).sum(axis=1)))
        where = (_from_mark(formality), _from_mark(origin))
        return Place(
            formality=where[0],
            origin=where[1],
            quadrant=self._quadrant(*where).id,
            because=(pieces[telling].text,),
            confidence=round(confidence, 3),
        )

    def _quadrant(self, formality: float, origin: float) -> Quadrant:
        if self._framework is None:
            raise ValueError("a place needs a framework")
        cut = self._framework.quadrant_cut
        names = ("formal" if formality >= cut else "informal", "external" if origin >= cut else "internal")
        return next(q for q in self._framework.quadrants if (q.formality, q.origin) == names)


def _mark(formality: str | None, origin: str | None) -> tuple[float, float]:
    return _FORMALITY.get(formality or "", 0.0), _ORIGIN.get(origin or "", 0.0)


def _from_mark(mark: float) -> float:
    return round(min(1.0, max(0.0, 0.5 + mark / 2)), 3)
