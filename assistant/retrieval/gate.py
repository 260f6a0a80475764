"""Decides, before anything is written, whether to answer, answer in part, or refuse.

It looks at what the question asks for and what the evidence holds: nearness to something not covered, a named
study whose results were not read, a figure that no finding states, a premise that a finding contradicts. No
single score decides, because likeness alone does not tell a near miss from an answerable question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain.answers import Decision, Reason, State
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue, Finding, Study
from assistant.retrieval.advice_asked import asks_in, plain
from assistant.retrieval.asking import Asking, Figure
from assistant.retrieval.boundaries import Boundaries, Crossing, Vectors
from assistant.retrieval.figures import coverage, holds_figure
from assistant.retrieval.mechanism_names import MechanismNames
from assistant.retrieval.named_studies import NamedStudy, StudyNames
from assistant.retrieval.premises import speaks_against
from assistant.retrieval.whose_matter import (
    another_trade,
    one_persons_matter,
    told_of_sharing,
    told_of_something_else,
)

_KIND_REASONS = {
    "gap": Reason.NEAR_MISS,
    "out_of_domain": Reason.OUT_OF_DOMAIN,
    "personal_or_legal": Reason.PERSONAL_OR_LEGAL,
    "results_not_seen": Reason.RESULTS_NOT_SEEN,
}


_NOT_OF_A_TIE = ("out_of_domain", "personal_or_legal", "results_not_seen")
"""Kinds of boundary that somebody who tells of a tie between organisations hardly ever means."""
_UNREAD = re.compile(r"\bnot (?:specified|given) here\b", re.IGNORECASE)
"""How a finding says that the study has more than could be read."""
OTHER_SUBJECTS = ("out_of_domain", "personal_or_legal")
GAPS = ("gap",)
"""Kinds of boundary that teach which way a question leans, beside other subjects. A detail of a study that
was not read is asked for in the words of what that study answers, so nothing is learnt from those."""


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Where the gate draws its lines; chosen by measurement, see DECISIONS.md."""

    lean: float = 0.25
    """How much nearer the boundary must be for a question that leans wholly towards what is answered."""
    least_lean: float = -0.6
    """A question is not taken to lean further away than this: short ones look like the short examples."""
    margin: float = 0.05
    """A boundary must be this much nearer (cosine) than the nearest question the corpus answers."""
    cued_margin: float = -0.25
    """The same where the question's own words speak for the boundary."""
    mixed_margin: float = -0.14
    """The same where studies of two fields were found side by side."""
    unlike: float = 0.45
    """Below this likeness to anything the corpus answers, `unlike_margin` is enough for another subject."""
    unlike_margin: float = -0.04
    named_margin: float = 0.11
    """The margin asked for when the question names a mechanism that the evidence is about."""
    brief_words: int = 10
    """Up to so many words a question looks like brief examples for its form alone: it never leans away."""
    brief_named_margin: float = 0.2
    """The margin asked for when such a question names a mechanism that the evidence is about."""
    told_margin: float = 0.3
    """The margin to a matter of persons or law, or of one study, for a story of organisations that share."""
    told_leaning: float = -0.1
    """Below this leaning a story without any word of sharing or of digital work is of something else."""
    strong: float = 16.0
    """Fused score from which the evidence itself is strong."""
    strong_margin: float = 0.13
    """The margin asked for when the evidence is strong."""
    foreign_margin: float = -0.025
    """The margin where only studies of another field were found."""
    foreign: float = 0.27
    """Below this likeness to anything the corpus answers, a question is from another field."""
    figure_coverage: float = 0.5
    """Part of the question's key words that a finding with a figure must share."""
    figure_likeness: float = 0.68
    """Or how alike the question must be to a question that this finding answers."""
    look: int = 4
    """How many of the best findings are searched for a figure, and for what contradicts a premise."""
    likeness_counts: float = 20.0
    """How many points of fused score a likeness of 1 is worth, when the two are added."""
    sure: float = 21.0
    """Below this sum an answer is given in part only."""
    near: float = 0.72
    """Likeness from which the nearest finding is worth showing although it lacks what was asked."""


Found = Sequence[tuple[Evidence, Finding]]


def _never(claim: str, statement: str) -> bool:
    """What to use where nothing can tell a contradiction."""
    return False


def _nowhere(kind: str, vector: Vectors) -> float:
    """What to use where nothing was learnt."""
    return 0.0


