"""Joins evaluation to a live assistant: what judging needs from it, and its parts for the public sets."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from assistant.answering.answerability import answerability
from assistant.answering.support import SUPPORTED_FROM, SupportLabel, check_support
from assistant.conversation.standalone import stand_alone
from assistant.domain.conversation import Turn
from assistant.engine import Assistant
from assistant.evaluation.benches.parts import Parts, Record, Search
from assistant.evaluation.facts import facts_of
from assistant.evaluation.metrics.judgements import Context
from assistant.evaluation.run import Ground

PHI_NAME = "support rules of the assistant"


def rules_support(evidence: str, statement: str) -> bool:
    """True if the assistant's own rules say that the evidence carries the statement."""
    return check_support(statement, [evidence]).label is SupportLabel.SUPPORTED


def context_of(assistant: Assistant) -> Context:
    """What judging needs, taken from what the assistant has read in."""
    return Context(facts=facts_of(assistant.workings.catalogue), phi=rules_support, phi_name=PHI_NAME)


def ground_of(assistant: Assistant) -> Ground:
    """What a run over this assistant stands on."""
    return Ground(
        config={"embedding_model": assistant.embedder.model_id},
        corpus_hash=assistant.library.corpus_hash(),
    )


def parts_of(assistant: Assistant, *, build: Callable[[Path], Assistant], work: Path) -> Parts:
    """The parts of an assistant for the public sets.

    `build` opens an assistant on a data folder; collections are read in below `work`, once for each content,
    so that a second run finds its vectors there. Only the search made last stays open: each holds a model.
    """
    opened: list[Assistant] = []

    def search_in(records: Sequence[Record]) -> Search:
        while opened:
            opened.pop().close()
        opened.append(_reader(records, build=build, work=work))
        return _searching(opened[0])

    return Parts(
        name="default",
        search_in=search_in,
        support=lambda evidence, statement: check_support(statement, [evidence]).score,
        support_from=SUPPORTED_FROM,
        answerable=lambda question, passage: answerability(question, [passage]),
        rewrite=_rewrite,
        subject=assistant,
        facts=facts_of(assistant.workings.catalogue),
    )


def _rewrite(question: str, turns: Sequence[tuple[str, str]]) -> str:
    said = [Turn(role, text) for role, text in turns if role != "topic"]
    topic = [text for role, text in turns if role == "topic"]
    return stand_alone(question, said, topic=topic).standalone


def _reader(records: Sequence[Record], *, build: Callable[[Path], Assistant], work: Path) -> Assistant:
    """An assistant that has read those records in, now or in an earlier run."""
    lines = [json.dumps({"id": r.id, "title": r.title, "text": r.text}, ensure_ascii=False) for r in records]
    text = "\n".join(lines) + "\n"
    folder = work / sha256(text.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "records.jsonl"
    assistant = build(folder / "data")
    if not source.is_file() or not assistant.ready:
        source.write_text(text, encoding="utf-8")
        assistant.ingest([source])
    return assistant


def _searching(assistant: Assistant) -> Search:
    """Its search, by record; asked deeper while several passages of one record crowd the first places."""

    def search(query: str, k: int) -> Sequence[str]:
        wanted, depth = list[str](), k
        while True:
            hits = assistant.search(query, k=depth)
            wanted = list(dict.fromkeys(h.passage.record_id for h in hits if h.passage.record_id))
            if len(wanted) >= k or len(hits) < depth or depth >= 8 * k:
                return wanted[:k]
            depth *= 2

    return search
