"""Stores one document with its passages inside the caller's transaction, and says what that changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.documents import Passage, SourceDocument
from assistant.errors import InputError, StorageError
from assistant.index.entries import entries_of
from assistant.index.rows import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    document_row,
    insert_into,
    passage_of,
    passage_row,
)

_INSERT_DOCUMENT = insert_into("documents", DOCUMENT_COLUMNS)
_INSERT_PASSAGE = insert_into("passages", PASSAGE_COLUMNS)


@dataclass(frozen=True, slots=True)
class Put:
    """What storing one document did: added, updated or unchanged; `new` counts new passage ids."""

    document_id: str
    origin: str
    outcome: str
    passages: int
    new: int


def put_document(
    connection: sqlite3.Connection, document: SourceDocument, passages: Sequence[Passage], collection: str
) -> Put:
    """Insert, replace or leave a document and its passages, whichever its content asks for."""
    for passage in passages:
        require_true_span(document, passage)
    if len({passage.id for passage in passages}) != len(passages):
        raise InputError(f"Two passages of {document.origin} have the same place in the text.")
    row = document_row(document, collection)
    before = connection.execute("SELECT * FROM documents WHERE id = ?", (document.id,)).fetchone()
    stored = _stored_passages(connection, document.id) if before else {}
    wanted = {passage.id: passage for passage in passages}
    if before and tuple(before) == row and stored == wanted:
        return Put(document.id, document.origin, "unchanged", len(passages), 0)
    if before:
        connection.execute("DELETE FROM documents WHERE id = ?", (document.id,))
    connection.execute(_INSERT_DOCUMENT, row)
    connection.executemany(_INSERT_PASSAGE, map(passage_row, passages))
    connection.executemany(
        "INSERT INTO entries (passage_id, kind, ordinal, sha256, text) VALUES (?, ?, ?, ?, ?)",
        [
            (entry.passage_id, entry.kind.value, entry.ordinal, entry.sha256, entry.text)
            for passage in passages
            for entry in entries_of(passage)
        ],
    )
    new = len(wanted.keys() - stored.keys())
    return Put(document.id, document.origin, "updated" if before else "added", len(passages), new)


def require_true_span(document: SourceDocument, passage: Passage) -> None:
    """Raise InputError unless the passage is of this document and exactly the words of its span."""
    if passage.document_id != document.id:
        raise InputError(f"The passage {passage.id} does not belong to the document {document.id}.")
    if document.text[passage.span.start : passage.span.end] != passage.text:
        raise InputError(f"The passage {passage.id} is not what {document.origin} says at that place.")


def _stored_passages(connection: sqlite3.Connection, document_id: str) -> dict[str, Passage]:
    """What is stored of a document, but for damaged rows: those are written anew."""
    stored: dict[str, Passage] = {}
    for row in connection.execute("SELECT * FROM passages WHERE document_id = ?", (document_id,)):
        try:
            passage = passage_of(row)
        except StorageError:
            continue
        if passage.sha256 == row["sha256"]:
            stored[row["id"]] = passage
    return stored
