"""The answer chain as a LangChain Runnable: named steps, traceable, and the same answer by every way in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tracers.langchain import LangChainTracer
from langsmith.utils import get_env_var

from assistant.chain import AnswerChain, Decided, Drafted, Retrieved, Understood
from assistant.domain.answers import Answer, Draft, DraftStatement, Pointer, Reason, State, StatementKind
from assistant.domain.conversation import Turn
from assistant.domain.events import Finished, StatementVerified
from assistant.engine import Assistant
from assistant.wire import answer_json
from tests.libraries import PAIRING

STEPS = ("standalone_question", "count", "retrieve", "gate", "advise", "compose", "verify")
BLUEPRINTS = "What should a blueprint contain so that people use it?"


ADVISED = DraftStatement("Plan the second visit before the first one ends.", StatementKind.ADVICE)
MADE_UP = DraftStatement("Visits cure everything.", StatementKind.REPORTED, "", (Pointer("no-such:0-3"),))


class Composed:
    """A composer that writes what it was given, whatever is asked."""

    def __init__(self, statements: tuple[DraftStatement, ...]) -> None:
        self._statements = statements

    def compose(self, *given: object) -> Draft:
        return Draft(self._statements)


class Tracer(BaseCallbackHandler):
    """Notes which steps began and ended, and what they were given."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.ended: list[Any] = []
        self.failed: list[BaseException] = []
        self._names: dict[UUID, str] = {}

    def on_chain_start(self, serialized: Any, inputs: Any, *, run_id: UUID, **more: Any) -> None:
        self._names[run_id] = more.get("name") or ""
        self.began.append(self._names[run_id])

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **more: Any) -> None:
        self.ended.append((self._names[run_id], outputs))

    def on_chain_error(self, error: BaseException, **more: Any) -> None:
        self.failed.append(error)


@pytest.fixture(scope="module")
def chain(small: Assistant) -> AnswerChain:
    return small.workings.chain


def told(answer: Answer) -> str:
    """The answer as JSON without its times."""
    said = answer_json(answer)
    receipt = {k: v for k, v in said["receipt"].items() if k not in ("made_at", "seal")}
    return json.dumps({**said, "receipt": receipt, "timings_ms": None})


def test_the_whole_chain_is_a_langchain_runnable_with_a_name(chain: AnswerChain) -> None:
    assert isinstance(chain.runnable, Runnable)
    tracer = Tracer()
    answer = chain.runnable.invoke(PAIRING, {"callbacks": [tracer]})
    assert isinstance(answer, Answer)
    assert tracer.began[0] == "cited_answer"


def test_every_step_is_traced_by_its_name_with_what_it_made(chain: AnswerChain) -> None:
    tracer = Tracer()
    answer = chain.runnable.invoke(PAIRING, {"callbacks": [tracer]})
    assert tuple(name for name in tracer.began if name in STEPS) == STEPS
    made = dict(tracer.ended)
    assert isinstance(made["standalone_question"], Understood)
    assert isinstance(made["retrieve"], Retrieved)
    assert isinstance(made["gate"], Decided)
    assert isinstance(made["compose"], Drafted)
    assert made["verify"] == answer == made["cited_answer"]


def test_a_step_can_be_used_alone(chain: AnswerChain) -> None:
    understood = chain.understand.invoke({"question": PAIRING, "id": "q9"})
    assert (understood.question.text, understood.question.id) == (PAIRING, "q9")
    assert chain.retrieve.invoke(understood).found.evidence


class Never:
    """A gate and a counter that nothing should reach."""

    def decide(self, *given: object) -> Any:
        raise AssertionError("the gate was asked")

    count = decide


def test_words_that_settle_it_go_before_every_gate_and_every_count(bundled: Assistant) -> None:
    parts = replace(bundled.workings.chain._parts, gate=Never(), counter=Never())
    answer = AnswerChain(parts).runnable.invoke("How many studies speak of visits? I want to kill myself.")
    assert (answer.state, answer.reason, answer.advice) == (State.REFUSED, Reason.PERSONAL_OR_LEGAL, None)
    assert any("Samaritans" in gap for gap in answer.gaps)


def test_another_langchain_program_can_embed_it(chain: AnswerChain) -> None:
    program = RunnableLambda(lambda given: given["ask"]) | chain.runnable | RunnableLambda(lambda a: a.lead)
    assert program.invoke({"ask": PAIRING}) == chain.runnable.invoke(PAIRING).lead


@pytest.mark.parametrize(
    "question", [PAIRING, BLUEPRINTS, "Will it rain tomorrow?", "How many pairs met weekly?"]
)
def test_invoking_gives_the_answer_that_the_events_end_with(chain: AnswerChain, question: str) -> None:
    events = list(chain.events({"question": question, "id": "q1"}))
    assert isinstance(events[-1], Finished)
    invoked = chain.runnable.invoke({"question": question, "id": "q1"})
    assert told(events[-1].answer) == told(invoked)


