import json
import sys
import threading
import time

import pytest

from assistant.errors import SettingsError
from assistant.language.breaker import Breaker
from assistant.language.faults import Fault, ModelFault
from assistant.language.models import ChatModel, ModelLimits, make_chat_model
from assistant.language.providers import local
from tests.language.servers.loopback import Answering, Connection, LoopbackServer, event
from tests.language.servers.scripted import FAULTS

SHORT = ModelLimits(
    connect_seconds=0.2,
    first_token_seconds=0.3,
    total_seconds=1.0,
    most_raw_bytes=500_000,
    backoff_seconds=0.02,
)


def told(server: LoopbackServer, limits: ModelLimits = SHORT) -> ChatModel:
    model = make_chat_model("openai:m", server.base_url, "secret-key", limits)
    model.breaker = Breaker(failures=10**9)
    return model


def fault_of(answering: Answering, limits: ModelLimits = SHORT) -> Fault:
    with LoopbackServer(answering) as server, pytest.raises(ModelFault) as caught:
        list(told(server, limits).stream("be kind", "asked"))
    return caught.value.fault


def says(connection: Connection) -> None:
    connection.head()
    connection.text("Hello, is this whole?", size=3)
    connection.done()


def test_a_reply_comes_in_pieces_and_nothing_else_is_sent_than_the_two_messages() -> None:
    with LoopbackServer(says) as server:
        parts = list(told(server).stream("be kind", "asked"))
        assert "".join(parts) == "Hello, is this whole?"
        assert len(parts) == 7
        (body,) = server.received
        assert body["messages"] == [
            {"role": "system", "content": "be kind"},
            {"role": "user", "content": "asked"},
        ]
        assert body["stream"] is True
        assert "tools" not in body
        assert "secret-key" not in json.dumps(body)
        assert "authorization: bearer secret-key" in server.heads[0].lower()


@pytest.mark.parametrize(
    ("mode", "fault"),
    [
        ("silent", Fault.SLOW),
        ("hangs_up", Fault.CUT),
        ("drips", Fault.SLOW),
        ("stalls_midway", Fault.SLOW),
        ("cut", Fault.CUT),
        ("endless_line", Fault.TOO_LONG),
        ("invalid_json", Fault.UNREADABLE),
        ("web_page", Fault.UNREADABLE),
        ("empty", Fault.EMPTY),
        ("too_many", Fault.BUSY),
        ("server_error", Fault.BROKEN),
        ("unauthorised", Fault.REFUSED),
        ("packed", Fault.UNREADABLE),
    ],
)
def test_each_fault_is_told_by_its_name(mode: str, fault: Fault) -> None:
    assert fault_of(FAULTS[mode]) == fault


def forever(connection: Connection) -> None:
    connection.head()
    while connection.running:
        connection.send(event("word " * 40))
        connection.wait(0.01)


def test_a_reply_that_never_pauses_ends_at_the_total_or_at_its_bytes() -> None:
    started = time.monotonic()
    assert fault_of(forever, ModelLimits(total_seconds=0.5)) == Fault.SLOW
    assert time.monotonic() - started < 1.0
    assert fault_of(forever, ModelLimits(most_text_bytes=2_000)) == Fault.TOO_LONG


@pytest.mark.parametrize(
    ("status", "tries"),
    [
        ("429 Too Many Requests", 3),
        ("500 Oops", 3),
        ("503 Away", 3),
        ("400 Bad", 1),
        ("401 No", 1),
        ("404 No", 1),
    ],
)
def test_only_faults_that_may_pass_are_tried_again_and_twice_at_most(status: str, tries: int) -> None:
    with LoopbackServer(lambda c: c.error(status)) as server, pytest.raises(ModelFault):
        list(told(server).stream("s", "u"))
    assert len(server.received) == tries


def test_a_server_that_recovers_is_heard() -> None:
    count = [0]

    def second_time(connection: Connection) -> None:
        count[0] += 1
        FAULTS["server_error"](connection) if count[0] == 1 else says(connection)

    with LoopbackServer(second_time) as server:
        assert "".join(told(server).stream("s", "u")) == "Hello, is this whole?"


@pytest.mark.parametrize(("asked", "least"), [("0.2", 0.2), (None, 0.0)])
def test_what_the_server_asks_to_wait_is_waited_with_a_random_part(asked: str | None, least: float) -> None:
    headers = {"retry_after": asked} if asked else {}
    waits: list[float] = []
    with LoopbackServer(lambda c: c.error("429 Busy", **headers)) as server:
        inner = told(server)
        model = ChatModel(
            inner._model,
            name="m",
            limits=ModelLimits(total_seconds=60, backoff_seconds=0.05),
            sleep=waits.append,
        )
        with pytest.raises(ModelFault):
            list(model.stream("s", "u"))
    assert len(waits) == 2
    assert least <= waits[0] <= least + 0.05
    assert least <= waits[1] <= least + 0.1


