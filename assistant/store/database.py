"""Opens the database of the store: SQLite by default, PostgreSQL by address; brings its tables up to date.

Several processes may open it at once: the first one migrates, the others wait for it. Knows no table.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from assistant.errors import SettingsError, StorageError
from assistant.store.migrating import Newer, current, newest, upgrade

VARIABLE = "ASSISTANT_STORE_URL"
_WAIT_SECONDS = 30
_REACH_SECONDS = 5
_MIGRATING = 7_135_901_442
"""Number of the lock that one process holds in PostgreSQL while it migrates."""


@dataclass(frozen=True, slots=True)
class State:
    """How a store stands, looked at without changing anything."""

    place: str
    """Where it is, without a password."""
    made: bool
    """False if nothing was ever kept."""
    up_to_date: bool


class Database:
    """An open database. Sessions are short: one for each thing done."""

    def __init__(self, engine: Engine, *, writable: bool, place: str) -> None:
        self._engine = engine
        self.writable = writable
        self.place = place

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to look things up. Raises StorageError if the database fails."""
        with _told(self.place), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are kept together at its end, or not at all. Raises StorageError."""
        if not self.writable:
            raise _not_writable(self.place)
        engine = self._engine.execution_options(writes=True)
        with _told(self.place), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()


def open_database(url: str | Path) -> Database:
    """The database at an address or in a file, its tables up to date; read only where it may not be written.

    Raises SettingsError for an address that cannot be used, StorageError if it cannot be reached, is damaged
    or comes from a newer program.
    """
    address = _address(url)
    path = _path(address)
    place = _place(address)
    writable = path is None or _may_write(path)
    if path is not None and not writable and not path.is_file():
        raise _not_writable(place)
    engine = _engine(address, writable=writable)
    try:
        with _told(place), _alone(path if writable else None):
            if writable:
                _prepare(engine, sqlite=path is not None)
            elif not _is_current(engine):
                raise StorageError(
                    f"The store at {place} is from an older version and may not be changed from here.",
                    hint="Open it once with an account that may write there.",
                )
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, writable=writable, place=place)


def look(url: str | Path) -> State:
    """How the store at `url` stands. Changes nothing; raises as `open_database` does."""
    address = _address(url)
    path = _path(address)
    place = _place(address)
    if path is not None and not path.is_file():
        return State(place, made=False, up_to_date=False)
    engine = _engine(address, writable=False)
    try:
        with _told(place), engine.connect() as connection:
            revision = current(connection)
    finally:
        engine.dispose()
    return State(place, made=revision is not None, up_to_date=revision == newest())


def _address(url: str | Path) -> URL:
    if isinstance(url, Path):
        return URL.create("sqlite", database=str(url))
    try:
        address = make_url(url)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")
        usable = address.drivername in ("sqlite", "postgresql+psycopg") and bool(address.database)
    except (ArgumentError, ValueError):
        usable = False
    if not usable or (address.drivername == "sqlite" and address.database == ":memory:"):
        raise SettingsError(
            f"{VARIABLE} is not an address of a database that can be used.",
            hint="Write it as postgresql+psycopg://user:password@host/name, or leave it out for a file.",
        )
    return address


def _place(address: URL) -> str:
    """Where a store is, for people: a file, or an address without its password."""
    return str(_path(address) or address.render_as_string(hide_password=True))


def _path(address: URL) -> Path | None:
    """The file of a SQLite database; None for a server."""
    return Path(address.database or "") if address.drivername == "sqlite" else None


def _may_write(path: Path) -> bool:
    """True if the file, or the folder in which it would be made, may be written; makes the folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _engine(address: URL, *, writable: bool) -> Engine:
    path = _path(address)
    if path is not None:
        file = path if writable else _read_only(path)
        engine = create_engine("sqlite://", poolclass=QueuePool, creator=lambda: _file(file))
        _listen(engine)
        return engine
    try:
        return create_engine(address, connect_args={"connect_timeout": _REACH_SECONDS}, pool_pre_ping=True)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise SettingsError(
            "The part that speaks to PostgreSQL is not installed.",
            hint="Install the program with its extra `postgres`.",
        ) from None


def _file(file: Path | str) -> sqlite3.Connection:
    """A connection to a file: a path to write, an address of SQLite's to read only."""
    return sqlite3.connect(file, timeout=_WAIT_SECONDS, check_same_thread=False, uri=isinstance(file, str))


def _read_only(path: Path) -> str:
    """SQLite's address of a file that is only read; at rest if no one may write beside it."""
    at_rest = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if at_rest else ''}"


def _listen(engine: Engine) -> None:
    """Let us, not the driver, begin transactions, so that tables change wholly or not at all."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A writer takes its turn at once: two readers that both want to write could never settle it.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _alone(path: Path | None) -> AbstractContextManager[object]:
    """Hold back other processes that open the same file, since they cannot change its journal together."""
    if path is None:
        return nullcontext()
    return FileLock(f"{path}.lock", timeout=_WAIT_SECONDS)


def _prepare(engine: Engine, *, sqlite: bool) -> None:
    if sqlite:
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            raw.close()
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})
        upgrade(connection)


def _is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        return current(connection) == newest()


@contextmanager
def _told(place: str) -> Iterator[None]:
    """What a database says went wrong, as one sentence and what to do."""
    try:
        yield
    except Newer:
        raise StorageError(
            f"The store at {place} is from a newer version of the program.",
            hint="Install the newer program, or choose another store.",
        ) from None
    except Timeout:
        raise StorageError(
            f"The store at {place} is being opened by another process, which does not finish.",
            hint="Stop the other process and try again.",
        ) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StorageError(f"The store at {place} failed: {_first_line(error)}.", hint=_cure(place)) from None
    except OSError as error:
        raise StorageError(f"The store at {place} failed: {error.strerror}.", hint=_cure(place)) from None


def _first_line(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(cause).__name__


def _cure(place: str) -> str:
    if "://" not in place:
        return "Check that the disk has room and that the file is a store of this program."
    return f"Check {VARIABLE}, and that the server runs and lets you in."


def _not_writable(place: str) -> StorageError:
    return StorageError(
        f"Nothing can be kept: the store at {place} may not be written from here.",
        hint="Choose a folder that you may write to, with --data-dir, or ask whoever runs the server.",
    )
