"""What becomes of a decision and of a draft when advice is asked for: whether cards are given at all.

Knows the gate's reasons and what the advice holds; it weighs and cites nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.placing import asked_of
from assistant.domain.advice import Advice, AskedAbout, MechanismCard, Standing, Verdict
from assistant.domain.answers import Advised, Decision, Draft, Reason, State, StatementKind
from assistant.domain.documents import Passage
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue
from assistant.framework.cards import standing_words
from assistant.retrieval.advice_asked import plain, tells
from assistant.retrieval.asking import Asking
from assistant.retrieval.mechanism_names import MechanismNames
from assistant.retrieval.whose_matter import of_the_field

_OPEN = (None, Reason.NEAR_MISS, Reason.NOTHING_FOUND)
"""Reasons that leave room for advice. Any other says that the question itself is not one to advise on."""
_READ = 2
"""Conditions that must be read in a story before cards outweigh a refusal for lack of a direct answer."""
_NEAREST = (
    "No study here looks at a situation just like yours; what is shown bears on the mechanisms that fit it."
)


@dataclass(frozen=True, slots=True)
class Told:
    """What becomes of a told situation."""

    decision: Decision
    advised: Advised | None
    evidence: tuple[Evidence, ...]
    """What was found, and after it what stands behind the cards."""


def advise_on(
    situation: str,
    decision: Decision,
    evidence: Sequence[Evidence],
    weigh: Callable[[str], Advice],
    behind: Callable[[Advice], Sequence[Passage]],
) -> Told:
    """The decision, the advice and the evidence that go together; no advice where none is to be given.

    A told situation is no question, so that the gate finds no direct answer to it: where cards fit it, it is
    answered in part with what stands `behind` them. No search ranked that: it comes last, and its score is 0.
    """
    as_it_is = Told(decision, None, tuple(evidence))
    if decision.reason not in _OPEN:
        return as_it_is
    if decision.state is not State.REFUSED:
        return replace(as_it_is, advised=Advised(situation, weigh(situation)))
    if not tells(plain(situation)) or not of_the_field(situation):
        return as_it_is
    advice = weigh(situation)
    if advice.verdict is not Verdict.RECOMMENDED or len(advice.profile.readings) < _READ:
        return as_it_is
    looked_up = tuple(
        Evidence(passage, place, 0.0) for place, passage in enumerate(behind(advice), start=len(evidence) + 1)
    )
    if not looked_up:
        return as_it_is
    admitted = tuple(e.passage.id for e in looked_up)
    answered = Decision(State.PARTLY_GROUNDED, None, _NEAREST, (_NEAREST,), admitted)
    return Told(answered, Advised(situation, advice), (*evidence, *looked_up))


def asked_about(
    asking: Asking, evidence: Sequence[Evidence], catalogue: Catalogue, names: MechanismNames
) -> str | None:
    """The one mechanism whose worth a question doubts; None if it doubts none, or more than one.

    That is the one it names; without a name, the one that all of the best findings are about.
    """
    if not asking.weighs:
        return None
    named = asked_of(asking, evidence, catalogue, names)
    return next(iter(named)) if len(named) == 1 else None


def asked_first(advice: Advice, mechanism_id: str | None) -> Advice:
    """The advice with the card of the mechanism asked about in front, and a plain word on whether it fits.

    Each card keeps its rank. The one asked about is shown beside those that fit best, not instead of one of
    them, and alone where nothing is recommended. What is in doubt is not also advised against.
    """
    asked = next((card for card in advice.cards if card.mechanism_id == mechanism_id), None)
    if asked is None:
        return advice
    others = tuple(card for card in advice.cards if card is not asked)
    because = f"You asked about this. {standing_words(asked)}{_place(asked, advice)}"
    settled = asked.standing is Standing.AGAINST
    return replace(
        advice,
        advise_against=tuple(a for a in advice.advise_against if settled or a.mechanism_id != mechanism_id),
        cards=(asked, *others),
        shown=advice.shown + (asked.rank > advice.shown),
        asked=AskedAbout(asked.mechanism_id, asked.standing, because),
    )


def _place(card: MechanismCard, advice: Advice) -> str:
    if advice.verdict is not Verdict.RECOMMENDED:
        return ""
    if card.rank == 1:
        return f" Of {len(advice.cards)} ways, none fits better."
    better = "one fits" if card.rank == 2 else f"{card.rank - 1} fit"
    return f" Of {len(advice.cards)} ways, {better} what you told better."


def without_generic_advice(draft: Draft, advised: Advised | None) -> Draft:
    """The draft without steps for nobody in particular where there are cards with steps that fit."""
    if advised is None or advised.advice.verdict is not Verdict.RECOMMENDED:
        return draft
    kept = tuple(said for said in draft.statements if said.kind is not StatementKind.ADVICE)
    return replace(draft, statements=kept)
