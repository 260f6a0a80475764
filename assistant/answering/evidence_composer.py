"""Writes a draft from evidence alone, without a language model: choose, order, group, say what is missing.

Every reported sentence is a finding's own stored words with the kind of study behind them. What it adds
(which heading, which order, what to watch) is either plainly labelled as practice advice or carries no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.attribution import attributed, kind_of_study, place_of
from assistant.answering.placing import HEADINGS, asked_of, heading_of, openings
from assistant.answering.prose import compose_prose
from assistant.domain.answers import Decision, Draft, DraftStatement, Pointer, State, StatementKind
from assistant.domain.conversation import Question
from assistant.domain.documents import BlockKind
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue, Finding, Mechanism, Polarity, Study
from assistant.retrieval.asking import Asking
from assistant.retrieval.mechanism_names import MechanismNames

SHORT_ANSWER = "Short answer"
SAID = "What participants said"
DO = "What you could do"
WATCH = "What to watch"
_ORDER = (*HEADINGS, SAID, DO, WATCH, "Constructed example")
_CONTRARY = {Polarity.CAUTIONS, Polarity.MIXED}


@dataclass(frozen=True, slots=True)
class ComposerLimits:
    """How much is said. Chosen on the development questions; see DECISIONS.md."""

    least: int = 2
    most: int = 5
    most_short: int = 4
    score: float = 19.0
    """A finding below this widened score is left out once `least` have been taken."""
    talk: float = 17.0
    """A turn of a transcript below this is left out; no lay question lifts turns."""
    cautious_within: int = 6
    """The best cautionary finding is added unasked if it is among this many and none was chosen."""
    repeat: float = 0.75
    """Two findings that share this part of all their words, and every number, say the same thing."""
    beside: float = 0.6
    """A contrary finding stands in the lead if its score is at least this part of the best one's."""


@dataclass(frozen=True, slots=True)
class _Found:
    evidence: Evidence
    finding: Finding
    study: Study

    @property
    def cautions(self) -> bool:
        return self.finding.polarity == Polarity.CAUTIONS

    @property
    def contrary(self) -> bool:
        return self.finding.polarity in _CONTRARY


