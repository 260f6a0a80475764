"""What a reader is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.domain.documents import SourceDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The text of one file, and what to call it."""

    text: str
    id: str
    """The id of the document, stable when the same folder is read from elsewhere."""
    origin: str
    """The path relative to the folder that was handed in."""
    title: str
    """The title if the text gives none: the name of the file."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that could not be read, and one sentence on why."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one file, in the order of the file."""

    documents: tuple[SourceDocument, ...]
    unread: tuple[Unread, ...] = ()


Reader = Callable[[Material], Reading]
"""Raises InputError, one sentence, if nothing of the file can be read."""
