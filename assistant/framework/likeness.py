"""Learns which marks go with which texts, by several similarities together, and marks new texts.

Kernel ridge regression in closed form (Saunders, Gammerman and Vovk 1998). Embeddings know synonyms but are
weak on denial; weighted words are the other way round; sentences find the one that matters in a long story.
No chance and no iteration: the same examples give the same marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from assistant.framework.segments import sentences, terms

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to unit vectors, one row a text, in the order given."""
Matrix = NDArray[np.float64]
Describe = Callable[[Sequence[str]], Matrix]
"""Texts to rows of features whose products say how alike the texts are in some further respect."""

_DECIMALS = 6
"""Marks are rounded so that the last bits of an embedding never decide an order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What each similarity counts for; together 1."""

    meaning: float
    """Cosine of the embeddings of whole texts."""
    words: float
    """Cosine of stems, denied stems and pairs, weighted by rarity."""
    sentences: float = 0.0
    """How well each sentence of one text is matched by some sentence of the other, both ways."""
    features: float = 0.0
    """Product of the features of `describe`."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """Texts in every form that is compared. `starts` says where each text's sentences begin."""

    vectors: Matrix
    words: Matrix
    lines: Matrix
    starts: NDArray[np.intp]
    features: Matrix


class Likeness:
    """Marks for texts, learnt from examples."""

    def __init__(
        self,
        texts: Sequence[str],
        marks: Matrix,
        encode: Encode,
        *,
        shares: Shares,
        ridge: float,
        describe: Describe | None = None,
    ) -> None:
        """Learn from `texts`, none empty, and `marks`, one row a text; `ridge` says how much to smooth."""
        self._encode, self._shares, self._describe = encode, shares, describe
        bags = [Counter(terms(text)) for text in texts]
        holding = Counter(term for bag in bags for term in bag)
        known = sorted(term for term, count in holding.items() if count > 1)
        self._columns = {term: column for column, term in enumerate(known)}
        self._rarity = np.array([np.log(len(texts) / holding[term]) for term in known])
        self._taught = self._see(texts)
        self._base = marks.mean(axis=0)
        kernel = self._similarity(self._taught)
        kernel[np.diag_indices_from(kernel)] += ridge
        self._weights = np.linalg.solve(kernel, marks - self._base)

    def marks(self, texts: Sequence[str]) -> Matrix:
        """One row of marks a text. About zero throughout for a text unlike every example."""
        if not texts:
            return np.zeros((0, len(self._base)))
        return cast(Matrix, np.round(self._similarity(self._see(texts)) @ self._weights, _DECIMALS))

    def _see(self, texts: Sequence[str]) -> _Seen:
        empty = np.zeros((len(texts), 0))
        lines, starts = empty, np.arange(len(texts))
        if self._shares.sentences:
            parts = [[sentence.text for sentence in sentences(text)] or [text] for text in texts]
            starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
            lines = np.asarray(self._encode([line for part in parts for line in part]), dtype=np.float64)
        features = self._describe(texts) if self._describe and self._shares.features else empty
        vectors = np.asarray(self._encode(texts), dtype=np.float64)
        return _Seen(vectors, self._weigh(texts), lines, starts, features)

    def _weigh(self, texts: Sequence[str]) -> Matrix:
        rows = np.zeros((len(texts), len(self._columns)))
        for row, text in enumerate(texts):
            for term, count in Counter(terms(text)).items():
                column = self._columns.get(term)
                if column is not None:
                    rows[row, column] = np.log1p(count) * self._rarity[column]
        return cast(Matrix, rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))

    def _similarity(self, seen: _Seen) -> Matrix:
        taught, shares = self._taught, self._shares
        total = shares.meaning * seen.vectors @ taught.vectors.T + shares.words * seen.words @ taught.words.T
        if shares.sentences:
            total = total + shares.sentences * _matched(seen, taught)
        if shares.features:
            total = total + shares.features * seen.features @ taught.features.T
        return total


def _matched(one: _Seen, other: _Seen) -> Matrix:
    """For each pair of texts, the mean best match of the sentences of either in the other, both ways."""
    alike = one.lines @ other.lines.T
    there = np.maximum.reduceat(alike, other.starts, axis=1)
    back = np.maximum.reduceat(alike, one.starts, axis=0)
    forth = np.add.reduceat(there, one.starts, axis=0) / _sizes(one)[:, None]
    return 0.5 * (forth + np.add.reduceat(back, other.starts, axis=1) / _sizes(other)[None, :])


def _sizes(seen: _Seen) -> Matrix:
    ends = [*seen.starts[1:], len(seen.lines)]
    return np.asarray(ends, dtype=np.float64) - seen.starts
