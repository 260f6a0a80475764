"""What the events of all pages share: how they are called, who asks, faults in words, files to save."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import gradio as gr
from gradio.context import Context

from assistant.errors import AssistantError
from assistant.security.limits import RateLimit
from assistant.web.guard import PRINCIPAL_HEADER
from assistant.web.problems import TRY_AGAIN, UNEXPECTED, TooManyAsksError, log
from assistant.web.render import plural

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""How every event of ours is called: not as an interface of Gradio's, and without its progress marks."""


def principal(request: gr.Request) -> str:
    """Who asks, as the guard found out."""
    return str(request.headers.get(PRINCIPAL_HEADER, "unknown"))


def on_load(work: Callable[..., Any], inputs: Any, outputs: Any) -> Any:
    """The event that runs `work` whenever the page that is being built is opened or loaded again."""
    page = Context.root_block
    if page is None:
        raise RuntimeError("a page is built inside Blocks")
    return page.load(work, inputs, outputs, **PRIVATE)


def take_question(asks: RateLimit, asker: str) -> None:
    """Count one question. Raises TooManyAsksError if the limit is reached."""
    wait = asks.take(asker)
    if wait:
        limit = plural(asks.per_minute, "question")
        raise TooManyAsksError(
            f"You have asked {limit} in the last minute, which is the limit.", retry_after=wait
        )


def fault_words(error: Exception, *, unexpected: str = UNEXPECTED) -> tuple[str, str]:
    """What a reader is told of a fault: a sentence and what to do. What nobody expected goes to the log."""
    if isinstance(error, AssistantError):
        return error.sentence, error.hint
    log.error("unexpected %s on a page", type(error).__name__, exc_info=error)
    return unexpected, TRY_AGAIN


def saved_file(name: str, kind: str, content: bytes) -> str:
    """What `ui.js` saves as a file; with the time, so that the same file can be saved twice."""
    packed = base64.b64encode(content).decode("ascii")
    return json.dumps({"name": name, "type": kind, "base64": packed, "made": datetime.now(UTC).isoformat()})
