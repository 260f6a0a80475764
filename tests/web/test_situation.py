"""What a person may put right on the page, and what is kept of a conversation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from assistant.domain.framework import FactorLevel
from assistant.security.limits import RateLimit
from assistant.web.admission import Admission
from assistant.web.options import WebOptions
from assistant.web.pages import Desk
from assistant.web.pages.answering import NOTHING_CHOSEN, Answering, Shown
from assistant.web.pages.shelf import Shelf
from assistant.web.pages.situation import corrections_of, panel_updates
from assistant.web.pages.talk import Talk
from tests.test_answer_with_advice import STORY
from tests.web.doors import awaited
from tests.web.fakes import FakeAssistant
from tests.web.reading import Page

if TYPE_CHECKING:
    from assistant.engine import Assistant


def answering(assistant: Any, *, asks_per_minute: int = 0) -> Answering:
    limits = Admission(slots=1, waiting=1, wait_seconds=5), RateLimit(asks_per_minute, name="ask")
    return Answering(Desk(assistant, WebOptions(), *limits))


def asked(assistant: Any, question: str, talk: Talk | None = None) -> Talk:
    async def last() -> Shown:
        return [s async for s in answering(assistant).answer(question, talk or Talk(), "me")][-1]

    return awaited(last()).talk


def put_right(assistant: Any, talk: Talk, corrections: dict[str, FactorLevel | None]) -> Shown:
    return awaited(answering(assistant).put_right(talk, corrections, "me"))


@pytest.fixture(scope="module")
def told(bundled: Assistant) -> Talk:
    return asked(bundled, STORY)


def test_the_panel_asks_the_two_deciding_questions_and_offers_every_reading(told: Talk) -> None:
    box, heading, one, two, which, level, note = panel_updates(told)
    assert box["visible"] is True
    assert "Two answers would change this advice" in heading
    assert told.advice is not None
    wanted = [question.question.text for question in told.advice.advice.questions[:2]]
    assert [one["label"], two["label"]] == wanted
    assert len(one["choices"]) == 3
    assert len(which["choices"]) == 16
    assert (level["value"], note) == (None, "")


def test_there_is_no_panel_without_advice() -> None:
    assert panel_updates(Talk())[0]["visible"] is False
    assert panel_updates(asked(FakeAssistant(), "Do visits help?"))[0]["visible"] is False


def test_answers_and_a_reading_become_corrections(told: Talk) -> None:
    assert told.advice is not None
    first = told.advice.advice.questions[0].factor
    chosen = corrections_of(told, ["low", None, "proximity", "unknown"])
    assert chosen == {first: FactorLevel.LOW, "proximity": None}


@pytest.mark.parametrize(
    "sent",
    [
        ["enormous", {"a": 1}, "proximity", "enormous"],
        [None, None, "no-such-factor", "high"],
        [None, None, "proximity", None],
        [None, None, None, "high"],
        [7, [], ["proximity"], ["high"]],
    ],
)
def test_what_no_browser_of_ours_sends_is_ignored(told: Talk, sent: list[Any]) -> None:
    assert corrections_of(told, sent) == {}


def test_a_correction_changes_the_advice_and_says_what_moved(bundled: Assistant, told: Talk) -> None:
    shown = put_right(bundled, told, {"proximity": FactorLevel.HIGH, "programme-mandates": None})
    page = Page(shown.messages[-1]["content"])
    assert "What this changed" in page.words
    assert "Proximity: low before, high now." in page.words
    assert "Programme mandates: high before, not known now." in page.words
    assert "Proximity: high, as you put it right." in page.words
    assert "Put right. Proximity: high; Programme mandates: not known." in shown.messages[-2]["content"]
    assert shown.talk.corrections == {"proximity": FactorLevel.HIGH, "programme-mandates": None}


def test_a_corrected_answer_has_sources_for_all_its_numbers_and_a_receipt_that_holds(
    bundled: Assistant, told: Talk
) -> None:
    import json

    talk = put_right(bundled, told, {"proximity": FactorLevel.HIGH}).talk
    page, beside = Page(talk.exchanges[-1].shown), Page(talk.exchanges[-1].sources)
    leads = {dict(a)["href"].removeprefix("#") for tag, a in page.tags if tag == "a"}
    places = {a["id"] for tag, a in beside.tags if tag == "details" and "id" in a}
    assert leads
    assert leads == places
    receipt = json.loads(talk.exchanges[-1].receipt)
    assert bundled.verify(receipt).holds
    assert "## Sources" in talk.exchanges[-1].markdown


def test_what_was_put_right_still_counts_in_the_next_question(bundled: Assistant, told: Talk) -> None:
    talk = put_right(bundled, told, {"proximity": FactorLevel.HIGH}).talk
    assert [turn.text for turn in talk.turns(most=9) if turn.role == "user"] == [STORY]
    after = asked(bundled, "The board wants a plan by May. What should we do first?", talk)
    assert after.advice is not None
    assert after.advice.situation.startswith(STORY)
    assert after.advice.advice.profile.state("proximity") is FactorLevel.HIGH


def test_what_was_asked_about_stays_first_after_a_correction_with_its_new_standing(
    bundled: Assistant,
) -> None:
    doubted = asked(
        bundled, "We were paired with a hospital on another system two hours away. Is it worth it?"
    )
    assert doubted.advice is not None
    about = doubted.advice.advice.asked
    assert about is not None
    after = put_right(bundled, doubted, {"proximity": FactorLevel.HIGH}).talk
    assert after.advice is not None
    now = after.advice.advice.asked
    assert now is not None
    assert after.advice.advice.cards[0].mechanism_id == now.mechanism_id == about.mechanism_id
    assert (about.standing, now.standing) == ("doubtful", "fits")
    said = Page(after.exchanges[-1].shown).words
    assert "What you asked about: doubtful before, it fits now." in said


def test_nothing_chosen_changes_nothing(bundled: Assistant, told: Talk) -> None:
    shown = put_right(bundled, told, {})
    assert (shown.talk, shown.status) == (told, NOTHING_CHOSEN)


def test_a_conversation_is_found_again_by_its_owner_alone() -> None:
    shelf, talk = Shelf(), asked(FakeAssistant(), "Do visits help?")
    token, empty = shelf.fetch("me", "")
    assert empty == Talk()
    shelf.keep("me", token, talk)
    assert shelf.fetch("me", token) == (token, talk)
    other, nothing = shelf.fetch("you", token)
    assert other != token
    assert nothing == Talk()


@pytest.mark.parametrize("token", ["", "guess", None, 7, ["x"], "<b>" * 15, "a" * 44])
def test_a_token_that_is_not_ours_opens_nothing_and_keeps_nothing(token: Any) -> None:
    shelf = Shelf()
    shelf.keep("me", token, asked(FakeAssistant(), "Do visits help?"))
    fresh, talk = shelf.fetch("me", token)
    assert fresh != token
    assert len(fresh) == 43
    assert talk == Talk()


def test_the_shelf_is_bounded_and_lets_the_longest_unused_go() -> None:
    shelf, talk = Shelf(most=2), asked(FakeAssistant(), "Do visits help?")
    tokens = [shelf.fetch("me", "")[0] for _ in range(3)]
    shelf.keep("me", tokens[0], talk)
    shelf.keep("me", tokens[1], talk)
    assert shelf.fetch("me", tokens[0])[1] == talk
    shelf.keep("me", tokens[2], talk)
    assert [shelf.fetch("me", token)[1] == talk for token in tokens] == [True, False, True]


def test_a_new_conversation_lets_the_old_one_go() -> None:
    shelf = Shelf()
    token, _ = shelf.fetch("me", "")
    shelf.keep("me", token, asked(FakeAssistant(), "Do visits help?"))
    shelf.keep("me", token, Talk())
    assert shelf.fetch("me", token)[1] == Talk()


def test_a_question_that_hung_in_the_air_is_shown_as_far_as_it_had_come() -> None:
    hanging = replace(Talk(), unfinished=Talk().asking("Do visits help?").unfinished)
    shown = answering(FakeAssistant()).returned(hanging)
    assert shown.talk.unfinished is None
    assert "You stopped here" in shown.messages[-1]["content"]
