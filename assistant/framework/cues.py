"""Short patterns of words that settle a reading by themselves, and what denial does to them.

Turns the researchers' pattern language (see the head of `corpus/cues.yaml`) into regular expressions.
It holds no words of its own but those of denial, wishing and hedging.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.documents import Span
from assistant.domain.framework import FactorLevel
from assistant.errors import InputError
from assistant.framework.segments import plain

OPPOSITE = {FactorLevel.LOW: FactorLevel.HIGH, FactorLevel.HIGH: FactorLevel.LOW}
_DENIAL = (
    r"(?:no|not|never|nobody|no one|nothing|none|hardly|barely|scarcely|neither|nor|without|cannot"
    r"|\w+n't|nowhere|too few|lack of|lacks|lacking|lack)"
)
_DENIED_BEFORE = re.compile(
    r"\b(?:not|never|nobody|no one|none|hardly|barely|without|cannot|no|nothing|\w+n't)\b"
    r"(?:\s+[\w']+){0,2}\s*$"
)
_OWN_DENIAL = re.compile(r"\bNOT\b|^\(?(?:nothing|nobody|no|never|unsure|unclear)\b")
_TOKEN = re.compile(r"\([^()]*\)\*?|[^\s()]+")
_CLAUSE_START = re.compile(r"[.;,?!:]")
_WISH = re.compile(
    r"\b(?:i'd like|we'd like|would like|wish|if only|if we had|if i had|if there were|should there be"
    r"|what we need|we need|i need|could use|ought to have)\b"
)
_HEDGE = re.compile(
    r"\b(?:might|maybe|perhaps|possibly|probably|i think|i guess|i suspect|not sure|apparently|seems?"
    r"|supposedly|i'm told|could be)\b"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern met in a text."""

    factor: str
    level: FactorLevel
    span: Span
    """In characters of the text."""


@dataclass(frozen=True, slots=True)
class _Cue:
    factor: str
    level: FactorLevel
    pattern: re.Pattern[str]
    denies: bool


class Cues:
    """All patterns of a collection, ready to be met."""

    def __init__(self, patterns: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """`patterns` is factor to level to patterns. Raises InputError for a pattern that cannot be read."""
        self._cues = tuple(
            _Cue(factor, FactorLevel(level), _compile(text), bool(_OWN_DENIAL.search(text)))
            for factor, levels in patterns.items()
            for level, texts in levels.items()
            for text in texts
        )

    def hits(self, text: str) -> tuple[Hit, ...]:
        """Every pattern met, in the order of the collection; wishes ("we'd like ...") are left out."""
        flat = plain(text)
        return tuple(hit for cue in self._cues for hit in _meet(cue, flat))


def hedged(text: str) -> bool:
    """True if the words are held out as uncertain."""
    return bool(_HEDGE.search(plain(text)))


def _meet(cue: _Cue, flat: str) -> Iterator[Hit]:
    for match in cue.pattern.finditer(flat):
        clause = flat[_clause_start(flat, match.start()) : match.start()]
        if _WISH.search(clause):
            continue
        level: FactorLevel | None = cue.level
        if not cue.denies and _DENIED_BEFORE.search(clause):
            level = OPPOSITE.get(cue.level)
        if level:
            yield Hit(cue.factor, level, Span(match.start(), match.end()))


def _clause_start(flat: str, position: int) -> int:
    starts = [match.end() for match in _CLAUSE_START.finditer(flat, 0, position)]
    return starts[-1] if starts else 0


def _compile(text: str) -> re.Pattern[str]:
    expression, gap = "", False
    for position, token in enumerate(_TOKEN.findall(text)):
        if token == "~":  # noqa: S105 - a gap in a pattern, no secret
            gap = True
            continue
        if position:
            expression += r"(?:[\s,]+[\w']+){0,3}[\s,]+" if gap else r"\s+"
        expression += _DENIAL if token == "NOT" else _words(token)  # noqa: S105
        gap = False
    if not expression or gap:
        raise InputError(
            f"The pattern '{text}' cannot be read.", hint="Begin and end it with a word, not with a gap."
        )
    return re.compile(rf"\b{expression}(?![\w'])")


def _words(token: str) -> str:
    escaped = re.escape(token).replace(r"\ ", " ").replace(r"\|", "|").replace(r"\*", r"[\w']*")
    return escaped.replace(r"\(", "(?:").replace(r"\)", ")") if token.startswith("(") else escaped
