"""Reads what a failed call means: which fault it is, whether it may pass, how long the server asks to wait.

Providers raise errors of many classes; what they share is a status code, headers and an error underneath.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from assistant.language.faults import Fault, ModelFault

_PASSING_STATUS = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_TIMEOUTS = (
    "ConnectTimeout",
    "ReadTimeout",
    "WriteTimeout",
    "PoolTimeout",
    "APITimeoutError",
    "TimeoutError",
)
_CUT = ("RemoteProtocolError", "ReadError", "IncompleteRead")
_NOT_REACHED = ("ConnectError", "ConnectionError", "ConnectionRefusedError", "APIConnectionError")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one try failed."""

    fault: Fault
    passing: bool
    """True if another try may do better."""
    retry_after: float | None = None
    """Seconds the server asks to wait; None if it does not say."""


def read_refusal(error: BaseException) -> Refusal:
    """What `error`, or the first error underneath it that is known, says."""
    for one in _chain(error):
        if isinstance(one, ModelFault):
            return Refusal(one.fault, passing=False)
        status = _status(one)
        if status is not None:
            return _from_status(status, one)
    names = [base.__name__ for one in _chain(error) for base in type(one).__mro__]
    if any(name in _TIMEOUTS for name in names):
        # A try that was slow has used up its time; a second would only double the wait.
        return Refusal(Fault.SLOW, passing="ConnectTimeout" in names)
    if any(name in _CUT for name in names):
        return Refusal(Fault.CUT, passing=True)
    if any(name in _NOT_REACHED for name in names):
        return Refusal(Fault.UNREACHABLE, passing=True)
    return Refusal(Fault.UNREADABLE, passing=False)


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(10):
        if one is None:
            return
        yield one
        one = one.__cause__ or one.__context__


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    if status is None:
        status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def _from_status(status: int, error: BaseException) -> Refusal:
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    if status not in _PASSING_STATUS:
        return Refusal(Fault.BROKEN if status >= 500 else Fault.REFUSED, passing=False)
    fault = Fault.BUSY if status in (429, 503, 529) else Fault.BROKEN
    return Refusal(fault, passing=True, retry_after=_seconds(headers.get("retry-after")))


def _seconds(header: str | None) -> float | None:
    """Seconds from now that a Retry-After header names, as a number or a date; None if it cannot be read."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return max(0.0, seconds) if seconds == seconds else None
