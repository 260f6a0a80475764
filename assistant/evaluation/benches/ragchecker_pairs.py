"""RAGChecker, pairs of answers compared by two people: whether a score points the same way as they do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.evaluation.agreement import alpha_with_interval
from assistant.evaluation.benches.mtrag_human import spearman
from assistant.evaluation.benches.parts import BenchRow, Measured, Parts, averaged
from assistant.evaluation.loading import read_records
from assistant.evaluation.metrics.contextual import token_f1
from assistant.evaluation.score import Score
from assistant.evaluation.statistics import Interval

Scorer = Callable[[str, str, str], float]


def word_score(question: str, gold: str, answer: str) -> float:
    """Word F1 with the gold answer: the plain score that another has to beat."""
    return token_f1(answer, gold).value or 0.0


def length(question: str, gold: str, answer: str) -> float:
    """The number of words: the score that shows how far length alone goes."""
    return float(len(answer.split()))


def measure(folder: Path, parts: Parts) -> Measured:
    """Right direction and Spearman with the overall judgement, for words, length and the own score."""
    pairs = [pair for _, pair in read_records(folder / "pairs.jsonl.gz")]
    scorers: dict[str, tuple[Scorer, str]] = {
        "words in common with the gold answer": (word_score, "0.71, Spearman 0.57"),
        "length": (length, "0.68, Spearman 0.31"),
    }
    if parts.answer_score is not None:
        scorers["own score"] = (parts.answer_score, "target 0.75")
    rows = [_alpha(pairs)]
    for name, (score, beside) in scorers.items():
        gaps = [
            score(p["question"], p["gold_answer"], p["b"]["response"])
            - score(p["question"], p["gold_answer"], p["a"]["response"])
            for p in pairs
        ]
        people = [_overall(pair) for pair in pairs]
        signs = ((str(p["id"]), same_sign(g, h)) for p, g, h in zip(pairs, gaps, people, strict=True))
        rows.append(averaged("ragchecker_pairs", f"right direction, {name}", signs, beside=beside))
        found = spearman(gaps, people, [str(pair["id"]) for pair in pairs])
        rows.append(BenchRow("ragchecker_pairs", f"Spearman, {name}", found))
    skipped = () if parts.answer_score else ("own score, none is offered",)
    return Measured("ragchecker_pairs", tuple(rows), skipped)


def _overall(pair: dict[str, Any]) -> float:
    return float(sum(judgement["overall"] for judgement in pair["judgements"]) / len(pair["judgements"]))


def same_sign(gap: float, people: float) -> Score:
    """1 if the score prefers the answer that people prefer; ties among people do not count."""
    if people == 0:
        return Score.none("people see no difference")
    return Score.of(gap * people > 0)


def _alpha(pairs: list[dict[str, Any]]) -> BenchRow:
    found = alpha_with_interval([[j["overall"] for j in pair["judgements"]] for pair in pairs])
    bounds = Interval(found.value, found.low, found.high, "bootstrap", found.things, found.things)
    return BenchRow("ragchecker_pairs", "alpha of the two people, overall", bounds, "0.78")
