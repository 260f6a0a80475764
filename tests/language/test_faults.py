"""Whatever a model server does, the question is answered from evidence, labelled, and in time.

`python -m tests.acceptance.model_faults` asks the whole assistant a hundred questions in every mode.
"""

from __future__ import annotations

import time

import pytest

from assistant.answering.model_composer import NOT_USED, ModelComposer
from assistant.domain.answers import State
from assistant.domain.framework import Catalogue
from assistant.language.breaker import Breaker
from assistant.language.models import ModelLimits, make_chat_model
from tests.language.desk import EVIDENCE_COMPOSER, Desk, finding_passages
from tests.language.servers.loopback import LoopbackServer, black_hole
from tests.language.servers.scripted import FAULTS, honest

QUESTIONS = 3
SHORT = ModelLimits(
    connect_seconds=0.2,
    first_token_seconds=0.3,
    total_seconds=0.8,
    most_raw_bytes=500_000,
    backoff_seconds=0.02,
)
ASKED = "What helps hospitals share what they know?"


def never_opens() -> Breaker:
    return Breaker(failures=10**9)


def assert_answered_from_evidence(desk: Desk, catalogue: Catalogue, number: int) -> None:
    passages = finding_passages(catalogue, number * 5, 5)
    started = time.monotonic()
    draft, answer = desk.answer(f"{ASKED} ({number})", passages)
    took = time.monotonic() - started
    assert answer.state is State.GROUNDED
    assert answer.statements
    assert all(s.citations or s.kind == "advice" for s in answer.statements)
    assert draft.composer == EVIDENCE_COMPOSER
    label = [gap for gap in answer.gaps if gap.startswith(NOT_USED.split("{")[0])]
    assert len(label) == 1
    assert answer.receipt.body["made_with"]["composer"] == EVIDENCE_COMPOSER
    assert took < SHORT.total_seconds + 1.0


@pytest.mark.parametrize("mode", FAULTS)
def test_a_failing_model_leaves_an_answer_from_evidence_that_says_so(mode: str, catalogue: Catalogue) -> None:
    with LoopbackServer(FAULTS[mode]) as server:
        model = make_chat_model("openai:m", server.base_url, "k", SHORT)
        model.breaker = never_opens()
        desk = Desk(catalogue, model)
        for number in range(QUESTIONS):
            assert_answered_from_evidence(desk, catalogue, number)
        assert server.received


@pytest.mark.parametrize("where", ["refused", "black hole", "no TLS there", "moved"])
def test_a_model_that_cannot_be_reached_leaves_an_answer_too(where: str, catalogue: Catalogue) -> None:
    with LoopbackServer(honest) as elsewhere:

        def moved(connection) -> None:  # type: ignore[no-untyped-def]
            connection.error("307 Temporary Redirect", location=f"{elsewhere.base_url}/chat/completions")

        with LoopbackServer(moved) as server:
            hole = black_hole()
            address = {
                "refused": "http://127.0.0.1:9/v1",
                "black hole": next(hole),
                "no TLS there": server.base_url.replace("http:", "https:"),
                "moved": server.base_url,
            }[where]
            model = make_chat_model("openai:m", address, "k", SHORT)
            model.breaker = never_opens()
            for number in range(QUESTIONS):
                assert_answered_from_evidence(Desk(catalogue, model), catalogue, number)
            hole.close()
        assert elsewhere.received == []


def test_an_open_breaker_costs_no_time_and_a_healed_server_is_used_again(catalogue: Catalogue) -> None:
    now = [0.0]
    with LoopbackServer(FAULTS["server_error"]) as server:
        model = make_chat_model("openai:m", server.base_url, "k", SHORT)
        model.breaker = Breaker(clock=lambda: now[0])
        desk = Desk(catalogue, model)
        for number in range(5):
            desk.answer(ASKED, finding_passages(catalogue, number, 5))
        seen = len(server.received)
        started = time.monotonic()
        _, answer = desk.answer(ASKED, finding_passages(catalogue, 0, 5))
        assert time.monotonic() - started < 0.4
        assert len(server.received) == seen
        assert NOT_USED.format("it failed several times and is left alone for a while") in answer.gaps
        server.answering = honest
        now[0] = 30.0
        draft, _ = desk.answer(ASKED, finding_passages(catalogue, 0, 5))
        assert draft.composer == ModelComposer.name
        assert not model.breaker.is_open
