"""A circuit breaker: leaves a server alone after several failures in a row, and tries it again later.

Knows nothing of servers or errors; whoever makes a call says how it ended.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` failures in a row; `probe_after` seconds later one call at a time may try.

    Safe to share between threads. Every call that `allow` let through must end in exactly one of
    `succeeded`, `failed` or `given_up`.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        probe_after: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._probe_after = probe_after
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._next_probe: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """True while calls are kept from the server, apart from probes."""
        with self._lock:
            return self._next_probe is not None

    def allow(self) -> bool:
        """True if a call may be made now."""
        with self._lock:
            if self._next_probe is None:
                return True
            if self._probing or self._clock() < self._next_probe:
                return False
            self._probing = True
            return True

    def succeeded(self) -> None:
        """The server answered: closed again, and earlier failures are forgotten."""
        with self._lock:
            self._failed = 0
            self._next_probe = None
            self._probing = False

    def failed(self) -> None:
        """The call failed. At the limit, or after a probe, the server is left alone for `probe_after` s."""
        with self._lock:
            self._failed += 1
            self._probing = False
            if self._failed >= self._limit:
                self._next_probe = self._clock() + self._probe_after

    def given_up(self) -> None:
        """The call was ended from our side, so it says nothing about the server."""
        with self._lock:
            self._probing = False
