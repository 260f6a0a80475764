"""The mechanisms as cards, and the table beside the picture of the two axes, as HTML. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from assistant.domain.advice import Part
from assistant.domain.framework import Catalogue, Mechanism
from assistant.framework.choosing import part_of
from assistant.web.plots import Dot, Path
from assistant.web.render import checked_html, plural, text_html

PART_WORDS = {Part.START: "Starts", Part.CARRY: "Carries", Part.TEND: "Tends"}
PART_MEANING = "Something agreed starts an exchange, something loose carries it, and somebody tends it."
EFFORT_WORDS = {"low": "low", "med": "medium", "medium": "medium", "high": "high"}
_FORMAL = ("Informal", "Mostly informal", "Half and half", "Mostly formal", "Formal")
_ORIGIN = ("From inside", "Mostly from inside", "From both", "Mostly from outside", "From outside")


def mechanism_address(mount_path: str, mechanism_id: str) -> str:
    """The address of the page that opens with this mechanism; other pages and answers link to it."""
    return f"{mount_path}/mechanisms?m={quote(mechanism_id, safe='')}"


def mechanism_link(mount_path: str, mechanism_id: str, name: str) -> str:
    """A link to a mechanism, as a part of something larger that is checked as a whole."""
    return f'<a href="{text_html(mechanism_address(mount_path, mechanism_id))}">{text_html(name)}</a>'


def found_html(count: int, whole: int) -> str:
    """How many mechanisms fit what was chosen."""
    said = f"All {whole} mechanisms." if count == whole else f"{count} of {plural(whole, 'mechanism')}."
    return checked_html(f'<p class="ea-found">{said}</p>')


def list_html(
    mechanisms: Sequence[Mechanism], catalogue: Catalogue, numbers: Mapping[str, int], mount_path: str
) -> str:
    """The mechanisms as cards that lead to the whole description; numbers are those of the picture."""
    if not mechanisms:
        words = "No mechanism fits all of these. Take one choice back, or use fewer words."
        return checked_html(f'<p class="ea-none">{words}</p>')
    items = "".join(_card(m, catalogue, numbers[m.id], mount_path) for m in mechanisms)
    return checked_html(f'<ul class="ea-mechanisms">{items}</ul>')


def _card(mechanism: Mechanism, catalogue: Catalogue, number: int, mount_path: str) -> str:
    tags = "".join(f'<li class="ea-tag">{text_html(tag)}</li>' for tag in tags_of(mechanism, catalogue))
    link = mechanism_link(mount_path, mechanism.id, mechanism.name)
    return (
        f'<li class="ea-mechanism"><h3><span class="ea-dot">{number}</span> {link}</h3>'
        f'<p>{text_html(mechanism.what_it_is)}</p><ul class="ea-tags">{tags}</ul></li>'
    )


def tags_of(mechanism: Mechanism, catalogue: Catalogue) -> tuple[str, ...]:
    """What a reader can filter by, in words: quarter, part, effort, time to first value."""
    value = mechanism.effort.time_to_first_value
    return (
        quadrant_name(mechanism.spectrum.quadrant, catalogue),
        PART_WORDS[part_of(mechanism, catalogue)],
        f"{EFFORT_WORDS.get(mechanism.effort.level, mechanism.effort.level).capitalize()} effort",
        f"First value: {value}",
    )


def quadrant_name(quadrant_id: str, catalogue: Catalogue) -> str:
    """The name of a quarter of the spectrum; its id if there is none."""
    quadrants = catalogue.framework.quadrants if catalogue.framework else ()
    return next((quadrant.name for quadrant in quadrants if quadrant.id == quadrant_id), quadrant_id)


def dots_table_html(dots: Sequence[Dot], catalogue: Catalogue, mount_path: str) -> str:
    """The mechanisms of the picture as a table: the same in words, with the exact places."""
    rows = "".join(
        f"<tr><td>{dot.number}</td>"
        f'<th scope="row">{mechanism_link(mount_path, dot.mechanism_id, dot.name)}</th>'
        f"<td>{formal_words(dot.formality)}</td><td>{origin_words(dot.origin)}</td>"
        f"<td>{_quadrant_of(dot, catalogue)}</td></tr>"
        for dot in dots
    )
    heads = _heads("No.", "Mechanism", "Formal or informal", "From where", "Quarter")
    words = "Where each mechanism lies. Places from 0 to 1 are our judgement."
    return checked_html(_table(words, heads, rows, label="Mechanisms on the two axes"))


def paths_table_html(paths: Sequence[Path], *, first: str, second: str) -> str:
    """Relationships and how they moved between two days, named by `first` and `second`."""
    if not paths:
        return ""
    rows = "".join(
        f'<tr><td>{path.letter}</td><th scope="row">{text_html(path.name)}</th>'
        f"<td>{_spot(path.before)}</td><td>{_spot(path.after)}</td><td>{move_words(path)}</td></tr>"
        for path in paths
    )
    heads = _heads("Letter", "Relationship", first, second, "What moved")
    words = "Your relationships, as you placed them."
    return checked_html(_table(words, heads, rows, label="Relationships on the two axes"))


def move_words(path: Path) -> str:
    """What moved, in words."""
    if path.before is None:
        return "New" if path.after else "Not placed"
    if path.after is None:
        return "Ended"
    formal, origin = (round(now - then, 2) for then, now in zip(path.before, path.after, strict=True))
    told = []
    if formal:
        told.append("more formal" if formal > 0 else "less formal")
    if origin:
        told.append("more from outside" if origin > 0 else "more from inside")
    said = " and ".join(told)
    return f"{said[:1].upper()}{said[1:]}" if said else "Stayed"


def _spot(place: tuple[float, float] | None) -> str:
    return f"{formal_words(place[0])}; {origin_words(place[1]).lower()}" if place else "\u2013"


def formal_words(value: float) -> str:
    """Formality from 0 to 1 in words, with the number."""
    return f"{_fifth(value, _FORMAL)} ({value:.2f})"


def origin_words(value: float) -> str:
    """Origin from 0 to 1 in words, with the number."""
    return f"{_fifth(value, _ORIGIN)} ({value:.2f})"


def _fifth(value: float, words: Sequence[str]) -> str:
    return words[min(len(words) - 1, max(0, int(value * len(words))))]


def _quadrant_of(dot: Dot, catalogue: Catalogue) -> str:
    return text_html(quadrant_name(catalogue.mechanisms[dot.mechanism_id].spectrum.quadrant, catalogue))


def _heads(*names: str) -> str:
    return "".join(f'<th scope="col">{text_html(name)}</th>' for name in names)


def _table(caption: str, heads: str, rows: str, *, label: str) -> str:
    """A table that scrolls by itself where the page is narrow, so that the page does not."""
    return (
        f'<div class="ea-scroll" role="region" tabindex="0" aria-label="{text_html(label)}">'
        f'<table class="ea-table"><caption>{text_html(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
