"""Asking for advice, telling a situation and asking for evidence are told apart by the words alone."""

from __future__ import annotations

import pytest

from assistant.domain.conversation import Question, Turn
from assistant.retrieval.advice_asked import situation_of, told_in, wants_advice

ADVICE = (
    "What should we do?",
    "We are two small hospitals on the same record system. What should we do?",
    "Which mechanism fits a hospital whose experts are all leaving?",
    "Which way of sharing suits us best?",
    "What would you recommend for a team of three?",
    "Where do we start?",
    "Our meetings are full and nothing changes at home. What now?",
    "Any advice for a network that has lost its chair?",
    "Can you help us choose between a visit and a webinar?",
    "Please advise.",
    "Should we set up a community of practice?",
    "Should I send two nurses to the other hospital for a month?",
    "Is a collaborative right for us?",
    "Would mentoring work for us?",
    "We have been told to partner with a rival. Is this worth our time?",
    "They are ahead of us by three years. How can we learn from them?",
    "We have no time to write, so how do we pass on what we know?",
    "I need a way to get our analysts talking to theirs.",
    "We run the same system as four neighbours. Nobody has ever met. The supplier keeps us apart. We want to "
    "change that before the summer.",
    "Our two experts retire in spring. Nothing they know is written down and nobody shadows them.",
    "The board wants a site visit. Good idea or not?",
    "What are our options if the money ends in March? We have one coordinator left.",
    "What I'd love is one voice for us all! Twenty trusts run this system. Each of us complains alone.",
    "You know the pharmacists from the fourteen trusts? They meet four times a year. They swap hints and "
    "tales like old friends. Nobody writes it down, and they would like to go deeper.",
    "Three trusts share most of their patients. The boards have met for two years and all our records are at "
    "the end of their life. What is the most ambitious option?",
    "The analyst is keen and her post is safe, and the trust across the river has run the thing for years "
    "and would have her for half of next year, and both lots of managers have met twice and get along",
    "They have had a year of it on our system. They would like our waiting-list trick in return. I would "
    "send two clerks for a day. Sound all right?",
)
EVIDENCE = (
    "Do peer review visits improve anything?",
    "What is the evidence on communities of practice?",
    "What do the studies say about webinars?",
    "What gets in the way of blueprints?",
    "Why do networks fade?",
    "How many studies say that site visits help?",
    "Who disagrees about peer review?",
    "What is the difference between a community of practice and a collaborative?",
    "We run a community of practice. What does the research say about keeping one alive?",
    "We are about to pair up with a rival. Has anyone studied that?",
    "What should a blueprint contain so that people use it?",
    "Is there evidence that mentoring helps leaders?",
    "What happened where sharing was made compulsory?",
    "I came back from a visit full of ideas and nothing happened. Why?",
    "My two best people hold all our contacts. What is the risk?",
    "how good is the evidence on mentoring",
    "What does it mean to be an exemplar?",
    "Does distance matter?",
    "At what point is a network mature?",
    "The other team came to us and we went to them. It was a great day and we wrote a lovely list. Eight "
    "months on, nothing has moved at all. Is that normal?",
    "We all went on the national course. We came home full of ideas and ran straight into a wall at work. "
    "Does everyone find this?",
    "",
)
STORY = "We are a small rural hospital. Our partner is two hours away and on another system."


def asked(text: str, *before: str) -> Question:
    turns = tuple(turn for said in before for turn in (Turn("user", said), Turn("assistant", "An answer.")))
    return Question(text, text, turns)


@pytest.mark.parametrize("text", ADVICE)
def test_asking_what_to_do_is_asking_for_advice(text: str) -> None:
    assert wants_advice(asked(text))


@pytest.mark.parametrize("text", EVIDENCE)
def test_asking_what_is_known_is_not(text: str) -> None:
    assert not wants_advice(asked(text))


@pytest.mark.parametrize("text", EVIDENCE)
def test_a_question_for_evidence_stays_one_after_a_situation_was_told(text: str) -> None:
    assert not wants_advice(asked(text, STORY))


def test_how_to_is_advice_only_where_a_situation_was_told() -> None:
    assert not wants_advice(asked("How can hospitals share what they learnt?"))
    assert not wants_advice(asked("How can we share what we learnt?"))
    assert wants_advice(asked("How can we share what we learnt?", STORY))


def test_what_is_added_after_a_request_for_advice_asks_for_it_again() -> None:
    more = "The money ends in March."
    assert not wants_advice(asked(more))
    assert wants_advice(asked(more, f"{STORY} What should we do?"))


def test_the_situation_is_what_was_told_over_all_turns_and_not_what_was_asked() -> None:
    question = asked(
        "What should we do?", STORY, "Do site visits work?", "We have no money, so what can we do?"
    )
    assert situation_of(question) == f"{STORY} We have no money, so what can we do? What should we do?"


def test_what_the_assistant_said_is_no_part_of_the_situation() -> None:
    assert "An answer." not in situation_of(asked("What now?", STORY))


def test_the_part_of_a_question_that_tells_is_kept_and_a_bare_question_is_not() -> None:
    assert told_in("we have no time, so how do we pass on what we know?") == ["we have no time"]
    assert told_in("how do we pass on what we know?") == []
