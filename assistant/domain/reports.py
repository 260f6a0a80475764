"""What was read, what is wrong, what a receipt check found: results that people read."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.domain.documents import Passage
from assistant.domain.framework import Finding, Study


@dataclass(frozen=True, slots=True)
class IngestItem:
    """One file or record: `outcome` is `added`, `unchanged`, `updated`, `removed`, `skipped` or `failed`."""

    origin: str
    outcome: str
    passages: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Everything an ingest did, in the order it was done."""

    items: tuple[IngestItem, ...]
    new_passages: int
    total_passages: int
    seconds: float

    def count(self, outcome: str) -> int:
        """How many items had that outcome."""
        return sum(item.outcome == outcome for item in self.items)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report. `level` is `ok`, `warning` or `fault`; a fault names its cure."""

    name: str
    level: str
    sentence: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What re-checking a receipt found: it holds if `faults` is empty."""

    faults: tuple[str, ...]
    passages_checked: int
    notes: tuple[str, ...] = ()
    """What a reader should know although the receipt holds, such as a corpus that has grown since."""

    @property
    def holds(self) -> bool:
        """True if every id, span, hash and quoted byte is as the receipt says."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Source:
    """A passage opened at its source: the study, what was read of it, and its neighbours in order."""

    passage: Passage
    study: Study | None = None
    finding: Finding | None = None
    before: tuple[Passage, ...] = field(default=())
    after: tuple[Passage, ...] = field(default=())
