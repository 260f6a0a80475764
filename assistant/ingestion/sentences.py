"""Where sentences end in English prose. Positions only; the words are never touched."""

from __future__ import annotations

import re

from assistant.domain.documents import Span
from assistant.ingestion.readers.lines import trimmed

_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|(?:\r\n|\r|\n)[ \t]*(?=\r|\n|[-*+•][ \t]|\d{1,3}[.)][ \t]|\|)")
_NEXT = re.compile(r"\s+[\"'“‘(\[]*[A-Z0-9À-Þ]")
_LAST_WORD = re.compile(r"\S*\Z")
_ABBREVIATIONS_WORDS = """
al approx apr aug ca cf co corp dec dept dr ed eds eg eq esp etc feb fig figs gov inc incl jan jr
jul jun ltd mar max med min mr mrs ms no nos nov oct op p pp prof ref refs rev sect sen sep sept sr
st tab vol vols vs viz
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_WORDS.split())
_NEVER_LAST_WORDS = """
eg e.g ie i.e cf fig figs eq vs dr mr mrs ms prof st no nos pp ref refs sect tab vol
"""
_NEVER_LAST = frozenset(_NEVER_LAST_WORDS.split())
_INITIALS = re.compile(r"[b-hj-z]|[a-z](?:\.[a-z])+")
_REACH = 40


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of a stretch, without the white space between them, in order.

    A sentence ends at a full stop, question or exclamation mark before a new sentence, and at the end of a
    list item or table row. Abbreviations, initials and decimal figures do not end one.
    """
    end = len(text) if end is None else end
    spans = []
    begin = start
    for match in _END.finditer(text, start, end):
        if match[0][0] in ".!?…" and not _ends_sentence(text, match):
            continue
        span = trimmed(text, begin, match.end())
        if span:
            spans.append(span)
            begin = match.end()
    last = trimmed(text, begin, end)
    return [*spans, last] if last else spans


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if not _NEXT.match(text, match.end()):
        return False
    if match[0][0] != ".":
        return True
    before = text[max(0, match.start() - _REACH) : match.start()]
    word = before[_start_of_last_word(before) :].lower().lstrip("\"'“‘([")
    if word in _NEVER_LAST or _INITIALS.fullmatch(word):
        return False
    return word not in _ABBREVIATIONS or _opens_strongly(text, match.end())


def _start_of_last_word(before: str) -> int:
    match = _LAST_WORD.search(before)
    return match.start() if match else len(before)


def _opens_strongly(text: str, position: int) -> bool:
    """True if a capital follows, so that even `et al.` or `etc.` probably ended its sentence."""
    following = text[position : position + _REACH].lstrip().lstrip("\"'“‘([")
    return following[:1].isupper()
