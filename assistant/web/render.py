"""Answers, refusals and questions as HTML for the page. The one renderer, together with `render_sources.py`.

Everything that others wrote is escaped first; what is built around it is checked against an allow-list last.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, repeat

from assistant import wire
from assistant.domain.answers import Answer, Citation, Reason, State, Statement
from assistant.security.sanitising import only_allowed, visible

STATE_LABELS = {
    State.GROUNDED: "Answered from the evidence",
    State.PARTLY_GROUNDED: "Answered in part",
    State.REFUSED: "Not answered",
}
REASON_LABELS = {
    Reason.OUT_OF_DOMAIN: "This lies outside what the studies cover",
    Reason.NEAR_MISS: "The studies come close, but do not answer this",
    Reason.RESULTS_NOT_SEEN: "A study exists, but its results could not be read",
    Reason.FIGURE_NOT_HELD: "The studies here give no such figure",
    Reason.FALSE_PREMISE: "The studies do not bear out what the question takes as given",
    Reason.PERSONAL_OR_LEGAL: "This needs a person, not a search in studies",
    Reason.NOTHING_FOUND: "Nothing in the studies fits this",
}
GAPS_HEADING = "What the evidence does not tell"
_MANY = 6
"""Citations of one sentence from which they fold away: a count rests on all that it counted."""


def text_html(text: str) -> str:
    """`text` as characters: nothing in it is markup any more. Line ends become spaces."""
    return " ".join(html.escape(visible(text), quote=True).split())


_BREAKS = re.compile(r"[ \t\r\n]+")
_KEPT = {"\n": "\ue000", "\t": "\ue001", " ": "\ue002"}
_AS_ENTITY = {"\ue000": "&#10;", "\ue001": "&#9;", "\ue002": "&#32;"}
"""Stand-ins for white space that must stay; `visible` has removed these characters from all foreign text."""


def exact_html(text: str) -> str:
    """`text` as characters with every space and line end as stored, for quoted words."""
    escaped = html.escape(visible(text), quote=True).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_KEPT.get(character, character) for character in escaped)


def checked_html(built: str) -> str:
    """What was built, on one line and with nothing outside the allow-list.

    One line matters: the page's Markdown reader takes it as one block of HTML and looks for no markup in it.
    """
    line = _BREAKS.sub(" ", only_allowed(built)).strip(" ")
    return "".join(_AS_ENTITY.get(character, character) for character in line)


def question_html(text: str) -> str:
    """The reader's own question, with its speaker named for those who cannot see the layout."""
    lines = "<br>".join(text_html(line) for line in text.strip().splitlines())
    return checked_html(f'<h2 class="ea-asked"><span class="ea-sr">You asked: </span>{lines}</h2>')


def note_html(sentence: str, hint: str = "") -> str:
    """A sentence of ours in the place of an answer: an error, a limit, a stop."""
    words = f"<p>{text_html(sentence)}</p>" + (f"<p>{text_html(hint)}</p>" if hint else "")
    return checked_html(f'<div class="ea-answer ea-note"><span class="ea-sr">Note: </span>{words}</div>')


def searching_html(number: int) -> str:
    """What stands in the place of the answer until its first statement is verified."""
    wait = '<p class="ea-wait">Looking through the studies.</p>'
    return checked_html(f'<div class="ea-answer" id="answer-{number}">{wait}</div>')


def partial_html(statements: Sequence[Statement], number: int, *, stopped: bool = False) -> str:
    """The statements verified so far; each was checked, although the answer is not complete."""
    end = "You stopped here. Each sentence above was checked." if stopped else "Checking the next sentence."
    return _answer(number, "", _sections(statements, number), f'<p class="ea-wait">{end}</p>')


def answer_html(answer: Answer, number: int, *, advice: str = "") -> str:
    """The whole answer; citations lead to `#s<number>-<marker>` in the sources.

    `advice` is HTML of ours, the cards of an answer that has any.
    """
    return _answer(
        number,
        _state(answer),
        _because(answer) if not answer.statements else "",
        _sections(answer.statements, number),
        advice,
        _gaps(answer),
    )


