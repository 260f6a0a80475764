"""Runs the web application with uvicorn until it is told to stop. Refuses to listen where it is not safe."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp

from assistant.errors import AssistantError, NotReadyError, SettingsError
from assistant.web.addresses import ANY_ADDRESS
from assistant.web.app import create_app
from assistant.web.options import WebOptions
from assistant.web.routes.state import Readiness

if TYPE_CHECKING:
    from assistant.engine import Assistant

SECONDS_TO_FINISH = 5
_MOUNT_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*\Z")


def serve(assistant: Assistant, *, options: WebOptions, port: int) -> None:
    """Listen until SIGINT or SIGTERM, then let running answers finish. Raises SettingsError at start."""
    check_options(options)
    readiness = Readiness()
    listener = _listener(options.bind_host, port)
    try:
        app = asyncio.run(_made(assistant, options, readiness))
        with suppress(NotReadyError):
            assistant.search("ready", k=1)  # loads the model now, so that the first question is quick
        print(
            f"Open {address(options, listener.getsockname()[1])} in your browser. Press Ctrl-C to stop.",
            flush=True,
        )
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            proxy_headers=False,  # the guard decides whose word about the client counts
            server_header=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
        )
        threading.Thread(target=_warm, args=(assistant,), name="warm", daemon=True).start()
        _Server(config, readiness).run(sockets=[listener])
    finally:
        listener.close()


def _warm(assistant: Assistant) -> None:
    """Learn what advice needs beside the page; a fault here is told to the first question that meets it."""
    with suppress(AssistantError):
        assistant.warm()


async def _made(assistant: Assistant, options: WebOptions, readiness: Readiness) -> ASGIApp:
    """The application, made while a loop runs: without one Gradio opens loops of its own and leaves them."""
    return create_app(assistant, options=options, readiness=readiness)


def check_options(options: WebOptions) -> None:
    """Raises SettingsError if the options would open the assistant to strangers, or cannot work."""
    if not _MOUNT_PATH.match(options.mount_path) or ".." in options.mount_path:
        raise SettingsError(
            f"The mount path '{options.mount_path}' cannot be used.", hint="Write it as /ecosystem/assistant."
        )
    if is_loopback(options.bind_host):
        return
    if not options.has_identity:
        raise SettingsError(
            f"Listening on {options.bind_host or 'every address'} would open the assistant to everybody.",
            hint="Set identity_header and trusted_proxies, or api_key_hashes; or listen on 127.0.0.1.",
        )
    if options.bind_host in ANY_ADDRESS and not options.allowed_hosts:
        raise SettingsError(
            "Listening on every address needs the host names that people use.", hint="Set allowed_hosts."
        )


def is_loopback(host: str) -> bool:
    """True if only this computer can reach an address of that name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address(options: WebOptions, port: int) -> str:
    """Where a browser on this computer finds the page."""
    host = "127.0.0.1" if options.bind_host in ANY_ADDRESS else options.bind_host
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{options.mount_path}/"


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"Cannot listen on {host or 'every address'}, port {port}: {error.strerror}.",
            hint="Choose another port, or 0 for a free one.",
        ) from None


class _Server(uvicorn.Server):
    """Says that it is not ready as soon as it is told to stop, and leaves by returning, not by the signal."""

    def __init__(self, config: uvicorn.Config, readiness: Readiness) -> None:
        super().__init__(config)
        self._readiness = readiness

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._readiness.stopping = True
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
