from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from assistant.domain.feedback import Rating
from assistant.errors import CorpusError, InputError
from assistant.evaluation.loading import load_as
from assistant.evaluation.records import read_run
from assistant.evaluation.review import make_sheet, preferred, rater_hash, write_sheet
from assistant.evaluation.review_files import read_ratings, write_ratings
from assistant.evaluation.reviewed import disputes, reviewed

SALT = "a salt of sixteen"


def rating(item: str, rater: str, **more: object) -> Rating:
    return Rating(item=item, rater=rater, **more)  # type: ignore[arg-type]


def test_a_sheet_is_shuffled_by_seed_and_names_no_system(run_folder: Path, tmp_path: Path) -> None:
    _, records = read_run(run_folder)
    sheet = make_sheet({"secret-system": records}, seed=3)
    again = make_sheet({"secret-system": records}, seed=3)
    assert sheet == again
    assert make_sheet({"secret-system": records}, seed=4).key != sheet.key
    write_sheet(sheet, tmp_path)
    shown = (tmp_path / "sheet.csv").read_text() + (tmp_path / "sheet.jsonl").read_text()
    assert "secret-system" not in shown
    assert not any(record["id"] in shown for record in records)
    assert {entry["case"] for entry in json.loads((tmp_path / "key.json").read_text()).values()} >= {
        "q1",
        "u1",
    }


def test_side_by_side_the_sides_change_and_the_key_knows(run_folder: Path) -> None:
    _, records = read_run(run_folder)
    seen = set()
    for seed in range(6):
        sheet = make_sheet({"old": records, "new": records}, seed=seed, most=2)
        assert len(sheet.items) == 2
        assert all(len(item.answers) == 2 for item in sheet.items)
        seen |= {tuple(entry["systems"]) for entry in sheet.key.values()}
    assert seen == {("old", "new"), ("new", "old")}


def test_a_filled_in_sheet_is_read_back(run_folder: Path, tmp_path: Path) -> None:
    _, records = read_run(run_folder)
    sheet = make_sheet({"one": records}, seed=1)
    write_sheet(sheet, tmp_path)
    with (tmp_path / "sheet.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows[0] |= {"correct": "4", "grounded": "5", "sentences": "fully, partly", "comment": "good"}
    with (tmp_path / "filled.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    (read,) = read_ratings(
        tmp_path / "filled.csv", rater="Ada", salt=SALT, items=[i.item for i in sheet.items]
    )
    assert read.scales == {"correct": 4, "grounded": 5}
    assert read.sentences == {1: "fully", 2: "partly"}
    write_ratings([read], tmp_path / "out.jsonl")
    assert "Ada" not in (tmp_path / "out.jsonl").read_text()
    assert load_as(Rating, tmp_path / "out.jsonl") == (read,)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("item-001,6,,", "must be 1 to 5, not '6'"),
        ("item-001,,maybe,", "sentence 1: write one of fully, partly, not"),
        ("item-001,,,c", "the choice must be one of a, b"),
        ("item-009,3,,", "no item 'item-009'"),
        ("item-001,3,,\nitem-001,4,,", "rated twice"),
    ],
)
def test_a_mark_outside_the_rubric_is_named_by_line(tmp_path: Path, row: str, sentence: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f"item,correct,sentences,choice\n{row}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=rf"r\.csv line \d: .*{sentence}"):
        read_ratings(path, rater="Ada", salt=SALT, items=["item-001"])


def test_raters_are_hashes_that_need_the_salt() -> None:
    assert rater_hash("Ada  Lovelace", salt=SALT) == rater_hash("ada lovelace", salt=SALT)
    assert rater_hash("Ada", salt=SALT) != rater_hash("Ada", salt=SALT + "x")
    with pytest.raises(InputError, match="16"):
        rater_hash("Ada", salt="short")
    with pytest.raises(InputError, match="needs a rater"):
        rater_hash(" ", salt=SALT)


def test_agreement_has_an_interval_and_raw_agreement_beside_it() -> None:
    marks = [(1, 1), (2, 2), (3, 4), (5, 5), (4, 4), (2, 1)]
    ratings = [
        rating(f"i{n}", rater, scales={"correct": value})
        for n, pair in enumerate(marks)
        for rater, value in zip("xy", pair, strict=True)
    ]
    found = reviewed(ratings)
    alpha, kappa = found.agreement["correct"]
    assert (found.raters, found.items) == (2, 6)
    assert alpha.raw == kappa.raw == pytest.approx(4 / 6)
    assert alpha.low is not None
    # quadratic weights over 5 steps: observed cost 2/16 of 6; expected from the margins
    assert kappa.value == pytest.approx(
        1 - (2 / 6) / (sum((a - b) ** 2 for a, _ in marks for _, b in marks) / 36)
    )
    assert found.means["correct"].value == pytest.approx(34 / 12)


def test_three_raters_have_alpha_alone() -> None:
    ratings = [rating("i1", r, scales={"useful": v}) for r, v in (("x", 1), ("y", 2), ("z", 5))]
    assert len(reviewed(ratings).agreement["useful"]) == 1


def test_the_win_rate_counts_ties_as_half() -> None:
    key = {"i1": {"systems": ["old", "new"]}, "i2": {"systems": ["new", "old"]}}
    ratings = [
        rating("i1", "x", choice="b"),
        rating("i2", "x", choice="a"),
        rating("i1", "y", choice="no difference"),
        rating("i2", "y", choice="b"),
    ]
    assert [preferred(r, key) for r in ratings] == ["new", "new", None, "old"]
    won = reviewed(ratings, key=key).win_rate
    assert won["new"].value == pytest.approx(2.5 / 4)
    assert won["old"].value == pytest.approx(1.5 / 4)


def test_what_raters_see_too_differently_goes_to_a_third() -> None:
    ratings = [
        rating("i1", "x", scales={"correct": 2}, sentences={1: "fully", 2: "partly"}),
        rating("i1", "y", scales={"correct": 4}, sentences={1: "not", 2: "not"}),
        rating("i2", "x", scales={"correct": 3}, choice="a"),
        rating("i2", "y", scales={"correct": 4}, choice="b"),
        rating("i3", "x", scales={"correct": 3}),
        rating("i3", "y", scales={"correct": 4}),
    ]
    found = {d.item: d.reasons for d in disputes(ratings)}
    assert found == {
        "i1": ("correct: from 2 to 4", "sentence 1: fully and not supported"),
        "i2": ("choice: some prefer a, some b",),
    }


def test_the_share_of_supported_sentences_counts_fully_only() -> None:
    ratings = [
        rating("i1", "x", sentences={1: "fully", 2: "partly"}),
        rating("i2", "x", sentences={1: "fully"}),
    ]
    assert reviewed(ratings).supported.value == pytest.approx(2 / 3)
    assert reviewed([rating("i1", "x", scales={"useful": 2})]).supported.value is None
