"""Plans from the command line: what is written, and what is refused in one sentence."""

from datetime import date
from pathlib import Path

import pytest
from docx import Document

from assistant.cli import run
from assistant.domain.answers import CitedAdvice
from assistant.domain.framework import Catalogue
from assistant.wire_plan import date_words
from tests.framework.conftest import load_catalogue
from tests.framework.plans import STORY, told


class Adviser:
    """As much of an assistant as advice needs; `opened` says whether a command got as far as that."""

    ready = True
    opened = False

    def __call__(self, settings: object) -> "Adviser":
        self.opened = True
        return self

    @property
    def catalogue(self) -> Catalogue:
        return load_catalogue()

    def recommend(self, situation: str, *, id: str | None = None) -> CitedAdvice:
        return told(situation)

    def close(self) -> None:
        pass


def recommend(*arguments: str, tmp_path: Path) -> tuple[int, Adviser]:
    adviser = Adviser()
    code = run(["--data-dir", str(tmp_path), "recommend", *arguments], build=adviser)  # type: ignore[arg-type]
    return code, adviser


def test_a_plan_is_written_as_markdown_beside_the_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.md"
    code, _ = recommend(STORY, "--plan", str(file), "--start", "2027-03-01", tmp_path=tmp_path)
    told = capsys.readouterr()
    assert code == 0
    assert file.read_text(encoding="utf-8").startswith("# Plan: ")
    assert "Starts 1 March 2027" in file.read_text(encoding="utf-8")
    assert "What I understood" in told.out
    assert "The plan is in" in told.err


def test_a_plan_for_a_chosen_mechanism_is_written_as_word(tmp_path: Path) -> None:
    file = tmp_path / "plan.docx"
    code, _ = recommend(STORY, "--plan", str(file), "--mechanism", "webinar", tmp_path=tmp_path)
    assert code == 0
    first, second = Document(str(file)).paragraphs[:2]
    assert first.text == "Plan: Webinars and virtual learning events"
    assert date_words(date.today()) in second.text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--plan", "plan.pdf"], "A plan cannot be written as plan.pdf."),
        (["--plan", "plan.md", "--start", "soon"], "'soon' is not a date."),
        (["--start", "2027-03-01"], "--start and --mechanism go with --plan."),
        (["--plan", "plan.md", "--jsonl", "-"], "--plan goes with one situation, not with --jsonl."),
    ],
)
def test_what_cannot_be_planned_is_refused_before_anything_is_opened(
    arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, adviser = recommend(STORY, *arguments, tmp_path=tmp_path)
    assert code == 2
    assert sentence in capsys.readouterr().err
    assert not adviser.opened


def test_an_unknown_mechanism_and_a_folder_that_is_not_there_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.md"
    assert recommend(STORY, "--plan", str(file), "--mechanism", "tea-round", tmp_path=tmp_path)[0] == 2
    assert "'tea-round'" in capsys.readouterr().err
    assert not file.exists()
    assert recommend(STORY, "--plan", str(tmp_path / "no" / "plan.md"), tmp_path=tmp_path)[0] == 5
    assert "could not be written" in capsys.readouterr().err
