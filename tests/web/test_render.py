from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.answers import _SEAL, Answer, Citation, Reason, Statement, StatementKind
from assistant.domain.reports import Source
from assistant.security.sanitising import visible
from assistant.web.render import (
    answer_html,
    note_html,
    partial_html,
    question_html,
    searching_html,
)
from assistant.web.render_sources import Listed, empty_html, legend_html, numbered, sources_html
from tests.web.fakes import ALL, FakeAssistant, citation, passage, statements, study
from tests.web.hostile import PAYLOADS
from tests.web.reading import Page

OURS = {
    "a", "blockquote", "br", "code", "dd", "details", "div", "dl", "dt", "h2", "h3", "li", "mark", "p",
    "span", "strong", "summary", "ul",
}  # fmt: skip
STUDY_HOSTS = ("https://doi.org/", "https://studies.example/")


def assert_harmless(html: str) -> Page:
    page = Page(html)
    assert "\n" not in html
    assert html.startswith(("<div ", "<h2 "))  # either opens a block that no Markdown reader looks into
    for tag, attributes in page.tags:
        assert tag in OURS
        assert set(attributes) <= {"class", "id", "href", "rel", "target"}
        href = attributes.get("href", "#")
        if not re.fullmatch(r"#[sc]?\d*-?\d*", href):
            assert href.startswith(STUDY_HOSTS)
            assert attributes["rel"] == "noopener noreferrer"
    return page


def opened(assistant: FakeAssistant, answer: Answer) -> dict[str, Source]:
    return {found.passage.id: assistant.source(found.passage.id) for found in answer.evidence}


def listed_of(answer: Answer, sources: Mapping[str, Source]) -> Listed:
    unused = tuple(found for found in answer.evidence if found.passage.id not in answer.cited)
    return Listed(answer.question, numbered(answer.statements), unused, sources)


