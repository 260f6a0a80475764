"""Whether the assistant answers when it can and refuses when it should: a decision, never a low score.

The four cells: answered or refused, against answerable or not. Risk-coverage needs a confidence per case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.evaluation.observed import Observed
from assistant.evaluation.score import Score, share

REASONS: Mapping[str, frozenset[str]] = {
    "out-of-domain": frozenset({"out_of_domain", "nothing_found"}),
    "near-miss": frozenset({"near_miss", "nothing_found"}),
    "results-not-seen": frozenset({"results_not_seen"}),
    "figure-not-in-corpus": frozenset({"figure_not_held"}),
    "false-premise": frozenset({"false_premise"}),
    "personal-legal-medical": frozenset({"personal_or_legal"}),
    "cross-study": frozenset({"near_miss", "out_of_domain"}),
}
"""Which reasons fit each kind of unanswerable question."""

HELPLINES = frozenset({"personal-legal-medical"})
"""Kinds where a reply may well give a telephone number, which is no figure."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class FourCells:
    """How many cases fell in each cell; refusing is the positive class."""

    answered_answerable: int
    refused_answerable: int
    answered_unanswerable: int
    refused_unanswerable: int

    @property
    def over_refusal(self) -> Score:
        """Refused / answerable."""
        whole = self.answered_answerable + self.refused_answerable
        return share(self.refused_answerable, whole, nothing="no answerable case")

    @property
    def unsupported_answers(self) -> Score:
        """Answered / unanswerable."""
        whole = self.answered_unanswerable + self.refused_unanswerable
        return share(self.answered_unanswerable, whole, nothing="no unanswerable case")

    @property
    def precision(self) -> Score:
        """Right refusals / refusals."""
        whole = self.refused_answerable + self.refused_unanswerable
        return share(self.refused_unanswerable, whole, nothing="nothing was refused")

    @property
    def recall(self) -> Score:
        """Right refusals / unanswerable."""
        whole = self.answered_unanswerable + self.refused_unanswerable
        return share(self.refused_unanswerable, whole, nothing="no unanswerable case")

    @property
    def f1(self) -> Score:
        """F1 of refusing."""
        whole = 2 * self.refused_unanswerable + self.refused_answerable + self.answered_unanswerable
        return share(2 * self.refused_unanswerable, whole, nothing="nothing refused and nothing to refuse")


def four_cells(answerable: Sequence[bool], refused: Sequence[bool]) -> FourCells:
    """The table over cases in step."""
    pairs = list(zip(answerable, refused, strict=True))
    return FourCells(
        answered_answerable=pairs.count((True, False)),
        refused_answerable=pairs.count((True, True)),
        answered_unanswerable=pairs.count((False, False)),
        refused_unanswerable=pairs.count((False, True)),
    )


@dataclass(frozen=True, slots=True)
class Handling:
    """How one unanswerable question was handled: every broken rule, in words; handled if there is none."""

    faults: tuple[str, ...]
    right_reason: bool

    @property
    def handled(self) -> bool:
        """True if no rule was broken."""
        return not self.faults


def handle(answer: Observed, *, kind: str, related: Sequence[str], texts: Mapping[str, str]) -> Handling:
    """Judge one unanswerable question by rules; `texts` maps finding ids to their words.

    Refused, or answered in part with the reason that fits the kind; cites only related findings; gives no
    number that neither they nor the question hold; a false premise is corrected by citing one of them.
    """
    right = answer.reason in REASONS.get(kind, frozenset())
    faults = []
    if not answer.refused and not right:
        faults.append(f"answered as if it could be, with the reason {answer.reason or 'none'}")
    if answer.refused and answer.cited:
        faults.append("refused and yet cites")
    strays = [key for key in answer.cited if key not in related]
    if strays:
        faults.append(f"cites what does not bear on it: {', '.join(strays)}")
    numbers = strange_numbers(answer, [texts.get(key, "") for key in related])
    if numbers and kind not in HELPLINES:
        faults.append(f"gives numbers that no related finding holds: {', '.join(numbers)}")
    if kind == "false-premise" and not (right and set(answer.cited) & set(related)):
        faults.append("does not correct the premise by citing a finding that contradicts it")
    return Handling(tuple(faults), right)


def strange_numbers(answer: Observed, sources: Sequence[str]) -> tuple[str, ...]:
    """Numbers in digits that the answer states and neither the question nor a source holds; years aside."""
    known = {n for text in (*sources, answer.question, answer.standalone) for n in _NUMBER.findall(text)}
    said = " ".join((answer.because, answer.lead, *answer.gaps, *(s.text for s in answer.statements)))
    found = dict.fromkeys(_NUMBER.findall(said))
    return tuple(n for n in found if n not in known and not _YEAR.fullmatch(n))


def auroc(answerable: Sequence[bool], confidence: Sequence[float]) -> Score:
    """Chance that an answerable case has more confidence than an unanswerable one; ties count half."""
    if len(set(answerable)) < 2:
        return Score.none("both answerable and unanswerable cases are needed")
    return Score.of(float(roc_auc_score(list(answerable), list(confidence))))


def risk_coverage(correct: Sequence[bool], confidence: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """(coverage, risk) as ever less confident cases are answered; equally confident ones enter together."""
    order = sorted(range(len(correct)), key=lambda i: -confidence[i])
    points, wrong = [], 0
    for place, i in enumerate(order, start=1):
        wrong += not correct[i]
        last = place == len(order)
        if last or confidence[order[place]] != confidence[i]:
            points.append((place / len(order), wrong / place))
    return tuple(points)


def risk_coverage_area(correct: Sequence[bool], confidence: Sequence[float]) -> Score:
    """Area under the risk-coverage steps, from 0 (never wrong) to 1; lower is better."""
    points = risk_coverage(correct, confidence)
    if not points:
        return Score.none("no case")
    area = before = 0.0
    for coverage, risk in points:
        area += (coverage - before) * risk
        before = coverage
    return Score.of(area)


@dataclass(frozen=True, slots=True)
class Cut:
    """Refusing everything below `threshold`: the F1 of refusing and the share of answerable cases refused."""

    threshold: float
    f1: float
    over_refusal: float


def best_cut(
    answerable: Sequence[bool], confidence: Sequence[float], *, over_refusal_at_most: float = 1.0
) -> Cut | None:
    """The threshold with the best F1 of refusing within the limit; None without both classes.

    Chosen on the data it is measured on, so an upper bound; the lowest threshold wins a tie.
    """
    if len(set(answerable)) < 2:
        return None
    sure = np.asarray(confidence, dtype=float)
    can = np.asarray(answerable, dtype=bool)
    thresholds = np.append(np.unique(sure), np.inf)
    refused_can = np.searchsorted(np.sort(sure[can]), thresholds, side="left")
    refused_cannot = np.searchsorted(np.sort(sure[~can]), thresholds, side="left")
    f1 = 2 * refused_cannot / np.maximum(1, refused_cannot + refused_can + np.count_nonzero(~can))
    over = refused_can / np.count_nonzero(can)
    allowed = np.where(over <= over_refusal_at_most, f1, -1.0)
    best = int(np.argmax(allowed))
    return Cut(float(thresholds[best]), float(f1[best]), float(over[best]))
