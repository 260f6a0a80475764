"""Plans as Markdown and as Word files."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table

from assistant.domain.plan import Plan
from assistant.wire_plan import FILL_IN, plan_markdown
from assistant.word import plan_docx
from tests.framework.plans import cited, every_page, plan, told, unknown

ITEMS = (
    "Brief name", "Why", "What: materials", "What: procedures", "Who provides", "How", "Where",
    "When and how much", "Tailoring", "Modifications", "How well: planned", "How well: actual",
)  # fmt: skip
_LINE_MM, _CHARACTER_MM = 1.17 * 9 * 0.3528, 0.5 * 9 * 0.3528
"""Height of a line and mean width of a character at 9 points."""


@pytest.fixture(scope="module")
def made() -> Plan:
    return plan("exemplar-follower-pairing", "knowledge-broker")


def opened(content: bytes) -> Any:
    return Document(BytesIO(content))


def test_markdown_holds_every_item_of_the_template_and_room_for_owners(made: Plan) -> None:
    written = plan_markdown(made)
    assert all(written.count(f"| {item} |") == 2 for item in ITEMS)
    assert f"| 1\\. Let each side state what it needs and what it offers | {FILL_IN} | {FILL_IN} |" in written
    assert "1 March 2027" in written
    assert written.count("\n# Plan: ") == 1
    assert written.endswith("\n")


def test_hostile_words_stay_words_in_both_files() -> None:
    evil = "We | share <script>alert(1)</script> [x](http://evil.example)\n# Not a heading \x07 \u202e"
    made = plan("webinar", given=cited(told().advice, evil))
    written = plan_markdown(made)
    assert "<script>" not in written
    assert "[x](" not in written
    assert "\n# Not" not in written
    text = "\n".join(p.text for p in opened(plan_docx(made)).paragraphs)
    assert "<script>alert(1)</script>" in text
    assert "\x07" not in text
    assert "\u202e" not in text


def test_the_same_plan_gives_the_same_bytes(made: Plan) -> None:
    first, second = plan_docx(made), plan_docx(made)
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.namelist()[0] == "[Content_Types].xml"


def test_the_word_file_has_headings_header_rows_a_title_and_its_language(made: Plan) -> None:
    document = opened(plan_docx(made))
    headings = [p for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert [p.text for p in headings if p.style.name == "Heading 1"] == [
        "Plan: Exemplar and follower pairing",
        "Plan: Knowledge brokers and boundary spanners",
    ]
    assert [p.style.name for p in headings][:3] == ["Heading 1", "Heading 2", "Heading 2"]
    assert document.core_properties.title == made.title
    assert document.core_properties.language == "en-GB"
    languages = {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    for table in document.tables:
        first, *rest = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:tblHeader")) is None for row in rest)


def test_each_mechanism_begins_on_a_new_page(made: Plan) -> None:
    first, second = (p for p in opened(plan_docx(made)).paragraphs if p.style.name == "Heading 1")
    assert not first.paragraph_format.page_break_before
    assert second.paragraph_format.page_break_before


def test_every_mechanism_fits_one_page() -> None:
    """By the width of the columns and the number of characters; a page between its margins is 275 mm high."""
    for made in (*every_page(told()), *every_page(unknown())):
        document = opened(plan_docx(made))
        assert sum(map(_height, document.iter_inner_content())) < 275, made.title


def _height(part: Any) -> float:
    if isinstance(part, Table):
        return sum(
            max(sum(_lines(p.text, cell.width.mm - 4) for p in cell.paragraphs) for cell in row.cells)
            * _LINE_MM
            + 0.2
            for row in part.rows
        )
    larger = {"Heading 1": 1.8, "Heading 2": 1.5}.get(part.style.name, 1.0)
    size = part.runs[0].font.size
    larger *= size.pt / 9 if size else 1.0
    return _lines(part.text, 184 / larger) * _LINE_MM * larger + 0.4


def _lines(text: str, across: float) -> int:
    """How many lines a text takes in a column of that many millimetres."""
    lines, used = 1, 0.0
    for word in text.split():
        long = (len(word) + 1) * _CHARACTER_MM
        if used and used + long > across:
            lines, used = lines + 1, 0.0
        used += long
    return lines
