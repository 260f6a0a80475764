"""What a question asks for, and what of it a passage holds: plain figures that `answerability.py` weighs.

Every feature is named, small and explainable; none knows which collection it looks at.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.answering.support_rules.comparing import Sentence, is_negation, met, read_sentence
from assistant.answering.support_rules.figures import figures, held
from assistant.answering.support_rules.lexicon import opposites
from assistant.answering.support_rules.wording import Word

_KINDS = (
    (
        "number",
        r"\bhow (?:many|much|long|old|far|often|big|tall|large)\b|\bwhat (?:percent|share|number|proportion)",
    ),
    ("time", r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time)\b"),
    ("person", r"\bwho(?:m|se)?\b"),
    ("place", r"\bwhere\b|\b(?:what|which) (?:country|city|place|town|state|region)\b"),
    ("reason", r"\bwhy\b|\bwhat (?:reason|cause)"),
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in _KINDS)
_TIME = re.compile(
    r"\b(?:1\d{3}|20\d{2}|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|century|decade|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_REASON = re.compile(
    r"\b(?:because|due to|since|so that|in order to|as a result|caused?|reasons?|therefore|to avoid"
    r"|to prevent|led to)\b",
    re.I,
)
_FINITE_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|will|would|became|did|does|do|been|be)\b"
)
_EMPTY = """year name kind type example happen happened occur call called say said mean way thing person
people term word long old often far"""
_EMPTY_WORDS = frozenset(_EMPTY.split())
_TITLE_SHARE = 0.4
"""A word that the title already says weighs so much: it tells sentences of the passage apart less well."""
_NEAR = 4
_LONG = 12
_KIND_BONUS = 0.15
_LENGTH_BONUS = 0.3
_FULL_LENGTH = 25


@dataclass(frozen=True, slots=True)
class Pair:
    """A question beside the sentences of one passage."""

    question: Sentence
    asked: tuple[Word, ...]
    """The question's content words, without empty ones such as "kind" while others are left."""
    sentences: tuple[Sentence, ...]
    stems: frozenset[str]
    """Stems of the whole passage."""
    title: frozenset[str]
    kind: str
    """number, time, person, place, reason, or empty for any other."""
    weights: tuple[float, ...]
    """How telling each asked word is, from its rarity in the passage."""
    coverage: tuple[float, ...]
    """For each sentence the weighted share of asked words it holds."""

    @property
    def best(self) -> int:
        """Index of the sentence that fits best."""
        fits = sentence_scores(self)
        return max(range(len(fits)), key=lambda i: (fits[i], -i))


def pair(question: str, sentences: Sequence[str], title: str = "") -> Pair:
    """`question` and the sentences of a passage, read. `sentences` must not be empty."""
    read = read_sentence(question)
    held_by = tuple(read_sentence(s) for s in sentences)
    asked = tuple(w for w in read.content if w.lower not in _EMPTY_WORDS) or read.content
    titled = read_sentence(title).stems if title else frozenset()
    spread = Counter(s for sentence in held_by for s in sentence.stems)
    weights = tuple(_weight(w, spread[w.stem], len(held_by), titled) for w in asked)
    total = sum(weights) or 1.0
    coverage = tuple(
        sum(weight for weight, w in zip(weights, asked, strict=True) if met(w, s.stems)) / total
        for s in held_by
    )
    stems = frozenset().union(*(s.stems for s in held_by))
    return Pair(read, asked, held_by, stems, titled, kind_of(question), weights, coverage)


def _weight(word: Word, sentences_with: int, sentences: int, title: frozenset[str]) -> float:
    rarity = math.log((sentences + 1) / (sentences_with + 0.5))
    return max(rarity, 0.05) * (_TITLE_SHARE if word.stem in title else 1.0)


def kind_of(question: str) -> str:
    """The kind of answer a question asks for; empty if any may do."""
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(question)), "")


