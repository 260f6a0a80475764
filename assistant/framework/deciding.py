"""Finds the questions whose answers would change the advice most, by trying every answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.domain.advice import ConditionReading, DecidingQuestion, Profile, Source
from assistant.domain.framework import Factor, FactorLevel, Framework, Question
from assistant.framework.conditions import VALUE

Rank = Callable[[Profile], Sequence[str]]
"""Mechanism ids for a profile, best first."""

_TOP = 3
_SETTLED = 0.7
"""A reading this sure is not asked about again."""


def deciding_questions(
    profile: Profile, framework: Framework, rank: Rank, *, most: int = 5
) -> tuple[DecidingQuestion, ...]:
    """The questions on open factors whose answers change the first three most; one a factor at most.

    A factor is open if nothing is known of it, or what was read is unsure or lies in the middle.
    Questions that would change nothing are left out.
    """
    now = list(rank(profile))[:_TOP]
    tried = [
        _try(question, factor, profile, rank, now)
        for factor in framework.factors
        if _open(profile, factor.id)
        for question in factor.questions[:1]
    ]
    telling = [question for question in tried if question.changes > 0]
    return tuple(sorted(telling, key=lambda q: (-q.changes, q.question.id))[:most])


def _open(profile: Profile, factor_id: str) -> bool:
    reading = profile.readings.get(factor_id)
    if reading is None:
        return True
    if reading.source != Source.WORDS:
        return False
    return reading.confidence < _SETTLED or reading.state == FactorLevel.MID


def _try(
    question: Question, factor: Factor, profile: Profile, rank: Rank, now: Sequence[str]
) -> DecidingQuestion:
    changed, leads, shows = 0, {}, {}
    for level in question.answers:
        answer = ConditionReading(
            factor=factor.id,
            state=FactorLevel(level),
            because=(question.answers[level],),
            confidence=1.0,
            value=VALUE[FactorLevel(level)],
            source=Source.ANSWER,
        )
        then = list(rank(profile.with_reading(answer)))[:_TOP]
        changed += len(set(then) - set(now)) + (then[:1] != now[:1] and set(then) == set(now))
        leads[str(level)], shows[str(level)] = then[0] if then else "", tuple(then)
    mean = round(changed / max(len(question.answers), 1), 3)
    return DecidingQuestion(question, factor.id, mean, leads, shows)
