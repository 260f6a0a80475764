"""QMSum: finding the turns of a meeting that answer a question (Zhong and others 2021)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.benches.parts import (
    BenchRow,
    Measured,
    Parts,
    Record,
    Search,
    Talks,
    TalkSearch,
    averaged,
)
from assistant.evaluation.loading import read_records
from assistant.evaluation.metrics import ranking
from assistant.evaluation.score import Score

WORDS = 180
TOP = 5

_Meetings = Mapping[str, Sequence[Mapping[str, Any]]]
_InMeeting = Callable[[str, str], Sequence[str]]
"""(query, meeting id) -> window names, best first."""


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
    """Retrieval within the meeting, on the questions that have labelled turns; and over all meetings at once.

    Whoever searches turns is judged by the windows that its turns lie in, each where its first turn stands.
    """
    if parts.talks_in is None and parts.search_in is None:
        return Measured("qmsum", (), ("no search is offered",))
    meetings = {meeting["id"]: meeting["turns"] for _, meeting in read_records(folder / "meetings.jsonl.gz")}
    asked = [query for _, query in read_records(folder / "queries.jsonl") if query["spans"]]
    asked = [query for query in asked if query["meeting_id"] in meetings]
    rows = list(_rows(asked, list(_within(meetings, asked, parts)), _WITHIN))
    if parts.talks_in is None:
        return Measured("qmsum", tuple(rows), ("over all meetings, no search of turns is offered",))
    return Measured("qmsum", (*rows, *_rows(asked, _over_all(meetings, asked, parts.talks_in), _OVER_ALL)))


_WITHIN = {
    "nDCG@10": "BM25 0.510, MiniLM 0.485, fused 0.522; target 0.57",
    "recall@5": "BM25 0.405, MiniLM 0.384, fused 0.419",
    "recall@10": "BM25 0.537, MiniLM 0.543, fused 0.558",
    "gold turns in the first 5 windows": "BM25 0.402, MiniLM 0.391, fused 0.422; target 0.48",
}
_OVER_ALL = {"nDCG@10, over all meetings": "BM25 0.230, MiniLM 0.163, fused 0.219"}
_DEPTH = 400
"""So many turns are asked for: enough to fill ten windows of any meeting."""


def _rows(
    asked: Sequence[Mapping[str, Any]], scores: Sequence[Mapping[str, Score]], measures: Mapping[str, str]
) -> Iterator[BenchRow]:
    clusters = [str(query["meeting_id"]) for query in asked]
    for name, note in measures.items():
        scored = [(cluster, score[name]) for cluster, score in zip(clusters, scores, strict=True)]
        yield averaged("qmsum", name, scored, beside=note)


def _within(
    meetings: _Meetings, asked: Sequence[Mapping[str, Any]], parts: Parts
) -> Iterator[dict[str, Score]]:
    """Scores of each question, searched in its own meeting."""
    cut = {key: windows(turns) for key, turns in meetings.items()}
    searching = _by_turns(meetings, cut, parts) if parts.talks_in else _by_windows(cut, parts)
    for query in asked:
        meeting = query["meeting_id"]
        parted = {f"w{number}": window for number, window in enumerate(cut[meeting])}
        yield _judged(searching(query["query"], meeting), parted, query["spans"])


def _by_windows(cut: Mapping[str, Sequence[Window]], parts: Parts) -> _InMeeting:
    """A search over the windows of one meeting; the one made last is kept, since questions come in runs."""
    made: dict[str, Search] = {}

    def search(query: str, meeting: str) -> Sequence[str]:
        if meeting not in made and parts.search_in is not None:
            made.clear()
            made[meeting] = parts.search_in([Record(f"w{n}", "", w.text) for n, w in enumerate(cut[meeting])])
        return made[meeting](query, 10)

    return search


def _by_turns(meetings: _Meetings, cut: Mapping[str, Sequence[Window]], parts: Parts) -> _InMeeting:
    """A search over the turns of one meeting, told as windows."""
    assert parts.talks_in is not None  # noqa: S101 -- the caller looked
    search = parts.talks_in(_talks(meetings))

    def in_meeting(query: str, meeting: str) -> Sequence[str]:
        found = search(query, meeting, _DEPTH)
        return list(dict.fromkeys(f"w{_window_of(cut[meeting], turn)}" for _, turn in found))[:10]

    return in_meeting


def _over_all(
    meetings: _Meetings, asked: Sequence[Mapping[str, Any]], talks_in: Callable[[Talks], TalkSearch]
) -> list[dict[str, Score]]:
    """Scores of each question, searched in all meetings, though it rarely says which it means."""
    search = talks_in(_talks(meetings))
    cut = {key: windows(turns) for key, turns in meetings.items()}
    scores = []
    for query in asked:
        found = search(query["query"], None, _DEPTH)
        ranked = list(dict.fromkeys(f"{talk} w{_window_of(cut[talk], turn)}" for talk, turn in found))
        own = query["meeting_id"]
        parted = {f"{own} w{number}": window for number, window in enumerate(cut[own])}
        relevant = _relevant(parted, query["spans"])
        scores.append({"nDCG@10, over all meetings": ranking.ndcg_at(ranked[:10], relevant, 10)})
    return scores


def _talks(meetings: _Meetings) -> Talks:
    return {key: [(t["speaker"], t["text"]) for t in turns] for key, turns in meetings.items()}


def _window_of(cut: Sequence[Window], turn: int) -> int:
    return bisect_right([window.first for window in cut], turn) - 1


def _relevant(parted: Mapping[str, Window], spans: Sequence[Sequence[int]]) -> dict[str, int]:
    """The windows that hold a labelled turn."""
    return {
        key: 1
        for key, window in parted.items()
        if any(window.first <= last and first <= window.last for first, last in spans)
    }


def _judged(
    ranked: Sequence[str], parted: Mapping[str, Window], spans: Sequence[Sequence[int]]
) -> dict[str, Score]:
    gold = [(first, last) for first, last in spans]
    relevant = _relevant(parted, spans)
    top = [(parted[key].first, parted[key].last) for key in ranked[:TOP]]
    return {
        "nDCG@10": ranking.ndcg_at(ranked, relevant, 10),
        "recall@5": ranking.recall_at(ranked, relevant, 5),
        "recall@10": ranking.recall_at(ranked, relevant, 10),
        "gold turns in the first 5 windows": ranking.span_coverage(top, gold),
    }
