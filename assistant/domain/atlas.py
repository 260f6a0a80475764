"""What the gap map and the evidence browser are made of: cells, filters, entries. Values only.

A cell counts bodies of evidence, never findings or papers twice. Nothing here holds the words of a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from assistant.domain.advice import ReachCount
from assistant.domain.framework import Finding, Study

NOT_NAMED = "none"
"""Stands for "no mechanism" or "no factor" where a finding is linked to none."""


class Side(StrEnum):
    """What the columns of a map are."""

    FACTOR = "factor"
    LEVEL = "level"


class CellState(StrEnum):
    """What is known at one crossing of the map."""

    SUPPORTED = "supported"
    """At least one finding speaks in favour."""
    NOT_SUPPORTED = "not_supported"
    """Studied, and no finding speaks in favour: not the same as never studied."""
    UNREAD = "unread"
    """No finding, but a study on the mechanism exists whose results could not be read."""
    EMPTY = "empty"
    """No study."""


@dataclass(frozen=True, slots=True)
class Head:
    """The name of a row or a column."""

    id: str
    name: str
    group: str = ""
    """What it belongs to: for a factor, the name of its level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCell:
    """One crossing of a mechanism and a factor or level. `None` as row or column stands for all of them."""

    mechanism: str | None
    column: str | None
    findings: tuple[str, ...]
    groups: tuple[str, ...]
    """Bodies of evidence, each once."""
    by_polarity: Mapping[str, int]
    """Bodies of evidence by polarity; one body may speak both for and against, and then counts in both."""
    firm: int
    """Bodies of evidence in which both coders made this link for at least one and the same finding."""
    without_effect: tuple[str, ...]
    """Findings whose own words say that an effect was looked for and not found."""
    unread: tuple[str, ...]
    """Studies on the mechanism whose results could not be read."""
    asked: int = 0
    """How many questions on this were not answered."""

    @property
    def tentative(self) -> int:
        """Bodies of evidence that only one of the two coders linked."""
        return len(self.groups) - self.firm

    @property
    def state(self) -> CellState:
        """What is known here."""
        if self.groups:
            return CellState.SUPPORTED if self.by_polarity.get("supports") else CellState.NOT_SUPPORTED
        return CellState.UNREAD if self.unread else CellState.EMPTY


@dataclass(frozen=True, slots=True)
class MapRow:
    """All cells of one mechanism; `whole` is the mechanism over all columns."""

    head: Head
    whole: MapCell
    cells: tuple[MapCell, ...]


@dataclass(frozen=True, slots=True)
class GapMap:
    """The whole map. What is linked to no mechanism or no factor has a last row or column."""

    side: Side
    columns: tuple[Head, ...]
    rows: tuple[MapRow, ...]
    findings: int
    groups: int
    asked: int
    """Unanswered questions noted, over all pairs of mechanism and factor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFilter:
    """What the browser shows; an empty string leaves that side open. All given sides must hold."""

    mechanism: str = ""
    """An id, or `NOT_NAMED`. A link that either coder made counts."""
    factor: str = ""
    level: str = ""
    polarity: str = ""
    kind: str = ""
    place: str = ""
    """Words of a study's setting or sample, matched whole, in any case."""
    since: str = ""
    """First year, as digits."""
    until: str = ""
    domain: str = ""
    study: str = ""
    finding: str = ""
    words: str = ""
    """Free text: the findings nearest to it are kept, nearest first."""

    def given(self) -> dict[str, str]:
        """The sides that are not left open, by name."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name))}


class CitedAs(StrEnum):
    """How something of ours uses a finding."""

    FAVOURS = "favours"
    HINDERS = "hinders"
    SUPPORTING = "supporting"
    CAUTIONARY = "cautionary"
    CONTEXT = "context"
    FACTOR = "factor"
    LEVEL = "level"
    FRAMEWORK = "framework"
    BOUNDARY = "boundary"


@dataclass(frozen=True, slots=True)
class Use:
    """One place that points to a finding: a mechanism's condition or list, a factor, the framework."""

    how: CitedAs
    name: str
    """Of the mechanism, factor or level, in words."""
    detail: str = ""
    """For a condition: the factor it is about, and its level; else what is said there, if anything."""


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """A finding with everything that rests on it."""

    finding: Finding
    counted: bool
    """False for our own inferences and for what lies in another field: shown, never counted."""
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class StudyEntry:
    """A study's record with those of its findings that were asked for."""

    study: Study
    findings: tuple[FindingEntry, ...]
    others: int
    """Findings of the same study that the filter left out."""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """What a filter finds, a page of it, and how far it reaches."""

    filter: EvidenceFilter
    studies: tuple[StudyEntry, ...]
    """One page of them."""
    page: int
    """From 1."""
    pages: int
    found_studies: int
    found_findings: int
    reach: ReachCount | None
    """Exact; None where words were searched for, since a search lists what is nearest and counts nothing."""
    unknown: tuple[str, ...] = ()
    """Sides of the filter that named something that does not exist, and were left open."""


@dataclass(frozen=True, slots=True)
class EvidenceChoices:
    """What can be chosen on each side of a filter, as (id, name)."""

    mechanism: tuple[Head, ...]
    factor: tuple[Head, ...]
    level: tuple[Head, ...]
    polarity: tuple[Head, ...]
    kind: tuple[Head, ...]
    place: tuple[Head, ...]
    year: tuple[Head, ...]
    domain: tuple[Head, ...]
