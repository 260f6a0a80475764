"""Drafts an answer from prose and transcripts: the sentences that answer, word for word, with the speaker."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.answerability import best_sentences
from assistant.answering.attribution import quoted
from assistant.domain.answers import Draft, DraftStatement, Pointer, StatementKind
from assistant.domain.conversation import Question
from assistant.domain.documents import BlockKind, Span
from assistant.domain.evidence import Evidence

_SENTENCES = 4
_FROM_EACH = 2


def compose_prose(
    question: Question, admitted: Sequence[Evidence], *, most: int = _SENTENCES, leads: int = 2
) -> Draft:
    """Up to `most` quoted sentences from the best passages, the first `leads` as the lead, word for word."""
    statements: list[DraftStatement] = []
    said: set[str] = set()
    for evidence in admitted:
        passage = evidence.passage
        for span in _spans(question.standalone, evidence):
            words = span.of(passage.text)
            if words in said or len(statements) == most:
                continue
            said.add(words)
            place = Span(passage.span.start + span.start, passage.span.start + span.end)
            constructed = passage.constructed
            statements.append(
                DraftStatement(
                    text=quoted(passage, words),
                    kind=StatementKind.CONSTRUCTED if constructed else StatementKind.REPORTED,
                    heading=_heading(evidence),
                    pointers=(Pointer(passage.id, place),),
                    lead=len(statements) < leads,
                )
            )
    return Draft(tuple(statements))


def _spans(question: str, evidence: Evidence) -> list[Span]:
    ranked = best_sentences(question, evidence.passage.text, _FROM_EACH)
    return [found.span for found in ranked]


def _heading(evidence: Evidence) -> str:
    passage = evidence.passage
    if passage.constructed:
        return "Constructed example"
    return "What participants said" if passage.kind is BlockKind.TURN else "What the sources say"
