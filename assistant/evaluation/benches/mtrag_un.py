"""MTRAG-UN: last turns of real conversations: answer, abstain or ask back (Rosenthal and others 2026)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from assistant.evaluation.benches.parts import BenchRow, Measured, Parts, Record, averaged
from assistant.evaluation.loading import read_records
from assistant.evaluation.metrics import ranking
from assistant.evaluation.statistics import resampled

DECISIONS = {"answerable": "answer", "partial": "answer", "unanswerable": "abstain", "underspecified": "ask"}


def measure(folder: Path, parts: Parts) -> Measured:
    """Retrieval over the pooled passages in three wordings, and the three-way decision."""
    tasks = [task for _, task in read_records(folder / "tasks.jsonl.gz")]
    rows: list[BenchRow] = []
    skipped = []
    if parts.search_in is None:
        skipped.append("retrieval, no search is offered")
    else:
        rows += _retrieval(parts, tasks)
    if parts.decide is None or parts.search_in is None:
        skipped.append("decision, no search with a decision is offered")
    else:
        rows.append(_decision(parts, tasks))
    return Measured("mtrag_un", tuple(rows), tuple(skipped))


def before(task: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What was said before, as (role, text)."""
    return tuple(
        ("user" if turn["speaker"] == "user" else "assistant", turn["text"]) for turn in task["history"]
    )


def pooled(tasks: Sequence[dict[str, Any]]) -> tuple[Record, ...]:
    """Every reference passage of every task, once, by id."""
    found = {str(c["id"]): c for task in tasks for c in task["contexts"]}
    return tuple(Record(key, found[key].get("title") or "", found[key]["text"]) for key in sorted(found))


def _retrieval(parts: Parts, tasks: Sequence[dict[str, Any]]) -> list[BenchRow]:
    assert parts.search_in is not None  # noqa: S101 -- the caller looked
    search = parts.search_in(pooled(tasks))
    asked = [t for t in tasks if t["contexts"] and DECISIONS[t["answerability"]] == "answer"]

    def last(task: dict[str, Any]) -> str:
        return str(task["question"])

    def users(task: dict[str, Any]) -> str:
        return " ".join([*(text for role, text in before(task) if role == "user"), task["question"]])

    wordings: dict[str, tuple[Callable[[dict[str, Any]], str], str]] = {
        "nDCG@10, last turn": (last, "BM25 0.826"),
        "nDCG@10, all user turns": (users, "BM25 0.888"),
    }
    if parts.rewrite is not None:
        rewrite = parts.rewrite
        wordings["nDCG@10, own rewrite"] = (lambda t: rewrite(t["question"], before(t)), "target 0.90")
    rows = []
    for name, (wording, beside) in wordings.items():
        scored = [
            (
                str(task["conversation_id"]),
                ranking.ndcg_at(search(wording(task), 10), {str(c["id"]): 1 for c in task["contexts"]}, 10),
            )
            for task in asked
        ]
        rows.append(averaged("mtrag_un", name, scored, beside=beside))
    return rows


def _asked(parts: Parts, task: dict[str, Any]) -> str:
    question = str(task["question"])
    return parts.rewrite(question, before(task)) if parts.rewrite else question


def _decision(parts: Parts, tasks: Sequence[dict[str, Any]]) -> BenchRow:
    """The decision on the passages found; the reference passages would give it away, being empty for most."""
    assert parts.decide is not None  # noqa: S101 -- the caller looked
    assert parts.search_in is not None  # noqa: S101
    records = pooled(tasks)
    texts = {record.id: record.text for record in records}
    search = parts.search_in(records)
    truth = np.array([DECISIONS[task["answerability"]] for task in tasks])
    made = []
    for task in tasks:
        found = [texts[key] for key in search(_asked(parts, task), 5)]
        made.append(parts.decide(task["question"], before(task), found))
    said = np.array(made)
    kinds = sorted(set(DECISIONS.values()))

    def judge(places: np.ndarray) -> float | None:
        return float(f1_score(truth[places], said[places], labels=kinds, average="macro", zero_division=0))

    clusters = [str(task["conversation_id"]) for task in tasks]
    return BenchRow("mtrag_un", "answer, abstain or ask, macro-F1", resampled(judge, clusters), "target 0.50")
