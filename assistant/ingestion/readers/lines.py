"""Lines and paragraphs of a text with true positions, whatever its line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain.documents import Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """Each line's position and words, without its line end."""
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        yield match.start(), match[0].rstrip("\r\n")


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span from `start` to `end` without white space at its ends; None if nothing is left."""
    stretch = text[start:end]
    inner = stretch.strip()
    if not inner:
        return None
    begin = start + len(stretch) - len(stretch.lstrip())
    return Span(begin, begin + len(inner))


def paragraphs(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Spans of the stretches between blank lines."""
    begin: int | None = None
    last = start
    for position, line in lines(text, start, end):
        if line.strip():
            begin = position if begin is None else begin
            last = position + len(line)
        elif begin is not None:
            yield _whole(text, begin, last)
            begin = None
    if begin is not None:
        yield _whole(text, begin, last)


def _whole(text: str, start: int, end: int) -> Span:
    span = trimmed(text, start, end)
    if span is None:
        raise AssertionError("a paragraph holds at least one word")
    return span
