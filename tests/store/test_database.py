"""Opening a store: by whom, where, from which version; and what is said when it cannot be."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from assistant.errors import SettingsError, StorageError
from assistant.store import database
from assistant.store.database import look, open_database
from assistant.store.store import open_store
from assistant.store.tables import Base

PASSWORD = "a-secret-password"


def _salt(url: str | Path) -> str:
    store = open_store(url)
    try:
        store.refusals.note((None, "together"))
        return store.salt
    finally:
        store.close()


def test_the_migrations_make_exactly_the_tables_that_the_program_uses(store_url: str | Path) -> None:
    import assistant.store.feedback_tables  # noqa: F401  (its tables belong to the same store)

    opened = open_database(store_url)
    with opened.reading() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    opened.close()


def test_opening_again_changes_nothing(store_url: str | Path) -> None:
    assert _salt(store_url) == _salt(store_url)


def test_many_processes_may_open_a_new_store_at_once(store_url: str | Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        salts = pool.map(_salt, [store_url] * 8)
    assert len(set(salts)) == 1
    store = open_store(store_url)
    assert store.refusals.counts() == {(None, "together"): 8}
    store.close()


def test_a_look_changes_nothing_and_tells_how_the_store_stands(store_url: str | Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    assert not look(store_url).made
    assert sorted(tmp_path.iterdir()) == before
    open_store(store_url).close()
    state = look(store_url)
    assert state.made
    assert state.up_to_date


def test_a_sqlite_store_keeps_a_log_ahead_and_foreign_keys(tmp_path: Path) -> None:
    opened = open_database(tmp_path / "store.sqlite3")
    with opened.reading() as session:
        ask = session.connection().exec_driver_sql
        assert ask("PRAGMA journal_mode").scalar() == "wal"
        assert ask("PRAGMA foreign_keys").scalar() == 1
    opened.close()


def test_a_store_from_a_newer_program_is_left_alone(store_url: str | Path) -> None:
    opened = open_database(store_url)
    with opened.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    opened.close()
    with pytest.raises(StorageError, match="newer version"):
        open_database(store_url)


def test_a_step_that_fails_leaves_no_half_made_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.sqlite3"
    real = database.upgrade

    def broken(connection: object) -> None:
        real(connection)  # type: ignore[arg-type]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database, "upgrade", broken)
    with pytest.raises(StorageError, match="No space left on device"):
        open_database(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()
    monkeypatch.undo()
    open_store(path).close()


@pytest.mark.parametrize(
    "url",
    ["mysql://host/name", "nonsense", "postgresql+psycopg://host", "sqlite://", "sqlite:///:memory:", "http://x/y"],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_a_sentence_with_a_cure(url: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_STORE_URL") as raised:
        open_store(url)
    assert "postgresql+psycopg://" in raised.value.hint


def test_a_server_that_is_not_there_is_one_sentence_without_the_password() -> None:
    with pytest.raises(StorageError) as raised:
        open_store(f"postgresql+psycopg://someone:{PASSWORD}@127.0.0.1:9/name")
    assert PASSWORD not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "127.0.0.1" in raised.value.sentence


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"this is a letter, not a database " * 100)
    with pytest.raises(StorageError, match="not a database"):
        open_store(path)
    assert path.read_bytes().startswith(b"this is a letter")


def test_who_may_not_write_can_still_read_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.sqlite3"
    salt = _salt(path)
    monkeypatch.setattr(database, "_may_write", lambda path: False)
    before = path.read_bytes()
    store = open_store(path)
    assert store.salt == salt
    assert store.refusals.counts() == {(None, "together"): 1}
    with pytest.raises(StorageError, match="may not be written"):
        store.refusals.note((None, None))
    store.close()
    assert path.read_bytes() == before


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(StorageError, match="may not be written"):
            open_store(tmp_path / "store.sqlite3")
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_folder_name_with_odd_letters_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "a b%20?c#d\u00fc" / "store.sqlite3"
    open_store(path).close()
    assert path.is_file()
    assert look(path).up_to_date
