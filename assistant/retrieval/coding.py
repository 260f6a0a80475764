"""Widens a ranking by the researchers' coding: findings coded like the best hits are likely to matter too.

Two coders linked every finding to mechanisms and factors; a link that both made counts double. This uses the
links only to rank; it never adds words and never counts as evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain.framework import Catalogue, Finding
from assistant.retrieval.fusion import standardise

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CodingWeights:
    """How much shared mechanisms, shared factors and the same study lift a finding; chosen by measurement."""

    mechanisms: float = 1.75
    factors: float = 0.5
    study: float = 0.5
    temperature: float = 1.0
    """Softness of the weight that each hit gets, in standard deviations of the fused score."""


class Coding:
    """The links of all findings as unit vectors, ready to compare."""

    def __init__(self, catalogue: Catalogue) -> None:
        findings = sorted(catalogue.findings.values(), key=lambda f: f.id)
        self._row = {finding.id: n for n, finding in enumerate(findings)}
        self._codes, self._mechanisms = _links(findings, _mechanisms_of)
        _, self._factors = _links(findings, _factors_of)
        studies = sorted({f.study_id for f in findings})
        self._study = np.array([studies.index(f.study_id) for f in findings], dtype=np.int64)

    def __contains__(self, finding_id: object) -> bool:
        return finding_id in self._row

    def toward(self, mechanisms: Mapping[str, float], finding_ids: Iterable[str]) -> dict[str, float]:
        """How far each coded finding's mechanisms agree with the shares given, in standard deviations."""
        share = np.array([mechanisms.get(code, 0.0) for code in self._codes])
        known = [i for i in finding_ids if i in self._row]
        fits = self._mechanisms[[self._row[i] for i in known]] @ share
        return standardise(dict(zip(known, fits.tolist(), strict=True)), known)

    def widen(self, scores: Mapping[str, float], weights: CodingWeights) -> dict[str, float]:
        """`scores` (by finding id) raised by what each finding shares with the best hits.

        The best hit keeps its place. Findings without a row here keep their score.
        """
        known = [i for i in scores if i in self._row]
        if len(known) < 2:
            return dict(scores)
        rows = np.array([self._row[i] for i in known])
        base = np.array([scores[i] for i in known])
        mass = np.exp((base - base.max()) / weights.temperature)
        mass /= mass.sum()
        shared = {
            "mechanisms": _shared(self._mechanisms[rows], mass),
            "factors": _shared(self._factors[rows], mass),
            "study": _same_study(self._study[rows], mass),
        }
        lifted = dict(scores)
        for name, values in shared.items():
            standing = standardise(dict(zip(known, values.tolist(), strict=True)), known)
            for i in known:
                lifted[i] += getattr(weights, name) * standing[i]
        best = min(scores, key=lambda i: (-scores[i], i))
        lifted[best] = max(lifted[best], max(lifted.values()) + 1e-3)
        return lifted


def _mechanisms_of(finding: Finding) -> dict[str, float]:
    return {code: finding.mechanism_weight(code) for code in finding.mechanisms}


def _factors_of(finding: Finding) -> dict[str, float]:
    return {code: finding.factor_weight(code) for code in finding.factors}


def _links(
    findings: Sequence[Finding], links_of: Callable[[Finding], Mapping[str, float]]
) -> tuple[list[str], Matrix]:
    """The codes, and one unit row per finding: agreement of the coders times rarity of the code."""
    linked = [links_of(finding) for finding in findings]
    codes = sorted({code for links in linked for code in links})
    table = np.zeros((len(findings), max(len(codes), 1)))
    for row, links in enumerate(linked):
        for code, weight in links.items():
            table[row, codes.index(code)] = weight
    table *= np.log((len(findings) + 1) / (1 + table.sum(axis=0)))
    length = np.linalg.norm(table, axis=1, keepdims=True)
    return codes, np.asarray(table / np.where(length > 0, length, 1.0))


def _shared(links: Matrix, mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected cosine of each row with the other rows under `mass`; a row never lifts itself."""
    own = (links * links).sum(axis=1) * mass
    return np.asarray(links @ (links.T @ mass) - own)


def _same_study(study: NDArray[np.int64], mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mass of the other findings of the same study."""
    totals = np.bincount(study, weights=mass)
    return np.asarray(totals[study] - mass)
