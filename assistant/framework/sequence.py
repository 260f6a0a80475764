"""Puts mechanisms together over time, and names those to leave alone. One winner is never the advice."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain.advice import AdviceAgainst, MechanismCard, Part, Profile, Step
from assistant.domain.framework import Mechanism
from assistant.framework.cards import duration, told
from assistant.framework.weights import ADVICE, AdviceWeights

TENDERS = ("knowledge-broker", "intermediary-support")
"""Mechanisms whose whole work is to tend the ties of others."""
_FORMAL = 0.5
_MOST_AGAINST = 3
_WEIGHED = 10
"""A reader may well have thought of the mechanisms this many places from the top by likeness."""


def sequence(
    cards: Sequence[MechanismCard],
    avoid: frozenset[str] = frozenset(),
    *,
    weights: AdviceWeights = ADVICE,
) -> tuple[Step, ...]:
    """Something to start it, something informal to carry it, someone to tend it, and a review, in this order.

    It starts with one of those shown. `avoid` names mechanisms that are advised against. Empty if there is
    nothing to put together.
    """
    usable = [card for card in cards if card.mechanism_id not in avoid and card.mechanism_id not in TENDERS]
    if not usable:
        return ()
    shown = [card for card in usable if card.rank <= weights.shown] or usable[:1]
    start = next((card for card in shown if card.spectrum.formality >= _FORMAL), shown[0])
    informal = [card for card in usable if card.spectrum.formality < _FORMAL]
    carry = next((card for card in informal or usable if card is not start), None)
    steps = [Step(Part.START, start.mechanism_id, f"Start with: {start.name}. {_first(start)}")]
    if carry:
        beyond = "" if carry in shown else " It fits less than those shown, but nothing informal fits better."
        words = f"Let this carry it: {carry.name}. {_first(carry)}{beyond if carry in informal else ''}"
        steps.append(Step(Part.CARRY, carry.mechanism_id, words))
    return (*steps, _tend(cards, avoid, weights.shown), _review(start))


def advise_against(
    cards: Sequence[MechanismCard],
    profile: Profile,
    relevance: dict[str, float],
    mechanisms: dict[str, Mechanism],
    *,
    weights: AdviceWeights = ADVICE,
) -> tuple[AdviceAgainst, ...]:
    """Mechanisms a reader may think of here that a condition clearly speaks against, most like first."""
    order = sorted(cards, key=lambda card: (-relevance.get(card.mechanism_id, 0.0), card.mechanism_id))
    found = []
    for card in order[:_WEIGHED]:
        clear = [m for m in card.against if abs(profile.pull(m.factor)) >= weights.clearly]
        if clear and card.rank > weights.shown:
            match = max(clear, key=lambda m: abs(profile.pull(m.factor)))
            because = f"{told(match)[:1].upper()}{told(match)[1:]}: {match.why}."
            found.append(AdviceAgainst(card.mechanism_id, because, match.factor, match.findings))
    return tuple(found[:_MOST_AGAINST])


def _first(card: MechanismCard) -> str:
    return f"First: {card.first_steps[0]}." if card.first_steps else ""


def _tend(cards: Sequence[MechanismCard], avoid: frozenset[str], shown: int) -> Step:
    tender = next((c for c in cards if c.mechanism_id in TENDERS and c.mechanism_id not in avoid), None)
    if tender and not tender.against and (tender.met or tender.like_situation):
        beyond = (
            "" if tender.rank <= shown else " It fits less than those shown, but to tend ties is its work."
        )
        words = f"Have it tended: {tender.name}. {_first(tender)}{beyond}"
        return Step(Part.TEND, tender.mechanism_id, words)
    return Step(Part.TEND, None, "Have it tended: name one person with protected time, and a deputy.")


def _review(start: MechanismCard) -> Step:
    sign = start.indicators.leading[0] if start.indicators.leading else "what you agreed to watch"
    when = duration(start.effort.time_to_first_value)
    return Step(
        Part.REVIEW, None, f"Review after {when}: look at '{sign.lower()}', then go on, change it or stop."
    )
