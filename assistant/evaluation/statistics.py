"""How sure a number is: intervals, paired tests, and correction for many looks. All repeat exactly by seed.

Cases that share a source (a meeting, an article, a group of paraphrases) are one cluster and move together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

SEED = 20260101
RESAMPLES = 10_000
_BLOCK = 500


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with its 95 % interval, and where both come from. Without clusters there is no number."""

    value: float | None
    low: float | None
    high: float | None
    method: str
    n: int
    clusters: int


@dataclass(frozen=True, slots=True)
class Paired:
    """How much b is above a on the same cases, and how likely so much is by chance alone."""

    delta: float | None
    low: float | None
    high: float | None
    p: float | None
    test: str
    n: int
    clusters: int


def interval(
    values: Sequence[float],
    clusters: Sequence[str],
    *,
    method: str = "percentile",
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Interval:
    """The mean with a 95 % cluster bootstrap interval, percentile or bca; values and clusters in step.

    With a single cluster there is nothing to resample and the interval is open (None).
    """
    if not values:
        return Interval(None, None, None, "none", 0, 0)
    sums, sizes = _per_cluster(values, clusters)
    mean = float(sums.sum() / sizes.sum())
    if len(sums) < 2:
        return Interval(mean, None, None, "one cluster: no interval", len(values), len(sums))
    drawn = _resampled_means(sums, sizes, seed=seed, resamples=resamples)
    if method == "bca":
        low, high = _bca(drawn, mean, sums, sizes)
    elif method == "percentile":
        low, high = (float(x) for x in np.percentile(drawn, [2.5, 97.5]))
    else:
        raise ValueError(f"no bootstrap called {method}")
    return Interval(mean, low, high, f"cluster bootstrap, {method}", len(values), len(sums))


def resampled(
    statistic: Callable[[np.ndarray], float | None],
    clusters: Sequence[str],
    *,
    seed: int = SEED,
    resamples: int = 1_000,
) -> Interval:
    """Any statistic of the cases, by their places, with a 95 % percentile interval over resampled clusters.

    A resample on which the statistic is undefined (None) is skipped.
    """
    everything = np.arange(len(clusters))
    value = statistic(everything) if len(clusters) else None
    if value is None:
        return Interval(None, None, None, "none", len(clusters), len(set(clusters)))
    names, where = np.unique(np.asarray(clusters), return_inverse=True)
    members = [everything[where == place] for place in range(len(names))]
    rng = np.random.default_rng(seed)
    drawn = [
        again
        for _ in range(resamples)
        if (again := statistic(np.concatenate([members[i] for i in rng.integers(0, len(names), len(names))])))
        is not None
    ]
    low, high = (float(x) for x in np.percentile(drawn, [2.5, 97.5]))
    return Interval(value, low, high, "cluster bootstrap, percentile", len(clusters), len(names))


def wilson(successes: int, n: int, *, z: float = 1.959963984540054) -> Interval:
    """A share with Wilson's score interval, which stays inside 0 and 1 and is right near both ends."""
    if not n:
        return Interval(None, None, None, "none", 0, 0)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if successes == 0 else float(centre - half)
    high = 1.0 if successes == n else float(centre + half)
    return Interval(share, low, high, "Wilson", n, n)


def summarise(values: Sequence[float], clusters: Sequence[str], *, seed: int = SEED) -> Interval:
    """Wilson for yes-or-no values with one case a cluster near 0 or 1, else the cluster bootstrap.

    Near means a share below 0.1 or above 0.9, where the bootstrap is too narrow (and empty at 0 and 1).
    For clustered values at exactly 0 or 1 Wilson counts clusters, not cases, as the independent trials.
    """
    binary = bool(values) and all(v in (0.0, 1.0) for v in values)
    if binary:
        share = sum(values) / len(values)
        distinct = len(set(clusters))
        if distinct == len(values) and not 0.1 <= share <= 0.9:
            return wilson(int(sum(values)), len(values))
        if share in (0.0, 1.0):
            by_cluster = wilson(int(share) * distinct, distinct)
            return Interval(
                share, by_cluster.low, by_cluster.high, "Wilson on clusters", len(values), distinct
            )
    return interval(values, clusters, seed=seed)


def paired_permutation(
    a: Sequence[float],
    b: Sequence[float],
    clusters: Sequence[str],
    *,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Paired:
    """Mean of b - a with a two-sided test that flips the sign of each cluster's sum.

    Up to 12 clusters every flip is tried (exact); beyond that, `resamples` random ones, and
    p = (1 + hits) / (1 + resamples).
    """
    if len(a) != len(b):
        raise ValueError("the two runs must be in step")
    if not a:
        return Paired(None, None, None, None, "none", 0, 0)
    differences = [y - x for x, y in zip(a, b, strict=True)]
    sums, sizes = _per_cluster(differences, clusters)
    p, name = _sign_flips(sums, seed=seed, resamples=resamples)
    bounds = interval(differences, clusters, seed=seed, resamples=resamples)
    assert bounds.value is not None  # noqa: S101
    return Paired(bounds.value, bounds.low, bounds.high, p, name, len(a), len(sizes))


def mcnemar(a: Sequence[bool], b: Sequence[bool]) -> Paired:
    """Exact McNemar test for yes-or-no results of two runs on the same, independent cases."""
    if len(a) != len(b):
        raise ValueError("the two runs must be in step")
    if not a:
        return Paired(None, None, None, None, "none", 0, 0)
    gained = sum(y and not x for x, y in zip(a, b, strict=True))
    lost = sum(x and not y for x, y in zip(a, b, strict=True))
    p = float(stats.binomtest(gained, gained + lost, 0.5).pvalue) if gained + lost else 1.0
    differences = [float(y) - float(x) for x, y in zip(a, b, strict=True)]
    bounds = interval(differences, [str(i) for i in range(len(a))])
    return Paired((gained - lost) / len(a), bounds.low, bounds.high, p, "McNemar exact", len(a), len(a))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p values corrected for looking at all of them (Holm 1979), by the same names, each at most 1."""
    corrected: dict[str, float] = {}
    highest = 0.0
    for place, name in enumerate(sorted(p_values, key=lambda key: (p_values[key], key))):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[name]))
        corrected[name] = highest
    return {name: corrected[name] for name in p_values}


def _per_cluster(values: Sequence[float], clusters: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    if len(values) != len(clusters):
        raise ValueError("every value needs its cluster")
    names, where = np.unique(np.asarray(clusters), return_inverse=True)
    sums = np.bincount(where, weights=np.asarray(values, dtype=float), minlength=len(names))
    return sums, np.bincount(where, minlength=len(names)).astype(float)


def _resampled_means(sums: np.ndarray, sizes: np.ndarray, *, seed: int, resamples: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    drawn = np.empty(resamples)
    for start in range(0, resamples, _BLOCK):
        stop = min(start + _BLOCK, resamples)
        picks = rng.integers(0, len(sums), size=(stop - start, len(sums)))
        drawn[start:stop] = sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    return drawn


def _bca(drawn: np.ndarray, mean: float, sums: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """Bias-corrected and accelerated bounds (Efron 1987), leaving out one cluster at a time."""
    below = (np.count_nonzero(drawn < mean) + 0.5 * np.count_nonzero(drawn == mean)) / len(drawn)
    if not 0 < below < 1:
        return mean, mean
    bias = stats.norm.ppf(below)
    without = (sums.sum() - sums) / (sizes.sum() - sizes)
    spread = without.mean() - without
    cubed = float((spread**2).sum() ** 1.5)
    pull = float((spread**3).sum()) / (6 * cubed) if cubed else 0.0
    bounds = []
    for tail in (0.025, 0.975):
        z = bias + stats.norm.ppf(tail)
        bounds.append(100 * float(stats.norm.cdf(bias + z / (1 - pull * z))))
    low, high = np.percentile(drawn, bounds)
    return float(low), float(high)


def _sign_flips(sums: np.ndarray, *, seed: int, resamples: int) -> tuple[float, str]:
    count = len(sums)
    seen = abs(sums.sum()) - 1e-12
    if count <= 12:
        codes = np.arange(2**count)[:, None]
        signs = 1 - 2 * ((codes >> np.arange(count)) & 1)
        every = int(np.count_nonzero(np.abs(signs @ sums) >= seen))
        return every / 2**count, "paired permutation on cluster sums, exact"
    rng = np.random.default_rng(seed)
    hits: int = 0
    for start in range(0, resamples, _BLOCK):
        size = min(_BLOCK, resamples - start)
        signs = 1 - 2 * rng.integers(0, 2, size=(size, count))
        hits += int(np.count_nonzero(np.abs(signs @ sums) >= seen))
    return (hits + 1) / (resamples + 1), f"paired permutation on cluster sums, {resamples} draws"
