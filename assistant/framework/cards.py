"""Writes out a mechanism for one situation: what it is, what speaks for and against it, what to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from assistant.domain.advice import ConditionMatch, MechanismCard, Profile, Standing
from assistant.domain.framework import Catalogue, Mechanism
from assistant.framework.fit import Fit, by_firmness, fit
from assistant.framework.weights import ADVICE, AdviceWeights

_NAMED = 2
"""Conditions that one sentence can name on each side."""
_LEVEL_WORDS = {"low": "low here", "high": "high here"}


def card(
    mechanism: Mechanism,
    profile: Profile,
    catalogue: Catalogue,
    *,
    rank: int,
    score: float,
    relevance: float = 0.0,
    weights: AdviceWeights = ADVICE,
) -> MechanismCard:
    """A mechanism's card; `next_best` is filled in by `explain_order` once all cards are there."""
    stands = fit(mechanism, profile, catalogue)
    return MechanismCard(
        rank=rank,
        mechanism_id=mechanism.id,
        name=mechanism.name,
        what_it_is=mechanism.what_it_is,
        spectrum=mechanism.spectrum,
        met=stands.met,
        unmet=stands.unmet,
        against=stands.against,
        cleared=stands.cleared,
        unknown=stands.unknown,
        negative_findings=_negative(mechanism, stands, catalogue),
        supporting_findings=_supporting(mechanism, stands, catalogue),
        prerequisites=mechanism.prerequisites,
        first_steps=mechanism.first_steps,
        effort=mechanism.effort,
        failure_modes=mechanism.failure_modes,
        exit=_way_out(mechanism),
        indicators=mechanism.indicators,
        left_out=mechanism.equity_note,
        transfer=transfer(mechanism, catalogue),
        evidence_note=mechanism.evidence_note,
        like_situation=relevance >= weights.like,
        score=score,
    )


def explain_order(cards: tuple[MechanismCard, ...]) -> tuple[MechanismCard, ...]:
    """The same cards, each saying why the one after it came after it; the last says nothing."""
    told = [replace(card, next_best=_why_after(card, lost)) for card, lost in pairwise(cards)]
    return (*told, *cards[-1:])


def duration(span: str) -> str:
    """A stretch of time as it reads in a sentence: "1-3 months", but "a few weeks" for "weeks"."""
    return span if span[:1].isdigit() else f"a few {span}"


def told(match: ConditionMatch) -> str:
    """A condition in words: the factor and where it stands."""
    name = match.factor_name.lower()
    verb = "are" if name.endswith("s") else "is"
    return f"{name} {verb} {_LEVEL_WORDS.get(match.state or '', 'not known')}"


def standing_words(card: MechanismCard) -> str:
    """How a mechanism stands here, in one sentence that names what speaks for and against it."""
    suits = ["your situation is like those it is known to suit"] if card.like_situation else []
    good = _joined([told(match) for match in card.met[:_NAMED]] or suits)
    bad = _joined([told(match) for match in card.against[:_NAMED]])
    match card.standing:
        case Standing.FITS:
            return f"It fits what you told: {good}, and nothing you told speaks against it."
        case Standing.DOUBTFUL:
            return f"Whether it fits is doubtful: for it, {good}; against it, {bad}."
        case Standing.AGAINST:
            return f"What you told speaks against it: {bad}."
        case Standing.OPEN:
            missing = _joined([name.lower() for name in _unknown_factors(card)])
            ask = f" Tell us about {missing}." if missing else ""
            return f"Nothing you told speaks clearly for it or against it.{ask}"


def _unknown_factors(card: MechanismCard) -> list[str]:
    return list(dict.fromkeys(match.factor_name for match in card.unknown))[:_NAMED]


def _joined(parts: list[str]) -> str:
    return " and ".join(parts)


def transfer(mechanism: Mechanism, catalogue: Catalogue) -> str:
    """One or two sentences on where a mechanism's evidence comes from. Bodies of evidence count once."""
    cited = (*mechanism.supporting_findings, *mechanism.cautionary_findings)
    settings = {
        (study.evidence_group, study.setting)
        for study in (catalogue.study_of(key) for key in cited if key in catalogue.findings)
    }
    if not settings:
        return "No study in the collection speaks of this; take it as practice advice."
    groups = len({group for group, _ in settings})
    places = Counter(setting.split(",")[0] for _, setting in sorted(settings, key=str) if setting)
    named = [place for place, _ in places.most_common(3)]
    bodies = "one body of evidence" if groups == 1 else f"{groups} bodies of evidence"
    where = f", mostly from: {'; '.join(named)}" if named else ""
    return f"Rests on {bodies}{where}. Check what differs where you are before you copy it."


def _supporting(mechanism: Mechanism, stands: Fit, catalogue: Catalogue) -> tuple[str, ...]:
    met = [key for match in stands.met for key in match.findings]
    rest = by_firmness(mechanism.supporting_findings, mechanism.id, catalogue)
    return tuple(dict.fromkeys((*met, *rest)))


def _negative(mechanism: Mechanism, stands: Fit, catalogue: Catalogue) -> tuple[str, ...]:
    here = [key for match in stands.against for key in match.findings]
    rest = by_firmness(mechanism.cautionary_findings, mechanism.id, catalogue)
    return tuple(dict.fromkeys((*here, *rest)))


def _way_out(mechanism: Mechanism) -> str:
    sign = mechanism.indicators.leading[0] if mechanism.indicators.leading else "the first sign you agreed on"
    when = duration(mechanism.effort.time_to_first_value)
    return (
        f"Agree a review date now. If after {when} there is nothing to show on '{sign.lower()}', "
        "change it or stop it without blame."
    )


def _why_after(won: MechanismCard, lost: MechanismCard) -> str:
    more_against = len(lost.against) > len(won.against)
    if more_against:
        return f"{lost.name} came next: against it speaks that {told(lost.against[0])}."
    if len(lost.met) < len(won.met):
        return f"{lost.name} came next: fewer of its conditions are known to be met ({len(lost.met)})."
    if won.like_situation and not lost.like_situation:
        return f"{lost.name} came next: your situation is less like those it is known to suit."
    if lost.unmet:
        return f"{lost.name} came next: it would need more, since {told(lost.unmet[0])}."
    return f"{lost.name} came close behind; an answer to one of the questions may turn the order."
