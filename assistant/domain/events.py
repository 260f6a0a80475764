"""What happens while a question is answered. Page, stream, endpoint and tool all show these same events."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.answers import Answer, CitedAdvice, Statement
from assistant.domain.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Searching:
    """The question was understood; `standalone` is what is searched for."""

    standalone: str


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """Passages were found, best first."""

    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class StatementVerified:
    """One more sentence passed the check; `index` counts from 0 in reading order."""

    index: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    """Advice was asked for: the cards, every finding on them checked. Comes after the last statement."""

    advice: CitedAdvice


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole checked answer."""

    answer: Answer


Event = Searching | EvidenceFound | StatementVerified | AdviceGiven | Finished
