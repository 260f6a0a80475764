"""Profiles from answers, corrections, several partners; and what differs between two. No reading of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.advice import ConditionReading, Profile, Source
from assistant.domain.framework import FactorLevel, Framework
from assistant.errors import InputError
from assistant.framework.conditions import CAPACITY, VALUE

_THIRD = 1 / 3
LEAST_FOR_TWO = 2
"""Questions on a factor that each of two partners must answer before it is compared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A factor that two profiles read at different levels; None where one of them knows nothing."""

    factor: str
    first: FactorLevel | None
    second: FactorLevel | None


def profile_from_answers(answers: Mapping[str, FactorLevel | str], framework: Framework) -> Profile:
    """The profile of a guided diagnosis: question id to the level answered; questions left out are skipped.

    Several answers on one factor are averaged. Raises InputError for an unknown question or level.
    """
    left = dict(answers)
    readings: dict[str, ConditionReading] = {}
    for factor in framework.factors:
        given = [(q, _level(left.pop(q.id))) for q in factor.questions if q.id in left]
        if given:
            value = sum(VALUE[level] for _, level in given) / len(given)
            readings[factor.id] = ConditionReading(
                factor=factor.id,
                state=_nearest(value),
                because=tuple(question.answers[level] for question, level in given),
                confidence=1.0,
                value=round(value, 3),
                source=Source.ANSWER,
            )
    if left:
        raise InputError(
            f"There is no question called '{next(iter(left))}'.", hint="Use an id of the diagnosis."
        )
    return Profile(readings)


def levels_for_two(answers: Mapping[str, FactorLevel | str], framework: Framework) -> dict[str, FactorLevel]:
    """What may be compared between two partners: the level of each factor with two answers or more.

    The level of a factor with one answer is that answer: "the same" would then tell the partner what was
    answered. From two answers on, every level can come about by different answers to each question.
    Raises InputError for an unknown question or level.
    """
    readings = profile_from_answers(answers, framework).readings
    counts = {f.id: sum(question.id in answers for question in f.questions) for f in framework.factors}
    return {key: reading.state for key, reading in readings.items() if counts[key] >= LEAST_FOR_TWO}


def corrected(profile: Profile, factor_id: str, level: FactorLevel, framework: Framework) -> Profile:
    """The profile with one reading put right by the reader. Raises InputError for an unknown factor."""
    if factor_id not in {factor.id for factor in framework.factors}:
        raise InputError(f"There is no factor called '{factor_id}'.", hint="Use an id of the framework.")
    reading = ConditionReading(
        factor=factor_id,
        state=level,
        because=("You said so.",),
        confidence=1.0,
        value=VALUE[level],
        source=Source.CORRECTION,
    )
    return profile.with_reading(reading)


def put_right(
    profile: Profile, corrections: Mapping[str, FactorLevel | None], framework: Framework
) -> Profile:
    """The profile with several readings put right; None makes a factor unknown. Raises InputError."""
    for factor_id, level in corrections.items():
        right = corrected(profile, factor_id, level or FactorLevel.MID, framework)
        profile = right if level else right.without(factor_id)
    return profile


def joined(words: Profile, answers: Profile) -> Profile:
    """Both profiles as one; where both know a factor, the answer outranks the words."""
    return Profile({**words.readings, **answers.readings})


def weakest(profiles: Sequence[Profile]) -> Profile:
    """One profile for several partners: what each brings at its lowest, all else as most of them read it."""
    factors = dict.fromkeys(factor for profile in profiles for factor in profile.readings)
    readings: dict[str, ConditionReading] = {}
    for factor in factors:
        known = [profile.readings[factor] for profile in profiles if factor in profile.readings]
        order = sorted(known, key=lambda reading: reading.value)
        readings[factor] = order[0] if factor in CAPACITY else order[(len(order) - 1) // 2]
    return Profile(readings)


def differences(first: Profile, second: Profile) -> tuple[Difference, ...]:
    """The factors on which two profiles do not agree, in order of id; agreement is left out."""
    factors = sorted({*first.readings, *second.readings})
    found = (Difference(factor, first.state(factor), second.state(factor)) for factor in factors)
    return tuple(difference for difference in found if difference.first != difference.second)


def _nearest(value: float) -> FactorLevel:
    if value > _THIRD:
        return FactorLevel.HIGH
    return FactorLevel.LOW if value < -_THIRD else FactorLevel.MID


def _level(answer: FactorLevel | str) -> FactorLevel:
    try:
        return FactorLevel(answer)
    except ValueError:
        raise InputError(f"'{answer}' is not an answer.", hint="Answer low, mid or high.") from None
