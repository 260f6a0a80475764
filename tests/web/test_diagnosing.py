from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.advice import ConditionReading, Profile, Source
from assistant.domain.framework import FactorLevel
from assistant.domain.monitoring import SavedDiagnosis
from assistant.errors import InputError
from assistant.web.diagnosing import (
    SKIPPED,
    UNKNOWN,
    Sheet,
    diagnosed,
    first_questions,
    merged,
    questions_of,
    repeated,
    restored,
    save,
)
from assistant.web.pages.days import read_day, today, written_day
from assistant.web.pages.diagnose_keeping import compared_with
from assistant.web.render_profile import (
    BETWEEN,
    GAP,
    OPEN,
    STRENGTH,
    named,
    pair_html,
    pairs_html,
    profile_html,
    result_html,
    result_sources_html,
    standing,
)

if TYPE_CHECKING:
    from assistant.domain.framework import Framework
    from assistant.engine import Assistant

TOLD = (
    "The region has paired us with a hospital two hours away that uses the same record system. They are keen "
    "to help, but my team has no time to write anything down, and the money ends in March."
)
LEVELS = [level.value for level in FactorLevel]


@pytest.fixture(scope="module")
def framework(bundled: Assistant) -> Framework:
    found = bundled.catalogue.framework
    assert found is not None
    return found


def filled(framework: Framework, level: FactorLevel, count: int) -> Sheet:
    return Sheet(answers=dict.fromkeys(list(questions_of(framework))[:count], level))


def test_what_a_browser_kept_comes_back_as_it_was(framework: Framework) -> None:
    sheet = filled(framework, FactorLevel.LOW, 7).putting_right("proximity", "high")
    sheet = sheet.putting_right("collective-identity", UNKNOWN)
    sheet = sheet.answering(list(questions_of(framework))[9], SKIPPED)
    sheet = replace(sheet, situation="We share nothing.")
    back = restored(sheet.plain(), framework, longest=2000)
    assert back == sheet
    assert back.corrections["collective-identity"] is None


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        "low",
        {"answers": "low"},
        {"answers": {"no-such-question": "low"}},
        {"answers": {1: "low"}, "corrections": {"proximity": 3}},
        {"corrections": {"no-such-factor": "high"}, "situation": 4},
        {"situation": "x" * 3000},
        {"situation": "a\x00b"},
    ],
)
def test_what_does_not_fit_the_framework_is_left_out(kept: object, framework: Framework) -> None:
    assert restored(kept, framework, longest=2000).empty


def test_an_answer_can_be_changed_and_taken_back(framework: Framework) -> None:
    question = next(iter(questions_of(framework)))
    sheet = Sheet().answering(question, "low").answering(question, "high")
    assert sheet.answers == {question: FactorLevel.HIGH}
    assert sheet.answering(question, SKIPPED).empty
    assert sheet.answering(question, SKIPPED).shows(question) == SKIPPED


def test_answers_given_before_the_first_was_worked_through_all_count(framework: Framework) -> None:
    one, two, three, *_ = questions_of(framework)
    shown = {one: ["low", None], two: ["high"], three: [None]}
    assert merged(Sheet(), shown, framework).answers == {one: FactorLevel.LOW, two: FactorLevel.HIGH}


def test_a_form_that_was_not_filled_in_yet_takes_no_answer_back(framework: Framework) -> None:
    sheet = filled(framework, FactorLevel.LOW, 5)
    assert merged(sheet, {key: [None] for key in questions_of(framework)}, framework) == sheet


def test_of_two_places_for_a_question_the_one_just_changed_counts(framework: Framework) -> None:
    question = next(iter(questions_of(framework)))
    sheet = Sheet().answering(question, "low")
    assert merged(sheet, {question: ["low", "high"]}, framework).answers[question] is FactorLevel.HIGH
    assert merged(sheet, {question: ["mid", "low"]}, framework).answers[question] is FactorLevel.MID
    assert merged(sheet, {question: [SKIPPED, "low"]}, framework).answers == {}


