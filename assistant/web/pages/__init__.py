"""The pages, in the order of the navigation. A new page is one row here and one file beside this one."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI

from assistant.security.limits import RateLimit
from assistant.web.admission import Admission
from assistant.web.options import WebOptions
from assistant.web.pages.frame import page_foot, page_head
from assistant.web.pages.theme import page_theme

if TYPE_CHECKING:
    from assistant.engine import Assistant


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its name, its address below the mount path, what it is for in a sentence, what builds it."""

    name: str
    address: str
    line: str
    builder: str


PAGES: tuple[Page, ...] = (
    Page(
        "Ask",
        "",
        "Ask about sharing what you know with other organisations. "
        "Each sentence of an answer leads to the study it comes from.",
        "assistant.web.pages.ask:build_ask",
    ),
    Page(
        "Diagnose",
        "diagnose",
        "Say how things stand where you are, and see what fits. A first answer comes after two questions.",
        "assistant.web.pages.diagnose:build_diagnose",
    ),
    Page(
        "Mechanisms",
        "mechanisms",
        "Ways of sharing what organisations know: what each needs, what it costs, what studies found.",
        "assistant.web.pages.mechanisms:build_mechanisms",
    ),
    Page(
        "Evidence",
        "evidence",
        "What has been studied on sharing knowledge, and where nobody has looked yet.",
        "assistant.web.pages.evidence:build_evidence",
    ),
    Page(
        "Monitor",
        "monitor",
        "Keep your relationships and diagnoses, and see what moves from one quarter to the next.",
        "assistant.web.pages.monitor:build_monitor",
    ),
    Page(
        "Review",
        "review",
        "Rate answers without knowing who made them, and see how far raters agree.",
        "assistant.web.pages.review:build_review",
    ),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page may use: the engine, the options, and the shared limits."""

    assistant: Assistant
    options: WebOptions
    admission: Admission
    asks: RateLimit


def page_paths() -> tuple[str, ...]:
    """Addresses of the pages besides the first, which is at the mount path itself."""
    return tuple(page.address for page in PAGES if page.address)


def mount_pages(
    api: FastAPI, assistant: Assistant, options: WebOptions, *, admission: Admission, asks: RateLimit
) -> FastAPI:
    """`api` with every page mounted at the public path."""
    desk = Desk(assistant, options, admission, asks)
    with gr.Blocks(title=options.title, analytics_enabled=False, fill_width=True) as blocks:
        _fill(PAGES[0], desk)
    for page in PAGES[1:]:
        with blocks.route(page.name, page.address, show_in_navbar=False):
            _fill(page, desk)
    blocks.queue(
        default_concurrency_limit=options.concurrency + options.max_waiting,
        max_size=4 * (options.concurrency + options.max_waiting),
        api_open=False,
    )
    with warnings.catch_warnings():
        # It warns that several pages cannot be drawn on the server, also when told not to.
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        mounted: FastAPI = gr.mount_gradio_app(
            api,
            blocks,
            path=options.mount_path or "/",
            theme=page_theme(),
            show_error=False,
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            max_file_size="1kb",
            allowed_paths=[],
        )
    return mounted


def _fill(page: Page, desk: Desk) -> None:
    """Put a page into the Blocks that are open: navigation and heading, what the page holds, the foot."""
    places = [(other.name, f"{desk.options.mount_path}/{other.address}") for other in PAGES]
    page_head(desk.options.title, page.line, places=places, here=page.name)
    _builder(page)(desk)
    page_foot()


def _builder(page: Page) -> Callable[[Desk], None]:
    module, _, name = page.builder.partition(":")
    build: Callable[[Desk], None] = getattr(import_module(module), name)
    return build
