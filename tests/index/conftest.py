"""Shared pieces: a library in a fresh folder, a fast embedder, and a small collection that was read in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.index.index import Index, Rebuild, open_index
from assistant.index.ingest import ingest
from assistant.index.library import Library
from tests.index.samples import HashingEmbedder, made_up_documents


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "data") as opened:
        yield opened


@dataclass
class Shelf:
    """A library that was read in, and how to open its index."""

    library: Library
    embedder: HashingEmbedder

    def open(self, rebuild: Rebuild = "now") -> Index:
        return open_index(
            self.library,
            model_id=self.embedder.model_id,
            dimensions=self.embedder.dimensions,
            rebuild=rebuild,
        )


@pytest.fixture
def shelf(library: Library, embedder: HashingEmbedder) -> Shelf:
    ingest(library, made_up_documents(60), embedder, collection="made-up", chunker="1")
    return Shelf(library, embedder)
