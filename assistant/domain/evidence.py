"""Evidence: a passage that was found for one question, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.domain.documents import Passage


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage with its place in the ranking. Higher scores are better, always."""

    passage: Passage
    rank: int
    """From 1."""
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)
    """What each source gave it, by source name (`vector`, `keyword`, `aid`, `reranker`)."""
