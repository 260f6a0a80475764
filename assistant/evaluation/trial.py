"""Puts one case to an assistant and keeps what came back. It judges nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from assistant.domain.advice import Advice, Verdict
from assistant.domain.answers import Answer
from assistant.domain.conversation import Turn
from assistant.domain.evidence import Evidence
from assistant.evaluation.cases import (
    Case,
    ClaimCase,
    DialogueCase,
    ParaphraseCase,
    QuestionCase,
    UnanswerableCase,
    VignetteCase,
)
from assistant.evaluation.observed import Observed, SeenEvidence, from_answer, seen_evidence
from assistant.wire import answer_json

DEPTH = 10


class Subject(Protocol):
    """What is evaluated. It may also have `recommend(situation)` and `verify(receipt, answer=)`."""

    def answer(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Answer:
        """A checked answer."""

    def search(self, query: str, *, k: int = DEPTH) -> tuple[Evidence, ...]:
        """Passages, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the assistant did with one case. Lists that do not belong to the kind of case are None."""

    case: Case
    answer: Observed | None = None
    hits: tuple[SeenEvidence, ...] | None = None
    """Found for the question, best first: what the answer was made from, or a search if that is short."""
    floor: tuple[str, ...] | None = None
    """Found for the last turn of a dialogue alone."""
    ceiling: tuple[str, ...] | None = None
    """Found for the last turn rewritten by a person."""
    variants: tuple[Trial, ...] = ()
    """One trial for each wording of a paraphrase group."""
    mechanisms: tuple[str, ...] | None = None
    """Recommended mechanisms, best first; None if the assistant does not recommend."""
    factors: Mapping[str, str] | None = None
    """Levels of factors that it read out of a situation; None if it does not say."""
    quadrant: str | None = None
    receipt_faults: tuple[str, ...] | None = None
    """What checking the receipt again found; None if it was not checked."""
    error: str = ""
    """The sentence of the fault that stopped this case; empty if none did."""
    timings_ms: Mapping[str, float] = field(default_factory=dict, compare=False)

    @property
    def ranked(self) -> tuple[str, ...]:
        """Ids found, each once, best first."""
        return distinct(self.hits or ())


def distinct(hits: Sequence[SeenEvidence]) -> tuple[str, ...]:
    """The ids that labels use, each once, best first."""
    return tuple(dict.fromkeys(hit.key for hit in hits))


def put(subject: Subject, case: Case, *, k: int = DEPTH) -> Trial:
    """Ask the assistant what the case asks, and keep what it did."""
    started = time.perf_counter()
    match case:
        case QuestionCase() | UnanswerableCase():
            trial = _asked(subject, case, case.question, k=k)
        case DialogueCase():
            trial = _dialogue(subject, case, k=k)
        case ParaphraseCase():
            trial = _paraphrases(subject, case, k=k)
        case VignetteCase():
            trial = _vignette(subject, case)
        case ClaimCase():
            trial = Trial(case=case)
    spent = {**(trial.answer.timings_ms if trial.answer else {}), "whole_case": _since(started)}
    return replace(trial, timings_ms=spent)


def _asked(subject: Subject, case: Case, question: str, *, k: int) -> Trial:
    made = subject.answer(question, id=case.id)
    answer = from_answer(made)
    return Trial(
        case=case,
        answer=answer,
        hits=answer.evidence[:k] if len(answer.evidence) >= k else _found(subject, question, k),
        receipt_faults=_checked(subject, made),
    )


def _dialogue(subject: Subject, case: DialogueCase, *, k: int) -> Trial:
    before = tuple(Turn(role=turn.role, text=turn.text) for turn in case.turns[:-1])
    made = subject.answer(case.last, turns=before, id=case.id)
    answer = from_answer(made)
    return Trial(
        case=case,
        answer=answer,
        hits=answer.evidence[:k],
        floor=distinct(_found(subject, case.last, k)),
        ceiling=distinct(_found(subject, case.standalone, k)),
        receipt_faults=_checked(subject, made),
    )


def _paraphrases(subject: Subject, case: ParaphraseCase, *, k: int) -> Trial:
    return Trial(case=case, variants=tuple(_asked(subject, case, q, k=k) for q in case.questions))


def _vignette(subject: Subject, case: VignetteCase) -> Trial:
    recommend = getattr(subject, "recommend", None)
    if recommend is None:
        return Trial(case=case)
    return Trial(case=case, **read_advice(recommend(case.situation)))


def read_advice(given: Any) -> dict[str, Any]:
    """The mechanisms shown, the factor levels read and the quadrant, from advice (cited or bare).

    Where the verdict is not to recommend, no mechanism counts as shown. The quadrant is that of the
    relationship described or, where none is, of the first mechanism shown. A plain sequence of ids will do.
    """
    advice = getattr(given, "advice", given)
    if not isinstance(advice, Advice):
        return {"mechanisms": tuple(str(name) for name in advice)}
    shown = advice.cards[: advice.shown] if advice.verdict is Verdict.RECOMMENDED else ()
    quadrant = advice.place.quadrant if advice.place else shown[0].spectrum.quadrant if shown else None
    return {
        "mechanisms": tuple(card.mechanism_id for card in shown),
        "factors": {factor: reading.state.value for factor, reading in advice.profile.readings.items()},
        "quadrant": quadrant,
    }


def _found(subject: Subject, query: str, k: int) -> tuple[SeenEvidence, ...]:
    return tuple(seen_evidence(hit) for hit in subject.search(query, k=k))


def _checked(subject: Subject, answer: Answer) -> tuple[str, ...] | None:
    """Faults of the receipt, and of the answer as printed against it; None if the subject checks none."""
    verify = getattr(subject, "verify", None)
    if verify is None:
        return None
    printed = answer_json(answer)
    return tuple(verify(printed["receipt"], answer=printed).faults)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
