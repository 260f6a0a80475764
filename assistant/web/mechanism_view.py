"""Gathers what the page shows of one mechanism: conditions, exact counts, each finding at its source."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.domain.advice import MechanismCard, Profile, ReachCount, ReachQuery
from assistant.domain.answers import Citation
from assistant.domain.framework import Catalogue, Mechanism, Polarity
from assistant.domain.reports import Source
from assistant.errors import InputError
from assistant.framework.cards import card
from assistant.framework.reach import count

if TYPE_CHECKING:
    from assistant.engine import Assistant


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismView:
    """One mechanism with everything that is said of it."""

    mechanism: Mechanism
    catalogue: Catalogue
    number: int
    """Of its dot on the picture."""
    card: MechanismCard
    """Held against a situation of which nothing is known: all of its conditions are open."""
    counts: Mapping[Polarity, ReachCount]
    findings: Mapping[Polarity, tuple[str, ...]]
    """Ids of every finding that either coder linked to it, by what they say."""
    citations: Mapping[str, Citation]
    """By finding id, only of those that may be shown; numbered in the order in which they are shown."""
    opened: Mapping[str, Source]
    """By passage id."""


def mechanism_view(assistant: Assistant, mechanism_id: str, number: int) -> MechanismView:
    """Everything on one mechanism. Raises KeyError for an unknown id."""
    catalogue = assistant.catalogue
    mechanism = catalogue.mechanisms[mechanism_id]
    held = card(mechanism, Profile(), catalogue, rank=1, score=0.0)
    counts = {p: count(ReachQuery(mechanism=mechanism_id, polarity=p.value), catalogue) for p in Polarity}
    findings = {p: _findings(mechanism_id, p, catalogue) for p in Polarity}
    behind = [key for match in held.unknown for key in match.findings]
    shown = dict.fromkeys((*behind, *(key for group in findings.values() for key in group)))
    sources = {key: source for key in shown if (source := _source(assistant, key, catalogue))}
    citations = {
        key: _citation(marker, key, source) for marker, (key, source) in enumerate(sources.items(), 1)
    }
    opened = {source.passage.id: source for source in sources.values()}
    return MechanismView(
        mechanism=mechanism,
        catalogue=catalogue,
        number=number,
        card=held,
        counts=counts,
        findings=findings,
        citations=citations,
        opened=opened,
    )


def _findings(mechanism_id: str, polarity: Polarity, catalogue: Catalogue) -> tuple[str, ...]:
    """Links that both coders made first."""
    linked = [
        f for f in catalogue.findings.values() if mechanism_id in f.mechanisms and f.polarity == polarity
    ]
    return tuple(f.id for f in sorted(linked, key=lambda f: -f.mechanism_weight(mechanism_id)))


def _source(assistant: Assistant, finding_id: str, catalogue: Catalogue) -> Source | None:
    """The stored words of a finding with their study; None if they may not be shown or are not there."""
    finding = catalogue.findings.get(finding_id)
    if finding is None:
        return None
    with suppress(InputError):
        source = assistant.source(f"{finding_id}:0-{len(finding.statement)}")
        passage = source.passage
        if passage.citable and not passage.constructed and passage.text == finding.statement:
            return source
    return None


def _citation(marker: int, finding_id: str, source: Source) -> Citation:
    passage = source.passage
    span = passage.span
    return Citation(marker, passage.id, finding_id, passage.study_id, passage.text, span.start, span.end)
