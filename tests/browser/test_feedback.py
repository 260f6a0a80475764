from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.evaluation.review_queue import FROM_CHAT
from tests.browser.conftest import Site, Visit, serve
from tests.web.fakes import FakeAssistant

Tab = Callable[..., Visit]
QUESTION = "Is the partnership worth our time?"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    served = serve(FakeAssistant(), review_folder=str(tmp_path))
    yield served
    served.stop()


def test_a_view_of_one_sentence_is_kept_with_its_turn_and_comes_to_the_raters(visit: Tab, site: Site) -> None:
    tab = visit().open(site.home)
    page = tab.page
    assert page.locator("#ea-feedback").count() == 0 or not page.locator("#ea-feedback").is_visible()
    tab.ask(QUESTION)
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_text("it is kept on this service").wait_for()
    assert tab.axe() == []
    page.locator("#ea-feedback-about input").click()
    page.get_by_role("option", name="Sentence 2:").click()
    page.get_by_label("The source does not say this").check()
    page.fill("#ea-feedback-comment textarea", "It says training, not staff.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Thank you. It is kept").wait_for()
    assert tab.axe() == []
    (said,) = site.assistant.opinions.feedback()
    assert (said.helpful, said.reason, said.sentence) == (False, "unsupported", 2)
    assert said.comment == "It says training, not staff."
    assert said.turn["question"] == QUESTION
    assert said.turn["made_with"] == {"settings": "fake"}
    assert len(said.turn["statements"]) == 8
    assert said.turn["gaps"]
    assert "127.0.0.1" not in said.by
    page.goto(f"{site.home}review")
    page.locator("#ea-queue input").click()
    page.get_by_role("option", name="Answers that readers of the chat commented on").click()
    page.fill("#ea-rater :is(input, textarea)", "Ada")
    page.get_by_role("button", name="Rate answers").click()
    page.locator("#ea-place", has_text="Answer 1 of 1").wait_for()
    assert page.locator("#ea-review-question h2").inner_text() == QUESTION
    assert "It says training" not in page.content()
    page.keyboard.type("1" * page.locator(".ea-support:visible").count() + "4345")
    page.keyboard.press("Enter")
    page.locator("#ea-place", has_text="All answers are rated").wait_for()
    (kept,) = site.assistant.opinions.ratings.of_queue(FROM_CHAT)
    assert kept.rating.scales == {"correct": 4, "grounded": 3, "useful": 4, "fitting": 5}
    assert kept.rating.sentences == dict.fromkeys((1, 2, 3, 4, 6), "fully")
    tab.assert_quiet()


def test_what_was_sent_can_be_taken_back_and_nothing_stays(visit: Tab, site: Site) -> None:
    tab = visit().open(site.home)
    tab.ask(QUESTION)
    page = tab.page
    page.get_by_role("button", name="Helpful", exact=True).click()
    page.get_by_label("I can act on it").check()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Thank you. It is kept").wait_for()
    assert [s.reason for s in site.assistant.opinions.feedback()] == ["usable"]
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("It is taken back.").wait_for()
    assert site.assistant.opinions.feedback() == ()


def test_nothing_is_kept_by_looking_and_each_answer_is_asked_about_anew(visit: Tab, site: Site) -> None:
    tab = visit().open(site.home)
    tab.ask(QUESTION)
    page = tab.page
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_role("button", name="Do not send").click()
    page.get_by_text("Did this answer help?").wait_for()
    tab.ask("about near_miss")
    page.get_by_text("Did this answer help?").wait_for()
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_label("It should have answered, and did not").check()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Thank you. It is kept").wait_for()
    (said,) = site.assistant.opinions.feedback()
    assert (said.turn["question"], said.sentence, said.reason) == ("about near_miss", None, "refused")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_controls_fit_a_phone(visit: Tab, site: Site, scheme: str) -> None:
    tab = visit(320, color_scheme=scheme).open(site.home)
    tab.ask(QUESTION)
    tab.page.get_by_role("button", name="Not helpful").click()
    tab.page.get_by_text("it is kept on this service").wait_for()
    assert tab.axe() == []
    assert tab.too_wide() == []


def test_switched_off_there_is_nothing_to_press(visit: Tab) -> None:
    served = serve(FakeAssistant(), feedback=False)
    try:
        tab = visit().open(served.home)
        tab.ask(QUESTION)
        assert tab.page.locator("#ea-feedback").count() == 0
    finally:
        served.stop()
