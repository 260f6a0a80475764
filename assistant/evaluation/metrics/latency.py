"""How long each stage took. Times are milliseconds; percentiles are of the cases that had the stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Spent:
    """Half of the cases took at most `p50_ms`, 19 in 20 at most `p95_ms`."""

    p50_ms: float
    p95_ms: float
    n: int


def by_stage(timings: Iterable[Mapping[str, float]], *, warm_up: int = 0) -> dict[str, Spent]:
    """Percentiles for each stage, in the order stages were first seen, without the first `warm_up` cases."""
    seen: dict[str, list[float]] = {}
    for place, stages in enumerate(timings):
        if place >= warm_up:
            for stage, spent in stages.items():
                seen.setdefault(stage, []).append(spent)
    return {stage: _spent(values) for stage, values in seen.items()}


def _spent(values: list[float]) -> Spent:
    p50, p95 = (float(x) for x in np.percentile(values, [50, 95]))
    return Spent(round(p50, 3), round(p95, 3), len(values))
