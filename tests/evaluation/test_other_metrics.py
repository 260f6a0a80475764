from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain.answers import State
from assistant.evaluation.cases import ClaimCase, VignetteCase, WrongMechanism
from assistant.evaluation.metrics import FUNCTIONS, METRICS
from assistant.evaluation.metrics.confidence import brier, expected_calibration_error
from assistant.evaluation.metrics.contextual import added_words_recall, harm, token_f1
from assistant.evaluation.metrics.judgements import Context
from assistant.evaluation.metrics.latency import by_stage
from assistant.evaluation.metrics.mechanism import (
    best_at,
    factor_level,
    factor_recall,
    opposite_level,
    quadrant_right,
    reciprocal_rank,
    sound_at,
    wrong_at,
)
from assistant.evaluation.metrics.paraphrase import (
    mean_overlap,
    mean_rank_biased_overlap,
    same_decision,
    same_first,
    worst_recall,
)
from assistant.evaluation.metrics.relevance import answer_relevance_proxy
from assistant.evaluation.metrics.words import content_words, word_cosine
from assistant.evaluation.observed import from_answer
from assistant.evaluation.score import Score
from assistant.evaluation.trial import Trial
from tests.evaluation.subjects import answer, evidence

CASE = VignetteCase(
    id="v",
    situation="s",
    factors={"proximity": "high", "absorptive-capacity": "low"},
    best=("mentoring",),
    acceptable=("site-visit",),
    wrong=(
        WrongMechanism("webinar", "too thin"),
        WrongMechanism("conference", "too dear", strength="poor-fit"),
    ),
)
NONE = VignetteCase(id="n", situation="s")


def test_the_best_mechanism_counts_at_its_place() -> None:
    ranked = ("site-visit", "mentoring", "webinar")
    assert best_at(ranked, CASE, 1).value == 0.0
    assert best_at(ranked, CASE, 3).value == 1.0
    assert sound_at(ranked, CASE, 1).value == 1.0
    assert reciprocal_rank(ranked, CASE).value == 0.5
    assert reciprocal_rank((), CASE).value == 0.0


def test_advising_nothing_is_right_where_nothing_is_warranted() -> None:
    assert best_at((), NONE, 1).value == 1.0
    assert best_at(("webinar",), NONE, 1).value == 0.0
    assert not sound_at((), NONE, 1).applies


def test_wrong_advice_is_told_apart_by_how_wrong_it_is() -> None:
    assert wrong_at(("conference", "webinar"), CASE, 1).value == 0.0
    assert wrong_at(("conference", "webinar"), CASE, 2).value == 1.0
    assert wrong_at(("conference",), CASE, 1, strength="poor-fit").value == 1.0
    assert not wrong_at(("webinar",), NONE, 3).applies


def test_factors_are_scored_by_step_and_by_opposite_ends() -> None:
    found = {"proximity": "mid", "absorptive-capacity": "high", "unlisted": "low"}
    assert factor_recall({"proximity": "mid"}, CASE).value == 0.5
    assert factor_level(found, CASE).value == pytest.approx((0.5 + 0.0) / 2)
    assert opposite_level(found, CASE).value == 0.5
    assert not factor_level({}, CASE).applies
    placed = replace(CASE, quadrant="formal-internal")
    assert quadrant_right("formal-internal", placed).value == 1.0
    assert quadrant_right(None, placed).value == 0.0
    assert not quadrant_right("formal-internal", CASE).applies
    assert not factor_recall({}, NONE).applies


def test_token_f1_counts_words_with_their_repeats() -> None:
    # common: what, of, the -> 3; lengths 4 and 5
    assert token_f1("What of the trust?", "what of the the trusts").value == pytest.approx(2 * 3 / 9)
    assert token_f1("", "word").value == 0.0
    assert not token_f1("word", " ?").applies


def test_only_the_words_a_person_added_are_looked_for() -> None:
    assert added_words_recall("did it work?", "did the visit work", "did peer visits work?").value == 0.0
    assert added_words_recall("did it work?", "did peer review work", "did peer visits work?").value == 0.5
    assert not added_words_recall("did it work?", "x", "Did it work").applies


def test_harm_is_a_change_to_a_turn_that_needs_none() -> None:
    assert harm("Did it work?", "did it work", "Did it work").value == 0.0
    assert harm("Did it work?", "Did the visit work?", "Did it work?").value == 1.0
    assert not harm("Did it work?", "x", "Did the visit work?").applies


