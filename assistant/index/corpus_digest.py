"""One digest for all that can change an answer: documents, passages with all fields, coded records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from hashlib import sha256
from typing import Protocol

_PARTS = (
    ("documents", "SELECT id, text FROM documents ORDER BY id"),
    ("passages", "SELECT * FROM passages ORDER BY id"),
    ("records", "SELECT kind, id, json FROM records ORDER BY kind, id, json"),
)


class Readable(Protocol):
    """Something whose tables can be read."""

    def rows(self, statement: str) -> Iterable[sqlite3.Row]:
        """All rows of a reading statement."""


def of_library(library: Readable) -> str:
    """SHA-256, 64 hexadecimal digits, over every row in order of id; the order of reading does not matter.

    The digests SQLite holds are not trusted: texts are hashed again.
    """
    digest = sha256()
    for name, statement in _PARTS:
        digest.update(f"{name}\n".encode())
        for row in library.rows(statement):
            line = json.dumps(tuple(row), ensure_ascii=False, separators=(",", ":"))
            digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
