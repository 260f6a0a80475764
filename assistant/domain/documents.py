"""Documents and passages: text with true positions.

A passage is always exactly `document.text[span]`; nothing downstream rewrites it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of `text`, 64 hexadecimal digits."""
    return sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text in characters (Unicode code points), half-open and never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}-{self.end}")

    def of(self, text: str) -> str:
        """The words of `text` that this span covers."""
        return text[self.start : self.end]


class BlockKind(StrEnum):
    """What a stretch of a document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FINDING = "finding"
    TURN = "turn"
    TABLE = "table"


class Tier(StrEnum):
    """Who may see a text: the three-step scheme of open, safeguarded and controlled data."""

    OPEN = "open"
    SAFEGUARDED = "safeguarded"
    CONTROLLED = "controlled"


class SpeakerRole(StrEnum):
    """Who speaks in a turn. An interviewer's words are context and are never cited."""

    PARTICIPANT = "participant"
    INTERVIEWER = "interviewer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of a document, in reading order and not overlapping its neighbours."""

    kind: BlockKind
    span: Span
    speaker: str | None = None
    speaker_role: SpeakerRole | None = None
    seconds: float | None = None
    """Start of a turn, in seconds from the start of the recording; None if the source gives no time."""
    level: int = 0
    """Depth of a heading, from 1; 0 for every other kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """What a reader read: the text exactly as it was, and what each stretch of it is."""

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    origin: str
    """Where it came from: a path relative to the folder that was ingested, or `file#line` for a record."""
    record_id: str | None = None
    """The id an evaluator gave it: a finding's id, or the `id` of a JSON record."""
    study_id: str | None = None
    domain: str = "general"
    tier: Tier = Tier.OPEN
    constructed: bool = False
    """An invented example; it never counts as evidence."""
    citable: bool = True
    """False for a record whose source is too incomplete to show to a reader; found, but never cited."""
    context: str = ""
    """Words that help to find it (study title, setting) but are never cited."""
    aids: tuple[str, ...] = ()
    """Everyday questions it answers. Used to find it; never shown or cited."""

    @property
    def sha256(self) -> str:
        """Digest of the text."""
        return digest(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What is found, cited and checked: one finding, one speaker's turn, or a few sentences of prose."""

    document_id: str
    span: Span
    text: str
    kind: BlockKind
    ordinal: int
    """Place among the passages of its document, from 0."""
    title: str = ""
    heading: tuple[str, ...] = ()
    speaker: str | None = None
    seconds: float | None = None
    context: str = ""
    """Travels along to be found and shown (the interviewer's question, the study's title); never cited."""
    record_id: str | None = None
    study_id: str | None = None
    domain: str = "general"
    tier: Tier = Tier.OPEN
    constructed: bool = False
    citable: bool = True
    origin: str = ""
    aids: tuple[str, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        """`<document>:<start>-<end>`, the same from the index to the screen."""
        return f"{self.document_id}:{self.span.start}-{self.span.end}"

    @property
    def sha256(self) -> str:
        """Digest of the text."""
        return digest(self.text)
