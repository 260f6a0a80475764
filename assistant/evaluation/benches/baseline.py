"""The plain parts that other numbers stand beside: BM25, shared words, copying. No model, no index."""

from __future__ import annotations

import re
from collections.abc import Sequence

import bm25s
import Stemmer

from assistant.evaluation import support
from assistant.evaluation.benches.parts import Parts, Record, Search
from assistant.evaluation.metrics.words import content_words

_JOINED = re.compile(r"[^\w\s]|_")


def bm25_in(records: Sequence[Record]) -> Search:
    """BM25 with English stemming, k1 0.9 and b 0.4, over title and text."""
    stemmer = Stemmer.Stemmer("english")
    retriever = bm25s.BM25(k1=0.9, b=0.4)
    texts = [f"{record.title}\n{record.text}" for record in records]
    retriever.index(_cut(texts, stemmer), show_progress=False)

    def search(query: str, k: int) -> Sequence[str]:
        tokens = _cut([query], stemmer)
        if not tokens[0]:
            return ()
        found, scores = retriever.retrieve(tokens, k=min(k, len(records)), show_progress=False)
        return [records[i].id for i, score in zip(found[0], scores[0], strict=True) if score > 0]

    return search


def _cut(texts: Sequence[str], stemmer: Stemmer.Stemmer) -> list[list[str]]:
    return [stemmer.stemWords(list(content_words(_JOINED.sub(" ", text)))) for text in texts]


def shared_words(question: str, passage: str, title: str = "") -> float:
    """Share of the question's content words in the passage or its title."""
    words = set(content_words(question))
    return len(words & set(content_words(f"{title} {passage}"))) / len(words) if words else 0.0


def copied(question: str, turns: Sequence[tuple[str, str]]) -> str:
    """The question as it was asked."""
    return question


PLAIN = Parts(
    name="plain",
    search_in=bm25_in,
    support=support.word_support,
    support_from=support.SHARE,
    answerable=shared_words,
    answerable_from=0.5,
    rewrite=copied,
    decide=lambda question, turns, passages: "answer" if passages else "abstain",
)