def hostile_everywhere(payload: str) -> tuple[Answer, dict[str, Source]]:
    """An answer in which every text that others write is the payload."""
    assistant = FakeAssistant()
    base = assistant.answer("question")
    bad = passage("river", 1, text=payload)
    bad = replace(bad, title=payload, speaker=payload, context=payload, heading=(payload,), seconds=3.0)
    said = Statement(payload, StatementKind.REPORTED, payload, (citation(1, bad),))
    other = replace(base.evidence[5], passage=replace(bad, document_id=payload))
    answer = replace(
        base, question=payload, standalone=payload, because=payload, lead=payload, gaps=(payload,),
        follow_ups=(payload,), statements=(replace(said, heading=""), said),
        evidence=(replace(base.evidence[0], passage=bad), other), seal=_SEAL,
    )  # fmt: skip
    source = assistant.source(ALL[0].id)
    assert source.finding
    bad_study = replace(
        study("river"), title=payload, authors=(payload, payload), venue=payload, doi=payload, url=payload,
        study_design=payload, sample=payload, setting=payload, strength=payload,
    )  # fmt: skip
    bad_finding = replace(source.finding, locator=payload, seen=payload, strength=payload)
    all_bad = Source(bad, bad_study, bad_finding, (bad,), (bad,))
    return answer, {found.passage.id: all_bad for found in answer.evidence}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_stays_text_wherever_it_stands(payload: str) -> None:
    answer, sources = hostile_everywhere(payload)
    shown = assert_harmless(answer_html(answer, 1))
    listed = Page(sources_html(listed_of(answer, sources), 1))
    assert {tag for tag, _ in listed.tags} <= OURS
    for tag, attributes in listed.tags:
        href = attributes.get("href", "")
        assert not href.lower().startswith(("javascript", "data", "file", "//"))
        if tag == "a" and not href.startswith("#"):
            assert href.startswith(("http://", "https://"))
            assert attributes["rel"] == "noopener noreferrer"
    assert " ".join(visible(payload).split()) in shown.words
    for html in (question_html(payload), note_html(payload, payload)):
        assert_harmless(html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_harmless_at_every_cut_of_the_stream(payload: str) -> None:
    """Cut at every byte: whatever part of a statement arrives, what is shown is closed and inert."""
    raw = payload.encode("utf-8")
    for end in range(len(raw) + 1):
        piece = raw[:end].decode("utf-8", "ignore")
        said = (*statements()[:1], Statement(piece, StatementKind.REPORTED, piece, (citation(2, ALL[1]),)))
        assert_harmless(partial_html(said, 1))
        assert_harmless(question_html(piece or "x"))


@given(st.text(max_size=300))
def test_any_text_at_all_is_only_ever_text(text: str) -> None:
    page = assert_harmless(note_html(text))
    assert [tag for tag, _ in page.tags] == ["div", "span", "p"]
    assert page.words == " ".join(f"Note: {visible(text)}".split())


@given(
    st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co")) | st.sampled_from("\n\t "), min_size=1)
)
def test_quoted_words_are_shown_with_every_space_as_stored(text: str) -> None:
    cited = passage("river", 1, text=text)
    answer = FakeAssistant().answer("q")
    said = Statement("x", StatementKind.REPORTED, "", (citation(1, cited),))
    answer = replace(answer, statements=(said,), seal=_SEAL)
    page = Page(sources_html(listed_of(answer, {cited.id: Source(cited)}), 1))
    assert page.marked == [text]


def test_only_the_cited_words_of_a_passage_are_marked() -> None:
    whole = passage("river", 1, text="Before. The cited words. After.")
    part = Citation(1, whole.id, whole.record_id, whole.study_id, "The cited words.", 8, 24)
    said = Statement("x", StatementKind.REPORTED, "", (part,))
    answer = replace(FakeAssistant().answer("q"), statements=(said,), seal=_SEAL)
    page = Page(sources_html(listed_of(answer, {whole.id: Source(whole)}), 1))
    assert page.marked == ["The cited words."]
    assert "Before. The cited words. After." in page.words


def test_a_quote_that_is_not_in_the_passage_is_shown_alone() -> None:
    whole = passage("river", 1, text="Something else is stored here now.")
    part = Citation(1, whole.id, None, None, "The cited words.", 0, 16)
    said = Statement("x", StatementKind.REPORTED, "", (part,))
    answer = replace(FakeAssistant().answer("q"), statements=(said,), seal=_SEAL)
    page = Page(sources_html(listed_of(answer, {whole.id: Source(whole)}), 1))
    assert page.marked == ["The cited words."]
    assert "Something else" not in page.words.split("Found, but not used")[0]


def test_kinds_of_statement_are_told_apart_by_words() -> None:
    page = assert_harmless(answer_html(FakeAssistant().answer("q"), 1))
    for label in (
        "Reported by a study",
        "Our reading of the evidence",
        "Practice advice",
        "What you told us",
        "Constructed example",
    ):
        assert label in page.words
        assert label in Page(legend_html()).words


def test_every_citation_leads_to_a_source_and_every_source_back() -> None:
    assistant = FakeAssistant()
    answer = assistant.answer("q")
    shown = Page(answer_html(answer, 7))
    listed = Page(sources_html(listed_of(answer, opened(assistant, answer)), 7))
    ids_shown = [attributes["id"] for _, attributes in shown.tags if "id" in attributes]
    ids_listed = [attributes["id"] for _, attributes in listed.tags if "id" in attributes]
    there = {a["href"][1:] for _, a in shown.tags if a.get("class") == "ea-cite"}
    back = {a["href"][1:] for _, a in listed.tags if a.get("class") == "ea-back"}
    assert there == {f"s7-{n}" for n in range(1, 6)}
    assert there <= set(ids_listed)
    assert back <= set(ids_shown)
    assert len(ids_shown) == len(set(ids_shown))
    assert len(ids_listed) == len(set(ids_listed))


def test_a_source_tells_what_a_reader_needs_to_judge_it() -> None:
    assistant = FakeAssistant()
    answer = assistant.answer("q")
    words = Page(sources_html(listed_of(answer, opened(assistant, answer)), 1)).words
    for wanted in (
        "Pairs of hospitals learning from each other",
        "qualitative; interviews and observation",
        "62 interviews in 18 hospitals",
        "England, acute hospitals",
        "2021",
        "Open at doi.org",
        "Reported by the study",
        "results, second paragraph",
        "Not peer reviewed",
        ALL[0].id,
        "What stands beside it",
        "Cited in this answer (5)",
        "Found, but not used (1)",
    ):
        assert wanted in words


@pytest.mark.parametrize("reason", list(Reason))
def test_a_refusal_says_why_and_what_is_missing_and_cites_nothing(reason: Reason) -> None:
    answer = FakeAssistant().answer(f"about {reason.value}")
    page = assert_harmless(answer_html(answer, 1))
    assert "Not answered." in page.words
    assert answer.because in page.words
    assert answer.gaps[0] in page.words
    assert not [tag for tag, _ in page.tags if tag == "a"]


def test_an_answer_in_the_making_says_that_it_is_not_complete() -> None:
    assert "Looking through the studies" in Page(searching_html(1)).words
    assert "Checking the next sentence" in Page(partial_html(statements()[:2], 1)).words
    assert "Checking" not in Page(answer_html(FakeAssistant().answer("q"), 1)).words


def test_a_missing_source_is_named_by_its_id() -> None:
    answer = FakeAssistant().answer("q")
    page = Page(sources_html(listed_of(answer, {}), 1))
    assert ALL[0].id in page.words
    assert page.marked[0] == ALL[0].text


def test_what_stands_before_the_first_question_is_harmless_too() -> None:
    assert "How to read an answer" in assert_harmless(empty_html()).words


def test_a_refusal_does_not_say_the_same_sentence_twice() -> None:
    answer = FakeAssistant().answer("about personal_or_legal")
    answer = replace(answer, gaps=(answer.because, "Ask your own doctor."), seal=_SEAL)
    page = Page(answer_html(answer, 1))
    assert page.words.count(answer.because) == 1
    assert "What you can doAsk your own doctor." in page.words
