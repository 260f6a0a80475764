from __future__ import annotations

import math

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG

from assistant.evaluation.metrics.ranking import (
    mrr_at,
    ndcg_at,
    ordered,
    overlap_at,
    rank_biased_overlap,
    recall_at,
    span_coverage,
    success_at,
)
from assistant.evaluation.score import Score

RELEVANT = {"a": 2, "b": 1, "c": 1, "z": 0}
RANKED = ["x", "b", "a", "y"]


def test_recall_counts_the_share_of_gold_among_the_first_k() -> None:
    assert recall_at(RANKED, RELEVANT, 2).value == pytest.approx(1 / 3)
    assert recall_at(RANKED, RELEVANT, 10).value == pytest.approx(2 / 3)
    assert recall_at(RANKED, RELEVANT, 10, grade=2).value == 1.0


def test_ndcg_has_the_value_worked_out_by_hand() -> None:
    # gain 2^1 - 1 = 1 at place 2, 2^2 - 1 = 3 at place 3; ideal 3, 1, 1 at places 1, 2, 3
    got = 1 / math.log2(3) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at(RANKED, RELEVANT, 10).value == pytest.approx(got / ideal)


def test_a_perfect_order_has_an_ndcg_of_one() -> None:
    assert ndcg_at(["a", "c", "b"], RELEVANT, 10).value == pytest.approx(1.0)


def test_the_reciprocal_rank_is_that_of_the_first_relevant_item() -> None:
    assert mrr_at(RANKED, RELEVANT, 10).value == 0.5
    assert mrr_at(RANKED, RELEVANT, 1).value == 0.0


def test_success_needs_an_item_that_answers_directly() -> None:
    assert success_at(RANKED, RELEVANT, 2).value == 0.0
    assert success_at(RANKED, RELEVANT, 3).value == 1.0
    assert not success_at(RANKED, {"b": 1}, 3).applies


@pytest.mark.parametrize("measure", [recall_at, ndcg_at, mrr_at])
def test_an_empty_list_is_a_real_zero_and_an_empty_gold_set_is_no_score(measure) -> None:  # type: ignore[no-untyped-def]
    assert measure([], RELEVANT, 10) == Score(0.0)
    assert not measure(RANKED, {}, 10).applies
    assert not measure(RANKED, {"a": 0}, 10).applies


def test_a_repeated_id_counts_once() -> None:
    assert recall_at(["a", "a", "a", "b"], RELEVANT, 2) == recall_at(["a", "b"], RELEVANT, 2)
    assert ndcg_at(["a", "a", "b"], RELEVANT, 10) == ndcg_at(["a", "b"], RELEVANT, 10)


def test_ties_are_broken_by_id() -> None:
    assert ordered({"b": 1.0, "a": 1.0, "c": 2.0}) == ("c", "a", "b")


def test_coverage_is_the_share_of_gold_turns_inside_the_windows() -> None:
    assert span_coverage([(0, 3), (10, 12)], [(2, 5)]).value == 0.5
    assert span_coverage([], [(2, 5)]).value == 0.0
    assert not span_coverage([(0, 3)], []).applies


def test_overlap_is_taken_over_the_longer_list() -> None:
    assert overlap_at(["a", "b"], ["b", "c", "d"], 10).value == pytest.approx(1 / 3)
    assert not overlap_at([], [], 10).applies


def test_rank_biased_overlap_has_the_value_worked_out_by_hand() -> None:
    # depth 2, p 0.9: agreement 0/1 at depth 1 and 2/2 at depth 2
    expected = 1.0 * 0.9**2 + (0.1 / 0.9) * (0 * 0.9 + 1.0 * 0.9**2)
    assert rank_biased_overlap(["a", "b"], ["b", "a"], 10).value == pytest.approx(expected)
    assert rank_biased_overlap(["a", "b"], ["a", "b"], 10).value == pytest.approx(1.0)
    assert rank_biased_overlap(["a"], ["b"], 10).value == 0.0
    assert not rank_biased_overlap([], ["b"], 10).applies


@given(
    st.lists(st.sampled_from("abcdefghijklmnop"), max_size=14, unique=True),
    st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.integers(0, 3), min_size=1, max_size=8),
)
def test_the_measures_agree_with_an_independent_implementation(
    ranked: list[str], relevant: dict[str, int]
) -> None:
    if not any(relevant.values()) or not ranked:
        return
    run = {"q": {key: float(len(ranked) - place) for place, key in enumerate(ranked)}}
    exponential = {"q": {key: 2**grade - 1 for key, grade in relevant.items()}}
    theirs = ir_measures.calc_aggregate([R @ 5, RR @ 10], {"q": relevant}, run)
    assert recall_at(ranked, relevant, 5).value == pytest.approx(theirs[R @ 5])
    assert mrr_at(ranked, relevant, 10).value == pytest.approx(theirs[RR @ 10])
    gains = ir_measures.calc_aggregate([nDCG @ 10], exponential, run)
    assert ndcg_at(ranked, relevant, 10).value == pytest.approx(gains[nDCG @ 10])
