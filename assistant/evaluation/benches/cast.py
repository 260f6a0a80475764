"""TREC CAsT: conversational questions with rewrites by the organisers (Dalton and others)."""

from __future__ import annotations

from pathlib import Path

from assistant.evaluation.benches.canard import rewrite_rows
from assistant.evaluation.benches.parts import Measured, Parts
from assistant.evaluation.loading import read_records


def measure(folder: Path, parts: Parts) -> Measured:
    """Rewrites beside the organisers'; only questions came before, no answers."""
    if parts.rewrite is None:
        return Measured("cast", (), ("no rewriting is offered",))
    turns = [
        (f"{t['year']}-{t['topic']}", t["question"], t["rewrite"], tuple(("user", q) for q in t["history"]))
        for _, t in read_records(folder / "turns.jsonl")
    ]
    return Measured("cast", rewrite_rows("cast", parts, turns, beside="copying 0.784"))
