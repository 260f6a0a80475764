"""What is embedded for a passage: its words, its words in context, and the everyday questions it answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.documents import Passage, digest


class EntryKind(StrEnum):
    """Which words of a passage a vector stands for."""

    TEXT = "text"
    CONTEXT = "context"
    AID = "aid"


@dataclass(frozen=True, slots=True)
class Entry:
    """One text to be embedded. Several may point to one passage."""

    passage_id: str
    kind: EntryKind
    ordinal: int
    text: str

    @property
    def sha256(self) -> str:
        """Digest of the text: equal texts share one vector."""
        return digest(self.text)


def entries_of(passage: Passage) -> tuple[Entry, ...]:
    """What is embedded for `passage`: always its text, its text in context if it has any, and each aid."""
    found = [Entry(passage.id, EntryKind.TEXT, 0, passage.text)]
    if context := context_of(passage):
        found.append(Entry(passage.id, EntryKind.CONTEXT, 0, f"{context} {passage.text}"))
    aids = dict.fromkeys(aid.strip() for aid in passage.aids if aid.strip())
    found.extend(Entry(passage.id, EntryKind.AID, place, aid) for place, aid in enumerate(aids))
    return tuple(found)


def context_of(passage: Passage) -> str:
    """Title, headings and context of a passage in one line, each said once; empty if there are none.

    A finding's context already names its study, so its title is left out.
    """
    parts = (
        (passage.title, *passage.heading, passage.context)
        if passage.kind != "finding"
        else (passage.context,)
    )
    return " ".join(_said_once(part.strip() for part in parts))


def _said_once(parts: Iterable[str]) -> list[str]:
    given = list(dict.fromkeys(part for part in parts if part))
    return [part for part in given if not any(part != other and part in other for other in given)]
