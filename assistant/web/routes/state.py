"""`/healthz`: the process is alive, no I/O. `/readyz`: questions can be answered now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import JSONResponse

from assistant.web.problems import problem

if TYPE_CHECKING:
    from assistant.engine import Assistant


class Readiness:
    """Whether this process takes questions; turned off when it is told to stop."""

    def __init__(self) -> None:
        self.stopping = False


def state_router(assistant: Assistant, readiness: Readiness) -> APIRouter:
    """The two probes. Neither says anything about what is indexed: they are open to everybody."""
    router = APIRouter(tags=["state"])

    @router.get("/healthz", summary="Is the process alive?")
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    @router.get("/readyz", summary="Can questions be answered now?")
    async def readyz() -> JSONResponse:
        if readiness.stopping:
            return problem(503, "The service is stopping.", headers={"Retry-After": "10"})
        if not assistant.ready:
            return problem(503, "The index is not ready yet.", headers={"Retry-After": "5"})
        return JSONResponse({"status": "ready"})

    return router
