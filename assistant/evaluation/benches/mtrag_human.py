"""MTRAG, answers rated by three people: how far people agree, and how far a score agrees with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from assistant.evaluation.agreement import alpha_with_interval
from assistant.evaluation.benches.parts import BenchRow, Measured, Parts
from assistant.evaluation.loading import read_records
from assistant.evaluation.statistics import Interval, resampled

SCALES = {"faithfulness": "RAGAS-type LLM score 0.668, ROUGE-L 0.472", "completeness": "0.465, ROUGE-L 0.253"}


def measure(folder: Path, parts: Parts) -> Measured:
    """Alpha of the raters, and Spearman of the support check with their mean rating."""
    rated = [record for _, record in read_records(folder / "ratings.jsonl.gz")]
    tasks = {task["id"]: task for _, task in read_records(folder / "tasks.jsonl.gz")}
    rows = [_alpha(rated, scale) for scale in ("naturalness", "appropriateness", *reversed(SCALES))]
    skipped = []
    if parts.support is None:
        skipped.append("calibration, no support check is offered")
    else:
        check = parts.support
        scored = [check(_evidence(tasks[r["task_id"]]), r["response"]) for r in rated]
        for scale, beside in SCALES.items():
            people = [float(np.mean(list(r["ratings"][scale].values()))) for r in rated]
            found = spearman(scored, people, [str(r["task_id"]) for r in rated])
            rows.append(BenchRow("mtrag_human", f"Spearman of the support check with {scale}", found, beside))
    return Measured("mtrag_human", tuple(rows), tuple(skipped))


def _evidence(task: dict[str, Any]) -> str:
    return "\n".join(context["text"] for context in task["contexts"])


def _alpha(rated: Sequence[dict[str, Any]], scale: str) -> BenchRow:
    found = alpha_with_interval([list(record["ratings"][scale].values()) for record in rated])
    bounds = Interval(found.value, found.low, found.high, "bootstrap", found.things, found.things)
    return BenchRow("mtrag_human", f"alpha of the raters, {scale}", bounds)


def spearman(first: Sequence[float], second: Sequence[float], clusters: Sequence[str]) -> Interval:
    """Spearman's rank correlation with an interval over clusters; no value where one side never varies."""
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)

    def judge(places: np.ndarray) -> float | None:
        if len(set(a[places])) < 2 or len(set(b[places])) < 2:
            return None
        return float(stats.spearmanr(a[places], b[places]).statistic)

    made: Callable[[np.ndarray], float | None] = judge
    return resampled(made, clusters)
