"""An answer as it was seen from outside: the fields of `ask --json`, and no more.

Metrics read only this, so answers made elsewhere and stored as JSON lines are scored like live ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.domain.answers import Answer
from assistant.domain.evidence import Evidence
from assistant.errors import InputError
from assistant.wire import answer_json


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCitation:
    """One citation as printed."""

    passage_id: str
    record_id: str | None
    study_id: str | None
    quote: str
    start: int
    end: int
    marker: int = 0

    @property
    def key(self) -> str:
        """The id that labels use: the record's, else the passage's."""
        return self.record_id or self.passage_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStatement:
    """One sentence of an answer."""

    text: str
    kind: str
    heading: str = ""
    citations: tuple[SeenCitation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEvidence:
    """One retrieved passage, best first; `text` is None when only its id was printed."""

    passage_id: str
    record_id: str | None
    study_id: str | None
    score: float
    text: str | None = None

    @property
    def key(self) -> str:
        """The id that labels use: the record's, else the passage's."""
        return self.record_id or self.passage_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One answer as a reader got it."""

    id: str | None
    question: str
    standalone: str
    state: str
    reason: str | None
    because: str
    lead: str
    statements: tuple[SeenStatement, ...]
    gaps: tuple[str, ...]
    follow_ups: tuple[str, ...]
    evidence: tuple[SeenEvidence, ...]
    receipt: Mapping[str, Any] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict, compare=False)
    advice: Mapping[str, Any] | None = None
    """The cards in short, see `seen_advice`; None for an answer without advice."""

    @property
    def refused(self) -> bool:
        """True if no answer was given."""
        return self.state == "refused"

    @property
    def citations(self) -> tuple[SeenCitation, ...]:
        """Every citation in reading order, repeats kept."""
        return tuple(c for s in self.statements for c in s.citations)

    @property
    def cited(self) -> tuple[str, ...]:
        """Distinct cited ids, first citation first."""
        return tuple(dict.fromkeys(c.key for c in self.citations))

    def as_json(self) -> dict[str, Any]:
        """Plain data without the timings, so that two equal answers give equal bytes."""
        return {
            "id": self.id,
            "question": self.question,
            "standalone": self.standalone,
            "state": self.state,
            "reason": self.reason,
            "because": self.because,
            "lead": self.lead,
            "statements": [_statement_json(s) for s in self.statements],
            "gaps": list(self.gaps),
            "follow_ups": list(self.follow_ups),
            "evidence": [_evidence_json(e, rank) for rank, e in enumerate(self.evidence, start=1)],
            "advice": self.advice,
        }


def _statement_json(statement: SeenStatement) -> dict[str, Any]:
    return {
        "heading": statement.heading,
        "text": statement.text,
        "kind": statement.kind,
        "citations": [
            {
                "marker": c.marker,
                "passage_id": c.passage_id,
                "record_id": c.record_id,
                "study_id": c.study_id,
                "quote": c.quote,
                "start": c.start,
                "end": c.end,
            }
            for c in statement.citations
        ],
    }


def _evidence_json(evidence: SeenEvidence, rank: int) -> dict[str, Any]:
    plain = {
        "rank": rank,
        "passage_id": evidence.passage_id,
        "record_id": evidence.record_id,
        "study_id": evidence.study_id,
        "score": evidence.score,
    }
    return plain if evidence.text is None else {**plain, "text": evidence.text}


def from_answer(answer: Answer) -> Observed:
    """What a reader sees of an answer that was just made, with the words of the passages found for it."""
    printed = from_json(answer_json(answer))
    return replace(printed, because=answer.because, evidence=tuple(map(seen_evidence, answer.evidence)))


def seen_evidence(evidence: Evidence) -> SeenEvidence:
    """One hit as seen from outside."""
    passage = evidence.passage
    return SeenEvidence(
        passage_id=passage.id,
        record_id=passage.record_id,
        study_id=passage.study_id,
        score=float(evidence.score),
        text=passage.text,
    )


def from_json(data: Mapping[str, Any], *, where: str = "answer") -> Observed:
    """The answer in one object of `ask --json`. Raises InputError, naming `where`, if a field is missing."""
    try:
        return Observed(
            id=data.get("id"),
            question=data["question"],
            standalone=data.get("standalone") or data["question"],
            state=data["state"],
            reason=data.get("reason"),
            because=data.get("because", ""),
            lead=data.get("lead", ""),
            statements=tuple(_statement(s) for s in data.get("statements", ())),
            gaps=tuple(data.get("gaps", ())),
            follow_ups=tuple(data.get("follow_ups", ())),
            evidence=tuple(_evidence(e) for e in data.get("evidence", ())),
            receipt=data.get("receipt") or {},
            timings_ms=data.get("timings_ms") or {},
            advice=seen_advice(data.get("advice")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        hint = "It must be one object as `ask --json` prints it."
        raise InputError(f"{where}: a field is missing or has the wrong form ({error}).", hint=hint) from None


def seen_advice(data: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Advice in short: per card its name, what it is, what speaks for and against it here, first steps.

    Takes advice as printed in full, or what this function made before; None stays None.
    """
    if data is None or "cards" in data:
        return dict(data) if data else None
    cards = [
        {
            "name": card["name"],
            "what_it_is": card["what_it_is"],
            "for": [reason["why"] for reason in card["met"]],
            "against": [reason["why"] for reason in card["against"]],
            "first_steps": list(card["first_steps"]),
        }
        for card in data["recommendations"]
    ]
    return {"because": data["because"], "cards": cards}


def _statement(data: Mapping[str, Any]) -> SeenStatement:
    return SeenStatement(
        text=data["text"],
        kind=data.get("kind", "reported"),
        heading=data.get("heading", ""),
        citations=tuple(
            SeenCitation(
                passage_id=c["passage_id"],
                record_id=c.get("record_id"),
                study_id=c.get("study_id"),
                quote=c.get("quote", ""),
                start=c.get("start", 0),
                end=c.get("end", 0),
                marker=c.get("marker", 0),
            )
            for c in data.get("citations", ())
        ),
    )


def _evidence(data: Mapping[str, Any]) -> SeenEvidence:
    return SeenEvidence(
        passage_id=data["passage_id"],
        record_id=data.get("record_id"),
        study_id=data.get("study_id"),
        score=float(data.get("score", 0.0)),
        text=data.get("text"),
    )