def test_paraphrases_are_compared_in_pairs() -> None:
    lists = [["a", "b"], ["b", "a"], ["c", "d"]]
    assert mean_overlap(lists).value == pytest.approx(1 / 3)
    assert mean_rank_biased_overlap([["a"], ["a"]]).value == pytest.approx(1.0)
    assert not mean_overlap([["a"]]).applies
    assert mean_overlap([["a"], []]).value == 0.0


def test_a_wording_that_finds_nothing_lowers_the_mean_and_is_not_dropped() -> None:
    assert mean_rank_biased_overlap([["a"], ["a"], []]).value == pytest.approx(1 / 3)


def test_a_group_agrees_only_if_all_wordings_do() -> None:
    assert same_decision([True, True]).value == 1.0
    assert same_decision([True, False]).value == 0.0
    assert not same_decision([True]).applies
    assert same_first([["a", "b"], ["a"]]).value == 1.0
    assert same_first([["a"], []]).value == 0.0
    assert worst_recall([["a", "b"], ["c"]], {"a": 1, "b": 1}).value == 0.0
    assert not worst_recall([["a"]], {}).applies


def test_the_relevance_proxy_has_the_value_worked_out_by_hand() -> None:
    seen = from_answer(answer("visits help?", cited=[evidence("s-f01", "visits cost time")]))
    # cosine of {visits, help} and {visits, cost, time}: 1 / sqrt(2 * 3); key words addressed: 1 of 2
    assert answer_relevance_proxy(seen).value == pytest.approx(0.5 / 6**0.5 + 0.25)
    assert answer_relevance_proxy(seen, cosine=lambda a, b: -0.4).value == pytest.approx(0.25)
    assert answer_relevance_proxy(from_answer(answer("q", state=State.REFUSED))).reason == "refused"


def test_words_that_carry_no_meaning_do_not_count() -> None:
    assert content_words("What is the visit for?") == ("visit",)
    assert word_cosine("the of", "visit") == 0.0


def test_confidence_is_scored_by_squared_distance_and_by_bins() -> None:
    assert brier([True, False], [0.8, 0.4]).value == pytest.approx((0.04 + 0.16) / 2)
    # two bins of two: gaps |0.5 - 0.15| and |1 - 0.85|
    ece = expected_calibration_error([False, True, True, True], [0.1, 0.2, 0.8, 0.9], bins=2)
    assert ece.value == pytest.approx((2 * 0.35 + 2 * 0.15) / 4)
    assert not brier([], []).applies
    assert not expected_calibration_error([True], [1.0]).applies


def test_times_are_summed_up_by_stage_after_the_warm_up() -> None:
    spent = by_stage([{"find": 100.0}, {"find": 1.0, "write": 5.0}, {"find": 3.0}], warm_up=1)
    assert (spent["find"].p50_ms, spent["find"].n) == (2.0, 2)
    assert spent["find"].p95_ms == pytest.approx(2.9)
    assert spent["write"].n == 1


def test_the_support_check_is_itself_checked_against_what_people_say() -> None:
    claim = ClaimCase(id="c", evidence="Scores rose by 5%.", statement="Scores rose by 6%.", supported=False)
    judge = FUNCTIONS.load("support_check_right")
    assert judge(Trial(case=claim), Context()).value == 1.0
    assert judge(Trial(case=replace(claim, supported=True)), Context()).value == 0.0
    assert judge(Trial(case=claim), Context(phi=lambda evidence, statement: True)).value == 0.0


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_of_the_table_loads_and_says_why_it_has_nothing_to_judge(name: str) -> None:
    from assistant.evaluation.cases import (
        CASE_TYPES,
        DialogueCase,
        ParaphraseCase,
        QuestionCase,
        UnanswerableCase,
    )

    made = {
        "questions": QuestionCase(id="q", question="q", relevant={}),
        "unanswerable": UnanswerableCase(id="u", question="q", kind="near-miss"),
        "vignettes": NONE,
        "dialogues": DialogueCase(id="d", turns=(), standalone="q", relevant={}),
        "paraphrases": ParaphraseCase(id="p", questions=("a", "b")),
    }
    assert set(made) == set(CASE_TYPES) - {"claims"}
    for kind in set(METRICS[name].cases) - {"claims"}:
        score = FUNCTIONS.load(name)(Trial(case=made[kind]), Context())
        assert isinstance(score, Score)
        assert not score.applies
        assert score.reason
