"""Texts of any length to unit vectors, each text encoded once. The embedder is handed in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.framework.segments import sentences
from assistant.index.embeddings import Embedder

_LEAST = 20
"""Pieces are not halved below this many characters."""


class WholeTexts:
    """An `Encode` that never refuses a long text: what does not fit is cut at sentences and averaged."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given."""
        if not texts:
            return np.zeros((0, self._embedder.dimensions), dtype=np.float32)
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        fresh = dict(zip(new, self._vectors(new), strict=True)) if new else {}
        return np.stack([fresh[text] if text in fresh else self._known[text] for text in texts])

    def remember(self, texts: Sequence[str]) -> None:
        """Encode texts that will be asked for again, and keep their vectors."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._vectors(new), strict=True))

    def _vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        pieces = [self._pieces(text) for text in texts]
        rows = iter(self._embedder.encode([piece for group in pieces for piece in group]))
        return [_mean([next(rows) for _ in group]) for group in pieces]

    def _pieces(self, text: str) -> list[str]:
        if self._embedder.token_counts([text])[0] <= self._embedder.max_tokens:
            return [text]
        parts = [sentence.text for sentence in sentences(text)]
        if len(parts) > 1:
            return [piece for part in parts for piece in self._pieces(part)]
        if len(text) < 2 * _LEAST:
            return [text]
        middle = text.rfind(" ", _LEAST, len(text) // 2)
        middle = middle if middle > 0 else len(text) // 2
        return [*self._pieces(text[:middle]), *self._pieces(text[middle:])]


def _mean(rows: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    if len(rows) == 1:
        return rows[0]
    mean = np.mean(np.stack(rows), axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
