"""The Diagnose page, driven in a real browser: first answers, advice, a reload, two diagnoses saved."""

from __future__ import annotations

import re
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
    in_view, every, listed = (
        list(dict.fromkeys(int(re.sub(r"\D", "", mark)) for mark in page.locator(marks).all_text_contents()))
        for marks in ("a.ea-cite:visible", "a.ea-cite", ".ea-number")
    )
    assert in_view == list(range(1, len(in_view) + 1)), "as one reads the page, the numbers run 1, 2, 3"
    assert listed == sorted(every) == list(range(1, len(every) + 1))
    page.locator("a.ea-cite").first.click()
    source = page.locator("details.ea-source[open]")
    source.first.wait_for()
    assert source.locator(".ea-quote").first.is_visible()
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


def test_the_day_of_a_diagnosis_may_lie_in_the_past_but_not_ahead_and_not_be_nonsense(
    visit: Tab, clinic: Site
) -> None:
    tab = opened(visit(), clinic)
    page = tab.page
    answer_first(tab, 0, 2)
    answered(tab, 1)
    said = page.locator("#ea-saved")
    for words, problem in (("some day", "not a day we can read"), ("1/1/2999", "is still to come")):
        page.get_by_label("Day of the diagnosis").fill(words)
        page.get_by_role("button", name="Save this diagnosis").click()
        said.filter(has_text=problem).wait_for()
        assert page.get_by_label("Day of the diagnosis").input_value() == words
    page.get_by_label("Day of the diagnosis").fill("31/3/2024")
    page.get_by_role("button", name="Save this diagnosis").click()
    said.filter(has_text="Saved: 31 March 2024").wait_for()
    assert page.get_by_label("Day of the diagnosis").input_value() == ""


def test_answers_clicked_faster_than_advice_is_worked_out_are_all_kept(visit: Tab, clinic: Site) -> None:
    tab = opened(visit(), clinic)
    for place in range(5):
        answer_first(tab, place, 0)
    answered(tab, 5)
    tab.page.reload()
    answered(tab, 5)


def test_putting_a_reading_right_keeps_the_answers_and_leaving_out_is_counted(
    visit: Tab, clinic: Site
) -> None:
    tab = opened(visit(), clinic)
    page = tab.page
    for place in range(4):
        answer_first(tab, place, 0)
    answer_first(tab, 4, 3)
    page.locator(".ea-progress", has_text="4 of 40 questions answered, 1 left out").wait_for()
    page.get_by_role("button", name="Put a reading right").click()
    page.get_by_label("Which condition?").fill("Proximity")
    page.get_by_role("option", name="Proximity").first.click()
    page.locator(".ea-fold fieldset", has_text="How is it really?").locator("label").nth(0).click()
    page.get_by_role("button", name="Put it right").click()
    page.locator(".ea-profile", has_text="as you put it right").wait_for()
    assert page.locator(".ea-profile li", has_text="from your answer").count() >= 3
    answered(tab, 4)


def test_an_earlier_diagnosis_is_repeated_empty_or_with_its_answers(visit: Tab, clinic: Site) -> None:
    tab = opened(visit(), clinic)
    page = tab.page
    for place in range(3):
        answer_first(tab, place, 2)
    answered(tab, 3)
    page.get_by_label("A name for it, if you like").fill("Before the winter")
    page.get_by_role("button", name="Save this diagnosis").click()
    page.locator("#ea-saved .ea-kept", has_text="Before the winter").wait_for()
    page.get_by_role("button", name="Repeat an earlier diagnosis").click()
    for name, count in (("Ask me afresh", 0), ("Begin with its answers", 3)):
        page.get_by_label("Which one?").fill("Before the winter")
        page.get_by_role("option", name="Before the winter").first.click()
        page.get_by_role("button", name=name).click()
        page.locator(".ea-note", has_text="You are repeating").wait_for()
        answered(tab, count)


def answer_between(tab: Visit, choice: int) -> None:
    """Every question on one level, since a condition with one answer alone is never compared."""
    tab.page.get_by_role("button", name="Between organisations (13 questions)").click()
    questions = tab.page.locator(".ea-diagnose .ea-fold fieldset:visible")
    questions.first.wait_for()
    for place in range(questions.count()):
        questions.nth(place).locator("label").nth(choice).click()
    answered(tab, questions.count())


def test_a_partner_answers_by_code_and_both_see_only_where_they_agree(visit: Tab, clinic: Site) -> None:
    tab = opened(visit(), clinic)
    page = tab.page
    page.get_by_role("button", name="Answer together with a partner").click()
    answer_first(tab, 0, 0)
    answered(tab, 1)
    page.get_by_role("button", name="Begin with my answers").click()
    page.locator("#ea-pair", has_text="There is nothing to compare yet").wait_for()
    page.get_by_role("button", name="Start over").click()
    answered(tab, 0)
    answer_between(tab, 0)
    page.get_by_role("button", name="Begin with my answers").click()
    code = page.locator("#ea-pair strong").first.inner_text()
    other = opened(visit(), clinic)
    answer_between(other, 2)
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
    assert tab.too_wide() == []
