"""Plans and monitoring reports as Word files: real headings, header rows. The one room for python-docx.

The same plan gives the same bytes. Knows no advice: it writes what `wire_plan.py` says.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from assistant import wire_plan
from assistant.domain.monitoring import MonitoringReport, ReportSection
from assistant.domain.plan import MechanismPlan, Plan
from assistant.security.sanitising import visible

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT, _SIZE, _SMALL = "Arial", 9, 8
_MARGIN, _ACROSS = 13, 184
"""In millimetres: the margin of an A4 page on each side, and what is left between the margins."""
_INK = RGBColor(0x0B, 0x3A, 0x52)
_SHADE = "E6F0F5"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_LANGUAGE = "en-GB"
_GLANCE, _STEPS, _MEASURES, _REVIEWS = (34, 150), (112, 42, 30), (66, 22, 66, 30), (38, 100, 46)


def plan_docx(plan: Plan) -> bytes:
    """The plan as a Word file, one A4 page for each mechanism. The same plan gives the same bytes."""
    document = Document()
    _prepare(document, plan)
    for number, page in enumerate(plan.pages):
        _page(document, page, plan, first=number == 0)
    return _same_bytes(document)


def monitoring_docx(report: MonitoringReport) -> bytes:
    """The report as a Word file, its tables with header rows. The same report gives the same bytes."""
    document = Document()
    _set_up(document, report.title, report.day)
    document.add_heading(_clean(report.title), 1)
    _small(document, f"As kept on {report.day.day} {report.day:%B %Y}")
    for section in report.sections:
        _section(document, section)
    return _same_bytes(document)


def _section(document: Any, section: ReportSection) -> None:
    document.add_heading(_clean(section.heading), 2)
    for line in section.lines:
        document.add_paragraph(_clean(line))
    if section.rows:
        across = len(section.heads)
        _table(document, section.heads, section.rows, (_ACROSS // across,) * across)


def _prepare(document: Any, plan: Plan) -> None:
    _set_up(document, plan.title, plan.start)


def _set_up(document: Any, title: str, day: date) -> None:
    """Page, fonts, language and properties of a document."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(11)
    for name, size, before in (("Normal", _SIZE, 0), ("Heading 1", 15, 0), ("Heading 2", 10, 4)):
        _style(document.styles[name], size, before)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGE)
    properties = document.core_properties
    properties.title = _clean(title)
    properties.author = properties.last_modified_by = "Learning ecosystem assistant"
    properties.comments, properties.language = "", _LANGUAGE
    properties.created = properties.modified = datetime.combine(day, time())
    properties.revision = 1


def _style(style: Any, size: float, before: int) -> None:
    """Font, size and spacing of a style."""
    style.font.name, style.font.size = _FONT, Pt(size)
    if style.name != "Normal":
        style.font.color.rgb = _INK
    look = style.element.get_or_add_rPr()
    fonts = look.find(qn("w:rFonts"))
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), _FONT)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(before), Pt(1), 1.0


def _page(document: Any, page: MechanismPlan, plan: Plan, *, first: bool) -> None:
    heading = document.add_heading(_clean(f"Plan: {page.name}"), 1)
    heading.paragraph_format.page_break_before = not first
    document.add_paragraph(_clean(wire_plan.subtitle(page, plan)))
    if plan.situation:
        told = document.add_paragraph()
        told.add_run("As you told it: ").bold = True
        told.add_run(_clean(plan.situation)).italic = True
    rows = [(item, "\n".join(said)) for item, said in wire_plan.glance(page, plan)]
    document.add_heading(wire_plan.AT_A_GLANCE, 2)
    _table(document, ("Item", "What we plan"), rows, _GLANCE, bold_first=True)
    for title, heads, body, widths in (
        (wire_plan.STEPS, wire_plan.STEP_HEADS, wire_plan.step_rows(page), _STEPS),
        (wire_plan.MEASURES, wire_plan.MEASURE_HEADS, wire_plan.measure_rows(page), _MEASURES),
        (wire_plan.REVIEWS, wire_plan.REVIEW_HEADS, wire_plan.review_rows(page), _REVIEWS),
    ):
        document.add_heading(title, 2)
        _table(document, heads, body, widths)
    document.add_heading(wire_plan.AGAINST, 2)
    for line in wire_plan.against_lines(page):
        _bullet(document, line)
    if page.sources:
        document.add_heading(wire_plan.SOURCES, 2)
        for line in wire_plan.source_lines(page):
            _small(document, line)
    _small(document, wire_plan.NOTE)


def _bullet(document: Any, text: str) -> None:
    item = document.add_paragraph(_clean(text), style="List Bullet")
    item.paragraph_format.space_after = Pt(0)


def _small(document: Any, text: str) -> None:
    document.add_paragraph().add_run(_clean(text)).font.size = Pt(_SMALL)


def _table(
    document: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    bold_first: bool = False,
) -> None:
    """A table whose first row is marked as its header, and whose rows stay whole."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _write(cell, head, bold=True)
        _shade(cell)
    for row in rows:
        for place, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _write(cell, text, bold=bold_first and place == 0)
    for number, row in enumerate(table.rows):
        look = row._tr.get_or_add_trPr()
        look.append(OxmlElement("w:cantSplit"))
        if number == 0:
            look.append(OxmlElement("w:tblHeader"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _write(cell: Any, text: str, *, bold: bool) -> None:
    """Each line of the text as a paragraph of the cell."""
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(_clean(line)).bold = bold or None


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _clean(text: str) -> str:
    """Text on one line, without characters that XML cannot hold or that hide other text."""
    return " ".join(visible(text).split())


def _same_bytes(document: Any) -> bytes:
    """The file with its parts in order of name and without the time at which it was written."""
    written, out = BytesIO(), BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        # A reader wants the list of contents first.
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            target.writestr(zipfile.ZipInfo(name, _ZIP_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
