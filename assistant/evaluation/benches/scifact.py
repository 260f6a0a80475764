"""SciFact: finding the abstract for a claim, and checking claims against it (Wadden and others 2020)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.evaluation.benches.parts import BenchRow, Measured, Parts, Record, averaged, detector_rows
from assistant.evaluation.loading import read_records
from assistant.evaluation.metrics import ranking


def abstracts(folder: Path) -> tuple[Record, ...]:
    """The whole collection of abstracts."""
    return tuple(
        Record(str(doc["id"]), doc["title"], " ".join(doc["sentences"]))
        for _, doc in read_records(folder / "corpus.jsonl.gz")
    )


def measure(folder: Path, parts: Parts) -> Measured:
    """Retrieval over all abstracts, and support against the rest with the cited abstract."""
    claims = [claim for _, claim in read_records(folder / "claims.jsonl")]
    rows: list[BenchRow] = []
    skipped: list[str] = []
    if parts.search_in is None:
        skipped.append("retrieval, no search is offered")
    else:
        rows += _retrieval(folder, parts, claims)
    if parts.support is None:
        skipped.append("verification, no support check is offered")
    else:
        rows += _verification(folder, parts, claims)
    return Measured("scifact", tuple(rows), tuple(skipped))


def cluster(claim: Mapping[str, Any]) -> str:
    """Claims about one abstract belong together."""
    return str(min(map(int, claim["cited_doc_ids"])))


def _retrieval(folder: Path, parts: Parts, claims: list[dict[str, Any]]) -> list[BenchRow]:
    assert parts.search_in is not None  # noqa: S101 -- the caller looked
    search = parts.search_in(abstracts(folder))
    ranked = {claim["id"]: search(claim["claim"], 10) for claim in claims}
    gold = {claim["id"]: {str(doc): 1 for doc in claim["cited_doc_ids"]} for claim in claims}
    notes = {
        "nDCG@10": (ranking.ndcg_at, "BM25 0.700, MiniLM 0.715; target 0.74 (all 300 test claims)"),
        "recall@10": (ranking.recall_at, "BM25 0.832, MiniLM 0.849"),
        "MRR@10": (ranking.mrr_at, "BM25 0.662, MiniLM 0.674"),
    }
    return [
        averaged(
            "scifact",
            name,
            ((cluster(c), judge(ranked[c["id"]], gold[c["id"]], 10)) for c in claims),
            beside=note,
        )
        for name, (judge, note) in notes.items()
    ]


def _verification(folder: Path, parts: Parts, claims: list[dict[str, Any]]) -> tuple[BenchRow, ...]:
    assert parts.support is not None  # noqa: S101 -- the caller looked
    texts = {record.id: f"{record.title} {record.text}" for record in abstracts(folder)}
    sure = [max(parts.support(texts[str(doc)], c["claim"]) for doc in c["cited_doc_ids"]) for c in claims]
    return detector_rows(
        "scifact",
        [claim["verdict"] == "support" for claim in claims],
        sure,
        [cluster(claim) for claim in claims],
        cut=parts.support_from,
        part="support against the rest",
        beside="word overlap 0.691 at its best cut",
    )
