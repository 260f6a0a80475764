"""How surely a passage answers a question, judged as the gate judges prose: by words and by vectors.

It decides nothing; the gate's own limits do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.answering.answerability import Similarity, answerability, sentence_spans
from assistant.index.embeddings import Embedder, cut_to_fit, split_to_fit

Vectors = NDArray[np.float32]

_REMEMBERED = 4_096


class Answering:
    """Judges one passage for one question, 0 to 1. Loads the embedding model when first called."""

    def __init__(self, embedder: Callable[[], Embedder]) -> None:
        self._embedder = embedder
        self._question = lru_cache(maxsize=_REMEMBERED)(self._encoded_question)
        self._passage = lru_cache(maxsize=_REMEMBERED)(self._encoded_passage)

    def __call__(self, question: str, passage: str, title: str = "") -> float:
        """How likely `passage` answers `question`; 0 if either is empty."""
        if not question.strip() or not passage.strip():
            return 0.0
        asked = self._question(question)
        parts, sentences = self._passage(passage, title)
        near = Similarity(float((parts @ asked).max()), tuple((sentences @ asked).tolist()))
        return answerability(question, [passage], titles=[title], similarities=[near])

    def _encoded_question(self, question: str) -> Vectors:
        model = self._embedder()
        vector: Vectors = model.encode([cut_to_fit(model, question)[0]])[0]
        return vector

    def _encoded_passage(self, passage: str, title: str) -> tuple[Vectors, Vectors]:
        """Rows of the whole below its title, one for each stretch that fits the model's window, and of the
        sentences that are judged.
        """
        model = self._embedder()
        parts = split_to_fit(model, f"{title} {passage}")
        sentences = [cut_to_fit(model, span.of(passage))[0] for span in sentence_spans(passage)]
        rows = model.encode([*parts, *sentences])
        return rows[: len(parts)], rows[len(parts) :]
