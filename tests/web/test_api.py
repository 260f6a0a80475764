from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant import wire
from assistant.errors import NotReadyError
from tests.web.doors import QUESTION, client
from tests.web.fakes import ALL, FakeAssistant


@pytest.fixture(scope="module")
def door() -> TestClient:
    return client()


def events_of(text: str) -> list[tuple[str, dict[str, Any]]]:
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_a_question_comes_back_as_the_answer_of_the_engine(door: TestClient) -> None:
    response = door.post("/api/ask", json={**QUESTION, "id": "q1"})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    expected = wire.answer_json(FakeAssistant().answer(QUESTION["question"], id="q1"))
    assert response.json() == json.loads(wire.dumps(expected))


def test_what_was_said_before_reaches_the_engine() -> None:
    assistant = FakeAssistant()
    turns = [{"role": "user", "text": "Do calls help?"}, {"role": "assistant", "text": "They do."}]
    client(assistant).post("/api/ask", json={**QUESTION, "turns": turns})
    question, before = assistant.asked[-1]
    assert question == QUESTION["question"]
    assert [(turn.role, turn.text) for turn in before] == [
        ("user", "Do calls help?"),
        ("assistant", "They do."),
    ]


def test_a_stream_tells_every_verified_statement_in_order_and_ends_with_the_answer(door: TestClient) -> None:
    response = door.post("/api/ask", json=QUESTION, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    names = [name for name, _ in events]
    assert names[:2] == ["searching", "evidence"]
    assert names[-1] == "finished"
    assert set(names[2:-1]) == {"statement"}
    told = [data["statement"] for name, data in events if name == "statement"]
    plain = door.post("/api/ask", json=QUESTION).json()
    assert told == plain["statements"]
    assert events[-1][1]["answer"] == plain


def test_an_error_in_a_stream_is_its_last_event() -> None:
    assistant = FakeAssistant()
    door = client(assistant)
    headers = {"Accept": "text/event-stream"}
    assistant.fail_with = NotReadyError("Nothing is indexed yet.", hint="Run assistant ingest.")
    known = events_of(door.post("/api/ask", json=QUESTION, headers=headers).text)
    assert known == [
        ("error", {"error": {"sentence": "Nothing is indexed yet.", "hint": "Run assistant ingest."}})
    ]
    assistant.fail_with = RuntimeError("secret detail in /a/path")
    [(name, data)] = events_of(door.post("/api/ask", json=QUESTION, headers=headers).text)
    assert name == "error"
    assert "secret" not in json.dumps(data)


@pytest.mark.parametrize("field", ["query", "question"])
def test_a_search_gives_the_hits_of_the_engine(door: TestClient, field: str) -> None:
    response = door.post("/api/search", json={field: "visits", "k": 2, "id": "s1"})
    expected = wire.hits_json("s1", FakeAssistant().search("visits", k=2))
    assert response.json() == json.loads(wire.dumps(expected))


def test_a_passage_opens_at_its_source(door: TestClient) -> None:
    response = door.get("/api/source", params={"passage_id": ALL[1].id})
    body = response.json()
    assert body["text"] == ALL[1].text
    assert body["study"]["title"]
    assert [near["text"] for near in body["before"]] == [ALL[0].text]


def test_an_unknown_passage_is_not_found(door: TestClient) -> None:
    response = door.get("/api/source", params={"passage_id": "nothing:0-1"})
    assert response.status_code == 404
    assert response.json()["error"]["sentence"]


def test_a_receipt_is_checked_again(door: TestClient) -> None:
    assert door.post("/api/verify", json={"version": 1}).json()["holds"] is True
    broken = door.post("/api/verify", json={"version": 2}).json()
    assert (broken["holds"], broken["faults"]) == (False, ["The receipt has no version."])


def test_the_probes_tell_alive_from_ready() -> None:
    door = client(FakeAssistant(ready=False))
    assert door.get("/healthz").status_code == 200
    response = door.get("/readyz")
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert client().get("/readyz").json() == {"status": "ready"}


BAD_BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"{", 400),
    (b"null", 400),
    (b"[]", 400),
    (b'"x"', 400),
    (b"\xff\xfe\x00", 400),
    (b"[" * 50_000, 400),
    (b'{"question": ' * 10_000, 400),
    (b"{}", 400),
    (b'{"question": null}', 400),
    (b'{"question": 7}', 400),
    (b'{"question": ["a"]}', 400),
    (b'{"question": ""}', 400),
    (b'{"question": "  "}', 400),
    (b'{"question": "\\u0000"}', 400),
    (b'{"question": "\\ud800"}', 400),
    (b'{"question": "a", "turns": "b"}', 400),
    (b'{"question": "a", "turns": [{}]}', 400),
    (b'{"question": "a", "turns": [{"role": "system", "text": "b"}]}', 400),
    (b'{"question": "a", "turns": [{"role": "user", "text": "\\ud800"}]}', 400),
    (b'{"question": "a", "id": 5}', 400),
    (b'{"question": "a", "extra": NaN}', 400),
    (b'{"question": "a", "qestion": "b"}', 400),
    (b'{"question": "' + b"a" * 2_001 + b'"}', 413),
    (b'{"question": "' + b"a" * 300_000 + b'"}', 413),
]


