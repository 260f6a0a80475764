"""Counts how far something reaches in the coded findings: studies, bodies of evidence, places, dissent.

Exact, over the whole catalogue, never over a list of search results. Constructed examples, studies of another
domain, our own inferences and studies whose results could not be read never count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from assistant.domain.advice import ReachCount, ReachQuery
from assistant.domain.framework import Catalogue, Coding, Finding, Polarity, Study

NEGATIVE = (Polarity.CAUTIONS, Polarity.MIXED)
_CONSTRUCTED = "constructed"
_INFERENCE = "inference"
_OUT_OF_DOMAIN = "out-of-domain"


def count(
    query: ReachQuery,
    catalogue: Catalogue,
    *,
    participants: Mapping[str, int] | None = None,
    among: Callable[[Finding], bool] | None = None,
) -> ReachCount:
    """How far what is asked reaches. A link that either coder made counts; `firm` says how many both made.

    `among` narrows what is counted further, by what a query cannot say. `participants` maps evidence groups
    to a recorded number of people; without it none is given, since a number read out of prose would be a
    guess.
    """
    found = [
        finding
        for finding in counted(catalogue)
        if matches(finding, query, catalogue) and (among is None or among(finding))
    ]
    studies = list(dict.fromkeys(finding.study_id for finding in found))
    groups = list(dict.fromkeys(catalogue.studies[key].evidence_group for key in studies))
    people = [participants[group] for group in groups if participants and group in participants]
    polarities = Counter(finding.polarity for finding in found)
    return ReachCount(
        query=query,
        findings=tuple(finding.id for finding in found),
        studies=tuple(studies),
        groups=tuple(groups),
        firm=sum(_firm(finding, query) for finding in found),
        by_polarity={p.value: polarities[p.value] for p in Polarity},
        negative=tuple(finding.id for finding in found if finding.polarity in NEGATIVE),
        participants=sum(people) if people else None,
        groups_with_participants=len(people),
        places=dict(Counter(catalogue.studies[key].setting or "not stated" for key in studies)),
        unread=_unread(query, catalogue),
    )


def counted(catalogue: Catalogue) -> tuple[Finding, ...]:
    """Every finding that may be counted, in the order of the catalogue."""
    return tuple(
        finding
        for finding in catalogue.findings.values()
        if finding.kind != _INFERENCE
        and finding.subject != _OUT_OF_DOMAIN
        and finding.study_id in catalogue.studies
        and _countable(catalogue.studies[finding.study_id], catalogue)
    )


def _countable(study: Study, catalogue: Catalogue) -> bool:
    return study.status != _CONSTRUCTED and study.results_seen and _in_domain(study, catalogue)


def _in_domain(study: Study, catalogue: Catalogue) -> bool:
    """True if a study is of the framework's own domain; without a framework every domain counts."""
    framework = catalogue.framework
    source = catalogue.studies.get(framework.source_study) if framework else None
    return source is None or study.domain == source.domain


def matches(finding: Finding, query: ReachQuery, catalogue: Catalogue) -> bool:
    """True if a finding, whether it may be counted or not, has all that a query names."""
    return (
        (query.mechanism is None or query.mechanism in finding.mechanisms)
        and (query.factor is None or query.factor in finding.factors)
        and (query.level is None or any(coding.level == query.level for coding in codings(finding)))
        and (query.polarity is None or finding.polarity == query.polarity)
        and (query.place is None or in_place(catalogue.studies[finding.study_id], query.place))
    )


def in_place(study: Study, place: str) -> bool:
    """True if a study's setting or sample holds the words of a place, whole and in any case."""
    told = f"{study.setting or ''} {study.sample or ''}"
    return bool(re.search(rf"\b{re.escape(place)}\b", told, re.IGNORECASE))


def codings(finding: Finding) -> tuple[Coding, ...]:
    """How a finding was coded: by one person or by two."""
    return (finding.coding, finding.second_coding) if finding.second_coding else (finding.coding,)


def _firm(finding: Finding, query: ReachQuery) -> bool:
    """True if both coders made every link that was asked for."""
    return (
        (query.mechanism is None or finding.mechanism_weight(query.mechanism) == 1.0)
        and (query.factor is None or finding.factor_weight(query.factor) == 1.0)
        and (
            query.level is None
            or (finding.second_coding is not None and all(c.level == query.level for c in codings(finding)))
        )
    )


def unread_studies(catalogue: Catalogue, *, mechanism: str) -> tuple[str, ...]:
    """Studies on a mechanism that exist but whose results could not be read."""
    return _unread(ReachQuery(mechanism=mechanism), catalogue)


def _unread(query: ReachQuery, catalogue: Catalogue) -> tuple[str, ...]:
    """Studies on what is asked that exist but whose results could not be read."""
    asked = [name for name in (query.mechanism, query.factor) if name]
    unread = [
        study
        for study in catalogue.studies.values()
        if not study.results_seen and study.status != _CONSTRUCTED and _in_domain(study, catalogue)
    ]
    linked = {
        finding.study_id
        for finding in catalogue.findings.values()
        if all(name in (*finding.mechanisms, *finding.factors) for name in asked)
    }
    return tuple(
        study.id
        for study in unread
        if (not asked or study.id in linked or all(name in study.tags for name in asked))
        and (query.place is None or in_place(study, query.place))
    )
