"""What was said before: turns of a conversation, and a question that stands alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance. `role` is `user` or `assistant`."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, in the asker's words and as a sentence that needs no conversation to be understood."""

    text: str
    standalone: str
    turns: tuple[Turn, ...] = ()
    id: str | None = None
    search_text: str = ""
    """What to search for: `standalone` with words of earlier turns it rests on; empty means `standalone`."""
