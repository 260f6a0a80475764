"""The whole search on the small corpus with the real model: scope, order, reranking, what is cut."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.domain.documents import Tier
from assistant.engine import Assistant
from assistant.index.index import Scope
from assistant.retrieval.coding import Coding
from assistant.retrieval.hybrid import FusionWeights, HybridRetriever
from assistant.retrieval.neighbours import NeighbourWeights
from tests.libraries import PAIRING

QUESTIONS = (PAIRING, "Did anyone read the blueprints?", "virtual reality and pain", "zzz qqq")


class ByLength:
    """A reranker that prefers short texts, so that its work can be seen."""

    name = "by_length"

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        return [-float(len(text)) for text in texts]


def retriever(small: Assistant, **changes) -> HybridRetriever:
    return HybridRetriever(small.workings.index, small.library, small.embedder, **changes)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_same_words_find_the_same_with_the_same_scores(small: Assistant, text: str) -> None:
    fresh = retriever(small, coding=Coding(small.workings.catalogue))
    one, other = fresh.retrieve(text, k=20), fresh.retrieve(text, k=20)
    assert one.evidence == other.evidence
    assert (one.vector == other.vector).all()


@pytest.mark.parametrize("text", QUESTIONS)
def test_evidence_is_ranked_from_one_best_first_and_never_twice(small: Assistant, text: str) -> None:
    found = small.workings.retriever.retrieve(text, k=25).evidence
    assert [e.rank for e in found] == list(range(1, len(found) + 1))
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    assert len({e.passage.id for e in found}) == len(found)


def test_a_longer_list_begins_with_the_shorter_one(small: Assistant) -> None:
    few, many = (small.workings.retriever.retrieve(PAIRING, k=k).evidence for k in (5, 30))
    assert many[:5] == few


def test_what_it_finds_is_stored_word_for_word(small: Assistant) -> None:
    for e in small.workings.retriever.retrieve(PAIRING, k=10).evidence:
        assert small.library.passage(e.passage.id) == e.passage


def test_invented_interviews_are_found_only_where_the_scope_lets_them_in(small: Assistant) -> None:
    spoken = next(p for p in small.library.iter_passages() if p.constructed)
    plain = retriever(small)
    assert plain.retrieve(spoken.text, k=3).evidence[0].passage.id == spoken.id
    shut = plain.retrieve(spoken.text, k=100, scope=Scope(constructed=False)).evidence
    assert shut
    assert not [e for e in shut if e.passage.constructed]
    assert not [e for e in small.search(spoken.text, k=100) if e.passage.constructed]


def test_the_scope_shuts_out_fields_and_tiers(small: Assistant) -> None:
    plain = retriever(small)
    only = plain.retrieve("knowledge", k=100, scope=Scope(domains=frozenset({"vr-therapy"}))).evidence
    assert {e.passage.domain for e in only} == {"vr-therapy"}
    assert plain.retrieve("knowledge", k=100, scope=Scope(tiers=frozenset({Tier.CONTROLLED}))).evidence == ()


def test_each_search_says_what_it_gave(small: Assistant) -> None:
    best = small.workings.retriever.retrieve(
        "Were the blueprints used as they were meant to be?", k=1
    ).evidence[0]
    assert best.passage.study_id == "williams-2021"
    assert {"text", "aid", "keyword", "fused"} <= best.scores.keys()
    assert 0.0 < best.scores["text"] <= 1.0


def test_a_search_without_weight_changes_nothing(small: Assistant) -> None:
    sources = {"text": 1.0, "context": 0.0, "aid": 0.0, "keyword": 0.0}
    weights = FusionWeights(sources=sources, neighbours=NeighbourWeights(weight=0.0))
    found = retriever(small, weights=weights).retrieve(PAIRING, k=15).evidence
    by_text = [e.scores["text"] for e in found]
    assert by_text == sorted(by_text, reverse=True)


def test_a_reranker_has_the_last_word_on_what_was_found(small: Assistant) -> None:
    plain = retriever(small).retrieve(PAIRING, k=8).evidence
    again = retriever(small, reranker=ByLength()).retrieve(PAIRING, k=8).evidence
    assert {e.passage.id for e in again} == {e.passage.id for e in plain}
    assert [len(e.passage.text) for e in again] == sorted(len(e.passage.text) for e in plain)
    assert [e.rank for e in again] == list(range(1, 9))
    assert again[0].scores["by_length"] == again[0].score


def test_a_question_beyond_the_window_is_cut_and_says_by_how_much(small: Assistant) -> None:
    long = " ".join([PAIRING] * 40)
    found = small.workings.retriever.retrieve(long, k=3)
    assert found.cut > 0
    assert len(found.evidence) == 3
    assert small.workings.retriever.retrieve(PAIRING, k=3).cut == 0


@pytest.mark.parametrize("text", ["?", "…", "😀", "\u0000", "'; DROP TABLE passages; --", "(((", "a" * 5000])
def test_odd_questions_are_searched_like_any_other(small: Assistant, text: str) -> None:
    assert len(small.workings.retriever.retrieve(text, k=4).evidence) == 4
