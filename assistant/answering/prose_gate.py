"""Decides whether prose and transcripts that nobody coded hold an answer; joins that with the coded gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.answerability import ABSTAIN_BELOW, Answerable, Similarity, judge, sentence_spans
from assistant.domain.answers import Decision, Reason, State
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue
from assistant.retrieval.asking import Asking
from assistant.retrieval.boundaries import Vectors

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class ProseLimits:
    """Where the line is drawn; measured on the development parts of public sets, see DECISIONS.md."""

    look: int = 3
    """How many of the best passages are judged by their words; the likeliest is then judged in full."""
    answers: float = ABSTAIN_BELOW
    """Below this, no passage is taken to hold an answer."""
    admitted: int = 5


class ProseGate:
    """The gate for passages without coding."""

    def __init__(self, embed: Embed, limits: ProseLimits | None = None) -> None:
        self._embed = embed
        self._limits = limits or ProseLimits()

    def decide(self, asking: Asking, vector: Vectors, evidence: Sequence[Evidence]) -> Decision:
        """Answers if one of the best passages holds an answer; else says what stands against it."""
        citable = [e for e in evidence if e.passage.citable]
        if not citable:
            because = "Nothing was found that speaks to this question."
            return Decision(State.REFUSED, Reason.NOTHING_FOUND, because, missing=(because,))
        best = max(citable[: self._limits.look], key=lambda e: _by_words(asking.text, e))
        judged = self._judge(asking.text, vector, best)
        if judged.score < self._limits.answers:
            because = "What was found is near the subject but does not hold an answer."
            reason = Reason.NEAR_MISS if judged.relevance >= judged.consistency else Reason.NOTHING_FOUND
            return Decision(State.REFUSED, reason, because, missing=(because, *judged.doubts))
        rest = [e.passage.id for e in citable[: self._limits.admitted] if e is not best]
        return Decision(State.GROUNDED, admitted=(best.passage.id, *rest)[: self._limits.admitted])

    def _judge(self, question: str, vector: Vectors, evidence: Evidence) -> Answerable:
        """The judgement of one passage; only its sentences are encoded, since its own vector was searched."""
        passage = evidence.passage
        texts = [span.of(passage.text) for span in sentence_spans(passage.text)]
        near = tuple((self._embed(texts) @ vector).tolist()) if texts else ()
        scores = evidence.scores
        whole = scores.get("context", scores.get("text", max(near, default=0.0)))
        return judge(question, passage.text, title=passage.title, similarity=Similarity(whole, near))


def _by_words(question: str, evidence: Evidence) -> float:
    """How likely a passage answers, judged by its words alone, which costs no encoding."""
    return judge(question, evidence.passage.text, title=evidence.passage.title).score


class AnyGate(Protocol):
    """A gate."""

    def decide(self, asking: Asking, vector: Vectors, evidence: Sequence[Evidence]) -> Decision:
        """What to do, given what was found."""


class JoinedGate:
    """The coded gate where the best find is a finding, the prose gate elsewhere."""

    def __init__(self, catalogue: Catalogue, coded: AnyGate, prose: AnyGate) -> None:
        self._findings = catalogue.findings
        self._coded = coded
        self._prose = prose

    def decide(self, asking: Asking, vector: Vectors, evidence: Sequence[Evidence]) -> Decision:
        """The decision of the gate that fits what was found."""
        best = next((e for e in evidence if e.passage.citable), None)
        coded = bool(self._findings) if best is None else best.passage.record_id in self._findings
        return (self._coded if coded else self._prose).decide(asking, vector, evidence)
