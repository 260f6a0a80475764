"""Reads from words which factors are spoken of, how much of each is there, and in which words.

    reader = ConditionReader(catalogue, wordings, encode)
    reader.read(text) -> Profile

A factor that the words do not bear on is left out, never guessed. No language model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.domain.advice import ConditionReading, Profile
from assistant.domain.documents import Span
from assistant.domain.framework import Catalogue, FactorLevel
from assistant.framework.cues import Cues, Hit, hedged
from assistant.framework.likeness import Encode, Likeness, Matrix
from assistant.framework.segments import Segment, plain, segments, sentences
from assistant.framework.weights import READING, ReadingWeights
from assistant.framework.wordings import Wordings

VALUE = {FactorLevel.LOW: -1.0, FactorLevel.MID: 0.0, FactorLevel.HIGH: 1.0}
CAPACITY = frozenset({"absorptive-capacity", "internal-knowledge-routines"})
"""What each partner brings; where partners differ, advice is fitted to the weaker."""

_OURS = re.compile(r"\b(?:we|we're|we've|we'll|our|ours|us|i|my)\b")
_THEIRS = re.compile(
    r"\b(?:they|they're|they've|their|theirs|them|the other|the others|he|she|it has|partner)\b"
)
_ASKING = re.compile(
    r"^(?:and |but |so |or )?"
    r"(?:what|how|who|which|where|when|should|shall|is|are|do|does|can|could|would|any)\b[^.]*\?$"
)
"""A question asks for advice; by itself it does not say how things stand. Patterns may still settle it."""
_CLEAR = 0.5
_MOST_QUOTES = 3


@dataclass(frozen=True, slots=True)
class _Vote:
    value: float
    weight: float
    segment: Segment
    settled: bool
    """True if a pattern of words settled it."""


def examples(catalogue: Catalogue, wordings: Wordings) -> list[tuple[str, str, FactorLevel]]:
    """Every remark that teaches the reader: text, factor and level, in the order of the framework."""
    found: list[tuple[str, str, FactorLevel]] = []
    for factor in catalogue.framework.factors if catalogue.framework else ():
        for level in FactorLevel:
            remarks = (
                *factor.phrases.get(level, ()),
                *wordings.remarks.get(factor.id, {}).get(level, ()),
                *(question.answers[level] for question in factor.questions if level in question.answers),
            )
            found.extend((remark, factor.id, level) for remark in remarks)
    return found


class ConditionReader:
    """Turns words into a profile. The same words give the same profile."""

    def __init__(
        self, catalogue: Catalogue, wordings: Wordings, encode: Encode, *, weights: ReadingWeights = READING
    ) -> None:
        self._weights = weights
        self._factors = [factor.id for factor in catalogue.framework.factors] if catalogue.framework else []
        self._cues = Cues(wordings.patterns)
        taught = examples(catalogue, wordings)
        marks = np.zeros((len(taught), 2 * len(self._factors)))
        for row, (_, factor, level) in enumerate(taught):
            column = self._factors.index(factor)
            marks[row, column] = 1.0
            marks[row, column + len(self._factors)] = VALUE[level]
        texts = [text for text, _, _ in taught]
        self._likeness = (
            Likeness(texts, marks, encode, shares=weights.shares, ridge=weights.ridge) if taught else None
        )

    def read(self, text: str, *, clauses: bool = True) -> Profile:
        """What the words say of each factor they speak of; without `clauses`, sentence by sentence only."""
        pieces = segments(text) if clauses else sentences(text)
        if not pieces or self._likeness is None:
            return Profile()
        marks = self._likeness.marks([piece.text for piece in pieces])
        marks[[row for row, piece in enumerate(pieces) if _ASKING.search(plain(piece.text))]] = 0.0
        hits = self._cues.hits(text)
        readings = {}
        for column, factor in enumerate(self._factors):
            own = [hit for hit in hits if hit.factor == factor]
            presence = marks[:, column]
            level = marks[:, column + len(self._factors)]
            reading = self._reading(factor, pieces, presence, level, own)
            if reading:
                readings[factor] = reading
        return Profile(readings)

    def _reading(
        self, factor: str, pieces: Sequence[Segment], presence: Matrix, level: Matrix, hits: Sequence[Hit]
    ) -> ConditionReading | None:
        weights = self._weights
        total = float(presence.max()) + weights.pattern_presence * min(len(hits), 2)
        if total < weights.present:
            return None
        votes = self._votes(pieces, presence, level, hits)
        note = ""
        if factor in CAPACITY and _sides_differ(votes):
            votes = [vote for vote in votes if vote.value < 0]
            note = "The two sides differ here, so the advice is fitted to the weaker one."
        value = sum(vote.value * vote.weight for vote in votes) / sum(vote.weight for vote in votes)
        value = round(max(-1.0, min(1.0, value)), 3)
        quoted = _quotes(votes)
        confidence = min(1.0, total / weights.sure)
        if any(hedged(segment.text) for segment in quoted):
            confidence *= weights.hedge
        return ConditionReading(
            factor=factor,
            state=self._state(value, settled=bool(hits)),
            because=tuple(segment.text for segment in quoted),
            confidence=round(confidence, 3),
            value=value,
            spans=tuple(segment.span for segment in quoted),
            note=note,
        )

    def _state(self, value: float, *, settled: bool) -> FactorLevel:
        middle = self._weights.middle if settled else self._weights.unsettled
        if value > middle:
            return FactorLevel.HIGH
        return FactorLevel.LOW if value < -middle else FactorLevel.MID

    def _votes(
        self, pieces: Sequence[Segment], presence: Matrix, level: Matrix, hits: Sequence[Hit]
    ) -> list[_Vote]:
        best = float(presence.max())
        votes = [
            _Vote(float(level[row]) / float(presence[row]), float(presence[row]), piece, settled=False)
            for row, piece in enumerate(pieces)
            if presence[row] > 0 and presence[row] >= self._weights.nearby * best
        ]
        for hit in hits:
            piece = _smallest_around(hit.span, pieces)
            votes.append(_Vote(VALUE[hit.level], self._weights.pattern_level, piece, settled=True))
        return votes


def _smallest_around(span: Span, pieces: Sequence[Segment]) -> Segment:
    """The shortest piece that holds a span, or that overlaps it where none holds it."""
    holding = [p for p in pieces if p.span.start <= span.start and span.end <= p.span.end]
    touching = [p for p in pieces if p.span.start < span.end and span.start < p.span.end]
    return min(holding or touching or pieces, key=lambda piece: (len(piece.text), piece.span.start))


def _sides_differ(votes: Sequence[_Vote]) -> bool:
    """True if one side is clearly weak and the other clearly strong, each said of somebody else."""
    weak = {_voice(vote.segment.text) for vote in votes if vote.value <= -_CLEAR} - {""}
    strong = {_voice(vote.segment.text) for vote in votes if vote.value >= _CLEAR} - {""}
    return bool(weak and strong and weak.isdisjoint(strong))


def _voice(text: str) -> str:
    flat = plain(text)
    ours, theirs = _OURS.search(flat), _THEIRS.search(flat)
    if ours and theirs:
        return "ours" if ours.start() < theirs.start() else "theirs"
    return "ours" if ours else "theirs" if theirs else ""


def _quotes(votes: Sequence[_Vote]) -> list[Segment]:
    """The pieces that speak most clearly, in the order of the text, none inside another."""
    kept: list[Segment] = []
    for vote in sorted(
        votes, key=lambda v: (not v.settled, -v.weight, len(v.segment.text), v.segment.span.start)
    ):
        span = vote.segment.span
        inside = any(k.span.start < span.end and span.start < k.span.end for k in kept)
        if not inside and len(kept) < _MOST_QUOTES:
            kept.append(vote.segment)
    return sorted(kept, key=lambda segment: segment.span.start)
