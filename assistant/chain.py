"""The retrieval chain: understand, retrieve, gate, compose, verify, as one LangChain Runnable.

Each step takes one frozen type and gives another, so a tracer sees what happened and any LangChain program
can embed the whole or a part. Nothing is chosen here; `assembly.py` hands in the parts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from assistant.answering.verify import Checked, Verifier
from assistant.domain.answers import Answer, Decision, Draft
from assistant.domain.conversation import Question, Turn
from assistant.domain.events import Event, EvidenceFound, Finished, Searching, StatementVerified
from assistant.domain.evidence import Evidence
from assistant.retrieval.asking import Asking, read_asking
from assistant.retrieval.hybrid import Found

Marks = tuple[tuple[str, float], ...]


class Retriever(Protocol):
    """Finds evidence for a question."""

    def retrieve(self, text: str, *, k: int) -> Found:
        """The `k` best passages, best first."""


class Gate(Protocol):
    """Decides whether to answer."""

    def decide(self, asking: Asking, vector: Any, evidence: Sequence[Evidence]) -> Decision:
        """What to do, given what was found."""


class Composer(Protocol):
    """Writes a draft."""

    def compose(
        self, question: Question, asking: Asking, decision: Decision, evidence: Sequence[Evidence]
    ) -> Draft:
        """A draft, still unchecked."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question that stands alone, and what it asks for."""

    question: Question
    asking: Asking
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The same with what was found for it."""

    understood: Understood
    found: Found
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """The same with what the gate decided."""

    retrieved: Retrieved
    decision: Decision
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """The same with a draft, which no reader may see."""

    decided: Decided
    draft: Draft
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class ChainParts:
    """What the chain is made of."""

    stand_alone: Callable[..., Question]
    retriever: Retriever
    gate: Gate
    composer: Composer
    verifier: Verifier
    clock: Callable[[], str]
    """The time now, in ISO 8601, for receipts."""
    k: int = 10


class AnswerChain:
    """The steps, each a named Runnable, and the whole of them."""

    def __init__(self, parts: ChainParts) -> None:
        self._parts = parts
        self.understand = _step(self._understand, "standalone_question")
        self.retrieve = _step(self._retrieve, "retrieve")
        self.decide = _step(self._decide, "gate")
        self.compose = _step(self._compose, "compose")
        self.verify = _step(self._verify, "verify")
        self._before = self.understand | self.retrieve
        self._write = self.decide | self.compose

    @property
    def runnable(self) -> Runnable[Any, Answer]:
        """The whole chain: `{"question", "turns"?, "id"?}` or a plain question in, an `Answer` out."""
        return (self.understand | self.retrieve | self.decide | self.compose | self.verify).with_config(
            run_name="cited_answer"
        )

    def events(self, asked: Mapping[str, Any] | str, config: RunnableConfig | None = None) -> Iterator[Event]:
        """What happens while a question is answered; ends with `Finished`."""
        retrieved: Retrieved = self._before.invoke(asked, config)
        yield Searching(retrieved.understood.question.standalone)
        yield EvidenceFound(retrieved.found.evidence)
        drafted: Drafted = self._write.invoke(retrieved, config)
        checked, started = Checked(), time.perf_counter()
        for index, statement in self._check(drafted, checked):
            yield StatementVerified(index, statement)
        yield Finished(self._seal(drafted, checked, started))

    def _understand(self, asked: Mapping[str, Any] | str) -> Understood:
        given = {"question": asked} if isinstance(asked, str) else asked
        question = self._parts.stand_alone(
            given["question"], _turns(given.get("turns", ())), id=given.get("id")
        )
        return Understood(question, read_asking(question.standalone))

    def _retrieve(self, understood: Understood) -> Retrieved:
        question = understood.question
        text = question.search_text or question.standalone
        return Retrieved(understood, self._parts.retriever.retrieve(text, k=self._parts.k))

    def _decide(self, retrieved: Retrieved) -> Decided:
        found = retrieved.found
        decision = self._parts.gate.decide(retrieved.understood.asking, found.vector, found.evidence)
        return Decided(retrieved, decision)

    def _compose(self, decided: Decided) -> Drafted:
        understood = decided.retrieved.understood
        draft = self._parts.composer.compose(
            understood.question, understood.asking, decided.decision, decided.retrieved.found.evidence
        )
        return Drafted(decided, draft)

    def _verify(self, drafted: Drafted) -> Answer:
        checked, started = Checked(), time.perf_counter()
        for _ in self._check(drafted, checked):
            pass
        return self._seal(drafted, checked, started)

    def _check(self, drafted: Drafted, checked: Checked) -> Iterator[Any]:
        evidence = drafted.decided.retrieved.found.evidence
        return self._parts.verifier.check(drafted.draft, evidence, checked)

    def _seal(self, drafted: Drafted, checked: Checked, started: float) -> Answer:
        retrieved = drafted.decided.retrieved
        marks = (*drafted.marks, ("verify", _milliseconds(started)))
        return self._parts.verifier.seal(
            retrieved.understood.question,
            drafted.decided.decision,
            drafted.draft,
            checked,
            retrieved.found.evidence,
            timings_ms={**dict(marks), "total": round(sum(ms for _, ms in marks), 3)},
            made_at=self._parts.clock(),
        )


def _step(work: Callable[[Any], Any], name: str) -> RunnableLambda[Any, Any]:
    """`work` as a named Runnable that adds how long it took to the marks of what it was given."""

    def timed(given: Any) -> Any:
        started = time.perf_counter()
        made = work(given)
        if isinstance(made, Answer):
            return made
        marks = (*getattr(given, "marks", ()), (name, _milliseconds(started)))
        return type(made)(**{**_fields(made), "marks": marks})

    return RunnableLambda(timed, name=name)


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)


def _turns(given: Sequence[Any]) -> tuple[Turn, ...]:
    return tuple(t if isinstance(t, Turn) else Turn(t["role"], t["text"]) for t in given)
