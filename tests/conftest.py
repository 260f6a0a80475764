"""What holds in every test: no word leaves this computer, nothing is set from outside, chance repeats."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

for name in [name for name in os.environ if name.upper().startswith("ASSISTANT_")]:
    del os.environ[name]
os.environ.update(
    ANONYMIZED_TELEMETRY="False",
    DO_NOT_TRACK="1",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_OFFLINE="1",
    LANGSMITH_TRACING="false",
    NO_COLOR="1",
    TOKENIZERS_PARALLELISM="false",
)

settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "explore", parent=settings.get_profile("repeatable"), derandomize=False, max_examples=2000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

pytest_plugins = ("tests.libraries",)

OUTSIDE: list[str] = []


def is_loopback(host: object) -> bool:
    """True for this computer's own names and addresses, and for no name at all."""
    if host is None or host in ("", b"", "localhost", b"localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.split("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_the_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a socket on this computer
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not is_loopback(host):
        OUTSIDE.append(f"{event} {host!r}")
        raise PermissionError(f"a test tried to reach {host!r}; tests stay on this computer")


sys.addaudithook(_refuse_the_network)


@pytest.fixture(autouse=True)
def nothing_left_the_computer() -> Iterator[None]:
    """Fails the test in which something tried to reach outside, even if the attempt was swallowed."""
    OUTSIDE.clear()
    yield
    assert OUTSIDE == []
