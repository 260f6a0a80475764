from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.domain.feedback import Feedback, KeptRating, Rating
from assistant.errors import StorageError
from assistant.store.feedback import Opinions
from assistant.store.store import Store, open_store

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
TURN = {
    "question": "Do visits help?",
    "statements": [{"text": "They do. £ü", "citations": []}],
    "seal": "a" * 64,
}


@pytest.fixture
def opinions(store: Store) -> Opinions:
    return store.opinions


def said(name: str, *, by: str = "reader", minutes: int = 0, **more: object) -> Feedback:
    given: dict[str, object] = {"helpful": False, "reason": "wrong", "sentence": 2, "comment": "no", **more}
    made_at = NOON + timedelta(minutes=minutes)
    return Feedback(id=name, by=by, made_at=made_at, turn=TURN, **given)  # type: ignore[arg-type]


def kept(item: str, rater: str, *, minutes: int = 0, queue: str = "q", **more: object) -> KeptRating:
    rating = Rating(item=item, rater=rater, scales={"correct": 4}, sentences={2: "not", 10: "fully"}, **more)  # type: ignore[arg-type]
    return KeptRating(queue=queue, made_at=NOON + timedelta(minutes=minutes), rating=rating)


def test_feedback_comes_back_whole_and_oldest_first(opinions: Opinions, store_url: str | Path) -> None:
    second, first = said("a", minutes=1), said("b", sentence=None, reason="", comment="", helpful=True)
    opinions.put_feedback(second)
    opinions.put_feedback(first)
    assert opinions.feedback() == (first, second)
    again = open_store(store_url)
    assert again.opinions.feedback() == (first, second)
    assert again.opinions.salt == opinions.salt
    again.close()


def test_a_second_view_of_the_same_thing_takes_the_place_of_the_first(opinions: Opinions) -> None:
    opinions.put_feedback(said("a"))
    opinions.put_feedback(said("a", helpful=True, reason="usable"))
    assert [(s.helpful, s.reason) for s in opinions.feedback()] == [(True, "usable")]


def test_only_who_said_it_can_take_it_back(opinions: Opinions) -> None:
    opinions.put_feedback(said("a", by="one"))
    assert not opinions.remove_feedback("a", by="another")
    assert opinions.remove_feedback("a", by="one")
    assert not opinions.remove_feedback("a", by="one")
    assert opinions.feedback() == ()


def test_ratings_come_back_whole_by_queue_and_oldest_first(opinions: Opinions) -> None:
    late, early = kept("i1", "x", minutes=5, comment="<b>"), kept("i2", "x")
    other = kept("i1", "x", queue="other")
    for one in (late, early, other):
        opinions.ratings.put(one)
    assert opinions.ratings.of_queue("q") == (early, late)
    assert opinions.ratings.of_queue("other") == (other,)
    assert opinions.ratings.of_queue("none") == ()


def test_a_rater_has_one_word_on_an_item_and_settling_has_one_more(opinions: Opinions) -> None:
    for one in (kept("i1", "x"), kept("i1", "y"), kept("i1", "x", minutes=1, comment="changed")):
        opinions.ratings.put(one)
    opinions.ratings.put(kept("i1", "x", minutes=2, settled=True))
    opinions.ratings.put(kept("i1", "y", minutes=3, settled=True))
    found = [(k.rating.rater, k.rating.comment, k.rating.settled) for k in opinions.ratings.of_queue("q")]
    assert found == [("y", "", False), ("x", "changed", False), ("y", "", True)]


def test_a_rating_that_is_removed_leaves_the_others(opinions: Opinions) -> None:
    own, others, settled = kept("i1", "x"), kept("i1", "y"), kept("i1", "x", settled=True)
    for one in (own, others, settled):
        opinions.ratings.put(one)
    assert opinions.ratings.remove("q", own.rating)
    assert not opinions.ratings.remove("q", own.rating)
    assert {k.rating.settled for k in opinions.ratings.of_queue("q")} == {False, True}
    assert len(opinions.ratings.of_queue("q")) == 2


def test_many_ratings_are_kept_all_or_none(opinions: Opinions) -> None:
    broken = kept("i2", "x")
    object.__setattr__(broken.rating, "comment", None)
    with pytest.raises(StorageError):
        opinions.ratings.put_all([kept("i1", "x"), broken])
    assert opinions.ratings.of_queue("q") == ()
    opinions.ratings.put_all([kept("i1", "x"), kept("i2", "x")])
    assert len(opinions.ratings.of_queue("q")) == 2
