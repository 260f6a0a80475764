"""The bundled findings, read once."""

from __future__ import annotations

import pytest

from assistant.domain.framework import Catalogue
from tests.language.desk import corpus_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return corpus_catalogue()