@pytest.mark.parametrize(
    ("body", "status"), BAD_BODIES, ids=lambda v: str(v[:40]) if isinstance(v, bytes) else ""
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_garbage_gets_one_clear_sentence_and_no_trace(
    door: TestClient, body: bytes, status: int, accept: str
) -> None:
    headers = {"Content-Type": "application/json", "Accept": accept}
    response = door.post("/api/ask", content=body, headers=headers)
    assert response.status_code == status
    error = response.json()["error"]
    assert set(error) == {"sentence", "hint"}
    assert error["sentence"].endswith(".")
    assert "Traceback" not in response.text
    assert ".py" not in response.text


@pytest.mark.parametrize("path", ["/api/search", "/api/verify"])
@pytest.mark.parametrize("body", [body for body, status in BAD_BODIES if status == 400 and len(body) < 20])
def test_the_other_routes_bear_garbage_too(door: TestClient, path: str, body: bytes) -> None:
    response = door.post(path, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in ({400} if path == "/api/search" else {200, 400})


@pytest.mark.parametrize("k", [0, -1, 101, "5", 2.5, None])
def test_a_number_of_hits_out_of_range_is_refused(door: TestClient, k: object) -> None:
    assert door.post("/api/search", json={"query": "a", "k": k}).status_code == 400


def test_too_long_a_conversation_is_refused(door: TestClient) -> None:
    turns = [{"role": "user", "text": "a"}] * 41
    response = door.post("/api/ask", json={**QUESTION, "turns": turns})
    assert response.status_code == 400
    assert "41 turns" in response.json()["error"]["sentence"]


def test_a_wrong_method_is_named(door: TestClient) -> None:
    response = door.get("/api/ask")
    assert response.status_code == 405
    assert "POST" in response.json()["error"]["sentence"]


def test_what_nobody_expected_is_told_without_its_details() -> None:
    assistant = FakeAssistant()
    assistant.fail_with = RuntimeError("secret detail")
    response = client(assistant).post("/api/ask", json=QUESTION)
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.json()["error"]["hint"]


def test_an_engine_that_is_not_ready_says_so() -> None:
    assistant = FakeAssistant()
    assistant.fail_with = NotReadyError("Nothing is indexed yet.", hint="Run assistant ingest.")
    response = client(assistant).post("/api/ask", json=QUESTION)
    assert response.status_code == 503
    assert response.json() == {
        "error": {"sentence": "Nothing is indexed yet.", "hint": "Run assistant ingest."}
    }


def test_the_interface_describes_itself_and_loads_nothing_from_outside(door: TestClient) -> None:
    described = door.get("/api/openapi.json").json()
    asked = {"/api/ask", "/api/search", "/api/source", "/api/verify", "/api/evidence", "/api/gaps"}
    assert set(described["paths"]) == asked | {"/healthz", "/readyz"}
    assert door.get("/docs").status_code == 404
    assert door.get("/redoc").status_code == 404


def test_everything_works_below_a_path() -> None:
    door = client(mount_path="/ecosystem/assistant")
    assert door.post("/ecosystem/assistant/api/ask", json=QUESTION).status_code == 200
    assert door.get("/ecosystem/assistant/").status_code == 200
    assert door.get("/ecosystem/assistant/embed.js").status_code == 200
    assert door.get("/healthz").status_code == 200
    assert door.get("/ecosystem/assistant/healthz").status_code == 200
    assert door.post("/api/ask", json=QUESTION).status_code == 404
    assert door.get("/").status_code == 404
    assert "/ecosystem/assistant/ui.js?v=" in door.get("/ecosystem/assistant/").text
