"""Whether cards go into an answer follows from what the gate decided and from what was told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant.advice_step import Told, advise_on, asked_about, asked_first, without_generic_advice
from assistant.answering.advised import findings_of
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
from assistant.engine import Assistant
from assistant.retrieval.asking import read_asking
from assistant.retrieval.mechanism_names import MechanismNames
from tests.libraries import PAIRING

STORY = "We are two small hospitals. Nobody has time to write. The money ends in March."
CLEAR = (
    "An attack took out a laboratory supplier at dawn. By lunch, pathology leads in 26 trusts wanted to know "
    "who was doing what by hand. They know each other from the college. We have a tool and a moderator."
)
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
    told = advise_on(STORY, ANSWERED, (), lambda situation: ADVICE, never)
    assert told == Told(ANSWERED, Advised(STORY, ADVICE), ())


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
    assert advise_on(STORY, decision, (), never, never) == Told(decision, None, ())


def test_a_short_question_that_was_refused_stays_refused() -> None:
    refused = Decision(State.REFUSED, Reason.NEAR_MISS, "Not here.")
    assert advise_on("Which app should we buy?", refused, (), never, never) == Told(refused, None, ())


def test_a_story_of_which_nothing_was_read_stays_refused() -> None:
    refused = Decision(State.REFUSED, Reason.NEAR_MISS, "Not here.")
    assert advise_on(STORY, refused, (), lambda situation: ADVICE, never) == Told(refused, None, ())


def test_a_story_without_a_word_of_the_field_stays_refused_unweighed() -> None:
    refused = Decision(State.REFUSED, Reason.NEAR_MISS, "Not here.")
    story = "Our kitchen floods every winter. The builder blames the council. We have no money left."
    assert advise_on(story, refused, (), never, never) == Told(refused, None, ())


def test_a_refused_story_is_answered_in_part_with_what_stands_behind_its_cards(bundled: Assistant) -> None:
    advice = bundled.recommend(CLEAR).advice
    found = bundled.search("a messaging group of peers", k=2)
    refused = Decision(State.REFUSED, Reason.NEAR_MISS, "Not here.")
    desk = bundled.workings.desk()
    assert desk is not None
    told = advise_on(CLEAR, refused, found, lambda situation: advice, desk.behind)
    assert told.decision.state is State.PARTLY_GROUNDED
    assert told.advised == Advised(CLEAR, advice)
    assert told.evidence[:2] == tuple(found)
    behind = told.evidence[2:]
    assert tuple(e.passage.id for e in behind) == told.decision.admitted
    assert [e.rank for e in behind] == list(range(3, 3 + len(behind)))
    on_cards = [set(findings_of(card)) for card in advice.cards[: advice.shown]]
    assert behind
    assert all(any(e.passage.record_id in named for named in on_cards) for e in behind)
    nothing = advise_on(CLEAR, refused, found, lambda situation: advice, lambda advice: ())
    assert nothing == Told(refused, None, tuple(found))


def test_steps_for_nobody_in_particular_give_way_to_cards_that_fit() -> None:
    step = DraftStatement("Webinars: plan the second.", StatementKind.ADVICE)
    found = DraftStatement("Webinars reached many.", StatementKind.REPORTED)
    draft = Draft((found, step))
    assert without_generic_advice(draft, Advised(STORY, ADVICE)).statements == (found,)
    assert without_generic_advice(draft, None) == draft
    unsure = replace(ADVICE, verdict=Verdict.NOT_ENOUGH_KNOWN)
    assert without_generic_advice(draft, Advised(STORY, unsure)) == draft


def test_the_card_asked_about_stands_in_front_with_its_rank_beside_the_best(bundled: Assistant) -> None:
    answer = bundled.answer(PAIRING)
    assert answer.advice is not None
    advice = answer.advice.advice
    first, *others = advice.cards[: advice.shown]
    assert first.mechanism_id == "exemplar-follower-pairing"
    assert [card.rank for card in others] == [1, 2, 3]
    assert {advice.note_on(card) for card in others} == {"An alternative to what you asked about."}
    assert first.against or first.negative_findings
    assert len({card.mechanism_id for card in advice.cards}) == len(bundled.catalogue.mechanisms)


@pytest.mark.parametrize(
    ("told", "standing", "words"),
    [
        (
            "We have been paired with a hospital on another record system two hours away.",
            "doubtful",
            "against",
        ),
        ("We have a strong team and work ten minutes away on the same product.", "fits", "It fits"),
        ("It is four hours away. We have no skilled people and no time.", "against", "speaks against it"),
        ("Our canteen serves soup on Fridays.", "open", "Tell us about"),
    ],
)
def test_whether_what_was_asked_about_fits_is_said_in_a_plain_word(
    told: str, standing: str, words: str, bundled: Assistant
) -> None:
    advice = asked_first(bundled.recommend(told).advice, "exemplar-follower-pairing")
    assert advice.asked is not None
    assert advice.asked.standing == standing
    assert words in advice.note_on(advice.cards[0])
    against = {item.mechanism_id for item in advice.advise_against}
    assert standing == "against" or advice.asked.mechanism_id not in against
    assert advice.shown >= 1


def test_without_a_mechanism_asked_about_the_best_fit_stands_first(bundled: Assistant) -> None:
    advice = bundled.recommend(STORY).advice
    assert asked_first(advice, None) == advice
    best = asked_first(advice, advice.cards[0].mechanism_id)
    assert (best.cards, best.shown) == (advice.cards, advice.shown)
    assert "none fits better" in best.note_on(best.cards[0])
    assert not any(advice.note_on(card) for card in advice.cards)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("We have been told to write a blueprint. Is it worth it?", "blueprint"),
        ("What do blueprints hold?", None),
        ("Are blueprints or site visits worth our time?", None),
    ],
)
def test_what_is_asked_about_is_what_a_question_doubts_by_name(
    question: str, asked: str | None, bundled: Assistant
) -> None:
    catalogue = bundled.catalogue
    names = MechanismNames(catalogue.mechanisms)
    assert asked_about(read_asking(question), (), catalogue, names) == asked
