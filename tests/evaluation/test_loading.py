from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.evaluation.cases import QuestionCase, VignetteCase
from assistant.evaluation.loading import load_as, load_cases, read_records, refuse_unknown_ids


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_json_lines_yaml_and_gzip_give_the_same_records(tmp_path: Path) -> None:
    line = '{"id": "q1", "question": "Why?", "relevant": {"a-f01": 2}}\n'
    plain = write(tmp_path / "a.jsonl", line)
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(line.encode()))
    listed = write(tmp_path / "a.yaml", '- id: q1\n  question: "Why?"\n  relevant: {a-f01: 2}\n')
    made = [load_as(QuestionCase, path) for path in (plain, packed, listed)]
    assert made[0] == made[1] == made[2]
    assert made[0][0].relevant == {"a-f01": 2}


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ('{"id": "a", "question": "q", "relevant": {}}\n{"id"', 2, "this is not JSON"),
        ("\n[1]\n", 2, "one JSON object"),
        ('{"id": "a", "question": "q"}\n', 1, "the field 'relevant' is missing"),
        ('{"id": "a", "question": "q", "relevent": {}}\n', 1, "field"),
        ('{"id": "a", "question": "q", "relevant": {"f": 9}}\n', 1, "the field 'relevant.f' is wrong"),
        (
            '{"id": "a", "question": "q", "relevant": {}}\n{"id": "a", "question": "r", "relevant": {}}\n',
            2,
            "already",
        ),
    ],
)
def test_a_broken_line_is_named_with_its_file_and_number(
    tmp_path: Path, text: str, line: int, sentence: str
) -> None:
    path = write(tmp_path / "questions" / "mine.jsonl", text)
    with pytest.raises(CorpusError, match=f"mine.jsonl line {line}: .*{sentence}"):
        load_as(QuestionCase, path)


def test_a_misspelt_field_offers_the_nearest(tmp_path: Path) -> None:
    path = write(
        tmp_path / "v.yaml", "- id: v1\n  situation: s\n\n- id: v2\n  situation: s\n  acceptible: [x]\n"
    )
    with pytest.raises(CorpusError, match=r"v\.yaml line 4: .*Did you mean 'acceptable'\?"):
        load_as(VignetteCase, path)


def test_the_folder_says_what_kind_of_case_a_file_holds(tmp_path: Path) -> None:
    path = write(tmp_path / "sundries" / "a.yaml", "- id: a\n")
    with pytest.raises(CorpusError, match="one of the folders questions"):
        load_cases([path])


def test_an_id_used_in_two_files_is_refused(tmp_path: Path) -> None:
    text = "- id: a\n  question: q\n  relevant: {}\n"
    files = [write(tmp_path / "questions" / name, text) for name in ("a.yaml", "b.yaml")]
    with pytest.raises(CorpusError, match=r"b\.yaml: the id 'a' is already used in a\.yaml"):
        load_cases(files)


def test_a_label_that_points_nowhere_offers_the_nearest_finding(tmp_path: Path) -> None:
    case = QuestionCase(id="q", question="q", relevant={"wells-2018-f1": 2})
    with pytest.raises(CorpusError, match="Did you mean 'wells-2018-f01'"):
        refuse_unknown_ids([case], ["wells-2018-f01", "wells-2018-f02"], path=tmp_path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="missing"):
        list(read_records(tmp_path / "none.jsonl"))
