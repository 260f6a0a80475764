"""Cuts what somebody wrote into sentences and clauses, with their places, and makes words comparable.

Pure and in plain Python. It does not judge what the words mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.domain.documents import Span

_SENTENCE_END = re.compile(r"(?<=[.?!])[\"')\]]*\s+|\n+")
_CLAUSE_BREAK = re.compile(
    r"[;:]\s|\s[-–—]\s|,?\s(?=(?:but|while|although|though|yet|whereas|because|since|so)\s)"
    r"|,\s(?:and\s)?"
    r"|\sand\s(?=(?:they|we|he|she|it|nobody|no one|there|i|people|our|their|the|some)\s)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_DENIALS = frozenset(
    (
        "no",
        "not",
        "never",
        "nobody",
        "none",
        "nothing",
        "hardly",
        "neither",
        "nor",
        "without",
        "cannot",
        "barely",
        "scarcely",
        "lack",
        "lacks",
        "few",
        "little",
    )
)
_FUNCTION_WORDS = """
a an the and or but of to in on at for with by from as is are was were be been it its this that these
those i we you they he she our your their my me us them him his her one so if than then there here who
what which how do does did have has had will would can could should may might
"""
_STOP = frozenset(_FUNCTION_WORDS.split())
_REACH_OF_DENIAL = 4
_SHORT_FORMS = tuple(
    (re.compile(rf"\b{short}\b", re.IGNORECASE), full)
    for short, full in (
        ("can't", "cannot"),
        ("won't", "will not"),
        ("shan't", "shall not"),
        (r"(\w+)n't", r"\1 not"),
        (r"(\w+)'re", r"\1 are"),
        (r"(\w+)'ve", r"\1 have"),
        (r"(\w+)'ll", r"\1 will"),
        ("i'm", "I am"),
        ("let's", "let us"),
        (r"(i|we|they|you|he|she|who|it|that|there)'d", r"\1 would"),
        (r"(it|that|there|he|she|who|what|here|where)'s", r"\1 is"),
    )
)
_SHORTEST_CLAUSE = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, or a clause of one, exactly as it stands in the text."""

    text: str
    span: Span


def sentences(text: str) -> tuple[Segment, ...]:
    """The sentences of a text in order; each is exactly `text[start:end]`, without surrounding blanks."""
    return tuple(_cut(text, 0, len(text), _SENTENCE_END))


def segments(text: str) -> tuple[Segment, ...]:
    """Every sentence and, where a sentence has several, its clauses of three words or more."""
    found: dict[tuple[int, int], Segment] = {}
    for sentence in sentences(text):
        found[sentence.span.start, sentence.span.end] = sentence
        clauses = list(_cut(text, sentence.span.start, sentence.span.end, _CLAUSE_BREAK))
        if len(clauses) > 1:
            for clause in clauses:
                if len(clause.text.split()) >= _SHORTEST_CLAUSE:
                    found.setdefault((clause.span.start, clause.span.end), clause)
    return tuple(found.values())


def _cut(text: str, start: int, end: int, breaks: re.Pattern[str]) -> Iterator[Segment]:
    here = start
    for match in (*breaks.finditer(text, start, end), None):
        stop = match.start() if match else end
        piece = text[here:stop]
        left = here + len(piece) - len(piece.lstrip())
        right = left + len(piece.strip())
        if right > left:
            yield Segment(text[left:right], Span(left, right))
        here = match.end() if match else end


def plain(text: str) -> str:
    """Lower case with straight apostrophes and blanks for dashes; as long as the text, so places hold."""
    lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return re.sub(r"[-–—_/\t\n\r]", " ", lowered.replace("’", "'").replace("‘", "'"))


def spelt_out(text: str) -> str:
    """The text with short forms in full ("we've" as "we have"), so that talk reads like writing."""
    text = text.replace("’", "'")
    for short, full in _SHORT_FORMS:
        text = short.sub(full, text)
    return text


def terms(text: str) -> list[str]:
    """Stems, denied stems (`not_x`) and neighbouring pairs of a text, for comparing words.

    A denial marks the four content words after it, so that "no time" and "time" differ.
    """
    kept: list[str] = []
    denied: list[str] = []
    left = 0
    for word in _WORD.findall(plain(text)):
        if word in _DENIALS or word.endswith("n't"):
            kept.append("NOT")
            left = _REACH_OF_DENIAL
        elif word not in _STOP:
            kept.append(stem(word))
            if left:
                denied.append(f"not_{kept[-1]}")
                left -= 1
    return [*kept, *denied, *(f"{a}_{b}" for a, b in pairwise(kept))]


def stem(word: str) -> str:
    """A word without its common English endings; crude on purpose, and the same for the same word."""
    word = word.removesuffix("'s")
    for ending, keep in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ing", ""),
        ("edly", ""),
        ("ed", ""),
        ("ly", ""),
        ("es", "e"),
    ):
        if word.endswith(ending) and len(word) - len(ending) + len(keep) >= 3:
            return _tidy(word[: len(word) - len(ending)] + keep)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    return _tidy(word)


def _tidy(word: str) -> str:
    """Undoubled ("stopp" to "stop") and without a final e, so that endings meet."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiosl":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
