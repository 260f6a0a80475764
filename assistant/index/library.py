"""The library: documents, passages, what is embedded of them, their vectors and the coded catalogue, in
SQLite.

It is the truth; search indexes are caches built from it. It neither reads files nor computes vectors.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.domain.documents import Passage, SourceDocument
from assistant.domain.framework import Catalogue
from assistant.errors import StorageError
from assistant.index import catalogue_records, corpus_digest
from assistant.index.changes import Put, put_document
from assistant.index.owner import Owner, own
from assistant.index.rows import document_of, passage_of
from assistant.index.schema import connect
from assistant.index.vector_cache import VectorCache

_MANY = 500


class Library:
    """One data folder's library. `open` it; close it when done. Safe to use from several threads."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, owner: Owner | None) -> None:
        self.folder = folder
        self._connection = connection
        self._connection.row_factory = sqlite3.Row
        self._owner = owner
        self._lock = threading.RLock()
        self._failed = False
        self._hash: tuple[int, str] | None = None
        self.vectors = VectorCache(self)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> Library:
        """The library in `folder`, which is made if need be.

        To write, this process must own the folder: raises OwnershipError if another does. Read only needs no
        ownership, and raises NotReadyError if there is nothing to read. Raises StorageError for a damaged
        file.
        """
        owner = None if read_only else own(folder)
        try:
            return cls(folder, connect(folder, read_only=read_only), owner)
        except BaseException:
            if owner:
                owner.release()
            raise

    @property
    def writable(self) -> bool:
        """True if this process owns the folder and no write has failed."""
        return self._owner is not None and not self._failed

    def close(self) -> None:
        """Close the file and give the folder free. Doing it twice does no harm."""
        with self._lock:
            self._connection.close()
            if self._owner:
                self._owner.release()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Writing

    def put(
        self, batch: Iterable[tuple[SourceDocument, Sequence[Passage]]], *, collection: str = ""
    ) -> tuple[Put, ...]:
        """Store each document with its passages, all in one transaction, and say what each changed.

        Returns after the commit. The same document again changes nothing; a changed one replaces its
        passages. Raises InputError, and stores nothing, if a passage is not exactly the words of its
        document's span.
        """
        with self.writing() as connection:
            done = tuple(
                put_document(connection, document, passages, collection) for document, passages in batch
            )
            if any(item.outcome != "unchanged" for item in done):
                self.count_change(connection, "changes")
        return done

    def remove_missing(self, collection: str, keep: Iterable[str]) -> tuple[str, ...]:
        """Remove documents of a collection whose ids are not in `keep`; returns the ids removed, sorted."""
        kept = set(keep)
        with self.writing() as connection:
            there = connection.execute("SELECT id FROM documents WHERE collection = ?", (collection,))
            gone = tuple(sorted(row["id"] for row in there if row["id"] not in kept))
            connection.executemany("DELETE FROM documents WHERE id = ?", [(name,) for name in gone])
            if gone:
                self.count_change(connection, "changes")
        return gone

    def put_catalogue(self, catalogue: Catalogue, *, collection: str = "") -> bool:
        """Replace a collection's coded records; returns False if they were the same already."""
        with self.writing() as connection:
            changed = catalogue_records.replace(connection, catalogue, collection)
            if changed:
                self.count_change(connection, "changes")
        return changed

    def set_meta(self, key: str, value: str) -> None:
        """Remember a small fact, such as the chunker's version, under `key`."""
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end, undone by any error. After an I/O error none begins."""
        with self._lock:
            if not self.writable:
                raise StorageError(
                    "The library was opened for reading only."
                    if self._owner is None
                    else "Writing failed before, so nothing more is written.",
                    hint="Check the disk, then start again." if self._failed else "",
                )
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                self._undo()
                self._failed = isinstance(error, sqlite3.OperationalError)
                raise StorageError(
                    f"The library could not be written: {error}.",
                    hint="Check that the disk has room and is sound; what was acknowledged is safe.",
                ) from error
            except BaseException:
                self._undo()
                raise

    def _undo(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    @staticmethod
    def count_change(connection: sqlite3.Connection, counter: str) -> None:
        """Count one more change within the caller's transaction."""
        connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = ?", (counter,))

    # Reading

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One unchanging state for several reads, whatever other threads and processes write meanwhile."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("COMMIT")

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """All rows of a reading statement. Raises StorageError if the file cannot be read."""
        with self._lock:
            try:
                return self._connection.execute(statement, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise StorageError(
                    f"The library could not be read: {error}.", hint="Run `assistant doctor`."
                ) from error

    def meta(self, key: str) -> str | None:
        """The fact remembered under `key`, or None."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(found[0]["value"]) if found else None

    def document(self, document_id: str) -> SourceDocument | None:
        """The document of that id, or None."""
        found = self.rows("SELECT * FROM documents WHERE id = ?", (document_id,))
        return document_of(found[0]) if found else None

    def document_text(self, document_id: str) -> str | None:
        """The text of a document exactly as it was read, or None if there is no such document."""
        found = self.rows("SELECT text FROM documents WHERE id = ?", (document_id,))
        return str(found[0]["text"]) if found else None

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, or None."""
        return self.passages([passage_id]).get(passage_id)

    def passages(self, passage_ids: Iterable[str]) -> dict[str, Passage]:
        """Passages by id, in the order asked for; ids that are not there are left out."""
        ids = list(dict.fromkeys(passage_ids))
        found: dict[str, Passage] = {}
        for start in range(0, len(ids), _MANY):
            some = ids[start : start + _MANY]
            marks = ",".join("?" * len(some))
            rows = self.rows(f"SELECT * FROM passages WHERE id IN ({marks})", some)  # noqa: S608
            found |= {row["id"]: passage_of(row) for row in rows}
        return {name: found[name] for name in ids if name in found}

    def iter_passages(self) -> Iterator[Passage]:
        """Every passage, sorted by id. Changes made meanwhile may or may not be seen."""
        last = ""
        while rows := self.rows("SELECT * FROM passages WHERE id > ? ORDER BY id LIMIT ?", (last, _MANY)):
            yield from map(passage_of, rows)
            last = rows[-1]["id"]

    def neighbours(
        self, passage_id: str, *, before: int = 2, after: int = 2
    ) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
        """Passages of the same document before and after one, in reading order; empty for an unknown id."""
        here = self.rows("SELECT document_id, ordinal FROM passages WHERE id = ?", (passage_id,))
        if not here:
            return (), ()
        document_id, ordinal = here[0]
        rows = self.rows(
            "SELECT * FROM passages WHERE document_id = ? AND ordinal BETWEEN ? AND ? ORDER BY ordinal",
            (document_id, ordinal - before, ordinal + after),
        )
        around = [passage_of(row) for row in rows]
        return (
            tuple(passage for passage in around if passage.ordinal < ordinal),
            tuple(passage for passage in around if passage.ordinal > ordinal),
        )

    def count(self) -> int:
        """How many passages there are."""
        return int(self.rows("SELECT count(*) AS n FROM passages")[0]["n"])

    def catalogue(self) -> Catalogue:
        """The coded records of all collections, equal to what was put; the last framework wins."""
        return catalogue_records.read(self.rows(catalogue_records.ALL))

    def corpus_hash(self, *, fresh: bool = False) -> str:
        """SHA-256 over everything that can change an answer, whatever the order it was read in.

        Computed once for each change; `fresh` reads every row again, so that a changed byte cannot hide.
        """
        changes = int(self.meta("changes") or 0)
        if fresh or self._hash is None or self._hash[0] != changes:
            self._hash = (changes, corpus_digest.of_library(self))
        return self._hash[1]

    def quick_check(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file; empty if it is sound."""
        try:
            found = [str(row[0]) for row in self.rows("PRAGMA quick_check")]
        except StorageError as error:
            return (error.sentence,)
        return () if found == ["ok"] else tuple(found)
