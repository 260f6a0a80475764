from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.domain.advice import Advice, ConditionReading, Profile, Verdict
from assistant.domain.answers import Answer
from assistant.domain.conversation import Turn
from assistant.domain.framework import FactorLevel
from assistant.domain.reports import ReceiptCheck
from assistant.evaluation.cases import ParaphraseCase, QuestionCase, VignetteCase
from assistant.evaluation.trial import put, read_advice
from tests.evaluation.conftest import TEXTS
from tests.evaluation.subjects import WordOverlap, answer, evidence

ASKED = QuestionCase(id="q", question="visits", relevant={})


class Checking(WordOverlap):
    """Checks receipts, and finds a fault in each."""

    def verify(self, receipt: Mapping[str, Any], *, answer: Mapping[str, Any]) -> ReceiptCheck:
        return ReceiptCheck((f"receipt of {answer['question']} is torn",), 1)

    def recommend(self, situation: str) -> tuple[str, ...]:
        return ("mentoring", situation)


def nothing_advised(verdict: Verdict) -> Advice:
    reading = ConditionReading(
        factor="proximity", state=FactorLevel.HIGH, because=("near",), confidence=0.9, value=1.0
    )
    return Advice(
        verdict=verdict,
        because="",
        profile=Profile({"proximity": reading}),
        cards=(),
        shown=3,
        sequence=(),
        advise_against=(),
        questions=(),
    )


def test_an_assistant_that_checks_no_receipts_is_told_apart_from_one_that_finds_no_fault() -> None:
    assert put(WordOverlap(TEXTS), ASKED).receipt_faults is None
    assert put(Checking(TEXTS), ASKED).receipt_faults == ("receipt of visits is torn",)


def test_an_assistant_that_recommends_nothing_is_told_apart_from_one_that_cannot() -> None:
    case = VignetteCase(id="v", situation="s")
    assert put(WordOverlap(TEXTS), case).mechanisms is None
    assert put(Checking(TEXTS), case).mechanisms == ("mentoring", "s")
    advised = read_advice(nothing_advised(Verdict.NONE_WARRANTED))
    assert advised == {"mechanisms": (), "factors": {"proximity": "high"}, "quadrant": None}


def test_every_wording_of_a_group_is_asked() -> None:
    subject = WordOverlap(TEXTS)
    trial = put(subject, ParaphraseCase(id="p", questions=("visits", "groups")))
    assert subject.asked == ["visits", "groups"]
    assert [v.ranked[0] for v in trial.variants] == ["visits-f01", "groups-f01"]


def test_the_evidence_of_an_answer_is_judged_and_a_search_made_only_where_it_is_short() -> None:
    class Full(WordOverlap):
        def answer(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Answer:
            found = [evidence(f"a-f{n:02}", "w", rank=n) for n in range(1, 13)]
            return answer(question, cited=found[:1], found=found, id=id)

    assert put(Full(TEXTS), ASKED).ranked == tuple(f"a-f{n:02}" for n in range(1, 11))
    assert put(WordOverlap(TEXTS), ASKED).ranked[0] == "visits-f01"


def test_the_time_of_each_stage_and_of_the_whole_case_is_kept() -> None:
    trial = put(WordOverlap(TEXTS), ASKED)
    assert trial.timings_ms["retrieve"] == 2.0
    assert trial.timings_ms["whole_case"] > 0
