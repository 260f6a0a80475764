"""Does a passage of prose hold an answer to a question, and which of its sentences?

For collections that nobody coded. A passage that is near the subject is not yet an answer, so two things are
judged apart and multiplied: does it speak of what is asked, and does nothing in the question clash with it?
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.answerability_features import (
    Pair,
    clash_features,
    missing_names,
    pair,
    relevance_features,
    sentence_scores,
)
from assistant.answering.support_rules.comparing import is_negation
from assistant.answering.support_rules.figures import figures, held
from assistant.answering.support_rules.wording import sentences
from assistant.domain.documents import Span

ABSTAIN_BELOW = 0.22
"""With similarities: 5 in 100 answerable questions of CLAP NQ lie below it, and 10 in 100 of SQuAD 2.0."""

ABSTAIN_BELOW_BY_WORDS = 0.14
"""The same without similarities."""

MOST_SENTENCES = 60
"""Of a longer passage only so many sentences are read; cut passages smaller to have all of them judged."""

# Logistic regressions on the development part of two public sets, standardised, L2 with C = 0.1, then written
# back to raw units: RELEVANCE on CLAP NQ (256 questions), CLASH on our development part of
# SQuAD 2.0 (2,614 questions). Grouped by article, cross-validated; figures in DECISIONS.md.
RELEVANCE: Mapping[str, float] = {
    "constant": -2.474,
    "similarity": 3.174,
    "similarity_one": 2.458,
    "similarity_two": 2.667,
    "rest_in_passage": 0.445,
    "rest_in_one": 1.1,
    "rest_missing": -0.222,
    "words": -0.564,
    "long_sentences": 1.555,
    "opens_as_prose": 0.806,
    "sentences": -0.128,
}
RELEVANCE_BY_WORDS: Mapping[str, float] = {
    "constant": 0.724,
    "covered_in_one": 0.728,
    "rest_in_passage": 0.45,
    "rest_in_one": 1.237,
    "rest_missing": -0.374,
    "words": -0.486,
    "long_sentences": 2.577,
    "opens_as_prose": 0.899,
    "sentences": -0.148,
}
CLASH: Mapping[str, float] = {
    "constant": 0.439,
    "name_missing": -0.967,
    "name_elsewhere": -0.168,
    "number_missing": -1.899,
    "opposite_here": -1.437,
    "opposite_there": -1.045,
    "asks_not": -0.998,
    "asks_not_alone": -2.181,
    "pairs": 0.089,
    "covered": 0.308,
}


@dataclass(frozen=True, slots=True)
class Similarity:
    """How near question and passage are by some embedding model: cosines, of the whole and of each sentence.

    `by_sentence` is in the order of `sentence_spans`. The weights were fitted with all-MiniLM-L6-v2.
    """

    whole: float
    by_sentence: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Answerable:
    """How likely a passage answers, 0 to 1: the product of its two halves, and what speaks against it."""

    score: float
    relevance: float
    consistency: float
    doubts: tuple[str, ...] = ()
    """Sentences for people; empty if nothing clashes."""


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a passage and how well it answers; scores compare only within one question."""

    span: Span
    score: float


def sentence_spans(passage: str) -> tuple[Span, ...]:
    """The sentences of `passage` that are judged, in order."""
    return tuple(Span(a, b) for a, b in sentences(passage)[:MOST_SENTENCES])


def answerability(
    question: str,
    passages: Sequence[str],
    *,
    titles: Sequence[str] = (),
    similarities: Sequence[Similarity] = (),
) -> float:
    """How likely the best of `passages` answers `question`, 0 to 1; 0 without passages.

    `titles` and `similarities`, if given, are one for each passage.
    """
    judged = [
        judge(
            question,
            passage,
            title=titles[i] if titles else "",
            similarity=similarities[i] if similarities else None,
        ).score
        for i, passage in enumerate(passages)
    ]
    return max(judged, default=0.0)


def judge(
    question: str, passage: str, *, title: str = "", similarity: Similarity | None = None
) -> Answerable:
    """The judgement of one passage. An empty question or passage is 0 throughout."""
    spans = sentence_spans(passage)
    if not spans or not question.strip():
        return Answerable(0.0, 0.0, 0.0)
    read = pair(question, [span.of(passage) for span in spans], title)
    features = relevance_features(read)
    weights = RELEVANCE_BY_WORDS
    if similarity is not None:
        features |= _similarity_features(similarity)
        weights = RELEVANCE
    relevance = _logistic(weights, features)
    consistency = _logistic(CLASH, clash_features(read))
    return Answerable(round(relevance * consistency, 4), relevance, consistency, _doubts(read))


def best_sentences(
    question: str,
    passage: str,
    n: int = 1,
    *,
    title: str = "",
    similarity: Similarity | None = None,
    kept_share: float = 0.5,
) -> list[ScoredSentence]:
    """At most `n` sentences that answer best, best first, each with its place in `passage`.

    A sentence whose score is below `kept_share` of the best one's is left out.
    """
    spans = sentence_spans(passage)
    if not spans or n < 1:
        return []
    scores = sentence_scores(pair(question, [span.of(passage) for span in spans], title))
    if similarity is not None:
        scores = [score + near for score, near in zip(scores, similarity.by_sentence, strict=True)]
    order = sorted(range(len(spans)), key=lambda i: (-scores[i], i))[:n]
    least = kept_share * scores[order[0]]
    return [ScoredSentence(spans[i], round(scores[i], 4)) for i in order if scores[i] >= least]


def _similarity_features(similarity: Similarity) -> dict[str, float]:
    nearest = sorted(similarity.by_sentence, reverse=True)[:2] or [similarity.whole]
    return {
        "similarity": similarity.whole,
        "similarity_one": nearest[0],
        "similarity_two": sum(nearest) / len(nearest),
    }


def _logistic(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = sum(weight * features.get(name, 1.0) for name, weight in weights.items())
    return 1 / (1 + math.exp(-total))


def _doubts(read: Pair) -> tuple[str, ...]:
    near = read.sentences[read.best]
    there = [f for s in read.sentences for f in figures(s.text)]
    found = [f"The passage does not name {name}." for name in missing_names(read)]
    found += [
        f"The passage does not hold the number {f.value:g}."
        for f in figures(read.question.text)
        if not held(f, there)
    ]
    asked_not = any(is_negation(w.lower) for w in read.question.words)
    if asked_not and not near.scopes:
        found.append("The question asks what is not so; the passage says what is.")
    return tuple(found)
