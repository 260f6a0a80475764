"""The command that prints our rows beside the published ones, end to end on a tiny set."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assistant.assembly import build
from assistant.cli import run


def test_the_command_reads_a_set_in_measures_it_and_keeps_it(
    tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = tmp_path / "sets" / "scifact"
    sets.mkdir(parents=True)
    documents = [
        {"id": 7, "title": "Salt", "sentences": ["Salt raises blood pressure."]},
        {"id": 8, "title": "Tea", "sentences": ["Green tea is a hot drink."]},
    ]
    (sets / "corpus.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, documents)).encode()))
    claim = {"id": 1, "claim": "salt raises pressure", "cited_doc_ids": [7], "verdict": "support"}
    other = {**claim, "id": 2, "claim": "tea is cold", "cited_doc_ids": [8], "verdict": "contradict"}
    (sets / "claims.jsonl").write_text("\n".join(map(json.dumps, (claim, other))), encoding="utf-8")
    work = tmp_path / "work"
    line = ["--data-dir", str(data_dir), "benches", str(tmp_path / "sets"), "--work", str(work)]
    assert run([*line, "--only", "scifact", "--only", "cast"], build=build) == 0
    told = capsys.readouterr()
    assert "| scifact | nDCG@10 | 1.000" in told.out
    assert "cast: skipped, the set is not in sets/" in told.out
    assert "scifact: " in told.err
    assert len(list(work.glob("records-*/data"))) == 1
    assert run([*line, "--only", "scifact", "--json"], build=build) == 0
    first = capsys.readouterr().out
    found = {row["measure"]: row["value"] for row in json.loads(first)["rows"]}
    assert found["nDCG@10"] == 1.0
    assert run([*line, "--only", "scifact", "--json"], build=build) == 0
    assert capsys.readouterr().out == first


def test_an_unknown_set_is_named_with_the_nearest_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["--data-dir", str(tmp_path), "benches", str(tmp_path), "--only", "scifacts"]
    assert run(line, build=build) == 2
    assert "scifact" in capsys.readouterr().err
