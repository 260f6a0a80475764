"""QMSum: finding the turns of a meeting that answer a question (Zhong and others 2021)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.benches.parts import Measured, Parts, Record, averaged
from assistant.evaluation.loading import read_records
from assistant.evaluation.metrics import ranking
from assistant.evaluation.score import Score

WORDS = 180
TOP = 5


@dataclass(frozen=True, slots=True)
class Window:
    """Whole turns of a meeting, first and last included, up to 180 words without the names."""

    first: int
    last: int
    text: str


def windows(turns: Sequence[Mapping[str, Any]]) -> tuple[Window, ...]:
    """The turns of a meeting cut into windows; a longer turn is a window of its own."""
    cut: list[Window] = []
    start, words, lines = 0, 0, list[str]()
    for number, turn in enumerate(turns):
        line = f"{turn['speaker']}: {turn['text']}"
        size = len(turn["text"].split())
        if lines and words + size > WORDS:
            cut.append(Window(start, number - 1, "\n".join(lines)))
            start, words, lines = number, 0, []
        words += size
        lines.append(line)
    return (*cut, Window(start, len(turns) - 1, "\n".join(lines))) if lines else tuple(cut)


def measure(folder: Path, parts: Parts) -> Measured:
    """Retrieval within the meeting, on the questions that have labelled turns."""
    if parts.search_in is None:
        return Measured("qmsum", (), ("no search is offered",))
    scores = list(_scores(folder, parts))
    beside = {
        "nDCG@10": "BM25 0.510, MiniLM 0.485, fused 0.522; target 0.57",
        "recall@5": "BM25 0.405, MiniLM 0.384, fused 0.419",
        "recall@10": "BM25 0.537, MiniLM 0.543, fused 0.558",
        "gold turns in the first 5 windows": "BM25 0.402, MiniLM 0.391, fused 0.422; target 0.48",
    }
    rows = (
        averaged("qmsum", name, ((cluster, score[name]) for cluster, score in scores), beside=note)
        for name, note in beside.items()
    )
    return Measured("qmsum", tuple(rows))


def _scores(folder: Path, parts: Parts) -> Iterator[tuple[str, dict[str, Score]]]:
    asked: dict[str, list[dict[str, Any]]] = {}
    for _, query in read_records(folder / "queries.jsonl"):
        if query["spans"]:
            asked.setdefault(query["meeting_id"], []).append(query)
    for _, meeting in read_records(folder / "meetings.jsonl.gz"):
        queries = asked.get(meeting["id"], [])
        if not queries or parts.search_in is None:
            continue
        parted = {f"w{number}": window for number, window in enumerate(windows(meeting["turns"]))}
        search = parts.search_in([Record(key, "", window.text) for key, window in parted.items()])
        for query in queries:
            yield meeting["id"], _judged(search(query["query"], 10), parted, query["spans"])


def _judged(
    ranked: Sequence[str], parted: Mapping[str, Window], spans: Sequence[Sequence[int]]
) -> dict[str, Score]:
    gold = [(first, last) for first, last in spans]
    relevant = {
        key: 1
        for key, w in parted.items()
        if any(w.first <= last and first <= w.last for first, last in gold)
    }
    top = [(parted[key].first, parted[key].last) for key in ranked[:TOP]]
    return {
        "nDCG@10": ranking.ndcg_at(ranked, relevant, 10),
        "recall@5": ranking.recall_at(ranked, relevant, 5),
        "recall@10": ranking.recall_at(ranked, relevant, 10),
        "gold turns in the first 5 windows": ranking.span_coverage(top, gold),
    }
