"""A conversation as the page keeps it: what was asked, what was answered, and how it is shown and saved.

Lives in the session of one browser tab and in memory only; nothing is written to a disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assistant import wire
from assistant.domain.answers import Answer, Citation, CitedAdvice, Statement
from assistant.domain.conversation import Turn
from assistant.domain.framework import FactorLevel
from assistant.domain.reports import Source
from assistant.web.render import partial_html, question_html, searching_html
from assistant.web.render_advice import Drawn, advice_html, advised_answer_html
from assistant.web.render_situation import change_html
from assistant.web.render_sources import Listed, empty_html, legend_html, numbered, sources_html

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
    folded_sources: str
    """The same for when a later answer stands above it."""
    markdown: str
    receipt: str = ""
    """Empty for an answer that was stopped."""
    advice: CitedAdvice | None = None
    said: bool = True
    """False for a correction, which is no part of what was said: it is kept beside the conversation."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A question that is being answered: the statements verified so far, and their sources."""

    question: str
    statements: tuple[Statement, ...] = ()
    opened: Mapping[str, Source] = field(default_factory=dict)

    @property
    def listed(self) -> Listed:
        """The sources so far."""
        return Listed(self.question, numbered(self.statements), (), self.opened)


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything said so far, oldest first."""

    exchanges: tuple[Exchange, ...] = ()
    next_number: int = 1
    unfinished: Unfinished | None = None
    corrections: Mapping[str, FactorLevel | None] = field(default_factory=dict)
    """Readings that the person put right or answered, by factor; None for one that is not known after all."""

    @property
    def advice(self) -> CitedAdvice | None:
        """The advice in the latest answer; None if that holds none."""
        return self.exchanges[-1].advice if self.exchanges and not self.unfinished else None

    def turns(self, *, most: int) -> tuple[Turn, ...]:
        """What was said, as the engine takes it; the latest `most` turns."""
        said = [
            turn
            for exchange in self.exchanges
            if exchange.said
            for turn in (Turn("user", exchange.question), Turn("assistant", exchange.told))
        ]
        return tuple(said[max(0, len(said) - most) :])

    def messages(self) -> list[Message]:
        """What the conversation shows."""
        shown = [(exchange.question, exchange.shown) for exchange in self.exchanges]
        if self.unfinished:
            said = self.unfinished.statements
            now = partial_html(said, self.next_number) if said else searching_html(self.next_number)
            shown.append((self.unfinished.question, now))
        return [message for question, answer in shown for message in (asked(question), answered(answer))]

    def sources(self) -> str:
        """The sources of every answer, the latest first and open."""
        older = list(reversed(self.exchanges))
        if self.unfinished and self.unfinished.statements:
            latest = sources_html(self.unfinished.listed, self.next_number)
        elif older:
            latest = older.pop(0).sources
        else:
            return empty_html()
        return latest + "".join(exchange.folded_sources for exchange in older) + legend_html()

    def markdown(self) -> str:
        """The whole conversation, to save."""
        return "\n\n".join(exchange.markdown for exchange in self.exchanges)

    def asking(self, question: str) -> Talk:
        """The conversation while a question is answered."""
        return replace(self, unfinished=Unfinished(question))

    def with_statement(self, statement: Statement, opened: Mapping[str, Source]) -> Talk:
        """The conversation with one more verified statement of the answer in the making."""
        if self.unfinished is None:
            return self
        now = self.unfinished
        return replace(
            self,
            unfinished=replace(now, statements=(*now.statements, statement), opened={**now.opened, **opened}),
        )

    def with_answer(self, answer: Answer, opened: Mapping[str, Source]) -> Talk:
        """The conversation with the whole answer; the oldest exchange goes if there are too many."""
        number = self.next_number
        used = answer.cited | answer.cited_in_advice
        unused = tuple(found for found in answer.evidence if found.passage.id not in used)
        listed = Listed(answer.question, wire.citations(answer), unused, opened)
        exchange = Exchange(
            number=number,
            question=answer.question,
            told=_told(answer.statements) or answer.because,
            shown=advised_answer_html(answer, number),
            sources=sources_html(listed, number),
            folded_sources=sources_html(listed, number, latest=False),
            markdown=wire.answer_markdown(answer, opened),
            receipt=wire.dumps(wire.plain(answer.receipt.body), indent=2),
            advice=answer.advice,
        )
        return self._with(exchange)

    def with_correction(
        self,
        put_right: str,
        corrections: Mapping[str, FactorLevel | None],
        given: CitedAdvice,
        opened: Mapping[str, Source],
    ) -> Talk:
        """The conversation with the advice worked out anew; `put_right` says what was corrected."""
        before = self.advice
        drawn = Drawn(given, self.next_number)
        change = change_html(before.advice, given.advice) if before else ""
        shown = advice_html(drawn, change=change)
        listed = Listed(put_right, cited_on_cards(given), (), opened)
        exchange = Exchange(
            number=self.next_number,
            question=put_right,
            told="",
            shown=shown,
            sources=sources_html(listed, self.next_number),
            folded_sources=sources_html(listed, self.next_number, latest=False),
            markdown=wire.corrected_markdown(put_right, given, listed.cited, opened),
            receipt=wire.dumps(wire.plain(given.receipt.body), indent=2),
            advice=given,
            said=False,
        )
        return replace(self._with(exchange), corrections=corrections)

    def stopped(self) -> Talk:
        """The conversation with what was verified before it was stopped, if anything was going on."""
        now = self.unfinished
        if now is None:
            return self
        number = self.next_number
        exchange = Exchange(
            number=number,
            question=now.question,
            told=_told(now.statements),
            shown=partial_html(now.statements, number, stopped=True),
            sources=sources_html(now.listed, number),
            folded_sources=sources_html(now.listed, number, latest=False),
            markdown=_partial_markdown(now),
        )
        return self._with(exchange)

    def without_last(self) -> Talk:
        """The conversation before its last exchange, to ask that question again."""
        return replace(self, exchanges=self.exchanges[:-1])

    def _with(self, exchange: Exchange) -> Talk:
        return Talk(
            (*self.exchanges, exchange)[-LONGEST:], self.next_number + 1, corrections=self.corrections
        )


def cited_on_cards(given: CitedAdvice) -> tuple[Citation, ...]:
    """The citations of advice that stand on its cards as they are drawn, by number."""
    drawn = Drawn(given, 0)
    advice_html(drawn)
    chosen = {c.marker: c for c in given.citations.values() if c.marker in drawn.seen}
    return tuple(chosen[marker] for marker in sorted(chosen))


def asked(question: str) -> Message:
    """The reader's message."""
    return {"role": "user", "content": question_html(question)}


def answered(shown: str) -> Message:
    """Our message; `shown` comes from the renderer."""
    return {"role": "assistant", "content": shown}


def _told(statements: tuple[Statement, ...]) -> str:
    return " ".join(statement.text for statement in statements)


def _partial_markdown(now: Unfinished) -> str:
    """What was verified before the stop, with its quotes; there is no receipt for it."""
    lines = [
        f"# {wire.escaped(now.question)}",
        "",
        "*Stopped before the end. Each sentence was checked.*",
        "",
    ]
    for said in now.statements:
        marks = "".join(f" \\[{citation.marker}\\]" for citation in said.citations)
        lines += [f"{wire.escaped(said.text)}{marks} *({wire.KIND_LABELS[said.kind]})*", ""]
    for citation in now.listed.cited:
        place = wire.escaped(citation.passage_id)
        lines += [f"**{citation.marker}.** \u201c{wire.escaped(citation.quote)}\u201d Passage {place}", ""]
    return "\n".join(lines)
