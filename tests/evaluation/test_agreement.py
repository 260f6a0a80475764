from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score

from assistant.evaluation.agreement import (
    alpha_with_interval,
    cohen_kappa,
    kappa_with_interval,
    krippendorff_alpha,
    raw_agreement,
)
from assistant.evaluation.loading import read_records

# The worked example of Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section C.
EXAMPLE = [
    [1, 1, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [5, 5, 5],
    [1, 1],
    [3],
]


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_has_the_values_of_the_published_example(level, expected) -> None:  # type: ignore[no-untyped-def]
    assert krippendorff_alpha(EXAMPLE, level=level).value == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_kappa_agrees_with_an_independent_implementation(weights) -> None:  # type: ignore[no-untyped-def]
    draw = random.Random(4)
    first = [draw.randint(1, 5) for _ in range(60)]
    second = [min(5, max(1, value + draw.choice([-1, 0, 0, 1]))) for value in first]
    theirs = cohen_kappa_score(first, second, weights=None if weights == "none" else weights)
    assert cohen_kappa(first, second, weights=weights).value == pytest.approx(theirs)


def test_a_step_of_the_scale_that_nobody_used_counts_as_a_step() -> None:
    near = cohen_kappa([1, 1, 5, 5], [1, 5, 5, 5], scale=[1, 2, 3, 4, 5]).value
    assert near == cohen_kappa([1, 1, 5, 5], [1, 5, 5, 5], weights="linear", scale=[1, 2, 3, 4, 5]).value
    assert (
        cohen_kappa([1, 2, 5], [1, 3, 5], scale=[1, 2, 3, 4, 5]).value
        != cohen_kappa([1, 2, 5], [1, 3, 5]).value
    )


def test_ratings_without_variation_have_no_coefficient_but_raw_agreement() -> None:
    assert krippendorff_alpha([[3, 3], [3, 3]]).reason == "only one value was ever given"
    assert cohen_kappa([3, 3], [3, 3]).reason == "only one value was ever given"
    assert raw_agreement([[3, 3], [3, 3]]).value == 1.0


def test_nothing_rated_twice_is_no_agreement_at_all() -> None:
    assert not krippendorff_alpha([[3], [4]]).applies
    assert not raw_agreement([[3], []]).applies
    assert not cohen_kappa([], []).applies


def test_intervals_repeat_by_seed_and_hold_the_value() -> None:
    found = alpha_with_interval(EXAMPLE)
    assert found == alpha_with_interval(EXAMPLE)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value <= found.high
    assert found.things == 11
    assert found.ratings == 40
    assert found.verdict == "reliable"
    first, second = [1, 2, 3, 4, 5, 3], [1, 2, 3, 5, 4, 3]
    assert kappa_with_interval(first, second) == kappa_with_interval(first, second)


def test_raw_agreement_weighs_every_thing_the_same() -> None:
    assert raw_agreement([[1, 1], [1, 2], [1, 1, 2]]).value == pytest.approx((1 + 0 + 1 / 3) / 3)


@pytest.mark.skipif("BENCH_FOLDER" not in os.environ, reason="the folder of public sets is not named")
def test_alpha_has_the_known_values_on_answers_rated_by_three_people() -> None:
    path = Path(os.environ["BENCH_FOLDER"]) / "mtrag_human" / "ratings.jsonl.gz"
    rated = [record["ratings"] for _, record in read_records(path)]
    for scale, expected in (("faithfulness", 0.5228), ("completeness", 0.2493)):
        alpha = krippendorff_alpha([list(ratings[scale].values()) for ratings in rated]).value
        assert alpha == pytest.approx(expected, abs=5e-5)
