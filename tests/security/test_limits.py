from __future__ import annotations

from assistant.security.limits import RateLimit


def test_the_limit_counts_each_person_apart() -> None:
    limit = RateLimit(3, name="ask")
    assert [limit.take("a") for _ in range(3)] == [0, 0, 0]
    assert limit.take("a") > 0
    assert limit.take("b") == 0


def test_the_wait_is_told_in_whole_seconds_of_at_most_a_minute() -> None:
    limit = RateLimit(1, name="ask")
    limit.take("a")
    assert 1 <= limit.take("a") <= 60


def test_a_refused_use_is_not_counted_against_later_ones() -> None:
    limit = RateLimit(2, name="ask")
    waits = [limit.take("a") for _ in range(20)]
    assert waits[:2] == [0, 0]
    assert all(0 < wait <= 60 for wait in waits[2:])


def test_two_limits_do_not_share_their_counts() -> None:
    asks, reads = RateLimit(1, name="ask"), RateLimit(1, name="read")
    assert asks.take("a") == 0
    assert reads.take("a") == 0


def test_zero_means_no_limit() -> None:
    limit = RateLimit(0, name="ask")
    assert all(limit.take("a") == 0 for _ in range(500))
