from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.errors import SettingsError
from assistant.security.keys import hash_key
from assistant.security.limits import RateLimit
from assistant.web.addresses import AddressBook, host_name
from assistant.web.guard import Guard
from assistant.web.options import WebOptions
from tests.web.doors import HOME, QUESTION, client
from tests.web.fakes import FakeAssistant

KEY = "a-random-key"
PORTAL = "https://portal.example"
ROUTES = [
    ("GET", "/"),
    ("GET", "/config"),
    ("GET", "/theme.css"),
    ("GET", "/ui.js"),
    ("GET", "/assets/none.js"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/source?passage_id=x"),
    ("POST", "/api/ask"),
    ("POST", "/api/search"),
    ("POST", "/api/verify"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/data?session_hash=x"),
    ("POST", "/gradio_api/cancel"),
    ("GET", "/nothing-here"),
    ("DELETE", "/api/ask"),
    ("OPTIONS", "/api/ask"),
    ("HEAD", "/"),
]
OPEN = [("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/embed.js")]


@pytest.fixture(scope="module")
def at_home() -> TestClient:
    return client(allowed_origins=(PORTAL,), allowed_hosts=("assistant.trust.example",))


@pytest.fixture(scope="module")
def behind_proxy() -> TestClient:
    return client(peer="10.0.0.5", identity_header="X-Forwarded-User", trusted_proxies=("10.0.0.0/29",))


@pytest.fixture(scope="module")
def stranger() -> TestClient:
    return client(peer="10.9.9.9", identity_header="X-Forwarded-User", trusted_proxies=("10.0.0.0/29",))


@pytest.fixture(scope="module")
def with_keys() -> TestClient:
    return client(peer="10.9.9.9", api_key_hashes=(hash_key(KEY),))


def send(door: TestClient, method: str, path: str, headers: dict[str, Any] | None = None) -> Any:
    body = {"json": QUESTION} if method == "POST" else {}
    return door.request(method, path, headers=headers or {}, **body)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_answers_a_caller_without_identity(
    with_keys: TestClient, stranger: TestClient, behind_proxy: TestClient, method: str, path: str
) -> None:
    for door in (with_keys, stranger, behind_proxy):
        response = send(door, method, path)
        assert response.status_code == 401
        assert "www-authenticate" in response.headers


@pytest.mark.parametrize(("method", "path"), OPEN)
def test_probes_and_the_embed_script_need_no_identity(with_keys: TestClient, method: str, path: str) -> None:
    assert send(with_keys, method, path).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-User": "anna"},
        {"x-forwarded-user": "anna", "X-Forwarded-For": "10.0.0.5"},
        {"X-Forwarded-User": "anna", "Forwarded": "for=10.0.0.5"},
        {"X-Forwarded-User": "anna", "X-Real-IP": "10.0.0.5"},
        {"X-Assistant-Principal": "user:anna"},
        {"Remote-User": "anna"},
        {"Authorization": "Bearer anna"},
        {"Authorization": "Basic YTph"},
        {"X-API-Key": hash_key(KEY)},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("POST", "/api/ask"), ("POST", "/gradio_api/queue/join")]
)
def test_a_forged_identity_is_refused(
    stranger: TestClient, with_keys: TestClient, headers: dict[str, str], method: str, path: str
) -> None:
    assert send(stranger, method, path, headers).status_code == 401
    assert send(with_keys, method, path, headers).status_code == 401


def test_the_proxy_is_believed_when_it_names_one_person(behind_proxy: TestClient) -> None:
    assert send(behind_proxy, "POST", "/api/ask", {"X-Forwarded-User": "anna"}).status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "a" * 257, "anna\tbert"])
def test_a_name_that_is_not_one_clear_name_is_refused(behind_proxy: TestClient, name: str) -> None:
    assert send(behind_proxy, "POST", "/api/ask", {"X-Forwarded-User": name}).status_code == 401


def test_two_names_are_refused(behind_proxy: TestClient) -> None:
    doubled = [("X-Forwarded-User", "anna"), ("X-Forwarded-User", "bert")]
    assert behind_proxy.post("/api/ask", json=QUESTION, headers=doubled).status_code == 401


