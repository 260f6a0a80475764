"""An application to knock at: made once per set of options, reached without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from assistant.engine import Assistant
from assistant.web.app import create_app
from assistant.web.options import WebOptions
from tests.web.fakes import FakeAssistant

T = TypeVar("T")
HOME = "http://127.0.0.1:8000"
QUESTION = {"question": "Do visits help?"}


def awaited(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives, on a loop in a thread of its own: a browser test may keep one running here."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def client(
    assistant: FakeAssistant | Assistant | None = None,
    *,
    peer: str = "127.0.0.1",
    home: str = HOME,
    **options: Any,
) -> TestClient:
    """A caller at address `peer`. Errors inside become responses, as they do for real callers."""
    chosen = WebOptions(**{"asks_per_minute": 0, "reads_per_minute": 0, **options})
    app = awaited(_made(assistant or FakeAssistant(), chosen))
    return TestClient(app, base_url=home, client=(peer, 50_000), raise_server_exceptions=False)


async def _made(assistant: FakeAssistant | Assistant, options: WebOptions) -> ASGIApp:
    """The application, made while a loop runs: Gradio would otherwise open loops and leave them open."""
    return create_app(assistant, options=options)  # type: ignore[arg-type]