class Gate:
    """The gate for a coded corpus."""

    def __init__(
        self,
        catalogue: Catalogue,
        boundaries: Boundaries,
        limits: GateLimits | None = None,
        *,
        leaning: Callable[[str, Vectors], float] = _nowhere,
        contradicts: Callable[[str, str], bool] = _never,
    ) -> None:
        """`leaning(kind, vector)` is about 1 for a question like those answered, -1 beyond such boundaries.

        `contradicts(claim, statement)` says whether a statement denies a claim.
        """
        self._catalogue = catalogue
        self._leaning = leaning
        self._contradicts = contradicts
        self._boundaries = boundaries
        self._names = StudyNames(catalogue.studies)
        self._mechanisms = MechanismNames(catalogue.mechanisms)
        self._limits = limits or GateLimits()
        fields = [f.domain for f in catalogue.findings.values()]
        self._main = max(sorted(set(fields)), key=fields.count, default="")

    def settled(self, text: str) -> Decision | None:
        """A refusal where words are said that settle it, whatever was found or is asked; else None."""
        boundary = self._boundaries.settled(text)
        if boundary is None:
            return None
        said = (boundary.says, boundary.instead)
        return self._refuse(_KIND_REASONS[boundary.kind], boundary.says, said, ())

    def decide(self, asking: Asking, vector: Vectors, evidence: Sequence[Evidence]) -> Decision:
        """What to do with a question, given what was found for it, best first."""
        found = [(e, f) for e in evidence if (f := self._finding(e)) is not None and e.passage.citable]
        if (not_ours := self._not_ours(asking, vector)) is not None:
            return not_ours
        if not found:
            because = "Nothing was found that speaks to this question."
            return self._refuse(Reason.NOTHING_FOUND, because, (because,), ())
        named = self._names.best(asking.text)
        return (
            self._unseen(named, found)
            or self._beyond(asking, vector, found)
            or self._foreign(found)
            or self._elsewhere(named, found)
            or self._premise(asking, found)
            or self._figure(asking, found)
            or self._unread(asking, found)
            or self._answer(found)
        )

    def _finding(self, evidence: Evidence) -> Finding | None:
        return self._catalogue.findings.get(evidence.passage.record_id or "")

    def _not_ours(self, asking: Asking, vector: Vectors) -> Decision | None:
        """Refuses one person's matter, another story and another trade, where the corpus keeps out of it."""
        if one_persons_matter(asking.text):
            kept_out = self._boundaries.nearest_of("personal_or_legal", vector)
            if kept_out is not None:
                said = (kept_out.says, kept_out.instead)
                return self._refuse(Reason.PERSONAL_OR_LEGAL, kept_out.says, said, ())
        if told_of_something_else(asking.text) and self._leans_away(vector):
            because = "What you tell of is not about how organisations share what they know."
            cure = "If it is, say with whom you share or would like to share, and what."
            return self._refuse(Reason.OUT_OF_DOMAIN, because, (because, cure), ())
        if another_trade(asking.text) and self._boundaries.nearest_of("out_of_domain", vector):
            because = "What is held here comes from health care, so it is no ground to advise another trade."
            return self._refuse(Reason.OUT_OF_DOMAIN, because, (because,), ())
        return None

    def _leans_away(self, vector: Vectors) -> bool:
        return self._leaning("out_of_domain", vector) < self._limits.told_leaning

    def _unseen(self, named: NamedStudy | None, found: Found) -> Decision | None:
        """Refuses if the question names a study whose results were not read."""
        if named is None or named.study.results_seen:
            return None
        because = f"{_titled(named.study)} is on record here, but what it found could not be read."
        missing = (because, "Its results are not in this corpus, so nothing is said about them.")
        return self._refuse(Reason.RESULTS_NOT_SEEN, because, missing, found)

    def _beyond(self, asking: Asking, vector: Vectors, found: Found) -> Decision | None:
        """Refuses if the question lies nearer to something not covered than to what the corpus answers."""
        likeness = _likeness(found)
        for crossing in self._boundaries.near(asking.text, vector):
            if likeness < self._limits.foreign and crossing.boundary.kind not in OTHER_SUBJECTS:
                continue
            lean = self._limits.lean * self._lean(crossing.boundary.kind, asking, vector, found)
            if crossing.likeness - likeness - lean >= self._margin(asking, crossing, likeness, found):
                boundary = crossing.boundary
                asked = found if boundary.kind != "personal_or_legal" else ()
                said = (boundary.says, boundary.instead)
                return self._refuse(_KIND_REASONS[boundary.kind], boundary.says, said, asked)
        return None

    def _lean(self, kind: str, asking: Asking, vector: Vectors, found: Found) -> float:
        """How the question leans; a brief one, or one that names a mechanism found, never leans away."""
        least = 0.0 if self._brief(asking) or self._about_named(asking, found) else self._limits.least_lean
        return max(self._leaning(kind, vector), least)

    def _margin(self, asking: Asking, crossing: Crossing, likeness: float, found: Found) -> float:
        """How much nearer the boundary must be, given what else speaks for it."""
        limits = self._limits
        fields = {f.domain for _, f in found[: limits.look]}
        told = crossing.boundary.kind in _NOT_OF_A_TIE and told_of_sharing(asking.text)
        if told and (not crossing.cued or asks_in(plain(asking.text))):
            return limits.told_margin
        if crossing.cued:
            return limits.cued_margin
        if len(fields) > 1:
            return limits.mixed_margin
        if self._main not in fields:
            return limits.foreign_margin
        if self._about_named(asking, found):
            return limits.brief_named_margin if self._brief(asking) else limits.named_margin
        if likeness < limits.unlike and crossing.boundary.kind in OTHER_SUBJECTS:
            return limits.unlike_margin
        return limits.strong_margin if _strength(found) >= limits.strong else limits.margin

    def _brief(self, asking: Asking) -> bool:
        return len(asking.text.split()) <= self._limits.brief_words

    def _about_named(self, asking: Asking, found: Found) -> bool:
        named = self._mechanisms.named(asking.text)
        return bool(named) and bool(named & set(found[0][1].mechanisms))

    def _foreign(self, found: Found) -> Decision | None:
        if _likeness(found) >= self._limits.foreign:
            return None
        because = "This lies outside what the evidence here covers: how organisations share what they know."
        return self._refuse(Reason.OUT_OF_DOMAIN, because, (because,), ())

    def _elsewhere(self, named: NamedStudy | None, found: Found) -> Decision | None:
        """Refuses if the question names a study of one field and asks it about another."""
        if named is None or named.study.domain == found[0][1].domain:
            return None
        because = f"{_titled(named.study)} is about another field, so it says nothing on what you ask."
        return self._refuse(Reason.NEAR_MISS, because, (because,), found)

    def _figure(self, asking: Asking, found: Found) -> Decision | None:
        """Answers with the nearest finding at most, if no finding states the figure that was asked for."""
        if asking.figure is None or asking.figure is Figure.EXTENT:
            return None
        for e, finding in found[: self._limits.look]:
            words = (finding.statement, self._catalogue.studies[finding.study_id].title, *finding.asked_as)
            held = holds_figure(asking.figure, finding.statement, question=asking.text, words=words)
            likely = coverage(asking.text, words) >= self._limits.figure_coverage
            if held and (likely or _likeness(((e, finding),)) >= self._limits.figure_likeness):
                return None
        because = "No finding here states the figure you ask for."
        if _likeness(found[:1]) < self._limits.near:
            return self._refuse(Reason.FIGURE_NOT_HELD, because, (because,), found)
        nearest = "What comes nearest is shown, but it does not answer the question."
        return Decision(
            State.PARTLY_GROUNDED,
            Reason.FIGURE_NOT_HELD,
            because,
            missing=(because, nearest),
            admitted=(found[0][0].passage.id,),
        )

    def _premise(self, asking: Asking, found: Found) -> Decision | None:
        """Answers with what speaks against a premise, if the best finding does."""
        premise = asking.premise
        if premise is None:
            return None
        denied = [e.passage.id for e, f in found[:2] if self._contradicts(premise, f.statement)]
        if not denied and not speaks_against(premise, found[0][1]):
            return None
        cautious = [e.passage.id for e, f in found[: self._limits.look] if speaks_against(premise, f)]
        against = denied or cautious
        because = "The evidence does not bear out what the question takes for granted."
        return Decision(
            State.GROUNDED, Reason.FALSE_PREMISE, because, missing=(because,), admitted=tuple(against)[:1]
        )

    def _unread(self, asking: Asking, found: Found) -> Decision | None:
        """Answers in part if what is asked for is the very thing that the best finding does not spell out."""
        if not asking.particulars or not _UNREAD.search(found[0][1].statement):
            return None
        because = "A study held here speaks of this, but its details could not be read."
        shown = "What it does say is shown; it is not the whole answer."
        return Decision(
            State.PARTLY_GROUNDED,
            Reason.RESULTS_NOT_SEEN,
            because,
            missing=(because, shown),
            admitted=tuple(e.passage.id for e, f in found[:3] if _UNREAD.search(f.statement)),
        )

    def _answer(self, found: Found) -> Decision:
        """Answers; in part only, and with little, if nothing found is both alike and strong."""
        admitted = tuple(e.passage.id for e, _ in found)
        look = found[: self._limits.look]
        if self._limits.likeness_counts * _likeness(look) + _strength(look) >= self._limits.sure:
            return Decision(State.GROUNDED, admitted=admitted)
        because = "No finding here answers this directly; what is shown comes nearest."
        return Decision(State.PARTLY_GROUNDED, because=because, missing=(because,), admitted=admitted[:3])

    def _refuse(self, reason: Reason, because: str, missing: tuple[str, ...], found: Found) -> Decision:
        return Decision(
            State.REFUSED,
            reason,
            because,
            missing=missing,
            suggestions=() if reason is Reason.PERSONAL_OR_LEGAL else self._suggestions(found),
        )

    def _suggestions(self, found: Found) -> tuple[str, ...]:
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


def _strength(found: Found) -> float:
    return max((e.scores.get("fused", 0.0) for e, _ in found), default=0.0)


def _likeness(found: Found) -> float:
    """How alike the question is to the nearest question, or words, of these findings."""
    return max((max(e.scores.get("aid", 0.0), e.scores.get("text", 0.0)) for e, _ in found), default=0.0)


def _titled(study: Study) -> str:
    return f"The study “{study.title}”" + (f" ({study.year})" if study.year else "")


def _plain(name: str) -> str:
    return name if name.isupper() else name[0].lower() + name[1:]
