"""Words as metrics count them: lower case, letters and digits, a short stop list. No stemming, no model."""

from __future__ import annotations

import math
import re
from collections import Counter

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_STOP_WORDS = """
    a an the and or but if of to in on at by for with from as is are was were be been being am do
    does did doing have has had having i me my we us our you your he him his she her it its they
    them their this that these those there here what which who whom whose when where why how not no
    nor so than then too very can could will would shall should may might must about into over under
    up down out off any some all each more most other such only own same just also
"""
_STOP = frozenset(_STOP_WORDS.split())


def tokens(text: str) -> tuple[str, ...]:
    """Every word in order, in lower case."""
    return tuple(_WORD.findall(text.lower().replace("’", "'")))


def content_words(text: str) -> tuple[str, ...]:
    """The words that carry meaning, in order, repeats kept."""
    return tuple(word for word in tokens(text) if word not in _STOP)


def word_cosine(first: str, second: str) -> float:
    """Cosine of the two counts of content words, from 0 to 1; 0 if either text has none."""
    a, b = Counter(content_words(first)), Counter(content_words(second))
    size = math.sqrt(sum(n * n for n in a.values())) * math.sqrt(sum(n * n for n in b.values()))
    return sum(a[word] * b[word] for word in a) / size if size else 0.0
