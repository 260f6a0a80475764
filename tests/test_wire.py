import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.domain.documents import BlockKind, Passage, Span
from assistant.domain.events import StatementVerified
from assistant.domain.evidence import Evidence
from assistant.domain.reports import Check, IngestItem, IngestReport, ReceiptCheck, Source
from assistant.wire import (
    answer_json,
    answer_markdown,
    checks_json,
    dumps,
    error_json,
    escaped,
    event_json,
    hits_json,
    ingest_json,
    receipt_check_json,
    reference,
    source_json,
)
from tests.web.fakes import ALL, FakeAssistant, study

ANSWER = FakeAssistant().answer("Is this worth our time?", id="q1")
REFUSAL = FakeAssistant().answer("out_of_domain please")


def test_an_answer_has_exactly_the_keys_of_the_contract() -> None:
    told = answer_json(ANSWER)
    assert list(told) == [
        "id",
        "question",
        "standalone",
        "state",
        "reason",
        "lead",
        "statements",
        "gaps",
        "follow_ups",
        "evidence",
        "receipt",
        "timings_ms",
        "advice",
    ]
    assert told["advice"] is None
    assert list(told["statements"][0]) == ["heading", "text", "kind", "citations"]
    assert list(told["statements"][0]["citations"][0]) == [
        "marker",
        "passage_id",
        "record_id",
        "study_id",
        "quote",
        "start",
        "end",
    ]
    assert list(told["evidence"][0]) == ["passage_id", "record_id", "study_id", "score", "cited"]
    assert (told["id"], told["state"], told["reason"]) == ("q1", "partly_grounded", None)


def test_an_answer_says_which_of_its_evidence_it_cites() -> None:
    told = answer_json(ANSWER)
    cited = {citation["passage_id"] for s in told["statements"] for citation in s["citations"]}
    assert {found["passage_id"] for found in told["evidence"] if found["cited"]} == cited
    assert any(not found["cited"] for found in told["evidence"])


def test_a_refusal_says_why_in_its_lead_and_cites_nothing() -> None:
    told = answer_json(REFUSAL)
    assert (told["state"], told["reason"]) == ("refused", "out_of_domain")
    assert told["lead"] == REFUSAL.because != ""
    assert told["statements"] == []


def test_search_results_have_exactly_the_keys_of_the_contract() -> None:
    told = hits_json("s1", [Evidence(ALL[0], 1, 0.5)])
    assert list(told) == ["id", "hits"]
    assert told["hits"] == [
        {
            "rank": 1,
            "score": 0.5,
            "passage_id": ALL[0].id,
            "record_id": ALL[0].record_id,
            "document_id": ALL[0].document_id,
            "study_id": "river",
            "text": ALL[0].text,
        }
    ]
    assert hits_json(None, []) == {"id": None, "hits": []}


def test_the_same_value_gives_the_same_bytes() -> None:
    again = FakeAssistant().answer("Is this worth our time?", id="q1")
    assert dumps(answer_json(again)) == dumps(answer_json(ANSWER))


@given(st.text(st.characters(), max_size=60))
def test_any_text_becomes_json_in_valid_utf8_and_comes_back_unchanged(text: str) -> None:
    assert json.loads(dumps({"text": text}).encode("utf-8")) == {"text": text}


def test_ordinary_letters_stay_readable_in_json() -> None:
    assert dumps({"name": "Zoë – ward 3"}) == '{"name": "Zoë – ward 3"}'


def test_a_number_that_json_does_not_know_is_never_written() -> None:
    with pytest.raises(ValueError):
        dumps({"score": float("nan")})


def test_every_event_is_named_and_the_last_holds_the_whole_answer() -> None:
    told = [event_json(event) for event in FakeAssistant().ask("Is this worth our time?", id="q1")]
    names = [event["event"] for event in told]
    assert names == ["searching", "evidence", *["statement"] * len(ANSWER.statements), "finished"]
    assert told[-1]["answer"] == answer_json(ANSWER)
    assert (
        event_json(StatementVerified(2, ANSWER.statements[2]))["statement"]
        == told[-1]["answer"]["statements"][2]
    )


