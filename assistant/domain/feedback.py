"""What people say of answers: a reader's word in the chat, and a rater's marks in a blind review.

People appear as hashes only. Knows no store and no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LIKED: Mapping[str, str] = {
    "answered": "It answered my question",
    "sources": "The sources were what I needed",
    "new": "It told me something new",
    "usable": "I can act on it",
    "other_good": "Something else",
}
DISLIKED: Mapping[str, str] = {
    "off_question": "It did not answer my question",
    "wrong": "It is wrong",
    "unsupported": "The source does not say this",
    "one_sided": "It leaves out evidence against",
    "unclear": "It is hard to understand",
    "refused": "It should have answered, and did not",
    "other_bad": "Something else",
}
"""Reasons a reader may give, by code, in the words the page shows."""


def reason_words(code: str) -> str:
    """The words of a reason; empty for none."""
    return {**LIKED, **DISLIKED}.get(code, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a reader said of an answer, or of one sentence of it, with the whole turn it was said of."""

    id: str
    made_at: datetime
    """In UTC."""
    by: str
    """A hash, never a name."""
    helpful: bool
    reason: str = ""
    """A code of `LIKED` or `DISLIKED`; empty for none."""
    sentence: int | None = None
    """Number of the sentence, from 1; None for the whole answer."""
    comment: str = ""
    turn: Mapping[str, Any]
    """The receipt of the answer: question as asked and as understood, statements with citations, gaps,
    fingerprints of corpus, index and settings. Plain JSON data; see `answering/receipt.py`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What one rater said about one item of a review."""

    item: str
    rater: str
    """A hash, never a name."""
    scales: Mapping[str, int] = field(default_factory=dict)
    sentences: Mapping[int, str] = field(default_factory=dict)
    """Support of each sentence, by its number from 1."""
    choice: str | None = None
    comment: str = ""
    settled: bool = False
    """True for the one rating that ends a difference between raters; it never counts for agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRating:
    """A rating as the store keeps it: in which queue it was made, and when (UTC)."""

    queue: str
    made_at: datetime
    rating: Rating
