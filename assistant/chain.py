"""The retrieval chain: understand, count, retrieve, gate, advise, compose, verify, as one LangChain Runnable.

Each step takes one frozen type and gives another, so a tracer sees what happened and any LangChain program
can embed the whole or a part. Nothing is chosen here; `assembly.py` hands in the parts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForChainRun
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langchain_core.runnables.config import get_callback_manager_for_config
from langsmith import tracing_context

from assistant.advice_step import advise_on, asked_first, without_generic_advice
from assistant.answering.verify import Checked, Verifier
from assistant.counting import Counted
from assistant.domain.advice import Advice
from assistant.domain.answers import Advised, Answer, Decision, Draft, Statement
from assistant.domain.conversation import Question, Turn
from assistant.domain.documents import Passage
from assistant.domain.events import AdviceGiven, Event, EvidenceFound, Finished, Searching, StatementVerified
from assistant.domain.evidence import Evidence
from assistant.domain.framework import FactorLevel
from assistant.retrieval.advice_asked import situation_of, wants_advice
from assistant.retrieval.asking import Asking, read_asking
from assistant.retrieval.hybrid import Found

Marks = tuple[tuple[str, float], ...]
Corrections = Mapping[str, FactorLevel | None]


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


class Counter(Protocol):
    """Answers questions that want a count."""

    def count(self, question: Question) -> Counted | None:
        """What was counted; None if the question wants no count, or one that cannot be given."""


class Advising(Protocol):
    """Weighs what fits a situation."""

    def weigh(self, situation: str, corrections: Corrections) -> Advice:
        """Advice on a situation as told, after its readings were put right."""

    def asked_about(self, asking: Asking, evidence: Sequence[Evidence]) -> str | None:
        """The mechanism whose worth a question doubts, if there is one."""

    def behind(self, advice: Advice) -> Sequence[Passage]:
        """Findings on the cards shown, each as it is stored."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question that stands alone, and what it asks for."""

    question: Question
    asking: Asking
    situation: str | None = None
    """What was told so far, if advice is asked for."""
    corrections: Corrections = field(default_factory=dict)
    settled: Decision | None = None
    """What words that settle it have decided, before anything is counted or looked for."""
    counted: Counted | None = None
    """Given by the step that counts, if a count is asked for."""
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
class Weighed:
    """The same with advice, if it was asked for; nothing in it has been looked up yet."""

    decided: Decided
    advised: Advised | None
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """The same with a draft, which no reader may see."""

    weighed: Weighed
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
    counter: Counter | None = None
    adviser: Callable[[], Advising | None] = lambda: None
    """Makes what weighs advice, when it is first asked for; None for a collection without a framework."""
    settled: Callable[[str], Decision | None] = lambda text: None
    """Refuses by what is said alone, whatever was found; None where nothing settles it."""


