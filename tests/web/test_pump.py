from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from assistant.web.admission import Admission
from assistant.web.problems import BusyError
from assistant.web.pump import pumped
from tests.web.doors import awaited


def test_values_arrive_in_order_and_come_from_one_other_thread() -> None:
    threads: set[int] = set()

    def make() -> Iterator[int]:
        for number in range(100):
            threads.add(threading.get_ident())
            yield number

    async def read() -> list[int]:
        return [value async for value in pumped(make)]

    assert awaited(read()) == list(range(100))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_each_value_arrives_before_the_next_is_made() -> None:
    go_on = threading.Event()

    def make() -> Iterator[str]:
        yield "first"
        assert go_on.wait(5)
        yield "second"

    async def read() -> list[str]:
        seen = []
        async for value in pumped(make):
            seen.append(value)
            go_on.set()
        return seen

    assert awaited(read()) == ["first", "second"]


def test_an_error_reaches_the_reader_after_the_values_before_it() -> None:
    def make() -> Iterator[int]:
        yield 1
        raise LookupError("gone")

    seen: list[int] = []

    async def read() -> None:
        async for value in pumped(make):
            seen.append(value)

    with pytest.raises(LookupError, match="gone"):
        awaited(read())
    assert seen == [1]


def test_work_ends_when_the_reader_leaves() -> None:
    closed = threading.Event()
    made: list[int] = []

    def make() -> Iterator[int]:
        try:
            for number in range(10_000):
                made.append(number)
                yield number
                closed.wait(0.001)
        finally:
            closed.set()

    async def read() -> None:
        values = pumped(make)
        async for _ in values:
            break
        await values.aclose()  # type: ignore[attr-defined]

    awaited(read())
    assert closed.is_set()
    assert len(made) < 10_000


def test_no_more_are_let_in_than_there_are_slots_and_places() -> None:
    async def crowd() -> tuple[int, int]:
        admission = Admission(slots=2, waiting=3, wait_seconds=5)
        inside = most = refused = 0

        async def one() -> None:
            nonlocal inside, most, refused
            try:
                async with admission.slot():
                    inside += 1
                    most = max(most, inside)
                    await asyncio.sleep(0.02)
                    inside -= 1
            except BusyError:
                refused += 1

        await asyncio.gather(*(one() for _ in range(9)))
        async with admission.slot():
            return most, refused

    assert awaited(crowd()) == (2, 4)


def test_waiting_too_long_is_told_with_a_time_to_come_back() -> None:
    async def wait() -> None:
        admission = Admission(slots=1, waiting=1, wait_seconds=0.01)
        async with admission.slot(), admission.slot():
            pass

    with pytest.raises(BusyError) as caught:
        awaited(wait())
    assert caught.value.http_status == 503
    assert caught.value.retry_after > 0
