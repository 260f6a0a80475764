"""Reads speaker-turn text: a turn runs from its label to the next. Text before the first is no speech."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from assistant.domain.documents import Block, BlockKind, Span
from assistant.errors import InputError
from assistant.ingestion.readers.header import document_of, read_header
from assistant.ingestion.readers.lines import trimmed
from assistant.ingestion.readers.material import Material, Reading
from assistant.ingestion.readers.speakers import TIME, Label, labels_in, leading_time, role_of, seconds_of

_CLOSING_TIME = re.compile(rf"(?:\A|[\r\n])[ \t]*[\[(](?P<time>{TIME})[\])]\s*\Z")


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of one speaker, from a format that holds words apart from their layout."""

    speaker: str | None
    words: str
    seconds: float | None = None


def is_transcript(text: str) -> bool:
    """True if speaker labels open turns in the text."""
    return bool(labels_in(text, read_header(text, transcript=True).end))


def read(material: Material) -> Reading:
    """One document whose blocks are the turns. Raises InputError if no turn is found."""
    header = read_header(material.text, transcript=True)
    blocks = _turns(material.text, labels_in(material.text, header.end))
    if not blocks:
        raise InputError(
            "No speaker turns were found; begin each turn with a label such as 'P07:' or 'INT:'."
        )
    return Reading((document_of(material, material.text, blocks, header),))


def assembled(utterances: Iterable[Utterance]) -> tuple[str, tuple[Block, ...]]:
    """The text `P07: words`, one utterance a paragraph, and a turn for each. Empty ones are left out."""
    parts: list[str] = []
    blocks = []
    length = 0
    for utterance in utterances:
        words, speaker = utterance.words.strip(), utterance.speaker
        if not words:
            continue
        label = ("\n\n" if parts else "") + (f"{speaker}: " if speaker else "")
        begin = length + len(label)
        length = begin + len(words)
        parts += (label, words)
        blocks.append(
            Block(BlockKind.TURN, Span(begin, length), speaker, role_of(speaker), utterance.seconds)
        )
    return "".join(parts), tuple(blocks)


def _turns(text: str, labels: list[Label]) -> tuple[Block, ...]:
    blocks = []
    pending: float | None = None
    for label, following in pairwise([*labels, None]):
        if label is None:
            break
        end = following.start if following else len(text)
        inner, begin = leading_time(text, label.end, end)
        said_at = label.seconds if label.seconds is not None else inner
        closing = _CLOSING_TIME.search(text, begin, end) if following else None
        span = trimmed(text, begin, closing.start() if closing else end)
        if span:
            seconds = said_at if said_at is not None else pending
            blocks.append(Block(BlockKind.TURN, span, label.speaker, role_of(label.speaker), seconds))
        pending = seconds_of(closing["time"]) if closing else None
    return tuple(blocks)
