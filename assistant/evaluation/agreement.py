"""How far raters agree. Raw agreement stands beside every coefficient, since skewed labels lower those.

Formulas: Cohen 1968 (weighted kappa), Krippendorff 2011 (alpha). Computed here; no outside code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from assistant.evaluation.score import Score
from assistant.evaluation.statistics import SEED

Level = Literal["nominal", "ordinal", "interval"]
Weights = Literal["none", "linear", "quadratic"]
Ratings = Sequence[Sequence[float]]
"""For each thing rated, the values it got, in any order; a thing may have any number of raters."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient with its 95 % interval, raw agreement beside it, and how much there was to compare."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    raw: float | None
    things: int
    ratings: int
    reason: str = ""
    """Why there is no coefficient."""

    @property
    def verdict(self) -> str:
        """Krippendorff's reading of an alpha, in words."""
        if self.value is None:
            return self.reason
        if self.value >= 0.80:
            return "reliable"
        if self.value >= 0.667:
            return "tentative"
        return "too low: mend the rubric before trusting the ratings"


def raw_agreement(ratings: Ratings) -> Score:
    """Share of pairs of ratings of one thing that are equal, each thing weighing the same."""
    shares = [
        sum(a == b for a, b in combinations(values, 2)) / (len(values) * (len(values) - 1) / 2)
        for values in ratings
        if len(values) > 1
    ]
    return Score.of(sum(shares) / len(shares)) if shares else Score.none("nothing was rated twice")


def cohen_kappa(
    first: Sequence[float],
    second: Sequence[float],
    *,
    weights: Weights = "quadratic",
    scale: Sequence[float] | None = None,
) -> Score:
    """Cohen's kappa of two raters on the same things; `scale` lists all steps, else those that occur.

    Weights count by the place of a step on the scale.
    """
    if len(first) != len(second):
        raise ValueError("both raters must have rated the same things")
    if not first:
        return Score.none("nothing was rated twice")
    steps = {value: i for i, value in enumerate(sorted(scale or {*first, *second}))}
    if len(steps) < 2:
        return Score.none("only one value was ever given")
    seen = np.zeros((len(steps), len(steps)))
    for a, b in zip(first, second, strict=True):
        seen[steps[a], steps[b]] += 1
    expected = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / len(first)
    cost = _cost(len(steps), weights)
    chance = float((cost * expected).sum())
    if not chance:
        return Score.none("only one value was ever given")
    return Score.of(1 - float((cost * seen).sum()) / chance)


def _cost(size: int, weights: Weights) -> np.ndarray:
    places = np.arange(size, dtype=float)
    apart: np.ndarray = np.abs(places[:, None] - places[None, :])
    power = {"none": 0, "linear": 1, "quadratic": 2}[weights]
    cost: np.ndarray = np.where(apart > 0, apart**power, 0.0)
    return cost


def krippendorff_alpha(ratings: Ratings, *, level: Level = "ordinal") -> Score:
    """Krippendorff's alpha; things with fewer than two ratings drop out."""
    paired = [values for values in ratings if len(values) > 1]
    if not paired:
        return Score.none("nothing was rated twice")
    totals = Counter(value for values in paired for value in values)
    if len(totals) < 2:
        return Score.none("only one value was ever given")
    apart = _distance(totals, level)
    observed = sum(
        2 * sum(apart(a, b) for a, b in combinations(values, 2)) / (len(values) - 1) for values in paired
    )
    n = totals.total()
    expected = 2 * sum(totals[a] * totals[b] * apart(a, b) for a, b in combinations(totals, 2)) / (n - 1)
    return Score.of(1 - observed / expected)


def _distance(totals: Mapping[float, int], level: Level) -> Callable[[float, float], float]:
    """The squared difference of two values at that level of measurement."""
    if level == "nominal":
        return lambda a, b: float(a != b)
    if level == "interval":
        return lambda a, b: (a - b) ** 2
    below, running = {}, 0.0
    for value in sorted(totals):
        below[value] = running + totals[value] / 2
        running += totals[value]
    return lambda a, b: (below[a] - below[b]) ** 2


def alpha_with_interval(
    ratings: Ratings, *, level: Level = "ordinal", seed: int = SEED, resamples: int = 1_000
) -> Agreement:
    """Alpha with a percentile bootstrap over things. Resamples with a single value are skipped."""
    paired = [tuple(values) for values in ratings if len(values) > 1]
    found = krippendorff_alpha(paired, level=level)
    raw = raw_agreement(paired)
    name = f"Krippendorff's alpha ({level})"
    count = sum(map(len, paired))
    if found.value is None:
        return Agreement(name, None, None, None, raw.value, len(paired), count, found.reason)
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(resamples):
        picked = [paired[i] for i in rng.integers(0, len(paired), size=len(paired))]
        again = krippendorff_alpha(picked, level=level).value
        if again is not None:
            drawn.append(again)
    low, high = (float(x) for x in np.percentile(drawn, [2.5, 97.5])) if drawn else (None, None)
    return Agreement(name, found.value, low, high, raw.value, len(paired), count)


def kappa_with_interval(
    first: Sequence[float],
    second: Sequence[float],
    *,
    weights: Weights = "quadratic",
    scale: Sequence[float] | None = None,
    seed: int = SEED,
    resamples: int = 1_000,
) -> Agreement:
    """Cohen's kappa with a percentile bootstrap over things. Resamples with a single value are skipped."""
    found = cohen_kappa(first, second, weights=weights, scale=scale)
    raw = raw_agreement(list(zip(first, second, strict=True)))
    name = "Cohen's kappa" if weights == "none" else f"Cohen's {weights} weighted kappa"
    if found.value is None:
        return Agreement(name, None, None, None, raw.value, len(first), 2 * len(first), found.reason)
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(resamples):
        picks = rng.integers(0, len(first), size=len(first))
        again = cohen_kappa(
            [first[i] for i in picks], [second[i] for i in picks], weights=weights, scale=scale
        ).value
        if again is not None:
            drawn.append(again)
    low, high = (float(x) for x in np.percentile(drawn, [2.5, 97.5])) if drawn else (None, None)
    return Agreement(name, found.value, low, high, raw.value, len(first), 2 * len(first))
