"""What was read of a situation, and what moved between two pieces of advice, as HTML. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.domain.advice import Advice, ConditionReading, Profile, Source, Standing, Verdict
from assistant.domain.framework import FactorLevel
from assistant.web.render import plural, text_html

LEVEL_WORDS = {FactorLevel.LOW: "low", FactorLevel.MID: "in between", FactorLevel.HIGH: "high"}
VERDICT_WORDS = {
    Verdict.RECOMMENDED: "What fits what you told us",
    Verdict.NONE_WARRANTED: "Nothing is recommended here for now",
    Verdict.NOT_ENOUGH_KNOWN: "Not enough is known to recommend anything yet",
}
STANDING_WORDS = {
    Standing.FITS: "it fits",
    Standing.DOUBTFUL: "doubtful",
    Standing.AGAINST: "more speaks against it than for it",
    Standing.OPEN: "too little known",
}


def readings_part(advice: Advice) -> str:
    """What was read of the situation: each reading with its words and how sure it is."""
    names = factor_names(advice)
    readings = sorted(advice.profile.readings.values(), key=lambda r: names.get(r.factor, r.factor))
    heading = "<h3>What we read of your situation</h3>"
    if not readings:
        return f"{heading}<p>Nothing yet that our sixteen conditions cover.</p>"
    items = "".join(f"<li>{reading_words(reading, names)}</li>" for reading in readings)
    unknown = len(names) - len(advice.profile.readings)
    rest = f"<p>{plural(unknown, 'other condition')} not known, and not guessed.</p>" if unknown > 0 else ""
    label = '<p class="ea-kind">What you told us</p>'
    return f'{heading}<div class="ea-group ea-your_input">{label}<ul>{items}</ul>{rest}</div>'


def reading_words(reading: ConditionReading, names: Mapping[str, str]) -> str:
    """One reading as HTML: the factor, where it stands, the words behind it, how sure it is."""
    name = text_html(names.get(reading.factor, reading.factor))
    told = "; ".join(f"\u201c{text_html(words)}\u201d" for words in reading.because)
    stands = f"<strong>{name}: {LEVEL_WORDS[reading.state]}</strong>"
    if reading.source is Source.CORRECTION:
        return f"{stands}, as you put it right."
    if reading.source is Source.ANSWER:
        return f"{stands}, from your answer {told}{_stop(reading)}"
    note = f" {text_html(reading.note)}" if reading.note else ""
    return f"{stands}, from {told}{_stop(reading)} {sure_words(reading.confidence)}.{note}"


def _stop(reading: ConditionReading) -> str:
    """A full stop, unless the words quoted last end in one."""
    return "" if reading.because and reading.because[-1].rstrip().endswith((".", "!", "?")) else "."


def sure_words(confidence: float) -> str:
    """How sure a reading is, in words; judgement, not a probability."""
    if confidence >= 0.8:
        return "Your words say this clearly"
    return "Your words suggest this" if confidence >= 0.5 else "Perhaps; your words only hint at it"


def change_html(before: Advice, after: Advice) -> str:
    """What moved between two pieces of advice, in words; unchecked, for the head of an answer."""
    names = {**mechanism_names(before), **mechanism_names(after)}
    then = [card.mechanism_id for card in before.cards[: before.shown]]
    now = [card.mechanism_id for card in after.cards[: after.shown]]
    lines = _readings_changed(before.profile, after.profile, factor_names(after))
    lines += _standing_changed(before, after)
    lines += [f"New among the first: {text_html(names[key])}." for key in now if key not in then]
    lines += [f"No longer among the first: {text_html(names[key])}." for key in then if key not in now]
    if now and then and now[0] != then[0] and set(now) == set(then):
        lines.append(f"{text_html(names[now[0]])} now comes first, before {text_html(names[then[0]])}.")
    if before.verdict is not after.verdict:
        lines.append(f"{VERDICT_WORDS[after.verdict]}.")
    if now == then and before.verdict is after.verdict:
        lines.append("The same mechanisms come first, in the same order.")
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<div class="ea-changed"><h3>What this changed</h3><ul>{items}</ul></div>'


def _standing_changed(before: Advice, after: Advice) -> list[str]:
    was, now = before.asked, after.asked
    if was is None or now is None or was.standing is now.standing:
        return []
    return [
        f"What you asked about: {STANDING_WORDS[was.standing]} before, {STANDING_WORDS[now.standing]} now."
    ]


def _readings_changed(before: Profile, after: Profile, names: Mapping[str, str]) -> list[str]:
    factors = sorted({*before.readings, *after.readings}, key=lambda key: names.get(key, key))
    return [
        f"{text_html(names.get(key, key))}: {_state(was)} before, {_state(now)} now."
        for key in factors
        if (was := before.state(key)) != (now := after.state(key))
    ]


def _state(level: FactorLevel | None) -> str:
    return LEVEL_WORDS[level] if level else "not known"


def mechanism_names(advice: Advice) -> dict[str, str]:
    """Every mechanism's name by id."""
    return {card.mechanism_id: card.name for card in advice.cards}


def factor_names(advice: Advice) -> dict[str, str]:
    """The names of all factors that some mechanism's conditions speak of, by id."""
    matches = (m for c in advice.cards for m in (*c.met, *c.unmet, *c.against, *c.cleared, *c.unknown))
    return {match.factor: match.factor_name for match in matches}
