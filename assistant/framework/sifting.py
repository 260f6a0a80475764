"""Which studies and findings a filter keeps, how far they reach, and what points to each finding. Pure.

Counts come from `reach` over the whole catalogue; what is shown and what is counted follow the same filter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.domain.advice import ReachCount, ReachQuery
from assistant.domain.atlas import NOT_NAMED, CitedAs, EvidenceChoices, EvidenceFilter, Head, Use
from assistant.domain.framework import Catalogue, Condition, Finding, Mechanism, Polarity, Study
from assistant.framework.people import people_by_group
from assistant.framework.reach import codings, count, in_place, matches

CONSTRUCTED = "constructed"
_ABOUT_FINDINGS = ("factor", "level", "polarity", "kind", "finding", "words")
"""Sides that a study without findings can never meet."""


def kept_findings(asked: EvidenceFilter, catalogue: Catalogue) -> tuple[Finding, ...]:
    """Every finding that meets a filter, counted or not, in the order of the catalogue. Ignores `words`."""
    query = _query(asked)
    return tuple(
        finding
        for finding in catalogue.findings.values()
        if finding.study_id in catalogue.studies
        and matches(finding, query, catalogue)
        and _meets(finding, asked, catalogue)
    )


def unread_kept(asked: EvidenceFilter, catalogue: Catalogue) -> tuple[Study, ...]:
    """Studies whose results could not be read and that meet a filter; none if it asks about findings."""
    if any(getattr(asked, side) for side in _ABOUT_FINDINGS) or asked.mechanism == NOT_NAMED:
        return ()
    return tuple(
        study
        for study in catalogue.studies.values()
        if not study.results_seen
        and study.status != CONSTRUCTED
        and (not asked.mechanism or asked.mechanism in study.tags)
        and (not asked.place or in_place(study, asked.place))
        and _study_meets(study, asked)
    )


def reach_of(asked: EvidenceFilter, catalogue: Catalogue) -> ReachCount:
    """How far what a filter keeps reaches, exactly. Our own inferences and other fields never count."""
    reach = count(
        _query(asked),
        catalogue,
        participants=people_by_group(catalogue.studies.values()),
        among=lambda finding: _meets(finding, asked, catalogue),
    )
    unread = {study.id for study in unread_kept(asked, catalogue)}
    return replace(reach, unread=tuple(key for key in reach.unread if key in unread))


def _query(asked: EvidenceFilter) -> ReachQuery:
    def named(value: str) -> str | None:
        return None if value in ("", NOT_NAMED) else value

    return ReachQuery(
        mechanism=named(asked.mechanism),
        factor=named(asked.factor),
        level=named(asked.level),
        polarity=named(asked.polarity),
        place=asked.place or None,
    )


def _meets(finding: Finding, asked: EvidenceFilter, catalogue: Catalogue) -> bool:
    """What a query of reach cannot say: nothing named, kind, year, field, one study, one finding."""
    return (
        (asked.mechanism != NOT_NAMED or not finding.mechanisms)
        and (asked.factor != NOT_NAMED or not finding.factors)
        and (asked.level != NOT_NAMED or not any(coding.level for coding in codings(finding)))
        and (not asked.kind or finding.kind == asked.kind)
        and (not asked.finding or finding.id == asked.finding)
        and _study_meets(catalogue.studies[finding.study_id], asked)
    )


def _study_meets(study: Study, asked: EvidenceFilter) -> bool:
    since, until = _year(asked.since), _year(asked.until)
    return (
        (not asked.study or study.id == asked.study)
        and (not asked.domain or study.domain == asked.domain)
        and (since is None or (study.year is not None and study.year >= since))
        and (until is None or (study.year is not None and study.year <= until))
    )


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def known(asked: EvidenceFilter, choices: EvidenceChoices, catalogue: Catalogue) -> EvidenceFilter:
    """The same filter with every side that names nothing we hold left open. Words are kept as they are."""
    lists = {
        "mechanism": choices.mechanism,
        "factor": choices.factor,
        "level": choices.level,
        "polarity": choices.polarity,
        "kind": choices.kind,
        "place": choices.place,
        "since": choices.year,
        "until": choices.year,
        "domain": choices.domain,
    }
    allowed: dict[str, set[str]] = {side: {head.id for head in heads} for side, heads in lists.items()}
    allowed |= {"study": set(catalogue.studies), "finding": set(catalogue.findings)}
    wrong = {side: "" for side, ids in allowed.items() if (v := getattr(asked, side)) and v not in ids}
    return replace(asked, **wrong)


def choices_of(catalogue: Catalogue) -> EvidenceChoices:
    """What can be chosen on each side of a filter, in the order in which a reader looks for it."""
    framework = catalogue.framework
    mechanisms = sorted((Head(m.id, m.name) for m in catalogue.mechanisms.values()), key=_by_name)
    studies = [study for study in catalogue.studies.values() if study.status != CONSTRUCTED]
    years = sorted({study.year for study in studies if study.year}, reverse=True)
    return EvidenceChoices(
        mechanism=(*mechanisms, Head(NOT_NAMED, "No mechanism named")),
        factor=(
            *(Head(f.id, f.name) for f in (framework.factors if framework else ())),
            Head(NOT_NAMED, "No factor named"),
        ),
        level=(
            *(Head(lv.id, lv.name) for lv in (framework.levels if framework else ())),
            Head(NOT_NAMED, "No level named"),
        ),
        polarity=tuple(Head(p.value, _POLARITY_NAMES[p]) for p in Polarity),
        kind=(Head("reported", "Reported by a study"), Head("inference", "Our reading of a study")),
        place=tuple(Head(place, place[:1].upper() + place[1:]) for place in _places(studies)),
        year=tuple(Head(str(year), str(year)) for year in years),
        domain=tuple(Head(name, _domain_name(name)) for name in sorted({study.domain for study in studies})),
    )


_POLARITY_NAMES = {
    Polarity.SUPPORTS: "Supports",
    Polarity.CAUTIONS: "Cautions",
    Polarity.MIXED: "Mixed",
    Polarity.CONTEXT: "Background",
}


def _by_name(head: Head) -> str:
    return head.name.lower()


def _places(studies: Sequence[Study]) -> list[str]:
    """The first places that settings name, without those that another one covers; and `international`."""
    heads = {(study.setting or "").split(";")[0].split(",")[0] for study in studies}
    named = {part.strip() for head in heads for part in head.split(" and ")}
    places = {place for place in named if place[:1].isupper()}
    apart = [place for place in places if not any(place.startswith(f"{other} ") for other in places)]
    return [*sorted(apart), *(["international"] if "international" in named else [])]


def _domain_name(domain: str) -> str:
    first, *rest = domain.split("-")
    return " ".join((first.upper() if len(first) < 3 else first.capitalize(), *rest))


def uses(catalogue: Catalogue) -> Mapping[str, tuple[Use, ...]]:
    """Everything that points to each finding: conditions, evidence lists, factors, the framework."""
    found: dict[str, list[Use]] = defaultdict(list)
    for keys, use in _pointers(catalogue):
        for key in keys:
            found[key].append(use)
    return {key: tuple(dict.fromkeys(told)) for key, told in found.items()}


def _pointers(catalogue: Catalogue) -> Iterator[tuple[Sequence[str], Use]]:
    names = {f.id: f.name for f in catalogue.framework.factors} if catalogue.framework else {}
    for mechanism in catalogue.mechanisms.values():
        yield from _mechanism_pointers(mechanism, names)
    for boundary in catalogue.boundaries:
        yield boundary.related, Use(CitedAs.BOUNDARY, "A question that cannot be answered", boundary.says)
    framework = catalogue.framework
    if framework is None:
        return
    for factor in framework.factors:
        yield (*factor.evidence, *_one(factor.named_by)), Use(CitedAs.FACTOR, factor.name)
    for level in framework.levels:
        yield level.support, Use(CitedAs.LEVEL, level.name)
    for role in framework.roles:
        yield _one(role.named_by), Use(CitedAs.FRAMEWORK, "Role of a factor", role.name)
    for dynamic in (*framework.dynamics, *framework.interplay):
        yield dynamic.support, Use(CitedAs.FRAMEWORK, "How relationships develop", dynamic.statement)
    yield _one(framework.axes_named_by), Use(CitedAs.FRAMEWORK, "The two axes of the spectrum")


def _mechanism_pointers(
    mechanism: Mechanism, names: Mapping[str, str]
) -> Iterator[tuple[Sequence[str], Use]]:
    conditions: tuple[tuple[CitedAs, tuple[Condition, ...]], ...] = (
        (CitedAs.FAVOURS, mechanism.favoured_by),
        (CitedAs.HINDERS, mechanism.hindered_by),
    )
    for how, given in conditions:
        for condition in given:
            detail = f"{names.get(condition.factor, condition.factor)}, {condition.direction}"
            yield condition.support, Use(how, mechanism.name, detail)
    for how, keys in (
        (CitedAs.SUPPORTING, mechanism.supporting_findings),
        (CitedAs.CAUTIONARY, mechanism.cautionary_findings),
        (CitedAs.CONTEXT, mechanism.context_findings),
    ):
        yield keys, Use(how, mechanism.name)


def _one(key: str | None) -> tuple[str, ...]:
    return (key,) if key else ()
