"""A server on loopback that speaks the OpenAI chat protocol, or breaks it as told. Bounded in every way."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

LONGEST = 4.0
_MOST_BODY = 2_000_000


class Connection:
    """One request and the socket to answer it on."""

    def __init__(self, sock: socket.socket, stopped: threading.Event) -> None:
        self._sock = sock
        self._stopped = stopped
        self._ends = time.monotonic() + LONGEST
        self.headers, self.body = self._read()

    @property
    def running(self) -> bool:
        """False once this answer has taken its longest, or the server stops."""
        return not self._stopped.is_set() and time.monotonic() < self._ends

    @property
    def messages(self) -> list[dict[str, str]]:
        return list(self.body.get("messages", []))

    def _read(self) -> tuple[str, dict[str, Any]]:
        self._sock.settimeout(LONGEST)
        data = b""
        while b"\r\n\r\n" not in data and len(data) < _MOST_BODY:
            part = self._sock.recv(65536)
            if not part:
                return "", {}
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1")
        length = next(
            (int(x.split(":")[1]) for x in lines.split("\r\n") if x.lower().startswith("content-length")), 0
        )
        while len(body) < min(length, _MOST_BODY):
            body += self._sock.recv(65536)
        return lines, json.loads(body) if body else {}

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the server's own end."""
        ends = time.monotonic() + seconds
        while self.running and time.monotonic() < ends:
            time.sleep(0.01)

    def hold(self) -> None:
        """Say nothing more for as long as this server ever waits."""
        self.wait(LONGEST)

    def reset(self) -> None:
        """Tear the connection down instead of ending it."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self._sock.close()

    def head(self, status: str = "200 OK", kind: str = "text/event-stream", **headers: str) -> None:
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.send(f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\n{more}connection: close\r\n\r\n".encode())

    def text(self, text: str, *, size: int = 40) -> None:
        """Stream `text` in pieces of `size` characters."""
        for start in range(0, len(text), size):
            self.send(event(text[start : start + size]))

    def done(self) -> None:
        self.send(event("", finish="stop") + b"data: [DONE]\n\n")

    def error(self, status: str, **headers: str) -> None:
        body = b'{"error": {"message": "told to", "type": "test"}}'
        self.head(status, "application/json", content_length=str(len(body)), **headers)
        self.send(body)


def event(text: str, *, finish: str | None = None) -> bytes:
    delta = {"content": text} if text else {}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    told = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(told, ensure_ascii=False).encode("utf-8") + b"\n\n"


Answering = Callable[[Connection], None]


class LoopbackServer:
    """Answers each request with `answering`, in a thread of its own; remembers what it was sent."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        self.received: list[dict[str, Any]] = []
        self.heads: list[str] = []
        self._stopped = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> LoopbackServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._listening.close()
        self._thread.join(timeout=2)

    def _serve(self) -> None:
        self._listening.settimeout(0.1)
        while not self._stopped.is_set():
            with suppress(TimeoutError, OSError):
                sock, _ = self._listening.accept()
                threading.Thread(target=self._one, args=(sock,), daemon=True).start()

    def _one(self, sock: socket.socket) -> None:
        # A client that has given up is what these tests are about, so a broken pipe is no error here.
        with suppress(OSError), sock:
            connection = Connection(sock, self._stopped)
            self.received.append(connection.body)
            self.heads.append(connection.headers)
            self.answering(connection)


def black_hole() -> Iterator[str]:
    """An address that takes no connection and refuses none: its waiting line is full."""
    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    waiting = []
    for _ in range(4):
        sock = socket.socket()
        sock.setblocking(False)
        with suppress(BlockingIOError):
            sock.connect(full.getsockname())
        waiting.append(sock)
    try:
        yield f"http://127.0.0.1:{full.getsockname()[1]}/v1"
    finally:
        for sock in (*waiting, full):
            sock.close()
