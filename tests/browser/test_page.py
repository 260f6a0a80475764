from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.domain.conversation import Turn
from assistant.domain.events import Event, StatementVerified
from tests.browser.conftest import Site, Visit, serve
from tests.web.fakes import ALL, FOLLOW_UPS, FakeAssistant
from tests.web.hostile import PAYLOADS

Tab = Callable[..., Visit]
SHOWN = ":is(.ea-answer, .ea-asked, .ea-sources)"
FOREIGN = (
    "img, script, iframe, svg, style, form, input, video, audio, object, embed, link, meta, math, button"
)
QUESTION = "Is the partnership worth our time?"


class SlowAssistant(FakeAssistant):
    """Takes a moment before each statement."""

    def ask(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Iterator[Event]:
        for event in super().ask(question, turns=turns, id=id):
            if isinstance(event, StatementVerified):
                time.sleep(0.4)
            yield event


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_in_any_state(visit: Tab, site: Site, scheme: str, width: int) -> None:
    tab = visit(width, color_scheme=scheme).open(site.home)
    assert tab.axe() == [], "empty"
    tab.ask(QUESTION)
    assert tab.axe() == [], "answered"
    tab.page.locator("a.ea-cite").first.click()
    assert tab.axe() == [], "source open"
    tab.ask("about near_miss")
    assert tab.axe() == [], "refused"
    assert tab.too_wide() == []
    tab.assert_quiet()


def test_a_whole_tour_calls_nobody_and_breaks_no_policy(visit: Tab, site: Site, tmp_path: Path) -> None:
    tab = visit().open(site.home)
    page = tab.page
    page.get_by_role("radio", name="Clinical lead").check()
    page.get_by_role("button", name="Do site visits help clinicians?").click()
    tab.until_said("Answer ready")
    page.locator("a.ea-cite").nth(2).click()
    page.get_by_role("button", name=FOLLOW_UPS[0]).click()
    page.get_by_role("heading", name=FOLLOW_UPS[0]).wait_for()
    tab.until_said("Answer ready")
    page.get_by_role("button", name="Ask again").click()
    tab.until_said("Answer ready")
    page.get_by_role("button", name="Copy answer").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as Markdown").click()
    text = Path(saved.value.path()).read_text("utf-8")
    assert "Do site visits help clinicians?" in text
    assert FOLLOW_UPS[0] in text
    for cited in ALL[:5]:
        assert cited.id in text
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save receipt").click()
    assert json.loads(Path(saved.value.path()).read_text("utf-8"))["version"] == 1
    page.get_by_role("button", name="New conversation").click()
    page.get_by_text("Questions to begin with").wait_for()
    assert page.locator(".ea-answer").count() == 0
    tab.assert_quiet()


def test_a_citation_opens_its_source_with_the_stored_words_marked(visit: Tab, site: Site) -> None:
    tab = visit().open(site.home)
    tab.ask(QUESTION)
    chips = tab.page.locator("a.ea-cite")
    assert chips.count() == 6
    for place, stored in enumerate([ALL[0], ALL[1], ALL[3], ALL[3], ALL[4], ALL[2]]):
        chips.nth(place).click()
        source = tab.page.locator(".ea-source.ea-now")
        assert source.locator("mark").text_content() == stored.text
        assert source.locator("code").text_content() == stored.id
        assert source.locator(".ea-opened").is_visible()
        assert tab.page.evaluate("document.activeElement.closest('.ea-now') !== null")
        assert tab.page.url == site.home
    assert "Found, but not used (1)" in tab.page.locator("#ea-sources").inner_text()


def test_everything_can_be_done_from_the_keyboard(visit: Tab, site: Site) -> None:
    page = visit().open(site.home).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ea-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#ea-status-live", has_text="Answer ready").wait_for(state="attached")
    page.locator("#ea-ask").wait_for()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.ea-cite')"):
            break
    chip = page.evaluate("document.activeElement.hash")
    outline = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "3px" in outline
    page.keyboard.press("Enter")
    assert page.evaluate("'#' + document.activeElement.closest('details').id") == chip
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.hash") == chip


def test_each_answer_is_announced_once_and_nothing_else_speaks(visit: Tab, site: Site) -> None:
    tab = visit().open(site.home)
    tab.page.evaluate("""() => { window.said = [];
        const live = document.getElementById('ea-status-live');
        new MutationObserver(() => window.said.push(live.textContent)).observe(live, {childList: true}); }""")
    tab.ask(QUESTION)
    tab.ask("about near_miss")
    tab.page.wait_for_timeout(300)
    said = tab.page.evaluate("window.said")
    assert said == ["Searching", "Answer ready. 5 sources.", "Searching", "Answer ready. No source fits."]
    speaking = tab.page.evaluate("""() => [...document.querySelectorAll('[aria-live]:not([aria-live=off])')]
        .filter((node) => node.textContent.trim()).length""")
    assert speaking == 0


def test_speakers_languages_and_buttons_have_names_even_in_a_foreign_browser(visit: Tab, site: Site) -> None:
    tab = visit(locale="fr-FR").open(site.home)
    tab.ask(QUESTION)
    assert tab.page.evaluate("document.documentElement.lang") == "en-GB"
    tree = tab.page.locator("body").aria_snapshot()
    assert f'heading "You asked: {QUESTION}" [level=2]' in tree
    assert "The assistant answered:" in tree
    assert 'textbox "Your question' in tree
    assert 'region "Sources"' in tree
    assert "- button\n" not in tree
    assert "- button:" not in tree
    assert "'s message:" not in tree


def test_print_shows_every_turn_and_no_controls(visit: Tab, site: Site) -> None:
    tab = visit().open(site.home)
    for number in range(3):
        tab.ask(f"Question number {number}?")
    tab.page.emulate_media(media="print")
    clipped = tab.page.evaluate("""() => [...document.querySelectorAll('.ea-answer, .ea-asked')].filter(
        (n) => {
        for (let p = n.parentElement; p; p = p.parentElement) {
          const style = getComputedStyle(p);
          const hides = style.overflowY !== 'visible' && p !== document.documentElement;
          if (hides && p.scrollHeight > p.clientHeight + 1) return true;
        } return n.offsetHeight === 0; }).length""")
    assert clipped == 0
    assert tab.page.locator(".ea-answer").count() == 3
    assert not tab.page.locator("#ea-form").is_visible()
    assert not tab.page.locator("#ea-tools").is_visible()


def test_hostile_text_does_nothing_while_it_streams_or_after(visit: Tab) -> None:
    site = serve(FakeAssistant(texts=PAYLOADS))
    try:
        tab = visit().open(site.home)
        tab.ask("<img src=x onerror=alert(1)> ![x](https://evil.example/x.png)")
        page = tab.page
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page.wait_for_timeout(500)
        foreign = page.evaluate(f"document.querySelectorAll('{SHOWN} :is({FOREIGN})').length")
        assert foreign == 0
        links = page.evaluate(
            "[...document.querySelectorAll('.ea-answer a, .ea-asked a')].map((a) => a.getAttribute('href'))"
        )
        assert all(link.startswith("#s1-") for link in links)
        assert page.locator(".ea-answer").count() == 1
        assert "<script>alert(1)</script>" in page.locator(".ea-answer").inner_text()
        tab.assert_quiet()
    finally:
        site.stop()


def test_statements_appear_one_by_one_and_stop_keeps_what_was_checked(visit: Tab) -> None:
    site = serve(SlowAssistant())
    try:
        tab = visit().open(site.home)
        page = tab.page
        page.fill("#ea-question textarea", QUESTION)
        page.keyboard.press("Enter")
        page.get_by_text("Checking the next sentence").wait_for()
        seen = page.locator(".ea-answer .ea-lead").count()
        assert 1 <= seen <= 2
        assert page.locator("h3", has_text="Mixed or negative evidence").count() == 0
        with page.expect_response(lambda response: response.url.endswith("/reset")):
            page.get_by_role("button", name="Stop").click()
        page.get_by_text("You stopped here. Each sentence above was checked.").wait_for()
        page.locator("#ea-ask").wait_for()
        page.locator("a.ea-cite").first.click()
        assert page.locator(".ea-now mark").text_content() == ALL[0].text
        tab.ask("And once more?")
        assert page.locator("h3", has_text="Mixed or negative evidence").count() == 1
        assert page.get_by_text("Checking the next sentence").count() == 0
        assert page.get_by_text("You stopped here.").count() == 1
        tab.assert_quiet()
    finally:
        site.stop()


def test_a_refusal_offers_the_nearest_questions_as_buttons(visit: Tab, site: Site) -> None:
    tab = visit().open(site.home)
    tab.ask("about figure_not_held")
    page = tab.page
    assert page.locator("a.ea-cite").count() == 0
    assert "Not answered." in page.locator(".ea-answer").inner_text()
    page.get_by_role("heading", name="Questions the evidence can answer").wait_for()
    page.get_by_role("button", name=FOLLOW_UPS[1]).click()
    page.get_by_role("heading", name=FOLLOW_UPS[1]).wait_for()
    tab.until_said("Answer ready. 5 sources.")
    assert page.locator("a.ea-cite").count() == 6


def test_a_follow_up_carries_the_conversation_and_other_tabs_do_not_see_it(visit: Tab, site: Site) -> None:
    tab, other = visit().open(site.home), visit().open(site.home)
    tab.ask("First question?")
    tab.ask("Second question?")
    question, turns = site.assistant.asked[-1]
    assert question == "Second question?"
    assert [turn.role for turn in turns] == ["user", "assistant"]
    assert turns[0].text == "First question?"
    tab.page.get_by_text("Sources for: First question?").wait_for()
    other.ask("Third question?")
    assert site.assistant.asked[-1] == ("Third question?", ())
    assert other.page.get_by_text("First question?").count() == 0


def test_limits_and_faults_are_told_in_the_conversation(visit: Tab) -> None:
    site = serve(FakeAssistant(), asks_per_minute=1)
    try:
        tab = visit().open(site.home)
        tab.ask(QUESTION)
        tab.page.fill("#ea-question textarea", "Another?")
        tab.page.keyboard.press("Enter")
        tab.page.locator(".ea-note", has_text="You have asked 1 question in the last minute").wait_for()
        assert tab.page.locator(".ea-answer").count() == 2
        tab.assert_quiet()
    finally:
        site.stop()


def test_a_fault_inside_shows_a_sentence_and_no_detail(visit: Tab) -> None:
    site = serve(FakeAssistant())
    try:
        tab = visit().open(site.home)
        site.assistant.fail_with = RuntimeError("secret detail")
        tab.page.fill("#ea-question textarea", QUESTION)
        tab.page.keyboard.press("Enter")
        tab.page.locator(".ea-note", has_text="Something went wrong on our side").wait_for()
        assert "secret detail" not in tab.page.content()
        site.assistant.fail_with = None
        assert tab.page.locator("#ea-question textarea").input_value() == ""
        tab.page.fill("#ea-question textarea", QUESTION)
        tab.page.keyboard.press("Enter")
        tab.until_said("Answer ready")
        assert tab.page.locator(".ea-note").count() == 0
    finally:
        site.stop()


def test_the_page_works_below_a_path_and_is_light(visit: Tab) -> None:
    site = serve(FakeAssistant(), mount_path="/ecosystem/assistant")
    try:
        tab = visit()
        sizes: list[int] = []
        tab.page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
        tab.open(site.home)
        tab.page.wait_for_timeout(1000)
        assert sum(sizes) < 600_000
        tab.ask(QUESTION)
        root = site.home.removesuffix("ecosystem/assistant/")
        ours = [url for url in tab.requests if url.startswith(root)]
        assert [url for url in ours if not url.startswith(site.home)] == []
        tab.assert_quiet()
    finally:
        site.stop()


def test_a_new_question_stands_at_the_top_and_its_sources_too(visit: Tab, site: Site) -> None:
    tab = visit().open(site.home)
    tab.ask("First question?")
    tab.page.locator("a.ea-cite").last.click()
    tab.ask("Second question?")
    tab.page.wait_for_timeout(600)
    top = tab.page.locator(".ea-asked").nth(1).evaluate("(node) => node.getBoundingClientRect().top")
    assert 0 <= top < 60
    assert tab.page.locator("#ea-side").evaluate("(node) => node.scrollTop") == 0
    tab.page.mouse.move(300, 300)
    tab.page.mouse.wheel(0, -400)
    tab.page.wait_for_timeout(300)
    assert tab.page.locator(".ea-asked").nth(1).evaluate("(node) => node.getBoundingClientRect().top") > 100
