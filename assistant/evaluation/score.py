"""What one metric says about one case: a number, or why there is none. Never a silent zero or NaN."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """A finite number, or None with the reason it does not apply."""

    value: float | None
    reason: str = ""
    """Why there is no number; empty when there is one."""

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError("a score without a number must say why")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"a score must be finite, not {self.value}")

    @classmethod
    def of(cls, value: float | bool) -> Score:
        """A score with that number; True counts as 1 and False as 0."""
        return cls(float(value))

    @classmethod
    def none(cls, reason: str) -> Score:
        """A score that does not apply, and why."""
        return cls(None, reason)

    @property
    def applies(self) -> bool:
        """True if there is a number."""
        return self.value is not None


def share(part: int, whole: int, *, nothing: str) -> Score:
    """`part / whole`; not applicable with the reason `nothing` when the whole is 0."""
    return Score.of(part / whole) if whole else Score.none(nothing)
