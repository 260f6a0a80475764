from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.evaluation.review import make_sheet, rater_hash, write_sheet
from assistant.web.options import WebOptions
from assistant.web.pages.reviewing import LONGEST_COMMENT, Marks, Reviewing, Screen, missing_marks, ratable
from tests.web.fakes import FakeAssistant

Make = Callable[..., Reviewing]


def record(number: int) -> dict[str, Any]:
    said = [
        {"text": f"Sentence {n}.", "kind": "reported", "citations": [{"quote": "w"}] * (n % 2)}
        for n in (1, 2)
    ]
    answer = {"because": "", "lead": "", "statements": said, "gaps": []}
    return {"id": f"q{number}", "question": f"Question {number}", "turns": [], "answer": answer}


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def make(tmp_path: Path, assistant: FakeAssistant) -> Make:
    write_sheet(make_sheet({"one": [record(1), record(2)]}, seed=1), tmp_path / "may-run")

    def made(**options: Any) -> Reviewing:
        chosen = WebOptions(**{"review_folder": str(tmp_path), **options})
        return Reviewing(SimpleNamespace(assistant=assistant, options=chosen))  # type: ignore[arg-type]

    return made


def whole(screen: Screen, **more: Any) -> Marks:
    assert screen.item is not None
    scales = {"correct": 4, "grounded": 4, "useful": 4}
    return Marks(**{"scales": scales, "sentences": dict.fromkeys(ratable(screen.item), "fully"), **more})


def test_with_sign_in_the_rater_is_who_signed_in_and_no_typed_name(
    make: Make, assistant: FakeAssistant
) -> None:
    reviewing = make(identity_header="x-user", trusted_proxies=("10.0.0.1",))
    screen = reviewing.open("rate", "may-run", "Somebody Else", "user:ada@hospital.example")
    expected = rater_hash("principal user:ada@hospital.example", salt=assistant.opinions.salt)
    assert screen.sitting.rater == expected
    reviewing.save(screen.sitting, whole(screen))
    assert [k.rating.rater for k in assistant.opinions.ratings.all] == [expected]
    assert "ada" not in str(assistant.opinions.ratings.all)


def test_on_ones_own_machine_a_typed_name_is_the_rater_however_it_is_written(make: Make) -> None:
    reviewing = make()
    one = reviewing.open("rate", "may-run", " Ada  Example ", "address:127.0.0.1").sitting.rater
    two = reviewing.open("rate", "may-run", "ada example", "address:127.0.0.1").sitting.rater
    assert one == two
    assert reviewing.open("rate", "may-run", "Ben", "address:127.0.0.1").sitting.rater != one
    nobody = reviewing.open("rate", "may-run", "  ", "address:127.0.0.1")
    assert "Say who rates." in nobody.note
    assert nobody.panel == ""


def test_missing_marks_are_pointed_out_once_and_then_left_out(make: Make, assistant: FakeAssistant) -> None:
    reviewing = make()
    screen = reviewing.open("rate", "may-run", "Ada", "")
    only = Marks(scales={"correct": 3})
    warned = reviewing.save(screen.sitting, only)
    assert "Not marked yet: sentence 1, traced to the words cited, useful." in warned.note
    assert warned.marks is None  # the marks on the form stay
    assert assistant.opinions.ratings.all == []
    reviewing.save(warned.sitting, only)
    (kept,) = assistant.opinions.ratings.all
    assert (kept.rating.scales, kept.rating.sentences) == ({"correct": 3}, {})
    second = reviewing.open("rate", "may-run", "Ada", "")
    assert second.item is not None
    assert missing_marks(second.item, whole(second)) == []


def test_nothing_at_all_is_no_rating_however_often_it_is_saved(make: Make, assistant: FakeAssistant) -> None:
    reviewing = make()
    screen = reviewing.open("rate", "may-run", "Ada", "")
    again = reviewing.save(reviewing.save(screen.sitting, Marks()).sitting, Marks())
    assert "Nothing is marked yet." in again.note
    assert assistant.opinions.ratings.all == []


def test_a_comment_is_text_of_bounded_length(make: Make, assistant: FakeAssistant) -> None:
    reviewing = make()
    screen = reviewing.open("rate", "may-run", "Ada", "")
    refused = reviewing.save(screen.sitting, whole(screen, comment="a\x00b"))
    assert "characters that are not text" in refused.note
    reviewing.save(screen.sitting, whole(screen, comment="x" * 3000))
    (kept,) = assistant.opinions.ratings.all
    assert len(kept.rating.comment) == LONGEST_COMMENT


def test_a_queue_that_went_away_is_told_and_keeps_the_form(make: Make, tmp_path: Path) -> None:
    reviewing = make()
    screen = reviewing.open("rate", "may-run", "Ada", "")
    (tmp_path / "may-run/sheet.jsonl").unlink()
    gone = reviewing.save(screen.sitting, whole(screen))
    assert (gone.panel, gone.marks) == ("keep", None)
    assert "There is no such queue." in gone.note


def test_without_a_folder_and_without_feedback_there_is_nothing_to_rate(make: Make) -> None:
    assert make(review_folder="").names() == []
    assert [name for _, name in make().names()] == ["may-run"]
