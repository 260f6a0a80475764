"""Keyword search (BM25) over two fields: a passage's words with its title and context, and the same with
aids.

The only room of bm25s. Scores depend on the whole collection; every filter is applied before ranking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.domain.documents import Passage
from assistant.index.entries import context_of
from assistant.index.words import stems

FIELDS = ("text", "aid")


@dataclass(frozen=True, slots=True)
class Weighting:
    """The two numbers of BM25: `k1` sets how soon repeats stop counting, `b` how much length counts."""

    k1: float = 1.2
    b: float = 0.75


class KeywordField:
    """One field of all passages, in row order. Build it from stems or load it from a folder."""

    def __init__(self, model: Any, size: int) -> None:
        self._model = model
        self.size = size

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]], weighting: Weighting) -> KeywordField:
        """The field over documents given as stems; equal documents always give an equal field."""
        import bm25s

        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(stem, len(vocabulary)) for stem in stems_] for stems_ in documents]
        if not vocabulary:
            return cls(None, len(documents))
        model = bm25s.BM25(k1=weighting.k1, b=weighting.b, method="lucene", backend="numpy")
        model.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        return cls(model, len(documents))

    @classmethod
    def load(cls, folder: Path, size: int) -> KeywordField:
        """The field that `save` wrote."""
        import bm25s

        if not (folder / "vocab.index.json").is_file():
            return cls(None, size)
        model = bm25s.BM25.load(str(folder), load_corpus=False, show_progress=False, allow_pickle=False)
        return cls(model, size)

    def save(self, folder: Path) -> None:
        """Write the field as arrays and JSON; a field without a single word leaves an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._model is not None:
            self._model.save(str(folder), show_progress=False)

    def scores(self, text: str) -> NDArray[np.float64]:
        """A score for each row, 0 for a row that shares no word. A word asked twice counts once."""
        scores = np.zeros(self.size, dtype=np.float64)
        if self._model is None:
            return scores
        columns, vocabulary = self._model.scores, self._model.vocab_dict
        for stem in Counter(stems(text)):
            column = vocabulary.get(stem)
            if column is not None:
                start, end = columns["indptr"][column], columns["indptr"][column + 1]
                scores[columns["indices"][start:end]] += columns["data"][start:end]
        return scores


def field_stems(passages: Sequence[Passage]) -> dict[str, list[list[str]]]:
    """Stems of every field for each passage. Without any aids both fields are one and the same list."""
    text = [stems(f"{context_of(passage)} {passage.text}") for passage in passages]
    if not any(passage.aids for passage in passages):
        return {"text": text, "aid": text}
    aids = [own + stems(" ".join(passage.aids)) for own, passage in zip(text, passages, strict=True)]
    return {"text": text, "aid": aids}
