"""Decides, before anything is written, whether to answer, answer in part, or refuse.

It looks at what the question asks for and what the evidence holds: nearness to something not covered, a named
study whose results were not read, a figure that no finding states, a premise that a finding contradicts. No
single score decides, because likeness alone does not tell a near miss from an answerable question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.answers import Decision, Reason, State
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Boundary, Catalogue, Finding, Polarity
from assistant.retrieval.asking import Asking, Figure
from assistant.retrieval.boundaries import Boundaries, Crossing, Vectors
from assistant.retrieval.figures import coverage, holds_figure
from assistant.retrieval.named_studies import StudyNames

_KIND_REASONS = {
    "gap": Reason.NEAR_MISS,
    "out_of_domain": Reason.OUT_OF_DOMAIN,
    "personal_or_legal": Reason.PERSONAL_OR_LEGAL,
    "results_not_seen": Reason.RESULTS_NOT_SEEN,
}
_PERSONAL = (
    re.compile(r"\b(?:sued?|suing|liable|liability|lawful|unlawful|illegal|legal(?:ly)?|solicitor|lawyer|tribunal|in court)\b", re.I),
    re.compile(r"\b(?:name|list|tell me|identify|reveal)\b.{0,20}\b(?:the )?(?:trusts?|hospitals?|people|persons?|participants?|"
               r"interviewees?|sites?|staff|managers?)\b.{0,40}\b(?:who|that|in|behind|which)\b", re.I),
    re.compile(r"\bwho (?:exactly )?(?:said|complained|refused|was interviewed|were interviewed)\b|\bword for word\b|\bverbatim\b", re.I),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Where the gate draws its lines; chosen by measurement, see DECISIONS.md."""

    margin: float = 0.04
    """A boundary must be this much nearer (cosine) than the nearest question the corpus answers."""
    cued_margin: float = -0.15
    """The same where the words themselves speak of law or of naming people."""
    strong: float = 16.0
    """Fused score from which the evidence itself is strong."""
    strong_margin: float = 0.15
    """The margin asked for when the evidence is strong."""
    foreign: float = 0.27
    """Below this likeness to anything the corpus answers, a question is from another field."""
    figure_coverage: float = 0.5
    """Part of the question's key words that a finding with a figure must share."""
    look: int = 4
    """How many of the best findings are searched for a figure."""


