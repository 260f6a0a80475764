"""What a bench measures and what it hands back. A part that is missing makes its rows absent, never zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from assistant.evaluation.facts import Facts
from assistant.evaluation.metrics import abstention
from assistant.evaluation.score import Score
from assistant.evaluation.statistics import Interval, resampled, summarise
from assistant.evaluation.trial import Subject


@dataclass(frozen=True, slots=True)
class Record:
    """One thing to be found."""

    id: str
    title: str
    text: str


Search = Callable[[str, int], Sequence[str]]
"""(query, k) -> record ids, best first, each once."""

Talks = Mapping[str, Sequence[tuple[str, str]]]
"""Transcripts by id: each the turns in order, as (speaker, words)."""

TalkSearch = Callable[[str, str | None, int], Sequence[tuple[str, int]]]
"""(query, id of one talk or None for all, k) -> (talk id, number of the turn from 0), best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of an assistant that benches can test, each by itself. None: not offered."""

    name: str
    search_in: Callable[[Sequence[Record]], Search] | None = None
    """Makes a search over a collection."""
    talks_in: Callable[[Talks], TalkSearch] | None = None
    """Makes a search over transcripts, turn by turn."""
    support: Callable[[str, str], float] | None = None
    """(evidence, statement) -> how well it is supported, from 0 to 1."""
    support_from: float = 0.5
    """The value from which a statement counts as supported."""
    answerable: Callable[[str, str, str], float] | None = None
    """(question, passage, its title or "") -> how surely the passage answers it."""
    answerable_from: float = 0.5
    rewrite: Callable[[str, Sequence[tuple[str, str]]], str] | None = None
    """(question, [(role, text)]) -> a question that stands alone; a role is user, assistant or topic."""
    decide: Callable[[str, Sequence[tuple[str, str]], Sequence[str]], str] | None = None
    """(question, turns, passages) -> answer, abstain or ask."""
    answer_score: Callable[[str, str, str], float] | None = None
    """(question, reference, answer) -> how good the answer is."""
    subject: Subject | None = None
    """The whole assistant over its own corpus, for the domain set."""
    facts: Facts = field(default_factory=Facts)
    """What the corpus says, for the domain set."""


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One number of one bench, beside what was published or measured before."""

    bench: str
    measure: str
    found: Interval
    beside: str = ""
    """Published or earlier numbers, and targets."""
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """Rows of one bench, and what was skipped with the reason."""

    bench: str
    rows: tuple[BenchRow, ...]
    skipped: tuple[str, ...] = ()


def averaged(bench: str, measure: str, scored: Iterable[tuple[str, Score]], *, beside: str = "") -> BenchRow:
    """The mean of scores with their clusters; what has no score is counted by reason."""
    values, clusters = [], []
    left_out: dict[str, int] = {}
    for cluster, score in scored:
        if score.value is None:
            left_out[score.reason] = left_out.get(score.reason, 0) + 1
        else:
            values.append(score.value)
            clusters.append(cluster)
    return BenchRow(bench, measure, summarise(values, clusters), beside, left_out)


def detector_rows(
    bench: str,
    truth: Sequence[bool],
    confidence: Sequence[float],
    clusters: Sequence[str],
    *,
    cut: float,
    part: str = "",
    beside: str = "",
) -> tuple[BenchRow, ...]:
    """Balanced accuracy at the fixed cut and at the best one (chosen on the same data), and AUROC."""
    actual, sure = np.asarray(truth, dtype=bool), np.asarray(confidence, dtype=float)
    name = f"{part}: " if part else ""

    def at(threshold: float) -> Callable[[np.ndarray], float | None]:
        def judge(places: np.ndarray) -> float | None:
            return balanced_accuracy(actual[places], sure[places] >= threshold)

        return judge

    def area(places: np.ndarray) -> float | None:
        return rank_area(actual[places], sure[places])

    best = max(
        sorted(set(sure)), key=lambda threshold: at(threshold)(np.arange(len(sure))) or 0.0, default=cut
    )
    return (
        BenchRow(bench, f"{name}balanced accuracy", resampled(at(cut), clusters), beside),
        BenchRow(bench, f"{name}balanced accuracy, best cut on this data", resampled(at(best), clusters)),
        BenchRow(bench, f"{name}AUROC", resampled(area, clusters)),
    )


def rank_area(actual: np.ndarray, sure: np.ndarray) -> float | None:
    """AUROC by ranks (Mann-Whitney), ties at half; None unless both classes occur."""
    positive, negative = np.count_nonzero(actual), np.count_nonzero(~actual)
    if not positive or not negative:
        return None
    ranks = stats.rankdata(sure)[actual].sum()
    return float((ranks - positive * (positive + 1) / 2) / (positive * negative))


def balanced_accuracy(actual: np.ndarray, said: np.ndarray) -> float | None:
    """(true positive rate + true negative rate) / 2; None unless both classes occur."""
    positive, negative = np.count_nonzero(actual), np.count_nonzero(~actual)
    if not positive or not negative:
        return None
    hits, misses = np.count_nonzero(actual & said), np.count_nonzero(~actual & ~said)
    return float(hits / positive + misses / negative) / 2


def refusal_rows(
    bench: str,
    answerable: Sequence[bool],
    confidence: Sequence[float],
    clusters: Sequence[str],
    *,
    cut: float,
    beside: Mapping[str, str],
) -> tuple[BenchRow, ...]:
    """AUROC, F1 of refusing at the fixed cut, at the best one, and at the best with 5 % over-refusal."""
    can, sure = np.asarray(answerable, dtype=bool), np.asarray(confidence, dtype=float)

    def fixed(places: np.ndarray) -> float | None:
        return abstention.four_cells(list(can[places]), list(sure[places] < cut)).f1.value

    def over(places: np.ndarray) -> float | None:
        return abstention.four_cells(list(can[places]), list(sure[places] < cut)).over_refusal.value

    def area(places: np.ndarray) -> float | None:
        return rank_area(can[places], sure[places])

    def best(limit: float) -> Callable[[np.ndarray], float | None]:
        def judge(places: np.ndarray) -> float | None:
            found = abstention.best_cut(list(can[places]), list(sure[places]), over_refusal_at_most=limit)
            return None if found is None else found.f1

        return judge

    measures: Mapping[str, Callable[[np.ndarray], float | None]] = {
        "AUROC of answerable": area,
        "abstain F1": fixed,
        "over-refusal": over,
        "abstain F1, best cut on this data": best(1.0),
        "abstain F1, best cut with over-refusal <= 5 %": best(0.05),
    }
    return tuple(
        BenchRow(bench, name, resampled(judge, clusters, resamples=300), beside.get(name, ""))
        for name, judge in measures.items()
    )
