"""Counts what unanswered questions were about, for the gap map: from the page and the HTTP interface only.

Runs after the answer has gone out, off the event loop, and never fails: an answer does not depend on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from assistant.domain.answers import Answer
from assistant.web.options import WebOptions
from assistant.web.problems import log

if TYPE_CHECKING:
    from assistant.engine import Assistant


async def count_unanswered(assistant: Assistant, options: WebOptions, answer: Answer) -> None:
    """Count what a question spoke of if it was not answered; nothing if the setting says so."""
    if not options.count_unanswered:
        return
    try:
        await run_in_threadpool(lambda: assistant.evidence.note_unanswered(answer))
    except Exception as error:  # the answer is out; a count is not worth an error
        log.warning("an unanswered question could not be counted: %s", type(error).__name__)