class Gate:
    """The gate for a coded corpus."""

    def __init__(
        self, catalogue: Catalogue, boundaries: Boundaries, limits: GateLimits | None = None
    ) -> None:
        self._catalogue = catalogue
        self._boundaries = boundaries
        self._names = StudyNames(catalogue.studies)
        self._limits = limits or GateLimits()

    def decide(self, asking: Asking, vector: Vectors, evidence: Sequence[Evidence]) -> Decision:
        """What to do with a question, given what was found for it, best first."""
        found = [(e, f) for e in evidence if (f := self._finding(e)) is not None and e.passage.citable]
        if not found:
            return Decision(
                State.REFUSED,
                Reason.NOTHING_FOUND,
                "Nothing was found that speaks to this question.",
                suggestions=self._suggestions(()),
            )
        likeness = max((e.scores.get("aid", e.scores.get("text", 0.0)) for e, _ in found), default=0.0)
        crossing = self._boundaries.nearest(vector)
        return (
            self._beyond(asking, crossing, likeness, found)
            or self._unseen(asking, found)
            or self._foreign(likeness, found)
            or self._figure(asking, found)
            or self._premise(asking, found)
            or _answer(found)
        )

    def _finding(self, evidence: Evidence) -> Finding | None:
        return self._catalogue.findings.get(evidence.passage.record_id or "")

    def _beyond(
        self,
        asking: Asking,
        crossing: Crossing | None,
        likeness: float,
        found: Sequence[tuple[Evidence, Finding]],
    ) -> Decision | None:
        if crossing is None:
            return None
        limits = self._limits
        margin = crossing.likeness - likeness
        needed = limits.strong_margin if _strength(found) >= limits.strong else limits.margin
        if crossing.boundary.kind == "personal_or_legal" and any(p.search(asking.text) for p in _PERSONAL):
            needed = limits.cued_margin
        if margin < needed:
            return None
        return self._refuse_at(crossing.boundary, found)

    def _refuse_at(self, boundary: Boundary, found: Sequence[tuple[Evidence, Finding]]) -> Decision:
        return Decision(
            State.REFUSED,
            _KIND_REASONS[boundary.kind],
            boundary.says,
            missing=(boundary.says, boundary.instead),
            suggestions=self._suggestions(found) if boundary.kind != "personal_or_legal" else (),
        )

    def _unseen(self, asking: Asking, found: Sequence[tuple[Evidence, Finding]]) -> Decision | None:
        named = self._names.best(asking.text)
        if named is None or named.study.results_seen:
            return None
        study = named.study
        year = f" ({study.year})" if study.year else ""
        because = f"The study “{study.title}”{year} is on record here, but what it found could not be read."
        return Decision(
            State.REFUSED,
            Reason.RESULTS_NOT_SEEN,
            because,
            missing=(because, "Its results are not in this corpus, so nothing is said about them."),
            suggestions=self._suggestions(found),
        )

    def _foreign(self, likeness: float, found: Sequence[tuple[Evidence, Finding]]) -> Decision | None:
        if likeness >= self._limits.foreign:
            return None
        because = "This lies outside what the evidence here covers: how organisations share what they know."
        return Decision(
            State.REFUSED,
            Reason.OUT_OF_DOMAIN,
            because,
            missing=(because,),
            suggestions=self._suggestions(()),
        )

    def _figure(self, asking: Asking, found: Sequence[tuple[Evidence, Finding]]) -> Decision | None:
        """Answers in part, with what comes nearest, if no finding states the figure that was asked for."""
        if asking.figure in (None, Figure.EXTENT, Figure.DURATION):
            return None
        near = found[: self._limits.look]
        for _, finding in near:
            words = (finding.statement, self._catalogue.studies[finding.study_id].title, *finding.asked_as)
            if holds_figure(asking.figure, finding.statement) and (
                coverage(asking.text, words) >= self._limits.figure_coverage
            ):
                return None
        because = "No finding here states the figure you ask for."
        admitted = tuple(e.passage.id for e, _ in near[:2])
        return Decision(
            State.PARTLY_GROUNDED, Reason.FIGURE_NOT_HELD, because, missing=(because,), admitted=admitted
        )

    def _premise(self, asking: Asking, found: Sequence[tuple[Evidence, Finding]]) -> Decision | None:
        """Marks an answer whose best finding speaks against what the question takes for granted."""
        if asking.premise is None:
            return None
        top = found[0][1]
        if top.polarity not in (Polarity.CAUTIONS, Polarity.MIXED) or not _asserts(asking.premise):
            return None
        because = "The evidence does not bear out what the question takes for granted."
        answer = _answer(found)
        return Decision(answer.state, Reason.FALSE_PREMISE, because, admitted=answer.admitted)

    def _suggestions(self, found: Sequence[tuple[Evidence, Finding]]) -> tuple[str, ...]:
        """Questions that the corpus can answer, about the mechanisms nearest to what was asked."""
        weight: dict[str, float] = {}
        for place, (_, finding) in enumerate(found[:6]):
            for code in finding.mechanisms:
                weight[code] = weight.get(code, 0.0) + finding.mechanism_weight(code) / (1 + place)
        nearest = sorted(weight, key=lambda code: (-weight[code], code))[:2]
        names = [
            self._catalogue.mechanisms[code].name for code in nearest if code in self._catalogue.mechanisms
        ]
        asked = [q for name in names for q in (f"What is the evidence on {_plain(name)}?",)]
        asked += [f"What gets in the way of {_plain(name)}?" for name in names[:1]]
        return tuple(asked) or (
            "What helps hospitals learn from one another while they go digital?",
            "What gets in the way of sharing knowledge between organisations?",
        )


def _answer(found: Sequence[tuple[Evidence, Finding]]) -> Decision:
    return Decision(State.GROUNDED, admitted=tuple(e.passage.id for e, _ in found))


def _strength(found: Sequence[tuple[Evidence, Finding]]) -> float:
    return max((e.scores.get("fused", 0.0) for e, _ in found), default=0.0)


_CERTAIN = re.compile(
    r"\b(?:prove[nds]?|proof|always|never|guarantee[sd]?|all|every(?:one|body)?|clearly|obviously|established|certain|"
    r"best|works?|worked|success(?:ful)?|more likely|less likely|increases?|reduces?|better|faster|lasting|solved)\b",
    re.IGNORECASE,
)


def _asserts(premise: str) -> bool:
    """True if the premise claims an effect, instead of only describing the asker's situation."""
    return bool(_CERTAIN.search(premise)) and not re.search(
        r"\b(?:we|our|i|my|us|me)\b", premise, re.IGNORECASE
    )


def _plain(name: str) -> str:
    return name if name.isupper() else name[0].lower() + name[1:]


def scores_by_source(scores: Mapping[str, float]) -> str:
    """The scores of one piece of evidence in words, for the inspector."""
    return ", ".join(f"{name} {value:.2f}" for name, value in sorted(scores.items()))
