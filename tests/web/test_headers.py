from __future__ import annotations

import gzip
import re
from importlib.resources import files

import pytest
from starlette.testclient import TestClient

from tests.web.doors import QUESTION, client

PORTAL = "https://portal.example"


@pytest.fixture(scope="module")
def door() -> TestClient:
    return client(frame_ancestors=(PORTAL,))


def policy_of(door: TestClient, path: str = "/") -> dict[str, str]:
    value = door.get(path, headers={"Accept": "text/html"}).headers["content-security-policy"]
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in value.split(";"))}


@pytest.mark.parametrize("path", ["/", "/config", "/api/ask", "/nothing", "/healthz", "/ui.js", "/embed.js"])
def test_every_response_carries_the_safety_headers(door: TestClient, path: str) -> None:
    for response in (door.get(path), door.get(path, headers={"Host": "evil.example"})):
        headers = response.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "script-src 'self' 'nonce-" in headers["content-security-policy"]
        assert "cache-control" in headers
        assert "server" not in headers


def test_scripts_need_our_nonce_and_may_not_be_made_from_text(door: TestClient) -> None:
    policy = policy_of(door)
    assert "unsafe" not in policy["script-src"]
    assert policy["frame-ancestors"] == f"'self' {PORTAL}"
    assert policy["object-src"] == policy["frame-src"] == policy["form-action"] == "'none'"
    assert "http" not in policy["connect-src"] + policy["img-src"] + policy["font-src"]


def test_the_nonce_is_fresh_and_stands_on_every_script_of_the_page(door: TestClient) -> None:
    nonces = set()
    for _ in range(3):
        response = door.get("/", headers={"Accept": "text/html"})
        [nonce] = re.findall(r"'nonce-([^']+)'", response.headers["content-security-policy"])
        tags = re.findall(r"<script[^>]*>", response.text)
        assert len(tags) > 3
        assert all(f'nonce="{nonce}"' in tag for tag in tags)
        nonces.add(nonce)
    assert len(nonces) == 3


def test_our_script_runs_first_and_nothing_in_the_page_points_outside(door: TestClient) -> None:
    page = door.get("/", headers={"Accept": "text/html"}).text
    assert page.index("ui.js") < page.index("gradio_config")
    head = page[: page.index("window.gradio_config")]
    assert "http" not in re.sub(rf"{PORTAL}|http-equiv", "", head)
    assert '<html\n\tlang="en-GB"' in page
    assert "raw.githubusercontent" not in page
    assert "manifest.json" not in page
    assert "site-packages" not in page


def test_answers_are_never_stored_and_named_files_are_kept(door: TestClient) -> None:
    assert door.post("/api/ask", json=QUESTION).headers["cache-control"] == "no-store"
    page = door.get("/", headers={"Accept": "text/html"}).text
    [script] = re.findall(r'src="(/ui\.js\?v=[^"]+)"', page)
    [asset] = re.findall(r'src="\./(assets/index-[^"]+\.js)"', page)
    assert "immutable" in door.get(script).headers["cache-control"]
    assert "immutable" in door.get(f"/{asset}").headers["cache-control"]
    assert "immutable" not in door.get("/ui.js?v=other").headers["cache-control"]


def test_a_file_that_has_not_changed_is_not_sent_again(door: TestClient) -> None:
    tag = door.get("/embed.js").headers["etag"]
    again = door.get("/embed.js", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_only_the_embed_script_may_be_loaded_by_other_sites(door: TestClient) -> None:
    assert door.get("/embed.js").headers["cross-origin-resource-policy"] == "cross-origin"
    assert door.get("/ui.js").headers["cross-origin-resource-policy"] == "same-origin"
    assert door.get("/api/source?passage_id=x").headers["cross-origin-resource-policy"] == "same-origin"


def test_the_embed_script_stays_small() -> None:
    script = files("assistant.web").joinpath("static", "embed.js").read_bytes()
    assert len(gzip.compress(script)) <= 4096


def test_a_stream_is_not_held_back(door: TestClient) -> None:
    with door.stream("POST", "/api/ask", json=QUESTION, headers={"Accept": "text/event-stream"}) as response:
        assert response.headers["x-accel-buffering"] == "no"
        assert "content-length" not in response.headers
        assert "content-encoding" not in response.headers
