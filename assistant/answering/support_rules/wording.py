"""Sentences and words of a text, with stems, ready to be compared. English; no meaning is guessed here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*(?:n[’']t)?|%|[$€£]")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|etc|approx|Dr|Mr|Mrs|Ms|Prof|St|No|Fig|al|ca|Jr|Sr)|\b[A-Z])\.$"
)

_STOP_WORDS = """
a an the this that these those it its they them their he she him her his i me my we us our you your
who whom which what whose where when why how there here of in on at to for from by with as into onto
about over under between among through during before after above below up down out off and or but
nor so if then than because while although though whereas is are was were be been being am do does
did done have has had having will would shall should can could may might must not no also too very
just such same own both each every all any some most more less few many much other another one ones
s t ll ve re d m etc per via within without however therefore thus moreover furthermore additionally
well even still yet only rather quite including"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as written, lower case, its stem, and where it starts."""

    text: str
    lower: str
    stem: str
    start: int
    first: bool
    """True if it opens its sentence."""

    @property
    def content(self) -> bool:
        """True if it carries meaning of its own."""
        return self.lower not in STOP_WORDS and self.lower[0].isalpha()


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a lower-case English word; British and American endings meet."""
    plain = word.replace("’", "'").removesuffix("'s")
    if plain.endswith(("isation", "ising", "ised", "ise", "ises")) and len(plain) > 6:
        plain = re.sub(r"is(ation|ing|ed|es?)$", r"iz\1", plain)
    plain = re.sub(r"(?<=[a-z]{3})our(?=s|ed|ing|al|$)", "or", plain)
    return str(_stemmer().stemWord(plain))


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence of `text`, in order, without the white space around them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        piece = text[start : match.start()]
        if "\n" not in match.group() and _ABBREVIATION.search(piece):
            continue
        _add(spans, text, start, match.start() + len(match.group().rstrip()))
        start = match.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if end > start:
        spans.append((start, end))


def words(text: str) -> list[Word]:
    """The words of one sentence, in order; a hyphened word counts whole and again by its parts."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        written = match.group()
        found.append(_word(written, match.start(), not found))
        if "-" in written:
            offset = match.start()
            for part in written.split("-"):
                if len(part) > 2:
                    found.append(_word(part, offset, False))
                offset += len(part) + 1
    return found


def _word(written: str, start: int, first: bool) -> Word:
    lower = written.lower().replace("’", "'")
    return Word(written, lower, stem(lower), start, first)
