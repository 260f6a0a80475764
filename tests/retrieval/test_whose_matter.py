"""Whose matter a question is: told by rules on classes of words, never by single sentences."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.domain.answers import Reason, State
from assistant.engine import Assistant
from assistant.retrieval.boundaries import Boundaries
from assistant.retrieval.whose_matter import (
    another_trade,
    one_persons_matter,
    told_of_sharing,
    told_of_something_else,
)
from tests.framework.conftest import load_wordings

ACTS = ("sack", "fire", "dismiss", "demote", "suspend", "lay off", "get rid of")
PEOPLE = ("my consultants", "our project manager", "the two analysts", "a nurse who is always late", "her")
LOSSES = (
    "Our link nurse has left.",
    "My deputy is off sick with stress.",
    "The board sacked the manager who held the contacts.",
)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("person", PEOPLE)
def test_to_ask_whether_to_act_on_somebodys_job_is_that_persons_matter(act: str, person: str) -> None:
    assert one_persons_matter(f"We share a build with another trust. Should I {act} {person}?")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("thing", ["the blueprint", "the supplier", "our peer visits", "the nurses' forum"])
def test_to_ask_whether_to_stop_a_thing_is_not(act: str, thing: str) -> None:
    assert not one_persons_matter(f"Should we {act} {thing}?")


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_that_is_told_does_not_hide_a_question_on_a_tie(loss: str) -> None:
    story = f"{loss} We had monthly calls with the partner trust. How do we keep the contact?"
    assert told_of_sharing(story)
    assert not one_persons_matter(story)


@pytest.mark.parametrize(
    "asked",
    [
        "Which manager let us down? I used to work with her at the partner trust.",
        "Our agreement with the partner trust was signed by one side. Is it valid? We share data every day.",
    ],
)
def test_who_somebody_was_or_what_is_valid_in_law_does_not_count_as_a_tie(asked: str) -> None:
    assert not told_of_sharing(asked)


@pytest.mark.parametrize(
    "told",
    [
        "Two trusts are merging and my post goes. I have twelve years of service.",
        "My manager in our sister hospital shouts at me every day. Nobody helps.",
        "I was moved to another trust against my will.",
        "Our two trusts share a payroll. My pay was cut by mistake. They refuse to put it right.",
        "Our hospitals share a system. I copied a file to my laptop. Now the trust is investigating me.",
    ],
)
def test_what_was_done_to_the_one_who_tells_is_that_persons_matter_without_a_question(told: str) -> None:
    assert one_persons_matter(told)
    assert not told_of_sharing(told)


def test_a_tie_that_is_told_of_without_a_question_is_one_on_sharing() -> None:
    assert told_of_sharing(
        "We finished in spring. Three trusts ring us to learn how. Two of us may write it down."
    )
    assert not told_of_sharing(
        "We finished in spring. Our lawyers have read the terms. They are not pleased."
    )


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ("I feel like ending it all.", "Samaritans"),
        ("I want to kill myself.", "Samaritans"),
        ("I can’t cope any more and cry every night.", "Samaritans"),
        ("i cant go on like this.", "Samaritans"),
        ("I have a lump in my breast.", "GP"),
        ("A man on our ward has chest pain.", "999"),
    ],
)
@pytest.mark.parametrize("asked", ["", " What should we do?", " How many studies say that visits help?"])
def test_somebody_in_danger_is_told_where_help_is_whatever_else_is_said(
    told: str, where: str, asked: str, bundled: Assistant
) -> None:
    around = "Our two hospitals share a record system, and the partner trust blames us for the go-live."
    for story in (f"{told} {around}{asked}", f"{around} {told} Everyone in the network knows.{asked}"):
        answer = bundled.answer(story)
        assert (answer.state, answer.reason) == (State.REFUSED, Reason.PERSONAL_OR_LEGAL)
        assert answer.advice is None
        assert any(where in said for said in answer.gaps)


def test_no_situation_or_question_of_ours_holds_words_that_settle_it(bundled: Assistant) -> None:
    catalogue = bundled.catalogue
    settled = Boundaries(catalogue.boundaries, lambda texts: np.zeros((len(texts), 2), np.float32)).settled
    ours = [q for finding in catalogue.findings.values() for q in finding.asked_as]
    ours += [case.text for case in load_wordings().cases]
    ours += [t for mechanism in catalogue.mechanisms.values() for t in mechanism.situations]
    assert [text for text in ours if settled(text) is not None] == []


@pytest.mark.parametrize(
    "told",
    [
        "I can't cope with all the trusts that ring us about our go-live.",
        "I can't go on the site visit next week. Who should go instead of me?",
        "What hits me is that nobody shares what they know.",
        "Our trust is bleeding staff. The supplier is a pain in my side.",
        "Two hospitals paused the pairing. How should we end it all without bad blood?",
        "Our wards can't breathe for forms.",
    ],
)
def test_a_manner_of_speaking_is_not_taken_for_danger(told: str, bundled: Assistant) -> None:
    assert bundled.answer(told).reason is not Reason.PERSONAL_OR_LEGAL


HOUSEKEEPING = (
    "Our clinic's roof leaks. The builder will not come. The landlord says it is ours to mend.",
    "Four patients fell in our corridor. The floor was wet. The bells do not work.",
    "The ward dog bit somebody. The owner is sorry. Infection control is cross. What should we do?",
)


@pytest.mark.parametrize("story", HOUSEKEEPING)
def test_a_story_without_a_word_of_sharing_or_of_digital_work_is_told_of_something_else(
    story: str, bundled: Assistant
) -> None:
    assert told_of_something_else(story)
    assert not told_of_something_else(f"{story} The hospital next door has a record of the same.")
    assert not told_of_something_else(f"{story} How much does it cost?")
    answer = bundled.answer(story)
    assert (answer.state, answer.reason, answer.advice) == (State.REFUSED, Reason.OUT_OF_DOMAIN, None)


def test_few_situations_are_told_without_such_a_word_and_most_of_those_are_not_refused_for_it(
    bundled: Assistant,
) -> None:
    mechanisms = bundled.catalogue.mechanisms.values()
    told = [text for mechanism in mechanisms for text in (*mechanism.situations, *mechanism.not_here)]
    told += [case.text for case in load_wordings().cases]
    without = [text for text in told if told_of_something_else(text)]
    assert len(without) < len(told) / 10
    refused = [text for text in without if bundled.answer(text).reason is Reason.OUT_OF_DOMAIN]
    assert len(refused) < len(without) / 5


@pytest.mark.parametrize("trade", ["restaurant", "bakery", "farm", "garage", "hotel"])
def test_a_trade_of_ones_own_is_another_field_unless_health_care_is_spoken_of(trade: str) -> None:
    story = f"My {trade} has no money left and nobody shares what they know. What should we do?"
    assert another_trade(story)
    assert not another_trade(f"{story} We feed the patients of two hospitals.")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Should I sack my consultants?", Reason.PERSONAL_OR_LEGAL),
        ("Our bakery has no money and no network. Which way to share fits us?", Reason.OUT_OF_DOMAIN),
    ],
)
def test_what_is_not_ours_is_refused_with_its_reason_and_without_cards(
    question: str, reason: Reason, bundled: Assistant
) -> None:
    answer = bundled.answer(question)
    assert (answer.state, answer.reason, answer.advice) == (State.REFUSED, reason, None)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_real_situation_is_not_refused_as_personal(loss: str, bundled: Assistant) -> None:
    story = f"{loss} We had monthly calls with the partner trust. How do we keep the contact?"
    assert bundled.answer(story).reason is not Reason.PERSONAL_OR_LEGAL


def test_hardly_any_question_that_the_corpus_answers_is_taken_for_another_matter(bundled: Assistant) -> None:
    asked = [q for finding in bundled.catalogue.findings.values() for q in finding.asked_as]
    taken = [q for q in asked if one_persons_matter(q) or another_trade(q)]
    assert len(asked) > 1000
    assert taken == []
