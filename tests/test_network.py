import socket

import pytest

from tests import conftest


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com", "::ffff:192.0.2.1", "10.0.0.1", b"example.com"])
def test_an_attempt_to_reach_outside_is_refused_and_remembered(host: str) -> None:
    with pytest.raises(PermissionError, match="tests stay on this computer"):
        socket.getaddrinfo(host, 80)
    with socket.socket() as outside, pytest.raises(PermissionError):
        outside.connect(("192.0.2.1", 80))
    assert len(conftest.OUTSIDE) == 2
    conftest.OUTSIDE.clear()


def test_loopback_may_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()[:2]) as there,
    ):
        assert there.getpeername() == server.getsockname()
