"""Prose that nobody coded is judged by what it says, and findings keep their own gate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.answering.prose_gate import JoinedGate, ProseGate, ProseLimits
from assistant.domain.answers import Decision, Reason, State
from assistant.domain.documents import BlockKind, Passage, Span
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue
from assistant.retrieval.asking import Asking, read_asking
from tests.made_up import WordVectors

EMBED = WordVectors()
GATE = ProseGate(EMBED)
ANSWERS = "The pharmacist rang the other hospital every Friday. She asked what had gone wrong."
BESIDE = "Parking is free on Sundays. The canteen closes at three."


def found(*texts: str, question: str, citable: bool = True) -> tuple[Evidence, ...]:
    asked = EMBED.one(question)
    return tuple(
        Evidence(
            Passage(
                document_id=f"d{n}",
                span=Span(0, len(text)),
                text=text,
                kind=BlockKind.PARAGRAPH,
                ordinal=0,
                citable=citable,
            ),
            n,
            2.0 - n,
            {"text": float(EMBED.one(text) @ asked)},
        )
        for n, text in enumerate(texts, 1)
    )


def decide(question: str, *texts: str, citable: bool = True) -> Decision:
    evidence = found(*texts, question=question, citable=citable)
    return GATE.decide(read_asking(question), EMBED.one(question), evidence)


def test_a_passage_that_answers_is_admitted_first_wherever_it_was_ranked() -> None:
    decision = decide("When did the pharmacist ring the other hospital?", BESIDE, ANSWERS)
    assert decision.state is State.GROUNDED
    assert decision.admitted[0] == f"d2:0-{len(ANSWERS)}"


def test_a_passage_that_does_not_answer_is_refused_with_a_sentence() -> None:
    decision = decide("Who paid for the helicopter in Norway?", BESIDE)
    assert decision.state is State.REFUSED
    assert decision.admitted == ()
    assert decision.missing[0] == decision.because


def test_with_nothing_that_may_be_cited_nothing_was_found() -> None:
    assert decide("When did she ring?").reason is Reason.NOTHING_FOUND
    assert decide("When did she ring?", ANSWERS, citable=False).reason is Reason.NOTHING_FOUND


def test_no_more_is_admitted_than_the_limit() -> None:
    question = "When did the pharmacist ring the other hospital?"
    gate = ProseGate(EMBED, ProseLimits(admitted=2))
    evidence = found(ANSWERS, BESIDE, BESIDE + " ", question=question)
    assert len(gate.decide(read_asking(question), EMBED.one(question), evidence).admitted) == 2


class _Says:
    """A gate that always decides the same."""

    def __init__(self, because: str) -> None:
        self._because = because

    def decide(self, asking: Asking, vector: np.ndarray, evidence: Sequence[Evidence]) -> Decision:
        return Decision(State.REFUSED, because=self._because)


def test_the_best_find_decides_which_gate_is_asked() -> None:
    coded = Catalogue(findings={"f01": object()})  # type: ignore[dict-item]
    gate = JoinedGate(coded, _Says("coded"), _Says("prose"))
    asking, vector = read_asking("When?"), EMBED.one("When?")
    prose = found(ANSWERS, question="When?")
    finding = Evidence(
        Passage(
            document_id="f01", span=Span(0, 3), text="abc", kind=BlockKind.FINDING, ordinal=0, record_id="f01"
        ),
        1,
        9.0,
    )
    assert gate.decide(asking, vector, (finding, *prose)).because == "coded"
    assert gate.decide(asking, vector, (*prose, finding)).because == "prose"
    assert gate.decide(asking, vector, ()).because == "coded"
    assert (
        JoinedGate(Catalogue(), _Says("coded"), _Says("prose")).decide(asking, vector, ()).because == "prose"
    )
