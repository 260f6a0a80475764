from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.domain.answers import Reason, State
from assistant.evaluation.cases import DialogueCase, QuestionCase, Said, UnanswerableCase
from assistant.evaluation.domain import main, render, score_domain, stored_trials
from assistant.evaluation.facts import Facts, read_facts
from assistant.evaluation.observed import from_answer, from_json
from assistant.evaluation.trial import Trial, put
from assistant.wire import answer_json
from tests.evaluation.conftest import POLARITY, TEXTS
from tests.evaluation.subjects import WordOverlap, answer, evidence

FACTS = Facts(TEXTS, POLARITY)
VISITS = evidence("visits-f01", TEXTS["visits-f01"])
GROUPS = evidence("groups-f01", TEXTS["groups-f01"])


def values(trials: list[Trial]) -> dict[str, float | None]:
    return {row.measure.strip(): row.found.value for row in score_domain(trials, FACTS)}


def test_citations_are_pooled_over_answers_and_by_answer() -> None:
    one = QuestionCase(id="a", question="q", relevant={"visits-f01": 2})
    two = QuestionCase(id="b", question="q", relevant={"groups-f01": 1})
    trials = [
        Trial(case=one, answer=from_answer(answer("q", cited=[VISITS, GROUPS]))),
        Trial(case=two, answer=from_answer(answer("q", cited=[GROUPS]))),
    ]
    found = values(trials)
    assert found["questions: cited findings relevant (of all cited)"] == pytest.approx(2 / 3)
    assert found["questions: cited findings relevant (mean of answers)"] == pytest.approx(0.75)
    assert found["questions: false refusals"] == 0.0
    assert found["questions: cites a grade 2 finding"] == 1.0


def test_a_refused_question_is_a_false_refusal_and_has_no_citations() -> None:
    case = QuestionCase(id="a", question="q", relevant={"visits-f01": 2})
    refused = from_answer(answer("q", state=State.REFUSED, reason=Reason.NEAR_MISS))
    found = values([Trial(case=case, answer=refused)])
    assert found["questions: false refusals"] == 1.0
    assert found["questions: cited findings relevant (of all cited)"] is None


def test_a_failed_case_is_left_out_with_its_fault_and_shown() -> None:
    case = QuestionCase(id="a", question="q", relevant={"visits-f01": 2})
    text = render(score_domain([Trial(case=case, error="out of paper")], FACTS))
    assert "left out 1: failed: out of paper" in text


def test_unanswerable_questions_are_told_apart_by_kind() -> None:
    case = UnanswerableCase(id="u", question="q", kind="near-miss", related=("visits-f01",))
    trials = [
        Trial(case=case, answer=from_answer(answer("q", cited=[VISITS], reason=Reason.NEAR_MISS))),
        Trial(
            case=UnanswerableCase(id="v", question="q", kind="out-of-domain"),
            answer=from_answer(answer("q", cited=[VISITS])),
        ),
    ]
    found = values(trials)
    assert found["unanswerable: handled"] == 0.5
    assert found["handled, near-miss"] == 1.0
    assert found["handled, out-of-domain"] == 0.0


def test_what_a_dialogue_loses_is_measured_between_floor_and_ceiling() -> None:
    case = DialogueCase(
        id="d",
        turns=(
            Said("user", "visits between hospitals"),
            Said("assistant", "Yes."),
            Said("user", "and after"),
        ),
        standalone="plans made after visits",
        relevant={"visits-f01": 2},
    )
    found = values([put(WordOverlap(TEXTS), case)])
    assert found["dialogues: recall@10, own rewrite"] == 1.0
    assert found["dialogues: recall@10, last turn alone"] == 0.0
    assert found["dialogues: recall@10, rewritten by a person"] == 1.0
    assert found["dialogues: recall@10 lost"] == 0.0


def test_stored_answers_are_scored_like_live_ones(tmp_path: Path) -> None:
    case = QuestionCase(id="a", question="q", relevant={"visits-f01": 2})
    made = answer("q", cited=[VISITS, GROUPS], id="a")
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps(answer_json(made)) + "\n", encoding="utf-8")
    stored = values(list(stored_trials([case], path)))
    live = values([Trial(case=case, answer=from_answer(made))])
    assert stored == live
    assert stored_trials([QuestionCase(id="b", question="q", relevant={})], path)[0].error


def test_an_object_that_is_no_answer_is_named() -> None:
    with pytest.raises(Exception, match="line 3: a field is missing"):
        from_json({"question": "q"}, where="line 3")


def test_the_command_prints_the_table_from_stored_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = tmp_path / "domain"
    bench.mkdir()
    for name in ("unanswerable", "vignettes", "vignette_labels", "dialogues", "dialogue_qrels"):
        (bench / f"{name}.jsonl").write_text("")
    (bench / "questions.jsonl").write_text('{"id": "a", "question": "q", "kind": "why"}\n')
    (bench / "qrels.jsonl").write_text('{"id": "a", "relevant": {"visits-f01": 2}}\n')
    corpus = tmp_path / "corpus" / "studies" / "visits"
    corpus.mkdir(parents=True)
    (corpus / "findings.yaml").write_text(
        f"findings:\n  - id: visits-f01\n    statement: {TEXTS['visits-f01']}\n    polarity: supports\n"
    )
    answers = tmp_path / "answers.jsonl"
    answers.write_text(json.dumps(answer_json(answer("q", cited=[VISITS], id="a"))) + "\n")
    out = tmp_path / "out.jsonl"
    arguments = ["--bench", str(bench), "--corpus", str(tmp_path / "corpus"), "--answers", str(answers)]
    assert main([*arguments, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "questions: cited findings relevant (of all cited)     1.000" in printed
    assert json.loads(out.read_text())["cited"] == [["visits-f01", 2]]
    (bench / "qrels.jsonl").write_text("{")
    assert main(arguments) == 2
    assert "qrels.jsonl line 1" in capsys.readouterr().err
    assert read_facts(tmp_path / "corpus").polarity == {"visits-f01": "supports"}
