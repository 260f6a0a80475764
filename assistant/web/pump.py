"""A blocking generator run in one thread of its own, its values handed to async code as they come."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TypeVar

from anyio import to_thread

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Ended:
    error: BaseException | None = None


async def pumped(start: Callable[[], Iterator[Value]]) -> AsyncIterator[Value]:
    """The values of `start()`, in order, each as soon as it is made.

    The whole generator runs in one thread, so that what it opens there (a database, say) stays there.
    If the reader leaves, it is closed after the value it is working on. Its error is raised here.
    """
    loop = asyncio.get_running_loop()
    line: asyncio.Queue[Value | _Ended] = asyncio.Queue()
    left = threading.Event()

    def put(item: Value | _Ended) -> None:
        loop.call_soon_threadsafe(line.put_nowait, item)

    def work() -> None:
        try:
            values = start()
            for value in values:
                put(value)
                if left.is_set():
                    break
            if isinstance(values, Generator):
                values.close()
            put(_Ended())
        except BaseException as error:  # handed over: the reader raises it
            put(_Ended(error))

    worker = asyncio.ensure_future(to_thread.run_sync(work))
    try:
        while not isinstance(item := await line.get(), _Ended):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        left.set()
        await asyncio.shield(worker)
