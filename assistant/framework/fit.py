"""Holds a mechanism's conditions against a profile, with the evidence behind them, and scores the fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.domain.advice import ConditionMatch, Profile
from assistant.domain.framework import Basis, Catalogue, Condition, FactorLevel, Mechanism
from assistant.framework.weights import ADVICE, AdviceWeights


@dataclass(frozen=True, slots=True)
class Fit:
    """A mechanism's conditions by how they stand, each list in the catalogue's order."""

    met: tuple[ConditionMatch, ...]
    unmet: tuple[ConditionMatch, ...]
    against: tuple[ConditionMatch, ...]
    cleared: tuple[ConditionMatch, ...]
    unknown: tuple[ConditionMatch, ...]


def fit(mechanism: Mechanism, profile: Profile, catalogue: Catalogue) -> Fit:
    """How each condition of a mechanism stands in a profile. A reading in the middle leaves it unknown."""
    matches = [match_condition(c, mechanism, profile, catalogue, favours=True) for c in mechanism.favoured_by]
    matches += [
        match_condition(c, mechanism, profile, catalogue, favours=False) for c in mechanism.hindered_by
    ]
    known = [match for match in matches if match.state in (FactorLevel.LOW, FactorLevel.HIGH)]
    holds = [match for match in known if match.state == match.direction]
    fails = [match for match in known if match.state != match.direction]
    return Fit(
        met=tuple(match for match in holds if match.favours),
        unmet=tuple(match for match in fails if match.favours),
        against=tuple(match for match in holds if not match.favours),
        cleared=tuple(match for match in fails if not match.favours),
        unknown=tuple(match for match in matches if match not in known),
    )


def match_condition(
    condition: Condition, mechanism: Mechanism, profile: Profile, catalogue: Catalogue, *, favours: bool
) -> ConditionMatch:
    """One condition held against a profile, its findings in order of how firm their links are."""
    reading = profile.readings.get(condition.factor)
    cited = condition.basis == Basis.EVIDENCE
    findings = by_firmness(condition.support, mechanism.id, catalogue) if cited else ()
    return ConditionMatch(
        factor=condition.factor,
        factor_name=_factor_name(condition.factor, catalogue),
        direction=condition.direction,
        favours=favours,
        why=condition.why,
        basis=condition.basis,
        findings=findings,
        firm=is_firm(condition, mechanism.id, catalogue),
        state=reading.state if reading else None,
        because=reading.because if reading else (),
    )


class Scorer:
    """Scores mechanisms, for ordering only. What does not depend on the situation is worked out once."""

    def __init__(self, catalogue: Catalogue, weights: AdviceWeights = ADVICE) -> None:
        self._weights = weights
        self._breadth = {key: breadth(m, catalogue) for key, m in catalogue.mechanisms.items()}
        self._terms = {key: _terms(m, catalogue, weights) for key, m in catalogue.mechanisms.items()}

    def scores(self, profile: Profile, relevance: Mapping[str, float]) -> dict[str, float]:
        """A score for every mechanism id: a sum, so that a factor moves only the mechanisms that name it."""
        weights = self._weights
        return {
            key: round(
                weights.situation * relevance.get(key, 0.0)
                + weights.breadth * self._breadth[key]
                + sum(_worth(term, profile, weights) for term in terms),
                6,
            )
            for key, terms in self._terms.items()
        }


@dataclass(frozen=True, slots=True)
class _Term:
    factor: str
    sign: float
    favours: bool
    sure: float


def _terms(mechanism: Mechanism, catalogue: Catalogue, weights: AdviceWeights) -> tuple[_Term, ...]:
    both = [(c, True) for c in mechanism.favoured_by] + [(c, False) for c in mechanism.hindered_by]
    return tuple(
        _Term(
            condition.factor,
            1.0 if condition.direction == FactorLevel.HIGH else -1.0,
            favours,
            1.0 if is_firm(condition, mechanism.id, catalogue) else weights.tentative,
        )
        for condition, favours in both
    )


def _worth(term: _Term, profile: Profile, weights: AdviceWeights) -> float:
    pull = term.sign * profile.pull(term.factor)
    if term.favours:
        return term.sure * (weights.favour * max(0.0, pull) + weights.unmet * min(0.0, pull))
    return -term.sure * weights.hinder * max(0.0, pull)


def breadth(mechanism: Mechanism, catalogue: Catalogue) -> float:
    """From 0 to 1: how many bodies of evidence speak of a mechanism, next to the most that speak of any."""
    most = max((len(_groups(other, catalogue)) for other in catalogue.mechanisms.values()), default=0)
    return len(_groups(mechanism, catalogue)) / most if most else 0.0


def is_firm(condition: Condition, mechanism_id: str, catalogue: Catalogue) -> bool:
    """True if both coders linked some finding behind a condition to its mechanism or to its factor."""
    return any(
        max(finding.mechanism_weight(mechanism_id), finding.factor_weight(condition.factor)) == 1.0
        for finding in (catalogue.findings[key] for key in condition.support if key in catalogue.findings)
    )


def by_firmness(finding_ids: Iterable[str], mechanism_id: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Known finding ids once each: links that both coders made first, then one coder's, then none's."""
    known = [key for key in dict.fromkeys(finding_ids) if key in catalogue.findings]
    return tuple(sorted(known, key=lambda key: -catalogue.findings[key].mechanism_weight(mechanism_id)))


def _groups(mechanism: Mechanism, catalogue: Catalogue) -> set[str]:
    cited = (*mechanism.supporting_findings, *mechanism.cautionary_findings)
    return {catalogue.study_of(key).evidence_group for key in cited if key in catalogue.findings}


def _factor_name(factor_id: str, catalogue: Catalogue) -> str:
    return catalogue.framework.factor(factor_id).name if catalogue.framework else factor_id
