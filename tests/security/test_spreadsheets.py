from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.security.spreadsheets import csv_text, harmless


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@cmd", "\tx", "\rx", " =1", "\u00a0=1", "\ufeff=1"])
def test_text_that_would_start_a_formula_begins_with_an_apostrophe(cell: str) -> None:
    assert str(harmless(cell)).startswith("'")


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [harmless(cell) for cell in (-3, 2.5, True, None, "a = b", "")] == [-3, 2.5, True, "", "a = b", ""]


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), max_size=6))
def test_no_text_cell_of_a_table_starts_a_formula(rows: list[list[str]]) -> None:
    text = csv_text(rows)
    assert text.startswith("\ufeff")
    for row in csv.reader(io.StringIO(text[1:], newline="")):
        assert all(
            cell.lstrip(" \u00a0\ufeff")[:1] not in set("=+-@\t\r\n") - {""} or not cell.strip(" ")
            for cell in row
        )
