"""Where the truth is kept, as the checks see it, and whether a passage still stands there word for word."""

from __future__ import annotations

from typing import Protocol

from assistant.domain.documents import Passage


class StoredWords(Protocol):
    """Where the truth is kept."""

    def passage(self, passage_id: str) -> Passage | None:
        """The stored passage, or None."""

    def document_text(self, document_id: str) -> str | None:
        """The stored text of a document, or None."""


def stands(passage: Passage, store: StoredWords) -> bool:
    """True if a passage is exactly the words of its document at its place."""
    text = store.document_text(passage.document_id)
    return text is not None and passage.span.of(text) == passage.text
