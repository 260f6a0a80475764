from __future__ import annotations

import pytest

from assistant.evaluation.score import Score, share


def test_a_score_without_a_number_must_say_why() -> None:
    with pytest.raises(ValueError, match="must say why"):
        Score(None)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_score_is_never_nan_or_infinite(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Score.of(value)


def test_a_share_of_nothing_does_not_apply_and_is_not_zero() -> None:
    assert share(0, 0, nothing="no case") == Score(None, "no case")
    assert share(0, 4, nothing="no case") == Score(0.0)
    assert share(3, 4, nothing="no case") == Score(0.75)
