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

    look: int = 2
    """How many of the best passages are judged."""
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
        judged = [(self._judge(asking.text, vector, e), e) for e in citable[: self._limits.look]]
        best = max((j for j, _ in judged), key=lambda j: j.score, default=None)
        if best is None:
            because = "Nothing was found that speaks to this question."
            return Decision(State.REFUSED, Reason.NOTHING_FOUND, because, missing=(because,))
        if best.score < self._limits.answers:
            because = "What was found is near the subject but does not hold an answer."
            reason = Reason.NEAR_MISS if best.relevance >= best.consistency else Reason.NOTHING_FOUND
            return Decision(State.REFUSED, reason, because, missing=(because, *best.doubts))
        holding = {e.passage.id for j, e in judged if j.score >= self._limits.answers}
        first = [e.passage.id for e in citable if e.passage.id in holding]
        rest = [e.passage.id for e in citable[: self._limits.admitted] if e.passage.id not in holding]
        return Decision(State.GROUNDED, admitted=(*first, *rest)[: self._limits.admitted])

    def _judge(self, question: str, vector: Vectors, evidence: Evidence) -> Answerable:
        passage = evidence.passage
        spans = sentence_spans(passage.text)
        texts = [passage.text, *(span.of(passage.text) for span in spans)]
        whole, *by_sentence = (self._embed(texts) @ vector).tolist()
        return judge(
            question, passage.text, title=passage.title, similarity=Similarity(whole, tuple(by_sentence))
        )


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
