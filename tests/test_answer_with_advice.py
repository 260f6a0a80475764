"""Cards inside a verified answer: when they are given, what they rest on, and how they are checked again."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from assistant.domain.advice import Verdict
from assistant.domain.answers import Answer, Reason, State, StatementKind
from assistant.domain.conversation import Turn
from assistant.domain.events import AdviceGiven, Finished, StatementVerified
from assistant.domain.framework import Basis, FactorLevel
from assistant.errors import InputError
from assistant.wire import answer_json, answer_markdown

if TYPE_CHECKING:
    from assistant.engine import Assistant

STORY = (
    "I run digital change at a small coastal trust. A national programme paired us with a trust two hours "
    "away on another record system. The money lasts a year and our two analysts have no time to write "
    "anything down. People here are keen, but nobody has worked with them before."
)


@pytest.fixture(scope="module")
def answer(bundled: Assistant) -> Answer:
    return bundled.answer(STORY)


def as_json(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(answer_json(answer)))
    return told


def test_a_situation_told_in_four_sentences_gets_three_cards_in_a_cited_answer(answer: Answer) -> None:
    assert answer.state is not State.REFUSED
    assert answer.advice is not None
    assert answer.advice.advice.verdict is Verdict.RECOMMENDED
    assert answer.advice.advice.shown == 3
    assert answer.advice.situation == STORY
    assert any(s.citations for s in answer.statements)
    assert not any(s.kind is StatementKind.ADVICE for s in answer.statements)


def test_every_citation_on_a_card_is_stored_word_for_word(answer: Answer, bundled: Assistant) -> None:
    assert answer.advice is not None
    assert answer.advice.citations
    for citation in answer.advice.citations.values():
        passage = bundled.library.passage(citation.passage_id)
        assert passage is not None
        text = bundled.library.document_text(passage.document_id)
        assert text is not None
        assert text[citation.start : citation.end] == citation.quote


def test_one_number_never_stands_for_two_passages(answer: Answer) -> None:
    assert answer.advice is not None
    cited = [c for s in answer.statements for c in s.citations] + list(answer.advice.citations.values())
    numbers = {citation.marker: citation.passage_id for citation in cited}
    assert all(numbers[citation.marker] == citation.passage_id for citation in cited)
    assert len(set(numbers.values())) == len(numbers)


def test_every_card_carries_its_conditions_and_only_evidence_is_cited(answer: Answer) -> None:
    assert answer.advice is not None
    for card in answer.advice.advice.cards[: answer.advice.advice.shown]:
        matches = (*card.met, *card.unmet, *card.against, *card.cleared, *card.unknown)
        assert any(match.favours for match in matches)
        assert any(not match.favours for match in matches)
        assert card.indicators.leading
        assert card.indicators.lagging
        assert all(not match.findings for match in matches if match.basis is Basis.SYNTHESIS)
        assert all(answer.advice.cited(match.findings) for match in matches if match.basis is Basis.EVIDENCE)


def test_the_receipt_covers_the_cards_and_finds_any_change(answer: Answer, bundled: Assistant) -> None:
    told = as_json(answer)
    assert bundled.verify(told["receipt"], answer=told).holds
    card = ("advice", "recommendations", 0)
    for path, value in (
        ((*card, "name"), "Another mechanism"),
        ((*card, "first_steps"), ["Do something else"]),
        ((*card, "citations", 0, "quote"), "Words nobody stored."),
        ((*card, "citations", 0, "passage_id"), "no-such-f01:0-9"),
        (("advice", "conditions"), {}),
        (("advice", "verdict"), "none_warranted"),
    ):
        for inside in (True, False):
            changed = deepcopy(told)
            home: Any = changed["receipt"] if inside else changed
            for step in path[:-1]:
                home = home[step]
            home[path[-1]] = value
            assert not bundled.verify(changed["receipt"], answer=changed).holds, (path, inside)


def test_the_same_is_handed_out_as_it_is_verified(answer: Answer, bundled: Assistant) -> None:
    events = list(bundled.ask(STORY))
    given, last = events[-2:]
    assert isinstance(given, AdviceGiven)
    assert isinstance(last, Finished)
    assert given.advice == last.answer.advice
    statements = [event.statement for event in events if isinstance(event, StatementVerified)]
    assert tuple(statements) == last.answer.statements == answer.statements


def test_the_saved_page_holds_the_cards(answer: Answer) -> None:
    saved = answer_markdown(answer, {})
    assert answer.advice is not None
    for card in answer.advice.advice.cards[:3]:
        assert f"### {card.rank}\\. " in saved
    assert "## Advice" in saved
    assert "our synthesis" in saved
    assert "### In this order" in saved


@pytest.mark.parametrize(
    "question",
    [
        "Do peer review visits improve anything?",
        "What is the evidence on communities of practice?",
        "We run a community of practice. What do the studies say about keeping one alive?",
        "How many studies say that site visits help?",
    ],
)
def test_a_question_for_evidence_gets_no_cards(bundled: Assistant, question: str) -> None:
    answer = bundled.answer(question)
    assert answer.state is not State.REFUSED
    assert answer.advice is None
    assert as_json(answer)["advice"] is None


@pytest.mark.parametrize(
    "question",
    [
        "My mother fell in the garden. Her arm is swollen and the surgery is shut. What should we do?",
        "Our kitchen tap drips all night. The plumber never rings back. What should we do?",
        "I have been off sick since the go-live. My manager wants me back on Monday. What should I do?",
        "Our lawyer is away and a family wants to sue us after the go-live. What should we do?",
    ],
)
def test_what_is_personal_or_from_another_field_is_refused_without_cards(
    bundled: Assistant, question: str
) -> None:
    answer = bundled.answer(question)
    assert answer.state is State.REFUSED
    assert answer.reason in (Reason.PERSONAL_OR_LEGAL, Reason.OUT_OF_DOMAIN, Reason.NEAR_MISS)
    assert answer.advice is None


def test_not_enough_known_is_an_answer_that_asks(bundled: Assistant) -> None:
    answer = bundled.answer("Which mechanism fits us?")
    if answer.advice is None:
        assert answer.state is State.REFUSED
        return
    assert answer.advice.advice.verdict in (Verdict.NOT_ENOUGH_KNOWN, Verdict.RECOMMENDED)
    assert answer.advice.advice.questions


def test_the_situation_is_what_was_said_over_the_turns(bundled: Assistant) -> None:
    first, second = STORY.split(" The money ")
    turns = (Turn("user", first), Turn("assistant", "Mentoring helped high performers."))
    answer = bundled.answer(f"The money {second} What should we do?", turns=turns)
    assert answer.advice is not None
    assert answer.advice.situation == f"{STORY} What should we do?"
    assert answer.advice.advice.profile.state("proximity") is FactorLevel.LOW


def test_what_was_put_right_outranks_the_words_and_reaches_the_cards(bundled: Assistant) -> None:
    before = bundled.recommend(STORY)
    assert before.advice.profile.state("proximity") is FactorLevel.LOW
    corrections = {"proximity": FactorLevel.HIGH, "intrinsic-motivation": None}
    after = bundled.recommend(STORY, corrections=corrections)
    assert after.advice.profile.state("proximity") is FactorLevel.HIGH
    assert after.advice.profile.state("intrinsic-motivation") is None
    [*_, last] = bundled.ask(STORY, corrections=corrections)
    assert isinstance(last, Finished)
    assert last.answer.advice is not None
    assert last.answer.advice.advice == after.advice
    assert bundled.verify(after.receipt.body).holds


def test_a_correction_of_what_does_not_exist_is_refused_by_name(bundled: Assistant) -> None:
    with pytest.raises(InputError, match="weather"):
        bundled.recommend(STORY, corrections={"weather": FactorLevel.HIGH})
