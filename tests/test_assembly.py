"""What the settings choose, and what the doctor says of a folder that is not as it should be."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import assembly
from assistant.answering.prose_gate import ProseLimits
from assistant.assembly import build
from assistant.domain.reports import Check
from assistant.engine import Assistant
from assistant.errors import ModelFileError, NotReadyError, StorageError
from assistant.evaluation.live import ground_of
from assistant.framework.weights import ADVICE
from assistant.index import model_files
from assistant.index.embeddings import Embedder
from assistant.index.model_files import packaged_folder
from assistant.index.schema import FILE
from assistant.settings import IndexSettings, load_settings
from tests.libraries import PAIRING, open_assistant

Open = Callable[..., Assistant]


@pytest.fixture
def opened(packaged_embedder: Embedder) -> Iterator[Open]:
    every: list[Assistant] = []

    def open_one(folder: Path, **settings: Any) -> Assistant:
        every.append(open_assistant(folder, packaged_embedder, **settings))
        return every[-1]

    yield open_one
    for assistant in every:
        assistant.close()


def by_name(assistant: Assistant, name: str) -> list[Check]:
    found = [check for check in assistant.doctor() if check.name == name]
    assert found, f"the doctor says nothing of the {name}"
    for check in found:
        assert check.level == "ok" or check.cure, check
        assert check.sentence[-1:] == "." or check.name == "index", check
    return found


def test_building_opens_the_folder_and_loads_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(model: str, **_: object) -> Embedder:
        raise AssertionError(f"{model} was loaded")

    monkeypatch.setattr(assembly, "load_embedder", never)
    assistant = build(load_settings(data_dir=tmp_path / "data"))
    try:
        assert (tmp_path / "data" / FILE).is_file()
        assert not assistant.ready
        assert assistant.status()["model"] is None
        with pytest.raises(NotReadyError):
            assistant.answer(PAIRING)
    finally:
        assistant.close()


def test_a_sound_folder_gets_a_clean_bill_of_health(opened: Open, data_dir: Path) -> None:
    checks = opened(data_dir).doctor()
    names = ["settings", "disk", "lock", "store", "monitoring", "model", "index", "language"]
    assert [c.name for c in checks] == names
    assert {c.level for c in checks if c.name != "disk"} == {"ok"}


def test_an_empty_folder_is_told_to_read_something_in(opened: Open, tmp_path: Path) -> None:
    [check] = by_name(opened(tmp_path / "data"), "index")
    assert (check.level, "assistant ingest" in check.cure) == ("warning", True)


def test_a_folder_that_is_owned_is_opened_to_read_and_says_so(opened: Open, data_dir: Path) -> None:
    owner, guest = opened(data_dir), opened(data_dir)
    assert (owner.library.writable, guest.library.writable) == (True, False)
    [check] = by_name(guest, "lock")
    assert check.level == "warning"
    assert "Another process owns the data folder" in check.sentence
    assert [s.text for s in guest.answer(PAIRING).statements] == [
        s.text for s in owner.answer(PAIRING).statements
    ]


def test_a_folder_that_is_owned_and_empty_of_files_cannot_be_read(tmp_path: Path, opened: Open) -> None:
    owner = opened(tmp_path / "data")
    owner.library.close()
    (tmp_path / "data" / FILE).unlink()
    again = opened(tmp_path / "data")
    assert again.library.writable


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("config.json", Path.unlink, "config.json is missing"),
        ("vocab.txt", lambda path: path.write_text("changed", encoding="utf-8"), "vocab.txt is not the one"),
    ],
)
def test_a_model_file_that_is_missing_or_altered_is_a_fault_with_a_cure(
    opened: Open,
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    change: Callable[[Path], object],
    words: str,
) -> None:
    copy = Path(shutil.copytree(packaged_folder(), tmp_path / "model"))
    change(copy / name)
    monkeypatch.setattr(model_files, "packaged_folder", lambda: copy)
    assistant = build(load_settings(data_dir=data_dir))
    try:
        [check] = by_name(assistant, "model")
        assert check.level == "fault"
        assert words in check.sentence
        assert "again" in check.cure
        with pytest.raises(ModelFileError, match=name):
            assistant.answer(PAIRING)
    finally:
        assistant.close()


def test_a_model_folder_that_is_not_there_is_a_fault_with_a_cure(data_dir: Path, tmp_path: Path) -> None:
    settings = load_settings(data_dir=data_dir)
    elsewhere = IndexSettings(embedding_model=str(tmp_path / "nowhere"))
    assistant = build(settings.model_copy(update={"index": elsewhere}))
    try:
        [check] = by_name(assistant, "model")
        assert check.level == "fault"
        assert "There is no model folder" in check.sentence
        assert "packaged" in check.cure
    finally:
        assistant.close()


def test_a_damaged_index_is_named_and_answers_stay_the_same(
    opened: Open, data_dir: Path, small: Assistant
) -> None:
    damaged = [
        path for path in (data_dir / "index").rglob("*") if path.is_file() and "manifest" not in path.name
    ]
    largest = max((p for p in damaged if p.name != "current"), key=lambda p: p.stat().st_size)
    largest.write_bytes(b"\x00" * 10)
    assistant = opened(data_dir)
    expected = [(s.text, [c.quote for c in s.citations]) for s in small.answer(PAIRING).statements]
    assert [
        (s.text, [c.quote for c in s.citations]) for s in assistant.answer(PAIRING).statements
    ] == expected
    checks = by_name(assistant, "index")
    assert {c.level for c in checks} == {"warning"}
    assert any(largest.name in c.sentence for c in checks)
    assert all("rebuilt" in c.cure for c in checks)


def test_a_guest_does_not_mend_a_damaged_index_but_answers(opened: Open, data_dir: Path) -> None:
    opened(data_dir)
    (data_dir / "index" / "current").unlink()
    guest = opened(data_dir)
    assert guest.answer(PAIRING).statements
    assert guest.workings.index.degraded
    assert not (data_dir / "index" / "current").exists()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE passages SET text = replace(text, 'pair', 'peer')", "does not fit its stored hash"),
        ("UPDATE documents SET text = text || '!' WHERE id = 'hinder-2021-f01'", "document hinder-2021-f01"),
        ("UPDATE passages SET sha256 = 'x' WHERE id LIKE 'hinder-2021-f02:%'", "passage hinder-2021-f02"),
        (
            'UPDATE passages SET "end" = "end" - 1 WHERE id LIKE \'hinder-2021-f03:%\'',
            "does not fit its document and span",
        ),
        (
            "UPDATE passages SET start = 900, \"end\" = 3 WHERE id LIKE 'hinder-2021-f04:%'",
            "does not fit its document and span",
        ),
        (
            "UPDATE documents SET text = CAST(x'ff41' AS TEXT) WHERE id = 'hinder-2021-f05'",
            "document hinder-2021-f05",
        ),
    ],
)
def test_stored_words_that_changed_are_a_fault(
    opened: Open, data_dir: Path, statement: str, words: str
) -> None:
    tamper(data_dir, statement)
    checks = by_name(opened(data_dir), "store")
    assert {c.level for c in checks} == {"fault"}
    assert any(words in c.sentence for c in checks), checks
    assert all("assistant ingest" in c.cure for c in checks)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passages SET text = replace(text, 'pair', 'peer')",
        "UPDATE documents SET text = text || '!' WHERE id = 'hinder-2021-f01'",
        "UPDATE passages SET sha256 = 'x' WHERE id LIKE 'hinder-2021-f02:%'",
        "UPDATE passages SET start = 900, \"end\" = 3 WHERE id LIKE 'hinder-2021-f04:%'",
    ],
)
def test_reading_in_again_mends_what_was_changed(
    opened: Open, data_dir: Path, small_corpus: Path, small: Assistant, statement: str
) -> None:
    tamper(data_dir, statement)
    assistant = opened(data_dir)
    assert by_name(assistant, "store")[0].level == "fault"
    assert assistant.ingest([small_corpus]).count("failed") == 0
    assert by_name(assistant, "store")[0].level == "ok"
    assert assistant.library.corpus_hash(fresh=True) == small.library.corpus_hash(fresh=True)


def tamper(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / FILE)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("PRAGMA foreign_keys = OFF")
    assert connection.execute(statement).rowcount > 0
    connection.commit()
    connection.close()


def test_a_library_that_is_no_database_is_an_error_with_a_cure(data_dir: Path) -> None:
    (data_dir / FILE).write_bytes(b"no database at all" * 100)
    for rest in data_dir.glob(f"{FILE}-*"):
        rest.unlink()
    with pytest.raises(StorageError, match="assistant ingest"):
        build(load_settings(data_dir=data_dir))


def test_little_room_on_the_disk_is_a_fault(
    opened: Open, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(data_dir)
    assistant = opened(data_dir)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=40_000_000))
    [check] = by_name(assistant, "disk")
    assert (check.level, check.sentence) == ("fault", "Only 40 MB are free.")


def test_the_same_settings_have_the_same_fingerprint_and_a_receipt_carries_it(
    opened: Open, data_dir: Path, small: Assistant
) -> None:
    prints = [a.answer(PAIRING).receipt.body["made_with"] for a in (small, opened(data_dir))]
    assert prints[0] == prints[1]
    assert prints[0]["chat_model"] is None
    assert prints[0]["embedding_model"] == small.embedder.model_id
    assert all(prints[0][name] for name in ("corpus_sha256", "index", "settings", "composer"))


def test_another_weight_or_another_wording_is_another_fingerprint(
    opened: Open, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_with(**settings: Any) -> str:
        assistant = opened(data_dir, **settings)
        assert ground_of(assistant).config["settings"] == assistant.workings.made_with.settings
        return assistant.workings.made_with.settings

    marks = [made_with(), made_with()]
    monkeypatch.setattr(assembly, "ADVICE", replace(ADVICE, hinder=2.0))
    marks.append(made_with())
    monkeypatch.setattr(assembly, "ProseLimits", lambda: ProseLimits(answers=0.5))
    marks.append(made_with())
    (tmp_path / "cases.yaml").write_text("cases: []", encoding="utf-8")
    marks.append(made_with(corpus_dir=tmp_path))
    assert marks[0] == marks[1]
    assert len(set(marks)) == 4


def test_several_threads_get_the_same_answer(small: Assistant) -> None:
    answers: list[tuple[str, ...]] = []

    def ask() -> None:
        answers.append(tuple(s.text for s in small.answer(PAIRING).statements))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1


def test_what_advice_needs_is_learnt_once_however_many_ask_for_it(
    opened: Open, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt: list[str] = []
    real = assembly._adviser

    def counted(*parts: Any) -> Any:
        learnt.append("again")
        return real(*parts)

    monkeypatch.setattr(assembly, "_adviser", counted)
    assistant = opened(data_dir)
    threads = [threading.Thread(target=assistant.warm) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert learnt == ["again"]
