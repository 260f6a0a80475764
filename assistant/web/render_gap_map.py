"""The gap map as an HTML table: numbers and signs carry the meaning, frames and colour only help.

Draws what it is given; counts nothing. Every cell with evidence is a link that opens its findings.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from urllib.parse import urlencode

from assistant.domain.atlas import CellState, GapMap, Head, MapCell, MapRow, Side
from assistant.web.render import checked_html, plural, text_html

SIGNS = {"supports": "+", "mixed": "±", "cautions": "−", "context": "○"}
"""What stands before a number, and nowhere else means anything else."""
SIGN_WORDS = {
    "supports": "supporting",
    "mixed": "mixed",
    "cautions": "cautionary",
    "context": "background",
}
_STATE_WORDS = {
    CellState.EMPTY: "No study",
    CellState.UNREAD: "No finding. A study on this mechanism could not be read",
}


_LEGEND = (
    (
        '<span class="ea-key ea-firm">4</span>',
        "Bodies of evidence: papers on the same data count once. Full frame: both coders made the link for "
        "at least one of them.",
    ),
    (
        '<span class="ea-key ea-tentative">4</span>',
        "Dotted frame: only one of the two coders made the link. Take it as a lead, not as settled.",
    ),
    (
        "<span>+ ± − ○</span>",
        "How many of them support, are mixed, caution, or give background. One can do several.",
    ),
    (
        '<span class="ea-key ea-tentative ea-unsupported">2</span>',
        "Striped: studied, and nothing found in favour. The sign ∅ marks findings that looked for an effect "
        "and found none.",
    ),
    (
        '<span class="ea-key ea-unread">?</span>',
        "No finding here, but a study on the mechanism exists whose results could not be read.",
    ),
    ('<span class="ea-key ea-empty">&nbsp;</span>', "Empty: no study."),
    (
        "<span>3 asked</span>",
        "How often people asked about this and could not be answered. Only the number is kept.",
    ),
)


def map_html(drawn: GapMap) -> str:
    """The whole map with its legend, in a region that scrolls by itself."""
    caption = (
        f"Mechanisms against {'factors' if drawn.side is Side.FACTOR else 'levels'}: "
        f"{plural(drawn.groups, 'body', 'bodies')} of evidence, {plural(drawn.findings, 'finding')} counted"
    )
    if drawn.asked:
        caption += f", {plural(drawn.asked, 'question')} asked and not answered"
    head = f"<thead>{_group_row(drawn)}{_head_row(drawn)}</thead>"
    body = "".join(_row(row, drawn.side) for row in drawn.rows)
    table = f'<table class="ea-map ea-map-{drawn.side.value}"><caption>{text_html(caption)}</caption>{head}'
    region = '<div class="ea-map-region" role="region" aria-label="Gap map" tabindex="0">'
    return checked_html(f"{legend_html()}{region}{table}<tbody>{body}</tbody></table></div>")


def legend_html() -> str:
    """What the numbers, signs and frames of the map mean."""
    items = "".join(f"<div><dt>{sign}</dt><dd>{text_html(words)}</dd></div>" for sign, words in _LEGEND)
    return (
        '<details class="ea-map-legend"><summary>How to read the map</summary>'
        f'<dl class="ea-legend-list">{items}</dl></details>'
    )


def _group_row(drawn: GapMap) -> str:
    """The levels above their factors; nothing on a map of levels."""
    if not any(column.group for column in drawn.columns):
        return ""
    cells = ""
    for group, columns in groupby(drawn.columns, key=lambda column: column.group):
        width = len(list(columns))
        name = f'<th scope="colgroup" colspan="{width}">{text_html(group)}</th>'
        cells += name if group else f'<td colspan="{width}"></td>'
    return f'<tr class="ea-map-groups"><td></td><td></td>{cells}</tr>'


def _head_row(drawn: GapMap) -> str:
    columns = "".join(
        f'<th scope="col"><span>{text_html(column.name)}</span></th>' for column in drawn.columns
    )
    return f'<tr><th scope="col">Mechanism</th><th scope="col"><span>All</span></th>{columns}</tr>'


def _row(row: MapRow, side: Side) -> str:
    name = f'<a class="ea-go" href="{_link(row.head.id, None, side)}">{text_html(row.head.name)}</a>'
    cells = "".join(_cell(cell, side) for cell in (row.whole, *row.cells))
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def _cell(cell: MapCell, side: Side) -> str:
    kind = "ea-firm" if cell.firm else "ea-tentative"
    asked = ""
    if cell.asked:
        times = "once" if cell.asked == 1 else f"{cell.asked} times"
        words = f'{cell.asked} asked<span class="ea-sr"> ({times}), not answered</span>'
        asked = f'<span class="ea-unanswered">{words}</span>'
    if cell.state is CellState.EMPTY:
        return f'<td class="ea-empty"><span class="ea-sr">No study. </span>{asked}</td>'
    if cell.state is CellState.UNREAD:
        words = f'<span class="ea-sr">{_STATE_WORDS[CellState.UNREAD]}. </span>'
        link = f'<a class="ea-go ea-unread" href="{_link(cell.mechanism, None, side)}">{words}?</a>'
        return f"<td>{link}{asked}</td>"
    bare = "" if cell.state is CellState.SUPPORTED else " ea-unsupported"
    inside = "".join(_numbers(cell))
    address = _link(cell.mechanism, cell.column, side)
    return f'<td><a class="ea-go {kind}{bare}" href="{address}">{inside}</a>{asked}</td>'


def _numbers(cell: MapCell) -> Iterator[str]:
    """The numbers of a cell, each with the word for its sign for those who hear the page."""
    count = len(cell.groups)
    whole = "body of evidence" if count == 1 else "bodies of evidence"
    yield f'<span class="ea-total">{count}<span class="ea-sr"> {whole}: </span></span>'
    signs = [
        f'{SIGNS[kind]}{number}<span class="ea-sr"> {SIGN_WORDS[kind]}, </span>'
        for kind in SIGNS
        if (number := cell.by_polarity.get(kind, 0))
    ]
    if cell.without_effect:
        signs.append(f'∅{len(cell.without_effect)}<span class="ea-sr"> without effect, </span>')
    if cell.column is None and cell.unread:
        signs.append(f'?{len(cell.unread)}<span class="ea-sr"> could not be read, </span>')
    yield f'<span class="ea-signs">{" ".join(f"<span>{sign}</span>" for sign in signs)}</span>'
    yield f'<span class="ea-sr">{_agreed(cell)}</span>'


def _agreed(cell: MapCell) -> str:
    if not cell.firm:
        return "linked by one coder only"
    return f"{cell.firm} linked by both coders"


def _link(mechanism: str | None, column: str | None, side: Side) -> str:
    """The address that opens a cell: the sides of a filter, and the map it was opened from."""
    query = {"mechanism": mechanism or "", side.value: column or "", "map": side.value}
    return text_html("?" + urlencode({key: value for key, value in query.items() if value}))


def head_name(heads: tuple[Head, ...], key: str) -> str:
    """The name that belongs to an id; the id itself if there is none."""
    return next((head.name for head in heads if head.id == key), key)
