"""What the Ask page shows while a question is answered. Knows the engine's events; knows no widget."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from assistant import wire
from assistant.domain.answers import Answer, State, Statement
from assistant.domain.events import Finished, StatementVerified
from assistant.domain.reports import Source
from assistant.errors import AssistantError, InputError
from assistant.security.sanitising import question_text
from assistant.web.pages.talk import Message, Talk, answered, asked
from assistant.web.problems import TRY_AGAIN, UNEXPECTED, TooManyAsksError, log
from assistant.web.pump import pumped
from assistant.web.render import note_html, partial_html, plural, searching_html

if TYPE_CHECKING:
    from assistant.web.pages import Desk

SEARCHING = "Searching"
STOPPED = "Stopped"
NEXT_LABEL = "Questions to ask next"
NEAREST_LABEL = "Questions the evidence can answer"


@dataclass(frozen=True, slots=True)
class Shown:
    """The state of the page at one moment."""

    talk: Talk
    messages: list[Message]
    status: str
    working: bool = False
    suggestions: tuple[str, ...] = ()
    suggestions_label: str = NEXT_LABEL


class Answering:
    """Turns one question into a row of page states."""

    def __init__(self, desk: Desk) -> None:
        self._assistant = desk.assistant
        self._options = desk.options
        self._admission = desk.admission
        self._asks = desk.asks

    async def answer(self, question: str, talk: Talk, principal: str) -> AsyncIterator[Shown]:
        """The page while `question` is answered; an error is a note in the conversation."""
        said = question[: self._options.max_question_chars + 1]
        before = [*talk.messages(), asked(said)] if said.strip() else talk.messages()
        try:
            text = question_text(question, longest=self._options.max_question_chars)
            self._count(principal)
            async for shown in self._answered(text, talk, before):
                yield shown
        except AssistantError as error:
            yield self._note(talk, before, error.sentence, error.hint)
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            log.error("unexpected %s on the page", type(error).__name__, exc_info=error)
            yield self._note(talk, before, UNEXPECTED, TRY_AGAIN)

    async def again(self, talk: Talk, principal: str) -> AsyncIterator[Shown]:
        """The page while the latest question is asked once more, in the place of its answer."""
        if not talk.exchanges:
            return
        question = talk.exchanges[-1].question
        async for shown in self.answer(question, talk.without_last(), principal):
            yield shown

    def stopped(self, talk: Talk, messages: list[dict[str, Any]]) -> Shown:
        """The page after the reader pressed Stop: what was verified stays in view."""
        kept = talk.messages()
        unfinished = messages[len(kept) :]
        if not unfinished:
            return Shown(talk, kept, STOPPED)
        note = answered(
            note_html("You stopped here.", "Each sentence shown above was checked. Ask again to go on.")
        )
        return Shown(talk, [*kept, *unfinished, note], STOPPED)

    def fresh(self) -> Shown:
        """The page as it was before anything was asked."""
        return Shown(Talk(), [], "")

    def _count(self, principal: str) -> None:
        wait = self._asks.take(principal)
        if wait:
            limit = plural(self._asks.per_minute, "question")
            raise TooManyAsksError(
                f"You have asked {limit} in the last minute, which is the limit.", retry_after=wait
            )

    async def _answered(self, text: str, talk: Talk, before: list[Message]) -> AsyncIterator[Shown]:
        number = talk.next_number
        turns = talk.turns(most=self._options.max_turns)
        yield Shown(talk, [*before, answered(searching_html(number))], SEARCHING, working=True)
        said: tuple[Statement, ...] = ()
        async with self._admission.slot():
            async for event in pumped(lambda: self._assistant.ask(text, turns=turns)):
                if isinstance(event, StatementVerified):
                    said = (*said, event.statement)
                    messages = [*before, answered(partial_html(said, number))]
                    yield Shown(talk, messages, SEARCHING, working=True)
                elif isinstance(event, Finished):
                    sources = await run_in_threadpool(self._opened, event.answer)
                    yield _finished(talk.with_answer(event.answer, sources), event.answer)

    def _opened(self, answer: Answer) -> Mapping[str, Source]:
        """Every passage of the answer at its source; one that has gone missing is left out."""
        wanted = [c.passage_id for c in wire.citations(answer)] + [
            found.passage.id for found in answer.evidence
        ]
        opened: dict[str, Source] = {}
        for passage_id in dict.fromkeys(wanted):
            try:
                opened[passage_id] = self._assistant.source(passage_id)
            except InputError:
                continue
        return opened

    def _note(self, talk: Talk, before: list[Message], sentence: str, hint: str) -> Shown:
        return Shown(talk, [*before, answered(note_html(sentence, hint))], sentence)


def _finished(talk: Talk, answer: Answer) -> Shown:
    refused = answer.state is State.REFUSED
    count = plural(len(wire.citations(answer)), "source")
    status = "Answer ready. No source fits." if refused else f"Answer ready. {count}."
    shown = Shown(talk, talk.messages(), status, suggestions=answer.follow_ups)
    return replace(shown, suggestions_label=NEAREST_LABEL) if refused else shown
