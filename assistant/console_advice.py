"""Advice as a person reads it in the terminal: what was understood, the cards, the order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from assistant.console import printable, row
from assistant.console import show_answer as plain_answer
from assistant.domain.advice import ConditionMatch, MechanismCard
from assistant.domain.answers import Answer, Citation, CitedAdvice
from assistant.domain.framework import Basis
from assistant.domain.reports import Source

_SURE = 0.5


def show_answer(console: Console, answer: Answer, sources: Mapping[str, Source]) -> None:
    """Print an answer, with its cards if it has any; sources are listed for what is printed."""
    given = answer.advice
    if given is None:
        plain_answer(console, answer, sources)
        return
    cards = given.advice.cards[: given.advice.shown]
    printed = {citation.marker: citation for citation in _printed(cards, given)}
    printed |= {citation.marker: citation for said in answer.statements for citation in said.citations}
    cited = tuple(printed[marker] for marker in sorted(printed))
    plain_answer(
        console, answer, sources, advice=lambda: _show_all(console, given, cards, most=2), cited=cited
    )


def show_advice(console: Console, given: CitedAdvice, *, all_cards: bool = False) -> None:
    """Print the advice. Evidence carries the marks of its sources; our own judgement says that it is ours."""
    advice = given.advice
    shown = advice.cards if all_cards else advice.cards[: advice.shown]
    _show_all(console, given, shown)
    sources = {citation.marker: citation.quote for citation in _printed(shown, given)}
    _show(console, "Sources", (f"[{marker}] {quote}" for marker, quote in sorted(sources.items())))
    console.print(
        Text("The order is a judgement from the conditions named; no score stands behind it.", "dim")
    )


def _show_all(
    console: Console, given: CitedAdvice, cards: Sequence[MechanismCard], *, most: int | None = None
) -> None:
    """Everything but the sources; `most` limits the questions that would change the advice."""
    advice = given.advice
    console.print(Text(printable(advice.because), style="bold"))
    console.print()
    _show(console, "What I understood (correct me)", _understood(given))
    for card in cards:
        _card(console, card, given)
    _show(console, "In this order", (step.text for step in advice.sequence))
    names = {card.mechanism_id: card.name for card in advice.cards}
    against = (f"{names.get(item.mechanism_id, '')}. {item.because}" for item in advice.advise_against)
    _show(console, "What I would advise against here", against)
    asked = (question.question.text for question in advice.questions[:most])
    _show(console, "Answers that would change this advice", asked)


def _printed(cards: Sequence[MechanismCard], given: CitedAdvice) -> tuple[Citation, ...]:
    """The citations that stand on cards as they are printed."""
    return given.cited(dict.fromkeys(key for card in cards for key in _shown_findings(card)))


def _understood(given: CitedAdvice) -> Iterable[str]:
    for reading in given.advice.profile.readings.values():
        name = reading.factor.replace("-", " ")
        perhaps = "" if reading.confidence >= _SURE else "perhaps "
        words = "; ".join(f"“{words}”" for words in reading.because)
        yield f"{name}: {perhaps}{reading.state.value}, from {words}"


def _card(console: Console, card: MechanismCard, given: CitedAdvice) -> None:
    console.print(Text(f"{card.rank}. {printable(card.name)}", style="bold underline"))
    if note := given.advice.note_on(card):
        console.print(Padding(Text(note, style="italic"), (0, 0, 0, 2)))
    console.print(Padding(Text(printable(card.what_it_is)), (0, 0, 0, 2)))
    _show(console, "Why here", (_match(m, given) for m in card.met), indent=2)
    _show(console, "What speaks against it here", (_match(m, given) for m in card.against), indent=2)
    _show(console, "Negative or mixed evidence", _findings(card.negative_findings[:2], given), indent=2)
    _show(console, "What it needs first", card.prerequisites, indent=2)
    _show(console, "First steps (practice advice)", card.first_steps[:3], indent=2)
    effort = f"{card.effort.reason}; first value after {card.effort.time_to_first_value}."
    signs = card.indicators
    _show(console, "Effort", (effort,), indent=2)
    _show(console, "Who pays in hours", filter(None, (card.effort.who_pays,)), indent=2)
    _show(console, "Early sign to watch", _sign(signs.leading, signs.leading_collected_by), indent=2)
    _show(console, "Later sign to watch", _sign(signs.lagging, signs.lagging_collected_by), indent=2)
    _show(console, "How it fails", card.failure_modes, indent=2)
    _show(console, "Who is left out", (card.left_out,), indent=2)
    _show(console, "Way out", (card.exit,), indent=2)
    _show(console, "Does it carry over?", (card.transfer,), indent=2)
    if card.next_best:
        _show(console, "Why the next one came after", (card.next_best,), indent=2)


def _sign(signs: Sequence[str], collector: str) -> Iterable[str]:
    """The first sign, and who collects it."""
    return (*signs[:1], *((f"Who collects it: {collector}",) if signs and collector else ()))


def _match(match: ConditionMatch, given: CitedAdvice) -> str:
    marks = "".join(f" [{c.marker}]" for c in given.cited(match.findings))
    basis = marks if match.basis is Basis.EVIDENCE and marks else " (our judgement)"
    return f"{match.why}{basis}"


def _findings(finding_ids: Iterable[str], given: CitedAdvice) -> Iterable[str]:
    return (f"{c.quote} [{c.marker}]" for c in given.cited(finding_ids))


def _shown_findings(card: MechanismCard) -> list[str]:
    matched = [i for match in (*card.met, *card.against) for i in match.findings]
    return [*matched, *card.negative_findings[:2]]


def _show(console: Console, heading: str, items: Iterable[str], *, indent: int = 0) -> None:
    lines = [printable(item) for item in items if item]
    if not lines:
        return
    console.print(Padding(Text(heading, style="bold"), (0, 0, 0, indent)))
    for line in lines:
        console.print(Padding(row("\u2022", Text(line)), (0, 0, 0, indent)))
    console.print()
