"""What is asked and what a good reply must hold: the kinds of case, as frozen values. Nothing is read here.

`cluster` names the source that cases share (a meeting, an article); empty means that the case stands alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pydantic import ConfigDict

Grade = Literal[0, 1, 2, 3]
UnanswerableKind = Literal[
    "out-of-domain",
    "near-miss",
    "results-not-seen",
    "figure-not-in-corpus",
    "false-premise",
    "personal-legal-medical",
    "cross-study",
]
LevelName = Literal["low", "mid", "high"]


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=False)
    id: str
    cluster: str = ""
    role: str = ""
    notes: str = ""
    """For people who judge; never shown to the assistant."""

    @property
    def group(self) -> str:
        """The name of the cluster; a case alone is its own."""
        return self.cluster or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCase(_Case):
    """A question that the collection answers; `relevant` maps ids to grades (2 answers, 1 supports)."""

    question: str
    relevant: Mapping[str, Grade]
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnanswerableCase(_Case):
    """A question that must not be answered as asked; a good reply may cite `related` findings only."""

    question: str
    kind: UnanswerableKind
    acceptable: str = ""
    why: str = ""
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrongMechanism:
    """A mechanism that does not fit, and which condition speaks against it."""

    mechanism: str
    reason: str
    factor: str | None = None
    level: LevelName | None = None
    strength: Literal["clear", "poor-fit"] = "clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class VignetteCase(_Case):
    """A situation with the mechanisms that fit. No best one means that none is warranted yet."""

    situation: str
    factors: Mapping[str, LevelName] = field(default_factory=dict)
    best: tuple[str, ...] = ()
    acceptable: tuple[str, ...] = ()
    wrong: tuple[WrongMechanism, ...] = ()
    quadrant: str | None = None
    quadrant_of: Literal["described", "advised"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueCase(_Case):
    """A conversation whose last turn is a follow-up; `standalone` is that turn rewritten to stand alone."""

    turns: tuple[Said, ...]
    standalone: str
    relevant: Mapping[str, Grade]

    @property
    def last(self) -> str:
        """The follow-up in the asker's words."""
        return self.turns[-1].text


@dataclass(frozen=True, slots=True, kw_only=True)
class ParaphraseCase(_Case):
    """One question in several voices, which should find the same evidence and lead to the same decision."""

    questions: tuple[str, ...]
    answerable: bool = True
    relevant: Mapping[str, Grade] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCase(_Case):
    """A statement beside some evidence, and whether the evidence supports it."""

    evidence: str
    statement: str
    supported: bool
    part: str = ""
    """Which part of a set it belongs to (a domain, a subject)."""


Case = QuestionCase | UnanswerableCase | VignetteCase | DialogueCase | ParaphraseCase | ClaimCase

CASE_TYPES: Mapping[str, type[Case]] = {
    "questions": QuestionCase,
    "unanswerable": UnanswerableCase,
    "vignettes": VignetteCase,
    "dialogues": DialogueCase,
    "paraphrases": ParaphraseCase,
    "claims": ClaimCase,
}
"""Folder names under `evals/` and the kind of case each holds."""
