"""Advice in the chat, driven in a real browser: cards, a reading put right, kept over a reload, saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit, serve
from tests.test_answer_with_advice import STORY

if TYPE_CHECKING:
    from assistant.engine import Assistant

Tab = Callable[..., Visit]
LEFT = re.compile(r"^AbortError|Connection errored out")


@pytest.fixture(scope="module")
def advised(bundled: Assistant) -> Iterator[Site]:
    served = serve(bundled)  # type: ignore[arg-type]
    yield served
    served.stop()


def told(tab: Visit, site: Site) -> Visit:
    tab.open(site.home).ask(STORY)
    tab.page.locator("#ea-situation").wait_for()
    return tab


def put_right(tab: Visit, factor: str, level: str) -> None:
    page = tab.page
    which = page.get_by_label("Is one of our readings wrong?")
    which.click()
    page.get_by_role("option", name=factor).click()
    expect(which).to_have_value(factor)
    page.locator("#ea-level").get_by_label(level, exact=True).check()
    expect(page.get_by_role("option")).to_have_count(0)  # the list is gone, and nothing moves any more
    page.get_by_role("button", name="Update the advice").click()


def test_a_reading_is_put_right_kept_over_a_reload_and_saved(visit: Tab, advised: Site) -> None:
    tab = told(visit(), advised)
    page = tab.page
    cards = page.locator(".ea-card")
    assert cards.count() == 3
    for card in cards.all():
        assert "Why here" in card.inner_text()
        assert "What speaks against it" in card.inner_text()
        assert not card.locator("dl").is_visible()
    cards.first.locator("summary").click()
    assert "Who is left out" in cards.first.locator("dl").inner_text()

    put_right(tab, "Proximity: low", "High")
    page.locator(".ea-changed").wait_for()
    assert "Proximity: low before, high now." in page.locator(".ea-changed").inner_text()
    assert page.locator("h2.ea-asked").last.inner_text().endswith("Put right. Proximity: high.")

    page.reload()
    page.locator(".ea-changed").wait_for()
    assert page.locator("h2.ea-asked").count() == 2
    assert STORY in page.locator("h2.ea-asked").first.inner_text()
    page.get_by_role("button", name="Save this diagnosis").click()
    page.locator("#ea-kept", has_text="Saved").wait_for()
    assert page.locator("#ea-kept a").get_attribute("href") == "/monitor"
    page.get_by_role("button", name="New conversation").click()
    page.get_by_text("Questions to begin with").wait_for()
    page.reload()
    page.locator("#ea-question textarea").wait_for()
    page.wait_for_timeout(1000)
    assert page.locator(".ea-asked").count() == 0
    # Leaving a page while it still listens is told as a fault by the page that was left.
    tab.complaints[:] = [said for said in tab.complaints if not LEFT.search(said)]
    tab.assert_quiet()


def test_an_answer_to_a_deciding_question_works_the_advice_out_anew(visit: Tab, advised: Site) -> None:
    tab = told(visit(), advised)
    page = tab.page
    assert page.get_by_role("heading", name="Two answers would change this advice").count() == 2
    page.locator("#ea-situation .ea-choice input[type=radio]").first.check()
    page.get_by_role("button", name="Update the advice").click()
    page.locator(".ea-changed").wait_for()
    assert page.locator(".ea-card").count() >= 3
    chip = page.locator(".ea-answer").last.locator("a.ea-cite:visible").first
    chip.click()
    assert page.locator(".ea-source.ea-now .ea-opened").is_visible()
    tab.assert_quiet()


def test_another_browser_does_not_see_the_conversation(visit: Tab, advised: Site) -> None:
    told(visit(), advised)
    other = visit().open(advised.home).page
    other.wait_for_timeout(1500)
    assert other.locator(".ea-asked").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_with_advice(visit: Tab, advised: Site, scheme: str, width: int) -> None:
    tab = told(visit(width, color_scheme=scheme), advised)
    assert tab.axe() == [], "cards"
    tab.page.locator(".ea-card summary").first.click()
    assert tab.axe() == [], "card open"
    put_right(tab, "Proximity: low", "High")
    tab.page.locator(".ea-changed").wait_for()
    assert tab.axe() == [], "put right"
    tab.ask("How many studies say that site visits help?")
    assert tab.axe() == [], "counted"
    assert tab.too_wide() == []