@pytest.mark.parametrize(
    "headers", [{"Authorization": f"Bearer {KEY}"}, {"X-API-Key": KEY}, {"Authorization": f"bearer {KEY}"}]
)
def test_an_api_key_opens_the_door(with_keys: TestClient, headers: dict[str, str]) -> None:
    assert send(with_keys, "POST", "/api/ask", headers).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "https://portal.example.evil.example",
        "https://portal.example:444",
        "http://portal.example",
        "https://PORTAL.example.",
        "file://",
        "",
        "*",
        "http://127.0.0.1:9999",
        "https://portal.example, https://evil.example",
        "http://127.0.0.1:8000@evil.example",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [*ROUTES, *OPEN, ("OPTIONS", "/api/ask"), ("OPTIONS", "/config")]
)
def test_an_origin_that_is_not_listed_is_refused_everywhere(
    at_home: TestClient, origin: str, method: str, path: str
) -> None:
    response = send(at_home, method, path, {"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("origin", [HOME, PORTAL])
def test_our_own_origin_and_a_listed_one_are_served(at_home: TestClient, origin: str) -> None:
    response = send(at_home, "POST", "/api/ask", {"Origin": origin})
    assert response.status_code == 200
    allowed = response.headers.get("access-control-allow-origin")
    assert allowed == (PORTAL if origin == PORTAL else None)
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("path", ["/config", "/gradio_api/queue/join", "/api/ask"])
def test_no_answer_reflects_an_origin_with_credentials(at_home: TestClient, path: str) -> None:
    headers = {
        "Origin": PORTAL,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = at_home.options(path, headers=headers)
    assert response.headers.get("access-control-allow-origin") in {PORTAL, None}
    assert response.headers.get("access-control-allow-credentials") is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "",
        "localhost:99999999",
        "a@127.0.0.1",
        "127.0.0.1/x",
        "assistant.trust.example.",
        "[::1",
        "127.0.0.1:8000, evil.example",
        "0x7f.1",
    ],
)
@pytest.mark.parametrize(("method", "path"), [*ROUTES[:8], *OPEN])
def test_a_host_that_is_not_listed_is_refused_everywhere(
    at_home: TestClient, host: str, method: str, path: str
) -> None:
    assert send(at_home, method, path, {"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "Assistant.Trust.example"]
)
def test_a_listed_host_is_served(at_home: TestClient, host: str) -> None:
    assert send(at_home, "GET", "/healthz", {"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://evil.example/",
        "/gradio_api/run/predict",
        "/gradio_api/call/ask",
        "/gradio_api/info",
        "/gradio_api/mcp/",
        "/gradio_api/component_server",
        "/gradio_api/deep_link",
        "/login",
        "/login/",
        "/logout",
        "/monitoring",
        "/monitoring/summary",
        "/openapi.json",
        "/manifest.json",
        "/pwa_icon",
        "/gradio_api/vibe-code",
        "/gradio_api/dev/reload",
        "/gradio_api/runs",
        "/gradio_api/profiling/summary",
        "/token",
        "/gradio_api/stream/a/b/c/playlist.m3u8",
        "/assets/%2e%2e/config",
        "/gradio_api/user",
        "/static/..%5c..%5cx",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_other_door_of_gradio_stays_shut(at_home: TestClient, path: str, method: str) -> None:
    assert send(at_home, method, path).status_code == 404


def test_a_body_over_the_limit_is_refused_even_if_it_hides_its_length() -> None:
    door = client(max_body_bytes=100)

    def pieces() -> Any:
        for _ in range(50):
            yield b"x" * 10

    headers = {"Content-Type": "application/json"}
    assert door.post("/api/ask", content=pieces(), headers=headers).status_code == 413
    assert door.post("/api/ask", content=b"x" * 101, headers=headers).status_code == 413
    assert door.post("/api/ask", content=b"x" * 100, headers=headers).status_code == 400


def test_asking_too_often_is_told_kindly_with_the_time_to_wait() -> None:
    door = client(asks_per_minute=3)
    codes = [door.post("/api/ask", json=QUESTION).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    response = door.post("/api/ask", json=QUESTION)
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert "3 times" in response.json()["error"]["sentence"]
    assert door.get("/healthz").status_code == 200
    assert door.post("/api/search", json={"query": "a"}).status_code == 200


def test_each_person_behind_the_proxy_has_a_limit_of_their_own() -> None:
    door = client(peer="10.0.0.5", identity_header="X-User", trusted_proxies=("10.0.0.5",), asks_per_minute=1)
    codes = [
        door.post("/api/ask", json=QUESTION, headers={"X-User": name}).status_code
        for name in ("anna", "bert", "anna")
    ]
    assert codes == [200, 200, 429]


def test_a_browser_is_told_in_a_page_and_a_program_in_json(with_keys: TestClient) -> None:
    page = with_keys.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 401
    assert "<h1>Sign in first.</h1>" in page.text
    assert with_keys.get("/").json()["error"]["sentence"] == "Sign in first."


def test_what_a_stranger_says_about_proxies_never_reaches_the_inside() -> None:
    seen: list[list[tuple[bytes, bytes]]] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    guard = Guard(inside, WebOptions(), asks=RateLimit(0, name="ask"))
    door = TestClient(guard, base_url=HOME, client=("127.0.0.1", 1))
    door.get(
        "/",
        headers={
            "X-Forwarded-Host": "evil.example",
            "Forwarded": "host=evil.example",
            "X-Assistant-Principal": "user:boss",
        },
    )
    names = dict(seen[0])
    assert b"x-forwarded-host" not in names
    assert b"forwarded" not in names
    assert [value for name, value in seen[0] if name == b"x-assistant-principal"] == [b"address:127.0.0.1"]


def test_a_proxy_may_not_name_a_host_that_is_not_listed() -> None:
    door = client(peer="10.0.0.5", identity_header="X-User", trusted_proxies=("10.0.0.5",))
    headers = {"X-User": "anna", "X-Forwarded-Host": "evil.example"}
    assert door.post("/api/ask", json=QUESTION, headers=headers).status_code == 400


def test_a_websocket_is_closed_at_the_door(at_home: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), at_home.websocket_connect("/gradio_api/queue/join"):
        pass


@pytest.mark.parametrize(
    "options",
    [
        {"identity_header": "X-User"},
        {"identity_header": "X-User", "trusted_proxies": ("10.0.0",)},
        {"api_key_hashes": ("the-key-itself",)},
        {"allowed_origins": ("*",)},
        {"allowed_origins": ("null",)},
        {"allowed_origins": ("https://portal.example/path",)},
        {"frame_ancestors": ("*",)},
        {"frame_ancestors": ("https://a.example; script-src *",)},
        {"frame_ancestors": ("https://*",)},
    ],
)
def test_options_that_would_open_a_hole_are_refused_at_start(options: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        client(**options)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("a.example:80", "a.example"),
        ("[::1]:80", "::1"),
        ("A.example", "a.example"),
        ("a b", ""),
        ("a/b", ""),
        ("a?b", ""),
    ],
)
def test_a_host_header_is_read_strictly(value: str, name: str) -> None:
    assert AddressBook(WebOptions(allowed_hosts=("a.example",))).knows_host(value) is (
        name in {"a.example", "::1"}
    )
    assert host_name(value) in {name, value}


def test_the_assistant_is_not_asked_by_a_refused_request() -> None:
    assistant = FakeAssistant()
    door = client(assistant, api_key_hashes=(hash_key(KEY),))
    for headers in ({}, {"Origin": "null"}, {"Host": "evil.example"}):
        door.post("/api/ask", json=QUESTION, headers=headers)
    assert assistant.asked == []


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../gradio_api/upload",
        "/assets/..",
        "/assets/a//b",
        "//api/ask",
        "/static\\..\\x",
        "/assets/a\\b",
        "/ecosystem",
        "/ecosystem/assistantapi/ask",
        "/api/ask",
        "",
    ],
)
def test_no_path_leads_around_the_list(path: str) -> None:
    below = AddressBook(WebOptions(mount_path="/ecosystem/assistant"))
    assert below.route(path) is None
    if path != "/api/ask":
        assert AddressBook(WebOptions(mount_path="/base")).route(f"/base{path or '/x'}") is None
