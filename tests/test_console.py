import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from assistant.console import (
    printable,
    progress,
    show_answer,
    show_checks,
    show_error,
    show_hits,
    show_ingest,
    show_receipt_check,
)
from assistant.domain.reports import Check, IngestItem, IngestReport, ReceiptCheck
from assistant.wire import KIND_LABELS
from tests.web.fakes import FakeAssistant


def page(width: int = 100) -> Console:
    return Console(file=io.StringIO(), width=width, highlight=False, emoji=False, markup=False)


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def flat(text: str) -> str:
    return " ".join(text.split())


def test_an_answer_shows_every_statement_with_its_kind_its_sources_and_what_is_missing() -> None:
    fake = FakeAssistant()
    answer = fake.answer("Is this worth our time?")
    console = page()
    show_answer(console, answer, {id: fake.source(id) for id in answer.cited})
    text = flat(shown(console))
    for statement in answer.statements:
        assert flat(statement.text) in text
        assert KIND_LABELS[statement.kind] in text
    assert "What helps" in text
    assert "No study here gives a cost in pounds." in text
    assert "River A and others (2021)." in text
    assert "[5]" in text


def test_a_refusal_says_why() -> None:
    console = page()
    show_answer(console, FakeAssistant().answer("near_miss"), {})
    assert "No study here covers this." in shown(console)
    assert "Sources" not in shown(console)


@given(st.text(st.characters(), max_size=80))
def test_no_text_can_steer_the_terminal_or_turn_the_reading_order(text: str) -> None:
    safe = printable(text)
    assert len(safe) == len(text)
    assert not set(safe) & {"\x1b", "\x07", "\x08", "\r", "\x9b", "\u202e", "\u2066"}


def test_square_brackets_in_a_text_are_shown_as_they_are() -> None:
    console = page()
    show_error(console, "[red]Not[/red] markup: :smile:", "")
    assert shown(console).strip() == "[red]Not[/red] markup: :smile:"


def test_search_results_come_in_order_and_an_empty_one_says_so() -> None:
    console = page()
    show_hits(console, FakeAssistant().search("x", k=2))
    text = shown(console)
    assert text.index("1.") < text.index("2.")
    empty = page()
    show_hits(empty, ())
    assert shown(empty) == "Nothing was found.\n"


def test_an_ingest_names_each_failure_and_ends_with_counts_and_rate() -> None:
    items = (
        IngestItem("a", "added", 4),
        IngestItem("b", "failed", 0, "Not UTF-8."),
        IngestItem("c", "skipped", 0, "Empty."),
    )
    console = page()
    show_ingest(console, IngestReport(items, 4, 10, 2.0))
    assert shown(console).splitlines() == [
        "failed  b: Not UTF-8.",
        "skipped  c: Empty.",
        "1 added, 0 updated, 0 unchanged, 0 removed, 1 skipped, 1 failed.",
        "4 new passages in 2.0 s (2 a second); 10 in the library.",
    ]


def test_checks_and_receipts_name_each_fault_and_cure() -> None:
    console = page()
    show_checks(console, (Check("lock", "ok", "Free."), Check("disk", "fault", "No room.", "Make room.")))
    show_receipt_check(console, ReceiptCheck(("Passage 1 changed.",), 3, ("The corpus has grown.",)))
    show_receipt_check(console, ReceiptCheck((), 3))
    lines = [line.strip() for line in shown(console).splitlines()]
    assert lines == [
        "ok      lock: Free.",
        "fault   disk: No room.",
        "Make room.",
        "The receipt does not hold; 1 found wrong.",
        "\u2022 Passage 1 changed.",
        "\u2022 The corpus has grown.",
        "The receipt holds: 3 passages checked.",
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_draws_on_a_terminal_only(terminal: bool) -> None:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100)
    with progress(console) as advance:
        advance("reading", 1, 4)
        advance("reading", 4, 4)
        advance("encoding", 1, 2)
    assert ("reading" in shown(console)) is terminal
