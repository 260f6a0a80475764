"""A statement beside its evidence: which words are met, which are turned round, what is new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.answering.support_rules.figures import Figure, figures
from assistant.answering.support_rules.lexicon import NEGATIONS, alike
from assistant.answering.support_rules.wording import Word, sentences, words

_CLAUSE_END = frozenset(["but", "although", "though", "while", "whereas", "however", "because"])
_SCOPE = 5
"""A negation reaches so many content words ahead, and no further than its clause."""
_BEGINNING = 5
"""Words that share so many first letters are taken for one family where the stemmer parts them."""
_PAIR_WEIGHT = 0.3
_PUNCTUATION = re.compile(r"[.;:?!]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with what the rules ask of it."""

    text: str
    words: tuple[Word, ...]
    content: tuple[Word, ...]
    stems: frozenset[str]
    scopes: tuple[frozenset[str], ...]
    """For each negation the stems of the content words it reaches."""

    @property
    def negated(self) -> frozenset[str]:
        """Stems of all content words that some negation reaches."""
        return frozenset().union(*self.scopes)


@dataclass(frozen=True, slots=True)
class Text:
    """A whole text: its sentences, and all of its stems, numbers and words together."""

    sentences: tuple[Sentence, ...]
    stems: frozenset[str]
    lowers: frozenset[str]
    beginnings: frozenset[str]
    figures: tuple[Figure, ...]


def is_negation(lower: str) -> bool:
    """True for words that turn what follows round."""
    return lower in NEGATIONS or lower.endswith("n't")


@lru_cache(maxsize=2048)
def read_sentence(text: str) -> Sentence:
    """One sentence, read."""
    found = words(text)
    content = tuple(w for w in found if w.content)
    return Sentence(text, tuple(found), content, frozenset(w.stem for w in content), _scopes(text, found))


def _scopes(text: str, found: Sequence[Word]) -> tuple[frozenset[str], ...]:
    reached: list[set[str]] = []
    left = end = 0
    for word in found:
        if word.lower in _CLAUSE_END or _PUNCTUATION.search(text[end : word.start]):
            left = 0
        end = max(end, word.start + len(word.text))
        if is_negation(word.lower):
            left = _SCOPE
            reached.append(set())
        elif left and word.content:
            reached[-1].add(word.stem)
            left -= 1
    return tuple(frozenset(scope) for scope in reached)


def read_text(texts: Sequence[str]) -> Text:
    """Everything in `texts` as one body of evidence."""
    read = tuple(read_sentence(t[a:b]) for t in texts for a, b in sentences(t))
    stems = frozenset().union(*(s.stems for s in read)) if read else frozenset()
    lowers = frozenset(w.lower for s in read for w in s.words)
    found = tuple(f for t in texts for f in figures(t))
    beginnings = frozenset(w[:_BEGINNING] for w in lowers if len(w) >= _BEGINNING)
    return Text(read, stems, lowers, beginnings, found)


def met(word: Word, stems: frozenset[str]) -> bool:
    """True if the word, or one that means nearly the same, is among `stems`."""
    return word.stem in stems or not alike(word.stem).isdisjoint(stems)


def _starts_alike(word: Word, beginnings: frozenset[str]) -> bool:
    return len(word.lower) > _BEGINNING and word.lower[:_BEGINNING] in beginnings


def coverage(statement: Sentence, evidence: Text) -> float:
    """How much of the statement the evidence speaks of, 0 to 1: its words, and pairs of neighbours.

    A pair counts when one evidence sentence holds both. Without content words nothing is covered.
    """
    content = statement.content
    if not content:
        return 0.0
    alone = sum(met(w, evidence.stems) or _starts_alike(w, evidence.beginnings) for w in content) / len(
        content
    )
    pairs = list(pairwise(content))
    if not pairs:
        return alone
    together = sum(any(met(a, s.stems) and met(b, s.stems) for s in evidence.sentences) for a, b in pairs)
    return (alone + _PAIR_WEIGHT * together / len(pairs)) / (1 + _PAIR_WEIGHT)


def closest(statement: Sentence, evidence: Text, most: int = 3) -> list[tuple[float, Sentence]]:
    """The evidence sentences that share most of the statement's content words, best first, with the share."""
    total = len(statement.content) or 1
    scored = [
        (sum(met(word, s.stems) for word in statement.content) / total, -place, s)
        for place, s in enumerate(evidence.sentences)
    ]
    scored.sort(key=lambda item: item[:2], reverse=True)
    return [(share, s) for share, _, s in scored[:most] if share > 0]
