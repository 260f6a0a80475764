"""How many questions are worked on at once, and how many may wait. One for page and API together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from assistant.web.problems import BusyError

_RETRY_SECONDS = 5


class Admission:
    """A bounded waiting line before a bounded number of slots."""

    def __init__(self, *, slots: int, waiting: int, wait_seconds: float) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._places = waiting
        self._wait_seconds = wait_seconds

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold one slot. Raises BusyError at once if the line is full, or when waiting took too long."""
        if self._slots.locked() and self._places <= 0:
            raise _busy()
        self._places -= 1
        try:
            await asyncio.wait_for(self._slots.acquire(), self._wait_seconds)
        except TimeoutError:
            raise _busy() from None
        finally:
            self._places += 1
        try:
            yield
        finally:
            self._slots.release()


def _busy() -> BusyError:
    return BusyError("Many people are asking just now.", retry_after=_RETRY_SECONDS)
