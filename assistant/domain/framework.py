"""The ideas of the studies as values: studies, findings, factors, mechanisms and the catalogue of them all.

No I/O and no judgement: what a researcher wrote in `corpus/`, checked elsewhere, frozen here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FactorLevel(StrEnum):
    """How much of a factor is present. Whether much is good says `Factor.desirable`."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


class Polarity(StrEnum):
    """What a finding says to a reader who considers the mechanisms it names."""

    SUPPORTS = "supports"
    CAUTIONS = "cautions"
    MIXED = "mixed"
    CONTEXT = "context"


class Basis(StrEnum):
    """What a condition rests on. Only EVIDENCE may carry a citation."""

    EVIDENCE = "evidence"
    SYNTHESIS = "synthesis"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One published study or piece of grey literature, as it was seen."""

    id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str | None
    doi: str | None
    url: str | None
    licence: str | None
    study_design: str | None
    sample: str | None
    setting: str | None
    domain: str
    tags: tuple[str, ...]
    tier: str
    status: str
    peer_reviewed: bool
    strength: str | None
    verified: str | None
    evidence_group: str
    citable: bool
    notes: str | None = None

    @property
    def results_seen(self) -> bool:
        """False if the study exists but what it found could not be read."""
        return self.status != "results-not-seen"


@dataclass(frozen=True, slots=True)
class Relationship:
    """Where a finding's relationship lies on the two axes; each is one end, `both`, or unknown."""

    formality: str | None
    origin: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """One coder's reading of a finding, made without sight of the other's."""

    level: str | None
    factors: tuple[str, ...]
    role: str | None
    mechanisms: tuple[str, ...]
    polarity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that one study reported, or that we infer from it, in our own words."""

    id: str
    study_id: str
    domain: str
    statement: str
    subject: str
    """mechanism, evidence-base, model or out-of-domain."""
    kind: str
    """reported, or inference (ours, drawn from what was read)."""
    coding: Coding
    role_basis: str | None
    relationship: Relationship | None
    strength: str | None
    locator: str
    seen: str
    note: str | None = None
    second_coding: Coding | None = None
    asked_as: tuple[str, ...] = field(default=(), repr=False)

    @property
    def polarity(self) -> str:
        """The first coder's polarity; the weakest of the codes, so show the finding beside it."""
        return self.coding.polarity

    def factor_weight(self, factor_id: str) -> float:
        """1.0 if both coders linked the factor, 0.5 if one did, else 0.0."""
        return _agreement(
            factor_id, self.coding.factors, self.second_coding.factors if self.second_coding else ()
        )

    def mechanism_weight(self, mechanism_id: str) -> float:
        """1.0 if both coders linked the mechanism, 0.5 if one did, else 0.0."""
        second = self.second_coding.mechanisms if self.second_coding else ()
        return _agreement(mechanism_id, self.coding.mechanisms, second)

    @property
    def factors(self) -> tuple[str, ...]:
        """Every factor that either coder linked, the first coder's first."""
        return _union(self.coding.factors, self.second_coding.factors if self.second_coding else ())

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Every mechanism that either coder linked, the first coder's first."""
        return _union(self.coding.mechanisms, self.second_coding.mechanisms if self.second_coding else ())


def _agreement(code: str, first: tuple[str, ...], second: tuple[str, ...]) -> float:
    return ((code in first) + (code in second)) / 2


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return (*first, *(code for code in second if code not in first))


