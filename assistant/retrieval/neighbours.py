"""Lifts turns of a talk whose neighbours were found too, for talk keeps to its matter for a while.

Distances come from the places in the passages' ids. Findings and prose are never lifted.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.fusion import Scores, standardise


@dataclass(frozen=True, slots=True)
class NeighbourWeights:
    """How much good neighbours lift a passage, and how far they reach; chosen by measurement."""

    weight: float = 3.0
    reach: float = 3_000.0
    """Characters over which a neighbour's lift falls to a third (by a factor of e)."""
    least: float = 1.0
    """Only neighbours this many standard deviations above the mean lift."""


def lift_neighbours(scores: Scores, spoken: Container[str], weights: NeighbourWeights) -> dict[str, float]:
    """`scores` by passage id, those of `spoken` passages raised by what stands near them in their document.

    A passage gains `weight` times the sum, over the other scored passages of its document, of how far each
    stands above `least`, falling off exponentially with the distance of their middles. Prose is left as it
    is: there a long text would gain by its length alone.
    """
    lifted = dict(scores)
    turns = (i for i in sorted(scores) if i in spoken)
    together = {name: ids for name, ids in _by_document(turns).items() if len(ids) > 1}
    if not together or weights.weight == 0:
        return lifted
    standing = standardise(scores, sorted(scores))
    for ids in together.values():
        places = np.array([_middle(i) for i in ids])
        strong = np.maximum(np.array([standing[i] for i in ids]) - weights.least, 0.0)
        for row, gain in zip(ids, _gains(places, strong, weights.reach).tolist(), strict=True):
            lifted[row] += weights.weight * gain
    return lifted


def _gains(places: NDArray[np.float64], strong: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """The sum of what every other place gives to each, row by row so that no order of adding differs."""
    near = np.exp(-np.abs(places[:, np.newaxis] - places[np.newaxis, :]) / reach)
    np.fill_diagonal(near, 0.0)
    return np.asarray((near * strong[np.newaxis, :]).sum(axis=1))


def _by_document(passage_ids: Iterable[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for passage_id in passage_ids:
        found.setdefault(passage_id.rpartition(":")[0], []).append(passage_id)
    return found


def _middle(passage_id: str) -> float:
    """The middle of a passage in its document, from its id `<document>:<start>-<end>`."""
    start, _, end = passage_id.rpartition(":")[2].partition("-")
    return (int(start) + int(end)) / 2
