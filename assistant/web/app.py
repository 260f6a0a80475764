"""The web application: page, HTTP interface and embed script behind one guard. Calls only the engine."""

from __future__ import annotations

import html
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

import assistant as package
from assistant.security.limits import RateLimit
from assistant.web import problems
from assistant.web.addresses import check_origin
from assistant.web.admission import Admission
from assistant.web.guard import Guard
from assistant.web.headers import SafetyHeaders
from assistant.web.options import WebOptions
from assistant.web.routes.ask import ask_router
from assistant.web.routes.check import check_router
from assistant.web.routes.evidence import evidence_router
from assistant.web.routes.files import StaticFile, files_router, static_file
from assistant.web.routes.state import Readiness, state_router

if TYPE_CHECKING:
    from assistant.engine import Assistant

_OWN_FILES = ("ui.js", "ui.css", "embed.js", "icon.svg")


def create_app(
    assistant: Assistant, *, options: WebOptions | None = None, readiness: Readiness | None = None
) -> ASGIApp:
    """The ASGI application. Raises SettingsError if the options contradict each other."""
    _keep_gradio_at_home()
    from assistant.web.pages import mount_pages, page_paths  # after the environment is set

    chosen = options or WebOptions()
    admission = Admission(
        slots=chosen.concurrency, waiting=chosen.max_waiting, wait_seconds=chosen.wait_seconds
    )
    asks = RateLimit(chosen.asks_per_minute, name="ask")
    served = tuple(static_file(name) for name in _OWN_FILES)
    api = _api(assistant, chosen, admission, readiness or Readiness(), served)
    mounted = mount_pages(api, assistant, chosen, admission=admission, asks=asks)
    guarded = Guard(mounted, chosen, asks=asks, pages=page_paths())
    return SafetyHeaders(guarded, chosen, head=_head(chosen, served))


def _api(
    assistant: Assistant,
    options: WebOptions,
    admission: Admission,
    readiness: Readiness,
    served: tuple[StaticFile, ...],
) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        readiness.stopping = True

    base = options.mount_path
    api = FastAPI(
        title=options.title,
        version=package.__version__,
        docs_url=None,  # its pages load scripts from outside
        redoc_url=None,
        openapi_url=f"{base}/api/openapi.json",
        lifespan=lifespan,
    )
    problems.install(api)
    api.add_middleware(
        CORSMiddleware,
        allow_origins=[check_origin(origin) for origin in options.allowed_origins],
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "Authorization", "X-API-Key", "Accept"],
    )
    state = state_router(assistant, readiness)
    for router in (
        ask_router(assistant, options, admission),
        check_router(assistant),
        evidence_router(assistant),
        files_router(served),
        state,
    ):
        api.include_router(router, prefix=base)
    if base:
        api.include_router(state, include_in_schema=False)
    return api


def _head(options: WebOptions, served: tuple[StaticFile, ...]) -> bytes:
    """What comes first in the head of every page: our style, and our script before any other."""
    base = html.escape(options.mount_path)
    version = {file.name: file.version for file in served}
    parents = html.escape(" ".join(options.frame_ancestors))
    return (
        f'<script src="{base}/ui.js?v={version["ui.js"]}" data-parents="{parents}"></script>'
        f'<link rel="stylesheet" href="{base}/ui.css?v={version["ui.css"]}">'
        f'<link rel="icon" type="image/svg+xml" href="{base}/icon.svg?v={version["icon.svg"]}">'
        f'<meta name="color-scheme" content="light dark">'
    ).encode()


def _keep_gradio_at_home() -> None:
    """Forbid every call home. Must run before Gradio is imported for the first time."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
