"""Drafts and answers. A draft is unchecked; an answer exists only because the verifying step made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass, field
from enum import StrEnum
from typing import Any

from assistant.domain.advice import Advice
from assistant.domain.documents import Span
from assistant.domain.evidence import Evidence


class StatementKind(StrEnum):
    """What stands behind a sentence. Kinds never share one citation and look different everywhere."""

    REPORTED = "reported"
    INFERENCE = "inference"
    ADVICE = "advice"
    YOUR_INPUT = "your_input"
    CONSTRUCTED = "constructed"


class State(StrEnum):
    """How far an answer rests on evidence."""

    GROUNDED = "grounded"
    PARTLY_GROUNDED = "partly_grounded"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why an answer is not a plain answer."""

    OUT_OF_DOMAIN = "out_of_domain"
    NEAR_MISS = "near_miss"
    RESULTS_NOT_SEEN = "results_not_seen"
    FIGURE_NOT_HELD = "figure_not_held"
    FALSE_PREMISE = "false_premise"
    PERSONAL_OR_LEGAL = "personal_or_legal"
    NOTHING_FOUND = "nothing_found"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate decided before anything was written."""

    state: State
    reason: Reason | None = None
    because: str = ""
    """One plain sentence for the reader."""
    missing: tuple[str, ...] = ()
    """What the evidence does not hold, each a sentence for the reader."""
    admitted: tuple[str, ...] = ()
    """Ids of the passages the composer may use, best first; empty for a plain refusal."""
    suggestions: tuple[str, ...] = ()
    """Questions the corpus can answer."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A passage that a draft points to, or a stretch of it."""

    passage_id: str
    span: Span | None = None
    """In characters of the document; None for the whole passage."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How much a sentence says it counted; papers of one body of evidence are several studies, one group."""

    findings: int
    studies: int
    groups: int
    unquoted: tuple[str, ...] = ()
    """Ids of findings that are counted although they may not be quoted, so that no citation shows them."""


@dataclass(frozen=True, slots=True)
class DraftStatement:
    """A sentence somebody wrote, and what it claims to rest on. Unchecked."""

    text: str
    kind: StatementKind
    heading: str = ""
    pointers: tuple[Pointer, ...] = ()
    lead: bool = False
    """One of the opening sentences that answer directly; these come first."""
    tally: Tally | None = None
    """Given for a count over the findings pointed to; then the sentence is checked by counting them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything the composer proposes. Never shown to a reader."""

    statements: tuple[DraftStatement, ...]
    gaps: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    composer: str = ""
    """Who wrote it, for the receipt, where there is more than one who may have; else empty."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A pointer to stored words. `quote` is printed from storage and equals `document.text[start:end]`."""

    marker: int
    passage_id: str
    record_id: str | None
    study_id: str | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A checked sentence."""

    text: str
    kind: StatementKind
    heading: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """Enough to check an answer again, offline. `body` is plain JSON data; see `answering/receipt.py`."""

    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Advised:
    """Advice on a situation whose findings nobody has looked up yet. Never shown to a reader."""

    situation: str
    advice: Advice


@dataclass(frozen=True, slots=True)
class CitedAdvice:
    """Advice on one situation, what each finding in it says word for word, and the receipt for both."""

    situation: str
    advice: Advice
    citations: Mapping[str, Citation]
    """By finding id, only of findings that may be shown and stand in the store word for word."""
    receipt: Receipt
    """Its own; of advice inside an answer, the answer's."""
    id: str | None = None

    def cited(self, finding_ids: Iterable[str]) -> tuple[Citation, ...]:
        """The citations of those findings that have one, in the order given."""
        return tuple(self.citations[i] for i in finding_ids if i in self.citations)


class _Seal:
    """Proof that the verifying step made an answer. Only `answering/verify.py` may ask for one."""


_SEAL = _Seal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the reader gets. Made only by `answering/verify.py`, which holds the seal."""

    id: str | None
    question: str
    standalone: str
    state: State
    reason: Reason | None
    because: str
    lead: str
    """The opening statements once more; for a refusal, why there are none."""
    statements: tuple[Statement, ...]
    gaps: tuple[str, ...]
    follow_ups: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    receipt: Receipt
    timings_ms: Mapping[str, float] = field(default_factory=dict, compare=False)
    advice: CitedAdvice | None = None
    """Given only if advice was asked for; its markers go on from those of the statements."""
    seal: InitVar[_Seal]
    """Not kept: neither a copy by `dataclasses.replace` nor anybody who holds an answer has it."""

    def __post_init__(self, seal: _Seal) -> None:
        if seal is not _SEAL:
            raise TypeError("an Answer is made only by the verifying step")

    @property
    def cited(self) -> frozenset[str]:
        """Ids of the passages that some statement cites."""
        return frozenset(c.passage_id for s in self.statements for c in s.citations)

    @property
    def cited_in_advice(self) -> frozenset[str]:
        """Ids of the passages that the advice cites."""
        return frozenset(c.passage_id for c in self.advice.citations.values()) if self.advice else frozenset()
