"""What one person kept, put into words and tables as a report; and the sentences that pages share with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.domain.framework import Catalogue, FactorLevel
from assistant.domain.monitoring import (
    AdviceMove,
    ConditionShift,
    DiagnosisChange,
    FactorChange,
    MonitoringReport,
    Move,
    Network,
    PlaceOn,
    Relationship,
    ReportSection,
    SavedDiagnosis,
    Sign,
    Trial,
)

LEVEL_WORDS: Mapping[FactorLevel | None, str] = {
    FactorLevel.LOW: "low",
    FactorLevel.MID: "in between",
    FactorLevel.HIGH: "high",
    None: "not known",
}
SIGN_WORDS: Mapping[Sign, str] = {
    Sign.NOT_CHECKED: "not checked yet",
    Sign.NOT_YET: "not yet",
    Sign.APPEARED: "yes, it appeared",
}
_NOTE = "All of this is what you entered, and what our rules make of it. It is no study and cites none."
_STEPS = 5
_FORMALITY = ("informal", "rather informal", "between informal and formal", "rather formal", "formal")
_ORIGIN = (
    "started from inside",
    "started mostly from inside",
    "started from both sides",
    "started mostly from outside",
    "started from outside",
)


def place_words(formality: float, origin: float) -> str:
    """Where a relationship lies, in words."""
    return f"{_step(_FORMALITY, formality)}, {_step(_ORIGIN, origin)}"


def _step(words: Sequence[str], value: float) -> str:
    return words[min(_STEPS - 1, max(0, round(value * (_STEPS - 1))))]


def day_words(day: date | None) -> str:
    """A day as people write it; empty for none."""
    return f"{day.day} {day:%B %Y}" if day else ""


def diagnosis_words(diagnosis: SavedDiagnosis) -> str:
    """The day and the label of a diagnosis."""
    return f"{day_words(diagnosis.made_on)}{f': {diagnosis.label}' if diagnosis.label else ''}"


def factor_words(change: FactorChange, catalogue: Catalogue) -> str:
    """One factor that moved, as a sentence."""
    name = factor_name(change.factor, catalogue)
    if change.before is not change.after:
        return f"{name}: {LEVEL_WORDS[change.before]} before, {LEVEL_WORDS[change.after]} now."
    way = "a little higher" if change.value_after > change.value_before else "a little lower"
    return f"{name}: still {LEVEL_WORDS[change.after]}, but {way} than before."


def factor_name(factor_id: str, catalogue: Catalogue) -> str:
    """The name of a factor; its id if there is none of it."""
    known = {f.id: f.name for f in catalogue.framework.factors} if catalogue.framework else {}
    return known.get(factor_id, factor_id)


def mechanism_name(mechanism_id: str, catalogue: Catalogue) -> str:
    """The name of a mechanism; its id if there is none of it."""
    found = catalogue.mechanisms.get(mechanism_id)
    return found.name if found else mechanism_id


def move_words(move: AdviceMove, catalogue: Catalogue, *, entered: bool) -> str:
    """Why a mechanism came among the first or left them, as a sentence or two."""
    name = mechanism_name(move.mechanism_id, catalogue)
    place = f"now place {move.rank_after}, before place {move.rank_before}"
    head = f"{name} is {'new' if entered else 'no longer'} among the first ({place})."
    if not move.shifts:
        other = "others now fit less well" if entered else "others now fit better"
        return f"{head} Its own conditions stand as before; {other}."
    return " ".join((head, *(shift_words(shift, catalogue) for shift in move.shifts)))


def shift_words(shift: ConditionShift, catalogue: Catalogue) -> str:
    """What a factor that moved did to one condition of a mechanism, as a sentence."""
    name = factor_name(shift.factor, catalogue)
    what = "condition for it" if shift.favours else "condition against it"
    before, after = _held(shift.held_before), _held(shift.held_after)
    return f"{name}: a {what} was {before} before and is {after} now ({shift.why})."


def _held(held: bool | None) -> str:
    return "not known" if held is None else "met" if held else "not met"


def change_lines(change: DiagnosisChange, catalogue: Catalogue) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What moved in the conditions, and what that changes in the advice, in sentences."""
    factors = tuple(factor_words(factor, catalogue) for factor in change.factors)
    if not factors:
        factors = ("Nothing moved: every condition is read as it was before.",)
    advice = _advice_lines(change, catalogue)
    if change.words_changed and (change.advice_entered or change.advice_left):
        advice.append("The situation was also told in other words, which alone can change the advice.")
    if change.rules_changed:
        advice.append(
            "Today's rules would have advised something else then, too; both are compared by today's rules."
        )
    return factors, tuple(advice)


