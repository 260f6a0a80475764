"""Whether a stated confidence is worth its number. Confidences are from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.evaluation.score import Score


def brier(correct: Sequence[bool], confidence: Sequence[float]) -> Score:
    """Mean squared distance of confidence and outcome; 0 is perfect."""
    if not correct:
        return Score.none("no case")
    return Score.of(sum((c - k) ** 2 for k, c in zip(correct, confidence, strict=True)) / len(correct))


def expected_calibration_error(
    correct: Sequence[bool], confidence: Sequence[float], *, bins: int = 10
) -> Score:
    """Mean gap of confidence and share correct over bins that hold equally many cases."""
    if len(correct) < bins:
        return Score.none(f"fewer than {bins} cases")
    order = np.argsort(np.asarray(confidence), kind="stable")
    parts = np.array_split(order, bins)
    right, sure = np.asarray(correct, dtype=float), np.asarray(confidence, dtype=float)
    gaps = (len(part) * abs(right[part].mean() - sure[part].mean()) for part in parts)
    return Score.of(float(sum(gaps)) / len(correct))
