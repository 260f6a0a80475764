"""Whether cards go into an answer follows from what the gate decided and from what was told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant.advice_step import advise_on, without_generic_advice
from assistant.domain.advice import Advice, Profile, Verdict
from assistant.domain.answers import (
    Advised,
    Decision,
    Draft,
    DraftStatement,
    Reason,
    State,
    StatementKind,
)

STORY = "We are two small hospitals. Nobody has time to write. The money ends in March."
ADVICE = Advice(
    verdict=Verdict.RECOMMENDED,
    because="These fit.",
    profile=Profile(),
    cards=(),
    shown=0,
    sequence=(),
    advise_against=(),
    questions=(),
)
ANSWERED = Decision(State.GROUNDED, admitted=("a",))


def never(situation: str) -> Any:
    raise AssertionError("nothing is weighed where no cards are given")


def test_an_answer_takes_the_advice_as_it_is() -> None:
    decision, advised = advise_on(STORY, ANSWERED, (), lambda situation: ADVICE)
    assert decision == ANSWERED
    assert advised == Advised(STORY, ADVICE)


@pytest.mark.parametrize(
    "reason",
    [
        Reason.OUT_OF_DOMAIN,
        Reason.PERSONAL_OR_LEGAL,
        Reason.FALSE_PREMISE,
        Reason.RESULTS_NOT_SEEN,
        Reason.FIGURE_NOT_HELD,
    ],
)
@pytest.mark.parametrize("state", list(State))
def test_a_question_not_to_be_advised_on_gets_no_cards_and_costs_no_weighing(
    reason: Reason, state: State
) -> None:
    decision = replace(ANSWERED, state=state, reason=reason)
    assert advise_on(STORY, decision, (), never) == (decision, None)


def test_a_short_question_that_was_refused_stays_refused() -> None:
    refused = Decision(State.REFUSED, Reason.NEAR_MISS, "Not here.")
    assert advise_on("Which app should we buy?", refused, (), never) == (refused, None)


def test_a_story_of_which_nothing_was_read_stays_refused() -> None:
    refused = Decision(State.REFUSED, Reason.NEAR_MISS, "Not here.")
    assert advise_on(STORY, refused, (), lambda situation: ADVICE) == (refused, None)


def test_a_story_without_a_word_of_the_field_stays_refused_unweighed() -> None:
    refused = Decision(State.REFUSED, Reason.NEAR_MISS, "Not here.")
    story = "Our kitchen floods every winter. The builder blames the council. We have no money left."
    assert advise_on(story, refused, (), never) == (refused, None)


def test_steps_for_nobody_in_particular_give_way_to_cards_that_fit() -> None:
    step = DraftStatement("Webinars: plan the second.", StatementKind.ADVICE)
    found = DraftStatement("Webinars reached many.", StatementKind.REPORTED)
    draft = Draft((found, step))
    assert without_generic_advice(draft, Advised(STORY, ADVICE)).statements == (found,)
    assert without_generic_advice(draft, None) == draft
    unsure = replace(ADVICE, verdict=Verdict.NOT_ENOUGH_KNOWN)
    assert without_generic_advice(draft, Advised(STORY, unsure)) == draft
