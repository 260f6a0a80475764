"""The Diagnose page, driven in a real browser: first answers, advice, a reload, two diagnoses saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Site, Visit, serve

if TYPE_CHECKING:
    from assistant.engine import Assistant

Tab = Callable[..., Visit]
LEFT = ("AbortError", "Connection errored out")


@pytest.fixture(scope="module")
def clinic(bundled: Assistant) -> Iterator[Site]:
    served = serve(bundled)  # type: ignore[arg-type]
    yield served
    served.stop()


def opened(tab: Visit, site: Site) -> Visit:
    tab.page.goto(f"{site.home}diagnose")
    tab.page.locator("#ea-first fieldset").first.wait_for()
    return tab


def answer_first(tab: Visit, place: int, choice: int) -> None:
    tab.page.locator("#ea-first fieldset").nth(place).locator("label").nth(choice).click()


def answered(tab: Visit, count: int) -> None:
    tab.page.locator(".ea-progress", has_text=f"{count} of 40").wait_for()


def test_answers_give_advice_survive_a_reload_and_two_diagnoses_say_what_moved(
    visit: Tab, clinic: Site
) -> None:
    tab = opened(visit(), clinic)
    page = tab.page
    assert "A first answer shows here at once" in page.locator(".ea-note").inner_text()
    for place, choice in enumerate((2, 0, 2, 0, 2)):
        answer_first(tab, place, choice)
        answered(tab, place + 1)
    page.locator(".ea-card").first.wait_for()
    assert page.locator(".ea-card").count() == 3
    page.get_by_role("button", name="Save this diagnosis").click()
    page.locator("#ea-saved .ea-kept").wait_for()

    page.reload()
    answered(tab, 5)
    page.locator(".ea-card").first.wait_for()
    page.get_by_role("button", name="Between organisations (13 questions)").click()
    shown = page.locator(".ea-diagnose .ea-fold fieldset:visible")
    shown.first.wait_for()
    unanswered = shown.filter(has_not=page.locator("input:checked")).first
    unanswered.locator("label").nth(0).click()
    answered(tab, 6)
    page.get_by_role("button", name="Save this diagnosis").click()
    page.locator("#ea-saved", has_text="What moved").wait_for()
    page.get_by_role("button", name="Start over").click()
    answered(tab, 0)
    tab.complaints[:] = [said for said in tab.complaints if not said.startswith(LEFT)]
    tab.assert_quiet()


def test_a_partner_answers_by_code_and_both_see_only_where_they_agree(visit: Tab, clinic: Site) -> None:
    tab = opened(visit(), clinic)
    page = tab.page
    answer_first(tab, 0, 0)
    answered(tab, 1)
    page.get_by_role("button", name="Answer together with a partner").click()
    page.get_by_role("button", name="Begin with my answers").click()
    code = page.locator("#ea-pair strong").inner_text()
    other = opened(visit(), clinic)
    answer_first(other, 0, 2)
    answered(other, 1)
    other.page.get_by_role("button", name="Answer together with a partner").click()
    other.page.get_by_label("Code from your partner, or your own").fill(code.lower())
    other.page.get_by_role("button", name="Give my answers as the partner").click()
    other.page.locator("#ea-pair", has_text="You read this differently").wait_for()
    page.get_by_label("Code from your partner, or your own").fill(code)
    page.get_by_role("button", name="See where we agree").click()
    page.locator("#ea-pair", has_text="You read this differently").wait_for()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_fault_that_axe_finds(visit: Tab, clinic: Site, width: int, scheme: str) -> None:
    tab = opened(visit(width, color_scheme=scheme), clinic)
    assert tab.axe() == []
    for place, choice in enumerate((2, 0, 2, 0, 2)):
        answer_first(tab, place, choice)
        answered(tab, place + 1)
    tab.page.locator(".ea-card").first.wait_for()
    for fold in tab.page.locator(".ea-diagnose .ea-fold > button").all():
        fold.click()
    tab.page.wait_for_timeout(500)
    assert tab.axe() == []
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
