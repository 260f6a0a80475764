"""`GET /api/source` and `POST /api/verify`: open a passage at its source, check a receipt again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from assistant import wire
from assistant.errors import InputError
from assistant.web.problems import problem
from assistant.web.schemas import ERRORS, ErrorBody

if TYPE_CHECKING:
    from assistant.engine import Assistant


def check_router(assistant: Assistant) -> APIRouter:
    """The routes that let a reader check what was said."""
    router = APIRouter(prefix="/api", responses=ERRORS, tags=["check"])

    @router.get(
        "/source",
        summary="Open a passage at its source",
        response_class=JSONResponse,
        responses={404: {"model": ErrorBody, "description": "There is no such passage."}},
    )
    async def source(passage_id: Annotated[str, Query(min_length=1, max_length=500)]) -> Response:
        try:
            opened = await run_in_threadpool(assistant.source, passage_id)
        except InputError as error:
            return problem(404, error.sentence, error.hint)
        return Response(wire.dumps(wire.source_json(opened)), media_type="application/json")

    @router.post("/verify", summary="Check a receipt again", response_class=JSONResponse)
    async def verify(receipt: Annotated[dict[str, Any], Body()]) -> Response:
        checked = await run_in_threadpool(assistant.verify, receipt)
        return Response(wire.dumps(wire.receipt_check_json(checked)), media_type="application/json")

    return router
