"""What a question asks for, read from its words alone."""

from __future__ import annotations

import pytest

from assistant.retrieval.asking import Figure, read_asking
from assistant.retrieval.premises import read_premise, speaks_against
from tests.made_up import finding


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("How many hospitals joined the scheme in its first year?", Figure.COUNT),
        ("What was the exact number of visits per pair?", Figure.COUNT),
        ("Do we know the number of nurses who answered?", Figure.COUNT),
        ("How often did the pairs meet?", Figure.COUNT),
        ("What percentage of blueprints was ever opened?", Figure.SHARE),
        ("Which proportion of the staff stayed on?", Figure.SHARE),
        ("By how much did reporting rise?", Figure.SHARE),
        ("What % of sites dropped out?", Figure.SHARE),
        ("what per cent came back", Figure.SHARE),
        ("How much money did the trusts put in?", Figure.MONEY),
        ("How much would a region save with joint buying?", Figure.MONEY),
        ("What does a visit cost?", Figure.MONEY),
        ("how much in £ does one write-up take", Figure.MONEY),
        ("How much in all did the pair spend on it?", Figure.MONEY),
        ("Is there a return on investment for mentoring?", Figure.MONEY),
        ("What is the p-value of that comparison?", Figure.STATISTIC),
        ("Give me the confidence interval for readmissions.", Figure.STATISTIC),
        ("How satisfied were members, on a scale?", Figure.SCORE),
        ("What score did the forum get?", Figure.SCORE),
        ("How many months does a community take to settle?", Figure.DURATION),
        ("How many weeks does it take to write one?", Figure.DURATION),
        ("How much better was the second round?", Figure.EXTENT),
        ("What's the figure for the north?", Figure.EXTENT),
    ],
)
def test_the_kind_of_figure_is_read(text: str, figure: Figure) -> None:
    assert read_asking(text).figure is figure


@pytest.mark.parametrize(
    "text",
    [
        "What helps paired hospitals learn from each other?",
        "How do we keep people coming to the meetings?",
        "Why did nobody open the documents?",
        "Should we send two nurses to the other site?",
        "Who is left out of informal networks?",
    ],
)
def test_a_question_that_wants_no_figure_has_none(text: str) -> None:
    assert read_asking(text).figure is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do site visits change anything?", True),
        ("We tried twice. Is there a better way to do it?", True),
        ("They say yes, but does the evidence agree?", True),
        ("Any proof that visits help wards?", True),
        ("What makes a visit useful?", False),
        ("How did they choose the partner?", False),
        ("Tell me about mentoring.", False),
        ("Is.", False),
    ],
)
def test_a_yes_or_no_question_is_told_from_others(text: str, expected: bool) -> None:
    assert read_asking(text).yes_no is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is a yearly conference worth the train fare?", True),
        ("Should we open our forum to suppliers?", True),
        ("Is it a good idea to mix both groups?", True),
        ("Is there any point in writing this up?", True),
        ("We have mentors. Does it work?", True),
        ("Does mentoring pay off for small sites?", True),
        ("How do we make a visit worth the trip?", False),
        ("Who writes the blueprint?", False),
        ("What should we put on the first page?", False),
    ],
)
def test_weighing_is_wanted_only_where_worth_is_in_doubt(text: str, expected: bool) -> None:
    assert read_asking(text).weighs is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How do we find a partner?", True),
        ("Our network has gone quiet. What now?", True),
        ("What can we do about low attendance?", True),
        ("Any tips for the first meeting?", True),
        ("What would you recommend for a small site?", True),
        ("What did the interviews say about trust?", False),
        ("Who took part in the survey?", False),
    ],
)
def test_advice_is_offered_only_where_it_is_asked_for(text: str, expected: bool) -> None:
    assert read_asking(text).advice is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Are visits better than calls?", True),
        ("Forum or mailing list?", True),
        ("Mentoring versus peer review for new leads", True),
        ("What is the difference between a network and a collaborative?", True),
        ("Should we write it down rather than meet?", True),
        ("What helps a network last?", False),
        ("Is it two days or so of work?", False),
    ],
)
def test_a_comparison_is_recognised(text: str, expected: bool) -> None:
    assert read_asking(text).comparison is expected


def test_length_is_counted_in_words() -> None:
    assert read_asking("one " * 14).short
    assert not read_asking("one " * 15).short


def test_typographic_apostrophes_are_read_like_straight_ones() -> None:
    assert read_asking("What’s the figure for the south?").figure is Figure.EXTENT


@pytest.mark.parametrize(
    ("text", "premise"),
    [
        (
            "Since site visits always pay for themselves, how many are enough?",
            "site visits always pay for themselves",
        ),
        ("Given that mentors guarantee success, where do trusts find them?", "mentors guarantee success"),
        ("We know that online forums cut costs. Which forum is best?", "online forums cut costs"),
        ("Why do blueprints always get copied?", "blueprints always get copied"),
        ("Why did state laws work so strikingly well?", "state laws work so strikingly well"),
        ("All the trials ran for years. Which ran longest?", "All the trials ran for years."),
        (
            "We know that hospitals in the US were slowest to join. Why was that?",
            "hospitals in the US were slowest to join",
        ),
        (
            "Local teams loved the weekly reports, so how do we design ours?",
            "Local teams loved the weekly reports",
        ),
    ],
)
def test_a_claim_taken_for_granted_is_found(text: str, premise: str) -> None:
    assert read_premise(text) == premise
    assert read_asking(text).premise == premise


@pytest.mark.parametrize(
    "text",
    [
        "Since our partner left us, what can we do?",
        "We have two nurses and no money. Where do we start?",
        "What helps a network last?",
        "As we speak, is anything known?",
        "Why did it prove such a slog to get a date for the visit?",
        "",
    ],
)
def test_what_the_asker_says_of_their_own_place_is_no_claim(text: str) -> None:
    assert read_premise(text) is None


HOPEFUL, DOUBTFUL = "site visits always pay for themselves", "site visits never change anything"


@pytest.mark.parametrize(
    ("premise", "polarity", "expected"),
    [
        (HOPEFUL, "cautions", True),
        (HOPEFUL, "mixed", True),
        (HOPEFUL, "supports", False),
        (HOPEFUL, "context", False),
        (DOUBTFUL, "supports", True),
        (DOUBTFUL, "cautions", False),
        ("site visits don't change anything", "supports", True),
        ("site visits don’t change anything", "supports", True),
        ("site visits don't change anything", "cautions", False),
    ],
)
def test_a_finding_speaks_against_a_claim_that_leans_the_other_way(
    premise: str, polarity: str, expected: bool
) -> None:
    assert speaks_against(premise, finding("a-f01", "Visits.", polarity=polarity)) is expected


def test_some_of_them_speaks_against_all_of_them() -> None:
    some = finding("a-f01", "Of those asked, 92 of 156 (59%) agreed to a visit.")
    assert speaks_against("every trust that was asked said yes at once", some)
    assert not speaks_against("trusts that were asked said yes at once", some)