def test_a_wait_beyond_the_limit_is_not_begun() -> None:
    started = time.monotonic()
    assert fault_of(FAULTS["too_many_for_an_hour"]) == Fault.BUSY
    assert time.monotonic() - started < 0.5


def test_nothing_is_tried_again_once_words_have_come() -> None:
    with LoopbackServer(FAULTS["cut"]) as server, pytest.raises(ModelFault):
        list(told(server).stream("s", "u"))
    assert len(server.received) == 1


def test_an_answer_that_is_no_longer_wanted_frees_its_thread_and_counts_as_heard() -> None:
    with LoopbackServer(forever) as server:
        model = told(server)
        model.breaker = Breaker()
        stream = model.stream("s", "u")
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        ends = time.monotonic() + 2
        while any(t.name == "chat-model" for t in threading.enumerate()) and time.monotonic() < ends:
            time.sleep(0.02)
        assert not any(t.name == "chat-model" for t in threading.enumerate())
        assert not model.breaker.is_open


def test_five_failures_open_the_breaker_and_then_nothing_is_sent() -> None:
    with LoopbackServer(FAULTS["unauthorised"]) as server:
        model = make_chat_model("openai:m", server.base_url, "k", SHORT)
        for _ in range(7):
            with pytest.raises(ModelFault):
                list(model.stream("s", "u"))
        assert len(server.received) == 5
        with pytest.raises(ModelFault) as caught:
            list(model.stream("s", "u"))
        assert caught.value.fault == Fault.RESTING


def test_proxies_and_keys_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "from-the-environment")
    with LoopbackServer(says) as server:
        assert list(make_chat_model("openai:m", server.base_url, "", SHORT).stream("s", "u"))
        assert "from-the-environment" not in server.heads[0]


@pytest.mark.parametrize("provider", ["anthropic", "ollama"])
@pytest.mark.parametrize("mode", ["silent", "server_error", "garbage", "endless_line", "packed"])
def test_other_providers_are_held_to_the_same_limits(provider: str, mode: str) -> None:
    with LoopbackServer(FAULTS[mode]) as server:
        model = make_chat_model(f"{provider}:m", server.base_url, "k", SHORT)
        started = time.monotonic()
        with pytest.raises(ModelFault):
            list(model.stream("s", "u"))
        assert time.monotonic() - started < 2.0
        assert server.received


@pytest.mark.parametrize("provider", ["anthropic", "ollama", "openai"])
def test_no_provider_follows_a_redirect(provider: str) -> None:
    with LoopbackServer(says) as elsewhere:

        def moved(connection: Connection) -> None:
            connection.error("307 Moved", location=elsewhere.base_url)

        with LoopbackServer(moved) as server, pytest.raises(ModelFault):
            list(make_chat_model(f"{provider}:m", server.base_url, "k", SHORT).stream("s", "u"))
        assert server.received
        assert elsewhere.received == []


@pytest.mark.parametrize("provider", ["anthropic", "ollama", "openai"])
def test_a_missing_package_is_an_error_that_names_the_extra(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, f"langchain_{provider}", None)
    with pytest.raises(SettingsError, match=rf"pip install \"learning-ecosystem-assistant\[{provider}\]\""):
        make_chat_model(f"{provider}:m")


@pytest.mark.parametrize("name", ["gpt-4o", "openai:", ":m", "nobody:m"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(SettingsError):
        make_chat_model(name)


@pytest.mark.parametrize(
    "address", ["ftp://x", "x", "http://", "http://me:pw@127.0.0.1/v1", "http://[", "file:///e"]
)
def test_an_address_that_is_none_or_holds_a_password_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        make_chat_model("openai:m", address, "k")
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "address", "here"),
    [
        ("openai:m", "", False),
        ("ollama:m", "", True),
        ("ollama:m", "http://gpu.example:11434", False),
        ("openai:m", "http://127.0.0.1:8080/v1", True),
        ("openai:m", "http://[::1]:8080/v1", True),
        ("openai:m", "http://localhost:8080/v1", True),
        ("openai:m", "http://localhost.evil.example/v1", False),
    ],
)
def test_a_model_on_this_computer_is_told_from_one_elsewhere(name: str, address: str, here: bool) -> None:
    assert local(name, address) is here
