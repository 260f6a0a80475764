"""A diagnosis as HTML: strengths, gaps and unknowns by level, what each rests on, what two partners see.

Shows what the engine returns; decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.domain.advice import Advice, ConditionReading, DecidingQuestion
from assistant.domain.framework import Factor, FactorLevel, Framework
from assistant.domain.monitoring import Agreement, PairView, SavedDiagnosis
from assistant.web.diagnosing import Diagnosed
from assistant.web.render import checked_html, plural, text_html
from assistant.web.render_advice import Drawn, advice_part
from assistant.web.render_situation import mechanism_names, reading_words
from assistant.web.render_sources import cited_part

ANSWER = 1
"""The number under which citations of this page are anchored; there is one result on it."""
STRENGTH, GAP, BETWEEN, OPEN = "Strength", "Gap", "In between", "Not known"
_MINUTES = 10
_MOST_PAIRS = 10
_FIRST = 3
_ROLES = {
    "trigger": "set sharing going",
    "mandate": "require sharing",
    "control": "steer or limit sharing",
    "enable": "make sharing easier",
}
_INHIBIT = "hold sharing back (our own addition to the study's four roles)"
_AGREE = {
    Agreement.SAME: "You read this the same way.",
    Agreement.DIFFERENT: "You read this differently: talk about it.",
    Agreement.NOT_BOTH: "Not compared: one of you, or both, answered fewer than two of its questions.",
}


def progress_html(answered: int, asked: int, *, left_out: int = 0, told: bool = False) -> str:
    """How far the diagnosis has got, and how long the rest takes; `told` if anything was said at all."""
    words = f"{answered} of {asked} questions answered{f', {left_out} left out' if left_out else ''}."
    rest = asked - answered - left_out
    if answered >= asked:
        words = f"All {asked} questions are answered."
    elif rest > 0:
        words += f" The rest takes about {plural(max(1, round(_MINUTES * rest / asked)), 'minute')}."
    way = ' <a href="#ea-found">See what they tell</a>' if answered else ""
    if told and not answered:
        way = ' <a href="#ea-found">See what your words tell</a>'
    return checked_html(f'<p class="ea-progress">{words} Your answers stay in this browser.{way}</p>')


def profile_html(advice: Advice, framework: Framework) -> str:
    """The profile by level and factor, with what each reading rests on and what it can do to sharing."""
    readings = advice.profile.readings
    stands = {factor.id: standing(factor, readings.get(factor.id)) for factor in framework.factors}
    counts = ", ".join(
        f"{list(stands.values()).count(name)} {words}"
        for name, words in (
            (STRENGTH, "strengths"),
            (GAP, "gaps"),
            (BETWEEN, "in between"),
            (OPEN, "not known"),
        )
    )
    parts = [f'<h2>Your profile</h2><p class="ea-counts">{counts}.</p>']
    for level in framework.levels:
        here = [factor for factor in framework.factors if factor.level == level.id]
        rows = [_row(f, stands[f.id], readings[f.id]) for f in here if f.id in readings]
        rows += [_open([f.name for f in here if f.id not in readings])]
        parts.append(f"<h3>{text_html(level.name)}</h3><ul>{''.join(rows)}</ul>")
    parts.append(_flips(advice, framework))
    return checked_html(f'<div class="ea-profile">{"".join(parts)}</div>')


def standing(factor: Factor, reading: ConditionReading | None) -> str:
    """Whether a reading is a strength, a gap, in between or open, by the end that helps sharing."""
    if reading is None:
        return OPEN
    if reading.state is FactorLevel.MID:
        return BETWEEN
    return STRENGTH if reading.state == factor.desirable else GAP


def _row(factor: Factor, stands: str, reading: ConditionReading) -> str:
    told = reading_words(reading, {factor.id: factor.name})
    kind = stands.lower().replace(" ", "-")
    return (
        f'<li class="ea-stands-{kind}"><span class="ea-stands">{stands}</span> {told}'
        f'<span class="ea-roles">{roles_words(factor)}</span></li>'
    )


def _open(names: Sequence[str]) -> str:
    """The conditions of a level that nothing is known of, in one line."""
    if not names:
        return ""
    return f'<li><span class="ea-stands">{OPEN}</span> {text_html("; ".join(names))}.</li>'


def _flips(advice: Advice, framework: Framework) -> str:
    """The answers that would change the advice, and to what; nothing where there is no advice to change."""
    if not advice.profile.readings:
        return ""
    names = {factor.id: factor.name for factor in framework.factors}
    now = [card.mechanism_id for card in advice.cards[:_FIRST]]
    items = "".join(
        f"<li><strong>{text_html(names[asked.factor])}</strong>: \u201c{text_html(asked.question.text)}\u201d"
        f"<ul>{_outcomes(asked, now, mechanism_names(advice))}</ul></li>"
        for asked in advice.questions
    )
    return f"<h3>Answers that would change the advice</h3><ul>{items}</ul>" if items else ""


def _outcomes(asked: DecidingQuestion, now: Sequence[str], names: Mapping[str, str]) -> str:
    """Each answer that changes something among the first three, with what it changes."""
    lines = []
    for level in FactorLevel:
        then = asked.would_show.get(level, ())
        told = [f"{text_html(names[then[0]])} would come first"] if then and then[0] != now[0] else []
        new = [text_html(names[key]) for key in then[len(told) :] if key not in now]
        told += [f"{' and '.join(new)} would come in"] if new else []
        if told:
            answer = text_html(asked.question.answers[level])
            lines.append(f"<li>If \u201c{answer}\u201d: {', and '.join(told)}.</li>")
    return "".join(lines)


def roles_words(factor: Factor) -> str:
    """What a condition can do to sharing, in a sentence; our assignment, from the study's roles."""
    can = [_ROLES[role] for role in factor.roles if role in _ROLES]
    if "inhibit" in factor.roles:
        can.append(_INHIBIT)
    if not can:
        return ""
    listed = can[0] if len(can) == 1 else f"{', '.join(can[:-1])} or {can[-1]}"
    return f"It can {listed}."


