"""`POST /api/ask` and `POST /api/search`: answers and hits as JSON, or an answer as it is verified."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from assistant import wire
from assistant.domain.answers import Answer
from assistant.domain.conversation import Turn
from assistant.domain.events import Event, Finished
from assistant.errors import AssistantError, InputError
from assistant.security.sanitising import plain_text, question_text
from assistant.web.admission import Admission
from assistant.web.options import WebOptions
from assistant.web.problems import TRY_AGAIN, UNEXPECTED, error_body, log
from assistant.web.pump import pumped
from assistant.web.refused import count_unanswered
from assistant.web.schemas import ERRORS, AskBody, SearchBody

if TYPE_CHECKING:
    from assistant.engine import Assistant

EVENT_STREAM = "text/event-stream"
_STREAM_DOC = {
    "description": "The answer; or, if `Accept` asks for `text/event-stream`, events "
    "`searching`, `evidence`, `statement` (one for each verified sentence), `finished` or `error`.",
    "content": {
        EVENT_STREAM: {"schema": {"type": "string"}},
        "application/json": {"schema": {"type": "object"}},
    },
}


def ask_router(assistant: Assistant, options: WebOptions, admission: Admission) -> APIRouter:
    """The routes that answer questions."""
    router = APIRouter(prefix="/api", responses=ERRORS, tags=["ask"])

    @router.post("/ask", summary="Ask a question", response_class=JSONResponse, responses={200: _STREAM_DOC})
    async def ask(body: AskBody, accept: Annotated[str, Header()] = "*/*") -> Response:
        question = question_text(body.question, longest=options.max_question_chars)
        turns = _turns(body, options)
        if EVENT_STREAM in accept.lower():
            stream = _stream(assistant, options, admission, question, turns, body.id)
            return StreamingResponse(stream, media_type=EVENT_STREAM, headers=_STREAM_HEADERS)
        async with admission.slot():
            answer = await run_in_threadpool(assistant.answer, question, turns=turns, id=body.id)
        counting = BackgroundTask(count_unanswered, assistant, options, answer)
        return _json(wire.answer_json(answer), afterwards=counting)

    @router.post("/search", summary="Find passages", response_class=JSONResponse)
    async def search(body: SearchBody) -> Response:
        given = [text for text in (body.query, body.question) if text is not None]
        if len(given) != 1:
            raise InputError("Say what to search for, once.", hint="Send 'query' or 'question', not both.")
        query = question_text(given[0], longest=options.max_question_chars)
        async with admission.slot():
            hits = await run_in_threadpool(assistant.search, query, k=body.k, id=body.id)
        return _json(wire.hits_json(body.id, hits))

    return router


_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def _json(value: object, *, afterwards: BackgroundTask | None = None) -> Response:
    return Response(wire.dumps(value), media_type="application/json", background=afterwards)


def _turns(body: AskBody, options: WebOptions) -> tuple[Turn, ...]:
    if len(body.turns) > options.max_turns:
        raise InputError(
            f"The conversation has {len(body.turns)} turns, and the limit is {options.max_turns}.",
            hint="Send only the latest turns.",
        )
    for place, turn in enumerate(body.turns, start=1):
        if len(turn.text) > 10 * options.max_question_chars:
            raise InputError(f"Turn {place} of the conversation is too long.", hint="Shorten it.")
        plain_text(turn.text, what=f"Turn {place} of the conversation")
    return tuple(Turn(turn.role, turn.text) for turn in body.turns)


async def _stream(
    assistant: Assistant,
    options: WebOptions,
    admission: Admission,
    question: str,
    turns: tuple[Turn, ...],
    id: str | None,
) -> AsyncIterator[str]:
    """Server-sent events; the first byte is already out, so that an error is an event, too."""
    answer: Answer | None = None
    try:
        async with admission.slot():
            async for event in pumped(lambda: assistant.ask(question, turns=turns, id=id)):
                yield _event_text(event)
                answer = event.answer if isinstance(event, Finished) else None
        if answer is not None:
            await count_unanswered(assistant, options, answer)
    except AssistantError as error:
        yield _text("error", error_body(error.sentence, error.hint))
    except Exception as error:  # a web handler: the caller gets a sentence, the log gets the class
        log.error("unexpected %s in a stream", type(error).__name__, exc_info=error)
        yield _text("error", error_body(UNEXPECTED, TRY_AGAIN))


def _event_text(event: Event) -> str:
    data = wire.event_json(event)
    return _text(str(data.pop("event")), data)


def _text(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {wire.dumps(data)}\n\n"
