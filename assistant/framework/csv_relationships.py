"""Relationships as a CSV table and back. Faults are named by line and column; nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from assistant.domain.monitoring import CellFault, Relationship, Strength
from assistant.errors import InputError
from assistant.framework.csv_cells import Faults, Row, choice_of, day_of, read_rows, write_rows
from assistant.framework.relationships import LONGEST, checked_day, checked_relationship

HEADS = (
    "id", "partner", "type", "formality", "origin", "since", "strength", "product", "purpose", "held by",
    "ended",
)  # fmt: skip
REQUIRED = ("partner", "formality", "origin")
_ALSO = {"kind": "type", "holder": "held by", "contact held by": "held by", "start": "since", "end": "ended"}
_FIELDS = {"type": "kind", "held by": "holder"}
_FORMALITY = {"informal": 0.0, "rather informal": 0.25, "between": 0.5, "rather formal": 0.75, "formal": 1.0}
_ORIGIN = {
    "internal": 0.0,
    "rather internal": 0.25,
    "between": 0.5,
    "rather external": 0.75,
    "external": 1.0,
}


def relationships_csv(relationships: Iterable[Relationship]) -> str:
    """The relationships as CSV, one row each; `relationships_from_csv` reads it back unchanged."""
    return write_rows(HEADS, map(_cells, relationships))


def relationships_from_csv(
    text: str, *, today: date
) -> tuple[tuple[Relationship, ...], tuple[CellFault, ...]]:
    """The relationships of a CSV text, and every fault; use none of them if there is one."""
    faults = Faults()
    columns = {name: name for name in HEADS} | _ALSO
    rows = read_rows(text, columns, REQUIRED, faults)
    if faults.found:
        return (), tuple(faults.found)
    found = [_relationship(row, today, faults) for row in rows]
    _repeats(rows, faults)
    return tuple(r for r in found if r is not None), tuple(faults.found)


def same_matter(relationship: Relationship) -> tuple[str, str, str]:
    """What makes two descriptions mean one relationship when neither has an id: partner, type, purpose."""
    return (
        relationship.partner.casefold(),
        relationship.kind.casefold(),
        relationship.purpose.casefold(),
    )


def matched(
    rows: Sequence[Relationship], kept: Sequence[Relationship]
) -> tuple[tuple[Relationship, ...], tuple[Relationship, ...], int]:
    """Which rows are new, which change one that is kept (they get its id), and how many change nothing."""
    by_id = {relationship.id: relationship for relationship in kept}
    by_matter = {same_matter(relationship): relationship for relationship in kept}
    new, changed = [], []
    for row in rows:
        old = by_id.get(row.id) or by_matter.get(same_matter(row))
        if old is None:
            new.append(replace(row, id=""))
        elif replace(row, id=old.id) != old:
            changed.append(replace(row, id=old.id))
    return tuple(new), tuple(changed), len(rows) - len(new) - len(changed)


def _cells(relationship: Relationship) -> list[str]:
    return [
        relationship.id,
        relationship.partner,
        relationship.kind,
        repr(relationship.formality),
        repr(relationship.origin),
        relationship.since.isoformat() if relationship.since else "",
        relationship.strength.value,
        relationship.product,
        relationship.purpose,
        relationship.holder,
        relationship.ended.isoformat() if relationship.ended else "",
    ]


def _relationship(row: Row, today: date, faults: Faults) -> Relationship | None:
    before = len(faults.found)
    texts = {
        name: " ".join(row.cell(name).split())
        for name in ("partner", "type", "product", "purpose", "held by")
    }
    for name, text in texts.items():
        longest = LONGEST[_FIELDS.get(name, name)]
        if len(text) > longest:
            faults.add(row.line, name, f"the text is longer than {longest} characters", "shorten it")
    if not texts["partner"]:
        faults.add(row.line, "partner", "the cell is empty", "write which organisation or group it is")
    formality = _on_axis(row, "formality", {**_FORMALITY}, faults)
    origin = _on_axis(row, "origin", {**_ORIGIN}, faults)
    strength = choice_of(row, "strength", Strength, faults) or Strength.MIDDLING
    since, ended = (_day(row, column, today, faults) for column in ("since", "ended"))
    if since and ended and ended < since:
        faults.add(row.line, "ended", "it ends before it begins", "change one of the two days")
    if formality is None or origin is None or len(faults.found) > before:
        return None
    relationship = Relationship(
        id=row.cell("id"), partner=texts["partner"], kind=texts["type"], formality=formality, origin=origin,
        since=since, strength=strength, product=texts["product"], purpose=texts["purpose"],
        holder=texts["held by"], ended=ended,
    )  # fmt: skip
    try:
        return checked_relationship(relationship, today=today)
    except InputError as error:
        faults.add(row.line, "", error.sentence.rstrip("."), error.hint.rstrip("."))
        return None


def _on_axis(row: Row, column: str, words: dict[str, float], faults: Faults) -> float | None:
    """A number from 0 to 1, with a point or a comma, or a word for it."""
    text = row.cell(column).lower()
    if text in words:
        return words[text]
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if 0 <= value <= 1:
        return value
    problem = f"'{text[:40]}' is not a place from 0 to 1" if text else "the cell is empty"
    faults.add(row.line, column, problem, f"write a number such as 0.5, or one of: {', '.join(words)}")
    return None


def _day(row: Row, column: str, today: date, faults: Faults) -> date | None:
    day = day_of(row, column, faults)
    try:
        return checked_day(day, what=f"the day in '{column}'", today=today)
    except InputError:
        problem = f"{day} is before 1900 or still to come"
        faults.add(row.line, column, problem, "write a day that is not in the future, as 2025-03-31")
        return None


def _repeats(rows: Sequence[Row], faults: Faults) -> None:
    """Two rows on one matter: which of them is right cannot be known."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        matter = tuple(" ".join(row.cell(name).split()).casefold() for name in ("partner", "type", "purpose"))
        keys = [matter, ("id", row.cell("id"))] if row.cell("id") else [matter]
        earlier = next((seen[key] for key in keys if key in seen), None)
        if earlier is not None:
            cure = "remove one of the two, or give them different purposes"
            faults.add(row.line, "partner", f"the row repeats line {earlier}", cure)
        seen.update(dict.fromkeys(keys, row.line))
