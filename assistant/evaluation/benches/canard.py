"""CANARD: rewriting follow-up questions so that they stand alone (Elgohary and others 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.evaluation.benches.parts import BenchRow, Measured, Parts, averaged
from assistant.evaluation.loading import read_records
from assistant.evaluation.metrics import contextual

Turns = Sequence[tuple[str, str]]


def measure(folder: Path, parts: Parts) -> Measured:
    """Rewrites beside those by people, and the agreement of two people as the ceiling."""
    if parts.rewrite is None:
        return Measured("canard", (), ("no rewriting is offered",))
    turns = [turn for _, turn in read_records(folder / "rewrites.jsonl.gz")]
    rows = rewrite_rows(
        "canard",
        parts,
        [(str(t["dialogue_id"]), t["question"], t["rewrite"], alternating(t)) for t in turns],
        beside="copying 0.677, two people 0.872; target 0.74",
    )
    pairs = [pair for _, pair in read_records(folder / "two_rewrites.jsonl")]
    people = ((str(p["id"]), contextual.token_f1(p["rewrite_a"], p["rewrite_b"])) for p in pairs)
    return Measured("canard", (*rows, averaged("canard", "token F1, two people", people)))


def alternating(turn: dict[str, Any]) -> Turns:
    """What was known before: the topic (article and section), then question and answer by turns."""
    said = [("user" if place % 2 == 0 else "assistant", text) for place, text in enumerate(turn["history"])]
    return (*(("topic", name) for name in turn["topic"]), *said)


def rewrite_rows(
    bench: str, parts: Parts, turns: Sequence[tuple[str, str, str, Turns]], *, beside: str
) -> tuple[BenchRow, ...]:
    """Token F1, recall of the words people added, and harm; `turns`: (cluster, question, rewrite, before)."""
    assert parts.rewrite is not None  # noqa: S101 -- callers look first
    own = [parts.rewrite(question, before) for _, question, _, before in turns]
    done = list(zip(turns, own, strict=True))
    f1 = ((c, contextual.token_f1(new, gold)) for (c, _, gold, _), new in done)
    added = ((c, contextual.added_words_recall(q, new, gold)) for (c, q, gold, _), new in done)
    harm = ((c, contextual.harm(q, new, gold)) for (c, q, gold, _), new in done)
    return (
        averaged(bench, "token F1", f1, beside=beside),
        averaged(bench, "recall of the words people added", added),
        averaged(bench, "harm on turns that need no change", harm, beside="target <= 0.02"),
    )