def test_a_browser_that_shows_something_unknown_changes_nothing(framework: Framework) -> None:
    question = next(iter(questions_of(framework)))
    assert merged(Sheet(), {question: ["highest", 3, ["low"]], "": ["low"]}, framework) == Sheet()


def test_an_answer_undoes_what_was_put_right_on_its_condition_before(framework: Framework) -> None:
    factor, other = framework.factors[0], framework.factors[1]
    sheet = Sheet().putting_right(factor.id, "low").putting_right(other.id, "low")
    after = merged(sheet, {factor.questions[0].id: ["high"]}, framework)
    assert after.corrections == {other.id: FactorLevel.LOW}


def test_putting_one_reading_right_forgets_no_answer(bundled: Assistant, framework: Framework) -> None:
    sheet = filled(framework, FactorLevel.HIGH, 40)
    right = sheet.putting_right("proximity", "low").putting_right("collective-identity", UNKNOWN)
    before = diagnosed(bundled, sheet).advice.advice.profile
    after = diagnosed(bundled, right).advice.advice.profile
    assert after.state("proximity") is FactorLevel.LOW
    assert after.state("collective-identity") is None
    rest = {factor.id for factor in framework.factors} - {"proximity", "collective-identity"}
    assert all(before.readings[key] == after.readings[key] for key in rest)


def test_a_question_left_out_is_not_asked_first_again(bundled: Assistant) -> None:
    first = first_questions(diagnosed(bundled, Sheet()).advice)
    sheet = Sheet().answering(first[0], SKIPPED)
    assert first[0] not in first_questions(diagnosed(bundled, sheet).advice, sheet.skipped)


def test_a_repeated_diagnosis_begins_empty_unless_its_answers_are_asked_for(
    bundled: Assistant, framework: Framework
) -> None:
    sheet = filled(framework, FactorLevel.MID, 4).putting_right("proximity", "high")
    kept = save(bundled, "somebody who repeats", sheet, label="")
    assert repeated(kept, filled=False) == Sheet(repeats=kept.id)
    again = repeated(kept, filled=True)
    assert (again.answers, again.corrections) == (sheet.answers, sheet.corrections)
    assert restored(again.plain(), framework, longest=2000) == again


def test_an_empty_sheet_has_no_profile_and_five_questions_to_begin_with(
    bundled: Assistant, framework: Framework
) -> None:
    found = diagnosed(bundled, Sheet())
    assert not found.advice.advice.profile.readings
    asked = first_questions(found.advice)
    assert len(set(asked)) == 5
    assert set(asked) <= set(questions_of(framework))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_one_answer_moves_only_its_own_factor(data: st.DataObject, bundled: Assistant) -> None:
    framework = bundled.catalogue.framework
    assert framework is not None
    questions = list(questions_of(framework))
    answers = data.draw(st.dictionaries(st.sampled_from(questions), st.sampled_from(list(FactorLevel))))
    changed = data.draw(st.sampled_from(questions))
    before = diagnosed(bundled, Sheet(answers=answers)).advice.advice.profile
    level = data.draw(st.sampled_from(LEVELS))
    after = diagnosed(bundled, Sheet(answers=answers).answering(changed, level)).advice.advice.profile
    owner = next(f.id for f in framework.factors if changed in {q.id for q in f.questions})
    for factor in framework.factors:
        if factor.id != owner:
            assert before.readings.get(factor.id) == after.readings.get(factor.id)


def test_every_cited_passage_of_a_diagnosis_can_be_opened(bundled: Assistant, framework: Framework) -> None:
    found = diagnosed(bundled, filled(framework, FactorLevel.LOW, 30))
    shown, listed = result_html(found), result_sources_html(found)
    markers = set(re.findall(r'href="#(s1-\d+)"', shown))
    assert markers
    assert set(re.findall(r'id="(s1-\d+)"', listed)) == markers
    assert {citation.passage_id for citation in found.cited} == set(found.opened)


