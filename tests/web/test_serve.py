from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import Any

import pytest

from assistant.errors import SettingsError
from assistant.security.keys import hash_key
from assistant.web.options import WebOptions
from assistant.web.serve import address, check_options, is_loopback, serve
from tests.web.fakes import FakeAssistant

KEYS = (hash_key("a-random-key"),)
PROGRAM = """
import time
from assistant.web.options import WebOptions
from assistant.web.serve import serve
from tests.web.fakes import FakeAssistant
class Slow(FakeAssistant):
    def warm(self):
        print("warming", flush=True)
        time.sleep(60)
try:
    serve(Slow(), options=WebOptions(), port=0)
finally:
    print("closed", flush=True)
"""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "10.1.2.3", "assistant.trust.example", "169.254.1.1"])
def test_listening_elsewhere_without_identity_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match="everybody") as caught:
        check_options(WebOptions(bind_host=host, allowed_hosts=("assistant.trust.example",)))
    assert "api_key_hashes" in caught.value.hint


@pytest.mark.parametrize(
    "options",
    [
        {"bind_host": "10.1.2.3", "api_key_hashes": KEYS},
        {"bind_host": "0.0.0.0", "api_key_hashes": KEYS, "allowed_hosts": ("a.example",)},
        {"bind_host": "10.1.2.3", "identity_header": "X-User", "trusted_proxies": ("10.1.2.4",)},
        {"bind_host": "127.0.0.1"},
        {"bind_host": "::1"},
        {"bind_host": "localhost"},
        {"bind_host": "127.5.6.7", "mount_path": "/a/b-c"},
    ],
)
def test_listening_with_identity_or_on_loopback_is_allowed(options: dict[str, Any]) -> None:
    check_options(WebOptions(**options))


def test_every_address_needs_the_names_people_use() -> None:
    with pytest.raises(SettingsError, match="host names"):
        check_options(WebOptions(bind_host="0.0.0.0", api_key_hashes=KEYS))


@pytest.mark.parametrize("path", ["a", "/", "/a/", "/a b", "/a/../b", "//a", '/"><script>', "/a\n"])
def test_a_mount_path_that_cannot_work_is_refused(path: str) -> None:
    with pytest.raises(SettingsError, match="mount path"):
        check_options(WebOptions(mount_path=path))


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("localhost.example", False)]
)
def test_loopback_is_told_by_address_not_by_likeness(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_the_address_that_is_printed_can_be_opened() -> None:
    assert address(WebOptions(bind_host="::1", mount_path="/a"), 80) == "http://[::1]:80/a/"


def test_a_port_in_use_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match="Cannot listen"):
        serve(FakeAssistant(), options=WebOptions(), port=taken.getsockname()[1])  # type: ignore[arg-type]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_stops_in_order_while_it_still_warms_up(stop: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert process.stdout
    with process, process.stdout as printed:
        line = printed.readline()
        home = line.split()[1]
        with urllib.request.urlopen(f"{home}healthz") as response:
            assert response.status == 200
        started = time.monotonic()
        process.send_signal(stop)
        rest = printed.read()
        assert process.wait(20) == 0
    assert "warming" in rest
    assert rest.strip().endswith("closed")
    assert time.monotonic() - started < 10
