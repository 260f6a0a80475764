"""An HTTP client that cannot be held up: no redirects, no proxies from outside, bounded bytes and time.

Providers use `httpx` or its successor `httpx2`; both are served by the same few lines.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from assistant.language.faults import Fault, ModelFault


def client_options(
    library: str,
    *,
    connect_seconds: float,
    read_seconds: float,
    total_seconds: float,
    most_bytes: int,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Options for a `Client` of `library` ("httpx" or "httpx2").

    `read_seconds` is the longest silence; a reply may take `total_seconds` and `most_bytes` in all.
    Whoever reads on gets ModelFault.
    """
    http: Any = import_module(library)
    wrap = _limited_stream(http, total_seconds, most_bytes, clock)

    def limit(response: Any) -> None:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            # A small compressed body may unfold without end.
            raise ModelFault(Fault.UNREADABLE)
        response.stream = wrap(response.stream)

    return {
        "timeout": http.Timeout(read_seconds, connect=connect_seconds),
        "follow_redirects": False,
        "trust_env": False,
        "headers": {"accept-encoding": "identity"},
        "event_hooks": {"response": [limit]},
    }


def _limited_stream(
    http: Any, total_seconds: float, most_bytes: int, clock: Callable[[], float]
) -> Callable[[Any], Any]:
    class LimitedStream(http.SyncByteStream):  # type: ignore[misc]
        def __init__(self, inner: Any) -> None:
            self._inner = inner
            self._ends = clock() + total_seconds

        def __iter__(self) -> Iterator[bytes]:
            read = 0
            for part in self._inner:
                read += len(part)
                if read > most_bytes:
                    raise ModelFault(Fault.TOO_LONG)
                if clock() > self._ends:
                    raise ModelFault(Fault.SLOW)
                yield part

        def close(self) -> None:
            self._inner.close()

    return LimitedStream