def test_a_profile_tells_strengths_from_gaps_by_the_end_that_helps(framework: Framework) -> None:
    def read(factor: str, level: FactorLevel) -> ConditionReading:
        return ConditionReading(
            factor=factor, state=level, because=("so",), confidence=1, value=0, source=Source.ANSWER
        )

    near, shy = framework.factor("proximity"), framework.factor("personal-inhibitors")
    assert standing(near, read(near.id, FactorLevel.HIGH)) == STRENGTH
    assert standing(near, read(near.id, FactorLevel.LOW)) == GAP
    assert standing(shy, read(shy.id, FactorLevel.HIGH)) == GAP
    assert standing(shy, read(shy.id, FactorLevel.MID)) == BETWEEN
    assert standing(shy, None) == OPEN


def test_a_profile_names_every_factor_and_marks_our_own_role(
    bundled: Assistant, framework: Framework
) -> None:
    shown = profile_html(diagnosed(bundled, filled(framework, FactorLevel.HIGH, 12)).advice.advice, framework)
    assert all(factor.name in shown for factor in framework.factors)
    assert "our own addition to the study" in shown
    assert "Answers that would change the advice" in shown
    empty = profile_html(diagnosed(bundled, Sheet()).advice.advice, framework)
    assert "Answers that would change the advice" not in empty


def test_an_answer_that_would_change_the_advice_says_to_what(
    bundled: Assistant, framework: Framework
) -> None:
    advice = diagnosed(bundled, filled(framework, FactorLevel.HIGH, 12)).advice.advice
    shown = profile_html(advice, framework)
    names = {card.mechanism_id: card.name for card in advice.cards}
    now = [card.mechanism_id for card in advice.cards[:3]]
    told = 0
    for asked in advice.questions:
        for level, then in asked.would_show.items():
            new = {names[key] for key in then if key not in now}
            if new:
                line = shown.split(f"If \u201c{escape(asked.question.answers[level])}\u201d: ")[1].split(
                    "</li>"
                )[0]
                assert all(name in line for name in new)
                told += 1
    assert told


def test_an_empty_sheet_cannot_be_saved(bundled: Assistant) -> None:
    with pytest.raises(InputError, match="nothing to save"):
        save(bundled, "somebody", Sheet(), label="")


def test_a_saved_diagnosis_holds_what_was_answered(bundled: Assistant, framework: Framework) -> None:
    sheet = filled(framework, FactorLevel.MID, 9)
    kept = save(bundled, "a person of this test", sheet, label="First")
    assert kept.answers == sheet.answers
    assert bundled.monitor("a person of this test").diagnosis(kept.id) == kept


def test_a_pair_sees_agreement_and_never_an_answer(bundled: Assistant, framework: Framework) -> None:
    names = {factor.id: factor.name for factor in framework.factors}
    questions = framework.factor("proximity").questions
    low, high = (dict.fromkeys((q.id for q in questions), level) for level in ("low", "high"))
    one, other = bundled.monitor("one of two"), bundled.monitor("two of two")
    code = one.open_pair(low)
    assert "once both of you have answered" in pair_html(one.pair(code), names)
    assert "has not answered yet" in pairs_html(one.pairs())
    shown = pair_html(other.answer_pair(code, high), names)
    assert "You read this differently" in shown
    assert not any(answer in shown for question in questions for answer in question.answers.values())
    assert "both have answered" in pairs_html(one.pairs())
    assert pairs_html(other.pairs()) == ""


def test_a_diagnosis_is_saved_under_the_day_it_was_made(framework: Framework, bundled: Assistant) -> None:
    sheet = filled(framework, FactorLevel.LOW, 3)
    then = today() - timedelta(days=91)
    assert save(bundled, "a dated owner", sheet, label="", made_on=then).made_on == then
    assert save(bundled, "a dated owner", sheet, label="").made_on == today()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2999, 1, 31), "The day of the diagnosis, 31 January 2999, is still to come."),
        (date(1066, 10, 14), "The day of the diagnosis, 14 October 1066, is too long ago."),
    ],
)
def test_no_diagnosis_is_saved_under_a_day_that_cannot_be_right(
    framework: Framework, bundled: Assistant, day: date, sentence: str
) -> None:
    sheet = filled(framework, FactorLevel.LOW, 3)
    with pytest.raises(InputError) as raised:
        save(bundled, "a hasty owner", sheet, label="", made_on=day)
    assert raised.value.sentence == sentence
    assert bundled.monitor("a hasty owner").diagnoses() == ()


