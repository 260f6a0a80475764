"""The sources beside an answer as HTML: what was cited, and what was found but not used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant import wire
from assistant.domain.answers import Citation, Statement, StatementKind
from assistant.domain.documents import Passage
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Study
from assistant.domain.reports import Source
from assistant.security.sanitising import web_link
from assistant.web.render import checked_html, exact_html, plural, text_html

NO_SOURCES = "This answer cites no source."
_MEANINGS = {
    StatementKind.REPORTED: "A study found or said this. The number opens the place.",
    StatementKind.INFERENCE: "We drew this from what was read. A study did not say it in so many words.",
    StatementKind.ADVICE: "Sound practice, not the result of a study.",
    StatementKind.YOUR_INPUT: "Something you said, repeated so that you can correct it.",
    StatementKind.CONSTRUCTED: "An invented interview that shows how one could sound. It is not evidence.",
}


def legend_html(*, opened: bool = False) -> str:
    """What the labels on sentences mean."""
    groups = "".join(
        f'<div class="ea-group ea-{kind.value}"><p class="ea-kind">{text_html(wire.KIND_LABELS[kind])}</p>'
        f"<p>{text_html(meaning)}</p></div>"
        for kind, meaning in _MEANINGS.items()
    )
    if opened:
        return checked_html(f'<div class="ea-legend ea-sources"><h3>How to read an answer</h3>{groups}</div>')
    summary = "<summary>How to read an answer</summary>"
    return checked_html(
        f'<div class="ea-sources"><details class="ea-legend">{summary}{groups}</details></div>'
    )


def empty_html() -> str:
    """What stands in the place of the sources before anything was asked."""
    words = "The studies behind an answer are listed here, with the words that were used."
    return checked_html(f'<div class="ea-sources"><p>{words}</p></div>') + legend_html(opened=True)


def numbered(statements: Iterable[Statement]) -> tuple[Citation, ...]:
    """Each numbered citation once, by number."""
    unique = {citation.marker: citation for said in statements for citation in said.citations}
    return tuple(unique[marker] for marker in sorted(unique))


@dataclass(frozen=True, slots=True)
class Listed:
    """What is listed beside one answer. `opened` maps passage ids to sources; the rest is shown by id."""

    question: str
    cited: tuple[Citation, ...]
    unused: tuple[Evidence, ...]
    opened: Mapping[str, Source]


def sources_html(listed: Listed, number: int, *, latest: bool = True) -> str:
    """The sources of answer `number`; those of an earlier answer are folded under its question."""
    cited, unused = listed.cited, listed.unused
    parts = [f"<h3>Cited in this answer ({len(cited)})</h3>" if cited else f"<p>{NO_SOURCES}</p>"]
    parts += [_cited(citation, listed.opened.get(citation.passage_id), number) for citation in cited]
    if unused:
        parts.append(f"<h3>Found, but not used ({len(unused)})</h3>")
        parts.append("<p>The answer does not rest on these. They came up in the same search.</p>")
        parts += [_unused(found, listed.opened.get(found.passage.id)) for found in unused]
    inside = "".join(parts)
    if not latest:
        summary = f"<summary>Sources for: {text_html(listed.question)}</summary>"
        inside = f'<details class="ea-older">{summary}{inside}</details>'
    return checked_html(f'<div class="ea-sources" id="sources-{number}">{inside}</div>')


def cited_part(cited: Iterable[Citation], opened: Mapping[str, Source], number: int) -> str:
    """Sources that something other than an answer cites, each to be opened; checked with what holds them."""
    return "".join(_cited(c, opened.get(c.passage_id), number, back="Back to the text") for c in cited)


def _cited(
    citation: Citation, source: Source | None, number: int, *, back: str = "Back to the answer"
) -> str:
    quoted = _quoted(citation, source)
    title = _title(source, citation.passage_id)
    summary = f'<span class="ea-number"><span class="ea-sr">Source </span>{citation.marker}</span>{title}'
    way = f'<p><a class="ea-back" href="#c{number}-{citation.marker}">{back}</a></p>'
    inside = f"{quoted}{_facts(source, citation.passage_id)}{_neighbours(source)}{way}"
    return (
        f'<details class="ea-source" id="s{number}-{citation.marker}">'
        f'<summary>{summary}</summary><div class="ea-opened">{inside}</div></details>'
    )


def _unused(found: Evidence, source: Source | None) -> str:
    words = (
        f'<blockquote class="ea-quote">{_speech(found.passage)}{text_html(found.passage.text)}</blockquote>'
    )
    summary = (
        f'<span class="ea-number">Not used</span>{_title(source, found.passage.title or found.passage.id)}'
    )
    inside = f"{words}{_facts(source, found.passage.id)}"
    opened = f'<div class="ea-opened">{inside}</div>'
    return f'<details class="ea-source ea-unused"><summary>{summary}</summary>{opened}</details>'


def _title(source: Source | None, fallback: str) -> str:
    if source is None or source.study is None:
        shown = (source.passage.title if source else "") or fallback
        return f'<span class="ea-title">{text_html(shown)}</span>'
    study = source.study
    where = ", ".join(part for part in (_who(study), str(study.year or "no date")) if part)
    about = f'<span class="ea-where">{text_html(where)}</span>'
    return f'<span class="ea-title">{text_html(study.title)}{about}</span>'


def _who(study: Study) -> str:
    if len(study.authors) > 2:
        return f"{study.authors[0]} and others"
    return " and ".join(study.authors)


def _quoted(citation: Citation, source: Source | None) -> str:
    """The passage with the cited words marked, byte for byte as stored."""
    if source is None:
        return f'<blockquote class="ea-quote"><mark>{exact_html(citation.quote)}</mark></blockquote>'
    passage = source.passage
    start, end = citation.start - passage.span.start, citation.end - passage.span.start
    before, words, after = passage.text[:start], passage.text[start:end], passage.text[end:]
    if words != citation.quote:
        before, words, after = "", citation.quote, ""
    return (
        f'<blockquote class="ea-quote">{_speech(passage)}{exact_html(before)}<mark>{exact_html(words)}</mark>'
        f"{exact_html(after)}</blockquote>"
    )


def _speech(passage: Passage) -> str:
    """Who speaks and when, and that an example is invented."""
    said = []
    if passage.constructed:
        said.append("Constructed example")
    if passage.speaker:
        said.append(passage.speaker)
    if passage.seconds is not None:
        minutes, seconds = divmod(int(passage.seconds), 60)
        said.append(f"at {minutes}:{seconds:02d}")
    return f'<span class="ea-speaker">{text_html(", ".join(said))}</span> ' if said else ""


def _facts(source: Source | None, passage_id: str) -> str:
    """What a reader needs to judge the source, as terms and details; unknown things are left out."""
    rows: list[tuple[str, str]] = []
    if source is not None:
        rows += _finding_rows(source)
        rows += _study_rows(source.study) if source.study else []
    rows.append(("Passage", f"<code>{text_html(passage_id)}</code>"))
    inside = "".join(f"<div><dt>{term}</dt><dd>{detail}</dd></div>" for term, detail in rows)
    return f'<dl class="ea-facts">{inside}</dl>'


def _finding_rows(source: Source) -> list[tuple[str, str]]:
    rows = []
    finding = source.finding
    if finding is not None:
        kind = "Reported by the study" if finding.kind == "reported" else "Our reading of the study"
        strength = f"; {finding.strength}" if finding.strength else ""
        rows.append(("Kind of evidence", text_html(kind + strength)))
        rows.append(("Part that was read", text_html(finding.locator)))
        rows.append(("Where it was read", _linked(finding.seen)))
    return rows


def _study_rows(study: Study) -> list[tuple[str, str]]:
    review = "Peer reviewed" if study.peer_reviewed else "Not peer reviewed"
    texts = (
        ("Study design", study.study_design),
        ("Sample", study.sample),
        ("Place", study.setting),
        ("Year", str(study.year) if study.year else None),
        ("Published in", study.venue),
        ("Review", review),
    )
    rows = [(term, text_html(text)) for term, text in texts if text]
    if not study.results_seen:
        rows.append(("Note", "The results of this study could not be read."))
    address = f"https://doi.org/{study.doi}" if study.doi else study.url
    link = web_link(address) or web_link(study.url)
    return [*rows, ("Link", _anchor(*link))] if link else rows


def _linked(text: str) -> str:
    """`text`, as a link if it is nothing but a plain web address."""
    link = web_link(text)
    return _anchor(*link) if link else text_html(text)


def _anchor(address: str, host: str) -> str:
    safe = text_html(address)
    return (
        f'<a href="{safe}" rel="noopener noreferrer" target="_blank">Open at {text_html(host)}'
        f'<span class="ea-sr"> (new tab)</span></a>'
    )


def _neighbours(source: Source | None) -> str:
    if source is None or not (source.before or source.after):
        return ""
    items = "".join(
        f"<li>{where}: {_speech(near)}{text_html(near.text)}</li>"
        for where, group in (("Before", source.before), ("After", source.after))
        for near in group
    )
    count = plural(len(source.before) + len(source.after), "passage")
    summary = f"<summary>What stands beside it ({count})</summary>"
    return f'<details class="ea-near">{summary}<ul>{items}</ul></details>'
