from __future__ import annotations

import json
from pathlib import Path

import ir_measures
import pytest
import yaml
from ir_measures import R

from assistant.cli import run as command_line
from assistant.errors import InputError
from assistant.evaluation.export import FORMS, export, trec_qrels, trec_run
from assistant.evaluation.records import read_run


def test_every_form_is_written(tmp_path: Path, run_folder: Path) -> None:
    for form in FORMS:
        for path in export(run_folder, form, tmp_path / form):
            assert path.stat().st_size > 0


def test_the_command_writes_a_run_in_several_forms_and_a_baseline_that_compares(
    tmp_path: Path, run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    line = ["export", str(run_folder), "--form", "trec", "--form", "baseline", "--out", str(out)]
    assert command_line(line) == 0
    written = capsys.readouterr().out.splitlines()
    assert [Path(path).name for path in written] == ["run.trec", "qrels.trec", "small.json"]
    assert command_line(["compare", str(out / "small.json"), str(run_folder)]) == 0
    assert command_line(["export", str(run_folder), "--form", "raga", "--out", str(tmp_path / "none")]) == 2
    assert "Known: ragas" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_ragas_and_deepeval_rows_hold_answer_evidence_and_labels(tmp_path: Path, run_folder: Path) -> None:
    (path,) = export(run_folder, "ragas", tmp_path)
    rows = {row["user_input"]: row for row in map(json.loads, path.read_text().splitlines())}
    found = rows["were visits supportive"]
    assert found["response"].startswith("Visits between hospitals were supportive.")
    assert found["retrieved_contexts"][0] == "Visits between hospitals were supportive."
    assert found["reference_context_ids"] == ["visits-f01", "visits-f02"]
    (path,) = export(run_folder, "deepeval", tmp_path)
    names = [json.loads(line)["name"] for line in path.read_text().splitlines()]
    assert "q1" in names
    assert "v1" not in names


def test_inspect_samples_carry_the_earlier_turns(tmp_path: Path, run_folder: Path) -> None:
    (path,) = export(run_folder, "inspect_ai", tmp_path)
    samples = {row["id"]: row for row in map(json.loads, path.read_text().splitlines())}
    assert [m["role"] for m in samples["d1"]["input"]] == ["user", "assistant", "user"]
    assert samples["q1"]["input"] == "were visits supportive"


def test_promptfoo_scores_stored_outputs_and_asks_nothing_again(tmp_path: Path, run_folder: Path) -> None:
    (path,) = export(run_folder, "promptfoo", tmp_path)
    config = yaml.safe_load(path.read_text())
    test = next(t for t in config["tests"] if t["description"] == "u1")
    assert json.loads(test["providerOutput"])["scores"]["unanswerable_handled"] == 1.0
    assert {a["type"] for a in test["assert"]} == {"is-json", "javascript"}


def test_trec_files_give_the_same_numbers_in_another_program(tmp_path: Path, run_folder: Path) -> None:
    run, qrels = export(run_folder, "trec", tmp_path)
    theirs = ir_measures.calc_aggregate(
        [R @ 10], list(ir_measures.read_trec_qrels(str(qrels))), list(ir_measures.read_trec_run(str(run)))
    )
    _, records = read_run(run_folder)
    ours = [
        r["scores"]["recall@10"] for r in records if r["labels"].get("relevant") and r["hits"] is not None
    ]
    assert theirs[R @ 10] * _judged(records) == pytest.approx(sum(ours))


def _judged(records: tuple[dict[str, object], ...]) -> int:
    return sum(bool(r["labels"].get("relevant")) for r in records)  # type: ignore[attr-defined]


def test_a_trec_run_lists_each_id_once_with_scores_that_fall() -> None:
    hits = [{"id": "a b"}, {"id": "c"}, {"id": "a b"}]
    record = {"id": "q", "hits": hits, "labels": {"relevant": {"c": 2}}}
    assert list(trec_run([record], tag="my run")) == ["q Q0 a_b 1 2 my_run", "q Q0 c 2 1 my_run"]
    assert list(trec_qrels([record])) == ["q 0 c 2"]


def test_an_unknown_form_is_bad_input(tmp_path: Path, run_folder: Path) -> None:
    with pytest.raises(InputError, match="ragas"):
        export(run_folder, "powerpoint", tmp_path)
