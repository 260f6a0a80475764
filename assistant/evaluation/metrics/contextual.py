"""How well a follow-up was turned into a question that stands alone, beside a person's rewrite."""

from __future__ import annotations

from collections import Counter

from assistant.evaluation.metrics.words import tokens
from assistant.evaluation.score import Score, share


def token_f1(own: str, gold: str) -> Score:
    """F1 of the words the two have in common, repeats counted (as for SQuAD, but no word is left out)."""
    a, b = Counter(tokens(own)), Counter(tokens(gold))
    if not b:
        return Score.none("the rewrite by a person is empty")
    common = (a & b).total()
    return Score.of(2 * common / (a.total() + b.total()))


def added_words_recall(question: str, own: str, gold: str) -> Score:
    """Share of the words that the person added and the own rewrite has too."""
    added = set(tokens(gold)) - set(tokens(question))
    return share(len(added & set(tokens(own))), len(added), nothing="the person added no word")


def harm(question: str, own: str, gold: str) -> Score:
    """1 if a turn that needs no change was changed, else 0. Case and punctuation are no change."""
    if tokens(question) != tokens(gold):
        return Score.none("this turn needs a change")
    return Score.of(tokens(own) != tokens(question))