def test_every_step_is_traced_in_events_too_and_the_check_ends_with_the_answer(chain: AnswerChain) -> None:
    tracer = Tracer()
    [*_, last] = chain.events(PAIRING, {"callbacks": [tracer]})
    assert isinstance(last, Finished)
    assert [name for name in tracer.began if name in STEPS] == list(STEPS)
    assert dict(tracer.ended)["verify"] == last.answer


def test_a_check_that_breaks_off_is_traced_as_broken(chain: AnswerChain) -> None:
    tracer = Tracer()
    events = chain.events(PAIRING, {"callbacks": [tracer]})
    next(event for event in events if isinstance(event, StatementVerified))
    events.close()  # type: ignore[attr-defined]
    assert isinstance(tracer.failed[0], GeneratorExit)


def test_nothing_uncited_is_handed_out_before_something_cited(chain: AnswerChain) -> None:
    parts = replace(chain._parts, composer=Composed((ADVISED, MADE_UP)))
    events = list(AnswerChain(parts).events(BLUEPRINTS))
    assert not [event for event in events if isinstance(event, StatementVerified)]
    assert isinstance(events[-1], Finished)
    assert events[-1].answer.state is State.REFUSED


def test_uncited_statements_come_out_in_order_once_one_is_cited(chain: AnswerChain) -> None:
    cited = chain.runnable.invoke(BLUEPRINTS).statements[0]
    quoting = DraftStatement(cited.text, cited.kind, "", (Pointer(cited.citations[0].passage_id),))
    parts = replace(chain._parts, composer=Composed((ADVISED, quoting, ADVISED)))
    events = [e for e in AnswerChain(parts).events(BLUEPRINTS) if isinstance(e, StatementVerified)]
    assert [event.index for event in events] == [0, 1, 2]
    assert [bool(event.statement.citations) for event in events] == [False, True, False]


@pytest.mark.parametrize("name", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2"])
def test_no_environment_variable_makes_it_report_to_a_tracing_service(
    chain: AnswerChain, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made: list[object] = []
    monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    get_env_var.cache_clear()
    monkeypatch.setattr(LangChainTracer, "__init__", lambda self, **given: made.append(self))
    try:
        list(chain.events(PAIRING))
    finally:
        get_env_var.cache_clear()
    assert made == []


def test_a_batch_gives_the_same_answers_in_the_same_order(chain: AnswerChain) -> None:
    questions = [PAIRING, "Will it rain tomorrow?", BLUEPRINTS]
    batch = chain.runnable.batch([{"question": q, "id": str(n)} for n, q in enumerate(questions)])
    assert [answer.id for answer in batch] == ["0", "1", "2"]
    assert [answer.lead for answer in batch] == [chain.runnable.invoke(q).lead for q in questions]


def test_streaming_ends_with_the_answer(chain: AnswerChain) -> None:
    [*_, last] = chain.runnable.stream(PAIRING)
    assert told(last) == told(chain.runnable.invoke(PAIRING))


@pytest.mark.parametrize(
    "turns",
    [
        [{"role": "user", "text": BLUEPRINTS}, {"role": "assistant", "text": "A named contact."}],
        (Turn("user", BLUEPRINTS), Turn("assistant", "A named contact.")),
    ],
)
def test_a_follow_up_stands_alone_after_what_was_said(chain: AnswerChain, turns: Any) -> None:
    answer = chain.runnable.invoke({"question": "And what gets in the way of it?", "turns": turns})
    assert answer.question == "And what gets in the way of it?"
    assert "blueprint" in answer.standalone.lower()
    assert answer.state is not State.REFUSED
    assert "williams-2021" in {c.study_id for s in answer.statements for c in s.citations}


def test_without_turns_a_question_is_taken_as_it_is(chain: AnswerChain) -> None:
    assert chain.runnable.invoke(PAIRING).standalone == PAIRING


def test_each_step_is_timed_and_the_total_is_their_sum(chain: AnswerChain) -> None:
    timings = dict(chain.runnable.invoke(PAIRING).timings_ms)
    total = timings.pop("total")
    assert tuple(timings) == STEPS
    assert all(spent >= 0 for spent in timings.values())
    assert total == pytest.approx(sum(timings.values()), abs=0.01)


def test_an_error_in_a_step_reaches_the_caller_and_the_tracer(chain: AnswerChain) -> None:
    tracer = Tracer()
    with pytest.raises(KeyError, match="question"):
        chain.runnable.invoke({"id": "q1"}, {"callbacks": [tracer]})
    assert tracer.failed
