"""Whether one question in several voices leads to the same evidence and the same decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from assistant.evaluation.metrics.ranking import overlap_at, rank_biased_overlap, recall_at
from assistant.evaluation.score import Score

ONE = "a group needs two wordings"


def mean_overlap(lists: Sequence[Sequence[str]], k: int = 10) -> Score:
    """Mean share of the first k that two wordings have in common, over all pairs."""
    return _over_pairs(lists, lambda a, b: overlap_at(a, b, k))


def mean_rank_biased_overlap(lists: Sequence[Sequence[str]], k: int = 10) -> Score:
    """Mean rank-biased overlap to depth k (p 0.9), over all pairs."""
    return _over_pairs(lists, lambda a, b: rank_biased_overlap(a, b, k))


def same_decision(decisions: Sequence[bool]) -> Score:
    """1 if every wording was answered or every one refused, else 0."""
    return Score.of(len(set(decisions)) == 1) if len(decisions) > 1 else Score.none(ONE)


def same_first(lists: Sequence[Sequence[str]]) -> Score:
    """1 if every wording has the same first item (an empty list is an item of its own), else 0."""
    return Score.of(len({tuple(ranked[:1]) for ranked in lists}) == 1) if len(lists) > 1 else Score.none(ONE)


def worst_recall(lists: Sequence[Sequence[str]], relevant: Mapping[str, int], k: int = 10) -> Score:
    """Recall@k of the wording that finds least."""
    scores = [recall_at(ranked, relevant, k) for ranked in lists]
    missing = next((s for s in scores if s.value is None), None)
    if missing or not scores:
        return missing or Score.none(ONE)
    return Score.of(min(s.value for s in scores if s.value is not None))


def _over_pairs(
    lists: Sequence[Sequence[str]], judge: Callable[[Sequence[str], Sequence[str]], Score]
) -> Score:
    pairs = list(combinations(lists, 2))
    if not pairs:
        return Score.none(ONE)
    values = [score.value for a, b in pairs if (score := judge(a, b)).value is not None]
    return Score.of(sum(values) / len(pairs)) if values else Score.none("no wording found anything")
