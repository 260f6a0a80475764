from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from assistant.evaluation.statistics import (
    holm,
    interval,
    mcnemar,
    paired_permutation,
    resampled,
    summarise,
    wilson,
)


def names(count: int) -> list[str]:
    return [f"c{i}" for i in range(count)]


def test_wilson_has_the_published_values() -> None:
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
    for successes, n, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        found = wilson(successes, n)
        assert found.low == pytest.approx(low, abs=5e-5)
        assert found.high == pytest.approx(high, abs=5e-5)


def test_a_share_of_nothing_has_no_interval() -> None:
    assert wilson(0, 0).value is None
    assert interval([], []).value is None


def test_the_interval_repeats_exactly_by_seed() -> None:
    values = [0.1, 0.5, 0.9, 0.4, 0.7, 0.2]
    assert interval(values, names(6)) == interval(values, names(6))
    assert interval(values, names(6), seed=1) != interval(values, names(6), seed=2)


def test_cases_that_share_a_source_give_a_wider_interval() -> None:
    values = [float(i % 10 >= 5) for i in range(100)]
    alone = interval(values, names(100))
    together = interval(values, [f"c{i % 10}" for i in range(100)])
    assert alone.value == together.value == 0.5
    assert alone.high is not None
    assert alone.low is not None
    assert together.high is not None
    assert together.low is not None
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert together.clusters == 10


def test_the_bootstrap_agrees_with_scipy_when_every_case_is_its_own_cluster() -> None:
    values = list(np.random.default_rng(5).gamma(2.0, size=60))
    for method, theirs in (("percentile", "percentile"), ("bca", "BCa")):
        other = stats.bootstrap(
            (values,), np.mean, n_resamples=10_000, method=theirs, rng=np.random.default_rng(9)
        ).confidence_interval
        own = interval(values, names(60), method=method)
        assert own.low == pytest.approx(other.low, abs=0.03)
        assert own.high == pytest.approx(other.high, abs=0.03)


def test_a_single_cluster_has_a_value_and_no_interval() -> None:
    found = interval([0.0, 1.0], ["same", "same"])
    assert (found.value, found.low, found.high) == (0.5, None, None)


def test_a_share_of_one_still_leaves_room_below() -> None:
    found = summarise([1.0] * 20, names(20))
    assert found.method == "Wilson"
    assert found.low == pytest.approx(0.8389, abs=1e-4)
    clustered = summarise([1.0] * 20, [f"c{i % 5}" for i in range(20)])
    assert clustered.low is not None
    assert found.low is not None
    assert clustered.low < found.low


def test_the_exact_permutation_test_tries_every_flip() -> None:
    a, b = [0.1, 0.2, 0.3, 0.4], [0.3, 0.2, 0.6, 0.35]
    differences = [y - x for x, y in zip(a, b, strict=True)]
    seen = abs(sum(differences))
    flips = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product([1, -1], repeat=4)
    ]
    expected = sum(flip >= seen - 1e-12 for flip in flips) / 16
    found = paired_permutation(a, b, names(4))
    assert found.p == pytest.approx(expected)
    assert found.delta == pytest.approx(sum(differences) / 4)
    assert "exact" in found.test


def test_the_random_permutation_test_agrees_with_scipy() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=40), rng.normal(loc=0.3, size=40)
    theirs = stats.permutation_test(
        (b, a), lambda x, y: np.mean(x - y), permutation_type="samples", n_resamples=9_999, rng=rng
    ).pvalue
    assert paired_permutation(list(a), list(b), names(40)).p == pytest.approx(theirs, abs=0.02)


def test_flips_are_of_whole_clusters() -> None:
    a, b = [0.0] * 20, [1.0] * 20
    alone = paired_permutation(a, b, names(20)).p
    together = paired_permutation(a, b, ["x"] * 10 + ["y"] * 10).p
    assert alone is not None
    assert alone < 0.001
    assert together == 0.5


def test_two_equal_runs_show_no_difference() -> None:
    found = paired_permutation([0.5, 0.7], [0.5, 0.7], names(2))
    assert (found.delta, found.p) == (0.0, 1.0)


def test_mcnemar_looks_at_the_cases_that_changed() -> None:
    before = [True] * 10 + [False] * 10
    after = [True] * 9 + [False] + [True] * 7 + [False] * 3
    found = mcnemar(before, after)
    assert found.delta == pytest.approx(0.3)
    assert found.p == pytest.approx(stats.binomtest(7, 8, 0.5).pvalue)
    assert mcnemar(before, before).p == 1.0


def test_holm_has_the_values_worked_out_by_hand() -> None:
    # sorted 0.01, 0.02, 0.04 times 3, 2, 1
    assert holm({"b": 0.04, "a": 0.01, "c": 0.02}) == pytest.approx({"b": 0.04, "a": 0.03, "c": 0.04})
    assert holm({"a": 0.6, "b": 0.7}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_any_statistic_gets_an_interval_over_clusters() -> None:
    values = np.arange(50, dtype=float)
    found = resampled(lambda places: float(np.median(values[places])), names(50))
    assert found.value == 24.5
    assert found.low is not None
    assert found.high is not None
    assert found.low < 24.5 < found.high


def test_runs_that_are_out_of_step_are_refused() -> None:
    with pytest.raises(ValueError, match="in step"):
        paired_permutation([1.0], [1.0, 2.0], ["a", "b"])
    with pytest.raises(ValueError, match="cluster"):
        interval([1.0, 2.0], ["a"])