def may_answer(kind: str, sentence: Sentence, question: Sentence) -> bool:
    """True if `sentence` holds something of the kind that is asked for."""
    if kind == "number":
        return bool(figures(sentence.text))
    if kind == "time":
        return bool(_TIME.search(sentence.text))
    if kind in {"person", "place"}:
        return any(
            w.text[0].isupper() and not w.first and w.content and w.stem not in question.stems
            for w in sentence.words
        )
    return bool(_REASON.search(sentence.text)) if kind == "reason" else True


def sentence_scores(read: Pair) -> list[float]:
    """How well each sentence answers: words asked for, the right kind of answer, and enough said."""
    return [
        read.coverage[i]
        + _KIND_BONUS * may_answer(read.kind, sentence, read.question)
        + _LENGTH_BONUS * min(len(sentence.words), _FULL_LENGTH) / _FULL_LENGTH
        for i, sentence in enumerate(read.sentences)
    ]


def relevance_features(read: Pair) -> dict[str, float]:
    """Does the passage speak of what is asked, in prose that can answer?"""
    rest = [w for w in read.asked if not met(w, read.title)]
    count = len(rest)
    in_passage = sum(met(w, read.stems) for w in rest)
    in_best = max(sum(met(w, s.stems) for w in rest) for s in read.sentences)
    lengths = [len(s.text.split()) for s in read.sentences]
    return {
        "covered_in_one": max(read.coverage),
        "rest_in_passage": in_passage / count if count else 0.6,
        "rest_in_one": in_best / count if count else 0.6,
        "rest_missing": float(min(count - in_passage, 4)),
        "words": math.log(sum(lengths) + 1),
        "long_sentences": sum(n >= _LONG for n in lengths) / len(lengths),
        "opens_as_prose": float(bool(_FINITE_VERB.search(read.sentences[0].text))),
        "sentences": float(min(len(lengths), 20)),
    }


def clash_features(read: Pair) -> dict[str, float]:
    """What of the question goes against the passage: names, numbers, "not", opposites, words apart."""
    near = read.sentences[read.best]
    passage = " ".join(s.text for s in read.sentences)
    there = figures(passage)
    missing_here = [w for w in read.asked if not met(w, near.stems)]
    missing = [w for w in missing_here if not met(w, read.stems)]
    asked_not = any(is_negation(w.lower) for w in read.question.words)
    said_not = any(is_negation(w.lower) for w in near.words)
    return {
        "name_missing": float(len(missing_names(read))),
        "name_elsewhere": float(sum(_capital(w) and w.stem in read.stems for w in missing_here)),
        "number_missing": float(sum(not held(f, there) for f in figures(read.question.text))),
        "opposite_here": float(sum(bool(opposites(w.lower, w.stem) & near.stems) for w in missing_here)),
        "opposite_there": float(sum(bool(opposites(w.lower, w.stem) & read.stems) for w in missing)),
        "asks_not": float(asked_not),
        "asks_not_alone": float(asked_not and not said_not),
        "pairs": _pairs_together(read.asked, near),
        "covered": read.coverage[read.best],
    }


def missing_names(read: Pair) -> list[str]:
    """Names in the question that stand nowhere in the passage."""
    lower = " ".join(s.text for s in read.sentences).lower()
    return [w.text for w in read.asked if _capital(w) and w.lower not in lower and w.stem not in read.title]


def _capital(word: Word) -> bool:
    return word.text[0].isupper() and not word.first


def _pairs_together(asked: Sequence[Word], sentence: Sentence) -> float:
    """Share of neighbouring asked words that stand close together in `sentence`."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(sentence.words):
        places.setdefault(word.stem, []).append(place)
    pairs = list(pairwise(asked))
    close = sum(
        any(abs(a - b) <= _NEAR for a in places.get(x.stem, ()) for b in places.get(y.stem, ()))
        for x, y in pairs
    )
    return close / len(pairs) if pairs else 0.0
