"""PubMedQA: finding the abstract of the study that asks a question (Jin and others 2019)."""

from __future__ import annotations

from pathlib import Path

from assistant.evaluation.benches.parts import Measured, Parts, Record, averaged
from assistant.evaluation.benches.scifact import abstracts
from assistant.evaluation.loading import read_records
from assistant.evaluation.metrics import ranking


def measure(folder: Path, parts: Parts) -> Measured:
    """Retrieval with the SciFact abstracts as distractors, where those are there."""
    if parts.search_in is None:
        return Measured("pubmedqa", (), ("no search is offered",))
    records = [
        Record(str(doc["id"]), "", " ".join(section["text"] for section in doc["sections"]))
        for _, doc in read_records(folder / "corpus.jsonl.gz")
    ]
    scifact = folder.parent / "scifact"
    skipped = () if scifact.is_dir() else ("distractors, the set scifact is not there",)
    if scifact.is_dir():
        records += [Record(f"scifact-{r.id}", r.title, r.text) for r in abstracts(scifact)]
    search = parts.search_in(records)
    questions = [question for _, question in read_records(folder / "questions.jsonl")]
    ranked = {q["id"]: search(q["question"], 10) for q in questions}
    ndcg = ((str(q["id"]), ranking.ndcg_at(ranked[q["id"]], {str(q["id"]): 1}, 10)) for q in questions)
    recall = ((str(q["id"]), ranking.recall_at(ranked[q["id"]], {str(q["id"]): 1}, 5)) for q in questions)
    rows = (
        averaged("pubmedqa", "nDCG@10", ndcg, beside="BM25 0.962, MiniLM 0.981"),
        averaged("pubmedqa", "recall@5", recall, beside="BM25 0.980, MiniLM 0.993; target 0.99"),
    )
    return Measured("pubmedqa", rows, skipped)
