"""Two raters rate a queue in a real browser by keyboard alone, see their agreement, and settle a difference.

    assistant evaluate bundled --review may-run && assistant serve
    python -m tests.acceptance.review_by_keyboard http://127.0.0.1:8000/ may-run [--shots DIR]

Marks are drawn by a seed; the second rater mostly agrees with the first. Prints how long a rater waits for
the next answer, the table of agreement, and what the saved file holds. No pointer is ever used.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
_MOST_TABS = 150
_AGREES = 0.75


def main(arguments: Sequence[str]) -> int:
    """Do the whole job and print what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home")
    parser.add_argument("queue")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shots", type=Path, help="folder for pictures of each screen")
    chosen = parser.parse_args(arguments)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        first = Marks(random.Random(chosen.seed))
        for name, marks in (("Ada", first), ("Ben", Swayed(random.Random(chosen.seed + 1), first))):
            page = opened(browser, chosen.home, chosen.queue, name)
            rate_all(page, marks, name, chosen.shots)
        agreement(page, chosen.shots)
        settle(page, chosen.shots)
        saved(page, chosen.shots)
        browser.close()
    return 0


class Marks:
    """A rater who draws a mark for each choice; most answers are good."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.given: dict[tuple[str, int], int] = {}

    def mark(self, question: str, place: int, steps: int) -> int:
        """The step from 1 for the `place`-th choice on the form of that question."""
        good = range(1, steps + 1) if steps == 3 else range(steps, 0, -1)
        drawn = self.chance.choices(list(good), weights=[2 ** (steps - n) for n in range(steps)])[0]
        self.given[question, place] = drawn
        return drawn


class Swayed(Marks):
    """A rater who gives the mark of another in three of four cases, and draws one in the rest."""

    def __init__(self, chance: random.Random, other: Marks) -> None:
        super().__init__(chance)
        self.other = other

    def mark(self, question: str, place: int, steps: int) -> int:
        """See `Marks.mark`."""
        same = self.chance.random() < _AGREES
        own = super().mark(question, place, steps)
        return self.other.given.get((question, place), own) if same else own


def opened(browser: Browser, home: str, queue: str, name: str) -> Page:
    """The page of a rater, who found the queue, gave a name and began, by keys alone."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{home}review")
    page.locator("#ea-queue input").wait_for()
    wait_until(lambda: page.locator("#ea-queue input").input_value() != "")
    tab_to(page, "#ea-queue input")
    page.keyboard.press("Control+a")
    page.keyboard.type(queue)
    page.keyboard.press("Enter")
    tab_to(page, "#ea-rater input, #ea-rater textarea")
    page.keyboard.type(name)
    press(page, "ea-rate")
    page.locator("#ea-place", has_text="0 rated").wait_for()
    return page


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there. Raises AssertionError if it never comes."""
    for _ in range(_MOST_TABS):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def press(page: Page, button: str) -> None:
    """Go to a button and press it."""
    tab_to(page, f"#{button}, #{button} button")
    page.keyboard.press("Enter")


def rate_all(page: Page, marks: Marks, name: str, shots: Path | None) -> None:
    """Mark every answer of the queue; prints the time a rater waits between two."""
    waits, keys, done = [], 0, 0
    while "All answers are rated" not in page.locator("#ea-place").inner_text():
        question = page.locator("#ea-review-question h2").inner_text()
        if name == "Ada" and done in (0, 3):
            pictures(page, shots, f"rate-{done}")
        steps = page.locator("#ea-review-form fieldset:visible").evaluate_all(
            "sets => sets.map(s => s.querySelectorAll('input[type=radio]').length).filter(n => n)"
        )
        for place, count in enumerate(steps):
            page.keyboard.press(str(marks.mark(question, place, count)))
        began = time.monotonic()
        page.keyboard.press("Enter")
        done += 1
        page.locator("#ea-place", has_text=f"{done} rated").or_(
            page.locator("#ea-place", has_text="All answers")
        ).wait_for()
        waits.append(time.monotonic() - began)
        keys += len(steps) + 1
    print(f"{name}: {done} answers, {keys} keys, median wait {statistics.median(waits):.2f} s, "
          f"longest {max(waits):.2f} s, {sum(waits):.0f} s in all")  # fmt: skip


def agreement(page: Page, shots: Path | None) -> None:
    """Open the table of agreement and print it."""
    press(page, "ea-agree")
    page.locator(".ea-agreement").wait_for()
    print(page.locator(".ea-agreement").inner_text())
    pictures(page, shots, "agreement")


def settle(page: Page, shots: Path | None) -> None:
    """Settle the first difference with the best mark for everything, and look at the count again."""
    press(page, "ea-settle")
    page.locator(".ea-others").wait_for()
    pictures(page, shots, "settle")
    left = page.locator("#ea-place").inner_text()
    for _ in range(page.locator("#ea-review-form fieldset:visible:has(input[type=radio])").count()):
        page.keyboard.press("3")
    page.keyboard.press("Enter")
    wait_until(lambda: page.locator("#ea-place").inner_text() != left)
    print(f"{left} After one: {page.locator('#ea-place').inner_text()}")


def saved(page: Page, shots: Path | None) -> None:
    """Save all ratings as a table and count them."""
    press(page, "ea-files")
    page.locator("#ea-review-files").wait_for()
    pictures(page, shots, "files")
    tab_to(page, "#ea-review-files button")
    with page.expect_download() as saving:
        page.keyboard.press("Enter")
    rows = list(csv.DictReader(Path(saving.value.path()).read_text("utf-8").splitlines()))
    raters = {row["rater"] for row in rows}
    print(f"{saving.value.suggested_filename}: {len(rows)} ratings by {len(raters)} raters, e.g. {rows[0]}")


def wait_until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for something on the page. Raises AssertionError if it does not come."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.05)


def pictures(page: Page, shots: Path | None, name: str) -> None:
    """Save the page, wide and narrow, light and dark."""
    if shots is None:
        return
    shots.mkdir(parents=True, exist_ok=True)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_timeout(200)
            page.screenshot(path=shots / f"{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
