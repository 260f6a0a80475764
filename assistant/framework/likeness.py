"""Learns which marks go with which texts, by meaning and by words together, and marks new texts.

Kernel ridge regression in closed form (Saunders, Gammerman and Vovk 1998) over the sum of two similarities:
the cosine of embeddings, which knows synonyms but is weak on denial, and the cosine of weighted terms, which
is the other way round. No chance and no iteration: the same examples give the same marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from assistant.framework.segments import terms

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to unit vectors, one row a text, in the order given."""
Matrix = NDArray[np.float64]

_DECIMALS = 6
"""Marks are rounded so that the last bits of an embedding never decide an order."""


class Likeness:
    """Marks for texts, learnt from examples."""

    def __init__(
        self, texts: Sequence[str], marks: Matrix, encode: Encode, *, meaning: float, ridge: float
    ) -> None:
        """Learn from `texts` and their `marks` (one row a text).

        `meaning` is the share of the embeddings in the similarity (0 to 1), `ridge` how strongly to smooth.
        """
        self._encode, self._meaning = encode, meaning
        self._vectors = np.asarray(encode(texts), dtype=np.float64)
        bags = [Counter(terms(text)) for text in texts]
        document_counts = Counter(term for bag in bags for term in bag)
        known = sorted(term for term, count in document_counts.items() if count > 1)
        self._columns = {term: column for column, term in enumerate(known)}
        self._rarity = np.array([np.log(len(texts) / document_counts[term]) for term in known])
        self._words = self._weigh(bags)
        self._base = marks.mean(axis=0)
        kernel = self._similarity(self._vectors, self._words)
        kernel[np.diag_indices_from(kernel)] += ridge
        self._weights = np.linalg.solve(kernel, marks - self._base)

    def marks(self, texts: Sequence[str]) -> Matrix:
        """One row of marks a text. Zero throughout for a text unlike every example."""
        if not texts:
            return np.zeros((0, len(self._base)))
        vectors = np.asarray(self._encode(texts), dtype=np.float64)
        words = self._weigh([Counter(terms(text)) for text in texts])
        return cast(Matrix, np.round(self._similarity(vectors, words) @ self._weights, _DECIMALS))

    def _weigh(self, bags: Sequence[Counter[str]]) -> Matrix:
        rows = np.zeros((len(bags), len(self._columns)))
        for row, bag in enumerate(bags):
            for term, count in bag.items():
                column = self._columns.get(term)
                if column is not None:
                    rows[row, column] = np.log1p(count) * self._rarity[column]
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return cast(Matrix, rows / np.maximum(lengths, 1e-9))

    def _similarity(self, vectors: Matrix, words: Matrix) -> Matrix:
        return self._meaning * vectors @ self._vectors.T + (1 - self._meaning) * words @ self._words.T
