"""The plain support check used when no better one is given. It sees words and numbers, not meaning."""

from __future__ import annotations

import re

from assistant.evaluation.metrics.words import content_words

NAME = "words and numbers"
SHARE = 0.6
_MARKER = re.compile(r"\[\d+\]")
"""A citation mark, such as [1], is no number of the statement."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def word_support(evidence: str, statement: str) -> float:
    """Share of the statement's content words in the evidence; 0 if it holds a number that is not there."""
    said = _MARKER.sub(" ", statement)
    words = set(content_words(said))
    if not words or set(_NUMBER.findall(said)) - set(_NUMBER.findall(evidence)):
        return 0.0
    return len(words & set(content_words(evidence))) / len(words)


def supports(evidence: str, statement: str) -> bool:
    """True if enough words of the statement, and all of its numbers, stand in the evidence."""
    return word_support(evidence, statement) >= SHARE
