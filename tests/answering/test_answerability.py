import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.answerability import (
    ABSTAIN_BELOW,
    CLASH,
    RELEVANCE,
    RELEVANCE_BY_WORDS,
    Similarity,
    answerability,
    best_sentences,
    judge,
    sentence_spans,
)
from assistant.answering.answerability_features import clash_features, kind_of, pair, relevance_features

PASSAGE = (
    "The exchange was founded in Leeds in 2009 by Mary Cole, a nurse. "
    "It grew quickly because local hospitals wanted a place to share templates. "
    "By 2014 about 130 hospitals were members and the fee was low. "
    "Members met twice a year and could not vote by post."
)


def sentence(question, n=1):
    return [scored.span.of(PASSAGE) for scored in best_sentences(question, PASSAGE, n)]


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Who founded the exchange?", "The exchange was founded"),
        ("Why did the exchange grow quickly?", "It grew quickly"),
        ("How many hospitals were members?", "By 2014"),
        ("How often did members meet?", "Members met"),
    ],
)
def test_the_best_sentence_is_the_one_that_answers(question, opening):
    assert sentence(question)[0].startswith(opening)


@pytest.mark.parametrize(
    ("held", "not_held"),
    [
        ("Who founded the exchange in 2009?", "Who founded the exchange in 1994?"),
        ("When did Mary Cole found the exchange?", "When did Peter Novak found the exchange?"),
        ("Why did the exchange grow quickly?", "Why did the exchange grow slowly?"),
        ("How many hospitals were members?", "How many hospitals were not members?"),
        ("How many hospitals were members?", "How many zebras were painted purple?"),
    ],
)
def test_a_question_that_clashes_with_the_passage_scores_lower(held, not_held):
    assert answerability(not_held, [PASSAGE]) < answerability(held, [PASSAGE])


def test_doubts_say_in_words_what_is_missing():
    judged = judge("Who led the Peterborough exchange in 1994 and did not resign?", PASSAGE)
    assert judged.doubts == (
        "The passage does not name Peterborough.",
        "The passage does not hold the number 1994.",
        "The question asks what is not so; the passage says what is.",
    )


def test_a_name_that_the_title_gives_is_not_missed():
    assert judge("Who founded the Peterborough exchange?", PASSAGE, title="Peterborough").doubts == ()


def test_the_best_of_several_passages_counts_and_none_is_zero():
    question = "Who founded the exchange?"
    both = answerability(question, ["Zebras sing at night in the zoo.", PASSAGE])
    assert both == answerability(question, [PASSAGE])
    assert answerability(question, []) == 0.0
    assert answerability(question, ["", "  "]) == 0.0
    assert answerability("", [PASSAGE]) == 0.0


def test_nearness_of_meaning_raises_the_score():
    count = len(sentence_spans(PASSAGE))
    near = Similarity(0.8, (0.8,) * count)
    far = Similarity(0.05, (0.05,) * count)
    question = "Who founded the exchange?"
    assert answerability(question, [PASSAGE], similarities=[near]) > ABSTAIN_BELOW
    assert answerability(question, [PASSAGE], similarities=[far]) < ABSTAIN_BELOW


def test_at_most_n_sentences_come_best_first_and_none_for_an_empty_passage():
    found = best_sentences("Who founded the exchange?", PASSAGE, 3, kept_share=0)
    assert len(found) == 3
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
    assert best_sentences("Who?", "", 3) == []
    assert best_sentences("Who?", PASSAGE, 0) == []


def test_similarities_move_a_sentence_up():
    last = len(sentence_spans(PASSAGE)) - 1
    near = Similarity(0.5, (0.0,) * last + (5.0,))
    assert (
        best_sentences("Who founded it?", PASSAGE, 1, similarity=near)[0].span == sentence_spans(PASSAGE)[-1]
    )


def test_a_wrong_number_of_similarities_is_refused():
    with pytest.raises(ValueError, match="zip"):
        best_sentences("Who founded it?", PASSAGE, 1, similarity=Similarity(0.5, (0.1,)))


def test_every_weight_belongs_to_a_feature_and_every_feature_has_a_weight():
    read = pair("Who founded the exchange?", [PASSAGE])
    similar = {"similarity", "similarity_one", "similarity_two"}
    assert set(CLASH) == set(clash_features(read)) | {"constant"}
    assert set(RELEVANCE_BY_WORDS) == set(relevance_features(read)) | {"constant"}
    assert set(RELEVANCE) == (set(relevance_features(read)) - {"covered_in_one"}) | {"constant"} | similar


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many joined?", "number"),
        ("In what year did it end?", "time"),
        ("Whose idea was it?", "person"),
        ("Where is it?", "place"),
        ("Why was it closed?", "reason"),
        ("Is it any good?", ""),
    ],
)
def test_the_kind_of_answer_is_read_from_the_question(question, kind):
    assert kind_of(question) == kind


TEXT = st.text(alphabet=st.sampled_from("who not 12% Ab é.?! \n-’東"), max_size=80)


@settings(max_examples=200, deadline=None)
@given(TEXT, st.lists(TEXT, max_size=3))
def test_any_text_gives_a_score_between_0_and_1_and_true_spans(question, passages):
    assert 0 <= answerability(question, passages) <= 1
    for passage in passages:
        for scored in best_sentences(question, passage, 2):
            assert scored.span.of(passage).strip() == scored.span.of(passage) != ""


@pytest.mark.parametrize("piece", ["word ", "A. ", "12% ", "not\n", "a-b-", "when "])
def test_a_passage_of_hostile_length_is_judged_all_the_same(piece):
    assert 0.0 <= judge(piece * 400, piece * 4000).score <= 1.0
