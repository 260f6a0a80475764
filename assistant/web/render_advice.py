"""Advice as HTML: cards of mechanisms, the order to go in, what to leave alone, what to ask.

Says for each condition what it rests on: a citation, or our own synthesis. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.domain.advice import Advice, ConditionMatch, MechanismCard, Part, Source
from assistant.domain.answers import Answer, Citation, CitedAdvice
from assistant.domain.framework import Basis, FactorLevel, Spectrum
from assistant.web.render import answer_html, checked_html, text_html
from assistant.web.render_situation import LEVEL_WORDS, VERDICT_WORDS, mechanism_names, readings_part

PART_WORDS = {
    Part.START: "To start it",
    Part.CARRY: "To carry it",
    Part.TEND: "To tend it",
    Part.REVIEW: "To review it",
}
_FORMAL = ("informal", "mostly informal", "half formal, half informal", "mostly formal", "formal")
_ORIGIN = (
    "from inside",
    "mostly from inside",
    "from inside and outside",
    "mostly from outside",
    "from outside",
)
_EFFORT = {"low": "Low", "med": "Medium", "medium": "Medium", "high": "High"}
_FIRST = 2
"""How many conditions on each side stand on a folded card."""
_COLLECTS = "Agree who collects it before you start; whoever tends the exchange is best placed."


@dataclass(frozen=True, slots=True)
class Drawn:
    """Advice being drawn as answer `number`; `seen` holds the citations that have an anchor already."""

    given: CitedAdvice
    number: int
    seen: dict[int, None] = field(default_factory=dict)
    """In the order in which they were drawn."""

    def chips(self, finding_ids: Iterable[str]) -> str:
        """The citations of findings as links into the sources; empty if none may be shown."""
        return " ".join(self._chip(citation) for citation in self.given.cited(dict.fromkeys(finding_ids)))

    def _chip(self, citation: Citation) -> str:
        fresh = citation.marker not in self.seen
        self.seen[citation.marker] = None
        place = f' id="c{self.number}-{citation.marker}"' if fresh else ""
        return (
            f'<a class="ea-cite" href="#s{self.number}-{citation.marker}"{place}>'
            f'<span class="ea-sr">Source </span>{citation.marker}</a>'
        )


def card_html(card: MechanismCard, given: CitedAdvice, *, number: int) -> str:
    """One card, folded: name, why here, what speaks against it, first step; the rest opens.

    Citations lead to `#s<number>-<marker>`, as `sources_html` draws them.
    """
    return checked_html(card_part(card, Drawn(given, number)))


def card_part(card: MechanismCard, drawn: Drawn) -> str:
    """The same as a part of something larger, which is checked as a whole."""
    return (
        f'<div class="ea-card" id="k{drawn.number}-{card.rank}">{_face(card, drawn)}'
        f"<details><summary>All about this: {text_html(card.name)}</summary>"
        f'<div class="ea-all">{_rest(card, drawn)}</div></details></div>'
    )


def _face(card: MechanismCard, drawn: Drawn) -> str:
    """What stands on the card while it is folded."""
    return (
        f"<h4>{card.rank}. {text_html(card.name)}</h4>{_asked(drawn.given.advice.note_on(card))}"
        f'<p class="ea-what">{text_html(card.what_it_is)}</p>'
        f"{_why(card, drawn)}{_against(card, drawn)}{_first_step(card)}"
    )


def _asked(words: str) -> str:
    return f'<p class="ea-part">{text_html(words)}</p>' if words else ""


def _why(card: MechanismCard, drawn: Drawn) -> str:
    items = [_condition(match, drawn) for match in card.met[:_FIRST]]
    if card.like_situation:
        items.append(_item("Your situation is like those it is known to suit.", _ours("Our judgement")))
    if not items:
        items.append(_item("It ranks here for what does not stand in its way.", _ours("Our judgement")))
    return _side("Why here", items, "for")


def _against(card: MechanismCard, drawn: Drawn) -> str:
    items = [_condition(match, drawn) for match in card.against[:_FIRST]]
    items += _findings(card.negative_findings, drawn, most=1)
    if not items:
        items = [_item("Nothing we know of speaks against it here. That is not the same as nothing.", "")]
    return _side("What speaks against it", items, "against")


def _first_step(card: MechanismCard) -> str:
    return _side("First step", [_item(card.first_steps[0], _advice())], "first") if card.first_steps else ""


def _rest(card: MechanismCard, drawn: Drawn) -> str:
    """Everything that is not on the folded card, in the order a planner needs it."""
    more_for = [_condition(match, drawn) for match in card.met[_FIRST:]]
    more_against = [_condition(match, drawn) for match in card.against[_FIRST:]]
    negative = _findings(card.negative_findings, drawn, skip=1)
    rows = (
        ("Where it lies", [place_words(card.spectrum)]),
        ("Also for it here", more_for),
        ("Also against it here", more_against),
        ("Negative or mixed findings", negative),
        ("Findings in its favour", _findings(_others(card), drawn, most=3)),
        ("Would favour it, but is not so here", [_condition(match, drawn) for match in card.unmet]),
        ("Could hinder it, but is not so here", [_condition(match, drawn) for match in card.cleared]),
        ("Not known here", [_open_condition(match, drawn) for match in card.unknown]),
        ("What it needs first", _practice(card.prerequisites)),
        ("Steps after the first", _practice(card.first_steps[1:])),
        ("Effort", [_effort(card)]),
        ("Who pays in hours", [_sentence(card.effort.who_pays)] if card.effort.who_pays else []),
        ("Time to first value", [text_html(card.effort.time_to_first_value)]),
        ("Early sign to watch", [text_html(sign) for sign in card.indicators.leading[:1]]),
        ("Who collects the early sign", [collector_html(card.indicators.leading_collected_by)]),
        ("Later sign to watch", [text_html(sign) for sign in card.indicators.lagging[:1]]),
        ("Who collects the later sign", [collector_html(card.indicators.lagging_collected_by)]),
        ("How it fails", _practice(card.failure_modes)),
        ("Way out", [text_html(card.exit)]),
        ("Who is left out, and what to add", [text_html(card.left_out)]),
        ("Does it carry over?", [text_html(f"{card.transfer} {card.evidence_note}")]),
        ("Why the next one came after", [text_html(card.next_best)] if card.next_best else []),
    )
    inside = "".join(f"<div><dt>{term}</dt><dd>{_listed(items)}</dd></div>" for term, items in rows if items)
    return f'<dl class="ea-card-facts">{inside}</dl>'


def _others(card: MechanismCard) -> list[str]:
    met = {key for match in card.met for key in match.findings}
    return [key for key in card.supporting_findings if key not in met]


def _listed(items: Sequence[str]) -> str:
    if len(items) == 1:
        return items[0].removeprefix("<li>").removesuffix("</li>")
    inside = "".join(item if item.startswith("<li>") else f"<li>{item}</li>" for item in items)
    return f"<ul>{inside}</ul>"


def _side(heading: str, items: Sequence[str], name: str) -> str:
    inside = "".join(items)
    return f'<div class="ea-side-{name}"><p class="ea-part">{heading}</p><ul>{inside}</ul></div>'


def _item(words: str, mark: str) -> str:
    return f"<li>{text_html(words)} {mark}</li>"


def _condition(match: ConditionMatch, drawn: Drawn) -> str:
    """A condition that is known: where the factor stands, from which words, why that matters, its basis."""
    level = LEVEL_WORDS[match.state] if match.state else "not known"
    stands = f"<strong>{text_html(match.factor_name)}: {level}</strong>"
    said = f' <span class="ea-from">({_because(match, drawn)})</span>' if match.because else ""
    return f"<li>{stands}{said}. {_sentence(match.why)} {_basis(match, drawn)}</li>"


def _open_condition(match: ConditionMatch, drawn: Drawn) -> str:
    sign = "for" if match.favours else "against"
    stands = f"<strong>{text_html(match.factor_name)}: if {match.direction}, that speaks {sign} it</strong>"
    return f"<li>{stands}. {_sentence(match.why)} {_basis(match, drawn)}</li>"


def _sentence(words: str) -> str:
    return text_html(f"{words[:1].upper()}{words[1:].rstrip('.')}.")


def _because(match: ConditionMatch, drawn: Drawn) -> str:
    """The reader's own words for a condition, quoted; what they put right was not said in words."""
    read = drawn.given.advice.profile.readings.get(match.factor)
    if read and read.source is Source.CORRECTION:
        return "as you put it right"
    return "; ".join(f"\u201c{text_html(words)}\u201d" for words in match.because[:1])