@dataclass(frozen=True, slots=True)
class Level:
    """One of the four levels of the framework."""

    id: str
    name: str
    definition: str
    definition_kind: str
    support: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What a factor does to a relationship: trigger, mandate, control, enable, or our added inhibit."""

    id: str
    name: str
    definition: str
    ask: str
    kind: str
    definition_kind: str
    named_by: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A diagnostic question with one answer text for each level of its factor."""

    id: str
    text: str
    answers: Mapping[str, str]
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A condition that shapes sharing, on one of the four levels."""

    id: str
    level: str
    name: str
    definition: str
    definition_kind: str
    why_it_matters: str
    roles: tuple[str, ...]
    roles_kind: str
    desirable: str
    questions: tuple[Question, ...]
    evidence: tuple[str, ...]
    named_by: str | None = None
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Lay remarks that suggest a level, by level. Retrieval aids, never shown as if someone had said them."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the two axes of the relationship spectrum, from 0 to 1."""

    id: str
    low: str
    high: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quadrant:
    """One quarter of the relationship spectrum."""

    id: str
    formality: str
    origin: str
    name: str
    definition: str
    example: str
    strengths: str
    risks: str
    watch: str
    kind: str
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dynamic:
    """A way in which relationships or factors act on one another."""

    id: str
    statement: str
    kind: str
    support: tuple[str, ...]
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The levels, roles, factors and axes, and how they act on one another."""

    source_study: str
    levels: tuple[Level, ...]
    roles: tuple[Role, ...]
    factors: tuple[Factor, ...]
    axes: tuple[Axis, ...]
    quadrant_cut: float
    quadrants: tuple[Quadrant, ...]
    dynamics: tuple[Dynamic, ...]
    interplay: tuple[Dynamic, ...]
    axes_named_by: str | None = None
    """The finding in which the study names the two axes."""

    def factor(self, factor_id: str) -> Factor:
        """The factor of that id. Raises KeyError if there is none."""
        for factor in self.factors:
            if factor.id == factor_id:
                return factor
        raise KeyError(factor_id)


@dataclass(frozen=True, slots=True)
class Condition:
    """A level of a factor that speaks for or against a mechanism."""

    factor: str
    direction: str
    """high or low: the level of the factor at which this condition is met."""
    why: str
    basis: Basis
    support: tuple[str, ...] = ()
    """Finding ids; empty whenever the basis is synthesis."""


@dataclass(frozen=True, slots=True)
class Spectrum:
    """A judgement of where a mechanism lies on the two axes."""

    formality: float
    origin: float
    quadrant: str
    rationale: str
    kind: str


@dataclass(frozen=True, slots=True)
class Effort:
    """What a mechanism costs the people who do it."""

    level: str
    reason: str
    time_to_first_value: str
    who_pays: str = ""
    """Who gives how many hours, and who bears their cost. Practice advice; empty in libraries of before."""


@dataclass(frozen=True, slots=True)
class Indicators:
    """Signs to watch: leading ones come early, lagging ones show lasting effect."""

    leading: tuple[str, ...]
    lagging: tuple[str, ...]
    leading_collected_by: str = ""
    """Who is best placed to collect the leading signs, and when; empty in libraries of before."""
    lagging_collected_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """A way in which organisations share what they know."""

    id: str
    name: str
    aka: tuple[str, ...]
    what_it_is: str
    spectrum: Spectrum
    favoured_by: tuple[Condition, ...]
    hindered_by: tuple[Condition, ...]
    prerequisites: tuple[str, ...]
    first_steps: tuple[str, ...]
    effort: Effort
    failure_modes: tuple[str, ...]
    indicators: Indicators
    evidence_note: str
    equity_note: str
    supporting_findings: tuple[str, ...]
    cautionary_findings: tuple[str, ...]
    context_findings: tuple[str, ...]
    text_kind: str
    situations: tuple[str, ...] = field(default=(), repr=False)
    """Cases in which a sound adviser would point to it. Retrieval aids, never evidence."""
    not_here: tuple[str, ...] = field(default=(), repr=False)
    """Cases in which it would be the wrong choice. Retrieval aids, never evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """Something people ask about that the evidence does not cover, so that the gate can say so plainly."""

    id: str
    kind: str
    """gap (sounds like the field, no finding), results_not_seen, out_of_domain, or personal_or_legal."""
    says: str
    """One sentence for the reader: what is missing, or what the assistant does not do."""
    instead: str
    """One sentence for the reader: who or what can help, or what can be asked here instead."""
    related: tuple[str, ...] = ()
    """Findings that come nearest without answering."""
    cues: tuple[str, ...] = ()
    """Words that, said in a question, speak for this boundary by themselves."""
    always: tuple[str, ...] = ()
    """Words that settle it whatever else is said, such as those of somebody in danger."""
    asked_as: tuple[str, ...] = field(default=(), repr=False)
    """Questions that lie beyond this boundary. Used to recognise them; never shown or cited."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that was coded: studies, findings and mechanisms by id, and the framework.

    `framework` is None for a collection that has none (an evaluator's own records).
    """

    studies: Mapping[str, Study] = field(default_factory=dict)
    findings: Mapping[str, Finding] = field(default_factory=dict)
    mechanisms: Mapping[str, Mechanism] = field(default_factory=dict)
    framework: Framework | None = None
    boundaries: tuple[Boundary, ...] = ()

    def study_of(self, finding_id: str) -> Study:
        """The study that reported a finding. Raises KeyError for an unknown finding."""
        return self.studies[self.findings[finding_id].study_id]
