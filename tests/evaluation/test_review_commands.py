from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import run
from tests.web.opinions import MemoryOpinions

Command = Callable[..., int]


class Opened:
    """What the commands need of an assistant: where opinions are kept."""

    def __init__(self) -> None:
        self.opinions = MemoryOpinions()
        self.ready = True

    def close(self) -> None:
        pass


@pytest.fixture
def opened() -> Opened:
    return Opened()


@pytest.fixture
def command(tmp_path: Path, opened: Opened) -> Command:
    def call(*arguments: object) -> int:
        given = ["--data-dir", str(tmp_path / "data"), *map(str, arguments)]
        return run(given, build=lambda settings: opened)  # type: ignore[arg-type,return-value]

    return call


def fill(sheet: Path, marks: str) -> Path:
    """The sheet with one mark for each answer, in order, and every sentence fully supported."""
    items = [json.loads(line)["item"] for line in sheet.read_text(encoding="utf-8").splitlines()]
    rows = [f"{item},{mark},fully" for item, mark in zip(items, marks, strict=False)]
    path = sheet.parent / f"filled-{marks}.csv"
    path.write_text("\n".join(["item,correct,sentences", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_queue_is_made_rated_in_files_and_its_agreement_shown(
    command: Command, run_folder: Path, tmp_path: Path, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("review", "make", run_folder, "--name", "may-run", "--most", 5) == 0
    assert "5 answers wait in" in capsys.readouterr().out
    sheet = tmp_path / "data/review/may-run/sheet.jsonl"
    for name, marks in (("Ada", "12345"), ("Ben", "12355")):
        assert command("review", "import", "may-run", fill(sheet, marks), "--rater", name) == 0
        assert "5 ratings taken in." in capsys.readouterr().out
    assert len({kept.rating.rater for kept in opened.opinions.ratings.all}) == 2
    assert command("review", "agreement", "may-run") == 0
    told = capsys.readouterr().out
    assert "| correct | 5 | 0.80 | 0.9" in told
    assert "| useful | 0 | none | not applicable | not applicable | nothing was rated by two people |" in told
    assert command("review", "agreement", "may-run", "--json") == 0
    rows = json.loads(capsys.readouterr().out)["agreement"]
    assert rows[0]["kappa"]["low"] is not None
    assert command("review", "export", "may-run", "--out", tmp_path / "out") == 0
    assert len((tmp_path / "out/ratings.jsonl").read_text().splitlines()) == 10
    before = list(opened.opinions.ratings.all)
    opened.opinions.ratings.all.clear()
    assert command("review", "import", "may-run", tmp_path / "out/ratings.csv") == 0
    after = opened.opinions.ratings.all
    by_place = [
        sorted((k.rating.item, k.rating.rater, str(k.rating)) for k in kept) for kept in (before, after)
    ]
    assert by_place[0] == by_place[1]


def test_a_queue_is_never_overwritten_and_a_bad_name_is_refused(
    command: Command, run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("review", "make", run_folder, "--name", "may-run") == 0
    assert command("review", "make", run_folder, "--name", "may-run") == 2
    assert "already" in capsys.readouterr().err
    assert command("review", "make", run_folder, "--name", "../up") == 2
    assert command("review", "make", run_folder / "nowhere", "--name", "other") == 2
    assert command("review", "agreement", "nothing") == 2


def test_two_runs_make_a_queue_side_by_side_that_names_neither(
    command: Command, run_folder: Path, tmp_path: Path
) -> None:
    assert command("review", "make", run_folder, run_folder, "--name", "pair", "--most", 2) == 0
    folder = tmp_path / "data/review/pair"
    assert "1: run" not in (folder / "sheet.jsonl").read_text()
    systems = json.loads((folder / "key.json").read_text())["item-001"]["systems"]
    assert sorted(systems) == ["1: run", "2: run"]


def test_a_judge_without_public_sets_is_refused_with_the_cure(
    command: Command, run_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LANGUAGE__BASE_URL", "http://127.0.0.1:9/v1")
    assert command("judge", run_folder, "--model", "openai:m") == 3
    told = capsys.readouterr().err
    assert "mtrag_human: skipped, no folder of public sets is set" in told
    assert "No score of this judge is shown" in told
    assert not (run_folder / "judge.json").exists()
