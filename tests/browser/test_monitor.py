"""The Monitor page on a real store: from the first relationship to what moved, by hand and from tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document
from playwright.sync_api import Page

from assistant.errors import StorageError
from tests.browser.conftest import Site, Visit, serve, until

if TYPE_CHECKING:
    from assistant.engine import Assistant

Tab = Callable[..., Visit]
TABLE = (
    "partner;type;formality;origin;since;held by\r\n"
    "River Trust;paired programme;formal;0,9;1/2/2024;Chief information officer, lead nurse\r\n"
    "Harbour General;peers;informal;internal;;Chief information officer\r\n"
    "Meadow <b>Community</b>;user group;0.6;0.4;;lead nurse\r\n"
)


@pytest.fixture(scope="module")
def site(small: Assistant) -> Iterator[Site]:
    small.workings.desk()  # reading situations is prepared once, so that no test waits for it
    served = serve(small)  # type: ignore[arg-type]
    yield served
    served.stop()


@pytest.fixture(autouse=True)
def fresh(small: Assistant, visit: Tab, site: Site) -> None:
    """Nothing is kept when a test begins."""
    with small.store.database.writing() as session:
        for table in ("diagnoses", "relationships", "trials"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")


def opened(tab: Visit, site: Site) -> Page:
    tab.page.goto(f"{site.home}monitor")
    tab.page.locator("#ea-relations :is(table, .ea-nothing)").wait_for()
    tab.page.locator("#ea-trials :is(table, .ea-nothing)").wait_for()
    return tab.page


def unfold(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def take_in(page: Page, what: str, name: str, content: bytes) -> None:
    page.set_input_files(
        f"#ea-{what}-csv .ea-choose-file input",
        files=[{"name": name, "mimeType": "text/csv", "buffer": content}],
    )
    page.locator("#ea-status-live", has_text="The file was read").wait_for(state="attached")
    page.click(f"#ea-{what}-in")


def filled(page: Page) -> None:
    """Relationships and two diagnoses, taken in from files."""
    unfold(page, "Take relationships in")
    take_in(page, "relationships", "mine.csv", TABLE.encode("windows-1252"))
    page.locator("#ea-relation-note", has_text="3 added").wait_for()
    page.locator(".ea-network .js-plotly-plot .textpoint").nth(4).wait_for()


def two_diagnoses(page: Page, small: Assistant) -> None:
    framework = small.catalogue.framework
    assert framework is not None
    questions = [factor.questions[0].id for factor in framework.factors]
    rows = [["made on", "label", *questions]]
    rows += [["18/8/2025", "Start", *["low"] * len(questions)]]
    rows += [["20/11/2025", "After the visits", "high", *["low"] * (len(questions) - 1)]]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    unfold(page, "Take diagnoses in")
    take_in(page, "diagnoses", "diagnoses.csv", out.getvalue().encode())
    page.locator("#ea-diagnosis-note", has_text="2 added").wait_for()


def test_a_table_from_a_file_shows_who_depends_on_whom(visit: Tab, site: Site) -> None:
    tab = visit()
    page = opened(tab, site)
    filled(page)
    assert page.locator("#ea-relations tbody tr").count() == 3
    assert "Meadow <b>Community</b>" in page.locator("#ea-relations").inner_text()
    notes = page.locator("#ea-network").inner_text()
    assert "Two roles hold all 3 contacts: Chief information officer and lead nurse." in notes
    page.reload()
    page.locator("#ea-relations tbody tr").nth(2).wait_for()
    tab.assert_quiet()


def test_a_bad_table_is_named_by_line_and_changes_nothing(visit: Tab, site: Site) -> None:
    page = opened(visit(), site)
    unfold(page, "Take relationships in")
    page.fill("#ea-relationships-csv textarea", "partner,formality,origin\nA,0.5,0.5\nB,9,0.5")
    page.click("#ea-relationships-in")
    page.locator("#ea-relation-note", has_text="Line 3, column formality").wait_for()
    assert "Nothing was taken in" in page.locator("#ea-relation-note").inner_text()
    assert page.locator("#ea-relations tbody tr").count() == 0


def test_two_diagnoses_show_what_moved_and_what_that_changes(
    visit: Tab, site: Site, small: Assistant
) -> None:
    tab = visit()
    page = opened(tab, site)
    two_diagnoses(page, small)
    assert page.locator(".ea-timeline > li").count() == 2
    page.click("#ea-compare")
    page.locator("#ea-change .ea-compared").wait_for()
    framework = small.catalogue.framework
    assert framework is not None
    told = page.locator("#ea-change").inner_text()
    assert f"{framework.factors[0].name}: low before, high now." in told
    assert told.count("before, high now") == 1
    assert "What that changes in the advice" in told
    page.reload()  # the two latest are compared by themselves
    page.locator("#ea-change .ea-compared").wait_for()
    tab.assert_quiet()


def test_a_relationship_is_added_ended_and_removed_by_keyboard_alone(visit: Tab, site: Site) -> None:
    page = opened(visit(), site)
    fold = page.get_by_role("button", name="Add or change a relationship")
    fold.focus()
    page.keyboard.press("Enter")
    partner = page.locator("#ea-partner").locator("input, textarea").first
    partner.wait_for()
    partner.focus()
    page.keyboard.type("Valley Clinic")
    page.wait_for_timeout(1000)
    page.locator("#ea-relation-save").focus()
    page.keyboard.press("Enter")
    page.locator("#ea-relation-note", has_text="Valley Clinic is added").wait_for()
    assert page.locator("#ea-partner").locator("input, textarea").first.input_value() == ""
    chosen = page.locator("#ea-relation-pick input")
    for words in ("marked as ended today", "for good", "is removed"):
        if words != "is removed":
            chosen.focus()
            page.get_by_role("option", name="Valley Clinic").wait_for()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            until(
                page,
                "() => document.querySelector('#ea-partner :is(input, textarea)').value === 'Valley Clinic'",
            )
        page.locator("#ea-relation-end" if "ended" in words else "#ea-relation-remove").focus()
        page.keyboard.press("Enter")
        page.locator("#ea-relation-note", has_text=words).wait_for()
    page.locator("#ea-relations .ea-nothing").wait_for()


def test_what_was_tried_shows_the_sign_of_the_mechanism(visit: Tab, site: Site, small: Assistant) -> None:
    page = opened(visit(), site)
    mechanism = sorted(small.catalogue.mechanisms.values(), key=lambda m: m.name)[0]
    unfold(page, "Add or change what you try")
    page.locator("#ea-trial-mechanism input").fill(mechanism.name)
    page.get_by_role("option", name=mechanism.name).first.click()
    page.locator("#ea-sign", has_text=mechanism.indicators.leading[0]).wait_for()
    page.locator("#ea-trial-sign label").last.click()
    page.click("#ea-trial-save")
    page.locator("#ea-trials tbody tr").wait_for()
    row = page.locator("#ea-trials tbody tr").inner_text()
    assert mechanism.indicators.leading[0] in row
    assert "yes, it appeared" in row


def test_the_report_and_the_table_are_saved(visit: Tab, site: Site, small: Assistant, tmp_path: Path) -> None:
    page = opened(visit(accept_downloads=True), site)
    filled(page)
    with page.expect_download() as table:
        page.click("#ea-relationships-out")
    table.value.save_as(tmp_path / "table.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "table.csv").read_text("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["Harbour General", "Meadow <b>Community</b>", "River Trust"]
    with page.expect_download() as report:
        page.click("#ea-save-report")
    report.value.save_as(tmp_path / "report.docx")
    document = Document(str(tmp_path / "report.docx"))
    assert any("Two roles hold all 3 contacts" in paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_wrong_with_the_page_empty_and_full(
    visit: Tab, site: Site, small: Assistant, scheme: str, width: int
) -> None:
    tab = visit(width, color_scheme=scheme)
    page = opened(tab, site)
    assert tab.axe() == []
    assert tab.too_wide() == []
    filled(page)
    two_diagnoses(page, small)
    page.click("#ea-compare")
    page.locator("#ea-change .ea-compared").wait_for()
    unfold(page, "Add or change a relationship")
    unfold(page, "Add or change what you try")
    page.locator("#ea-trial-sign").wait_for()
    assert tab.axe() == []
    assert tab.too_wide() == []
    tab.assert_quiet()


def test_headings_go_down_one_level_at_a_time(visit: Tab, site: Site) -> None:
    page = opened(visit(), site)
    levels = [int(h.evaluate("h => h.tagName[1]")) for h in page.locator("h1, h2, h3, h4").all()]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_store_that_fails_is_said_in_a_sentence(
    visit: Tab, site: Site, small: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(owner: str) -> None:
        raise StorageError("The store failed.", hint="Try later.")

    monkeypatch.setattr(small, "monitor", broken)
    tab = visit()
    tab.page.goto(f"{site.home}monitor")
    tab.page.locator("#ea-relations", has_text="The store failed. Try later.").wait_for()
