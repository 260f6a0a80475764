from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.feedback import Feedback, KeptRating, Rating
from assistant.errors import CorpusError, InputError
from assistant.evaluation.records import read_run
from assistant.evaluation.review import make_sheet, rater_hash, scales_for, write_sheet
from assistant.evaluation.review_agreement import FEWEST, agreement_rows
from assistant.evaluation.review_files import (
    pasted_ratings,
    ratings_jsonl,
    read_ratings,
    read_sheet,
    write_ratings,
)
from assistant.evaluation.review_queue import FROM_CHAT, ReviewDesk, checked_name
from assistant.evaluation.reviewed import final, reviewed
from tests.web.opinions import KeptRatings

SALT = "a salt of sixteen"
ADA, BEN, EVE = sorted(rater_hash(name, salt=SALT) for name in ("Ada", "Ben", "Eve"))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def turn(question: str, seal: str, *, standalone: str = "") -> dict[str, Any]:
    cited = {"text": "Visits helped.", "kind": "reported", "citations": [{"quote": "Visits were helpful."}]}
    return {
        "question": question,
        "standalone": standalone or question,
        "because": "",
        "lead": "Visits helped.",
        "statements": [cited],
        "gaps": ["No costs are given."],
        "seal": seal,
    }


def said(name: str, about: dict[str, Any], *, helpful: bool = False) -> Feedback:
    return Feedback(id=name, made_at=NOON, by="0123456789ab", helpful=helpful, reason="wrong", turn=about)


@pytest.fixture
def kept() -> KeptRatings:
    return KeptRatings()


@pytest.fixture
def folder(run_folder: Path, tmp_path: Path) -> Path:
    _, records = read_run(run_folder)
    write_sheet(make_sheet({"secret-system": records}, seed=3), tmp_path / "review/may-run")
    write_sheet(make_sheet({"old": records, "new": records}, seed=3, most=2), tmp_path / "review/two-runs")
    return tmp_path / "review"


@pytest.fixture
def desk(folder: Path, kept: KeptRatings) -> ReviewDesk:
    return ReviewDesk(folder=folder, ratings=kept)


def marked(item: str, rater: str, value: int, **more: Any) -> Rating:
    return Rating(item=item, rater=rater, scales={"correct": value}, **more)


def test_a_sheet_is_read_back_as_it_was_written(folder: Path, run_folder: Path) -> None:
    _, records = read_run(run_folder)
    assert read_sheet(folder / "may-run") == make_sheet({"secret-system": records}, seed=3)


def test_a_broken_sheet_is_named_with_its_line(folder: Path) -> None:
    sheet = folder / "may-run/sheet.jsonl"
    sheet.write_text('{"item": "item-001"}\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"sheet\.jsonl line 1"):
        read_sheet(folder / "may-run")


def test_queues_are_the_folders_with_a_sheet(desk: ReviewDesk, folder: Path) -> None:
    (folder / "no-sheet").mkdir()
    assert list(desk.names()) == ["may-run", "two-runs"]
    assert desk.queue("two-runs").pair
    assert not desk.queue("may-run").pair
    with pytest.raises(InputError):
        desk.queue("../may-run")


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 81, FROM_CHAT])
def test_a_name_that_could_leave_the_folder_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        checked_name(name)


def test_each_rater_goes_through_the_whole_queue_alone(desk: ReviewDesk) -> None:
    items = [item.item for item in desk.queue("may-run").sheet.items]
    for item in items:
        task = desk.task("may-run", ADA)
        assert task.item is not None
        assert task.item.item == item
        desk.rate("may-run", marked(item, ADA, 4))
    done = desk.task("may-run", ADA)
    assert (done.item, done.done, done.total) == (None, len(items), len(items))
    other = desk.task("may-run", BEN)
    assert (other.place, other.done) == (1, 0)


def test_what_is_put_off_comes_last(desk: ReviewDesk) -> None:
    items = [item.item for item in desk.queue("may-run").sheet.items]
    task = desk.task("may-run", ADA, later=[items[0], items[1]])
    assert task.item is not None
    assert task.item.item == items[2]
    for item in items[2:]:
        desk.rate("may-run", marked(item, ADA, 3))
    left = desk.task("may-run", ADA, later=[items[1], items[0]])
    assert left.item is not None
    assert left.item.item == items[1]


def test_a_rating_can_be_taken_back_with_its_marks(desk: ReviewDesk) -> None:
    items = [item.item for item in desk.queue("may-run").sheet.items]
    desk.rate("may-run", marked(items[0], ADA, 2))
    desk.rate("may-run", marked(items[1], BEN, 5))
    back = desk.take_back("may-run", ADA)
    assert back.before == marked(items[0], ADA, 2)
    assert back.item is not None
    assert back.item.item == items[0]
    assert [r.rater for r in desk.ratings("may-run")] == [BEN]
    with pytest.raises(InputError, match="no rating of yours"):
        desk.take_back("may-run", ADA)


