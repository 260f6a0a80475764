"""A finding holds a figure only if it states one of the right kind, about the right thing, that is news."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.asking import Figure
from assistant.retrieval.figures import coverage, holds_figure, key_stems


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure.COUNT, "Nineteen sites and 24 partners took part."),
        (Figure.COUNT, "Nearly all teams stayed."),
        (Figure.SHARE, "A third of the members never posted."),
        (Figure.SHARE, "In 12 of the 30 pairs nothing was agreed."),
        (Figure.SHARE, "Use rose by 8%."),
        (Figure.MONEY, "Each site was given £10 million."),
        (Figure.MONEY, "It took 2.5 million dollars."),
        (Figure.STATISTIC, "The difference was clear (p < 0.01)."),
        (Figure.SCORE, "Members gave it a rating of 4.2."),
        (Figure.DURATION, "It took eighteen months to settle."),
        (Figure.EXTENT, "Reports rose twice as fast."),
    ],
)
def test_a_stated_figure_is_recognised(figure: Figure, text: str) -> None:
    assert holds_figure(figure, text)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure.COUNT, "Most sites stayed in touch."),
        (Figure.SHARE, "Some of the members never posted."),
        (Figure.SHARE, "There were 30 pairs."),
        (Figure.MONEY, "Much money was spent on travel."),
        (Figure.MONEY, "Members saved pounds and dollars."),
        (Figure.MONEY, "There were 30 pairs."),
        (Figure.STATISTIC, "The difference was clear."),
        (Figure.SCORE, "Members scored it highly."),
        (Figure.DURATION, "It took a long time, over many meetings."),
    ],
)
def test_words_without_a_figure_of_that_kind_hold_none(figure: Figure, text: str) -> None:
    assert not holds_figure(figure, text)


def test_a_number_that_the_question_already_quotes_is_no_answer() -> None:
    text = "The programme paired 17 leading sites with others."
    assert holds_figure(Figure.COUNT, text, question="How many sites led?")
    assert not holds_figure(Figure.COUNT, text, question="Of the 17, how many sites stayed?")
    assert not holds_figure(Figure.COUNT, text, question="In the scheme with 17. How many sites stayed?")


def test_quoting_a_number_leaves_others_alone_that_contain_it() -> None:
    assert holds_figure(Figure.SHARE, "Use rose to 35%.", question="Of the top 5, what share rose?")
    assert holds_figure(Figure.MONEY, "It cost £1,750.", question="In those 75 sites, what did it cost?")
    assert holds_figure(Figure.SHARE, "Use rose by 3.5%.", question="After 5 years, by what percentage?")
    assert holds_figure(Figure.COUNT, "There were 24.5 per team.", question="With 24 teams, how many each?")


def test_a_quoted_share_takes_its_sign_along() -> None:
    assert not holds_figure(
        Figure.SHARE, "A response of 40% was reached.", question="With 40%, what share stayed?"
    )


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("How many clinicians were asked?", "Interviews with 40 nurses and 12 managers were held.", True),
        ("How many clinicians were asked?", "Interviews took place at 12 hospitals.", False),
        ("How many hospitals took part?", "Interviews took place at 12 hospitals.", True),
        ("How many hospitals took part?", "Interviews with 40 nurses were held.", False),
        ("How many meetings were held?", "They held 12 meetings.", True),
    ],
)
def test_people_are_not_counted_in_places_nor_places_in_people(
    question: str, text: str, expected: bool
) -> None:
    assert holds_figure(Figure.COUNT, text, question=question) is expected


def test_other_things_are_counted_only_where_they_are_spoken_of() -> None:
    text, question = "Members met in three coaching sessions.", "How many {} does a network need?"
    assert holds_figure(Figure.COUNT, text, question=question.format("sessions"))
    assert not holds_figure(Figure.COUNT, text, question=question.format("moderators"))
    asked_as = ("How many meetings did they hold?",)
    assert holds_figure(Figure.COUNT, text, question=question.format("meetings"), words=asked_as)


def test_coverage_is_the_part_of_the_key_words_that_is_held() -> None:
    assert coverage("How many nurses visited wards?", ["A nurse visit"]) == pytest.approx(2 / 3)
    assert coverage("How many nurses visited wards?", ["nurses", "visiting a ward"]) == 1.0
    assert coverage("How many nurses visited wards?", []) == 0.0
    assert coverage("How many of them?", ["anything"]) == 1.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_coverage_lies_between_nought_and_one_and_grows_with_what_is_held(question: str, text: str) -> None:
    alone = coverage(question, [text])
    assert 0.0 <= alone <= coverage(question, [text, question]) == 1.0


@given(st.text(max_size=80), st.sampled_from(list(Figure)))
def test_a_text_never_answers_with_numbers_the_question_gave(text: str, figure: Figure) -> None:
    digits = "".join(c for c in text if c.isascii() and (c.isdigit() or c in " .,%"))
    assert not holds_figure(figure, digits, question=digits)


def test_only_words_that_carry_meaning_are_keys() -> None:
    assert key_stems("How many of the nurses were really visiting?") == key_stems("nurse visits")
