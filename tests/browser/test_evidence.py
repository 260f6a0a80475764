"""The Evidence page on the whole corpus, in a real browser: map, findings, address, files, keyboard."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site, Visit, serve, until

if TYPE_CHECKING:
    from assistant.engine import Assistant

Tab = Callable[..., Visit]


@pytest.fixture(scope="module")
def held(bundled: Assistant) -> Iterator[Site]:
    served = serve(bundled)  # type: ignore[arg-type]
    yield served
    served.stop()


def open_at(visit: Visit, site: Site, query: str = "") -> Page:
    visit.page.goto(f"{site.home}evidence{query}")
    visit.page.locator("#ea-map table").wait_for()
    visit.page.locator(".ea-results").wait_for()
    return visit.page


def found(page: Page) -> str:
    return page.locator("#ea-results-top").inner_text()


def until_asked(page: Page, /, **sides: str) -> None:
    """Wait until the address of the page says so."""
    until(
        page,
        "(wanted) => { const q = new URLSearchParams(location.search);"
        " return Object.entries(wanted).every(([k, v]) => q.get(k) === v); }",
        arg=sides,
    )


def test_a_cell_opens_its_findings_and_the_address_keeps_them(visit: Tab, held: Site) -> None:
    tab = visit()
    page = open_at(tab, held, "?map=factor")
    cell = page.locator("td a.ea-go.ea-firm").first
    asked = parse_qs(urlsplit(cell.get_attribute("href") or "").query)
    cell.click()
    until_asked(page, mechanism=asked["mechanism"][0])
    assert page.evaluate("document.activeElement.id") == "ea-results-top"
    assert "Mechanism:" in found(page)
    before = found(page)
    page.reload()
    page.locator("#ea-results-top", has_text="Mechanism:").wait_for()
    assert found(page) == before
    assert page.locator("#ea-map-side input:checked").input_value() == "factor"
    tab.assert_quiet()


def test_a_cell_works_by_keyboard_alone(visit: Tab, held: Site) -> None:
    page = open_at(visit(), held)
    region = page.locator(".ea-map-region")
    region.focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    on = page.evaluate("document.activeElement.className")
    assert "ea-go" in on
    page.keyboard.press("Enter")
    page.locator("#ea-results-top", has_text="Mechanism:").wait_for()
    until(page, "document.activeElement.id === 'ea-results-top'")


def test_choices_narrow_what_is_shown_and_survive_a_reload(visit: Tab, held: Site) -> None:
    page = open_at(visit(), held)
    everything = found(page)
    page.locator("#ea-filter-polarity input").click()
    page.get_by_role("option", name="Cautions", exact=True).click()
    until_asked(page, polarity="cautions")
    assert found(page) != everything
    page.reload()
    page.locator("#ea-results-top", has_text="Cautions").wait_for()
    assert page.locator("#ea-filter-polarity input").input_value() == "Cautions"
    page.locator("#ea-clear").click()
    until(page, "location.search === ''")
    assert found(page) == everything


def test_own_words_list_what_is_near_and_count_nothing(visit: Tab, held: Site) -> None:
    page = open_at(visit(), held)
    page.fill("#ea-words :is(input, textarea)", "hospitals visiting each other")
    page.keyboard.press("Enter")
    until_asked(page, words="hospitals visiting each other")
    assert "counts nothing" in page.locator(".ea-reach").inner_text()
    assert page.locator(".ea-finding").count() > 3


def test_a_link_to_one_finding_shows_its_record_its_codings_and_what_points_to_it(
    visit: Tab, held: Site
) -> None:
    page = open_at(visit(), held, "?finding=acharya-2022-f01")
    assert page.locator(".ea-finding").count() == 1
    page.locator(".ea-finding summary").click()
    told = page.locator(".ea-finding details").inner_text()
    for words in (
        "Part that was read",
        "abstract (results)",
        "First coder",
        "Second coder",
        "What points to it",
    ):
        assert words.lower() in told.lower()
    assert "26 people recorded" in page.locator(".ea-reach").inner_text()


def test_a_study_that_could_not_be_read_says_so(visit: Tab, held: Site) -> None:
    page = open_at(visit(), held, "?study=russell-2014")
    assert "results could not be read" in page.locator(".ea-study").inner_text()


def test_what_a_link_names_wrongly_is_left_out_and_said(visit: Tab, held: Site) -> None:
    page = open_at(visit(), held, "?mechanism=%3Cscript%3Ealert(1)%3C/script%3E&place=Nowhere")
    assert "left out" in page.locator(".ea-left-open").inner_text()
    assert page.locator("#ea-filter-mechanism input").input_value() == "Any"


def test_pages_of_studies_are_links(visit: Tab, held: Site) -> None:
    page = open_at(visit(), held)
    first = page.locator(".ea-study h3").first.inner_text()
    page.get_by_role("link", name="Next page").click()
    until_asked(page, page="2")
    assert page.locator(".ea-study h3").first.inner_text() != first


def test_files_hold_the_whole_map_and_all_findings_that_were_chosen(visit: Tab, held: Site) -> None:
    page = open_at(visit(), held, "?mechanism=peer-review")
    with page.expect_download() as saved:
        page.locator("#ea-save-findings").click()
    with open(saved.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert saved.value.suggested_filename == "findings.csv"
    assert len([row for row in rows if row["finding"]]) == 12
    assert {row["study"] for row in rows} >= {"russell-2014"}
    with page.expect_download():
        page.locator("#ea-save-map").click()
    box = page.locator("#ea-evidence-file :is(textarea, input)").input_value()
    file_made = json.loads(box)
    table = list(csv.DictReader(io.StringIO(base64.b64decode(file_made["base64"]).decode("utf-8-sig"))))
    assert file_made["name"] == "gap-map-level.csv"
    assert {row["state"] for row in table} == {"supported", "not_supported", "unread", "empty"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    visit: Tab, held: Site, width: int, scheme: str
) -> None:
    tab = visit(width=width, color_scheme=scheme)
    page = open_at(tab, held, "?map=factor&mechanism=virtual-community")
    page.locator(".ea-map-legend summary").click()
    page.locator(".ea-record summary").first.click()
    page.locator(".ea-finding summary").first.click()
    assert tab.axe() == []
    assert tab.too_wide() == []
    region = page.locator(".ea-map-region")
    assert region.evaluate("node => node.scrollWidth > node.clientWidth")
    assert region.get_attribute("tabindex") == "0"
    assert region.get_attribute("role") == "region"
    tab.assert_quiet()


def test_rows_and_columns_are_headers_that_a_screen_reader_finds(visit: Tab, held: Site) -> None:
    page = open_at(visit(), held, "?map=factor")
    table = page.locator("#ea-map table.ea-map")
    assert table.locator("th[scope=row]").count() == 29
    assert table.locator("thead tr:last-child th[scope=col]").count() == 2 + 16 + 1
    assert table.locator("caption").count() == 1
    assert "could not be read" in page.locator("td a.ea-unread").first.inner_text()