def test_a_rating_without_a_mark_or_of_another_queue_is_refused(desk: ReviewDesk) -> None:
    with pytest.raises(InputError, match="Nothing is marked"):
        desk.rate("may-run", Rating(item="item-001", rater=ADA))
    with pytest.raises(InputError, match="no longer in the queue"):
        desk.rate("may-run", marked("item-999", ADA, 1))


def test_results_are_withheld_from_a_rater_in_the_middle(desk: ReviewDesk) -> None:
    items = [item.item for item in desk.queue("two-runs").sheet.items]
    assert not desk.withheld("two-runs", EVE)
    desk.rate("two-runs", Rating(item=items[0], rater=EVE, choice="a"))
    assert desk.withheld("two-runs", EVE)
    desk.rate("two-runs", Rating(item=items[1], rater=EVE, choice="b"))
    assert not desk.withheld("two-runs", EVE)


def test_the_pace_leaves_out_pauses(desk: ReviewDesk, kept: KeptRatings) -> None:
    items = [item.item for item in desk.queue("may-run").sheet.items]
    for number, seconds in enumerate((0, 40, 4000, 4060, 4120)):
        rating = marked(items[number], ADA, 3)
        kept.put(KeptRating(queue="may-run", made_at=NOON + timedelta(seconds=seconds), rating=rating))
    task = desk.task("may-run", ADA)
    assert task.minutes_left == pytest.approx((task.total - 5) * 60 / 60)
    assert desk.task("may-run", BEN).minutes_left is None


def test_differences_are_settled_without_touching_agreement(desk: ReviewDesk) -> None:
    items = [item.item for item in desk.queue("may-run").sheet.items]
    for item, (ada, ben) in zip(items, [(1, 5), (4, 4), (2, 3)], strict=False):
        desk.rate("may-run", marked(item, ADA, ada))
        desk.rate("may-run", marked(item, BEN, ben))
    (difference,) = desk.differences("may-run")
    assert difference.reasons == ("correct: from 1 to 5",)
    assert sorted(r.scales["correct"] for r in difference.ratings) == [1, 5]
    before = reviewed(desk.ratings("may-run")).agreement
    desk.rate("may-run", marked(items[0], EVE, 4, settled=True))
    (again,) = desk.differences("may-run")
    assert again.settled == marked(items[0], EVE, 4, settled=True)
    after = reviewed(desk.ratings("may-run"))
    assert after.agreement == before
    assert after.means["correct"].value == pytest.approx((4 + 4 + 4 + 2 + 3) / 5)
    assert len(final(desk.ratings("may-run"))) == 5
    assert desk.task("may-run", EVE).done == 0


def test_settling_twice_keeps_the_last_word(desk: ReviewDesk) -> None:
    item = desk.queue("may-run").sheet.items[0].item
    desk.rate("may-run", marked(item, ADA, 2, settled=True))
    desk.rate("may-run", marked(item, BEN, 5, settled=True))
    assert [r.scales["correct"] for r in desk.ratings("may-run")] == [5]


def test_feedback_from_the_chat_is_a_blind_queue(folder: Path, kept: KeptRatings) -> None:
    first = turn("Do visits help?", "a" * 64)
    second = turn("and for smaller trusts?", "b" * 64, standalone="Do visits help smaller trusts?")
    every = [said("f1", first), said("f2", second, helpful=True), said("f3", first, helpful=True)]
    desk = ReviewDesk(folder=folder, ratings=kept, feedback=every)
    queue = desk.queue(FROM_CHAT)
    assert [item.question for item in queue.sheet.items] == ["Do visits help?", "and for smaller trusts?"]
    assert queue.sheet.items[1].turns == ("understood as: Do visits help smaller trusts?",)
    assert queue.sheet.key[queue.sheet.items[0].item]["feedback"] == ["f1", "f3"]
    assert "wrong" not in str(queue.sheet.items)  # the reason that readers gave
    (answer,) = queue.sheet.items[0].answers
    assert answer["sentences"][0]["cites"] == ["Visits were helpful."]
    desk.rate(FROM_CHAT, marked(queue.sheet.items[0].item, ADA, 2))
    assert desk.task(FROM_CHAT, ADA).done == 1


def test_raters_see_the_advice_of_an_answer_and_rate_only_what_applies(tmp_path: Path) -> None:
    card = {
        "name": "Peer visits",
        "what_it_is": "People go and look.",
        "met": [{"why": "near"}],
        "against": [{"why": "no time"}],
        "first_steps": ["Ask them"],
    }
    advised = {**turn("What should we do?", "a" * 64), "advice": {"because": "x", "recommendations": [card]}}
    refused = {**turn("Which tablets?", "b" * 64), "statements": [], "because": "No advice on health."}
    runs = [
        {"id": str(n), "question": "q", "turns": [], "answer": a} for n, a in enumerate((advised, refused))
    ]
    sheet = make_sheet({"run": runs}, seed=1)
    by_case = {sheet.key[item.item]["case"]: item for item in sheet.items}
    (seen,) = by_case["0"].answers[0]["advice"]
    assert seen == {
        "name": "Peer visits",
        "what_it_is": "People go and look.",
        "for": ["near"],
        "against": ["no time"],
        "first_steps": ["Ask them"],
    }
    assert scales_for(by_case["0"]) == ("correct", "grounded", "useful", "fitting")
    assert scales_for(by_case["1"]) == ("correct", "useful")
    write_sheet(sheet, tmp_path / "s")
    assert read_sheet(tmp_path / "s") == sheet
    assert "Advice: Peer visits. People go and look." in (tmp_path / "s/sheet.csv").read_text()