class EvidenceComposer:
    """The default composer."""

    name = "evidence/1"

    def __init__(self, catalogue: Catalogue, limits: ComposerLimits | None = None) -> None:
        self._catalogue = catalogue
        self._limits = limits or ComposerLimits()
        self._names = MechanismNames(catalogue.mechanisms)

    def compose(
        self, question: Question, asking: Asking, decision: Decision, evidence: Sequence[Evidence]
    ) -> Draft:
        """A draft from the passages that the gate admitted, best first."""
        if decision.state is State.REFUSED:
            return Draft(())
        by_id = {e.passage.id: e for e in evidence}
        admitted = [by_id[i] for i in decision.admitted if i in by_id]
        found = [f for e in admitted if (f := self._found(e)) is not None]
        if not found:
            return compose_prose(question, admitted)
        chosen = self._choose(found, asking, decision)
        plain = decision.reason is None
        about = asked_of(asking, evidence, self._catalogue, self._names) if plain else frozenset()
        statements = [*self._lead(chosen, asking, about)]
        said = {s.pointers[0].passage_id for s in statements}
        body = [
            self._statement(f, heading_of(f.finding)) for f in chosen if f.evidence.passage.id not in said
        ]
        body += self._advice(chosen, asking, decision)
        body += self._said_by_participants(question, decision, evidence)
        body.sort(key=lambda s: _ORDER.index(s.heading))
        return Draft(
            statements=(*statements, *body),
            gaps=tuple(self._limits_of(chosen)),
            follow_ups=self._follow_ups(chosen),
        )

    def limits_of(self, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        """What a careful reader should know about these passages, each a sentence; empty for prose."""
        found = [f for e in evidence if (f := self._found(e)) is not None]
        return tuple(self._limits_of(found)) if found else ()

    def _found(self, evidence: Evidence) -> _Found | None:
        finding = self._catalogue.findings.get(evidence.passage.record_id or "")
        if finding is None or not evidence.passage.citable:
            return None
        return _Found(evidence, finding, self._catalogue.studies[finding.study_id])

    def _choose(self, found: Sequence[_Found], asking: Asking, decision: Decision) -> list[_Found]:
        """The findings that answer this question, best first, without repeats, the contrary ones unasked."""
        limits = self._limits
        found = [f for f in found if f.finding.domain == found[0].finding.domain]
        if not asking.comparison:
            found = [f for f in found if _akin(f, found[0])]
        if decision.state is not State.GROUNDED or decision.reason is not None:
            return list(found[: limits.least])
        chosen: list[_Found] = []
        for candidate in found:
            enough = len(chosen) >= limits.least and candidate.evidence.score < limits.score
            if len(chosen) >= (limits.most_short if asking.short else limits.most) or enough:
                break
            if not self._repeats(candidate, chosen):
                chosen.append(candidate)
        if not any(f.cautions for f in chosen):
            cautious = [f for f in found[: limits.cautious_within] if f.cautions]
            chosen += [f for f in cautious if not self._repeats(f, chosen)][:1]
        return chosen

    def _repeats(self, candidate: _Found, chosen: Iterable[_Found]) -> bool:
        return any(
            _alike(candidate.finding.statement, f.finding.statement) >= self._limits.repeat for f in chosen
        )

    def _lead(
        self, chosen: Sequence[_Found], asking: Asking, asked_about: frozenset[str]
    ) -> list[DraftStatement]:
        """Two sentences that answer at once: the best finding, and what weighs against it or adds to it."""
        first, rest = chosen[0], chosen[1:]
        least = min(self._limits.score, first.evidence.score * self._limits.beside)
        other = next((f for f in rest if f.contrary != first.contrary and f.evidence.score >= least), None)
        second = other or next(iter(rest), None)
        words = openings(first.finding, other.finding, asking, asked_about) if other else ("", "")
        lead = [self._statement(first, SHORT_ANSWER, opening=words[0], lead=True)]
        if second is not None:
            lead.append(self._statement(second, SHORT_ANSWER, opening=words[1], lead=True))
        return lead

    def _statement(
        self, found: _Found, heading: str, *, opening: str = "", lead: bool = False
    ) -> DraftStatement:
        inferred = found.finding.kind == "inference"
        return DraftStatement(
            text=opening + attributed(found.finding, found.study),
            kind=StatementKind.INFERENCE if inferred else StatementKind.REPORTED,
            heading=heading,
            pointers=(Pointer(found.evidence.passage.id),),
            lead=lead,
        )

    def _said_by_participants(
        self, question: Question, decision: Decision, evidence: Sequence[Evidence]
    ) -> Sequence[DraftStatement]:
        """What people said in transcripts that were read in, beside what the studies found."""
        if decision.state is not State.GROUNDED or decision.reason is not None:
            return ()
        strong = [
            e
            for e in evidence
            if e.passage.kind is BlockKind.TURN and e.passage.citable and e.score >= self._limits.talk
        ]
        return compose_prose(question, strong[:2], most=2, leads=0).statements

    def _advice(self, chosen: Sequence[_Found], asking: Asking, decision: Decision) -> list[DraftStatement]:
        """First steps and a sign to watch for what the chosen findings are about, if advice was asked for."""
        mechanism = self._mechanism_of(chosen)
        if mechanism is None or not asking.advice or decision.state is not State.GROUNDED:
            return []
        steps = [f"{mechanism.name}: {_lower(step)}." for step in mechanism.first_steps[:2]]
        watch = [f"{mechanism.name}: {_lower(sign)}." for sign in mechanism.indicators.leading[:1]]
        return [
            *(DraftStatement(text, StatementKind.ADVICE, DO) for text in steps),
            *(DraftStatement(text, StatementKind.ADVICE, WATCH) for text in watch),
        ]

    def _mechanism_of(self, chosen: Sequence[_Found]) -> Mechanism | None:
        weight: dict[str, float] = {}
        for place, found in enumerate(chosen):
            for code in found.finding.mechanisms:
                share = found.finding.mechanism_weight(code) / (1 + place)
                weight[code] = weight.get(code, 0.0) + share
        best = min(weight, key=lambda code: (-weight[code], code), default=None)
        return self._catalogue.mechanisms.get(best) if best else None

    def _limits_of(self, chosen: Sequence[_Found]) -> Iterable[str]:
        """What a careful reader should know about the evidence just shown."""
        groups = {f.study.evidence_group for f in chosen}
        studies = {f.study.id for f in chosen}
        if len(studies) > len(groups):
            papers = f"{_count(len(studies)).lower()} papers"
            who = f"These {papers}" if len(groups) == 1 else f"Some of these {papers}"
            yield f"{who} share data or a team, so count them as {_bodies(len(groups))}."
        elif len(groups) == 1:
            yield "All of this comes from one body of evidence, so treat it as one voice."
        places = {place_of(f.study) for f in chosen} - {""}
        if len(places) == 1 and places != {"several countries"}:
            yield f"All of this comes from {_the(places.pop())}; it may not carry over to other places."
        for study in self._unread(groups):
            yield f"{study} is on record too, but what it found could not be read."
        if any("data-exchange" in f.study.evidence_group for f in chosen):
            yield "Some of this is about exchanging patients' records between organisations, not know-how."
        if any(not f.study.peer_reviewed for f in chosen):
            yield "Some of this was not peer reviewed."
        if all("abstract" in f.finding.locator for f in chosen):
            yield "Only the abstracts of these studies were read, not the full papers."

    def _unread(self, groups: set[str]) -> Iterable[str]:
        """Studies of the same bodies of evidence whose results were not seen."""
        for study in self._catalogue.studies.values():
            if study.evidence_group in groups and not study.results_seen:
                words = kind_of_study(study)
                yield f"{words[0].upper()}{words[1:]} from {study.year}" if study.year else words

    def _follow_ups(self, chosen: Sequence[_Found]) -> tuple[str, ...]:
        mechanism = self._mechanism_of(chosen)
        if mechanism is None:
            return ()
        name = mechanism.name.lower() if not mechanism.name.isupper() else mechanism.name
        return (
            f"What gets in the way of {name}?",
            f"What helps {name} work?",
            f"How good is the evidence on {name}?",
        )


def _akin(one: _Found, other: _Found) -> bool:
    """True unless two findings are on different matters: other mechanisms, and from another study."""
    first, second = set(one.finding.mechanisms), set(other.finding.mechanisms)
    return bool(first & second) or not (first and second) or one.study.id == other.study.id


def _alike(one: str, other: str) -> float:
    """The part of all their words that two statements share; 0.0 if their numbers differ."""
    first, second = (frozenset(re.findall(r"[a-z]{4,}|\d[\d.,]*", text.lower())) for text in (one, other))
    if {w for w in first if w[0].isdigit()} != {w for w in second if w[0].isdigit()}:
        return 0.0
    return len(first & second) / max(len(first | second), 1)


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if len(text) > 1 and text[1].islower() else text


def _count(number: int) -> str:
    names = ("no", "one", "Two", "Three", "Four", "Five", "Six", "Seven")
    return names[number] if number < len(names) else str(number)


def _bodies(number: int) -> str:
    return "one body of evidence" if number == 1 else f"{_count(number).lower()} bodies of evidence"


def _the(place: str) -> str:
    return f"the {place}" if place in ("United States", "United Kingdom", "Netherlands") else place
