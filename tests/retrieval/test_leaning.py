from __future__ import annotations

import numpy as np
import pytest

from assistant.retrieval.leaning import Leaning, Leanings, Vectors


def crowd(centre: int, size: int, *, seed: int, dimensions: int = 16) -> Vectors:
    """Unit rows scattered round one axis."""
    rows = np.random.default_rng(seed).normal(0.0, 0.3, (size, dimensions))
    rows[:, centre] += 1.0
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_an_unseen_question_leans_towards_its_own_crowd() -> None:
    leaning = Leaning(crowd(0, 80, seed=1), crowd(3, 60, seed=2))
    assert min(leaning(row) for row in crowd(0, 20, seed=3)) > 0
    assert max(leaning(row) for row in crowd(3, 20, seed=4)) < 0


def test_a_crowd_does_not_win_by_being_larger() -> None:
    between = np.zeros(16, dtype=np.float32)
    between[[0, 3]] = np.sqrt(0.5)
    even = Leaning(crowd(0, 60, seed=1), crowd(3, 60, seed=2))(between)
    uneven = Leaning(np.repeat(crowd(0, 60, seed=1), 10, axis=0), crowd(3, 60, seed=2))(between)
    assert uneven == pytest.approx(even, abs=1e-5)


def test_swapping_the_crowds_turns_the_sign() -> None:
    one, other, row = crowd(0, 50, seed=1), crowd(3, 50, seed=2), crowd(0, 1, seed=9)[0]
    assert Leaning(one, other)(row) == pytest.approx(-Leaning(other, one)(row), abs=1e-5)


@pytest.mark.parametrize("empty", ["answered", "beyond", "both"])
def test_without_one_of_the_crowds_nothing_leans(empty: str) -> None:
    none = np.empty((0, 0), dtype=np.float32)
    rows = crowd(0, 5, seed=1)
    leaning = Leaning(none if empty != "beyond" else rows, none if empty != "answered" else rows)
    assert leaning(rows[0]) == 0.0


def test_each_kind_leans_by_its_own_examples_and_an_untaught_kind_not_at_all() -> None:
    answered, gap, weather = (crowd(axis, 60, seed=axis) for axis in (0, 3, 7))
    leanings = Leanings(answered, {"gap": gap, "weather": weather})
    row = crowd(3, 1, seed=30)[0]
    assert leanings("gap", row) == Leaning(answered, gap)(row) < 0
    assert leanings("weather", row) == Leaning(answered, weather)(row) > leanings("gap", row)
    assert leanings("unread", row) == 0.0
