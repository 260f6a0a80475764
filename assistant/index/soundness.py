"""Whether every stored text is still what was stored: hashes, spans and ids, each row read anew.

SQLite checks its pages, not the words in them; this checks the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from assistant.errors import StorageError
from assistant.index.library import Library

# The bytes as they lie there: a byte that is no longer UTF-8 must be found, not stumble the reading.
_DOCUMENTS = "SELECT id, sha256, CAST(text AS BLOB) AS raw FROM documents ORDER BY id"
_PASSAGES = (
    'SELECT id, document_id, start, "end", sha256, CAST(text AS BLOB) AS raw FROM passages ORDER BY id'
)
_ENTRIES = (
    "SELECT passage_id, kind, ordinal, sha256, CAST(text AS BLOB) AS raw FROM entries "
    "ORDER BY passage_id, kind, ordinal"
)


def unsound(library: Library) -> tuple[str, ...]:
    """One sentence for each thing stored that is not as it was stored; empty if all is sound."""
    of_file = tuple(f"The file is not sound: {fault.rstrip('.')}." for fault in library.quick_check())
    try:
        with library.snapshot():
            return (*of_file, *_faults(library))
    except StorageError as error:
        return (*of_file, error.sentence)


def _faults(library: Library) -> Iterator[str]:
    texts: dict[str, str] = {}
    for row in library.rows(_DOCUMENTS):
        texts[row["id"]] = _decoded(row["raw"])
        if not _fits(row):
            yield f"The text of document {row['id']} does not fit its stored hash."
    for row in library.rows(_PASSAGES):
        if not _fits(row):
            yield f"The text of passage {row['id']} does not fit its stored hash."
        if row["id"] != f"{row['document_id']}:{row['start']}-{row['end']}":
            yield f"The id of passage {row['id']} does not fit its document and span."
        elif _cut(texts.get(row["document_id"], ""), row["start"], row["end"]) != _decoded(row["raw"]):
            yield f"Passage {row['id']} does not stand in its document at that place."
    for row in library.rows(_ENTRIES):
        if not _fits(row):
            yield f"What passage {row['passage_id']} is found by does not fit its stored hash."


def _fits(row: Any) -> bool:
    return isinstance(row["raw"], bytes) and sha256(row["raw"]).hexdigest() == row["sha256"]


def _decoded(raw: object) -> str:
    return raw.decode("utf-8", "surrogateescape") if isinstance(raw, bytes) else ""


def _cut(text: str, start: object, end: object) -> str | None:
    return text[start:end] if isinstance(start, int) and isinstance(end, int) else None
