"""Studies and findings as HTML for the Evidence page: record, coding, what rests on each, reach.

Knows no widget. Every foreign word goes through `text_html`, and the whole through the allow-list.
"""

from __future__ import annotations

from urllib.parse import urlencode

from assistant.domain.advice import ReachCount
from assistant.domain.atlas import (
    CitedAs,
    EvidenceChoices,
    EvidenceFilter,
    EvidenceView,
    FindingEntry,
    StudyEntry,
    Use,
)
from assistant.domain.framework import Coding, Finding, Study
from assistant.security.sanitising import web_link
from assistant.web.render import checked_html, plural, text_html
from assistant.web.render_gap_map import SIGNS, head_name

STATUS_WORDS = {
    "abstract-seen": "Only the abstract was read",
    "full-text-seen": "The full text was read",
    "results-not-seen": "The study exists, but its results could not be read, so it counts nowhere",
    "constructed": "An invented example; it is no evidence and counts nowhere",
}
KIND_WORDS = {"reported": "Reported by a study", "inference": "Our reading of the evidence"}
POLARITY_WORDS = {
    "supports": "Supports",
    "mixed": "Mixed",
    "cautions": "Cautions",
    "context": "Background",
}
_SIDE_WORDS = {
    "mechanism": "Mechanism", "factor": "Factor", "level": "Level", "polarity": "Says", "kind": "Kind",
    "place": "Place", "since": "From year", "until": "To year", "domain": "Field", "study": "Study",
    "finding": "Finding", "words": "Words",
}  # fmt: skip
_USE_WORDS = {
    CitedAs.FAVOURS: "Condition in favour of {}",
    CitedAs.HINDERS: "Condition against {}",
    CitedAs.SUPPORTING: "Supporting evidence of {}",
    CitedAs.CAUTIONARY: "Cautionary evidence of {}",
    CitedAs.CONTEXT: "Background of {}",
    CitedAs.FACTOR: "Evidence for the factor {}",
    CitedAs.LEVEL: "Support for the level {}",
    CitedAs.FRAMEWORK: "{}",
    CitedAs.BOUNDARY: "{}",
}


def view_html(view: EvidenceView, choices: EvidenceChoices, *, keep: str = "") -> str:
    """One page of studies with what was filtered for and how far it reaches.

    `keep` is put into the links to other pages, such as `map=level`.
    """
    parts = [_heading(view, choices)]
    if view.unknown:
        sides = ", ".join(_SIDE_WORDS[side].lower() for side in view.unknown)
        parts.append(
            f'<p class="ea-left-open">The link names something unknown here ({sides}). It was left out.</p>'
        )
    parts.append(_reach(view))
    folded = not view.filter.given()
    parts += [_study(entry, choices, folded=folded) for entry in view.studies]
    if not view.studies:
        parts.append("<p>Nothing here meets all of these. Take one of them away.</p>")
    parts.append(_pages(view, keep))
    return checked_html(f'<div class="ea-results">{"".join(parts)}</div>')


def _heading(view: EvidenceView, choices: EvidenceChoices) -> str:
    found = f"{plural(view.found_studies, 'study', 'studies')}, {plural(view.found_findings, 'finding')}"
    told = [
        f"<li><strong>{_SIDE_WORDS[side]}:</strong> {text_html(_chosen_name(side, value, choices))}</li>"
        for side, value in view.filter.given().items()
    ]
    chosen = f'<ul class="ea-chosen">{"".join(told)}</ul>' if told else ""
    top = '<div id="ea-results-top" role="group" aria-label="What was found" tabindex="-1">'
    return f"{top}<h3>{found}</h3>{chosen}</div>"


def _chosen_name(side: str, value: str, choices: EvidenceChoices) -> str:
    heads = getattr(choices, {"since": "year", "until": "year"}.get(side, side), ())
    return head_name(heads, value)


def _reach(view: EvidenceView) -> str:
    if view.reach is None:
        words = (
            "These are the findings nearest to your words. A search finds what is alike; it counts nothing, "
            "so no total is given. Choose a mechanism or a factor to see how many studies speak of it."
        )
        return f'<p class="ea-reach">{words}</p>'
    return f'<p class="ea-reach">{text_html(reach_words(view.reach, shown=view.found_findings))}</p>'


def reach_words(reach: ReachCount, *, shown: int) -> str:
    """The count in words: studies, bodies of evidence, people, dissent, links, what could not be read.

    `shown` is how many findings are listed, which may be more: inferences and other fields are not counted.
    """
    if not reach.findings:
        words = "The count is nought: no counted finding meets this."
    else:
        words = f"{_verb(len(reach.studies))} {len(reach.groups)} {_bodies(len(reach.groups))}."
        words += f" {_people(reach)} {_dissent(reach)} {_firm(reach)}"
    if reach.unread:
        words += (
            f" {plural(len(reach.unread), 'study', 'studies')} on this could not be read and did not count."
        )
    uncounted = shown - len(reach.findings)
    if uncounted > 0:
        words += (
            f" {plural(uncounted, 'finding')} listed below {'is' if uncounted == 1 else 'are'} not counted: "
            "our own reading, or another field."
        )
    return words