def _advice_lines(change: DiagnosisChange, catalogue: Catalogue) -> list[str]:
    entered, left = change.advice_entered, change.advice_left
    if not entered and not left:
        return [
            "The same mechanisms come first as before." if change.shown_after else "Still none is advised."
        ]
    if not change.shown_before:
        return [f"Nothing could be recommended then. Now these come first: {_names(entered, catalogue)}."]
    if not change.shown_after:
        return [f"Nothing is recommended any more. Before, these came first: {_names(left, catalogue)}."]
    by_id = {move.mechanism_id: move for move in change.moves}
    return [
        move_words(by_id[key], catalogue, entered=key in entered) for key in (*entered, *left) if key in by_id
    ]


def _names(ids: Sequence[str], catalogue: Catalogue) -> str:
    return ", ".join(mechanism_name(key, catalogue) for key in ids)


def monitoring_report(
    *,
    day: date,
    catalogue: Catalogue,
    relationships: Sequence[Relationship],
    network: Network,
    moves: Sequence[Move],
    diagnoses: Sequence[SavedDiagnosis],
    trials: Sequence[Trial],
    change: DiagnosisChange | None,
) -> MonitoringReport:
    """The report. Diagnoses are newest first; `change` compares two of them, if there are two."""
    sections = [
        _relationships(relationships),
        ReportSection(
            heading="Who depends on whom",
            lines=network.notes,
            heads=("Role", "Holds the contact with"),
            rows=tuple((tie.holder, ", ".join(tie.partners)) for tie in network.ties),
        ),
        _moves(moves),
        _diagnoses(diagnoses, catalogue),
    ]
    if change:
        factors, advice = change_lines(change, catalogue)
        between = f"{diagnosis_words(change.earlier)} and {diagnosis_words(change.later)}"
        sections.append(ReportSection(heading=f"What moved between {between}", lines=factors))
        sections.append(ReportSection(heading="What that changes in the advice", lines=advice))
    sections.append(_trials(trials, catalogue))
    sections.append(ReportSection(heading="How to read this", lines=(_NOTE,)))
    return MonitoringReport(title="How your learning ecosystem develops", day=day, sections=tuple(sections))


def _relationships(relationships: Sequence[Relationship]) -> ReportSection:
    rows = tuple(
        (
            r.partner + (f" (ended {day_words(r.ended)})" if r.ended else ""),
            "; ".join(filter(None, (r.kind, r.purpose, r.product))),
            place_words(r.formality, r.origin),
            f"{r.strength.value}{f', since {day_words(r.since)}' if r.since else ''}",
            r.holder,
        )
        for r in relationships
    )
    heads = ("Partner", "Type, purpose, product", "Place on the axes", "Strength", "Held by")
    return ReportSection(
        heading="Relationships", lines=() if rows else ("None is entered yet.",), heads=heads, rows=rows
    )


def _moves(moves: Sequence[Move]) -> ReportSection:
    rows = tuple(
        (move.relationship.partner, _lay(move.before), _lay(move.after))
        for move in moves
        if _lay(move.before) != _lay(move.after)
    )
    lines = () if rows else ("No relationship changed its place or its strength.",)
    return ReportSection(
        heading="How relationships moved", lines=lines, heads=("Partner", "Before", "Now"), rows=rows
    )


def _lay(place: PlaceOn | None) -> str:
    """Where a relationship lay, in words."""
    if place is None:
        return "no relationship"
    return f"{place_words(place.formality, place.origin)}; {place.strength.value}"


def _diagnoses(diagnoses: Sequence[SavedDiagnosis], catalogue: Catalogue) -> ReportSection:
    rows = tuple(
        (
            diagnosis_words(diagnosis),
            str(len(diagnosis.profile.readings)),
            ", ".join(mechanism_name(key, catalogue) for key in diagnosis.shown),
        )
        for diagnosis in diagnoses
    )
    lines = () if rows else ("None is saved yet.",)
    heads = ("Diagnosis", "Conditions known", "Recommended then")
    return ReportSection(heading="Diagnoses", lines=lines, heads=heads, rows=rows)


def _trials(trials: Sequence[Trial], catalogue: Catalogue) -> ReportSection:
    rows = tuple(
        (
            mechanism_name(trial.mechanism_id, catalogue),
            day_words(trial.started) + (f" to {day_words(trial.ended)}" if trial.ended else ""),
            leading_sign(trial.mechanism_id, catalogue),
            SIGN_WORDS[trial.leading_sign]
            + (f", checked {day_words(trial.checked_on)}" if trial.checked_on else ""),
            trial.note,
        )
        for trial in trials
    )
    heads = ("Mechanism", "Tried", "Leading sign", "Did it appear?", "Note")
    return ReportSection(
        heading="What was tried", lines=() if rows else ("Nothing yet.",), heads=heads, rows=rows
    )


def leading_sign(mechanism_id: str, catalogue: Catalogue) -> str:
    """The first leading sign of a mechanism; empty if it has none."""
    found = catalogue.mechanisms.get(mechanism_id)
    return found.indicators.leading[0] if found and found.indicators.leading else ""
