"""One question, three doors: page, interface and command line show the same words, ids and quotes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.cli import run
from assistant.engine import Assistant
from assistant.security.limits import RateLimit
from assistant.web.admission import Admission
from assistant.web.options import WebOptions
from assistant.web.pages import Desk
from assistant.web.pages.answering import Answering, Shown
from assistant.web.pages.talk import Talk
from tests.web.doors import awaited, client
from tests.web.reading import Page

QUESTIONS = (
    "Our programme paired us with a hospital on another record system. Is this worth our time?",
    "Do peer review visits improve anything?",
    "What should a blueprint contain so that people use it?",
    "We are paired with a bigger trust. The money lasts a year. Nobody has time to write. What should we do?",
    "How many studies say that site visits help?",
    "Who disagrees about peer review?",
    "Which vaccine should my daughter have?",
    "What did the programme cost in pounds?",
)


class LeftOpen:
    """The assistant for a command that would close it when done."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def close(self) -> None:
        pass


def on_the_page(assistant: Assistant, question: str) -> Shown:
    """What the page shows at the end."""
    limits = Admission(slots=1, waiting=1, wait_seconds=5), RateLimit(0, name="ask")
    answering = Answering(Desk(assistant, WebOptions(), *limits))

    async def last() -> Shown:
        return [shown async for shown in answering.answer(question, Talk(), "test")][-1]

    return awaited(last())


def on_the_command_line(
    assistant: Assistant, question: str, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> Any:
    capsys.readouterr()
    arguments = ["--data-dir", str(tmp_path), "ask", question, "--json"]
    assert run(arguments, build=lambda _: LeftOpen(assistant)) == 0  # type: ignore[arg-type, return-value]
    return json.loads(capsys.readouterr().out)


def citations_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every citation anywhere in an answer as JSON."""
    if isinstance(value, list):
        for part in value:
            yield from citations_in(part)
    elif isinstance(value, dict):
        if "quote" in value:
            yield value
        for part in value.values():
            yield from citations_in(part)


def without_time(answer: Any) -> Any:
    """The answer without what depends on the clock."""
    receipt = {name: value for name, value in answer["receipt"].items() if name not in {"made_at", "seal"}}
    return {**answer, "timings_ms": {}, "receipt": receipt}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_door_gives_the_same_answer(
    bundled: Assistant, question: str, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    told = on_the_command_line(bundled, question, capsys, tmp_path)
    door = client(bundled)
    sent = door.post("/api/ask", json={"question": question}).json()
    assert without_time(sent) == without_time(told)

    stream = door.post("/api/ask", json={"question": question}, headers={"Accept": "text/event-stream"}).text
    finished = json.loads(stream.strip().split("\n\n")[-1].split("data: ", 1)[1])["answer"]
    assert without_time(finished) == without_time(told)
    advised = [part for part in stream.split("\n\n") if part.startswith("event: advice\n")]
    sent_advice = [json.loads(part.split("data: ", 1)[1])["advice"] for part in advised]
    assert sent_advice == ([told["advice"]] if told["advice"] else [])

    shown = on_the_page(bundled, question)
    page, beside = Page(shown.messages[-1]["content"]), Page(shown.talk.sources())
    for statement in told["statements"]:
        assert " ".join(statement["text"].split()) in page.words
    cited = {c["marker"]: c for c in citations_in([told["statements"], told["advice"]])}
    for card in (told["advice"] or {}).get("recommendations", []):
        assert card["name"] in page.words
        assert all(" ".join(step.split()) in page.words for step in card["first_steps"])
    assert beside.marked == [cited[marker]["quote"] for marker in sorted(cited)]
    for citation in cited.values():
        assert citation["passage_id"] in beside.words
    assert list(shown.suggestions) == told["follow_ups"]

    for found in told["evidence"]:
        assert found["passage_id"] in beside.words
    receipt = json.loads(shown.talk.exchanges[-1].receipt)
    assert without_time({**told, "receipt": receipt}) == without_time(told)


def test_the_receipt_that_the_page_saves_verifies(bundled: Assistant) -> None:
    receipt = json.loads(on_the_page(bundled, QUESTIONS[0]).talk.exchanges[-1].receipt)
    checked = client(bundled).post("/api/verify", json=receipt).json()
    assert checked["holds"] is True
    assert checked["passages_checked"] > 0
    receipt["passages"][0]["sha256"] = "0" * 64
    assert client(bundled).post("/api/verify", json=receipt).json()["holds"] is False


def test_a_follow_up_is_understood_alike_on_page_and_interface(bundled: Assistant) -> None:
    first, second = QUESTIONS[1], "What gets in the way of that?"
    talk = on_the_page(bundled, first).talk
    turns = [{"role": turn.role, "text": turn.text} for turn in talk.turns(most=40)]
    sent = client(bundled).post("/api/ask", json={"question": second, "turns": turns}).json()
    limits = Admission(slots=1, waiting=1, wait_seconds=5), RateLimit(0, name="ask")
    answering = Answering(Desk(bundled, WebOptions(), *limits))

    async def last() -> Shown:
        return [shown async for shown in answering.answer(second, talk, "test")][-1]

    shown = awaited(last())
    assert sent["standalone"] != second
    words = Page(shown.messages[-1]["content"]).words
    assert all(" ".join(statement["text"].split()) in words for statement in sent["statements"])