def _verb(studies: int) -> str:
    return f"Counted: {plural(studies, 'study', 'studies')} in"


def _bodies(groups: int) -> str:
    return "body of evidence" if groups == 1 else "bodies of evidence"


def _people(reach: ReachCount) -> str:
    if reach.participants is None:
        return "No number of people is recorded for this."
    return (
        f"{plural(reach.participants, 'person', 'people')} recorded as taking part, in "
        f"{reach.groups_with_participants} of the {len(reach.groups)}."
    )


def _dissent(reach: ReachCount) -> str:
    against, mixed = reach.by_polarity["cautions"], reach.by_polarity["mixed"]
    total = len(reach.findings)
    if not against and not mixed:
        return f"Of {plural(total, 'finding')}, none speaks against and none is mixed."
    speak = "speaks" if against == 1 else "speak"
    are = "is" if mixed == 1 else "are"
    return f"Of {plural(total, 'finding')}, {against} {speak} against and {mixed} {are} mixed."


def _firm(reach: ReachCount) -> str:
    query = reach.query
    if query.mechanism is None and query.factor is None and query.level is None:
        return ""
    if reach.firm == len(reach.findings):
        return "Both coders made the link for all of them."
    return f"Both coders made the link for {reach.firm} of them, one coder for the rest."


def _study(entry: StudyEntry, choices: EvidenceChoices, *, folded: bool) -> str:
    """One study; where nothing was chosen, its findings fold away, so that the list stays short."""
    study = entry.study
    link = _own_link("study", study.id, "Link to this study")
    head = (
        f'<h3>{text_html(study.title)}</h3><p class="ea-where">{text_html(_byline(study))}</p>'
        f"{_record(study)}"
    )
    if not study.citable:
        told = f"The record of this study is too incomplete to quote. {_many(entry)} counted, not shown."
        body = f'<p class="ea-unquoted">{told}</p>' if entry.findings else ""
    else:
        body = "".join(_finding(found, choices) for found in entry.findings)
        if folded and body:
            summary = f"<summary>{plural(len(entry.findings), 'finding')}</summary>"
            body = f'<details class="ea-folded">{summary}{body}</details>'
    if not study.results_seen:
        body = f'<p class="ea-unquoted">{STATUS_WORDS["results-not-seen"]}.</p>'
    more = ""
    if entry.others > 0:
        words = f"{plural(entry.others, 'more finding')} of this study outside this choice"
        more = f"<p>{_own_link('study', study.id, words)}</p>"
    return f'<div class="ea-study">{head}{body}{more}<p class="ea-own">{link}</p></div>'


def _many(entry: StudyEntry) -> str:
    number = len(entry.findings)
    return f"{plural(number, 'finding')} {'is' if number == 1 else 'are'}"


def _byline(study: Study) -> str:
    who = f"{study.authors[0]} and others" if len(study.authors) > 2 else " and ".join(study.authors)
    return ", ".join(part for part in (who, str(study.year or "no date"), study.venue or "") if part)


def _record(study: Study) -> str:
    """The record as terms and details; what is not recorded is left out."""
    review = "Peer reviewed" if study.peer_reviewed else "Not peer reviewed"
    rows = [
        ("Design", study.study_design), ("Sample", study.sample), ("Place", study.setting),
        ("What was read", STATUS_WORDS.get(study.status, study.status)), ("Review", review),
        ("Field", study.domain.replace("-", " ")), ("Body of evidence", study.evidence_group),
        ("Note", study.notes),
    ]  # fmt: skip
    inside = "".join(f"<div><dt>{term}</dt><dd>{text_html(text)}</dd></div>" for term, text in rows if text)
    link = web_link(f"https://doi.org/{study.doi}" if study.doi else study.url) or web_link(study.url)
    if link:
        inside += f"<div><dt>Link</dt><dd>{_anchor(*link)}</dd></div>"
    brief = "; ".join(part for part in (study.study_design, study.setting) if part)
    summary = f"Record of the study{': ' if brief else ''}{brief}"
    return (
        f'<details class="ea-record"><summary>{text_html(summary)}</summary>'
        f'<dl class="ea-facts">{inside}</dl></details>'
    )


