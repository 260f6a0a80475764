"""Whether the recommended mechanisms fit a situation. "None warranted" is an answer like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.evaluation.cases import VignetteCase
from assistant.evaluation.score import Score, share

NONE_LABELLED = "no mechanism is warranted in this case"
_ORDER = {"low": 0, "mid": 1, "high": 2}


def best_at(recommended: Sequence[str], case: VignetteCase, k: int) -> Score:
    """1 if a best mechanism is among the first k; where none is warranted, 1 if none is recommended."""
    if not case.best:
        return Score.of(not recommended)
    return Score.of(not set(recommended[:k]).isdisjoint(case.best))


def sound_at(recommended: Sequence[str], case: VignetteCase, k: int) -> Score:
    """1 if a best or acceptable mechanism is among the first k."""
    if not case.best:
        return Score.none(NONE_LABELLED)
    return Score.of(not set(recommended[:k]).isdisjoint((*case.best, *case.acceptable)))


def reciprocal_rank(recommended: Sequence[str], case: VignetteCase) -> Score:
    """1 / place of the first best mechanism, else 0."""
    if not case.best:
        return Score.none(NONE_LABELLED)
    places = [rank for rank, name in enumerate(recommended, start=1) if name in case.best]
    return Score.of(1 / places[0] if places else 0.0)


def wrong_at(recommended: Sequence[str], case: VignetteCase, k: int, *, strength: str = "clear") -> Score:
    """1 if a mechanism labelled wrong, of that strength, is among the first k."""
    wrong = {w.mechanism for w in case.wrong if w.strength == strength}
    if not wrong:
        return Score.none(f"no {strength} wrong mechanism is labelled")
    return Score.of(not wrong.isdisjoint(recommended[:k]))


def factor_recall(found: Mapping[str, str], case: VignetteCase) -> Score:
    """Share of the labelled factors that were noticed, at whatever level."""
    return share(len(case.factors.keys() & found.keys()), len(case.factors), nothing="no factor is labelled")


def factor_level(found: Mapping[str, str], case: VignetteCase) -> Score:
    """Mean closeness of the levels of the factors noticed: 1 the same, 0.5 one step off, 0 the opposite."""
    noticed = case.factors.keys() & found.keys()
    if not noticed:
        return Score.none("no labelled factor was noticed")
    steps = [abs(_ORDER[case.factors[f]] - _ORDER[found[f]]) for f in noticed if found[f] in _ORDER]
    return Score.of(sum(1 - step / 2 for step in steps) / len(noticed))


def quadrant_right(found: str | None, case: VignetteCase) -> Score:
    """1 if the relationship was put in the labelled quarter of the spectrum; naming none counts as 0."""
    return Score.of(found == case.quadrant) if case.quadrant else Score.none("no quadrant is labelled")


def opposite_level(found: Mapping[str, str], case: VignetteCase) -> Score:
    """Share of the labelled factors noticed that were put at the opposite end."""
    noticed = case.factors.keys() & found.keys()
    opposite = sum({case.factors[f], found[f]} == {"low", "high"} for f in noticed)
    return share(opposite, len(noticed), nothing="no labelled factor was noticed")
