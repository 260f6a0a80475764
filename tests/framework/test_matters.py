from __future__ import annotations

import pytest

from assistant.domain.framework import Catalogue
from assistant.framework.matters import Matters
from assistant.framework.wordings import Wordings
from assistant.retrieval.mechanism_names import MechanismNames


@pytest.fixture
def matters(catalogue: Catalogue, everyday: Wordings) -> Matters:
    names = MechanismNames(catalogue.mechanisms).named
    return Matters(catalogue, names, patterns=everyday.patterns)


def test_a_mechanism_and_a_factor_by_name_make_a_pair(matters: Matters) -> None:
    assert matters.pairs("Do webinars change absorptive capacity?") == (("webinar", "absorptive-capacity"),)


def test_a_mechanism_alone_makes_a_pair_without_a_factor(matters: Matters) -> None:
    assert matters.pairs("What does a webinar cost in Norway?") == (("webinar", None),)


def test_a_factor_alone_makes_a_pair_without_a_mechanism(matters: Matters) -> None:
    assert matters.pairs("Where does proximity come in?") == ((None, "proximity"),)


def test_a_question_that_names_nothing_gives_nothing(matters: Matters) -> None:
    assert matters.pairs("What is the capital of France?") == ()
    assert matters.pairs("") == ()


def test_a_pattern_of_words_tells_a_factor(catalogue: Catalogue) -> None:
    patterns = {"proximity": {"low": ["two hours away"]}, "not-a-factor": {"low": ["anything"]}}
    matters = Matters(catalogue, lambda text: (), patterns=patterns)
    assert matters.pairs("They sit two hours away. Anything to try?") == ((None, "proximity"),)


def test_a_question_that_names_everything_points_nowhere(catalogue: Catalogue) -> None:
    matters = Matters(catalogue, lambda text: list(catalogue.mechanisms)[:7])
    assert matters.pairs("all of them") == ()
