"""One mechanism in full as HTML: conditions with their basis, cost, signs, failure, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.domain.advice import ConditionMatch, ReachCount
from assistant.domain.framework import Basis, Polarity
from assistant.web.mechanism_view import MechanismView
from assistant.web.render import checked_html, plural, text_html
from assistant.web.render_advice import collector_html, place_words
from assistant.web.render_mechanisms import EFFORT_WORDS, PART_MEANING, tags_of
from assistant.web.render_sources import cited_part

FINDING_WORDS = {
    Polarity.SUPPORTS: "In favour",
    Polarity.MIXED: "Mixed",
    Polarity.CAUTIONS: "Cautionary",
    Polarity.CONTEXT: "About the setting",
}
_INVENTED = "We wrote these to recognise situations. Nobody said them, and they are not evidence."
_ONCE = "Papers on the same data count as one body of evidence. Our own inferences are not counted."
_HIDDEN = "{} of this kind may not be quoted here, because too little of the study could be read."
_FIRST = 3
"""How many findings of a kind stand open; the others are folded."""


class _Chips:
    """Citations as links into the sources below; the first of each is where its source leads back to."""

    def __init__(self, view: MechanismView) -> None:
        self._view = view
        self._seen: set[int] = set()

    def of(self, finding_ids: Iterable[str]) -> str:
        cited = (self._view.citations[key] for key in finding_ids if key in self._view.citations)
        return " ".join(self._chip(citation.marker) for citation in cited)

    def _chip(self, marker: int) -> str:
        place = "" if marker in self._seen else f' id="c1-{marker}"'
        self._seen.add(marker)
        return f'<a class="ea-cite" href="#s1-{marker}"{place}><span class="ea-sr">Source </span>{marker}</a>'


def mechanism_html(view: MechanismView) -> str:
    """The whole description. Citations lead to `#s1-<number>` in the sources at its end."""
    chips = _Chips(view)
    parts = (_head(view), _conditions(view, chips), _doing(view), _watching(view), _evidence(view, chips))
    inside = "".join(parts) + _situations(view) + _sources(view)
    return checked_html(f'<div class="ea-whole">{inside}</div>')


def _head(view: MechanismView) -> str:
    mechanism = view.mechanism
    tags = "".join(f'<li class="ea-tag">{text_html(tag)}</li>' for tag in tags_of(mechanism, view.catalogue))
    known = (
        f"<p><strong>Also known as:</strong> {text_html(', '.join(mechanism.aka))}</p>"
        if mechanism.aka
        else ""
    )
    return (
        f'<h2><span class="ea-dot">{view.number}</span> {text_html(mechanism.name)}</h2>'
        f'<p class="ea-lead">{text_html(mechanism.what_it_is)}</p><ul class="ea-tags">{tags}</ul>{known}'
        f"<p><strong>Where it lies:</strong> {place_words(mechanism.spectrum)}</p>"
        f'<p class="ea-from">{PART_MEANING}</p>'
    )


def _conditions(view: MechanismView, chips: _Chips) -> str:
    favour = [match for match in view.card.unknown if match.favours]
    hinder = [match for match in view.card.unknown if not match.favours]
    return (
        '<div class="ea-two">'
        f'<div class="ea-side-for"><h3>What favours it</h3>{_matches(favour, chips)}</div>'
        f'<div class="ea-side-against"><h3>What gets in its way</h3>{_matches(hinder, chips)}</div></div>'
    )


def _matches(matches: Sequence[ConditionMatch], chips: _Chips) -> str:
    if not matches:
        return "<p>We know of nothing.</p>"
    return f"<ul>{''.join(_condition(match, chips) for match in matches)}</ul>"


def _condition(match: ConditionMatch, chips: _Chips) -> str:
    why = f"{match.why[:1].upper()}{match.why[1:].rstrip('.')}."
    stands = f"<strong>{text_html(match.factor_name)}: {match.direction}</strong>"
    return f"<li>{stands}. {text_html(why)} {_basis(match, chips)}</li>"


def _basis(match: ConditionMatch, chips: _Chips) -> str:
    if match.basis is not Basis.EVIDENCE:
        return '<span class="ea-basis ea-basis-ours">Our synthesis</span>'
    cited = chips.of(match.findings)
    if not cited:
        return '<span class="ea-basis ea-basis-ours">Source not in this collection</span>'
    firm = "Cited evidence" if match.firm else "Cited evidence, tentative link"
    return f'{cited} <span class="ea-basis ea-basis-cited">{firm}</span>'


def _doing(view: MechanismView) -> str:
    mechanism = view.mechanism
    pays = mechanism.effort.who_pays
    level = EFFORT_WORDS.get(mechanism.effort.level, mechanism.effort.level).capitalize()
    rows = (
        ("What it needs first", _listed(mechanism.prerequisites)),
        ("First steps", _listed(mechanism.first_steps, tag="ol")),
        ("Effort", f"<p>{level}. {text_html(mechanism.effort.reason)}.</p>"),
        *([("Who pays in hours", f"<p>{text_html(pays)}.</p>")] if pays else []),
        ("Time to first value", f"<p>{text_html(mechanism.effort.time_to_first_value)}</p>"),
        ("Who is left out, and what to add", f"<p>{text_html(mechanism.equity_note)}</p>"),
        ("Way out", f"<p>{text_html(view.card.exit)}</p>"),
    )
    return _facts("Doing it", rows)


def _watching(view: MechanismView) -> str:
    mechanism, signs = view.mechanism, view.mechanism.indicators
    rows = (
        ("Early signs", _listed(signs.leading)),
        ("Who collects the early signs", f"<p>{collector_html(signs.leading_collected_by)}</p>"),
        ("Later signs", _listed(signs.lagging)),
        ("Who collects the later signs", f"<p>{collector_html(signs.lagging_collected_by)}</p>"),
        ("How it fails", _listed(mechanism.failure_modes)),
    )
    return _facts("Watching it", rows)


def _facts(heading: str, rows: Sequence[tuple[str, str]]) -> str:
    inside = "".join(f"<div><dt>{term}</dt><dd>{detail}</dd></div>" for term, detail in rows)
    mark = '<span class="ea-basis ea-basis-advice">Practice advice</span>'
    return f'<h3>{heading} {mark}</h3><dl class="ea-card-facts">{inside}</dl>'


def _listed(items: Iterable[str], *, tag: str = "ul") -> str:
    return f"<{tag}>{''.join(f'<li>{text_html(item)}</li>' for item in items)}</{tag}>"


def _evidence(view: MechanismView, chips: _Chips) -> str:
    note = f"{view.mechanism.evidence_note} {view.card.transfer}"
    groups = "".join(_group(view, polarity, chips) for polarity in FINDING_WORDS)
    return (
        f"<h3>What studies found</h3><p>{text_html(note)}</p>{_counts(view)}{groups}"
        if any(view.findings.values())
        else f"<h3>What studies found</h3><p>No study here speaks of it. {text_html(note)}</p>"
    )


def _counts(view: MechanismView) -> str:
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("Findings", "Number", "Studies", "Bodies of evidence")
    )
    rows = "".join(_count_row(FINDING_WORDS[p], view.counts[p]) for p in FINDING_WORDS)
    return (
        f'<p class="ea-from">{_ONCE}</p><div class="ea-scroll" role="region" tabindex="0" '
        'aria-label="Findings counted"><table class="ea-table"><caption>How many findings there are</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _count_row(name: str, reach: ReachCount) -> str:
    cells = "".join(f"<td>{len(ids)}</td>" for ids in (reach.findings, reach.studies, reach.groups))
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def _group(view: MechanismView, polarity: Polarity, chips: _Chips) -> str:
    shown = [key for key in view.findings[polarity] if key in view.citations]
    if not shown:
        return ""
    items = [_finding(view, key, chips) for key in shown]
    rest, hidden = items[_FIRST:], len(view.findings[polarity]) - len(shown)
    missing = f"<p>{_HIDDEN.format(plural(hidden, 'more finding'))}</p>" if hidden else ""
    more = (
        f"<details><summary>{plural(len(rest), 'more finding')}: "
        f"{FINDING_WORDS[polarity].lower()}</summary><ul>{''.join(rest)}</ul></details>"
        if rest
        else ""
    )
    return (
        f'<div class="ea-found-group"><h4>{FINDING_WORDS[polarity]} ({len(items)})</h4>'
        f"<ul>{''.join(items[:_FIRST])}</ul>{more}{missing}</div>"
    )


def _finding(view: MechanismView, key: str, chips: _Chips) -> str:
    finding = view.catalogue.findings[key]
    if finding.kind == "inference":
        mark = '<span class="ea-basis ea-basis-ours">Our inference</span>'
    else:
        mark = '<span class="ea-basis ea-basis-cited">Reported by a study</span>'
    return f"<li>{text_html(view.citations[key].quote)} {chips.of([key])} {mark}</li>"


def _situations(view: MechanismView) -> str:
    mechanism = view.mechanism
    told = "".join(
        f"<h4>{heading}</h4>{_listed(items)}"
        for heading, items in (("It fits", mechanism.situations), ("It does not fit", mechanism.not_here))
        if items
    )
    if not told:
        return ""
    summary = "<summary>Situations in which it fits, and in which it does not</summary>"
    note = f'<p><span class="ea-basis ea-basis-ours">Invented examples</span> {_INVENTED}</p>'
    return f'<h3>Situations</h3><details class="ea-situations">{summary}{note}{told}</details>'


def _sources(view: MechanismView) -> str:
    if not view.citations:
        return ""
    cited = cited_part(view.citations.values(), view.opened, 1)
    return f'<h3>Sources ({len(view.citations)})</h3><div class="ea-sources">{cited}</div>'