def _basis(match: ConditionMatch, drawn: Drawn) -> str:
    if match.basis is not Basis.EVIDENCE:
        return _ours("Our synthesis")
    chips = drawn.chips(match.findings)
    if not chips:
        return _ours("Source not in this collection")
    firm = "Cited evidence" if match.firm else "Cited evidence, tentative link"
    return f'{chips} <span class="ea-basis ea-basis-cited">{firm}</span>'


def _ours(words: str) -> str:
    return f'<span class="ea-basis ea-basis-ours">{words}</span>'


def _advice() -> str:
    return '<span class="ea-basis ea-basis-advice">Practice advice</span>'


def _findings(
    finding_ids: Sequence[str], drawn: Drawn, *, skip: int = 0, most: int | None = None
) -> list[str]:
    """Findings word for word, each with its citation; those that may not be shown are left out."""
    cited = {key: drawn.given.citations[key] for key in finding_ids if key in drawn.given.citations}
    chosen = list(cited)[skip : None if most is None else skip + most]
    mark = '<span class="ea-basis ea-basis-cited">Reported by a study</span>'
    return [f"<li>{text_html(cited[key].quote)} {drawn.chips([key])} {mark}</li>" for key in chosen]


def _practice(items: Sequence[str]) -> list[str]:
    return [f"<li>{text_html(item)}</li>" for item in items]