def _answer(number: int, *parts: str) -> str:
    speaker = '<span class="ea-sr">The assistant answered: </span>'
    return checked_html(f'<div class="ea-answer" id="answer-{number}">{speaker}{"".join(parts)}</div>')


def _state(answer: Answer) -> str:
    label = STATE_LABELS[answer.state]
    cited = wire.citations(answer)
    studies = {citation.study_id for citation in cited if citation.study_id}
    counted = (
        f" {plural(len(cited), 'source')} from {plural(len(studies), 'study', 'studies')}." if studies else ""
    )
    why = f" {text_html(REASON_LABELS[answer.reason])}." if answer.reason else ""
    return f'<p class="ea-state ea-{answer.state.value}"><strong>{label}.</strong>{why}{counted}</p>'


def plural(count: int, one: str, many: str = "") -> str:
    """`1 source`, `2 sources`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def _because(answer: Answer) -> str:
    return f'<p class="ea-lead">{text_html(answer.because)}</p>' if answer.because else ""


def _gaps(answer: Answer) -> str:
    gaps = wire.open_gaps(answer)
    if not gaps:
        return ""
    items = "".join(f"<li>{text_html(gap)}</li>" for gap in gaps)
    heading = "What is missing" if answer.state is State.REFUSED else GAPS_HEADING
    if answer.reason is Reason.PERSONAL_OR_LEGAL:
        heading = "What you can do"
    return f'<h3>{heading}</h3><ul class="ea-gaps">{items}</ul>'


def _sections(statements: Sequence[Statement], number: int) -> str:
    """Headings in reading order; under each, neighbours of one kind share one label. The first opens."""
    first = {id(c): c.marker for c in _first_uses(statements)}
    parts = []
    grouped = groupby(statements, key=lambda statement: statement.heading)
    for opening, (heading, group) in zip(chain([True], repeat(False)), grouped, strict=False):
        if heading:
            parts.append(f"<h3>{text_html(heading)}</h3>")
        for kind, same in groupby(group, key=lambda statement: statement.kind):
            said = "".join(_said(statement, number, first, opening=opening) for statement in same)
            label = f'<p class="ea-kind">{text_html(wire.KIND_LABELS[kind])}</p>'
            body = said if opening else f"<ul>{said}</ul>"
            parts.append(f'<div class="ea-group ea-{kind.value}">{label}{body}</div>')
    return "".join(parts)


def _first_uses(statements: Iterable[Statement]) -> Iterator[Citation]:
    seen: set[int] = set()
    for citation in (c for statement in statements for c in statement.citations):
        if citation.marker not in seen:
            seen.add(citation.marker)
            yield citation


def _said(statement: Statement, number: int, first: dict[int, int], *, opening: bool) -> str:
    chips = " ".join(
        _chip(citation.marker, number, anchor=id(citation) in first) for citation in statement.citations
    )
    words = text_html(statement.text)
    if len(statement.citations) > _MANY:
        summary = f"<summary>What was counted: {plural(len(statement.citations), 'finding')}</summary>"
        behind = f'<details class="ea-counted">{summary}<p>{chips}</p></details>'
        return f'<p class="ea-lead">{words}</p>{behind}' if opening else f"<li>{words}{behind}</li>"
    if chips:
        start, _, last = words.rpartition(" ")
        words = (
            f'{start} <span class="ea-tail">{last} {chips}</span>'  # a number never stands alone on a line
        )
    return f'<p class="ea-lead">{words}</p>' if opening else f"<li>{words}</li>"


def _chip(marker: int, number: int, *, anchor: bool) -> str:
    """A citation as a link; the first of its number is where the source leads back to."""
    place = f' id="c{number}-{marker}"' if anchor else ""
    return (
        f'<a class="ea-cite" href="#s{number}-{marker}"{place}><span class="ea-sr">Source </span>{marker}</a>'
    )
