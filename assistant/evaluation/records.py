"""What a run leaves behind: one record per case, and the numbers that sum them up. Plain data, stable bytes.

Times are kept apart, so that two runs of the same thing are equal byte for byte.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluation.cases import CASE_TYPES, Case, UnanswerableCase, VignetteCase
from assistant.evaluation.loading import read_records
from assistant.evaluation.metrics import METRICS, abstention
from assistant.evaluation.score import Score
from assistant.evaluation.statistics import Interval, summarise, wilson
from assistant.evaluation.trial import Trial

Json = dict[str, Any]
RECORDS, SUMMARY, TIMINGS, TIMES = "records.jsonl", "summary.json", "timings.jsonl", "timings.json"


def dumps(value: object, *, indent: int | None = None) -> str:
    """`value` as JSON with sorted keys and numbers rounded to 9 places: equal values give equal bytes."""
    return json.dumps(_rounded(value), ensure_ascii=False, indent=indent, sort_keys=True, allow_nan=False)


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 9) + 0.0
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return value


def fingerprint(value: object) -> str:
    """First 16 digits of the SHA-256 of the value as JSON."""
    return sha256(dumps(value).encode()).hexdigest()[:16]


def kind_name(case: Case) -> str:
    """The kind of a case, as its folder is called."""
    return next(name for name, kind in CASE_TYPES.items() if isinstance(case, kind))


def record_of(trial: Trial, scores: Mapping[str, Score], *, run: str, notes: Mapping[str, Any]) -> Json:
    """Everything about one case except the time it took; `run` is the fingerprint of the run."""
    case = trial.case
    return {
        "id": case.id,
        "run": run,
        "kind": kind_name(case),
        "subkind": str(getattr(case, "kind", "")),
        "group": case.group,
        "role": case.role,
        "question": asked(case),
        "turns": [asdict(turn) for turn in getattr(case, "turns", ())[:-1]],
        "labels": labels(case),
        "answer": trial.answer.as_json() if trial.answer else None,
        "hits": _hits(trial),
        "floor": list(trial.floor) if trial.floor is not None else None,
        "ceiling": list(trial.ceiling) if trial.ceiling is not None else None,
        "mechanisms": list(trial.mechanisms) if trial.mechanisms is not None else None,
        "factors": dict(trial.factors) if trial.factors is not None else None,
        "quadrant": trial.quadrant,
        "variants": [
            {"question": v.answer.question, "state": v.answer.state, "found": list(v.ranked)}
            for v in trial.variants
            if v.answer
        ],
        "receipt_faults": list(trial.receipt_faults) if trial.receipt_faults is not None else None,
        "error": trial.error or None,
        "scores": {name: score.value for name, score in scores.items() if score.applies},
        "not_applicable": {name: score.reason for name, score in scores.items() if not score.applies},
        **notes,
    }


def _hits(trial: Trial) -> list[Json] | None:
    if trial.hits is None:
        return None
    return [
        {"rank": rank, "id": hit.key, "passage_id": hit.passage_id, "score": hit.score}
        for rank, hit in enumerate(trial.hits, start=1)
    ]


def asked(case: Case) -> str:
    """The words that were put to the assistant; for a conversation, its last turn."""
    for name in ("question", "situation", "last", "statement"):
        if hasattr(case, name):
            return str(getattr(case, name))
    return str(getattr(case, "questions", ("",))[0])


def labels(case: Case) -> Json:
    """What people say a good reply holds."""
    if isinstance(case, UnanswerableCase):
        return {"acceptable": case.acceptable, "related": list(case.related)}
    if isinstance(case, VignetteCase):
        wrong = [w.mechanism for w in case.wrong if w.strength == "clear"]
        return {"best": list(case.best), "acceptable": list(case.acceptable), "wrong": wrong}
    return {"relevant": dict(getattr(case, "relevant", {}))}


def summary_of(records: Sequence[Json], metrics: Sequence[str], *, seed: int) -> Json:
    """Every metric over all cases and by kind of question, the four-cell table, and the faults."""
    return {
        "cases": len(records),
        "cases_by_kind": dict(Counter(record["kind"] for record in records)),
        "failed": [record["id"] for record in records if record["error"]],
        "metrics": {name: metric_summary(records, name, seed=seed) for name in metrics},
        "by_subkind": _by_subkind(records, metrics, seed=seed),
        "abstention": abstention_summary(records),
    }


def metric_summary(records: Sequence[Json], name: str, *, seed: int) -> Json:
    """Mean, interval, and every case left out by reason. A metric with no case has no value, never 0."""
    values, groups, left_out = [], [], Counter[str]()
    for record in records:
        if name in record["scores"]:
            values.append(float(record["scores"][name]))
            groups.append(record["group"])
        elif name in record["not_applicable"]:
            left_out[record["not_applicable"][name]] += 1
    row = METRICS[name]
    return {
        **interval_json(summarise(values, groups, seed=seed)),
        "not_applicable": dict(sorted(left_out.items())),
        "better": row.better,
        "checked_by": row.checked_by,
        "says": row.says,
    }


def interval_json(found: Interval) -> Json:
    """An interval as plain data."""
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "interval": found.method,
        "n": found.n,
        "clusters": found.clusters,
    }


def _by_subkind(records: Sequence[Json], metrics: Sequence[str], *, seed: int) -> Json:
    parts: dict[str, list[Json]] = {}
    for record in records:
        if record["subkind"]:
            parts.setdefault(f"{record['kind']}: {record['subkind']}", []).append(record)
    table: Json = {}
    for part, some in sorted(parts.items()):
        rows = {name: metric_summary(some, name, seed=seed) for name in metrics}
        table[part] = {
            name: {key: row[key] for key in ("value", "low", "high", "n")}
            for name, row in rows.items()
            if row["n"]
        }
    return table


def abstention_summary(records: Iterable[Json]) -> Json | None:
    """The four cells with their shares, and risk against coverage by the score of the best passage found.

    Declined: refused, or answered in part with a stated reason (a false premise that was put right).
    None if there are not both answerable and unanswerable questions.
    """
    judged = [r for r in records if r["answer"] and r["kind"] in {"questions", "unanswerable"}]
    answerable = [r["kind"] == "questions" for r in judged]
    if len(set(answerable)) < 2:
        return None
    declined = [r["answer"]["state"] == "refused" or r["answer"]["reason"] is not None for r in judged]
    cells = abstention.four_cells(answerable, declined)
    hopeless = cells.answered_unanswerable + cells.refused_unanswerable
    hopeful = cells.answered_answerable + cells.refused_answerable
    confidence = [float(r["hits"][0]["score"]) if r["hits"] else 0.0 for r in judged]
    return {
        "cells": {
            "answered_answerable": cells.answered_answerable,
            "declined_answerable": cells.refused_answerable,
            "answered_unanswerable": cells.answered_unanswerable,
            "declined_unanswerable": cells.refused_unanswerable,
        },
        "over_refusal": interval_json(wilson(cells.refused_answerable, hopeful)),
        "unsupported_answers": interval_json(wilson(cells.answered_unanswerable, hopeless)),
        "precision": cells.precision.value,
        "recall": cells.recall.value,
        "f1": cells.f1.value,
        "confidence": "score of the best passage found",
        "auroc": abstention.auroc(answerable, confidence).value,
        "risk_coverage_area": abstention.risk_coverage_area(answerable, confidence).value,
        "risk_coverage": [list(point) for point in abstention.risk_coverage(answerable, confidence)],
    }


def read_run(folder: Path) -> tuple[Json, tuple[Json, ...]]:
    """(summary, records) of a run's folder, metrics in table order. Raises InputError if it is none."""
    for name in (SUMMARY, RECORDS):
        if not (folder / name).is_file():
            hint = "Give the folder that `assistant evaluate` wrote."
            raise InputError(f"{folder} is no run: {name} is missing.", hint=hint)
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        raise InputError(f"{folder / SUMMARY} is not JSON.") from None
    known = [name for name in METRICS if name in summary["metrics"]]
    summary["metrics"] = {name: summary["metrics"][name] for name in known}
    return summary, tuple(record for _, record in read_records(folder / RECORDS))
