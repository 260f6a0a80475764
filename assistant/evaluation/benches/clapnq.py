"""CLAP NQ: answering from one passage, or not (Rosenthal and others 2024)."""

from __future__ import annotations

from pathlib import Path

from assistant.evaluation.benches.parts import Measured, Parts, refusal_rows
from assistant.evaluation.loading import read_records


def measure(folder: Path, parts: Parts) -> Measured:
    """The decision to answer or not, with the passage given."""
    if parts.answerable is None:
        return Measured("clapnq", (), ("no decision on a given passage is offered",))
    asked = [question for _, question in read_records(folder / "questions.jsonl.gz")]
    sure = [parts.answerable(q["question"], " ".join(q["sentences"]), q["title"]) for q in asked]
    beside = {
        "AUROC of answerable": "word overlap 0.754, MiniLM 0.890",
        "abstain F1, best cut on this data": "word overlap 0.725, always abstaining 0.687",
        "abstain F1, best cut with over-refusal <= 5 %": "target 0.80",
    }
    return Measured(
        "clapnq",
        refusal_rows(
            "clapnq",
            [bool(q["answerable"]) for q in asked],
            sure,
            [str(q["title"]) for q in asked],
            cut=parts.answerable_from,
            beside=beside,
        ),
    )
