"""Whether an answer speaks of what was asked: a proxy from words, and named so. It does not judge truth."""

from __future__ import annotations

from collections.abc import Callable

from assistant.evaluation.metrics.words import content_words, word_cosine
from assistant.evaluation.observed import Observed
from assistant.evaluation.score import Score

Cosine = Callable[[str, str], float]
"""Closeness of two texts, from -1 to 1."""


def answer_relevance_proxy(answer: Observed, *, cosine: Cosine = word_cosine) -> Score:
    """0.5 closeness of question and answer + 0.5 share of the question's key words that the answer uses.

    Closeness below 0 counts as 0. A refusal is not applicable.
    """
    if answer.refused:
        return Score.none("refused")
    said = " ".join(s.text for s in answer.statements)
    asked = set(content_words(answer.standalone))
    if not asked or not said.strip():
        return Score.none("the question has no key word" if said.strip() else "the answer has no words")
    addressed = len(asked & set(content_words(said))) / len(asked)
    return Score.of(0.5 * max(0.0, cosine(answer.standalone, said)) + 0.5 * addressed)
