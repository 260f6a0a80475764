from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from assistant.evaluation.review import make_sheet, write_sheet
from assistant.evaluation.review_files import read_ratings
from assistant.store.store import open_store
from tests.browser.conftest import Site, Visit, serve
from tests.web.fakes import FakeAssistant

Tab = Callable[..., Visit]
HOSTILE = '<img src=x onerror="document.title=1"> [x](http://evil.example) & <b>bold</b>'


def answer(number: int) -> dict[str, Any]:
    """One answer as a run records it; every third is a refusal, one holds what an attacker would write."""
    if number % 3 == 0:
        return {"because": "No study here covers this.", "lead": "", "statements": [], "gaps": []}
    said = HOSTILE if number == 4 else f"Visits helped {number} teams."
    cited = {"quote": f"{number} teams were helped by visits."}
    statements = [
        {"text": said, "kind": "reported", "citations": [cited, cited]},
        {"text": "Calls between clinical leads helped too.", "kind": "inference", "citations": [cited]},
        {"text": "Plan a second visit.", "kind": "advice", "citations": []},
    ]
    return {"because": "", "lead": said, "statements": statements, "gaps": ["No costs are given."]}


def records(count: int, *, words: str = "") -> list[dict[str, Any]]:
    turns = [{"role": "user", "text": "Tell me of visits."}]
    return [
        {"id": f"q{n}", "question": f"Question {n} {words}", "turns": turns[: n % 2], "answer": answer(n)}
        for n in range(1, count + 1)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_sheet(make_sheet({"secret": records(7)}, seed=5), tmp_path / "review/small-run")
    pair = {"old-system": records(2), "new-system": records(2)}
    write_sheet(make_sheet(pair, seed=5), tmp_path / "review/two-runs")
    return tmp_path / "review"


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    served = serve(FakeAssistant(), review_folder=str(folder))
    yield served
    served.stop()


def start(tab: Visit, site: Site, name: str, *, queue: str = "small-run", door: str = "Rate answers") -> Page:
    page = tab.page
    page.goto(f"{site.home}review")
    page.locator("#ea-queue input").click()
    page.get_by_role("option", name=queue).click()
    page.fill("#ea-rater :is(input, textarea)", name)
    page.get_by_role("button", name=door).click()
    return page


def place(page: Page, words: str) -> None:
    page.locator("#ea-place", has_text=words).wait_for()


def noted(page: Page, words: str) -> None:
    page.locator("#ea-review-note", has_text=words).wait_for()


def question(page: Page) -> str:
    return page.locator("#ea-review-question h2").inner_text()


def rate_by_keys(page: Page, *, support: str, marks: str) -> None:
    """Mark what is on the form by its keys: `support` for each sentence that cites, then the scales.

    Of the four `marks`, a refusal takes the first and the third: it has nothing to trace, and no advice.
    """
    sentences = page.locator(".ea-support:visible").count()
    for key in support * sentences + (marks if sentences else marks[0] + marks[2]):
        page.keyboard.press(key)
    page.keyboard.press("Enter")


def rate_all(page: Page, total: int, marks: Callable[[str], tuple[str, str]]) -> None:
    for done in range(total):
        place(page, f"{done} rated")
        support, scales = marks(question(page))
        rate_by_keys(page, support=support, marks=scales)
    place(page, "All answers are rated")


def test_two_raters_rate_blind_by_keys_and_see_their_agreement(visit: Tab, site: Site) -> None:
    opinions = site.assistant.opinions
    first, second = visit(), visit()
    page = start(first, site, "Ada Example")
    began = time.monotonic()
    rate_all(page, 7, lambda words: ("1", "5554" if "4" in words else "3443"))
    assert (time.monotonic() - began) / 7 < 10  # the machine's part of an answer, in seconds
    text = page.content()
    assert "secret" not in text
    other = start(second, site, "Ben Example")
    rate_all(other, 7, lambda words: ("3" if "4" in words else "1", "2354" if "4" in words else "3443"))
    kept = opinions.ratings.all
    assert len(kept) == 14
    assert len({k.rating.rater for k in kept}) == 2
    assert "Example" not in str(kept)
    assert all(len(k.rating.rater) == 12 for k in kept)
    other.get_by_role("button", name="See agreement").click()
    table = other.locator(".ea-agreement")
    table.wait_for()
    told = table.inner_text()
    assert "2 raters, 7 answers. 1 difference to settle, 0 settled." in told
    row = other.locator(".ea-agreement tr", has_text="Correct").inner_text()
    assert "86 %" in row
    assert "[" in row
    assert first.axe() == []
    assert second.axe() == []
    first.assert_quiet()
    second.assert_quiet()


def test_a_difference_is_settled_by_a_third_and_the_first_marks_stay(visit: Tab, site: Site) -> None:
    for name, marks in (("Ada", "1"), ("Ben", "5")):
        page = start(visit(), site, name)
        rate_all(page, 7, lambda words, marks=marks: ("1", f"{marks}444" if "7" in words else "4444"))
    tab = visit()
    page = start(tab, site, "Eve", door="Settle differences")
    page.get_by_text("correct: from 1 to 5").wait_for()
    assert "7" in question(page)
    assert tab.axe() == []
    shown = page.locator(".ea-others").inner_text()
    assert "Rater 1" in shown
    assert "Ada" not in shown
    assert page.locator("#ea-undo").count() == 0 or not page.locator("#ea-undo").is_visible()
    page.get_by_label("4: right, with small gaps").check()
    page.get_by_role("button", name="Save and next").click()
    noted(page, "There is no difference left to settle.")
    page.get_by_role("button", name="See agreement").click()
    page.get_by_text("0 differences to settle, 1 settled.").wait_for()
    settled = [k.rating for k in site.assistant.opinions.ratings.all if k.rating.settled]
    assert [r.scales["correct"] for r in settled] == [4]
    assert settled[0].scales["useful"] == 4  # the marks that both had given were filled in


def test_the_middle_of_a_queue_shows_nothing_of_the_others(visit: Tab, site: Site) -> None:
    page = start(visit(), site, "Ada")
    rate_all(page, 7, lambda _: ("1", "4444"))
    page = start(visit(), site, "Ben")
    place(page, "0 rated")
    rate_by_keys(page, support="1", marks="4444")
    place(page, "1 rated")
    for door in ("See agreement", "Settle differences", "Files"):
        page.get_by_role("button", name=door).click()
        noted(page, "Finish your own ratings first")
        assert page.locator(".ea-agreement").count() == 0
        page.get_by_role("button", name="Rate answers").click()
        place(page, "1 rated")


def test_side_by_side_the_better_answer_is_chosen_by_a_key(visit: Tab, site: Site) -> None:
    tab = visit()
    page = start(tab, site, "Ada", queue="two-runs")
    place(page, "0 rated")
    assert page.locator(".ea-side-answer").count() == 2
    assert "old-system" not in page.content()
    assert tab.axe() == []
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    place(page, "1 rated")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    place(page, "All answers are rated")
    choices = [k.rating.choice for k in site.assistant.opinions.ratings.all]
    assert choices == ["b", "no difference"]


def test_the_list_of_queues_closes_when_tab_leaves_it(visit: Tab, site: Site) -> None:
    page = visit().page
    page.goto(f"{site.home}review")
    page.locator("#ea-queue input").focus()
    page.get_by_role("option", name="small-run").wait_for()
    page.keyboard.press("Tab")
    page.get_by_role("option", name="small-run").wait_for(state="hidden")


def test_the_table_of_agreement_keeps_its_words_whole_on_a_narrow_page(visit: Tab, site: Site) -> None:
    for name in ("Ada", "Ben"):
        tab = visit(320)
        page = start(tab, site, name)
        rate_all(page, 7, lambda _: ("1", "4444"))
    page.get_by_role("button", name="See agreement").click()
    page.locator(".ea-agreement").wait_for()
    cells = page.locator(".ea-agreement th[scope=row]").all()
    assert cells
    assert all((cell.bounding_box() or {"width": 0})["width"] >= 64 for cell in cells)
    assert tab.too_wide() == []


def test_undo_later_and_missing_marks(visit: Tab, site: Site) -> None:
    page = start(visit(), site, "Ada")
    place(page, "0 rated")
    first = question(page)
    page.keyboard.press("l")
    noted(page, "This answer comes back at the end.")
    assert question(page) != first
    second = question(page)
    page.keyboard.press("Enter")
    noted(page, "Not marked yet:")
    assert site.assistant.opinions.ratings.all == []
    rate_by_keys(page, support="2", marks="5432")
    place(page, "1 rated")
    page.keyboard.press("u")
    noted(page, "Your last rating is open again.")
    assert question(page) == second
    assert page.locator(".ea-scale input:checked").count() == page.locator(".ea-scale:visible").count()
    assert site.assistant.opinions.ratings.all == []
    page.keyboard.press("Enter")
    place(page, "1 rated")
    (kept,) = site.assistant.opinions.ratings.all
    every = {"correct": 5, "grounded": 4, "useful": 3, "fitting": 2}
    assert kept.rating.scales == (every if kept.rating.sentences else {"correct": 5, "useful": 3})


def test_ratings_survive_a_restart_of_the_service(visit: Tab, folder: Path, tmp_path: Path) -> None:
    for done in range(2):
        store = open_store(tmp_path / "store.sqlite3")
        assistant = FakeAssistant()
        assistant.opinions = store.opinions  # type: ignore[assignment]
        served = serve(assistant, review_folder=str(folder))
        try:
            page = start(visit(), served, "Ada")
            place(page, f"{done} rated")
            rate_by_keys(page, support="1", marks="4444")
            place(page, f"{done + 1} rated")
        finally:
            served.stop()
            store.close()


def test_keys_are_letters_in_text_boxes_and_can_be_switched_off(visit: Tab, site: Site) -> None:
    page = start(visit(), site, "Ada")
    place(page, "0 rated")
    page.locator("#ea-comment textarea").click()
    page.keyboard.type("1 unclear, look later")
    assert page.locator("#ea-comment textarea").input_value() == "1 unclear, look later"
    assert page.locator("#ea-review-form fieldset input:checked").count() == 0
    page.get_by_label("Use keys on this form").uncheck()
    page.locator("#ea-review-question").focus()
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.locator("#ea-review-form fieldset input:checked").count() == 0
    assert page.locator("#ea-place").inner_text().startswith("Answer 1 of 7")


def test_ratings_go_out_and_come_in_as_files(visit: Tab, site: Site, tmp_path: Path) -> None:
    page = start(visit(), site, "Ada")
    rate_all(page, 7, lambda _: ("1", "4445"))
    page.get_by_role("button", name="Files").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="All ratings as a table (CSV)").click()
    table = tmp_path / "ratings.csv"
    saved.value.save_as(table)
    assert saved.value.suggested_filename == "small-run-ratings.csv"
    back = read_ratings(table, rater=None, salt="x" * 16)
    assert sorted(r.scales.get("fitting", 0) for r in back) == [0, 0, 5, 5, 5, 5, 5]
    with page.expect_download() as saved:
        page.get_by_role("button", name="Empty sheet to fill in (CSV)").click()
    sheet = Path(saved.value.path()).read_text("utf-8")
    assert "secret" not in sheet
    filled = "item,correct,useful\nitem-001,2,3\nitem-002,5,5\n"
    page = start(visit(), site, "Ben", door="Files")
    page.locator("#ea-paste textarea").fill(filled)
    page.get_by_role("button", name="Take these ratings in").click()
    noted(page, "2 ratings taken in as yours.")
    page.locator("#ea-paste textarea").fill("item,correct\nitem-001,9\n")
    page.get_by_role("button", name="Take these ratings in").click()
    noted(page, "must be 1 to 5")
    mine = [k.rating for k in site.assistant.opinions.ratings.all if "correct" in k.rating.scales]
    assert sorted(r.scales["correct"] for r in mine) == [2, 4, 4, 4, 4, 4, 4, 4, 5]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_at_any_width(visit: Tab, site: Site, scheme: str, width: int) -> None:
    tab = visit(width, color_scheme=scheme)
    tab.page.goto(f"{site.home}review")
    tab.page.locator("#ea-queue").wait_for()
    assert tab.axe() == [], "start"
    page = start(tab, site, "Ada")
    place(page, "0 rated")
    assert tab.axe() == [], "rating"
    assert tab.too_wide() == []
    rate_all(page, 7, lambda _: ("1", "4444"))
    for door in ("See agreement", "Files"):
        page.get_by_role("button", name=door).click()
        page.get_by_role("heading", name={"Files": "Files"}.get(door, "How far raters agree")).wait_for()
        assert tab.axe() == [], door
        assert tab.too_wide() == [], door
    tab.assert_quiet()


def test_what_an_answer_holds_is_text_and_never_markup(visit: Tab, site: Site) -> None:
    tab = visit()
    page = start(tab, site, "Ada")
    for done in range(7):
        place(page, f"{done} rated")
        if "Question 4" in question(page):
            assert HOSTILE in page.locator(".ea-said").first.inner_text()
            foreign = page.locator(".ea-beside :is(img, script, b, a)").count()
            assert foreign == 0
        rate_by_keys(page, support="1", marks="4444")
    tab.assert_quiet()


def test_an_error_is_told_and_nothing_is_lost(visit: Tab, site: Site, folder: Path) -> None:
    page = start(visit(), site, "")
    noted(page, "Say who rates.")
    page = start(visit(), site, "Ada")
    place(page, "0 rated")
    sheet = folder / "small-run/sheet.jsonl"
    kept = sheet.read_text("utf-8")
    sheet.write_text("broken", encoding="utf-8")
    rate_by_keys(page, support="1", marks="4444")
    noted(page, "not JSON")
    assert page.locator(".ea-scale input:checked").count() == page.locator(".ea-scale:visible").count()
    sheet.write_text(kept, encoding="utf-8")
    page.keyboard.press("Enter")
    place(page, "1 rated")
