"""From a suite to the agreement of two people, over a real assistant, a real store and a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.evaluation.commands import evaluate_suite
from assistant.evaluation.review_commands import make_queue
from tests.browser.conftest import Visit, serve
from tests.browser.test_review import rate_all, start

Tab = Callable[..., Visit]
CASES = """
- {id: r1, kind: how, question: "Do blueprints get reused?", relevant: {williams-2021-f02: 2}}
- {id: r2, kind: how, question: "What helps a pair of hospitals learn?", relevant: {hinder-2021-f01: 2}}
- {id: r3, kind: how, question: "How do user groups share what they know?", relevant: {mozaffar-2026-f01: 2}}
- {id: r4, kind: how, question: "What makes a learning network work?", relevant: {britto-2018-f01: 2}}
- {id: r5, kind: how, question: "Who reads a blueprint first?", relevant: {williams-2021-f02: 2}}
"""
SUITE = """
name: five
title: Five questions
description: For the raters.
cases: ["questions/*.yaml"]
metrics: [recall@10, citation_validity]
primary: recall@10
fewest_cases: 3
"""


@pytest.mark.slow
def test_a_suite_becomes_a_report_and_a_queue_on_which_two_raters_agree(
    visit: Tab, small: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "evals/questions").mkdir(parents=True)
    (tmp_path / "evals/questions/own.yaml").write_text(CASES, encoding="utf-8")
    (tmp_path / "five.yaml").write_text(SUITE, encoding="utf-8")
    done = evaluate_suite(str(tmp_path / "five.yaml"), small, evals=tmp_path / "evals", out=tmp_path / "run")
    assert "<script src" not in done.reports[0].read_text(encoding="utf-8")
    _, size = make_queue([tmp_path / "run"], tmp_path / "review", name="may-run")
    assert size == 5
    served = serve(small, review_folder=str(tmp_path / "review"))  # type: ignore[arg-type]
    try:
        marks = {"Ada": "4454", "Ben": "4354"}
        for name, scales in marks.items():
            tab = visit()
            page = start(tab, served, name, queue="may-run")
            rate_all(page, size, lambda _, scales=scales: ("1", scales))
        page.get_by_role("button", name="See agreement").click()
        page.locator(".ea-agreement", has_text="2 raters, 5 answers.").wait_for()
        assert "100 %" in page.locator(".ea-agreement tr", has_text="Correct").inner_text()
        assert tab.axe() == []
        tab.assert_quiet()
    finally:
        served.stop()
    kept = small.opinions.ratings.of_queue("may-run")
    assert len(kept) == 2 * size
    assert len({one.rating.rater for one in kept}) == 2