def result_html(found: Diagnosed) -> str:
    """The cards and all that goes with them, as on the Ask page; what was read stands in the profile."""
    inside = advice_part(Drawn(found.advice, ANSWER), told=False)
    heading = '<div class="ea-heading"><h2>Your advice</h2></div>'
    return checked_html(f'{heading}<div class="ea-answer" id="answer-{ANSWER}">{inside}</div>')


def result_sources_html(found: Diagnosed) -> str:
    """The sources of the cards, folded away; a citation on a card opens its own."""
    if not found.cited:
        return ""
    inside = cited_part(found.cited, found.opened, ANSWER)
    summary = f"<summary>Sources ({len(found.cited)})</summary>"
    return checked_html(
        f'<details class="ea-all-sources">{summary}'
        f'<div class="ea-sources" id="sources-{ANSWER}">{inside}</div></details>'
    )


def earlier_html(diagnoses: Sequence[SavedDiagnosis], address: str) -> str:
    """What was saved before, newest first, with the way to all of it."""
    if not diagnoses:
        return checked_html('<div class="ea-earlier"><p>You have saved no diagnosis yet.</p></div>')
    items = "".join(f"<li>{text_html(named(diagnosis))}</li>" for diagnosis in diagnoses[:5])
    link = f'<p><a href="{text_html(address)}">Compare them under Monitor</a></p>'
    return checked_html(f'<div class="ea-earlier"><h3>Saved before</h3><ul>{items}</ul>{link}</div>')


def named(diagnosis: SavedDiagnosis) -> str:
    """A saved diagnosis in a line: its day, its name, how much was answered, or read from words alone."""
    name = f", {diagnosis.label}" if diagnosis.label else ""
    count, read = len(diagnosis.answers), len(diagnosis.profile.readings)
    known = plural(count, "answer") if count else f"{plural(read, 'condition')} known, from your words"
    return f"{diagnosis.made_on:%-d %B %Y}{name}: {known}"


def pair_html(view: PairView, names: Mapping[str, str]) -> str:
    """How two partners read the same relationship; never what either answered."""
    head = f"<p>Code <strong>{text_html(view.code)}</strong>. {_answered(view.answered)}</p>"
    groups = "".join(_group(view, agreement, names) for agreement in Agreement) if view.factors else ""
    return checked_html(f'<div class="ea-pair">{head}{groups}</div>')


def pairs_html(views: Sequence[PairView]) -> str:
    """The diagnoses for two that somebody began, the latest first; nothing if there are none."""
    if not views:
        return ""
    items = "".join(
        f"<li><strong>{text_html(view.code)}</strong>, {view.opened_on:%-d %B %Y}"
        f"{f', {text_html(view.label)}' if view.label else ''}: "
        f"{'both have answered' if view.answered >= 2 else 'your partner has not answered yet'}</li>"
        for view in views[:_MOST_PAIRS]
    )
    return checked_html(f'<div class="ea-pair"><h3>Begun by you</h3><ul>{items}</ul></div>')


def _answered(answered: int) -> str:
    if answered >= 2:
        return "Both of you have answered."
    return "Give this code to your partner. The result shows here once both of you have answered."


def _group(view: PairView, agreement: Agreement, names: Mapping[str, str]) -> str:
    factors = [names.get(key, key) for key, found in view.factors.items() if found is agreement]
    if not factors:
        return ""
    items = "".join(f"<li>{text_html(name)}</li>" for name in factors)
    return f"<h3>{_AGREE[agreement]}</h3><ul>{items}</ul>"
