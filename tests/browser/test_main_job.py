"""The main job in a real browser: four sentences, cards, a reading put right, saved, repeated, what moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page

from assistant.domain.framework import FactorLevel
from assistant.web.pages.days import quarter_ago, today, written_day
from tests.browser.conftest import Site, Visit, serve

if TYPE_CHECKING:
    from assistant.engine import Assistant

Tab = Callable[..., Visit]
SITUATION = (
    "I run the digital programme of a small rural trust. The region has paired us with a teaching hospital "
    "two hours away that uses the same record system. They are keen to help, but my team of four has no time "
    "to write anything down. The money ends in March, so how should we learn from them?"
)
LEFT = re.compile(r"^AbortError|Connection errored out")
NAMES = ".ea-card h4"
SIDES = ("Why here", "What speaks against it", "First step")
ROWS = {"Steps after the first", "Who pays in hours", "Early sign to watch", "Who collects the early sign"}
PUT_RIGHT = {"programme-mandates": FactorLevel.LOW}
THEN, NOW = (f"{day:%-d %B %Y}" for day in (quarter_ago(), today()))
LATER = {**PUT_RIGHT, "personal-inhibitors": FactorLevel.LOW}


@pytest.fixture
def trust(bundled: Assistant) -> Iterator[Site]:
    """Served on real data, with no diagnosis kept yet."""
    with bundled.store.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM diagnoses")
    served = serve(bundled)  # type: ignore[arg-type]
    yield served
    served.stop()


def advised(assistant: Assistant, corrections: dict[str, FactorLevel]) -> list[str]:
    """The cards that the engine itself advises, by name."""
    advice = assistant.recommend(SITUATION, corrections=corrections).advice
    return [f"{card.rank}. {card.name}" for card in advice.cards[: advice.shown]]


def assert_complete(card: Locator) -> None:
    """Conditions on both sides, first steps and what to watch, on the card and in what it unfolds."""
    assert [side for side in SIDES if side not in card.inner_text()] == []
    card.locator("summary").click()
    card.locator("dl").wait_for()
    assert set(card.locator("dt").all_inner_texts()) >= ROWS
    assert all(said.strip() for said in card.locator("dd").all_inner_texts())


def assert_cited(page_part: Locator) -> None:
    """What is told as reported opens at the words of a source; what is our own synthesis cites nothing."""
    cited = page_part.locator("li:has(> .ea-basis-cited), .ea-reported .ea-lead, .ea-reported li")
    for claim in cited.all():
        addresses = [chip.get_attribute("href") or "" for chip in claim.locator("a.ea-cite").all()]
        assert addresses, claim.text_content()
        for address in addresses:
            assert page_part.page.locator(f"{address} .ea-quote mark").first.text_content(), address
    assert cited.count() >= 3
    assert page_part.locator("li:has(> .ea-basis-ours):has(a.ea-cite)").count() == 0


def put_right_in_chat(page: Page, factor: str, level: str) -> Locator:
    page.get_by_label("Is one of our readings wrong?").click()
    page.get_by_role("option", name=factor).click()
    page.locator("#ea-level").get_by_label(level, exact=True).check()
    page.get_by_role("button", name="Update the advice").click()
    page.locator(".ea-changed").wait_for()
    return page.locator(".ea-answer").last


def repeat_with_its_answers(page: Page, site: Site) -> None:
    page.goto(f"{site.home}diagnose")
    page.locator("#ea-saved li", has_text=THEN).wait_for()
    page.get_by_role("button", name="Repeat an earlier diagnosis").click()
    page.get_by_label("Which one?").click()
    page.get_by_role("option", name=THEN).click()
    page.get_by_role("button", name="Begin with its answers").click()
    page.locator(".ea-note", has_text="You are repeating").wait_for()
    page.locator(".ea-card").nth(2).wait_for()


def change_one_reading(page: Page, factor: str, place: int) -> None:
    page.get_by_role("button", name="Put a reading right").click()
    page.get_by_label("Which condition?").click()
    page.get_by_role("option", name=factor).click()
    page.locator(".ea-fold fieldset", has_text="How is it really?").locator("label").nth(place).click()
    page.get_by_role("button", name="Put it right").click()
    page.locator(".ea-profile li", has_text=f"{factor}: low, as you put it right").wait_for()


def assert_moved(told: str, before: Sequence[str], after: Sequence[str]) -> None:
    """One condition moved and no other; each mechanism that came or went is named, and no other."""
    assert f"From {THEN} to {NOW}" in told
    moved, _, advice = told.partition("What that changes in the advice")
    was, now = ([card[3:] for card in cards] for cards in (before, after))
    assert re.findall(r"(\S.*): (.+) before, (.+) now\.", moved) == [("Personal inhibitors", "high", "low")]
    assert re.findall(r"(\S.*) is new among the first", advice) == [c for c in now if c not in was]
    assert re.findall(r"(\S.*) is no longer among the first", advice) == [c for c in was if c not in now]


def test_advice_put_right_and_kept_tells_what_moved(visit: Tab, trust: Site, bundled: Assistant) -> None:
    first, right, later = (advised(bundled, known) for known in ({}, PUT_RIGHT, LATER))
    assert len(first) == 3
    assert first != right != later, "each change must change the advice"
    page = (tab := visit().open(trust.home)).page
    tab.ask(SITUATION)
    page.locator(".ea-card").nth(2).wait_for()
    assert page.locator(NAMES).all_inner_texts() == first
    for card in page.locator(".ea-card").all():
        assert_complete(card)
    assert_cited(page.locator(".ea-answer"))
    assert tab.axe() == [], "cards"
    corrected = put_right_in_chat(page, "Programme mandates: high", "Low")
    order = f"{right[0][3:]} now comes first, before {first[0][3:]}."
    told = page.locator(".ea-changed li").all_inner_texts()
    assert told == ["Programme mandates: high before, low now.", order]
    assert corrected.locator(NAMES).all_inner_texts() == right
    assert_cited(corrected)
    assert tab.axe() == [], "put right"
    page.get_by_label("Day of this diagnosis").fill(written_day(quarter_ago()))
    page.get_by_role("button", name="Save this diagnosis").click()
    page.locator("#ea-kept", has_text=f"Saved: diagnosis of {THEN}").wait_for()
    tab.assert_quiet()
    repeat_with_its_answers(page, trust)
    assert page.locator(NAMES).all_inner_texts() == right, "unchanged, it gives what it gave"
    change_one_reading(page, "Personal inhibitors", 0)
    page.locator(NAMES, has_text=later[0]).wait_for()
    assert page.locator(NAMES).all_inner_texts() == later
    assert_cited(page.locator(".ea-answer"))
    assert tab.axe() == [], "repeated"
    page.get_by_role("button", name="Save this diagnosis").click()
    page.locator("#ea-saved .ea-compared").wait_for()
    page.goto(f"{trust.home}monitor")
    page.locator("#ea-change .ea-compared").wait_for()
    assert page.locator(".ea-timeline > li").count() == 2
    assert_moved(page.locator("#ea-change").inner_text(), right, later)
    assert tab.axe() == [], "what moved"
    # Leaving a page while it still listens is told as a fault by the page that was left.
    tab.complaints[:] = [said for said in tab.complaints if not LEFT.search(said)]
    tab.assert_quiet()
