from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.answers import _SEAL, Answer
from assistant.domain.conversation import Turn
from assistant.errors import CorpusError, InputError, SettingsError
from assistant.evaluation.facts import Facts
from assistant.evaluation.metrics.judgements import Context
from assistant.evaluation.records import RECORDS, SUMMARY, read_run
from assistant.evaluation.run import Ground, evaluate, write_run
from assistant.evaluation.suites import load_suite, suite_cases
from tests.evaluation.conftest import SUITE, TEXTS
from tests.evaluation.subjects import WordOverlap


class Fragile(WordOverlap):
    """Breaks on one question."""

    def answer(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Answer:
        if id == "q2":
            raise RuntimeError("out of paper")
        return super().answer(question, turns=turns, id=id)


def test_a_run_asks_every_case_and_records_it(tmp_path: Path, evals: Path, facts: Facts) -> None:
    seen: list[tuple[int, int, str]] = []
    suite = load_suite(tmp_path / "small.yaml")
    run = evaluate(
        suite,
        WordOverlap(TEXTS),
        evals=evals,
        context=Context(facts=facts),
        progress=lambda done, total, case: seen.append((done, total, case)),
    )
    assert [r["id"] for r in run.records] == ["d1", "p1", "q1", "q2", "q3", "u1", "u2", "v1"]
    assert seen[-1] == (8, 8, "v1")
    first = next(r for r in run.records if r["id"] == "q1")
    assert first["hits"][0]["id"] == "visits-f01"
    assert first["scores"]["recall@10"] == 1.0
    assert first["answer"]["state"] == "grounded"
    assert first["answer"]["statements"][0]["citations"][0]["quote"] == TEXTS["visits-f01"]


def test_the_numbers_of_a_run_are_those_worked_out_by_hand(run_folder: Path) -> None:
    summary, _ = read_run(run_folder)
    metrics = summary["metrics"]
    # q3 finds nothing and is refused; q1 and q2 are answered
    assert metrics["false_refusal"]["value"] == pytest.approx(1 / 4)
    assert metrics["false_refusal"]["n"] == 4
    # u1 is refused; u2 shares the word `hospitals` and is answered as if it could be
    assert metrics["unanswerable_handled"]["value"] == 0.5
    assert summary["abstention"]["cells"] == {
        "answered_answerable": 2,
        "declined_answerable": 1,
        "answered_unanswerable": 1,
        "declined_unanswerable": 1,
    }
    assert metrics["citation_validity"]["value"] == 1.0


def test_what_does_not_apply_is_counted_with_its_reason_and_never_zero(run_folder: Path) -> None:
    summary, _ = read_run(run_folder)
    advice = summary["metrics"]["mechanism_top_1"]
    assert advice["value"] is None
    assert advice["not_applicable"] == {"the assistant does not recommend mechanisms": 1}
    assert summary["metrics"]["one_sided"]["not_applicable"]["refused"] == 1


def test_two_runs_leave_the_same_bytes(tmp_path: Path, evals: Path, facts: Facts, run_folder: Path) -> None:
    again = tmp_path / "again"
    suite = load_suite(tmp_path / "small.yaml")
    write_run(evaluate(suite, WordOverlap(TEXTS), evals=evals, context=Context(facts=facts)), again)
    for name in (RECORDS, SUMMARY):
        assert (again / name).read_bytes() == (run_folder / name).read_bytes()


def test_one_broken_case_does_not_stop_a_run_and_breaks_a_gate(
    tmp_path: Path, evals: Path, facts: Facts
) -> None:
    suite = load_suite(tmp_path / "small.yaml")
    run = evaluate(suite, Fragile(TEXTS), evals=evals, context=Context(facts=facts))
    assert run.summary["failed"] == ["q2"]
    broken = next(r for r in run.records if r["id"] == "q2")
    assert broken["error"] == "RuntimeError: out of paper"
    assert broken["scores"] == {}
    assert run.failed_gates[0]["metric"] == "failed cases"


def test_a_gate_on_a_number_that_does_not_apply_is_broken(tmp_path: Path, evals: Path) -> None:
    path = tmp_path / "strict.yaml"
    path.write_text(
        SUITE.replace("citation_validity, at_least", "mechanism_top_1, at_least"), encoding="utf-8"
    )
    run = evaluate(load_suite(path), WordOverlap(TEXTS), evals=evals)
    assert [gate["metric"] for gate in run.failed_gates] == ["mechanism_top_1"]


def test_anything_that_may_change_a_number_changes_the_fingerprint(tmp_path: Path, evals: Path) -> None:
    suite = load_suite(tmp_path / "small.yaml")

    def mark(ground: Ground) -> str:
        run = evaluate(
            replace(suite, cases=("vignettes/*.yaml",)), WordOverlap(TEXTS), evals=evals, ground=ground
        )
        return str(run.summary["run"]["fingerprint"])

    marks = {
        mark(Ground()),
        mark(Ground(corpus_hash="abc")),
        mark(Ground(seed=7)),
        mark(Ground(config={"weight": 0.5})),
    }
    assert len(marks) == 4
    assert mark(Ground()) in marks


def test_an_answer_that_changes_when_asked_again_is_noticed(tmp_path: Path, evals: Path) -> None:
    class Fickle(WordOverlap):
        def answer(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Answer:
            made = super().answer(question, turns=turns, id=id)
            return replace(made, gaps=(f"asked {len(self.asked)} times",), seal=_SEAL)

    suite = replace(load_suite(tmp_path / "small.yaml"), repeat=2)
    run = evaluate(suite, Fickle(TEXTS), evals=evals)
    assert {r["same_again"] for r in run.records if r["kind"] == "questions"} == {False}
    steady = evaluate(suite, WordOverlap(TEXTS), evals=evals)
    assert {r["same_again"] for r in steady.records if r["kind"] == "questions"} == {True}


def test_labels_are_checked_against_the_findings_before_anything_is_asked(
    tmp_path: Path, evals: Path
) -> None:
    subject = WordOverlap(TEXTS)
    with pytest.raises(CorpusError, match="points to no finding"):
        evaluate(
            load_suite(tmp_path / "small.yaml"),
            subject,
            evals=evals,
            context=Context(facts=Facts({"visits-f01": "x"}, {})),
        )
    assert subject.asked == []


@pytest.mark.parametrize(
    ("before", "after", "error", "sentence"),
    [
        ("primary: ndcg@10", "primary: ndgc@10", SettingsError, "Did you mean 'ndcg@10'"),
        ("primary: ndcg@10", "primary: mrr@10", CorpusError, "not in the list of metrics"),
        ("fewest_cases: 3", "fewest: 3", CorpusError, "no field 'fewest'"),
        ('cases: ["*/*.yaml"]', 'cases: ["nowhere/*.yaml"]', CorpusError, "finds no file"),
    ],
)
def test_a_broken_suite_is_refused(  # type: ignore[no-untyped-def]
    tmp_path: Path, evals: Path, before: str, after: str, error, sentence: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(SUITE.replace(before, after), encoding="utf-8")
    with pytest.raises(error, match=sentence):
        suite_cases(load_suite(path), evals)


def test_an_unknown_suite_names_those_there_are(tmp_path: Path, evals: Path) -> None:
    with pytest.raises(InputError, match="small"):
        load_suite(tmp_path / "none.yaml")


def test_times_are_kept_apart_from_what_must_repeat(run_folder: Path) -> None:
    assert "whole_case" in json.loads((run_folder / "timings.jsonl").read_text().splitlines()[0])
    assert "whole_case" not in (run_folder / RECORDS).read_text()
