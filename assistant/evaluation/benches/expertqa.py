"""ExpertQA: whether cited passages support claims, judged by experts (Malaviya and others 2024)."""

from __future__ import annotations

from pathlib import Path

from assistant.evaluation.benches.parts import Measured, Parts, detector_rows
from assistant.evaluation.loading import read_records

JUDGED = frozenset({"Complete", "Partial", "Incomplete", "Missing"})


def measure(folder: Path, parts: Parts) -> Measured:
    """Complete support against the rest, on claims that have a passage."""
    if parts.support is None:
        return Measured("expertqa", (), ("no support check is offered",))
    truth, sure, clusters = [], [], []
    for _, claim in read_records(folder / "claims.jsonl.gz"):
        passages = "\n".join(e["passage"] for e in claim["evidence"] if e["passage"])
        if passages.strip() and claim["support"] in JUDGED:
            truth.append(claim["support"] == "Complete")
            sure.append(parts.support(passages, claim["claim"]))
            clusters.append(str(claim["answer_id"]))
    beside = "word overlap 0.593 at its best cut; best 7B checker 0.592"
    return Measured(
        "expertqa", detector_rows("expertqa", truth, sure, clusters, cut=parts.support_from, beside=beside)
    )