def test_reports_carry_counts_reasons_and_cures() -> None:
    report = IngestReport(
        (IngestItem("a.md", "added", 3), IngestItem("b.md", "failed", 0, "Not UTF-8.")), 3, 9, 0.5
    )
    told = ingest_json(report)
    assert told["counts"] == {
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
        "skipped": 0,
        "failed": 1,
    }
    assert told["items"][1] == {"origin": "b.md", "outcome": "failed", "passages": 0, "reason": "Not UTF-8."}
    assert checks_json([Check("disk", "warning", "Little room.")])["healthy"] is True
    assert checks_json([Check("disk", "fault", "No room.", "Make room.")])["healthy"] is False
    assert receipt_check_json(ReceiptCheck(("It changed.",), 4)) == {
        "holds": False,
        "passages_checked": 4,
        "faults": ["It changed."],
        "notes": [],
    }
    assert error_json("No.", "") == {"error": {"sentence": "No.", "hint": None}}


def test_an_opened_source_shows_the_study_and_its_neighbours_in_order() -> None:
    told = source_json(FakeAssistant().source(ALL[1].id))
    assert told["study"]["title"] == study("river").title
    assert [near["passage_id"] for near in told["before"]] == [ALL[0].id]
    assert [near["passage_id"] for near in told["after"]] == [ALL[2].id]
    assert told["locator"] == "results, second paragraph"


def test_a_reference_names_who_when_what_and_where() -> None:
    assert reference(study("river")) == (
        "River A and others (2021). Pairs of hospitals learning from each other: an interview study. "
        "Journal of Made-up Studies 4:17. England, acute hospitals."
    )
    assert reference(study("harbour")).startswith("Harbour D and Lane E (2019). ")
    assert reference(replace(study("meadow"), year=None, venue=None, setting=None)) == (
        "Meadow F (no date). Working together at a distance: a survey of paired teams."
    )


def sources() -> dict[str, Source]:
    return {id: FakeAssistant().source(id) for id in ANSWER.cited}


def test_an_exported_answer_holds_statements_kinds_gaps_sources_and_the_seal() -> None:
    page = answer_markdown(ANSWER, sources())
    shown = MarkdownIt("commonmark").render(page)
    for statement in ANSWER.statements:
        assert statement.text in shown
    for label in (
        "Reported by a study",
        "Our reading of the evidence",
        "Practice advice",
        "What you told us",
    ):
        assert f"<em>({label})</em>" in shown
    assert "<h2>What helps</h2>" in shown
    assert "<h2>What the evidence does not tell</h2>" in shown
    assert "River A and others (2021)" in shown
    assert "Receipt fingerprint" in shown
    assert page == answer_markdown(ANSWER, dict(reversed(sources().items())))


def test_an_exported_refusal_says_why_and_has_no_sources() -> None:
    page = answer_markdown(REFUSAL, {})
    assert "No study here covers this." in page
    assert "## Sources" not in page


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=https://outside.example/x>",
        "![x](https://outside.example/x)",
        "[click](javascript:alert)",
        "<script>alert(1)</script>",
        "a\n# heading",
        "a\n===",
        "- item",
        "1. item",
        "> quote",
        "`code` ~~~ ``` &amp; | a | b |",
        "<https://outside.example>",
    ],
)
def test_hostile_text_is_exported_as_the_characters_it_is(hostile: str) -> None:
    tokens = MarkdownIt("commonmark").parse(escaped(hostile))
    inline = [child.type for token in tokens for child in token.children or ()]
    assert {token.type for token in tokens} == {"paragraph_open", "inline", "paragraph_close"}
    assert set(inline) <= {"text", "text_special", "hardbreak", "softbreak"}


@given(st.text(max_size=80))
def test_no_text_becomes_markup_when_it_is_exported(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(escaped(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}


def test_a_passage_without_a_study_is_listed_by_its_title() -> None:
    passage = Passage(
        document_id="d", span=Span(0, 5), text="Words", kind=BlockKind.PARAGRAPH, ordinal=0, title="Notes"
    )
    page = answer_markdown(ANSWER, {ALL[0].id: Source(passage)})
    assert "\nNotes\n" in page
