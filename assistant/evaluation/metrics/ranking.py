"""How well a ranked list finds what it should. Grades are 0, 1, 2; an unlisted id has grade 0.

A repeated id counts once, at its first place. An empty list is a real zero; an empty gold set is no score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from assistant.evaluation.score import Score

NO_GOLD = "no relevant item is labelled"


def ordered(scores: Mapping[str, float]) -> tuple[str, ...]:
    """Ids by falling score; equal scores by id, so that ties never depend on the order of reading."""
    return tuple(sorted(scores, key=lambda key: (-scores[key], key)))


def recall_at(ranked: Sequence[str], relevant: Mapping[str, int], k: int, *, grade: int = 1) -> Score:
    """Share of the items of at least that grade that stand among the first k (TREC)."""
    gold = {key for key, value in relevant.items() if value >= grade}
    if not gold:
        return Score.none(NO_GOLD)
    return Score.of(len(gold.intersection(_first(ranked, k))) / len(gold))


def ndcg_at(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> Score:
    """Discounted gain over the best possible, gain 2^grade - 1, discount log2(rank + 1).

    Source: Jarvelin and Kekalainen 2002 in the form of Burges et al. 2005.
    """
    ideal = _gain(sorted((g for g in relevant.values() if g > 0), reverse=True)[:k])
    if ideal == 0:
        return Score.none(NO_GOLD)
    return Score.of(_gain([relevant.get(key, 0) for key in _first(ranked, k)]) / ideal)


def mrr_at(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> Score:
    """1 / rank of the first relevant item among the first k, else 0."""
    if not any(g > 0 for g in relevant.values()):
        return Score.none(NO_GOLD)
    for rank, key in enumerate(_first(ranked, k), start=1):
        if relevant.get(key, 0) > 0:
            return Score.of(1 / rank)
    return Score.of(0.0)


def success_at(ranked: Sequence[str], relevant: Mapping[str, int], k: int, *, grade: int = 2) -> Score:
    """1 if an item of at least that grade stands among the first k, else 0."""
    if not any(g >= grade for g in relevant.values()):
        return Score.none(f"no item of grade {grade} is labelled")
    return Score.of(any(relevant.get(key, 0) >= grade for key in _first(ranked, k)))


def span_coverage(windows: Iterable[tuple[int, int]], gold: Iterable[tuple[int, int]]) -> Score:
    """Share of the gold turns inside the windows. Both are turn numbers from 0, ends included."""
    wanted = _turns(gold)
    if not wanted:
        return Score.none("no turn is labelled")
    return Score.of(len(wanted & _turns(windows)) / len(wanted))


def overlap_at(first: Sequence[str], second: Sequence[str], k: int) -> Score:
    """Share of the first k that two lists have in common, over the longer of the two cut lists."""
    a, b = set(_first(first, k)), set(_first(second, k))
    longest = max(len(a), len(b))
    return Score.of(len(a & b) / longest) if longest else Score.none("both lists are empty")


def rank_biased_overlap(first: Sequence[str], second: Sequence[str], k: int, *, p: float = 0.9) -> Score:
    """Extrapolated rank-biased overlap to depth k: 1 for equal lists, 0 for lists without a common item.

    Source: Webber, Moffat and Zobel 2010, equation 32 with both lists cut at the same depth.
    """
    a, b = _first(first, k), _first(second, k)
    depth = min(len(a), len(b))
    if not depth:
        return Score.none("one of the lists is empty")
    total = sum(len(set(a[:d]) & set(b[:d])) / d * p**d for d in range(1, depth + 1))
    shared = len(set(a[:depth]) & set(b[:depth])) / depth
    return Score.of(shared * p**depth + (1 - p) / p * total)


def _first(ranked: Sequence[str], k: int) -> list[str]:
    return list(dict.fromkeys(ranked))[:k]


def _gain(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _turns(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {turn for first, last in spans for turn in range(first, last + 1)}
