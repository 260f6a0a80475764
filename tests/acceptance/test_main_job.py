"""The main job, on the whole bundled corpus: a practitioner asks whether a pairing is worth the time."""

from __future__ import annotations

import json

import pytest

from assistant.domain.answers import Answer, State, StatementKind
from assistant.domain.framework import Basis
from assistant.engine import Assistant
from assistant.wire import answer_json
from tests.libraries import PAIRING


@pytest.fixture(scope="module")
def answer(bundled: Assistant) -> Answer:
    return bundled.answer(PAIRING)


def test_the_answer_is_grounded_and_cites_the_study_on_pairing(answer: Answer) -> None:
    assert (answer.state, answer.reason) == (State.GROUNDED, None)
    assert "hinder-2021" in {c.study_id for s in answer.statements for c in s.citations}


def test_two_sentences_lead_and_weigh_one_side_against_the_other(answer: Answer) -> None:
    first, second = answer.statements[:2]
    assert answer.lead == f"{first.text} {second.text}"
    assert {first.text.split(":")[0], second.text.split(":")[0]} == {"In favour", "Against"}


def test_everything_reported_or_inferred_is_cited_and_printed_from_the_store(
    answer: Answer, bundled: Assistant
) -> None:
    for statement in answer.statements:
        cited = statement.kind in (StatementKind.REPORTED, StatementKind.INFERENCE)
        assert bool(statement.citations) is cited
        for citation in statement.citations:
            stored = bundled.library.document_text(citation.passage_id.rsplit(":", 1)[0])
            assert stored is not None
            assert citation.quote == stored[citation.start : citation.end]
            assert citation.quote.rstrip(".") in statement.text


def test_advice_is_labelled_as_advice_and_cites_nothing(answer: Answer) -> None:
    assert answer.advice is not None
    advice = [s for s in answer.statements if s.kind is StatementKind.ADVICE]
    assert all(s.citations == () for s in advice)
    shown = answer.advice.advice.cards[: answer.advice.advice.shown]
    assert all(card.first_steps and card.indicators.leading for card in shown)
    matches = [match for card in shown for match in (*card.met, *card.against)]
    assert not [match for match in matches if match.basis is Basis.SYNTHESIS and match.findings]


def test_findings_on_like_matters_stand_among_the_evidence(answer: Answer) -> None:
    assert sum(e.passage.domain == "knowledge-sharing" for e in answer.evidence) == len(answer.evidence)
    assert not [e for e in answer.evidence if e.passage.constructed]
    assert answer.cited <= {e.passage.id for e in answer.evidence}


def test_its_receipt_verifies_with_the_answer_as_it_was_saved(answer: Answer, bundled: Assistant) -> None:
    saved = json.loads(json.dumps(answer_json(answer)))
    check = bundled.verify(saved["receipt"], answer=saved)
    assert (check.faults, check.notes) == ((), ())
    assert answer.advice is not None
    advised = {citation.passage_id for citation in answer.advice.citations.values()}
    assert check.passages_checked == len({e.passage.id for e in answer.evidence} | advised)
    saved["receipt"]["passages"][0]["sha256"] = "0" * 64
    assert not bundled.verify(saved["receipt"], answer=saved).holds
