from pathlib import Path

import pytest

from tests.acceptance.bench import Row
from tests.acceptance.prose import passages, questions, write_records


def test_a_row_says_whether_its_target_was_kept() -> None:
    assert Row("ask", "ms", 59.0, most=60).met
    assert not Row("ask", "ms", 61.0, most=60).met
    assert not Row("ratio", "x", 0.89, least=0.9).met
    assert Row("search", "ms", 500.0, 5.0).met


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (Row("ask", "ms", 61.0, most=60), "| ask (ms) | 61 |  |  | at most 60 | **missed** |"),
        (Row("search", "ms", 5.0, 10.0), "| search (ms) | 5.00 | 10 | 0.50 |  |  |"),
        (Row("ratio", "x", 0.95, least=0.9), "| ratio (x) | 0.95 |  |  | at least 0.9 | met |"),
    ],
)
def test_a_row_reads_as_markdown(row: Row, line: str) -> None:
    assert row.line() == line


def test_invented_prose_is_the_same_every_time_and_never_repeats_itself() -> None:
    texts = list(passages(500, seed=1))
    assert texts == list(passages(500, seed=1))
    assert len(set(texts)) == 500
    assert not set(texts) & set(passages(500, seed=2))
    assert questions(5, seed=1) == questions(5, seed=1)


def test_records_are_one_json_object_a_line(tmp_path: Path) -> None:
    write_records(tmp_path / "r.jsonl", iter(["One.", "Two."]))
    assert (tmp_path / "r.jsonl").read_text().splitlines() == [
        '{"id": "r0", "text": "One."}',
        '{"id": "r1", "text": "Two."}',
    ]
