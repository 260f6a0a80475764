"""Assistants that are small enough to know what they will say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.domain.answers import _SEAL, Answer, Citation, Reason, Receipt, State, Statement, StatementKind
from assistant.domain.conversation import Turn
from assistant.domain.documents import BlockKind, Passage, Span
from assistant.domain.evidence import Evidence


def evidence(record: str, text: str, *, rank: int = 1, score: float = 1.0) -> Evidence:
    passage = Passage(
        document_id=record,
        span=Span(0, len(text)),
        text=text,
        kind=BlockKind.FINDING,
        ordinal=0,
        record_id=record,
        study_id=record.rsplit("-", 1)[0],
    )
    return Evidence(passage=passage, rank=rank, score=score)


def answer(
    question: str,
    *,
    cited: Sequence[Evidence] = (),
    found: Sequence[Evidence] | None = None,
    state: State = State.GROUNDED,
    reason: Reason | None = None,
    texts: Sequence[str] = (),
    standalone: str = "",
    id: str | None = None,
) -> Answer:
    statements = tuple(
        Statement(
            text=texts[i] if i < len(texts) else e.passage.text,
            kind=StatementKind.REPORTED,
            heading="",
            citations=(_citation(e, i + 1),),
        )
        for i, e in enumerate(cited)
    )
    return Answer(
        id=id,
        question=question,
        standalone=standalone or question,
        state=state,
        reason=reason,
        because="" if cited else "The evidence holds nothing on this.",
        lead=" ".join(s.text for s in statements[:1]),
        statements=statements,
        gaps=(),
        follow_ups=(),
        evidence=tuple(cited if found is None else found),
        receipt=Receipt(body={"passages": [e.passage.id for e in cited]}),
        timings_ms={"retrieve": 2.0, "compose": 1.0},
        seal=_SEAL,
    )


def _citation(found: Evidence, marker: int) -> Citation:
    passage = found.passage
    return Citation(
        marker=marker,
        passage_id=passage.id,
        record_id=passage.record_id,
        study_id=passage.study_id,
        quote=passage.text,
        start=passage.span.start,
        end=passage.span.end,
    )


@dataclass
class WordOverlap:
    """Ranks texts by the share of the question's words they hold; refuses when no word is shared."""

    texts: Mapping[str, str]
    asked: list[str] = field(default_factory=list)

    def search(self, query: str, *, k: int = 10) -> tuple[Evidence, ...]:
        words = set(query.lower().split())
        scores = {
            key: len(words & set(text.lower().split())) / len(words) for key, text in self.texts.items()
        }
        best = sorted((key for key in scores if scores[key]), key=lambda key: (-scores[key], key))[:k]
        return tuple(
            evidence(key, self.texts[key], rank=rank, score=scores[key])
            for rank, key in enumerate(best, start=1)
        )

    def answer(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Answer:
        self.asked.append(question)
        standalone = " ".join([*(t.text for t in turns if t.role == "user"), question])
        found = self.search(standalone)
        if not found:
            return answer(
                question, state=State.REFUSED, reason=Reason.NOTHING_FOUND, standalone=standalone, id=id
            )
        return answer(question, cited=found[:2], found=found, standalone=standalone, id=id)
