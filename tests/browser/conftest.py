"""A page served on loopback and a real browser that can resolve no name but ours."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from assistant.web.app import create_app
from assistant.web.options import WebOptions
from tests.web.fakes import FakeAssistant

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
LOCAL = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "about:")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRADIO_AND_PANDAS = (
    "ignore:'future.no_silent_downcasting' is deprecated:pandas.errors.Pandas4Warning",
    "ignore:The copy keyword is deprecated:pandas.errors.Pandas4Warning",
)
"""Gradio counts its queue with pandas in ways that pandas has begun to warn about."""
WATCH = """addEventListener('securitypolicyviolation', (event) => {
  window.cspViolations = [...(window.cspViolations || []), event.violatedDirective + ' ' + event.blockedURI];
});"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A browser on a busy machine is now and then late; a fault of ours fails a second time too.
            item.add_marker(pytest.mark.flaky(reruns=1))
            item.add_marker(pytest.mark.filterwarnings(*GRADIO_AND_PANDAS))


def axe_script() -> str:
    """The text of axe-core: from the development dependency that carries it."""
    found = find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        _missing("axe-playwright-python, which carries axe-core, is not installed")
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")  # type: ignore[union-attr,index]


def _missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@dataclass
class Site:
    """A served application; `home` is the address of its page."""

    home: str
    assistant: FakeAssistant
    stop: Callable[[], None]


def serve(assistant: FakeAssistant, **options: Any) -> Site:
    """The application on a free port, run in a thread of its own."""
    chosen = WebOptions(**{"asks_per_minute": 0, "reads_per_minute": 0, **options})
    started: threading.Event = threading.Event()
    held: list[uvicorn.Server] = []

    async def run() -> None:
        app = create_app(assistant, options=chosen)  # type: ignore[arg-type]
        config = uvicorn.Config(
            app, port=0, log_level="error", proxy_headers=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        held.append(server)
        serving = asyncio.create_task(server.serve())
        while not server.started and not serving.done():
            await asyncio.sleep(0.02)
        started.set()
        await serving

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert started.wait(60)
    assert held[0].started
    port = held[0].servers[0].sockets[0].getsockname()[1]

    def stop() -> None:
        held[0].should_exit = True
        thread.join(20)

    return Site(f"http://127.0.0.1:{port}{chosen.mount_path}/", assistant, stop)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        _missing("no Chromium on this computer")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    served = serve(FakeAssistant())
    yield served
    served.stop()


@dataclass
class Visit:
    """One tab and everything it did."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Visit:
        self.page.goto(address)
        self.page.locator("#ea-question textarea").wait_for()
        return self

    def ask(self, question: str) -> None:
        asked = self.page.locator(".ea-asked")
        before = asked.count()
        self.page.fill("#ea-question textarea", question)
        self.page.keyboard.press("Enter")
        asked.nth(before).wait_for()
        self.until_said("Answer ready")

    def until_said(self, words: str) -> None:
        self.page.locator("#ea-ask").wait_for()
        self.page.locator("#ea-status-live", has_text=words).wait_for(state="attached")

    def axe(self) -> list[str]:
        """What axe-core finds wrong, one line each."""
        self.page.evaluate(axe_script())
        run = "(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules}})"
        found = self.page.evaluate(run, RULES)["violations"]
        return [f"{fault['id']}: {node['html'][:200]}" for fault in found for node in fault["nodes"]]

    def too_wide(self) -> list[str]:
        """What makes the page scroll sideways, as it is and with the wide text that WCAG 1.4.12 names."""
        script = (Path(__file__).parent / "too_wide.js").read_text("utf-8")
        return [str(element) for element in self.page.evaluate(script)]

    def assert_quiet(self) -> None:
        """Nothing left the computer, nothing broke the policy, nothing was complained about."""
        assert [url for url in self.requests if not url.startswith(LOCAL)] == []
        for frame in self.page.frames:
            assert frame.evaluate("window.cspViolations || []") == []
        assert self.complaints == []


def until(page: Page, expression: str, *, arg: Any = None, seconds: float = 60.0) -> None:
    """Wait until a JavaScript expression holds; asked from outside, as our policy lets no page evaluate."""
    ends = time.monotonic() + seconds
    while not page.evaluate(expression, arg):
        assert time.monotonic() < ends, f"never true: {expression}"
        page.wait_for_timeout(100)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    contexts: list[BrowserContext] = []

    def new(width: int = 1280, height: int = 900, **options: Any) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(60_000)
        context.add_init_script(WATCH)
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.on("pageerror", lambda error: visit.complaints.append(f"error: {error}"))
        visit.page.on("dialog", lambda dialog: visit.complaints.append(f"dialog: {dialog.message}"))
        visit.page.on(
            "console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None
        )
        return visit

    yield new
    for context in contexts:
        context.close()