class AnswerChain:
    """The steps, each a named Runnable, and the whole of them."""

    def __init__(self, parts: ChainParts) -> None:
        self._parts = parts
        self.understand = _step(self._understand, "standalone_question")
        self.count = _step(self._count, "count")
        self.retrieve = _step(self._retrieve, "retrieve")
        self.decide = _step(self._decide, "gate")
        self.advise = _step(self._advise, "advise")
        self.compose = _step(self._compose, "compose")
        self.verify = _step(self._verify, "verify")
        self._before = self.understand | self.count | self.retrieve
        self._write = self.decide | self.advise | self.compose

    @property
    def runnable(self) -> Runnable[Any, Answer]:
        """The whole chain: `{"question", "turns"?, "id"?}` or a plain question in, an `Answer` out."""
        return (self._before | self._write | self.verify).with_config(run_name="cited_answer")

    def events(self, asked: Mapping[str, Any] | str, config: RunnableConfig | None = None) -> Iterator[Event]:
        """What happens while a question is answered; ends with `Finished`.

        A statement is handed out once it is sure to stand in the answer: not before one that is cited.
        """
        retrieved: Retrieved = _here(self._before.invoke, asked, config)
        yield Searching(retrieved.understood.question.standalone)
        yield EvidenceFound(retrieved.found.evidence)
        drafted: Drafted = _here(self._write.invoke, retrieved, config)
        run = _here(_begun, drafted, config)
        try:
            checked, started = Checked(), time.perf_counter()
            yield from _once_cited(self._check(drafted, checked))
            answer = self._seal(drafted, checked, started)
        except BaseException as error:
            run.on_chain_error(error)
            raise
        run.on_chain_end(answer)
        if answer.advice is not None:
            yield AdviceGiven(answer.advice)
        yield Finished(answer)

    def _understand(self, asked: Mapping[str, Any] | str) -> Understood:
        given: Mapping[str, Any] = {"question": asked} if isinstance(asked, str) else asked
        question = self._parts.stand_alone(
            given["question"], _turns(given.get("turns", ())), id=given.get("id")
        )
        situation = situation_of(question) if wants_advice(question) else None
        asking = read_asking(question.standalone)
        settled = self._parts.settled(question.text)
        return Understood(question, asking, situation, given.get("corrections") or {}, settled)

    def _count(self, understood: Understood) -> Understood:
        counter = self._parts.counter if understood.settled is None else None
        return replace(understood, counted=counter.count(understood.question) if counter else None)

    def _retrieve(self, understood: Understood) -> Retrieved:
        if understood.counted is not None:
            return Retrieved(understood, understood.counted.found)
        question = understood.question
        text = question.search_text or question.standalone
        return Retrieved(understood, self._parts.retriever.retrieve(text, k=self._parts.k))

    def _decide(self, retrieved: Retrieved) -> Decided:
        understood, found = retrieved.understood, retrieved.found
        if understood.settled is not None:
            return Decided(retrieved, understood.settled)
        if understood.counted is not None:
            return Decided(retrieved, understood.counted.decision)
        return Decided(retrieved, self._parts.gate.decide(understood.asking, found.vector, found.evidence))

    def _advise(self, decided: Decided) -> Weighed:
        understood = decided.retrieved.understood
        if understood.situation is None or understood.counted is not None:
            return Weighed(decided, None)
        desk = self._parts.adviser()
        if desk is None:
            return Weighed(decided, None)
        evidence = decided.retrieved.found.evidence
        asked = desk.asked_about(understood.asking, evidence)
        told = advise_on(
            understood.situation,
            decided.decision,
            evidence,
            lambda situation: asked_first(desk.weigh(situation, understood.corrections), asked),
            desk.behind,
        )
        found = replace(decided.retrieved.found, evidence=told.evidence)
        retrieved = replace(decided.retrieved, found=found)
        return Weighed(replace(decided, decision=told.decision, retrieved=retrieved), told.advised)

    def _compose(self, weighed: Weighed) -> Drafted:
        decided = weighed.decided
        understood, found = decided.retrieved.understood, decided.retrieved.found
        if understood.counted is not None:
            return Drafted(weighed, understood.counted.draft)
        draft = self._parts.composer.compose(
            understood.question, understood.asking, decided.decision, found.evidence
        )
        return Drafted(weighed, without_generic_advice(draft, weighed.advised))

    def _verify(self, drafted: Drafted) -> Answer:
        checked, started = Checked(), time.perf_counter()
        for _ in self._check(drafted, checked):
            pass
        return self._seal(drafted, checked, started)

    def _check(self, drafted: Drafted, checked: Checked) -> Iterator[tuple[int, Statement]]:
        evidence = drafted.weighed.decided.retrieved.found.evidence
        return self._parts.verifier.check(drafted.draft, evidence, checked)

    def _seal(self, drafted: Drafted, checked: Checked, started: float) -> Answer:
        decided = drafted.weighed.decided
        retrieved = decided.retrieved
        marks = (*drafted.marks, ("verify", _milliseconds(started)))
        return self._parts.verifier.seal(
            retrieved.understood.question,
            decided.decision,
            drafted.draft,
            checked,
            retrieved.found.evidence,
            timings_ms={**dict(marks), "total": round(sum(ms for _, ms in marks), 3)},
            made_at=self._parts.clock(),
            advised=drafted.weighed.advised,
        )


def _here(work: Callable[..., Any], *given: Any) -> Any:
    """What `work` makes, with the tracing that environment variables switch on left off: it would call out.

    Callbacks in a config, and a program that embeds `runnable` in a traced chain of its own, are served.
    """
    with tracing_context(enabled=False):
        return work(*given)


def _begun(drafted: Drafted, config: RunnableConfig | None) -> CallbackManagerForChainRun:
    """The check as a run that callbacks are told of, since its statements are handed out one by one."""
    manager = get_callback_manager_for_config(config or {})
    return manager.on_chain_start({}, drafted, name="verify")


def _once_cited(statements: Iterator[tuple[int, Statement]]) -> Iterator[StatementVerified]:
    """The statements, those before the first cited one held back: an answer without a citation is refused."""
    held: list[StatementVerified] = []
    cited = False
    for index, statement in statements:
        held.append(StatementVerified(index, statement))
        cited = cited or bool(statement.citations)
        if cited:
            yield from held
            held.clear()


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
