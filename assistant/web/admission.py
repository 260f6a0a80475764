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
        self._most = slots + waiting
        self._present = 0
        self._wait_seconds = wait_seconds

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold one slot. Raises BusyError at once if the line is full, or when waiting took too long."""
        if self._present >= self._most:
            raise _busy()
        self._present += 1
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._slots.acquire()
        except BaseException as error:
            self._present -= 1
            if isinstance(error, TimeoutError):
                raise _busy() from None
            raise
        try:
            yield
        finally:
            self._present -= 1
            self._slots.release()


def _busy() -> BusyError:
    return BusyError("Many people are asking just now.", retry_after=_RETRY_SECONDS)
