"""What advice is made of: readings of conditions, profiles, cards, counts. Values only.

A profile never holds a factor that nobody spoke of; a card never holds a citation that is not a finding's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.domain.documents import Span
from assistant.domain.framework import Basis, Effort, FactorLevel, Indicators, Question, Spectrum


class Source(StrEnum):
    """How a reading came about. What somebody answered outranks what was read from words."""

    WORDS = "words"
    ANSWER = "answer"
    CORRECTION = "correction"


class Verdict(StrEnum):
    """What sort of result a piece of advice is; all three are valid."""

    RECOMMENDED = "recommended"
    NONE_WARRANTED = "none_warranted"
    NOT_ENOUGH_KNOWN = "not_enough_known"


class Standing(StrEnum):
    """How one mechanism stands in one situation, from what was told of it alone."""

    FITS = "fits"
    DOUBTFUL = "doubtful"
    AGAINST = "against"
    OPEN = "open"
    """Nothing that was told speaks for it or against it."""


class Part(StrEnum):
    """What a step of a sequence is for."""

    START = "start"
    CARRY = "carry"
    TEND = "tend"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionReading:
    """One factor at one level, and what that rests on."""

    factor: str
    state: FactorLevel
    because: tuple[str, ...]
    """The words it was read from, as they stand in the text; or the answer that was given."""
    confidence: float
    """From 0 to 1. Judgement, for weighing and ordering; not a probability."""
    value: float
    """From -1 (low) to 1 (high): how far towards an end the words lean."""
    source: Source = Source.WORDS
    spans: tuple[Span, ...] = ()
    """Where `because` stands, in characters of the text; empty unless read from words."""
    note: str = ""
    """One sentence for the reader where the reading needs one, for example on two partners who differ."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a situation: readings by factor. A factor that is not in it is unknown."""

    readings: Mapping[str, ConditionReading] = field(default_factory=dict)

    def state(self, factor_id: str) -> FactorLevel | None:
        """The level read for a factor, or None where nothing was read."""
        reading = self.readings.get(factor_id)
        return reading.state if reading else None

    def pull(self, factor_id: str) -> float:
        """Value times confidence, from -1 to 1; 0.0 for a factor nothing is known of."""
        reading = self.readings.get(factor_id)
        return reading.value * reading.confidence if reading else 0.0

    def with_reading(self, reading: ConditionReading) -> Profile:
        """The same profile with one reading put in or put right."""
        return replace(self, readings={**self.readings, reading.factor: reading})

    def without(self, factor_id: str) -> Profile:
        """The same profile with one factor unknown again."""
        return replace(self, readings={k: r for k, r in self.readings.items() if k != factor_id})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionMatch:
    """One condition of a mechanism held against a profile."""

    factor: str
    factor_name: str
    direction: str
    """high or low: the level at which the condition is met."""
    favours: bool
    """True for a condition that favours the mechanism, False for one that hinders it."""
    why: str
    basis: Basis
    findings: tuple[str, ...]
    """Ids of the findings behind it, firm links first; empty for our synthesis."""
    firm: bool
    """True if for some finding behind it both coders linked the mechanism or the factor."""
    state: FactorLevel | None
    """What was read; None if unknown."""
    because: tuple[str, ...]
    """The words or the answer it was read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismCard:
    """One mechanism held against one situation. Every list is complete, in the catalogue's order."""

    rank: int
    mechanism_id: str
    name: str
    what_it_is: str
    spectrum: Spectrum
    met: tuple[ConditionMatch, ...]
    """Favouring conditions that hold here."""
    unmet: tuple[ConditionMatch, ...]
    """Favouring conditions that are known not to hold here."""
    against: tuple[ConditionMatch, ...]
    """Hindering conditions that hold here."""
    cleared: tuple[ConditionMatch, ...]
    """Hindering conditions that are known not to hold here."""
    unknown: tuple[ConditionMatch, ...]
    """Conditions on factors nothing is known of, or whose reading lies in the middle."""
    negative_findings: tuple[str, ...]
    """Ids of cautionary findings, shown unasked; those behind a condition against come first."""
    supporting_findings: tuple[str, ...]
    """Ids of findings behind conditions met, then others that support it, firm links first."""
    prerequisites: tuple[str, ...]
    first_steps: tuple[str, ...]
    effort: Effort
    failure_modes: tuple[str, ...]
    exit: str
    indicators: Indicators
    left_out: str
    """Who is left out, and what to add."""
    transfer: str
    """Where the evidence comes from, and what may not carry over."""
    evidence_note: str
    like_situation: bool
    """True if the situation resembles ones this mechanism is known to suit. Judgement, never evidence."""
    next_best: str = ""
    """Why the mechanism ranked after this one came after it."""
    score: float = field(default=0.0, repr=False)
    """For ordering only and never shown: weights are judgement."""

    @property
    def standing(self) -> Standing:
        """Whether what was told speaks for this mechanism, against it, both or neither."""
        speaks_for = len(self.met) + self.like_situation
        if not self.against:
            return Standing.FITS if speaks_for else Standing.OPEN
        return Standing.AGAINST if len(self.against) > speaks_for else Standing.DOUBTFUL


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a sequence; `mechanism_id` is None for a review point."""

    part: Part
    mechanism_id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class AdviceAgainst:
    """A mechanism that does not fit here, and why."""

    mechanism_id: str
    because: str
    factor: str | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecidingQuestion:
    """A diagnostic question whose answer would change the first three mechanisms."""

    question: Question
    factor: str
    changes: float
    """Mean number of places among the first three that change, over its answers; 0 to 3."""
    would_lead: Mapping[str, str]
    """Level answered to the id of the mechanism that would then stand first."""
    would_show: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Level answered to the ids of the first three mechanisms then, best first."""


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """The one mechanism that a question doubts, and the plain answer to that doubt."""

    mechanism_id: str
    standing: Standing
    because: str
    """A sentence or two for the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Everything that is advised on one situation. Same input, same value."""

    verdict: Verdict
    because: str
    """One sentence for the reader."""
    profile: Profile
    cards: tuple[MechanismCard, ...]
    """All mechanisms, best first, but for one that was asked about, which stands in front; show `shown`."""
    shown: int
    sequence: tuple[Step, ...]
    advise_against: tuple[AdviceAgainst, ...]
    questions: tuple[DecidingQuestion, ...]
    """Answers that would change this advice most, most first."""
    place: Place | None = None
    """Where the described relationship lies, if the words say."""

    asked: AskedAbout | None = None
    """What was asked about, if a question doubts one mechanism; its card is then the first."""

    def note_on(self, card: MechanismCard) -> str:
        """What a reader must know of a card's place where one mechanism was asked about; else empty."""
        if self.asked is None:
            return ""
        if card.mechanism_id == self.asked.mechanism_id:
            return self.asked.because
        return "An alternative to what you asked about."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a relationship lies on the two axes, from 0 (informal; internal) to 1 (formal; external)."""

    formality: float
    origin: float
    quadrant: str
    because: tuple[str, ...]
    confidence: float
    """From 0 to 1, how clearly the words point to one quarter. Judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachQuery:
    """What a counting question counts: None leaves that side open. All given sides must hold."""

    mechanism: str | None = None
    factor: str | None = None
    level: str | None = None
    polarity: str | None = None
    place: str | None = None
    """Words of a study's setting or sample, matched whole, in any case."""
    dissent: bool = False
    """True if the question asks who disagrees."""
    beyond: tuple[str, ...] = ()
    """Words of the question that the count does not cover; say so where there are any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachCount:
    """How far something reaches in the coded findings. Exact; never from a list of search results."""

    query: ReachQuery
    findings: tuple[str, ...]
    """Ids that were counted, in the order of the catalogue."""
    studies: tuple[str, ...]
    groups: tuple[str, ...]
    """Evidence groups: studies of one body of data count once here."""
    firm: int
    """How many of the findings both coders linked to what was asked."""
    by_polarity: Mapping[str, int]
    negative: tuple[str, ...]
    """Ids that caution or are mixed."""
    participants: int | None
    """People behind the groups whose number is recorded; None if it is recorded for none of them."""
    groups_with_participants: int
    places: Mapping[str, int]
    """Setting as recorded to number of studies."""
    unread: tuple[str, ...]
    """Ids of studies on the same matter whose results could not be read; not counted."""
