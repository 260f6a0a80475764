"""Tables as CSV in which no cell is taken for a formula, whoever wrote its words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = frozenset("=+-@\t\r\n")


def harmless(cell: object) -> object:
    """`cell` so that no spreadsheet runs it: text that could start a formula begins with an apostrophe.

    Space before such a sign does not hide it. Numbers stay numbers, None becomes an empty cell.
    """
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return cell
    first = cell.lstrip(" \u00a0\ufeff")[:1]
    return f"'{cell}" if first in _STARTS_A_FORMULA and first else cell


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV with a mark at its start that tells spreadsheets it is UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return f"\ufeff{out.getvalue()}"
