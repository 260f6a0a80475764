"""What ratings amount to: agreement with intervals, who won side by side, and what needs a third look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.domain.feedback import Rating
from assistant.evaluation.agreement import Agreement, alpha_with_interval, kappa_with_interval
from assistant.evaluation.review import CHOICES, SCALES, SUPPORT, preferred
from assistant.evaluation.statistics import SEED, Interval, interval, summarise

APART = 2
"""Ratings of one scale this many steps apart need a third look."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """An item on which raters differ too far, and where."""

    item: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Everything that a set of ratings says."""

    raters: int
    items: int
    agreement: Mapping[str, tuple[Agreement, ...]]
    """For each scale, for `sentences` and for `choice`: alpha, and for exactly two raters also kappa."""
    means: Mapping[str, Interval]
    supported: Interval
    """Share of sentences fully supported by what they cite, over all ratings that count in the end."""
    win_rate: Mapping[str, Interval]
    """Share of choices for each system, ties counting half; empty unless side by side."""
    disputes: tuple[Dispute, ...]


def reviewed(
    ratings: Sequence[Rating], *, key: Mapping[str, Mapping[str, Any]] | None = None, seed: int = SEED
) -> Reviewed:
    """What the ratings amount to. `key` is needed to say who won side by side.

    Agreement is that of raters on their own. Everything else rests on what was settled, where it was.
    """
    every, ratings = ratings, [r for r in ratings if not r.settled]
    agreement = {scale: _agreements(_scale_scores(ratings, scale), scale, seed=seed) for scale in SCALES}
    agreement["sentences"] = _agreements(_sentence_scores(ratings), "sentences", seed=seed)
    agreement["choice"] = _agreements(
        _scores(ratings, lambda r: CHOICES.index(r.choice) if r.choice else None), "choice", seed=seed
    )
    return Reviewed(
        raters=len({r.rater for r in ratings}),
        items=len({r.item for r in ratings}),
        agreement={name: found for name, found in agreement.items() if found[0].things},
        means={
            scale: _mean(final(every), scale, seed=seed)
            for scale in SCALES
            if any(scale in r.scales for r in ratings)
        },
        supported=_supported(final(every), seed=seed),
        win_rate=_win_rate(final(every), key, seed=seed) if key else {},
        disputes=disputes(ratings),
    )


def final(ratings: Sequence[Rating]) -> list[Rating]:
    """What counts in the end: the settled rating of an item that has one, else all ratings of it."""
    settled = {r.item for r in ratings if r.settled}
    return [r for r in ratings if r.settled or r.item not in settled]


Scores = Mapping[str, Mapping[str, float]]
"""item -> rater -> value"""


def _scores(ratings: Sequence[Rating], read: Callable[[Rating], float | None]) -> Scores:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for rating in ratings:
        value = read(rating)
        if value is not None:
            found[rating.item][rating.rater] = float(value)
    return found


def _scale_scores(ratings: Sequence[Rating], scale: str) -> Scores:
    return _scores(ratings, lambda rating: rating.scales.get(scale))


def _sentence_scores(ratings: Sequence[Rating]) -> Scores:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for rating in ratings:
        for number, word in rating.sentences.items():
            found[f"{rating.item} sentence {number}"][rating.rater] = float(SUPPORT.index(word))
    return found


def _agreements(scores: Scores, name: str, *, seed: int) -> tuple[Agreement, ...]:
    nominal = name == "choice"
    alpha = alpha_with_interval(
        [list(values.values()) for values in scores.values()],
        level="nominal" if nominal else "ordinal",
        seed=seed,
    )
    raters = sorted({rater for values in scores.values() for rater in values})
    if len(raters) != 2:
        return (alpha,)
    both = [values for values in scores.values() if len(values) == 2]
    first, second = [v[raters[0]] for v in both], [v[raters[1]] for v in both]
    steps = range(len(SUPPORT)) if name == "sentences" else range(len(CHOICES)) if nominal else range(1, 6)
    kappa = kappa_with_interval(
        first, second, weights="none" if nominal else "quadratic", scale=[float(s) for s in steps], seed=seed
    )
    return (alpha, kappa)


def _mean(ratings: Sequence[Rating], scale: str, *, seed: int) -> Interval:
    rated = [r for r in ratings if scale in r.scales]
    return interval([float(r.scales[scale]) for r in rated], [r.item for r in rated], seed=seed)


def _supported(ratings: Sequence[Rating], *, seed: int) -> Interval:
    marks = [(r.item, word) for r in ratings for word in r.sentences.values()]
    return summarise([float(word == "fully") for _, word in marks], [item for item, _ in marks], seed=seed)


def _win_rate(
    ratings: Sequence[Rating], key: Mapping[str, Mapping[str, Any]], *, seed: int
) -> dict[str, Interval]:
    judged = [r for r in ratings if r.choice]
    systems = sorted({system for r in judged for system in key[r.item]["systems"]})
    rates = {}
    for system in systems:
        won = [(preferred(r, key), r.item) for r in judged]
        values = [0.5 if winner is None else float(winner == system) for winner, _ in won]
        rates[system] = interval(values, [item for _, item in won], seed=seed)
    return rates


def disputes(ratings: Sequence[Rating]) -> tuple[Dispute, ...]:
    """Items for adjudication: scales two or more steps apart, opposite choices, or `fully` against `not`.

    Settled ratings do not count here.
    """
    by_item: dict[str, list[Rating]] = defaultdict(list)
    for rating in (r for r in ratings if not r.settled):
        by_item[rating.item].append(rating)
    found = []
    for item, given in sorted(by_item.items()):
        reasons = [*_apart(given), *_opposed(given), *_sentences_apart(given)]
        if reasons:
            found.append(Dispute(item, tuple(reasons)))
    return tuple(found)


def _apart(given: Sequence[Rating]) -> list[str]:
    reasons = []
    for scale in SCALES:
        values = [r.scales[scale] for r in given if scale in r.scales]
        if values and max(values) - min(values) >= APART:
            reasons.append(f"{scale}: from {min(values)} to {max(values)}")
    return reasons


def _opposed(given: Sequence[Rating]) -> list[str]:
    chosen = {r.choice for r in given if r.choice}
    return ["choice: some prefer a, some b"] if {"a", "b"} <= chosen else []


def _sentences_apart(given: Sequence[Rating]) -> list[str]:
    marks: dict[int, set[str]] = defaultdict(set)
    for rating in given:
        for number, word in rating.sentences.items():
            marks[number].add(word)
    return [
        f"sentence {n}: fully and not supported"
        for n, words in sorted(marks.items())
        if {"fully", "not"} <= words
    ]
