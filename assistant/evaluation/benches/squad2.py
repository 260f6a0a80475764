"""SQuAD 2.0: questions made to look answerable from a paragraph that does not answer them (2018)."""

from __future__ import annotations

from pathlib import Path

from assistant.evaluation.benches.parts import Measured, Parts, refusal_rows
from assistant.evaluation.loading import read_records


def measure(folder: Path, parts: Parts) -> Measured:
    """The decision to answer or not, with the paragraph given."""
    if parts.answerable is None:
        return Measured("squad2", (), ("no decision on a given passage is offered",))
    paragraphs = {p["id"]: p for _, p in read_records(folder / "paragraphs.jsonl.gz")}
    asked = [question for _, question in read_records(folder / "questions.jsonl.gz")]
    given = [paragraphs[q["paragraph_id"]] for q in asked]
    sure = [parts.answerable(q["question"], p["text"], p["title"]) for q, p in zip(asked, given, strict=True)]
    beside = {
        "AUROC of answerable": "word overlap 0.521, MiniLM 0.597; target 0.70",
        "abstain F1, best cut on this data": "word overlap 0.671, always abstaining 0.671",
    }
    return Measured(
        "squad2",
        refusal_rows(
            "squad2",
            [bool(q["answerable"]) for q in asked],
            sure,
            [str(q["paragraph_id"]) for q in asked],
            cut=parts.answerable_from,
            beside=beside,
        ),
    )
