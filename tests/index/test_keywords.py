"""BM25 as published, over stems, the same after it was saved."""

from __future__ import annotations

from collections import Counter
from math import log
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.keywords import KeywordField, Weighting, field_stems
from tests.index.samples import document

_DOCUMENTS = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=8), min_size=1, max_size=12)


def _by_hand(documents: list[list[str]], asked: set[str], weighting: Weighting) -> list[float]:
    """Robertson and Zaragoza 2009 with the idf of Lucene, written from the formula."""
    mean = sum(map(len, documents)) / len(documents)
    scores = []
    for words in documents:
        counts, score = Counter(words), 0.0
        for word in asked & set(words):
            n = sum(word in other for other in documents)
            idf = log(1 + (len(documents) - n + 0.5) / (n + 0.5))
            length = 1 - weighting.b + weighting.b * len(words) / mean
            score += idf * counts[word] / (counts[word] + weighting.k1 * length)
        scores.append(score)
    return scores


@given(
    _DOCUMENTS, st.sets(st.sampled_from("abcdefg")), st.sampled_from([(1.2, 0.75), (0.9, 0.4), (2.0, 0.0)])
)
def test_scores_are_those_of_the_formula(
    documents: list[list[str]], asked: set[str], numbers: tuple[float, float]
) -> None:
    words = [[f"{letter}1" for letter in own] for own in documents]
    wanted = {f"{letter}1" for letter in asked}
    weighting = Weighting(*numbers)
    scores = KeywordField.build(words, weighting).scores(" ".join(sorted(wanted)))
    if any(words):
        assert np.allclose(scores, _by_hand(words, wanted, weighting), atol=1e-5)
    else:
        assert not scores.any()


def test_a_saved_field_gives_the_same_scores(tmp_path: Path) -> None:
    built = KeywordField.build([["trust", "peer"], ["peer"], []], Weighting())
    built.save(tmp_path / "text")
    loaded = KeywordField.load(tmp_path / "text", 3)
    assert np.array_equal(built.scores("peers trust"), loaded.scores("peers trust"))


def test_a_field_without_words_scores_nothing(tmp_path: Path) -> None:
    KeywordField.build([[], []], Weighting()).save(tmp_path / "text")
    assert KeywordField.load(tmp_path / "text", 2).scores("peer").tolist() == [0.0, 0.0]


def test_aids_are_in_the_aid_field_only() -> None:
    _, (passage,) = document("d", "Peers visit.", context="A study of twins", aids=("Should my boss go?",))
    stems = field_stems([passage])
    assert {"peer", "visit", "studi", "twin"} <= set(stems["text"][0])
    assert "boss" not in stems["text"][0]
    assert {*stems["text"][0], "boss"} <= set(stems["aid"][0])