def _effort(card: MechanismCard) -> str:
    level = _EFFORT.get(card.effort.level, card.effort.level)
    return f"{text_html(level)}. {text_html(card.effort.reason)}."


def collector_html(collector: str) -> str:
    """Who collects a sign, as the catalogue says, or else how to settle it."""
    return _sentence(collector or _COLLECTS)


def place_words(lies: Spectrum) -> str:
    """Where a mechanism lies on the two axes, in words, with the reason; the place is our judgement."""
    where = f"{_fifth(lies.formality, _FORMAL)}, set going {_fifth(lies.origin, _ORIGIN)}"
    return f"{where[:1].upper()}{where[1:]}. {text_html(lies.rationale)} {_ours('Our judgement')}"


def _fifth(value: float, words: Sequence[str]) -> str:
    return words[min(len(words) - 1, max(0, int(value * len(words))))]


def advice_part(drawn: Drawn, *, told: bool = True) -> str:
    """The whole advice as a part of an answer, under headings of the third level.

    Without `told`, what was read and what to ask next are left out, for a page that shows them already.
    """
    advice = drawn.given.advice
    cards = "".join(card_part(card, drawn) for card in advice.cards[: advice.shown])
    about = f"{_deciding(advice)}{readings_part(advice)}" if told else ""
    return (
        f'<div class="ea-advised"><h3>{VERDICT_WORDS[advice.verdict]}</h3>'
        f"<p>{text_html(advice.because)}</p>{cards}"
        f"{_sequence(advice)}{_advised_against(drawn)}{about}</div>"
    )


def advice_html(drawn: Drawn, *, change: str = "") -> str:
    """The advice as a whole answer; `change` is HTML of ours that says what moved since the last one."""
    speaker = '<span class="ea-sr">The assistant answered: </span>'
    inside = f"{speaker}{change}{advice_part(drawn)}"
    return checked_html(f'<div class="ea-answer" id="answer-{drawn.number}">{inside}</div>')


def advised_answer_html(answer: Answer, number: int) -> str:
    """An answer with its cards, if it has any; what its statements cite has its anchor there."""
    if answer.advice is None:
        return answer_html(answer, number)
    said = dict.fromkeys(c.marker for statement in answer.statements for c in statement.citations)
    return answer_html(answer, number, advice=advice_part(Drawn(answer.advice, number, said)))


def numbered_as_drawn(given: CitedAdvice) -> CitedAdvice:
    """The same advice, its citations numbered 1, 2, 3 in the order in which a page shows them.

    What is in view at once comes first, then what the cards unfold, then what no card shows. Not for advice
    that is handed out with its receipt, which holds the numbers that it was made with.
    """
    drawn = Drawn(given, 0)
    for card in given.advice.cards[: given.advice.shown]:
        _face(card, drawn)
    _advised_against(drawn)
    advice_part(drawn)
    rest = sorted(citation.marker for citation in given.citations.values())
    places = {marker: place for place, marker in enumerate(dict.fromkeys((*drawn.seen, *rest)), start=1)}
    citations = {key: replace(c, marker=places[c.marker]) for key, c in given.citations.items()}
    return replace(given, citations=citations)


def _sequence(advice: Advice) -> str:
    if not advice.sequence:
        return ""
    items = "".join(
        f"<li><strong>{PART_WORDS[step.part]}</strong> {text_html(step.text)}</li>"
        for step in advice.sequence
    )
    return f'<h3>In this order</h3><p>{_advice()}</p><ol class="ea-steps">{items}</ol>'


def _advised_against(drawn: Drawn) -> str:
    advice = drawn.given.advice
    names = mechanism_names(advice)
    items = "".join(
        f"<li><strong>{text_html(names.get(item.mechanism_id, item.mechanism_id))}</strong>: "
        f"{text_html(item.because)} {drawn.chips(item.findings) or _ours('Our synthesis')}</li>"
        for item in advice.advise_against
    )
    return f'<h3>What to leave alone here</h3><ul class="ea-leave">{items}</ul>' if items else ""


def _deciding(advice: Advice) -> str:
    asked = advice.questions[:_FIRST]
    if not asked:
        return ""
    names = mechanism_names(advice)
    items = "".join(f"<li>{text_html(q.question.text)} {would_lead(q.would_lead, names)}</li>" for q in asked)
    if len(asked) == _FIRST:
        heading = "Two answers would change this advice"
    else:
        heading = "One answer would change this advice"
    return f'<h3>{heading}</h3><ul class="ea-ask">{items}</ul>'


def would_lead(leads: Mapping[str, str], names: Mapping[str, str]) -> str:
    """What would then stand first, if that depends on the answer."""
    if len(set(leads.values())) < 2:
        return ""
    told = "; ".join(
        f"{LEVEL_WORDS[FactorLevel(level)]}: {text_html(names.get(key, key))}" for level, key in leads.items()
    )
    return f'<span class="ea-from">What would then come first: {told}.</span>'