def _finding(entry: FindingEntry, choices: EvidenceChoices) -> str:
    finding = entry.finding
    kind = "reported" if finding.kind == "reported" else "inference"
    labels = (
        f'<span class="ea-kind">{KIND_WORDS[kind]}</span> '
        f'<span class="ea-polarity ea-{text_html(finding.polarity)}">{SIGNS.get(finding.polarity, "")} '
        f"{POLARITY_WORDS.get(finding.polarity, finding.polarity)}</span>"
    )
    if not entry.counted:
        labels += ' <span class="ea-polarity">Not counted</span>'
    inside = f"{_where(finding)}{_codings(finding, choices)}{_uses(entry.uses)}"
    behind = (
        "<details><summary>Where it stands, how it was coded, what rests on it</summary>"
        f"{inside}<p>{_own_link('finding', finding.id, 'Link to this finding')}</p></details>"
    )
    return (
        f'<div class="ea-group ea-{kind} ea-finding"><p class="ea-labels">{labels}</p>'
        f"<p>{text_html(finding.statement)}</p>{behind}</div>"
    )


def _where(finding: Finding) -> str:
    link = web_link(finding.seen)
    seen = _anchor(*link) if link else text_html(finding.seen)
    rows = [("Part that was read", text_html(finding.locator)), ("Where it was read", seen)]
    if finding.strength:
        rows.append(("Strength of the study", text_html(finding.strength)))
    if finding.note:
        rows.append(("Note", text_html(finding.note)))
    inside = "".join(f"<div><dt>{term}</dt><dd>{detail}</dd></div>" for term, detail in rows)
    return f'<dl class="ea-facts">{inside}</dl>'


def _codings(finding: Finding, choices: EvidenceChoices) -> str:
    """Both codings side by side, so that a reader sees where two people differed."""
    second = finding.second_coding
    head = '<th scope="col">Code</th><th scope="col">First coder</th><th scope="col">Second coder</th>'
    rows = (
        ("Says", *(_coded(c, "polarity", choices) for c in (finding.coding, second))),
        ("Level", *(_coded(c, "level", choices) for c in (finding.coding, second))),
        ("Factors", *(_coded(c, "factors", choices) for c in (finding.coding, second))),
        ("Mechanisms", *(_coded(c, "mechanisms", choices) for c in (finding.coding, second))),
        ("Role", *(_coded(c, "role", choices) for c in (finding.coding, second))),
    )
    body = "".join(
        f'<tr><th scope="row">{term}</th><td>{text_html(first)}</td><td>{text_html(other)}</td></tr>'
        for term, first, other in rows
    )
    return (
        f'<table class="ea-codings"><caption>How two people coded it, apart from each other</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _coded(coding: Coding | None, part: str, choices: EvidenceChoices) -> str:
    """One code in words; a dash where there is none."""
    if coding is None:
        return "not coded"
    if part == "polarity":
        return POLARITY_WORDS.get(coding.polarity, coding.polarity)
    if part == "level":
        return head_name(choices.level, coding.level) if coding.level else "–"
    if part == "role":
        return coding.role or "–"
    heads = choices.factor if part == "factors" else choices.mechanism
    return "; ".join(head_name(heads, key) for key in getattr(coding, part)) or "–"


def _uses(uses: tuple[Use, ...]) -> str:
    if not uses:
        return "<p>Nothing in the catalogue rests on this finding yet.</p>"
    items = "".join(f"<li>{text_html(_use_words(use))}</li>" for use in uses)
    return f'<p class="ea-part">What points to it ({len(uses)})</p><ul class="ea-uses">{items}</ul>'


def _use_words(use: Use) -> str:
    said = _USE_WORDS[use.how].format(use.name)
    return f"{said}: {use.detail}" if use.detail else said


def _own_link(side: str, key: str, words: str) -> str:
    query = text_html("?" + urlencode({side: key}))
    return f'<a class="ea-go" href="{query}">{text_html(words)}</a>'


def _anchor(address: str, host: str) -> str:
    return (
        f'<a href="{text_html(address)}" rel="noopener noreferrer" target="_blank">Open at {text_html(host)}'
        f'<span class="ea-sr"> (new tab)</span></a>'
    )


def _pages(view: EvidenceView, keep: str) -> str:
    if view.pages == 1:
        return ""
    links = []
    for words, number in (("Previous page", view.page - 1), ("Next page", view.page + 1)):
        if 1 <= number <= view.pages:
            query = text_html("?" + page_query(view.filter, number, keep))
            links.append(f'<li><a class="ea-go" href="{query}">{words}</a></li>')
    here = f"<li>Page {view.page} of {view.pages}</li>"
    return f'<nav class="ea-pages" aria-label="Pages of studies"><ul>{here}{"".join(links)}</ul></nav>'


def page_query(asked: EvidenceFilter, page: int, keep: str = "") -> str:
    """The address, after its question mark, of one page of what a filter finds."""
    query = urlencode(asked.given() | ({"page": str(page)} if page > 1 else {}))
    return "&".join(part for part in (query, keep) if part)
