"""The real corpus with an embedder that needs no model: enough for all but how well meanings match."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from assistant.domain.framework import Catalogue
from assistant.framework.recommend import Adviser
from assistant.framework.segments import terms
from assistant.framework.wordings import Wordings, wordings
from assistant.index.embeddings import Progress
from assistant.ingestion.corpus import load_corpus

CORPUS = Path(__file__).parents[2] / "corpus"


class StemEmbedder:
    """Unit vectors from hashed stems; counts what it encodes. Texts that share words are alike."""

    model_id = "stems"
    dimensions = 96
    max_tokens = 80

    def __init__(self) -> None:
        self.encoded = 0

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        assert all(count <= self.max_tokens for count in self.token_counts(texts))
        self.encoded += len(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text) or [""]:
                rows[row, zlib.crc32(term.encode()) % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def read_yaml(name: str) -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load((CORPUS / name).read_text(encoding="utf-8"))
    return data


@cache
def load_catalogue() -> Catalogue:
    return load_corpus(CORPUS).catalogue


@cache
def load_wordings() -> Wordings:
    return wordings(read_yaml("cues.yaml"), read_yaml("cases.yaml"), load_catalogue())


@cache
def build_adviser() -> Adviser:
    return Adviser(load_catalogue(), load_wordings(), StemEmbedder())


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def everyday() -> Wordings:
    return load_wordings()


@pytest.fixture(scope="session")
def adviser() -> Adviser:
    return build_adviser()
