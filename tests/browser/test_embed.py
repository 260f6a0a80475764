from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.conftest import Site, Visit, serve
from tests.web.fakes import FakeAssistant

Tab = Callable[..., Visit]


class Host:
    """A page of somebody else, with a strict policy, on a name and port of its own."""

    def __init__(self) -> None:
        self.page = b""
        self.policy = ""
        self.style = b"body { margin: 40px } * { color: rgb(200, 0, 0) }"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = self.path == "/"
                body = outer.page if page else outer.style if self.path == "/host.css" else b""
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html" if page else "text/css")
                self.send_header("Content-Length", str(len(body)))
                if page:
                    self.send_header("Content-Security-Policy", outer.policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def show(self, site: Site) -> None:
        us = site.home.rstrip("/")
        self.page = (
            '<!doctype html><html lang="en"><head><title>Portal</title><link rel="icon" href="data:,">'
            '<link rel="stylesheet" href="/host.css">'
            f'<script src="{us}/embed.js" data-label="Ask the evidence"></script></head>'
            "<body><main><h1>Portal</h1><p><a href='#x'>A link</a></p></main></body></html>"
        ).encode()
        self.policy = f"default-src 'none'; script-src {us}; style-src 'self'; img-src data:; frame-src {us}"

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.stop()


@pytest.fixture
def embedded(host: Host) -> Iterator[Site]:
    site = serve(FakeAssistant(), frame_ancestors=(host.origin,))
    host.show(site)
    yield site
    site.stop()


def test_the_widget_works_on_a_strict_page_of_another_origin(visit: Tab, host: Host, embedded: Site) -> None:
    tab = visit()
    page = tab.page
    page.goto(host.origin)
    launch = page.get_by_role("button", name="Ask the evidence")
    launch.wait_for()
    assert {url.rsplit("/", 1)[-1] for url in tab.requests if url.startswith(embedded.home)} == {"embed.js"}
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.textContent") == "Close"
    frame = page.frame_locator("iframe")
    frame.locator("#ea-question textarea").fill("Do visits help?")
    frame.locator("#ea-question textarea").press("Enter")
    frame.locator("#ea-status-live", has_text="Answer ready").wait_for(state="attached")
    frame.locator("a.ea-cite").first.click()
    assert frame.locator(".ea-now mark").count() == 1
    frame.locator(".ea-now summary").first.press("Escape")
    assert page.get_by_role("dialog").is_visible(), "the first Escape leads back to the answer"
    frame.locator("a.ea-cite").first.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.textContent") == "Ask the evidence"
    tab.assert_quiet()


def test_the_host_page_is_left_as_it_was(visit: Tab, host: Host, embedded: Site) -> None:
    tab = visit()
    tab.page.goto(host.origin)
    tab.page.get_by_role("button", name="Ask the evidence").click()
    assert tab.page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(200, 0, 0)"
    button = "document.querySelector('evidence-assistant').shadowRoot.querySelector('button')"
    assert tab.page.evaluate(f"getComputedStyle({button}).color") == "rgb(255, 255, 255)"
    assert tab.page.evaluate("document.cookie") == ""
    assert tab.axe() == []


def test_a_forged_message_does_not_close_the_widget(visit: Tab, host: Host, embedded: Site) -> None:
    page = visit().page
    page.goto(host.origin)
    page.get_by_role("button", name="Ask the evidence").click()
    page.evaluate("window.postMessage({type: 'evidence:close'}, location.origin)")
    page.wait_for_timeout(200)
    assert page.get_by_role("dialog").is_visible()


def test_a_page_that_is_not_listed_may_not_frame_the_assistant(visit: Tab, host: Host, site: Site) -> None:
    host.show(site)
    tab = visit()
    tab.page.goto(host.origin)
    tab.page.get_by_role("button", name="Ask the evidence").click()
    tab.page.wait_for_timeout(1500)
    assert tab.page.frame_locator("iframe").locator("#ea-question").count() == 0
    assert any("frame-ancestors" in complaint for complaint in tab.complaints)


@pytest.mark.parametrize("times", range(5))
def test_the_framed_page_loads_every_time(visit: Tab, host: Host, embedded: Site, times: int) -> None:
    page = visit(width=360).page
    page.goto(host.origin)
    page.get_by_role("button", name="Ask the evidence").click()
    page.frame_locator("iframe").locator("#ea-question textarea").wait_for()
