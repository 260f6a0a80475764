"""Joining rankings: the same whatever the order of what comes in, and fair to what one search cannot see."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.fusion import fuse, ranked, standardise

NAMES = st.sampled_from([f"p{n}" for n in range(12)])
SCORES = st.dictionaries(NAMES, st.floats(-50, 50, allow_nan=False).map(lambda x: round(x, 3)), max_size=12)
FOUND = st.dictionaries(st.sampled_from(["text", "aid", "keyword"]), SCORES.filter(bool), max_size=3)
WEIGHTS = {"text": 1.0, "aid": 0.7, "keyword": 2.0}


@given(FOUND, st.randoms())
def test_the_order_of_searches_and_of_their_finds_does_not_matter(found, random) -> None:
    shuffled = {}
    for name in random.sample(sorted(found), len(found)):
        shuffled[name] = {i: found[name][i] for i in random.sample(sorted(found[name]), len(found[name]))}
    weights = {name: WEIGHTS[name] for name in random.sample(sorted(WEIGHTS), len(WEIGHTS))}
    one = fuse(found, WEIGHTS, instead={"aid": "text"})
    other = fuse(shuffled, weights, instead={"aid": "text"})
    assert one.keys() == other.keys()
    assert all(math.isclose(one[i], other[i], abs_tol=1e-9) for i in one)
    assert ranked(one) == ranked(other)


@given(FOUND)
def test_whatever_any_search_found_is_ranked_once(found) -> None:
    order = ranked(fuse(found, WEIGHTS, instead={}))
    assert sorted(order) == sorted({i for scores in found.values() for i in scores})


@given(SCORES.filter(lambda scores: len(set(scores.values())) > 1))
def test_standard_scores_have_mean_zero_and_spread_one(scores) -> None:
    values = list(standardise(scores, scores).values())
    assert math.isclose(sum(values) / len(values), 0.0, abs_tol=1e-6)
    assert math.isclose(sum(v * v for v in values) / len(values), 1.0, rel_tol=1e-6)


@given(SCORES)
def test_a_standard_score_never_turns_an_order_round(scores) -> None:
    standing = standardise(scores, scores)
    for one in scores:
        for other in scores:
            if scores[one] > scores[other]:
                assert standing[one] >= standing[other]


def test_standard_scores_by_hand() -> None:
    assert standardise({"a": 3.0, "b": 1.0}, ["a", "b"]) == {"a": 1.0, "b": -1.0}
    assert standardise({"a": 3.0, "b": 1.0}, ["a", "b", "c"])["c"] == pytest.approx(-1 / math.sqrt(2))


def test_where_nothing_differs_nothing_is_lifted() -> None:
    assert standardise({"a": 2.0, "b": 2.0}, ["a", "b"]) == {"a": 0.0, "b": 0.0}
    assert standardise({}, ["a"]) == {"a": 0.0}
    assert standardise({"a": 1.0}, []) == {}


def test_what_a_search_did_not_find_stands_as_low_as_its_worst_find() -> None:
    standing = standardise({"a": 5.0, "b": 1.0}, ["a", "b", "c"])
    assert standing["c"] == standing["b"]


def test_what_a_search_cannot_see_borrows_its_standing_from_another() -> None:
    found = {"text": {"prose": 9.0, "finding": 1.0}, "aid": {"finding": 5.0, "other": 1.0}}
    fair = fuse(found, {"aid": 1.0}, instead={"aid": "text"})
    text_alone = fuse(found, {"text": 1.0}, instead={})
    assert fair["prose"] == text_alone["prose"]
    unfair = fuse(found, {"aid": 1.0}, instead={})
    assert unfair["prose"] == min(unfair.values())


def test_nothing_is_borrowed_where_there_is_nothing_to_borrow_from() -> None:
    found = {"aid": {"a": 5.0, "b": 1.0}, "keyword": {"c": 1.0}}
    fused = fuse(found, {"aid": 1.0}, instead={"aid": "text"})
    assert fused["c"] == fused["b"]


def test_a_search_without_weight_does_not_count_and_one_without_finds_does_no_harm() -> None:
    found = {"text": {"a": 2.0, "b": 1.0}, "extra": {"b": 99.0}}
    assert fuse(found, {"text": 1.0, "keyword": 2.0}, instead={}) == {"a": 1.0, "b": -1.0}


def test_weights_are_felt() -> None:
    found = {"text": {"a": 2.0, "b": 1.0}, "keyword": {"a": 1.0, "b": 2.0}}
    assert ranked(fuse(found, {"text": 1.0, "keyword": 2.0}, instead={})) == ["b", "a"]
    assert ranked(fuse(found, {"text": 2.0, "keyword": 1.0}, instead={})) == ["a", "b"]


def test_ties_are_settled_by_id_even_where_they_differ_in_the_last_digits() -> None:
    assert ranked({"b": 1.0, "a": 1.0, "c": 2.0}) == ["c", "a", "b"]
    assert ranked({"b": 1.00000004, "a": 1.0}) == ["a", "b"]


def test_prose_is_weighed_alike_whether_or_not_the_library_holds_lay_questions() -> None:
    weights, instead = {"text": 1.0, "aid": 1.0, "keyword": 2.0}, {"aid": "text"}
    found = {"text": {"a": 2.0, "b": 1.0}, "keyword": {"a": 1.0, "b": 2.0}}
    alone = fuse(found, weights, instead=instead)
    assert alone == {"a": 0.0, "b": 0.0}
    assert fuse({**found, "aid": {}}, weights, instead=instead) == alone
