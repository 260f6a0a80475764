"""A conversation as the page keeps it: what was asked, what was answered, and how it is shown and saved.

Lives in the session of one browser tab and in memory only; nothing is written to a disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant import wire
from assistant.domain.answers import Answer
from assistant.domain.conversation import Turn
from assistant.domain.reports import Source
from assistant.web.render import answer_html, question_html
from assistant.web.render_sources import empty_html, legend_html, sources_html

LONGEST = 20
"""Exchanges kept; older ones leave the page and the session."""

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, as they are shown and saved."""

    number: int
    question: str
    told: str
    """The answer's plain words, handed to the engine as what was said before."""
    shown: str
    sources: str
    older_sources: str
    markdown: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything said so far, oldest first."""

    exchanges: tuple[Exchange, ...] = ()
    next_number: int = 1

    def turns(self, *, most: int) -> tuple[Turn, ...]:
        """What was said, as the engine takes it; the latest `most` turns."""
        said = [
            turn
            for exchange in self.exchanges
            for turn in (Turn("user", exchange.question), Turn("assistant", exchange.told))
        ]
        return tuple(said[max(0, len(said) - most) :])

    def messages(self) -> list[Message]:
        """What the conversation shows."""
        return [
            message
            for exchange in self.exchanges
            for message in (asked(exchange.question), answered(exchange.shown))
        ]

    def sources(self) -> str:
        """The sources of every answer, the latest first and open."""
        if not self.exchanges:
            return empty_html()
        *older, latest = self.exchanges
        listed = latest.sources + "".join(exchange.older_sources for exchange in reversed(older))
        return listed + legend_html()

    def markdown(self) -> str:
        """The whole conversation, to save."""
        return "\n\n".join(exchange.markdown for exchange in self.exchanges)

    def with_answer(self, answer: Answer, sources: Mapping[str, Source]) -> Talk:
        """The conversation with one more exchange; the oldest goes if it is too long."""
        number = self.next_number
        exchange = Exchange(
            number=number,
            question=answer.question,
            told=" ".join(statement.text for statement in answer.statements) or answer.because,
            shown=answer_html(answer, number),
            sources=sources_html(answer, sources, number),
            older_sources=sources_html(answer, sources, number, latest=False),
            markdown=wire.answer_markdown(answer, sources),
            receipt=wire.dumps(wire.plain(answer.receipt.body), indent=2),
        )
        return Talk((*self.exchanges, exchange)[-LONGEST:], number + 1)

    def without_last(self) -> Talk:
        """The conversation before its last exchange, to ask that question again."""
        return Talk(self.exchanges[:-1], self.next_number)


def asked(question: str) -> Message:
    """The reader's message."""
    return {"role": "user", "content": question_html(question)}


def answered(shown: str) -> Message:
    """Our message; `shown` comes from the renderer."""
    return {"role": "assistant", "content": shown}
