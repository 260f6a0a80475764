"""Turns cited advice into a plan: one page for each mechanism chosen, with review dates from the start date.

Takes everything from the cards and the catalogue; writes no sentence about evidence of its own. The items are
those of the TIDieR template (Hoffmann and others, 2014, BMJ 348:g1687).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from assistant.domain.advice import ConditionMatch, MechanismCard, Part
from assistant.domain.answers import Citation, CitedAdvice
from assistant.domain.framework import Basis, Catalogue, FactorLevel, Study
from assistant.domain.plan import Measure, MechanismPlan, Plan, PlanLine, PlanSource, Review
from assistant.errors import InputError
from assistant.framework.cards import duration
from assistant.framework.plan_dates import ReviewDates, review_dates

MOST_PAGES = 4
_MOST_LINES = 2
_MOST_UNKNOWN = 1
"""Few, so that a page stays a page; the cards hold all of them."""
_LONGEST_TITLE = 72
_LONGEST_SITUATION = 240
_PARTS = {Part.START: "to start it", Part.CARRY: "to carry it", Part.TEND: "to tend it"}
_LEVELS = {FactorLevel.LOW: "low", FactorLevel.MID: "in between", FactorLevel.HIGH: "high"}
_EFFORT = {"low": "Low", "med": "Medium", "high": "High"}


def make_plan(
    given: CitedAdvice, catalogue: Catalogue, *, start: date, mechanisms: Sequence[str] = ()
) -> Plan:
    """A plan for the mechanisms named, in that order; with none named, for those of the advised sequence.

    Raises InputError if a mechanism is unknown, if more than `MOST_PAGES` are named, if there is nothing to
    plan, or if `start` is so late that the calendar ends.
    """
    cards = {card.mechanism_id: card for card in given.advice.cards}
    chosen = list(dict.fromkeys(mechanisms)) or _advised(given)
    unknown = [key for key in chosen if key not in cards]
    if unknown:
        raise InputError(
            f"There is no mechanism called {unknown[0]!r}.", hint="Take its id from the advice or its page."
        )
    if not chosen:
        raise InputError(
            "There is nothing to plan, because nothing is recommended here yet.",
            hint="Tell more of your situation, or choose a mechanism yourself.",
        )
    if len(chosen) > MOST_PAGES:
        raise InputError(f"A plan holds at most {MOST_PAGES} mechanisms.", hint="Choose fewer.")
    parts = {step.mechanism_id: _PARTS.get(step.part, "") for step in given.advice.sequence}
    try:
        pages = tuple(
            _page(cards[key], given, catalogue, start, parts.get(key, "") if len(chosen) > 1 else "")
            for key in chosen
        )
    except ValueError as error:
        raise InputError("The start date is too late to plan with.", hint="Give an earlier date.") from error
    return Plan(shortened(given.situation, _LONGEST_SITUATION), start, pages)


def _advised(given: CitedAdvice) -> list[str]:
    """The mechanisms of the sequence; failing that, the first card that is recommended."""
    advice = given.advice
    in_order = [step.mechanism_id for step in advice.sequence if step.mechanism_id]
    return in_order or [card.mechanism_id for card in advice.cards[: min(1, advice.shown)]]


class _Sources:
    """Numbers the sources of one page from 1, in the order in which they are first cited."""

    def __init__(self, given: CitedAdvice, catalogue: Catalogue) -> None:
        self._given = given
        self._catalogue = catalogue
        self._numbers: dict[str, int] = {}

    def cite(self, finding_ids: Iterable[str], *, most: int = 1) -> tuple[int, ...]:
        """Numbers of the first findings that may be shown, at most `most`."""
        citable = [key for key in dict.fromkeys(finding_ids) if key in self._given.citations]
        return tuple(self._numbers.setdefault(key, len(self._numbers) + 1) for key in citable[:most])

    def listed(self) -> tuple[PlanSource, ...]:
        """All that were cited, by number."""
        return tuple(
            PlanSource(number, key, self._study(self._given.citations[key]))
            for key, number in self._numbers.items()
        )

    def _study(self, citation: Citation) -> str:
        study = self._catalogue.studies.get(citation.study_id or "")
        return study_line(study) if study else citation.passage_id


def study_line(study: Study) -> str:
    """A study in one line: who, when, title (a long one cut), address."""
    authors = study.authors
    who = f"{authors[0]} and others" if len(authors) > 2 else " and ".join(authors)
    address = f" doi:{study.doi}" if study.doi else f" {study.url}" if study.url else ""
    title = shortened(study.title.rstrip("."), _LONGEST_TITLE)
    end = "" if title.endswith(("\u2026", "?")) else "."
    return f"{who} ({study.year or 'no date'}). {title}{end}{address}".lstrip()


def _page(
    card: MechanismCard, given: CitedAdvice, catalogue: Catalogue, start: date, part: str
) -> MechanismPlan:
    sources = _Sources(given, catalogue)
    dates = review_dates(start, card.effort.time_to_first_value)
    return MechanismPlan(
        mechanism_id=card.mechanism_id,
        name=card.name,
        part=part,
        what_it_is=card.what_it_is,
        why=_why(card, given, sources),
        against=_against(card, given, sources),
        find_out=_find_out(card, sources),
        materials=card.prerequisites,
        steps=card.first_steps,
        place_on_axes=_axes(card),
        effort=_EFFORT.get(card.effort.level, card.effort.level),
        cost=card.effort.reason,
        who_pays=card.effort.who_pays,
        first_value=duration(card.effort.time_to_first_value),
        left_out=card.left_out,
        failure_modes=card.failure_modes,
        measures=_measures(card, dates),
        reviews=_reviews(card, dates),
        sources=sources.listed(),
    )


def _why(card: MechanismCard, given: CitedAdvice, sources: _Sources) -> tuple[PlanLine, ...]:
    """Conditions that hold here, best evidence first; then findings in its favour, word for word."""
    met = sorted(card.met, key=lambda match: match.basis is not Basis.EVIDENCE)
    lines = [_condition(match, sources) for match in met[:_MOST_LINES]]
    if card.like_situation:
        lines.append(PlanLine("Your situation is like those it is known to suit.", Basis.SYNTHESIS))
    behind = {key for match in card.met for key in match.findings}
    others = [key for key in card.supporting_findings if key not in behind and key in given.citations]
    lines += [_finding(key, given, sources) for key in others[: 0 if lines else 1]]
    return tuple(lines[:_MOST_LINES])


def _against(card: MechanismCard, given: CitedAdvice, sources: _Sources) -> tuple[PlanLine, ...]:
    """Conditions that stand in its way here, what it lacks, and the first negative or mixed finding."""
    negative = [key for key in card.negative_findings if key in given.citations][:1]
    stand = (*card.against, *card.unmet)[: _MOST_LINES - len(negative)]
    lines = [_condition(match, sources) for match in stand]
    return (*lines, *(_finding(key, given, sources) for key in negative))


def _find_out(card: MechanismCard, sources: _Sources) -> tuple[PlanLine, ...]:
    """Conditions nothing is known of; those against it first, since they can sink it."""
    order = sorted(card.unknown, key=lambda match: match.favours)
    return tuple(_open_condition(match, sources) for match in order[:_MOST_UNKNOWN])


def _condition(match: ConditionMatch, sources: _Sources) -> PlanLine:
    level = _LEVELS[match.state] if match.state else "not known"
    text = f"{match.factor_name}: {level} here. {_sentence(match.why)}"
    return _line(text, match, sources)


def _open_condition(match: ConditionMatch, sources: _Sources) -> PlanLine:
    sign = "for" if match.favours else "against"
    text = f"{match.factor_name}: if {match.direction}, that speaks {sign} it ({match.why.rstrip('.')})."
    return _line(text, match, sources)


def _line(text: str, match: ConditionMatch, sources: _Sources) -> PlanLine:
    cited = sources.cite(match.findings) if match.basis is Basis.EVIDENCE else ()
    return PlanLine(text, match.basis, cited)


def _finding(key: str, given: CitedAdvice, sources: _Sources) -> PlanLine:
    return PlanLine(given.citations[key].quote, Basis.EVIDENCE, sources.cite([key]))


def _axes(card: MechanismCard) -> str:
    lies = card.spectrum
    formal = _end(lies.formality, "informal", "formal")
    origin = _end(lies.origin, "from inside", "from outside")
    return f"{formal[:1].upper()}{formal[1:]}, set going {origin}."


def _end(value: float, low: str, high: str) -> str:
    """The words for a place between two ends, from 0 to 1."""
    if 0.4 <= value <= 0.6:
        return f"half {low}, half {high}"
    mostly = "" if value < 0.2 or value > 0.8 else "mostly "
    return f"{mostly}{high if value > 0.5 else low}"


def _measures(card: MechanismCard, dates: ReviewDates) -> tuple[Measure, ...]:
    signs = card.indicators
    early = [Measure(s, True, dates.first_look, signs.leading_collected_by) for s in signs.leading[:2]]
    later = [Measure(s, False, dates.lasting, signs.lagging_collected_by) for s in signs.lagging[:1]]
    return (*early, *later)


def _reviews(card: MechanismCard, dates: ReviewDates) -> tuple[Review, ...]:
    """What to decide on each date; the second is the way out."""
    early = card.indicators.leading[0] if card.indicators.leading else "the early sign you agreed on"
    nothing = f"if nothing shows on \u201c{early.lower()}\u201d, change it or stop it without blame."
    return (
        Review(dates.first_look, "Are the steps under way? Are there early signs?"),
        Review(dates.decide, f"Go on, change it or stop: {nothing}"),
        Review(dates.lasting, "What lasted? Look at the later sign."),
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def shortened(text: str, longest: int) -> str:
    """The first words of a text that is longer than that many characters, cut between words and marked."""
    words = " ".join(text.split())
    return words if len(words) <= longest else f"{words[:longest].rsplit(' ', 1)[0]} \u2026"
