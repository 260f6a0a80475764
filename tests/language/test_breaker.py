import threading

from assistant.language.breaker import Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock, failures: int = 5) -> Breaker:
    breaker = Breaker(clock=clock)
    for _ in range(failures):
        assert breaker.allow()
        breaker.failed()
    return breaker


def test_four_failures_leave_it_closed_and_the_fifth_opens_it() -> None:
    assert not opened(Clock(), 4).is_open
    breaker = opened(Clock(), 5)
    assert breaker.is_open
    assert not breaker.allow()


def test_a_success_makes_earlier_failures_forgotten() -> None:
    breaker = opened(Clock(), 4)
    breaker.succeeded()
    breaker.failed()
    assert not breaker.is_open


def test_one_probe_is_let_through_after_thirty_seconds_and_no_earlier() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 29.999
    assert not breaker.allow()
    clock.now += 0.001
    assert breaker.allow()
    assert not breaker.allow()


def test_a_probe_that_succeeds_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 30
    assert breaker.allow()
    breaker.succeeded()
    assert not breaker.is_open
    assert breaker.allow()
    assert breaker.allow()


def test_a_probe_that_fails_keeps_it_open_for_thirty_seconds_more() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 30
    assert breaker.allow()
    breaker.failed()
    clock.now += 29
    assert not breaker.allow()
    clock.now += 1
    assert breaker.allow()


def test_a_probe_given_up_makes_room_for_the_next_at_once() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 30
    assert breaker.allow()
    breaker.given_up()
    assert breaker.is_open
    assert breaker.allow()


def test_calls_under_way_when_it_opens_may_fail_too() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10
    breaker.failed()
    clock.now += 29
    assert not breaker.allow()


def test_of_many_threads_exactly_one_probes() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 30
    allowed: list[bool] = []
    threads = [threading.Thread(target=lambda: allowed.append(breaker.allow())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(allowed) == [False] * 19 + [True]
