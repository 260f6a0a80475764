"""What moved between two diagnoses, factor by factor, and what that changes in the advice. Stores nothing.

A factor counts as moved if its level, or how far and how surely it leans, differs; other words for the same
reading are no change. Unchanged answers give no change; one changed factor shows in that factor alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.domain.advice import Advice, ConditionMatch, MechanismCard, Profile
from assistant.domain.framework import FactorLevel, Framework
from assistant.domain.monitoring import (
    AdviceMove,
    Agreement,
    ConditionShift,
    DiagnosisChange,
    FactorChange,
    SavedDiagnosis,
)

_LEAST = 1e-9
"""Differences below this are rounding."""


def factor_changes(before: Profile, after: Profile, framework: Framework) -> tuple[FactorChange, ...]:
    """The factors that moved between two profiles, in the order of the framework."""
    return tuple(
        FactorChange(
            factor=factor.id,
            before=before.state(factor.id),
            after=after.state(factor.id),
            value_before=round(before.pull(factor.id), 6),
            value_after=round(after.pull(factor.id), 6),
        )
        for factor in framework.factors
        if before.state(factor.id) != after.state(factor.id)
        or abs(before.pull(factor.id) - after.pull(factor.id)) > _LEAST
    )


def diagnosis_change(
    earlier: SavedDiagnosis, later: SavedDiagnosis, then: Advice, now: Advice, framework: Framework
) -> DiagnosisChange:
    """What moved between two saved diagnoses; `then` and `now` are today's advice on each of them."""
    factors = factor_changes(earlier.profile, later.profile, framework)
    first, second = first_ids(then), first_ids(now)
    entered = tuple(key for key in second if key not in first)
    left = tuple(key for key in first if key not in second)
    moved = frozenset(change.factor for change in factors)
    return DiagnosisChange(
        earlier=earlier,
        later=later,
        factors=factors,
        advice_entered=entered,
        advice_left=left,
        moves=_moves((*entered, *left), then.cards, now.cards, moved),
        shown_before=len(first),
        shown_after=len(second),
        words_changed=" ".join(earlier.situation.split()) != " ".join(later.situation.split()),
        rules_changed=bool(earlier.shown) and earlier.shown != first[: len(earlier.shown)],
    )


def first_ids(advice: Advice) -> tuple[str, ...]:
    """Ids of the mechanisms that are recommended, best first; none if none is."""
    return tuple(card.mechanism_id for card in advice.cards[: advice.shown])


def agreement(
    first: Mapping[str, FactorLevel], second: Mapping[str, FactorLevel], framework: Framework
) -> dict[str, Agreement]:
    """For every factor whether two sides read it the same; never what either of them said."""
    return {
        factor.id: Agreement.NOT_BOTH
        if factor.id not in first or factor.id not in second
        else Agreement.SAME
        if first[factor.id] == second[factor.id]
        else Agreement.DIFFERENT
        for factor in framework.factors
    }


def _moves(
    ids: Sequence[str], then: Sequence[MechanismCard], now: Sequence[MechanismCard], moved: frozenset[str]
) -> tuple[AdviceMove, ...]:
    before = {card.mechanism_id: card for card in then}
    after = {card.mechanism_id: card for card in now}
    return tuple(
        AdviceMove(
            mechanism_id=key,
            rank_before=before[key].rank,
            rank_after=after[key].rank,
            shifts=_shifts(before[key], after[key], moved),
        )
        for key in ids
        if key in before and key in after
    )


def _shifts(before: MechanismCard, after: MechanismCard, moved: frozenset[str]) -> tuple[ConditionShift, ...]:
    """Conditions on factors that moved and that stand differently now, favouring ones first."""
    stood = {_key(match): held for match, held in _standing(before)}
    return tuple(
        ConditionShift(
            factor=match.factor,
            favours=match.favours,
            why=match.why,
            held_before=stood.get(_key(match)),
            held_after=held,
        )
        for match, held in _standing(after)
        if match.factor in moved and stood.get(_key(match)) is not held
    )


def _key(match: ConditionMatch) -> tuple[str, str, bool]:
    return match.factor, match.direction, match.favours


def _standing(card: MechanismCard) -> list[tuple[ConditionMatch, bool | None]]:
    """Every condition of a card with whether it holds; None if that is not known."""
    return [
        *((match, True) for match in card.met),
        *((match, False) for match in card.unmet),
        *((match, True) for match in card.against),
        *((match, False) for match in card.cleared),
        *((match, None) for match in card.unknown),
    ]
