"""Stores to test: a SQLite file, and a PostgreSQL server of our own on loopback that ends with the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from assistant.store.store import Store, open_store

_START_SECONDS = 60
_NUMBERS = count(1)


def _binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: Debian keeps it off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


def _missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def _account() -> str | None:
    """Whom the server runs as: it refuses root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise AssertionError("root needs an account to run the server as")


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a fresh server, without the name of a database."""
    binaries = _binaries()
    if binaries is None:
        _missing("no PostgreSQL server on this computer (Debian: apt-get install postgresql)")
    assert binaries is not None
    try:
        import psycopg
    except ImportError:
        _missing("psycopg is not installed (the extra `postgres`)")
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="store-"))
    if account:
        shutil.chown(folder, account)
    port, home = _free_port(), folder / "data"
    run = {"user": account, "cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
    make = [binaries / "initdb", "-D", home, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(make, check=True, capture_output=True, **run)  # type: ignore[call-overload]
    options = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    options += ["-c", f"unix_socket_directories={folder}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # type: ignore[call-overload]
            [binaries / "postgres", "-D", home, *options], stdout=subprocess.DEVNULL, stderr=log, **run
        )
    address = f"postgresql://tester@127.0.0.1:{port}"
    try:
        ends = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
                break
            except psycopg.OperationalError:
                assert time.monotonic() < ends, (folder / "log").read_text()
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # ends connections that are still open
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The address of an empty database."""
    import psycopg

    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    return f"{postgres_server.replace('postgresql://', 'postgresql+psycopg://')}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where a store may be, on each of the two databases."""
    if request.param == "sqlite":
        return tmp_path / "store.sqlite3"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(store_url: str | Path) -> Iterator[Store]:
    """An empty store, on each of the two databases."""
    opened = open_store(store_url)
    yield opened
    opened.close()
