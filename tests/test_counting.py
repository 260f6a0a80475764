"""Counting questions asked of the whole assistant, against counts made from the corpus files alone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.domain.advice import ReachQuery
from assistant.domain.answers import Answer, Reason, State, StatementKind
from tests.framework.test_reach import generated, independent, polarity, read_files

if TYPE_CHECKING:
    from assistant.engine import Assistant

NEGATIVE = ("cautions", "mixed")


def stated(answer: Answer) -> tuple[int, int, int]:
    """Findings, studies and bodies of evidence that the first statement says it counted."""
    text = answer.statements[0].text
    if text.startswith("The count is nought"):
        return 0, 0, 0
    numbers = (
        re.search(rf"(\d+) {words}", text) for words in ("findings?", "stud(?:y|ies)", "bod(?:y|ies) of")
    )
    found = [int(match[1]) for match in numbers if match]
    assert len(found) == 3, text
    return found[0], found[1], found[2]


def test_200_generated_questions_are_answered_with_exactly_the_counts_of_the_files(
    bundled: Assistant,
) -> None:
    rows = read_files()
    citable = {f["id"] for f, s in rows if s["citable"]}
    noughts = 0
    for question, wanted in generated(bundled.catalogue):
        answer = bundled.answer(question)
        findings, studies, groups = independent(wanted, rows)
        if answer.state is State.REFUSED:
            assert answer.reason is Reason.NOTHING_FOUND, question
            assert not findings & citable, question
            assert answer.advice is None
            continue
        assert stated(answer) == (len(findings), len(studies), len(groups)), question
        noughts += not findings
        cited = {c.record_id for c in answer.statements[0].citations}
        base = independent(replace(wanted, polarity=None), rows)[0]
        assert cited == (findings or base) & citable, question
    assert noughts > 5


def test_the_negative_cases_are_counted_and_cited_every_one(bundled: Assistant) -> None:
    answer = bundled.answer("Who disagrees about informal peer networking?")
    rows = read_files()
    ids = independent(ReachQuery(mechanism="informal-peer-network"), rows)[0]
    negative = {f["id"] for f, s in rows if f["id"] in ids and polarity(f) in NEGATIVE and s["citable"]}
    assert negative
    assert {c.record_id for c in answer.statements[1].citations} == negative
    shown = [s for s in answer.statements if s.heading == "Who disagrees"]
    assert {c.record_id for s in shown for c in s.citations} <= negative
    assert all(s.kind in (StatementKind.REPORTED, StatementKind.INFERENCE) for s in shown)


def test_what_the_count_does_not_look_at_is_named(bundled: Assistant) -> None:
    answer = bundled.answer("How many studies say that blueprints halve costs?")
    assert any("“halve”, “costs”" in gap for gap in answer.gaps)
    assert any("took part" in gap for gap in answer.gaps)


def test_studies_whose_results_could_not_be_read_are_named_and_not_counted(bundled: Assistant) -> None:
    answer = bundled.answer("How many studies are about peer review?")
    assert any("could not be read" in gap for gap in answer.gaps)


def test_a_count_of_nothing_says_out_of_how_many(bundled: Assistant) -> None:
    answer = bundled.answer("How many studies in Rwanda are mixed on mentoring?")
    assert answer.statements[0].text.startswith("The count is nought: of the 3 findings on peer mentoring")


def test_a_count_is_checked_by_its_receipt(bundled: Assistant) -> None:
    answer = bundled.answer("How many studies say that site visits help?")
    assert bundled.verify(answer.receipt.body).holds


@pytest.mark.parametrize(
    "question",
    [
        "How many people should sit on the steering group?",
        "How many studies show that portals please patients?",
        "Do site visits help?",
    ],
)
def test_other_questions_are_not_counted(bundled: Assistant, question: str) -> None:
    answer = bundled.answer(question)
    assert not any(" here speak" in s.text or "The count is" in s.text for s in answer.statements)


def test_which_way_is_studied_best_is_counted_over_all_ways(bundled: Assistant) -> None:
    answer = bundled.answer("Which of these ways of sharing has the strongest evidence?")
    rows = read_files()
    assert answer.state is State.GROUNDED
    assert answer.advice is None
    assert len(answer.statements) == 5
    for statement in answer.statements:
        name, _, counts = statement.heading.partition(": ")
        mechanism = next(key for key, m in bundled.catalogue.mechanisms.items() if m.name == name)
        findings, _, groups = independent(ReachQuery(mechanism=mechanism), rows)
        assert [int(n) for n in re.findall(r"\d+", counts)] == [len(findings), len(groups)]
        assert {c.record_id for c in statement.citations} <= findings
    assert any("our judgement" in gap for gap in answer.gaps)


def test_which_way_is_studied_least_names_other_ways(bundled: Assistant) -> None:
    least = bundled.answer("Where is the evidence thinnest?").statements
    most = bundled.answer("What is the best evidenced approach?").statements
    assert not {s.heading for s in least} & {s.heading for s in most}
