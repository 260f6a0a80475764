"""What the Ask page shows while a question is answered. Knows the engine's events; knows no widget."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from assistant import wire
from assistant.domain.answers import Answer, State
from assistant.domain.conversation import Turn
from assistant.domain.events import Event, Finished, StatementVerified
from assistant.domain.framework import FactorLevel
from assistant.domain.reports import Source
from assistant.errors import AssistantError, InputError
from assistant.security.sanitising import question_text
from assistant.web.pages.talk import Message, Talk, answered, asked, cited_on_cards
from assistant.web.pages.wiring import take_question
from assistant.web.problems import TRY_AGAIN, UNEXPECTED, log
from assistant.web.pump import pumped
from assistant.web.refused import count_unanswered
from assistant.web.render import note_html, plural
from assistant.web.render_situation import LEVEL_WORDS, factor_names

if TYPE_CHECKING:
    from assistant.web.pages import Desk

SEARCHING = "Searching"
STOPPED = "Stopped"
NOTHING_CHOSEN = "Choose an answer or a reading first."
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

    @property
    def searching(self) -> bool:
        """True until the first statement is verified: what stands beside stays as it is."""
        return self.working and not (self.talk.unfinished and self.talk.unfinished.statements)


class Answering:
    """Turns one question into a row of page states."""

    def __init__(self, desk: Desk) -> None:
        self._assistant = desk.assistant
        self._options = desk.options
        self._admission = desk.admission
        self._asks = desk.asks

    async def answer(self, question: str, talk: Talk, principal: str) -> AsyncIterator[Shown]:
        """The page while `question` is answered; an error is a note in the conversation."""
        before = talk.stopped()  # a question left hanging, if the connection broke
        try:
            text = question_text(question, longest=self._options.max_question_chars)
            self._count(principal)
            async for shown in self._answered(text, before):
                yield shown
        except AssistantError as error:
            yield self._noted(before, question, error.sentence, error.hint)
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            log.error("unexpected %s on the page", type(error).__name__, exc_info=error)
            yield self._noted(before, question, UNEXPECTED, TRY_AGAIN)

    async def again(self, talk: Talk, principal: str) -> AsyncIterator[Shown]:
        """The page while the latest question is asked once more, in the place of its answer."""
        if not talk.exchanges:
            return
        question = talk.exchanges[-1].question
        async for shown in self.answer(question, talk.without_last(), principal):
            yield shown

    async def put_right(
        self, talk: Talk, corrections: Mapping[str, FactorLevel | None], principal: str
    ) -> Shown:
        """The page after readings were put right: the advice is worked out anew, and what moved is said."""
        before = talk.advice
        if before is None or not corrections:
            return Shown(talk, talk.messages(), NOTHING_CHOSEN)
        try:
            self._count(principal)
            every = {**talk.corrections, **corrections}
            asked = before.advice.asked.mechanism_id if before.advice.asked else None
            async with self._admission.slot():
                given = await run_in_threadpool(
                    self._assistant.recommend, before.situation, corrections=every, asked=asked
                )
            opened = await self._opened([citation.passage_id for citation in cited_on_cards(given)])
        except AssistantError as error:
            return self._noted(talk, "", error.sentence, error.hint)
        words = put_right_words(corrections, factor_names(given.advice))
        after = talk.with_correction(words, every, given, opened)
        return Shown(after, after.messages(), "The advice was worked out anew.")

    def stopped(self, talk: Talk) -> Shown:
        """The page after the reader pressed Stop: what was verified stays in view."""
        kept = talk.stopped()
        return Shown(kept, kept.messages(), STOPPED)

    def returned(self, talk: Talk) -> Shown:
        """The page as it was when it was left; what hung in the air then stays as far as it had come."""
        kept = talk.stopped()
        return Shown(kept, kept.messages(), "")

    def fresh(self) -> Shown:
        """The page as it was before anything was asked."""
        return Shown(Talk(), [], "")

    def _count(self, principal: str) -> None:
        take_question(self._asks, principal)

    async def _answered(self, text: str, talk: Talk) -> AsyncIterator[Shown]:
        turns = talk.turns(most=self._options.max_turns)
        now = talk.asking(text)
        yield Shown(now, now.messages(), SEARCHING, working=True)
        answer: Answer | None = None
        async with self._admission.slot():
            async for event in pumped(lambda: self._events(text, turns, talk)):
                if isinstance(event, StatementVerified):
                    ids = [citation.passage_id for citation in event.statement.citations]
                    now = now.with_statement(event.statement, await self._opened(ids))
                    yield Shown(now, now.messages(), SEARCHING, working=True)
                elif isinstance(event, Finished):
                    answer = event.answer
                    ids = [
                        *answer.cited,
                        *answer.cited_in_advice,
                        *(found.passage.id for found in answer.evidence),
                    ]
                    yield _finished(talk.with_answer(answer, await self._opened(ids)), answer)
        if answer is not None:
            await count_unanswered(self._assistant, self._options, answer)

    def _events(self, text: str, turns: Sequence[Turn], talk: Talk) -> Iterator[Event]:
        """What happens while a question is answered, by what the person put right before."""
        if talk.corrections:
            return self._assistant.ask(text, turns=turns, corrections=talk.corrections)
        return self._assistant.ask(text, turns=turns)

    async def _opened(self, passage_ids: Sequence[str]) -> Mapping[str, Source]:
        """Each passage at its source; one that has gone missing is left out."""

        def open_all() -> dict[str, Source]:
            opened: dict[str, Source] = {}
            for passage_id in dict.fromkeys(passage_ids):
                with suppress(InputError):
                    opened[passage_id] = self._assistant.source(passage_id)
            return opened

        return await run_in_threadpool(open_all)

    def _noted(self, talk: Talk, question: str, sentence: str, hint: str) -> Shown:
        said = question[: self._options.max_question_chars]
        asking = [asked(said)] if said.strip() else []
        note = answered(note_html(sentence, hint))
        return Shown(talk, [*talk.messages(), *asking, note], sentence)


def put_right_words(corrections: Mapping[str, FactorLevel | None], names: Mapping[str, str]) -> str:
    """What a person put right, as their own message."""
    told = (
        f"{names.get(key, key)}: {LEVEL_WORDS[level] if level else 'not known'}"
        for key, level in corrections.items()
    )
    return f"Put right. {'; '.join(told)}."


def _finished(talk: Talk, answer: Answer) -> Shown:
    refused = answer.state is State.REFUSED
    count = plural(len(wire.citations(answer)), "source")
    status = "Answer ready. No source fits." if refused else f"Answer ready. {count}."
    label = NEAREST_LABEL if refused else NEXT_LABEL
    return Shown(talk, talk.messages(), status, suggestions=answer.follow_ups, suggestions_label=label)
