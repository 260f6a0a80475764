"""Advice as plain JSON, a contract for scripts, pages and receipts, and as Markdown. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.domain.advice import AskedAbout, ConditionMatch, DecidingQuestion, MechanismCard, Profile
from assistant.domain.answers import CitedAdvice
from assistant.domain.framework import Basis
from assistant.wire_parts import Json, citation_json, escaped, plain


def advice_json(given: CitedAdvice, *, all_cards: bool = False) -> Json:
    """The advice with its receipt; every mechanism in rank order with `all_cards`, else those recommended."""
    return {**advice_body(given, all_cards=all_cards), "receipt": plain(given.receipt.body)}


def advice_body(given: CitedAdvice, *, all_cards: bool = False) -> Json:
    """The advice as it stands in an answer and in receipts: without a receipt of its own."""
    advice = given.advice
    cards = advice.cards if all_cards else advice.cards[: advice.shown]
    return {
        "id": given.id,
        "situation": given.situation,
        "verdict": advice.verdict.value,
        "because": advice.because,
        "asked_about": _asked(advice.asked),
        "conditions": profile_json(advice.profile),
        "recommendations": [_card(card, given) for card in cards],
        "sequence": [
            {"part": step.part.value, "mechanism_id": step.mechanism_id, "text": step.text}
            for step in advice.sequence
        ],
        "advise_against": [
            {
                "mechanism_id": item.mechanism_id,
                "because": item.because,
                "citations": _citations(item.findings, given),
            }
            for item in advice.advise_against
        ],
        "questions_that_would_change_this": [_question(question) for question in advice.questions],
    }


def _asked(asked: AskedAbout | None) -> Json | None:
    """The mechanism that the question doubts, and whether it fits; None if it doubts none."""
    if asked is None:
        return None
    return {
        "mechanism_id": asked.mechanism_id,
        "standing": asked.standing.value,
        "because": asked.because,
    }


def profile_json(profile: Profile) -> Json:
    """Each factor that something is known of: its level, what it was read from, and how sure that is."""
    return {
        factor: {
            "state": reading.state.value,
            "because": "; ".join(reading.because),
            "confidence": round(reading.confidence, 3),
            "source": reading.source.value,
            "note": reading.note,
        }
        for factor, reading in sorted(profile.readings.items())
    }


def _card(card: MechanismCard, given: CitedAdvice) -> Json:
    return {
        "rank": card.rank,
        "mechanism_id": card.mechanism_id,
        "name": card.name,
        "what_it_is": card.what_it_is,
        "formality": card.spectrum.formality,
        "origin": card.spectrum.origin,
        "met": [_match(match, given) for match in card.met],
        "against": [_match(match, given) for match in card.against],
        "unmet": [_match(match, given) for match in card.unmet],
        "cleared": [_match(match, given) for match in card.cleared],
        "unknown": [_match(match, given) for match in card.unknown],
        "negative_evidence": _citations(card.negative_findings, given),
        "citations": _citations((*card.supporting_findings, *card.negative_findings), given),
        "prerequisites": list(card.prerequisites),
        "first_steps": list(card.first_steps),
        "effort": {
            "level": card.effort.level,
            "reason": card.effort.reason,
            "who_pays": card.effort.who_pays,
            "time_to_first_value": card.effort.time_to_first_value,
        },
        "failure_modes": list(card.failure_modes),
        "exit": card.exit,
        "leading_indicators": list(card.indicators.leading),
        "lagging_indicators": list(card.indicators.lagging),
        "leading_collected_by": card.indicators.leading_collected_by,
        "lagging_collected_by": card.indicators.lagging_collected_by,
        "left_out": card.left_out,
        "transfer": card.transfer,
        "evidence_note": card.evidence_note,
        "next_best": card.next_best,
    }


def _match(match: ConditionMatch, given: CitedAdvice) -> Json:
    return {
        "factor": match.factor,
        "direction": match.direction,
        "why": match.why,
        "basis": match.basis.value,
        "firm": match.firm,
        "state": match.state.value if match.state else None,
        "because": "; ".join(match.because),
        "citations": _citations(match.findings, given),
    }


def _question(question: DecidingQuestion) -> Json:
    return {
        "question_id": question.question.id,
        "factor": question.factor,
        "text": question.question.text,
        "answers": dict(question.question.answers),
        "would_lead": dict(question.would_lead),
    }


def _citations(finding_ids: Iterable[str], given: CitedAdvice) -> list[Json]:
    return [citation_json(citation) for citation in given.cited(dict.fromkeys(finding_ids))]


def advice_markdown(given: CitedAdvice) -> list[str]:
    """The advice as lines of Markdown, its citations as numbers; the sources themselves stand elsewhere."""
    advice = given.advice
    lines = ["## Advice", "", escaped(advice.because), ""]
    for card in advice.cards[: advice.shown]:
        lines += _card_markdown(card, given)
    names = {card.mechanism_id: card.name for card in advice.cards}
    lines += _section("In this order", (escaped(step.text) for step in advice.sequence), level=3)
    against = (
        f"**{escaped(names[item.mechanism_id])}**: {escaped(item.because)}{_marks(item.findings, given)}"
        for item in advice.advise_against
    )
    lines += _section("What to leave alone here", against, level=3)
    questions = (escaped(question.question.text) for question in advice.questions[:2])
    lines += _section("Answers that would change this advice", questions, level=3)
    readings = (
        f"{escaped(reading.factor.replace('-', ' '))}: {reading.state.value}, "
        f"from {escaped('; '.join(reading.because))}"
        for reading in advice.profile.readings.values()
    )
    return lines + _section("What was read of your situation", readings, level=3)


def _card_markdown(card: MechanismCard, given: CitedAdvice) -> list[str]:
    negative = (
        f"{escaped(given.citations[key].quote)}{_marks([key], given)}"
        for key in card.negative_findings
        if key in given.citations
    )
    pays, signs = card.effort.who_pays, card.indicators
    sections = (
        ("Why here", (_match_markdown(match, given) for match in card.met)),
        ("What speaks against it here", (_match_markdown(match, given) for match in card.against)),
        ("Negative or mixed findings", negative),
        ("What it needs first", map(escaped, card.prerequisites)),
        ("Steps (practice advice)", map(escaped, card.first_steps)),
        ("Effort", [escaped(f"{card.effort.reason}.")]),
        ("Who pays in hours", [escaped(f"{pays}.")] if pays else []),
        ("Time to first value", [escaped(card.effort.time_to_first_value)]),
        ("Early sign to watch", _sign_markdown(signs.leading, signs.leading_collected_by)),
        ("Later sign to watch", _sign_markdown(signs.lagging, signs.lagging_collected_by)),
        ("How it fails", map(escaped, card.failure_modes)),
        ("Way out", [escaped(card.exit)]),
        ("Who is left out", [escaped(card.left_out)]),
        ("Does it carry over?", [escaped(card.transfer)]),
        ("Why the next one came after", [escaped(card.next_best)] if card.next_best else []),
    )
    lines = [f"### {card.rank}\\. {escaped(card.name)}", "", escaped(card.what_it_is), ""]
    if note := given.advice.note_on(card):
        lines[2:2] = [f"*{escaped(note)}*", ""]
    return lines + [line for heading, items in sections for line in _section(heading, items, level=4)]


def _sign_markdown(signs: Sequence[str], collector: str) -> list[str]:
    """The first sign, and who collects it on a line of its own."""
    collected = [escaped(f"Who collects it: {collector}.")] if signs and collector else []
    return [*map(escaped, signs[:1]), *collected]


def _match_markdown(match: ConditionMatch, given: CitedAdvice) -> str:
    marks = _marks(match.findings, given) if match.basis is Basis.EVIDENCE else ""
    level = match.state.value if match.state else "not known"
    return f"{escaped(match.factor_name)}: {level}. {escaped(match.why)}{marks or ' *(our synthesis)*'}"


def _marks(finding_ids: Iterable[str], given: CitedAdvice) -> str:
    return "".join(f" \\[{citation.marker}\\]" for citation in given.cited(dict.fromkeys(finding_ids)))


def _section(heading: str, items: Iterable[str], *, level: int) -> list[str]:
    lines = [f"- {item}" for item in items]
    return [f"{'#' * level} {heading}", "", *lines, ""] if lines else []
