"""Profiles from answers: valid, the same every time; one answer moves one factor; partners stay apart."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.advice import Source
from assistant.domain.framework import Catalogue, FactorLevel, Framework
from assistant.domain.monitoring import Agreement
from assistant.framework.changes import agreement
from assistant.framework.profile import LEAST_FOR_TWO, levels_for_two, profile_from_answers

LEVELS = list(FactorLevel)


@pytest.fixture(scope="module")
def framework(catalogue: Catalogue) -> Framework:
    assert catalogue.framework is not None
    return catalogue.framework


def owners(framework: Framework) -> dict[str, str]:
    return {question.id: factor.id for factor in framework.factors for question in factor.questions}


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_set_of_answers_gives_a_valid_profile_and_the_same_one_in_any_order(
    data: st.DataObject, framework: Framework
) -> None:
    owner = owners(framework)
    answers = data.draw(st.dictionaries(st.sampled_from(sorted(owner)), st.sampled_from(LEVELS)))
    profile = profile_from_answers(answers, framework)
    assert set(profile.readings) == {owner[key] for key in answers}
    for factor, reading in profile.readings.items():
        given_here = [level for key, level in answers.items() if owner[key] == factor]
        assert reading.source is Source.ANSWER
        assert len(reading.because) == len(given_here)
        assert -1 <= reading.value <= 1
        assert reading.confidence == 1
        if len(set(given_here)) == 1:
            assert reading.state is given_here[0]
    shuffled = dict(data.draw(st.permutations(list(answers.items()))))
    assert profile_from_answers(shuffled, framework) == profile


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_one_answer_more_or_changed_moves_its_own_factor_alone(
    data: st.DataObject, framework: Framework
) -> None:
    owner = owners(framework)
    answers = data.draw(st.dictionaries(st.sampled_from(sorted(owner)), st.sampled_from(LEVELS)))
    key, level = data.draw(st.sampled_from(sorted(owner))), data.draw(st.sampled_from(LEVELS))
    before = profile_from_answers(answers, framework)
    after = profile_from_answers({**answers, key: level}, framework)
    assert before.without(owner[key]) == after.without(owner[key])


def test_no_result_for_two_lets_a_partner_tell_an_answer_to_a_single_question(framework: Framework) -> None:
    """Every way to answer is tried: whatever is shown, each answer of the other side could be another one."""
    for factor in framework.factors:
        keys = [question.id for question in factor.questions]
        assert len(keys) >= LEAST_FOR_TWO
        for own, count in product(LEVELS, range(LEAST_FOR_TWO, len(keys) + 1)):
            behind: dict[Agreement, list[tuple[FactorLevel, ...]]] = {}
            for other in product(LEVELS, repeat=count):
                said = dict(zip(keys, other, strict=False))
                seen = agreement({factor.id: own}, levels_for_two(said, framework), framework)[factor.id]
                behind.setdefault(seen, []).append(other)
            assert set(behind) == {Agreement.SAME, Agreement.DIFFERENT}
            for could_be in behind.values():
                assert all(len(set(answers)) > 1 for answers in zip(*could_be, strict=True))


def test_a_factor_with_one_answer_is_left_out_of_what_two_compare(framework: Framework) -> None:
    first, second = framework.factors[:2]
    one = {first.questions[0].id: FactorLevel.LOW}
    two = dict.fromkeys((question.id for question in second.questions[:2]), FactorLevel.HIGH)
    assert levels_for_two({**one, **two}, framework) == {second.id: FactorLevel.HIGH}
