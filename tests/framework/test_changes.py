"""What moved between two diagnoses: nothing for the same answers, one factor for one changed factor."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.advice import Profile
from assistant.domain.framework import Catalogue, FactorLevel, Framework
from assistant.domain.monitoring import Agreement, SavedDiagnosis
from assistant.framework.changes import agreement, diagnosis_change, factor_changes, first_ids
from assistant.framework.monitoring_report import change_lines
from assistant.framework.profile import corrected, profile_from_answers
from assistant.framework.recommend import Adviser

LEVELS = list(FactorLevel)
OTHER = {
    FactorLevel.LOW: FactorLevel.HIGH,
    FactorLevel.MID: FactorLevel.LOW,
    FactorLevel.HIGH: FactorLevel.MID,
}


@pytest.fixture(scope="module")
def framework(catalogue: Catalogue) -> Framework:
    assert catalogue.framework is not None
    return catalogue.framework


def answers_of(framework: Framework) -> st.SearchStrategy[dict[str, FactorLevel]]:
    questions = [question.id for factor in framework.factors for question in factor.questions]
    return st.dictionaries(st.sampled_from(questions), st.sampled_from(LEVELS))


def advised(adviser: Adviser, profile: Profile, day: int = 1, situation: str = "") -> SavedDiagnosis:
    shown = first_ids(adviser.advise(situation, profile=profile))
    return SavedDiagnosis(made_on=date(2026, 1, day), profile=profile, situation=situation, shown=shown)


@given(data=st.data())
def test_the_same_answers_change_nothing(framework: Framework, data: st.DataObject) -> None:
    answers = data.draw(answers_of(framework))
    again = dict(reversed(answers.items()))
    before, after = (profile_from_answers(given, framework) for given in (answers, again))
    assert factor_changes(before, after, framework) == ()


@given(data=st.data())
def test_a_change_in_one_factor_shows_in_that_factor_and_no_other(
    framework: Framework, data: st.DataObject
) -> None:
    answers = data.draw(answers_of(framework))
    before = profile_from_answers(answers, framework)
    factor = data.draw(st.sampled_from(framework.factors))
    question = data.draw(st.sampled_from(factor.questions))
    if question.id in answers and data.draw(st.booleans()):
        changed = {key: level for key, level in answers.items() if key != question.id}
    else:
        changed = {**answers, question.id: OTHER[answers.get(question.id, FactorLevel.LOW)]}
    after = profile_from_answers(changed, framework)
    flagged = [change.factor for change in factor_changes(before, after, framework)]
    assert set(flagged) <= {factor.id}
    unlike = before.state(factor.id) != after.state(factor.id) or before.pull(factor.id) != after.pull(
        factor.id
    )
    assert flagged == ([factor.id] if unlike else [])
    if before.state(factor.id) is None or (len(factor.questions) == 1 and question.id in answers):
        assert flagged == [factor.id]


def test_an_answer_that_moves_a_factor_within_its_level_is_flagged_as_such(framework: Framework) -> None:
    factor = next(f for f in framework.factors if len(f.questions) >= 2)
    first, second = factor.questions[:2]
    one = profile_from_answers({first.id: FactorLevel.HIGH, second.id: FactorLevel.HIGH}, framework)
    two = profile_from_answers({first.id: FactorLevel.HIGH, second.id: FactorLevel.MID}, framework)
    (change,) = factor_changes(one, two, framework)
    assert change.before is change.after is FactorLevel.HIGH
    assert change.value_after < change.value_before


def test_unchanged_diagnoses_give_unchanged_advice(adviser: Adviser, framework: Framework) -> None:
    answers = {f.questions[0].id: FactorLevel.LOW for f in framework.factors}
    profile = profile_from_answers(answers, framework)
    one, two = advised(adviser, profile), advised(adviser, profile, day=9)
    advice = adviser.advise("", profile=profile)
    change = diagnosis_change(one, two, advice, advice, framework)
    assert (change.factors, change.advice_entered, change.advice_left, change.moves) == ((), (), (), ())
    assert not change.words_changed
    assert not change.rules_changed


def test_advice_that_moves_names_the_factor_that_moved_it_and_no_other(
    adviser: Adviser, framework: Framework, catalogue: Catalogue
) -> None:
    base = profile_from_answers({f.questions[0].id: FactorLevel.LOW for f in framework.factors}, framework)
    before = adviser.advise("", profile=base)
    moved = 0
    for factor in framework.factors:
        profile = corrected(base, factor.id, FactorLevel.HIGH, framework)
        after = adviser.advise("", profile=profile)
        change = diagnosis_change(advised(adviser, base), advised(adviser, profile), before, after, framework)
        assert [c.factor for c in change.factors] == [factor.id]
        assert {*change.advice_entered, *change.advice_left} == {*first_ids(before)} ^ {*first_ids(after)}
        assert {shift.factor for move in change.moves for shift in move.shifts} <= {factor.id}
        for entered in change.advice_entered:
            move = next(m for m in change.moves if m.mechanism_id == entered)
            assert move.rank_after <= after.shown
            assert move.rank_before > before.shown
        moved += len(change.moves)
        for line in (*change_lines(change, catalogue)[0], *change_lines(change, catalogue)[1]):
            assert line.endswith((".", ")"))
    assert moved, "some factor should change what is advised"


def test_other_words_and_other_rules_are_told_apart_from_moved_factors(
    adviser: Adviser, framework: Framework
) -> None:
    profile = Profile()
    advice = adviser.advise("", profile=profile)
    one = SavedDiagnosis(made_on=date(2026, 1, 1), profile=profile, situation="We  visit.", shown=("gone",))
    two = SavedDiagnosis(made_on=date(2026, 2, 1), profile=profile, situation="We visit.")
    change = diagnosis_change(one, two, advice, advice, framework)
    assert not change.words_changed  # white space is no other word
    assert change.rules_changed


@given(data=st.data())
def test_a_view_of_a_pair_tells_agreement_and_never_a_level(
    framework: Framework, data: st.DataObject
) -> None:
    ids = [factor.id for factor in framework.factors]
    sides = st.dictionaries(st.sampled_from(ids), st.sampled_from(LEVELS))
    first, second = data.draw(sides), data.draw(sides)
    seen = agreement(first, second, framework)
    assert seen == agreement(second, first, framework)
    for factor, how in seen.items():
        both = factor in first and factor in second
        assert (how is Agreement.NOT_BOTH) == (not both)
        if both:
            assert (how is Agreement.SAME) == (first[factor] == second[factor])