@pytest.mark.parametrize("words", ["31/3/2026", " 31.3.2026 ", "31 March 2026", "31 Mar 2026", "2026-03-31"])
def test_a_day_is_read_as_people_write_it(words: str) -> None:
    assert read_day(words) == date(2026, 3, 31)
    assert read_day(written_day(read_day(words))) == date(2026, 3, 31)


@pytest.mark.parametrize("words", ["last week", "31/2/2026", "3/26", "2026"])
def test_words_that_are_no_day_get_a_sentence_with_a_cure(words: str) -> None:
    with pytest.raises(InputError) as raised:
        read_day(words)
    assert (raised.value.sentence, raised.value.hint) == (
        f"'{words}' is not a day we can read.",
        "Write it as 31/3/2026.",
    )


def made(key: str, day: int) -> SavedDiagnosis:
    return SavedDiagnosis(
        id=key, made_on=date(2026, 3, day), label="", answers={}, profile=Profile(), situation="", shown=()
    )


def test_a_new_diagnosis_is_held_against_the_one_repeated_or_the_last_before_it() -> None:
    late, middle, early = made("late", 30), made("middle", 20), made("early", 10)
    others = (late, middle, early)
    assert compared_with(made("new", 25), others) is middle
    assert compared_with(made("new", 25), others, repeats="early") is early
    assert compared_with(made("new", 1), others) is early
    assert compared_with(made("new", 20), others) is middle
    assert compared_with(made("new", 20), ()) is None


def test_numbers_of_sources_run_from_one_in_the_order_of_the_page(
    bundled: Assistant, framework: Framework
) -> None:
    sheet = Sheet(situation=TOLD, corrections={framework.factors[0].id: FactorLevel.LOW})
    found = diagnosed(bundled, sheet)
    folded = re.compile("<details>.*?</details>")
    page = result_html(found)
    in_view = list(dict.fromkeys(re.findall(r'href="#s1-(\d+)"', folded.sub("", page))))
    unfolded = re.findall(r'href="#s1-(\d+)"', "".join(folded.findall(page)))
    in_order = list(dict.fromkeys([*in_view, *unfolded]))
    assert 1 < len(in_view) < len(in_order)
    assert in_order == [str(place) for place in range(1, len(found.cited) + 1)]
    assert re.findall(r'id="s1-(\d+)"', result_sources_html(found)) == in_order
    words = {citation.marker: citation.passage_id for citation in found.advice.citations.values()}
    assert len(words) == len(set(words.values())), "one number is one source"


def test_a_reading_that_was_put_right_is_not_quoted_as_words(bundled: Assistant) -> None:
    motivated = {"intrinsic-motivation": FactorLevel.HIGH}
    told = result_html(diagnosed(bundled, Sheet(situation=TOLD, corrections=motivated)))
    assert "(as you put it right)" in told
    assert "You said so" not in told


def test_a_diagnosis_from_words_alone_is_not_called_one_of_no_answers(framework: Framework) -> None:
    key, low = framework.factors[0].id, FactorLevel.LOW
    read = ConditionReading(factor=key, state=low, because=("Far.",), confidence=0.9, value=-1.0)
    known = Profile().with_reading(read)
    by_words = SavedDiagnosis(made_on=today(), answers={}, profile=known)
    assert named(by_words).endswith(": 1 condition known, from your words")
    first = framework.factors[0].questions[0].id
    assert named(replace(by_words, answers={first: FactorLevel.LOW})).endswith(": 1 answer")