def test_ratings_go_out_as_files_and_come_back_the_same(tmp_path: Path) -> None:
    given = (
        Rating(item="i1", rater=ADA, scales={"correct": 4}, sentences={1: "fully", 3: "not"}, comment="=1+1"),
        Rating(item="i1", rater=EVE, scales={"correct": 3}, settled=True),
        Rating(item="i2", rater=BEN, choice="no difference", comment="close"),
    )
    write_ratings(given, tmp_path / "out.jsonl")
    assert read_ratings(tmp_path / "out.jsonl", rater=None, salt=SALT) == given
    assert (tmp_path / "out.jsonl").read_text() == ratings_jsonl(given)
    write_ratings(given, tmp_path / "out.csv")
    back = read_ratings(tmp_path / "out.csv", rater=None, salt=SALT)
    assert [r.comment for r in back] == ["'=1+1", "", "close"]  # no spreadsheet takes it for a formula
    assert [(r.item, r.rater, r.scales, r.sentences, r.choice, r.settled) for r in back] == [
        (r.item, r.rater, r.scales, r.sentences, r.choice, r.settled) for r in given
    ]


def test_pasted_text_is_read_as_either_form() -> None:
    table = 'item,correct,sentences\ni1,4,"fully, , not"\ni2,,\n'
    expected = (Rating(item="i1", rater=BEN, scales={"correct": 4}, sentences={1: "fully", 3: "not"}),)
    assert pasted_ratings(table, rater=BEN, items=["i1", "i2"]) == expected
    assert pasted_ratings(ratings_jsonl(expected), rater=BEN) == expected
    with pytest.raises(CorpusError, match=r"line 1: .*not JSON"):
        pasted_ratings("{broken", rater=BEN)


def test_a_row_without_a_rater_is_refused_where_none_is_given(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("item,correct\ni1,4\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="does not name its rater"):
        read_ratings(tmp_path / "r.csv", rater=None, salt=SALT)


def test_ratings_of_a_file_enter_the_queue_all_or_none(desk: ReviewDesk) -> None:
    item = desk.queue("may-run").sheet.items[0].item
    with pytest.raises(InputError):
        desk.take_in("may-run", [marked(item, ADA, 4), marked("item-999", ADA, 4)])
    assert desk.ratings("may-run") == ()
    assert desk.take_in("may-run", [marked(item, ADA, 4), marked(item, BEN, 4)]) == 2
    assert len(desk.ratings("may-run")) == 2


def pairs(values: list[tuple[int, int]]) -> list[Rating]:
    return [
        marked(f"i{n}", rater, value)
        for n, both in enumerate(values)
        for rater, value in zip((ADA, BEN), both, strict=True)
    ]


def test_agreement_has_every_row_and_says_why_a_number_is_missing() -> None:
    rows = {
        row.what: row for row in agreement_rows(pairs([(1, 2), (2, 2), (5, 4), (4, 4), (3, 3)]), pair=False)
    }
    assert list(rows) == ["correct", "grounded", "useful", "fitting", "sentences"]
    correct = rows["correct"]
    assert correct.raw == pytest.approx(3 / 5)
    assert correct.kappa is not None
    assert correct.alpha is not None
    assert correct.alpha.low is not None
    assert rows["useful"].reading == "nothing was rated by two people"


def test_too_few_ratings_give_raw_agreement_and_no_coefficient() -> None:
    (row, *_) = agreement_rows(pairs([(1, 2)] * (FEWEST - 1)), pair=False)
    assert (row.raw, row.kappa, row.alpha) == (0.0, None, None)
    assert row.reading == f"too few: {FEWEST - 1} rated by two people, and {FEWEST} are needed"


def test_ratings_that_are_all_the_same_have_no_coefficient_but_full_raw_agreement() -> None:
    (row, *_) = agreement_rows(pairs([(4, 4)] * 8), pair=False)
    assert (row.raw, row.alpha) == (1.0, None)
    assert row.reading == "only one value was ever given"


def test_three_raters_have_no_kappa_and_are_told_why() -> None:
    every = [*pairs([(1, 2), (2, 2), (5, 4), (4, 4), (3, 3)]), marked("i0", EVE, 1)]
    (row, *_) = agreement_rows(every, pair=False)
    assert row.alpha is not None
    assert row.kappa is None
    assert row.reason == "kappa is for two raters, and there are 3"
