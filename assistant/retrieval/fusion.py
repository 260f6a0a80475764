"""Joins what several searches found into one ranking. Pure functions over scores; no search happens here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

Scores = Mapping[str, float]


def standardise(scores: Scores, ids: Iterable[str]) -> dict[str, float]:
    """How many standard deviations each id lies above the mean of all `ids`.

    An id without a score takes the lowest score there is, so a search that did not find it counts against
    it, but never more than its worst find. Where nothing differs, every id gets 0.
    """
    wanted = list(ids)
    if not scores or not wanted:
        return dict.fromkeys(wanted, 0.0)
    floor = min(scores.values())
    values = np.array([scores.get(i, floor) for i in wanted], dtype=np.float64)
    spread = float(values.std())
    if spread < 1e-12:
        return dict.fromkeys(wanted, 0.0)
    return dict(zip(wanted, ((values - values.mean()) / spread).tolist(), strict=True))


def fuse(
    found: Mapping[str, Scores], weights: Mapping[str, float], *, instead: Mapping[str, str]
) -> dict[str, float]:
    """The weighted sum of standardised scores, for every id that any search found.

    `instead` names, for a search that cannot see every passage (lay questions exist for findings only), the
    search whose standing such a passage borrows. Otherwise prose would lose to findings for lacking an aid.
    A search that found nothing at all is borrowed for whole, so that prose is weighed alike in every library.
    """
    ids = sorted({i for scores in found.values() for i in scores})
    standing = {name: standardise(scores, ids) for name, scores in found.items()}
    total = dict.fromkeys(ids, 0.0)
    for name, weight in weights.items():
        stand_in = standing.get(instead.get(name, ""), {})
        own = standing.get(name, stand_in)
        if not own:
            continue
        seen = found.get(name, {})
        for i in ids:
            borrows = name in instead and i not in seen
            total[i] += weight * (stand_in.get(i, own[i]) if borrows else own[i])
    return total


def ranked(scores: Scores) -> list[str]:
    """Ids from best to worst; ties (to six decimals) are settled by id, so the order never wavers."""
    return sorted(scores, key=lambda i: (-round(scores[i], 6), i))
