"""The coded catalogue as rows of JSON, read back as the same frozen values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from assistant.domain.framework import Boundary, Catalogue, Finding, Framework, Mechanism, Study

ALL = "SELECT kind, id, json FROM records ORDER BY collection, kind, ordinal"

_TYPES: dict[str, type] = {
    "study": Study,
    "finding": Finding,
    "mechanism": Mechanism,
    "framework": Framework,
    "boundary": Boundary,
}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_TYPES[kind])


def replace(connection: sqlite3.Connection, catalogue: Catalogue, collection: str) -> bool:
    """Make a collection's records those of `catalogue`; False if they already are."""
    wanted = list(_rows(catalogue, collection))
    there = connection.execute(
        "SELECT collection, kind, id, ordinal, json FROM records WHERE collection = ?", (collection,)
    )
    if {tuple(row) for row in there} == set(wanted):
        return False
    connection.execute("DELETE FROM records WHERE collection = ?", (collection,))
    connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?)", wanted)
    return True


def read(rows: Iterable[sqlite3.Row]) -> Catalogue:
    """The catalogue that the rows of `ALL` hold."""
    found: dict[str, dict[str, Any]] = {kind: {} for kind in _TYPES}
    for row in rows:
        found[row["kind"]][row["id"]] = _adapter(row["kind"]).validate_json(row["json"])
    frameworks = list(found["framework"].values())
    return Catalogue(
        studies=found["study"],
        findings=found["finding"],
        mechanisms=found["mechanism"],
        framework=frameworks[-1] if frameworks else None,
        boundaries=tuple(found["boundary"].values()),
    )


def _rows(catalogue: Catalogue, collection: str) -> Iterator[tuple[str, str, str, int, str]]:
    shelves: dict[str, dict[str, Any]] = {
        "study": dict(catalogue.studies),
        "finding": dict(catalogue.findings),
        "mechanism": dict(catalogue.mechanisms),
        "framework": {"framework": catalogue.framework} if catalogue.framework else {},
        "boundary": {boundary.id: boundary for boundary in catalogue.boundaries},
    }
    for kind, values in shelves.items():
        for ordinal, (name, value) in enumerate(values.items()):
            yield collection, kind, name, ordinal, _adapter(kind).dump_json(value).decode("utf-8")
