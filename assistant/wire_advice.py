"""Advice as plain JSON: the contract that scripts and pages rely on. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.domain.advice import ConditionMatch, DecidingQuestion, MechanismCard, Profile
from assistant.domain.answers import CitedAdvice
from assistant.wire import Json, citation_json, plain


def advice_json(given: CitedAdvice, *, all_cards: bool = False) -> Json:
    """The advice; every mechanism in rank order with `all_cards`, else only those that are recommended."""
    advice = given.advice
    cards = advice.cards if all_cards else advice.cards[: advice.shown]
    return {
        "id": given.id,
        "situation": given.situation,
        "verdict": advice.verdict.value,
        "because": advice.because,
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
        "receipt": plain(given.receipt.body),
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
            "time_to_first_value": card.effort.time_to_first_value,
        },
        "failure_modes": list(card.failure_modes),
        "exit": card.exit,
        "leading_indicators": list(card.indicators.leading),
        "lagging_indicators": list(card.indicators.lagging),
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
