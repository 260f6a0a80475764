"""A described situation is told from a plain question, and points to mechanisms by shares."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.retrieval.situations import Situations, describes_situation
from tests.made_up import WordVectors, mechanism

EMBED = WordVectors()
SITUATIONS = Situations(
    {
        "visit": mechanism("visit", situations=("we want to see a ward that works",)),
        "forum": mechanism(
            "forum", situations=("staff ask questions online at night",), not_here=("nobody reads posts",)
        ),
        "bare": mechanism("bare"),
    },
    EMBED,
)


@pytest.mark.parametrize(
    "text",
    [
        "We went live in May. Nobody uses the portal. What should we try?",
        "Our neighbour is a year ahead of us. Is it worth asking them for help?",
        "I run a small team. My board wants results. How do I find a partner?",
    ],
)
def test_a_story_and_a_wish_are_a_situation(text: str) -> None:
    assert describes_situation(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is a community of practice?",
        "Should we join a network?",
        "The study ran in England. It lasted two years. Who took part?",
        "We went live in May. Nobody uses the portal.",
        "",
    ],
)
def test_a_plain_question_or_a_story_without_a_wish_is_none(text: str) -> None:
    assert not describes_situation(text)


def test_shares_sum_to_one_and_the_nearest_situation_gets_most() -> None:
    shares = SITUATIONS.pointing(EMBED.one("we want to see how a ward works"))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert max(shares, key=shares.__getitem__) == "visit"


def test_a_case_in_which_a_mechanism_is_wrong_still_points_to_it() -> None:
    shares = SITUATIONS.pointing(EMBED.one("nobody reads our posts"))
    assert max(shares, key=shares.__getitem__) == "forum"


def test_mechanisms_without_situations_never_win() -> None:
    shares = SITUATIONS.pointing(np.zeros(EMBED.dimensions, dtype=np.float32))
    assert shares["bare"] == min(shares.values())
    assert Situations({"bare": mechanism("bare")}, EMBED).pointing(EMBED.one("anything")) == {}
