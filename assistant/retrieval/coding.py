"""Widens a ranking by the researchers' coding: findings coded like the best hits are likely to matter too.

Two coders linked every finding to mechanisms and factors; a link that both made counts double. This uses the
links only to rank; it never adds words and never counts as evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        self._mechanisms = _links(findings, lambda f: f.mechanisms, lambda f, code: f.mechanism_weight(code))
        self._factors = _links(findings, lambda f: f.factors, lambda f, code: f.factor_weight(code))
        studies = sorted({f.study_id for f in findings})
        self._study = np.array([studies.index(f.study_id) for f in findings], dtype=np.int64)

    def __contains__(self, finding_id: object) -> bool:
        return finding_id in self._row

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


def _links(findings: Sequence[Finding], codes_of, weight_of) -> Matrix:  # type: ignore[no-untyped-def]
    """One unit row per finding; a code weighs its agreement times its rarity (inverse document frequency)."""
    codes = sorted({code for finding in findings for code in codes_of(finding)})
    table = np.zeros((len(findings), max(len(codes), 1)))
    for row, finding in enumerate(findings):
        for code in codes_of(finding):
            table[row, codes.index(code)] = weight_of(finding, code)
    table *= np.log((len(findings) + 1) / (1 + table.sum(axis=0)))
    length = np.linalg.norm(table, axis=1, keepdims=True)
    return np.asarray(table / np.where(length > 0, length, 1.0))


def _shared(links: Matrix, mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected cosine of each row with the other rows under `mass`; a row never lifts itself."""
    own = (links * links).sum(axis=1) * mass
    return np.asarray(links @ (links.T @ mass) - own)


def _same_study(study: NDArray[np.int64], mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mass of the other findings of the same study."""
    totals = np.bincount(study, weights=mass)
    return np.asarray(totals[study] - mass)
