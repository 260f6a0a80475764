"""The Mechanisms page on real findings: list, picture, one mechanism, and its plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document

from tests.browser.conftest import Site, Visit, serve, until

if TYPE_CHECKING:
    from assistant.engine import Assistant

Tab = Callable[..., Visit]


@pytest.fixture(scope="module")
def site(small: Assistant) -> Iterator[Site]:
    served = serve(small, mount_path="/intranet")  # type: ignore[arg-type]
    yield served
    served.stop()


def listed(tab: Visit, site: Site) -> Visit:
    tab.page.goto(f"{site.home}mechanisms")
    tab.page.locator(".ea-mechanism").nth(27).wait_for()
    tab.page.locator(".ea-plot .js-plotly-plot .textpoint").nth(27).wait_for()
    return tab


def opened(tab: Visit, site: Site, mechanism_id: str) -> Visit:
    tab.page.goto(f"{site.home}mechanisms?m={mechanism_id}")
    tab.page.locator(".ea-whole h2").wait_for()
    return tab


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_wrong_and_nothing_leaves_the_computer(
    visit: Tab, site: Site, scheme: str, width: int
) -> None:
    tab = listed(visit(width, color_scheme=scheme), site)
    assert tab.axe() == []
    assert tab.too_wide() == []
    opened(tab, site, "exemplar-follower-pairing")
    tab.page.locator(".ea-whole summary").first.click()
    assert tab.axe() == []
    assert tab.too_wide() == []
    tab.assert_quiet()


def test_headings_go_down_one_level_at_a_time(visit: Tab, site: Site) -> None:
    for tab in (listed(visit(), site), opened(visit(), site, "knowledge-broker")):
        shown = tab.page.locator(":is(h1, h2, h3, h4):visible")
        levels = [int(str(shown.nth(n).evaluate("h => h.tagName"))[1]) for n in range(shown.count())]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_picture_has_a_name_and_every_number_is_in_the_table(visit: Tab, site: Site) -> None:
    page = listed(visit(), site).page
    picture = page.locator(".ea-plot .js-plotly-plot")
    assert picture.get_attribute("role") == "img"
    assert picture.get_attribute("aria-label")
    drawn = sorted(picture.locator(".textpoint").all_text_contents(), key=int)
    assert drawn == [str(number) for number in range(1, 29)]
    assert page.locator("#ea-spectrum tbody td:first-child").all_text_contents() == drawn


def test_a_filter_by_keyboard_narrows_list_picture_and_table_and_outlives_a_reload(
    visit: Tab, site: Site
) -> None:
    page = listed(visit(), site).page
    page.locator("#ea-words :is(input, textarea)").focus()
    page.keyboard.type("broker")  # only the whole word leaves a single mechanism
    page.locator(".ea-found", has_text="1 of 28").wait_for()
    assert page.locator(".ea-mechanism").count() == 1
    until(page, "document.querySelectorAll('.ea-plot .textpoint').length === 1")
    page.reload()
    page.locator(".ea-found", has_text="1 of 28").wait_for()
    assert page.locator("#ea-words :is(input, textarea)").input_value() == "broker"
    page.locator("#ea-words :is(input, textarea)").fill("zzz")
    page.locator(".ea-none").wait_for()


def test_a_choice_from_a_list_narrows_too(visit: Tab, site: Site) -> None:
    page = listed(visit(), site).page
    page.locator("#ea-filter-quadrant input").click()
    page.get_by_role("option", name="Convened and loose").click()
    page.locator(".ea-found", has_text="4 of 28").wait_for()
    assert page.locator(".ea-mechanism").count() == 4


def test_a_card_leads_to_the_whole_and_back(visit: Tab, site: Site) -> None:
    page = listed(visit(), site).page
    page.locator(".ea-mechanism a").first.click()
    page.locator(".ea-whole h2", has_text="Action learning sets").wait_for()
    assert page.url.endswith("mechanisms?m=action-learning-set")
    page.locator(".ea-all-of-them a").click()
    page.locator(".ea-mechanism").nth(27).wait_for()
    assert not page.locator(".ea-whole").is_visible()


def test_a_link_to_a_mechanism_that_is_not_here_says_so_above_the_list(visit: Tab, site: Site) -> None:
    page = visit().page
    page.goto(f"{site.home}mechanisms?m=%3Cscript%3E")
    page.locator(".ea-mechanism").nth(27).wait_for()
    assert "not in this collection" in page.locator(".ea-note").inner_text()


def test_cited_evidence_opens_at_its_source_and_synthesis_is_marked(visit: Tab, site: Site) -> None:
    page = opened(visit(), site, "exemplar-follower-pairing").page
    page.locator(".ea-side-for a.ea-cite").first.click()
    source = page.locator(".ea-source[open]")
    source.wait_for()
    assert source.locator("mark").inner_text()
    assert page.evaluate("document.activeElement.closest('.ea-source') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.classList.contains('ea-cite')")
    page = opened(visit(), site, "action-learning-set").page
    assert "Our synthesis" in page.locator(".ea-side-for").inner_text()


def test_a_plan_is_saved_as_word_and_as_markdown(visit: Tab, site: Site, tmp_path: Path) -> None:
    tab = opened(visit(), site, "site-visit")
    page = tab.page
    page.locator("#ea-plan-situation-mechanism textarea").fill("Our people have no time and no budget.")
    page.locator("#ea-plan-start-mechanism :is(input, textarea)").fill("1/3/2027")
    with page.expect_download() as saved:
        page.locator("#ea-plan-word-mechanism").click()
    assert saved.value.suggested_filename == "plan-site-visit.docx"
    saved.value.save_as(tmp_path / "plan.docx")
    words = "\n".join(p.text for p in Document(str(tmp_path / "plan.docx")).paragraphs)
    assert "Starts 1 March 2027" in words
    assert "Our people have no time" in words
    with page.expect_download() as saved:
        page.locator("#ea-plan-markdown-mechanism").click()
    assert saved.value.suggested_filename == "plan-site-visit.md"
    assert not page.locator("#ea-plan-file-mechanism").is_visible()
    page.locator("#ea-status-live", has_text="The plan was saved").wait_for(state="attached")
    page.locator("#ea-plan-start-mechanism :is(input, textarea)").fill("some day")
    page.locator("#ea-plan-word-mechanism").click()
    page.locator(".ea-plan-said", has_text="not a date we can read").wait_for()
    tab.assert_quiet()


def test_print_shows_the_description_and_no_controls(visit: Tab, site: Site) -> None:
    page = opened(visit(), site, "site-visit").page
    page.emulate_media(media="print")
    assert page.locator(".ea-whole").is_visible()
    assert not page.locator(".ea-plan").is_visible()
    page = listed(visit(), site).page
    page.emulate_media(media="print")
    assert page.locator(".ea-plot .js-plotly-plot").is_visible()
    assert page.locator("#ea-spectrum table").is_visible()
    assert not page.locator(".ea-filters").is_visible()
