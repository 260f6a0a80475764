"""Joins evaluation to a live assistant: what judging needs from it, and its parts for the public sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from assistant.answering.answerability import ABSTAIN_BELOW
from assistant.answering.support import SUPPORTED_FROM, SupportLabel, check_support
from assistant.conversation.standalone import stand_alone
from assistant.domain.conversation import Turn
from assistant.engine import Assistant
from assistant.evaluation.answering import Answering
from assistant.evaluation.benches.parts import Parts
from assistant.evaluation.facts import facts_of
from assistant.evaluation.metrics.judgements import Context
from assistant.evaluation.run import Ground
from assistant.evaluation.shelf import Shelf

PHI_NAME = "support rules of the assistant"


def rules_support(evidence: str, statement: str) -> bool:
    """True if the assistant's own rules say that the evidence carries the statement."""
    return check_support(statement, [evidence]).label is SupportLabel.SUPPORTED


def context_of(assistant: Assistant) -> Context:
    """What judging needs, taken from what the assistant has read in."""
    return Context(facts=facts_of(assistant.workings.catalogue), phi=rules_support, phi_name=PHI_NAME)


def ground_of(assistant: Assistant) -> Ground:
    """What a run over this assistant stands on: what the receipts of its answers name."""
    config = asdict(assistant.workings.made_with)
    return Ground(corpus_hash=config.pop("corpus"), config=config)


def parts_of(assistant: Assistant, shelf: Shelf) -> Parts:
    """The parts of an assistant for the public sets, whose collections are read in and kept by `shelf`."""
    return Parts(
        name="default",
        search_in=shelf.search_in,
        talks_in=shelf.talks_in,
        support=lambda evidence, statement: check_support(statement, [evidence]).score,
        support_from=SUPPORTED_FROM,
        answerable=Answering(lambda: assistant.embedder),
        answerable_from=ABSTAIN_BELOW,
        rewrite=_rewrite,
        subject=assistant,
        facts=facts_of(assistant.workings.catalogue),
    )


def _rewrite(question: str, turns: Sequence[tuple[str, str]]) -> str:
    said = [Turn(role, text) for role, text in turns if role != "topic"]
    topic = [text for role, text in turns if role == "topic"]
    return stand_alone(question, said, topic=topic).standalone
