"""The tables of the library and how older ones become newer ones: numbered steps, each one transaction."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from assistant.errors import NotReadyError, StorageError

FILE = "library.sqlite3"
_WAIT_MS = 10_000

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('changes', '0'), ('vector_changes', '0');

CREATE TABLE documents (
    id TEXT PRIMARY KEY, collection TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL,
    title TEXT NOT NULL, origin TEXT NOT NULL, record_id TEXT, study_id TEXT, domain TEXT NOT NULL,
    tier TEXT NOT NULL, constructed INTEGER NOT NULL, context TEXT NOT NULL,
    aids TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE INDEX documents_by_collection ON documents (collection, id);

CREATE TABLE passages (
    id TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    text TEXT NOT NULL, sha256 TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, heading TEXT NOT NULL,
    speaker TEXT, seconds REAL, context TEXT NOT NULL, record_id TEXT, study_id TEXT, domain TEXT NOT NULL,
    tier TEXT NOT NULL, constructed INTEGER NOT NULL, citable INTEGER NOT NULL, origin TEXT NOT NULL,
    aids TEXT NOT NULL,
    CHECK (start >= 0 AND "end" > start)
);
CREATE INDEX passages_by_document ON passages (document_id, ordinal);

CREATE TABLE entries (
    passage_id TEXT NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, ordinal INTEGER NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (passage_id, kind, ordinal)
) WITHOUT ROWID;
CREATE INDEX entries_by_sha256 ON entries (sha256);

CREATE TABLE vectors (
    sha256 TEXT NOT NULL, model_id TEXT NOT NULL, part INTEGER NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (sha256, model_id, part)
);

CREATE TABLE records (
    collection TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (collection, kind, id)
) WITHOUT ROWID;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST,)
"""Step n takes a library from version n to version n + 1. A step, once released, is never changed."""


def connect(folder: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to the library in `folder`, brought to the newest version unless it is read only.

    Raises NotReadyError if there is nothing to read, StorageError if the file is damaged or from a later
    program.
    """
    path = folder / FILE
    if read_only and not path.is_file():
        raise NotReadyError("Nothing has been read in yet.", hint="Run `assistant ingest` first.")
    mode = "ro" if read_only else "rwc"
    if read_only and not os.access(folder, os.W_OK) and not (folder / f"{FILE}-wal").exists():
        # Even a reader of a live library writes beside it; where it may not, the file must be at rest.
        mode = "ro&immutable=1"
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=_WAIT_MS / 1000,
        )
        connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        migrate(connection, read_only=read_only)
    except sqlite3.DatabaseError as error:
        raise StorageError(
            f"The library cannot be opened: {error}.",
            hint="Put back a copy of the data folder, or delete it and run `assistant ingest` again.",
        ) from error
    return connection


def migrate(connection: sqlite3.Connection, *, read_only: bool = False) -> None:
    """Bring the tables to the newest version; each step happens wholly or not at all."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise StorageError(
            f"The library has version {version}; this program knows up to {len(MIGRATIONS)}.",
            hint="Install the newer program, or choose another folder with --data-dir.",
        )
    if read_only and version < len(MIGRATIONS):
        raise NotReadyError(
            "The library is from an older version of the program."
            if version
            else "Nothing has been read in yet.",
            hint="Run `assistant ingest` once.",
        )
    for number in range(version, len(MIGRATIONS)):
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{MIGRATIONS[number]}\nPRAGMA user_version = {number + 1};\nCOMMIT;"
        )
