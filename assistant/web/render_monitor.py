"""What somebody keeps over time, as HTML for the Monitor page. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.domain.framework import Catalogue
from assistant.domain.monitoring import (
    DiagnosisChange,
    ImportReport,
    Network,
    Relationship,
    SavedDiagnosis,
    Sign,
    Trial,
)
from assistant.framework.monitoring_report import (
    SIGN_WORDS,
    change_lines,
    day_words,
    diagnosis_words,
    leading_sign,
    mechanism_name,
    place_words,
)
from assistant.web.render import checked_html, plural, text_html

YOURS = "What you told us"
OURS = "Our inference"
_NO_RELATIONSHIPS = (
    "No relationship is kept yet. Add the partners you share knowledge with: two minutes for the first three "
    "already show who depends on whom."
)
_NO_DIAGNOSES = (
    "No diagnosis is saved yet. Ask for advice on your situation or go through the questions, and save the "
    "result. Do it again after a quarter, and this page shows what moved."
)
_ONE_DIAGNOSIS = "One diagnosis is saved. When there are two, this shows what moved between them."
_NO_TRIALS = "Nothing is noted yet. Note what you try, and look later whether its first sign appeared."


def relationships_html(relationships: Sequence[Relationship]) -> str:
    """Every relationship as a row of a table; those that have ended come last and say so."""
    if not relationships:
        return checked_html(_empty(_NO_RELATIONSHIPS))
    order = sorted(relationships, key=lambda r: r.ended is not None)
    heads = ("Partner", "Place", "Strength", "Held by", "For what")
    rows = [
        (
            r.partner,
            place_words(r.formality, r.origin),
            f"{r.strength.value}{f', since {day_words(r.since)}' if r.since else ''}"
            f"{f'; ended {day_words(r.ended)}' if r.ended else ''}",
            r.holder or "nobody named",
            "; ".join(filter(None, (r.kind, r.purpose, r.product))) or "not said",
        )
        for r in order
    ]
    return checked_html(_yours(table("Your relationships", heads, rows)))


def network_html(network: Network) -> str:
    """Who depends on whom, in sentences and as a table."""
    notes = "".join(f"<li>{text_html(note)}</li>" for note in network.notes)
    rows = [(tie.holder, ", ".join(tie.partners), _alone(network, tie.partners)) for tie in network.ties]
    if network.unheld:
        rows.append(("nobody named", ", ".join(network.unheld), str(len(network.unheld))))
    heads = ("Who holds the contact", "With", "With nobody else")
    shown = table("The same as a table", heads, rows) if rows else ""
    return checked_html(f'<div class="ea-changed"><ul>{notes}</ul></div>{shown}')


def _alone(network: Network, partners: Iterable[str]) -> str:
    single = [partner for partner in partners if partner in network.single]
    return str(len(single)) if single else "none"


def timeline_html(diagnoses: Sequence[SavedDiagnosis], catalogue: Catalogue) -> str:
    """The saved diagnoses, newest first, each with what was recommended then."""
    if not diagnoses:
        return checked_html(_empty(_NO_DIAGNOSES))
    items = "".join(_dated(diagnosis, catalogue) for diagnosis in diagnoses)
    return checked_html(f'<ol class="ea-timeline">{items}</ol>')


def _dated(diagnosis: SavedDiagnosis, catalogue: Catalogue) -> str:
    known = plural(len(diagnosis.profile.readings), "condition")
    names = ", ".join(mechanism_name(key, catalogue) for key in diagnosis.shown)
    advice = f"Recommended then: {text_html(names)}." if names else "Nothing was recommended then."
    told = _told(diagnosis.situation)
    day = text_html(diagnosis_words(diagnosis))
    return f"<li><p><strong>{day}</strong></p><p>{known} known. {advice}</p>{told}</li>"


def _told(situation: str) -> str:
    if not situation.strip():
        return ""
    return (
        "<details><summary>What you told us then</summary>"
        f'<div class="ea-group ea-your_input"><p>{text_html(situation)}</p></div></details>'
    )


def change_html(change: DiagnosisChange, catalogue: Catalogue) -> str:
    """What moved between two diagnoses, and what that changes in the advice."""
    factors, advice = change_lines(change, catalogue)
    between = f"From {diagnosis_words(change.earlier)} to {diagnosis_words(change.later)}"
    moved = "".join(f"<li>{text_html(line)}</li>" for line in factors)
    advised = "".join(f"<li>{text_html(line)}</li>" for line in advice)
    return checked_html(
        f'<div class="ea-compared"><p class="ea-between">{text_html(between)}</p>'
        f"<h3>What moved</h3>{_yours(f'<ul>{moved}</ul>')}"
        f"<h3>What that changes in the advice</h3>{_ours(f'<ul>{advised}</ul>')}</div>"
    )


def working_html() -> str:
    """What stands in the place of a change while it is worked out."""
    return checked_html(_empty("Working out what moved. After a start of the program this takes a minute."))


def nothing_to_compare_html(count: int) -> str:
    """Why no change is shown."""
    return checked_html(_empty(_ONE_DIAGNOSIS)) if count == 1 else ""


def trials_html(trials: Sequence[Trial], catalogue: Catalogue) -> str:
    """What was tried, and whether the leading sign appeared."""
    if not trials:
        return checked_html(_empty(_NO_TRIALS))
    heads = ("Mechanism", "Tried", "First sign to look for", "Did it appear?", "Your note")
    rows = [
        (
            mechanism_name(trial.mechanism_id, catalogue),
            f"since {day_words(trial.started)}{f', ended {day_words(trial.ended)}' if trial.ended else ''}",
            leading_sign(trial.mechanism_id, catalogue) or "none is recorded",
            SIGN_WORDS[trial.leading_sign]
            + (f", checked {day_words(trial.checked_on)}" if trial.checked_on else ""),
            trial.note,
        )
        for trial in trials
    ]
    seen = sum(trial.leading_sign is Sign.APPEARED for trial in trials)
    count = f"<p>The first sign appeared in {seen} of {plural(len(trials), 'trial')}.</p>"
    return checked_html(_yours(count + table("What you tried", heads, rows)))


def sign_html(mechanism_id: str, catalogue: Catalogue) -> str:
    """The leading sign of the mechanism that is chosen, from the catalogue."""
    sign = leading_sign(mechanism_id, catalogue)
    if not sign:
        return ""
    words = f"<strong>First sign to look for:</strong> {text_html(sign)}."
    return checked_html(
        f'<div class="ea-group ea-advice"><p class="ea-kind">Practice advice</p><p>{words}</p></div>'
    )


def imported_html(report: ImportReport, what: str) -> str:
    """What became of a table that was handed in."""
    if report.faults:
        items = "".join(
            f"<li><strong>Line {fault.line}{f', column {text_html(fault.column)}' if fault.column else ''}:"
            f"</strong> {text_html(fault.problem)}. To mend it, {text_html(fault.cure)}.</li>"
            for fault in report.faults
        )
        count = plural(len(report.faults), "fault")
        head = f"Nothing was taken in: the table has {count}. Mend and try again."
        return checked_html(f'<div class="ea-note ea-faults"><p>{head}</p><ul>{items}</ul></div>')
    said = f"{report.added} added, {report.changed} changed, {report.known} kept as they were."
    return note(f"The {what} were taken in: {said}")


def note(sentence: str, hint: str = "") -> str:
    """A short word to the reader on what was just done, or what went wrong."""
    return checked_html(f'<div class="ea-note"><p>{text_html(sentence)} {text_html(hint)}</p></div>')


def heading(title: str, line: str = "") -> str:
    """The heading of a part of the page."""
    below = f"<p>{text_html(line)}</p>" if line else ""
    return checked_html(f'<div class="ea-heading"><h2>{text_html(title)}</h2>{below}</div>')


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column names the row; unchecked. On a narrow screen it scrolls by itself."""
    top = "".join(f'<th scope="col">{text_html(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{text_html(row[0])}</th>'
        + "".join(f"<td>{text_html(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        '<div class="ea-scroll" tabindex="0">'
        f'<table class="ea-table"><caption>{text_html(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _yours(inner: str) -> str:
    return f'<div class="ea-group ea-your_input"><p class="ea-kind">{YOURS}</p>{inner}</div>'


def _ours(inner: str) -> str:
    return f'<div class="ea-group ea-inference"><p class="ea-kind">{OURS}</p>{inner}</div>'


def _empty(words: str) -> str:
    return f'<p class="ea-nothing">{text_html(words)}</p>'
