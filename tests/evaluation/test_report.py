from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.evaluation.failing import failing_cases
from assistant.evaluation.page import html_page
from assistant.evaluation.records import read_run
from assistant.evaluation.report import write_reports
from assistant.evaluation.trust import ASPECTS, in_ten, verdicts
from assistant.security.spreadsheets import harmless


class Tags(HTMLParser):
    """Collects tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def row(value: float | None, low: float | None = None, high: float | None = None) -> dict[str, object]:
    return {"value": value, "low": low, "high": high, "n": 30, "not_applicable": {}}


def test_all_reports_are_written_from_the_stored_run_alone(run_folder: Path) -> None:
    (run_folder / "timings.json").unlink()
    written = write_reports(run_folder)
    assert {path.name for path in written} == {"report.html", "report.md", "cases.csv", "junit.xml"}
    first = [path.read_bytes() for path in written]
    assert first == [path.read_bytes() for path in write_reports(run_folder)]


def test_the_page_loads_nothing_and_runs_nothing(run_folder: Path) -> None:
    write_reports(run_folder)
    text = (run_folder / "report.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    names = {tag for tag, _ in tags.seen}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base", "a"})
    assert not [
        a for _, attributes in tags.seen for a in attributes if a.startswith("on") or a in {"src", "href"}
    ]
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert "http" not in re.sub(r'http-equiv="', "", text)


def test_words_of_cases_and_answers_are_shown_and_never_become_markup(run_folder: Path) -> None:
    summary, records = read_run(run_folder)
    records[0]["question"] = "<img src=x onerror=alert(1)>"
    records[0]["error"] = "</style><script>alert(2)</script>"
    page = html_page(summary, records)
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "zebra &lt;script&gt;alert(1)&lt;/script&gt;" in page
    tags = Tags()
    tags.feed(page)
    assert {tag for tag, _ in tags.seen}.isdisjoint({"script", "img"})


def test_failing_cases_stand_beside_their_evidence_worst_first(run_folder: Path) -> None:
    _, records = read_run(run_folder)
    failing = failing_cases(records)
    assert failing[0].record["id"] == "q3"
    assert "Refused, although the evidence answers it." in failing[0].reasons
    assert "u2" in {f.record["id"] for f in failing}
    assert "q1" not in {f.record["id"] for f in failing}
    write_reports(run_folder)
    page = (run_folder / "report.html").read_text(encoding="utf-8")
    assert "Not handled as it should be: answered as if it could be" in page
    assert "Visits between hospitals were supportive." in page


def test_junit_says_which_gates_and_cases_failed(run_folder: Path) -> None:
    write_reports(run_folder)
    root = ElementTree.fromstring((run_folder / "junit.xml").read_text(encoding="utf-8"))
    suites = {suite.get("name"): suite for suite in root}
    assert suites["gates"].get("failures") == "0"
    assert suites["questions"].get("failures") == "1"
    failed = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert "q3" in failed
    assert "u2" in failed


def test_the_table_of_cases_is_harmless_in_a_spreadsheet(run_folder: Path) -> None:
    write_reports(run_folder)
    rows = list(csv.DictReader(io.StringIO((run_folder / "cases.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 8
    assert rows[2]["cited"] == "visits-f01 visits-f02"
    assert harmless("=1+1") == "'=1+1"
    assert harmless("@sum") == "'@sum"
    assert harmless(-0.5) == -0.5


def test_a_yes_must_hold_at_the_worse_end_of_the_interval() -> None:
    def word(value: float, low: float, high: float, metric: str = "recall@10") -> str:
        aspects = [a for a in ASPECTS if a.metric == metric]
        (verdict,) = verdicts({"metrics": {metric: row(value, low, high)}}, aspects)
        return verdict.verdict

    assert word(0.8, 0.6, 0.9) == "yes"
    assert word(0.8, 0.4, 0.9) == "with care"
    assert word(0.4, 0.3, 0.5) == "not yet"
    assert word(0.02, 0.0, 0.08, "false_refusal") == "yes"
    assert word(0.02, 0.0, 0.2, "false_refusal") == "with care"
    assert word(0.3, 0.2, 0.4, "false_refusal") == "not yet"


def test_what_was_not_measured_is_said_to_be_so() -> None:
    found = verdicts({"metrics": {"recall@10": {**row(None), "not_applicable": {"no search was made": 3}}}})
    by_title = {v.title: v for v in found}
    assert by_title["Finding the evidence"].verdict == "not measured"
    assert "no search was made" in by_title["Finding the evidence"].sentence
    assert all(v.verdict == "not measured" for v in found)


@pytest.mark.parametrize(
    ("value", "words"), [(0.8, "8"), (0.845, "8.4"), (0.0, "0"), (1.0, "10"), (-0.1, "0")]
)
def test_shares_are_told_as_counts_out_of_ten(value: float, words: str) -> None:
    assert in_ten(value) == words


def test_the_markdown_report_leads_with_what_can_be_trusted(run_folder: Path) -> None:
    write_reports(run_folder)
    text = (run_folder / "report.md").read_text(encoding="utf-8")
    assert text.index("Can it be trusted") < text.index("## Gates") < text.index("## Numbers")
    assert "zebra \\<script\\>" in text


def test_a_failing_case_shows_what_should_have_been_found_in_words(run_folder: Path) -> None:
    page = html_page(*read_run(run_folder))
    failing = page[page.index("Cases that went wrong") :]
    case = failing[failing.index("zebra") :]
    case = case[: case.index("</details>")]
    assert "Active moderation helps online groups." in case
    assert "groups-f02, answers it, not found" in case
    assert "What it said: declined" in case


def test_a_limit_is_told_in_plain_words(run_folder: Path) -> None:
    page = html_page(*read_run(run_folder))
    limits = page[page.index("Limits set for this suite") : page.index("Answer or decline")]
    assert "Share of citations that were found for the question" in limits
    assert "Cases that broke." in limits
