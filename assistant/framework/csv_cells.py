"""Tables as CSV text: written so that no cell can run as a formula, read with the line of every row.

Knows rows and cells; what they mean say the modules that use it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from assistant.domain.monitoring import CellFault
from assistant.security.spreadsheets import runs

Choice = TypeVar("Choice", bound=Enum)

LONGEST_FILE = 200_000
"""Most characters of a table that is read."""
_DELIMITERS = ",;\t"
_MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it begins, and its cells by column; a column that is missing reads as empty."""

    line: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """The text of a cell without white space at its ends."""
        return self.cells.get(column, "").strip()


class Faults:
    """Collects what is wrong in a table, in order."""

    def __init__(self) -> None:
        self.found: list[CellFault] = []

    def add(self, line: int, column: str, problem: str, cure: str) -> None:
        """Note a fault; beyond fifty the rest is left out."""
        if len(self.found) < _MOST_FAULTS:
            self.found.append(CellFault(line=line, column=column, problem=problem, cure=cure))


def safe_cell(text: str) -> str:
    """The text as it may stand in a spreadsheet: an apostrophe before what would be a formula.

    `plain_cell` takes exactly that apostrophe away again.
    """
    return f"'{text}" if runs(text) or _marked(text) else text


def plain_cell(text: str) -> str:
    """The text of a cell that `safe_cell` wrote, or of one that a person wrote."""
    return text[1:] if _marked(text) else text


def _marked(text: str) -> bool:
    return text.startswith("'") and (runs(text[1:]) or text[1:].startswith("'"))


def write_rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table as CSV with commas, every cell quoted, lines ending as spreadsheets expect."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def read_rows(text: str, columns: Mapping[str, str], required: Sequence[str], faults: Faults) -> list[Row]:
    """The rows of a CSV text with commas, semicolons or tabs; empty rows are left out.

    `columns` maps every heading that is known, in small letters, to the name of its column. What cannot be
    read goes to `faults`.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST_FILE:
        faults.add(1, "", f"the table has more than {LONGEST_FILE:,} characters", "hand it in in parts")
        return []
    lines = _split(text, faults)
    if not lines:
        if not faults.found:
            faults.add(1, "", "there is no table", "begin with a line of column names")
        return []
    names = _names(lines[0], columns, required, faults)
    rows = []
    for line, cells in lines[1:]:
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            faults.add(
                line,
                "",
                f"the row has {len(cells)} cells and the table {len(names)} columns",
                "put text that holds the separator in quotation marks",
            )
        given = {name: plain_cell(cell) for name, cell in zip(names, cells, strict=False) if name}
        rows.append(Row(line, given))
    return rows


def _split(text: str, faults: Faults) -> list[tuple[int, list[str]]]:
    """Every row that is not empty, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    found: list[tuple[int, list[str]]] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return found
        except csv.Error as error:
            faults.add(line, "", f"the row cannot be read: {error}", "check its quotation marks")
            return found
        if any(cell.strip() for cell in cells):
            found.append((line, cells))


def _delimiter(text: str) -> str:
    head = text.lstrip("\r\n").split("\n", 1)[0]
    return max(_DELIMITERS, key=lambda mark: (head.count(mark), -_DELIMITERS.index(mark)))


def _names(
    head: tuple[int, list[str]], columns: Mapping[str, str], required: Sequence[str], faults: Faults
) -> list[str]:
    """The column of each heading; empty for one that is not known."""
    line, cells = head
    names: list[str] = []
    for cell in cells:
        heading = " ".join(cell.split())
        name = columns.get(heading.lower(), "")
        if heading and not name:
            faults.add(line, heading, "there is no such column", f"use one of: {_listed(columns)}")
        if name and name in names:
            faults.add(line, heading, "the column stands there twice", "remove one of the two")
        names.append(name)
    for name in required:
        if name not in names:
            faults.add(line, name, "the column is missing", f"add a column called '{name}'")
    return names


def _listed(columns: Mapping[str, str]) -> str:
    names = list(dict.fromkeys(columns.values()))
    return ", ".join(names[:12]) + (" and others" if len(names) > 12 else "")


def day_of(row: Row, column: str, faults: Faults) -> date | None:
    """The day in a cell, as 2025-03-31 or 31/03/2025; None if it is empty."""
    text = row.cell(column)
    if not text:
        return None
    parts = text.replace(".", "/").split("/")
    try:
        if len(parts) == 3 and len(parts[2]) == 4:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        return date.fromisoformat(text)
    except ValueError:
        faults.add(row.line, column, f"'{text[:40]}' is not a day", "write it as 2025-03-31")
        return None


def choice_of(row: Row, column: str, kind: type[Choice], faults: Faults) -> Choice | None:
    """The member of an enumeration that a cell names; None if it is empty or names none."""
    text = row.cell(column).lower()
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        allowed = ", ".join(str(member.value) for member in kind)
        faults.add(row.line, column, f"'{text[:40]}' is not allowed", f"write one of: {allowed}")
        return None
