"""The buttons that save a plan, without a browser: what they hand out and what they say."""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document

from assistant.domain.advice import Profile
from assistant.domain.answers import CitedAdvice
from assistant.domain.framework import FactorLevel
from assistant.errors import InputError
from assistant.security.limits import RateLimit
from assistant.web.admission import Admission
from assistant.web.pages.planning import MARKDOWN, WORD, PlanInputs, _Planning, start_date
from tests.framework.conftest import build_adviser, load_catalogue
from tests.framework.plans import STORY, cited

REQUEST = SimpleNamespace(headers={})


class Engine:
    """Advice without a store; keeps what it was asked."""

    catalogue = load_catalogue()

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def recommend(self, situation: str = "", **known: Any) -> CitedAdvice:
        self.asked.append({"situation": situation, **known})
        if not situation and known["answers"] is None and known["profile"] is None:
            raise InputError("There is no situation.", hint="Tell what you face in a sentence or more.")
        return cited(build_adviser().advise(situation, profile=known["profile"]), situation)


def press(
    kind: str, read: Callable[..., Any], *, start: str = "2027-03-01", engine: Any = None, limit: int = 0
) -> Callable[[], tuple[Any, str]]:
    desk = SimpleNamespace(
        assistant=engine or Engine(),
        asks=RateLimit(limit, name="plans"),
        admission=Admission(slots=1, waiting=1, wait_seconds=5),
    )
    handler = _Planning(desk, read).press(kind)  # type: ignore[arg-type]

    def again() -> tuple[Any, str]:
        file, note = asyncio.run(handler(start, REQUEST, "value"))
        return file, note

    return again


def test_word_and_markdown_are_handed_out_with_name_and_type() -> None:
    file, note = press(WORD, lambda value: PlanInputs(situation=STORY))()
    handed = json.loads(file)
    document = Document(BytesIO(base64.b64decode(handed["base64"])))
    assert handed["name"] == "plan-knowledge-sharing.docx"
    assert document.paragraphs[0].text.startswith("Plan: ")
    assert "The plan was saved." in note
    file, _ = press(MARKDOWN, lambda value: PlanInputs(situation=STORY, mechanisms=("webinar",)))()
    handed = json.loads(file)
    assert (handed["name"], handed["type"]) == ("plan-webinar.md", "text/markdown")
    assert "Starts 1 March 2027" in base64.b64decode(handed["base64"]).decode()


def test_the_values_of_the_page_are_what_the_plan_is_made_of() -> None:
    seen: list[str] = []

    def read(value: str) -> PlanInputs:
        seen.append(value)
        return PlanInputs(situation=STORY, corrections={"proximity": FactorLevel.LOW})

    engine = Engine()
    press(WORD, read, engine=engine)()
    assert seen == ["value"]
    assert engine.asked[0]["corrections"] == {"proximity": FactorLevel.LOW}


def test_a_chosen_mechanism_can_be_planned_with_nothing_told() -> None:
    engine = Engine()
    file, _ = press(WORD, lambda value: PlanInputs(mechanisms=("mentoring",)), engine=engine)()
    assert json.loads(file)["name"] == "plan-mentoring.docx"
    assert engine.asked[0]["profile"] == Profile()


@pytest.mark.parametrize(
    ("read", "start", "sentence"),
    [
        (lambda value: None, "", "There is no advice to plan from yet."),
        (lambda value: PlanInputs(), "", "There is no situation."),
        (lambda value: PlanInputs(situation=STORY), "next spring", "The start is not a date we can read."),
        (lambda value: 1 / 0, "", "the plan was not made"),
    ],
)
def test_what_cannot_be_planned_is_said_in_words_and_nothing_is_saved(
    read: Callable[..., Any], start: str, sentence: str
) -> None:
    file, note = press(WORD, read, start=start)()
    assert not isinstance(file, str)
    assert sentence in note


def test_whoever_asks_too_often_is_told_to_wait() -> None:
    pressed = press(WORD, lambda value: PlanInputs(situation=STORY), limit=1)
    first, _ = pressed()
    second, note = pressed()
    assert isinstance(first, str)
    assert not isinstance(second, str)
    assert "which is the limit" in note


@pytest.mark.parametrize(
    "words", ["2027-01-31", "31/1/2027", "31.01.2027", " 31 January  2027 ", "31 Jan 2027"]
)
def test_dates_are_read_as_people_here_write_them(words: str) -> None:
    assert start_date(words) == date(2027, 1, 31)
