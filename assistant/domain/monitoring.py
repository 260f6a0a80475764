"""What is kept over time: relationships, repeated diagnoses, trials of mechanisms, and how they changed.

Values only. People appear as roles or as hashes; a view of a pair never holds an individual answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assistant.domain.advice import Profile
from assistant.domain.framework import FactorLevel


class Strength(StrEnum):
    """How strong a relationship is, as its owner sees it."""

    WEAK = "weak"
    MIDDLING = "middling"
    STRONG = "strong"


class Sign(StrEnum):
    """Whether the leading sign of a mechanism that is being tried has appeared."""

    NOT_CHECKED = "not_checked"
    NOT_YET = "not_yet"
    APPEARED = "appeared"


class Agreement(StrEnum):
    """How two partners read one factor. Says nothing of what either answered."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_BOTH = "not_both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One relationship with a partner, as its owner describes it."""

    id: str = ""
    """Empty until it is stored."""
    partner: str
    kind: str = ""
    formality: float
    """From 0 (informal) to 1 (formal)."""
    origin: float
    """From 0 (started by the people themselves) to 1 (started from outside)."""
    since: date | None = None
    strength: Strength = Strength.MIDDLING
    product: str = ""
    """The record system or product that both use, if any."""
    purpose: str = ""
    holder: str = ""
    """The role of the person who holds the contact on our side; several with commas between."""
    ended: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOn:
    """Where a relationship lay on the two axes, and how strong it was, from a day on."""

    relationship_id: str
    day: date
    formality: float
    origin: float
    strength: Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where one relationship lay on two days; None for a day on which there was none."""

    relationship: Relationship
    before: PlaceOn | None
    after: PlaceOn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDiagnosis:
    """One diagnosis as it was saved. Never changed afterwards."""

    id: str = ""
    made_on: date
    label: str = ""
    answers: Mapping[str, FactorLevel] = field(default_factory=dict)
    """Question id to the level answered; questions that were skipped are not in it."""
    profile: Profile = field(default_factory=Profile)
    """What was read then, from answers, words and corrections together."""
    situation: str = ""
    shown: tuple[str, ...] = ()
    """Ids of the mechanisms that were recommended then, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A mechanism that is being tried, and whether its leading sign appeared."""

    id: str = ""
    mechanism_id: str
    started: date
    leading_sign: Sign = Sign.NOT_CHECKED
    checked_on: date | None = None
    note: str = ""
    ended: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorChange:
    """A factor that two diagnoses read differently; None where one of them knows nothing of it.

    `before` and `after` are equal if it moved within one level: then `value_after - value_before` tells how.
    """

    factor: str
    before: FactorLevel | None
    after: FactorLevel | None
    value_before: float = 0.0
    """From -1 (low) to 1 (high), weighed by how sure the reading was; 0 if unknown."""
    value_after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionShift:
    """A condition of a mechanism that stands differently, because its factor moved."""

    factor: str
    favours: bool
    """True for a condition that favours the mechanism, False for one that hinders it."""
    why: str
    held_before: bool | None
    """Whether the condition held; None if that was not known."""
    held_after: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceMove:
    """A mechanism that two diagnoses place differently: its rank in each, and the conditions behind it."""

    mechanism_id: str
    rank_before: int
    rank_after: int
    shifts: tuple[ConditionShift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisChange:
    """What moved between two diagnoses, what that changes in the advice; both advised by today's rules."""

    earlier: SavedDiagnosis
    later: SavedDiagnosis
    factors: tuple[FactorChange, ...]
    """Only those that moved, in the order of the framework."""
    advice_entered: tuple[str, ...] = ()
    """Ids of mechanisms now among the first that were not before."""
    advice_left: tuple[str, ...] = ()
    moves: tuple[AdviceMove, ...] = ()
    """For each mechanism that entered or left."""
    shown_before: int = 0
    """How many mechanisms are recommended on the earlier diagnosis; 0 if none is."""
    shown_after: int = 0
    words_changed: bool = False
    """True if the situation was told in other words: that alone can change the advice."""
    rules_changed: bool = False
    """True if today's rules give the earlier diagnosis other advice than was shown then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """How two partners read their relationship, factor by factor, without any individual answer."""

    code: str
    label: str
    opened_on: date
    answered: int
    """How many of the two have answered: 0, 1 or 2."""
    factors: Mapping[str, Agreement] = field(default_factory=dict)
    """Factor id to how they agree; empty until both have answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFault:
    """What is wrong in one cell of a table that was handed in, and what to do about it."""

    line: int
    """Line of the file, from 1, on which the row begins."""
    column: str
    """Name of the column; empty if the whole row is meant."""
    problem: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a table that was handed in. Where there are faults, nothing was kept."""

    added: int = 0
    changed: int = 0
    known: int = 0
    """Rows that were kept already, just as they are."""
    faults: tuple[CellFault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """One part of a monitoring report: sentences, then a table if it has rows."""

    heading: str
    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringReport:
    """What one person kept, as a document to print: plain text, in the order it is read."""

    title: str
    day: date
    sections: tuple[ReportSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Somebody who holds contacts, and with which partners."""

    holder: str
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Who depends on whom, from the relationships that have not ended."""

    partners: tuple[str, ...]
    ties: tuple[Tie, ...]
    """By holder, the one with most partners first."""
    unheld: tuple[str, ...]
    """Partners for whom no holder is named."""
    single: tuple[str, ...]
    """Partners that hang on one holder."""
    fewest: tuple[str, ...]
    """The smallest set of holders that together hold every partner with a named holder."""
    notes: tuple[str, ...]
    """What this means, in plain sentences, most pressing first."""
