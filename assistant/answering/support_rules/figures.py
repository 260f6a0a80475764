"""Numbers in a text as values: digits, words, percentages, money, fractions and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONES_NAMED = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_ONES = {word: value for value, word in enumerate(_ONES_NAMED.split())}
_TENS_NAMED = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: 10 * value for value, word in enumerate(_TENS_NAMED.split(), start=2)}
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "k": 1000,
    "m": 10**6,
    "bn": 10**9,
}
_SHARES = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "two-thirds": 200 / 3, "three-quarters": 75.0}
_TIMES = {
    "once": 1.0,
    "twice": 2.0,
    "double": 2.0,
    "doubled": 2.0,
    "triple": 3.0,
    "tripled": 3.0,
    "thrice": 3.0,
}
_TOKEN = re.compile(
    r"(?P<digits>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<ordinal>st|nd|rd|th)?\b|(?P<word>[A-Za-z]+(?:-[A-Za-z]+)?)|(?P<mark>%)"
)
_PERCENT = frozenset({"%", "percent", "percentage", "pct"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: its value, and whether it is a share in percent."""

    value: float
    percent: bool
    start: int


def figures(text: str) -> list[Figure]:
    """Every number in `text`, in order. "one" alone is left out: it is more often a pronoun."""
    found: list[Figure] = []
    pending: tuple[float, int] | None = None
    for match in _TOKEN.finditer(text.replace("per cent", "percent ")):
        word = (match["word"] or "").lower()
        if match["mark"] or word in _PERCENT:
            if pending:
                found.append(Figure(pending[0], True, pending[1]))
            pending = None
            continue
        value = _value(match["digits"], word)
        joined = _joined(pending, value, word) if pending else None
        if joined is not None and pending:
            pending = (joined, pending[1])
            continue
        if pending:
            found.append(Figure(pending[0], False, pending[1]))
        pending = (value, match.start()) if value is not None and word != "one" else None
        if word == "half" and found and text[: match.start()].rstrip().lower().endswith("and a"):
            whole = found.pop()
            found.append(Figure(whole.value + 0.5, whole.percent, whole.start))
        elif word in _SHARES:
            found.append(Figure(_SHARES[word], True, match.start()))
        elif word in _TIMES:
            found.append(Figure(_TIMES[word], False, match.start()))
    if pending:
        found.append(Figure(pending[0], False, pending[1]))
    return found


def _value(digits: str | None, word: str) -> float | None:
    if digits:
        return float(digits.replace(",", ""))
    if word in _ONES:
        return float(_ONES[word])
    if word in _TENS:
        return float(_TENS[word])
    tens, _, ones = word.partition("-")
    if tens in _TENS and ones in _ONES:
        return float(_TENS[tens] + _ONES[ones])
    return None


def _joined(pending: tuple[float, int] | None, value: float | None, word: str) -> float | None:
    """The value of a number that goes on ("twenty" "five", "3" "million"); None if a new one starts."""
    if pending is None:
        return None
    if word in _SCALES:
        return pending[0] * _SCALES[word]
    if value is not None and word in _ONES and 0 < value < 10 and pending[0] in _TENS.values():
        return pending[0] + value
    return None


def held(figure: Figure, others: list[Figure]) -> bool:
    """True if one of `others` is the same number. A share may lack its sign; a third is 33%."""
    slack = 0.5 if figure.percent and figure.value != round(figure.value) else 1e-9
    return any(abs(figure.value - other.value) <= slack for other in others)
