"""How far raters of a queue agree, as rows of a table: every measure, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.feedback import Rating
from assistant.evaluation.agreement import Agreement
from assistant.evaluation.review import SCALES
from assistant.evaluation.reviewed import reviewed
from assistant.evaluation.statistics import SEED

FEWEST = 5
"""Things rated by two people below which a coefficient says nothing."""
NOBODY = "nothing was rated by two people"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """Agreement on one thing that is rated. A coefficient is None where it does not apply."""

    what: str
    things: int
    raw: float | None
    kappa: Agreement | None
    alpha: Agreement | None
    reason: str = ""
    """Why a coefficient is missing; empty if none is."""

    @property
    def reading(self) -> str:
        """What the alpha means, in words; the reason if there is none."""
        return self.alpha.verdict if self.alpha else self.reason


def agreement_rows(ratings: Sequence[Rating], *, pair: bool, seed: int = SEED) -> tuple[AgreementRow, ...]:
    """A row for the choice side by side, or for each scale and for the sentences."""
    found = reviewed(ratings, seed=seed).agreement
    raters = len({r.rater for r in ratings if not r.settled})
    names = ("choice",) if pair else (*SCALES, "sentences")
    return tuple(_row(name, found.get(name, ()), raters=raters) for name in names)


def _row(name: str, given: Sequence[Agreement], *, raters: int) -> AgreementRow:
    if not given:
        return AgreementRow(what=name, things=0, raw=None, kappa=None, alpha=None, reason=NOBODY)
    alpha = given[0]
    kappa = given[1] if len(given) > 1 else None
    few = alpha.things < FEWEST
    reason = ""
    if few:
        reason = f"too few: {alpha.things} rated by two people, and {FEWEST} are needed"
    elif alpha.value is None:
        reason = alpha.reason
    elif kappa is None:
        reason = f"kappa is for two raters, and there are {raters}"
    elif kappa.value is None:
        reason = kappa.reason
    return AgreementRow(
        what=name,
        things=alpha.things,
        raw=alpha.raw,
        kappa=None if few or kappa is None or kappa.value is None else kappa,
        alpha=None if few or alpha.value is None else alpha,
        reason=reason,
    )
