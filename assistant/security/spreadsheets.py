"""Tables as CSV in which no cell is taken for a formula, whoever wrote its words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = frozenset("=+-@\t\r\n\uff0b\uff0d\uff1d\uff20")
"""Signs that a spreadsheet works out instead of showing; the last four are the wide forms of the first."""
_UNSEEN = " \u00a0\ufeff"


def runs(text: str) -> bool:
    """True if a spreadsheet may take `text` for a formula; space before the sign does not hide it."""
    return bool(text) and (text[0] in _STARTS_A_FORMULA or text.lstrip(_UNSEEN)[:1] in _STARTS_A_FORMULA)


def harmless(cell: object) -> object:
    """`cell` so that no spreadsheet runs it: text that could start a formula begins with an apostrophe.

    Space before such a sign does not hide it. Numbers stay numbers, None becomes an empty cell.
    """
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if runs(cell) else cell


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV with a mark at its start that tells spreadsheets it is UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return f"\ufeff{out.getvalue()}"
