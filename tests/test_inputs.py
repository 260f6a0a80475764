import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.conversation import Turn
from assistant.errors import InputError, ReceiptError, StorageError
from assistant.inputs import Request, handed, opened, replies
from assistant.wire import Json, dumps


def echo(request: Request) -> Json:
    return {"id": request.name, "question": request.question, "turns": len(request.turns)}


def results(*lines: str | bytes) -> list[tuple[Json, int]]:
    return list(replies([line.encode() if isinstance(line, str) else line for line in lines], echo))


def test_each_line_gives_one_object_in_the_same_order_with_its_own_id() -> None:
    told = results(
        '{"id": "b", "question": "Two?"}', '{"id": 7, "question": "One?"}', '{"question": "None?"}'
    )
    assert [(record["id"], record["question"], code) for record, code in told] == [
        ("b", "Two?", 0),
        (7, "One?", 0),
        (None, "None?", 0),
    ]


@pytest.mark.parametrize(
    ("line", "id", "what"),
    [
        ("{oops", None, "is not JSON in UTF-8"),
        (b'{"id": "x", "question": "\xff"}', None, "is not JSON in UTF-8"),
        ("[" * 100_000, None, "is not JSON in UTF-8"),
        ('{"id": NaN, "question": "a"}', None, "is not JSON in UTF-8"),
        ('["q"]', None, "is not a JSON object"),
        ('{"id": "x"}', "x", "has no question"),
        ('{"id": "x", "question": "  "}', "x", "has no question"),
        ('{"id": "x", "question": 5}', "x", "has no question"),
        ('{"id": ["x"], "question": "a"}', None, "has an id that is neither text nor a number"),
        ('{"id": 1e400, "question": "a"}', None, "has an id that is neither text nor a number"),
        ('{"id": "x", "question": "\\ud800"}', "x", "holds half of a character"),
        ('{"id": "x", "question": "a", "turns": "b"}', "x", 'has "turns" that are not a list'),
        (
            '{"id": "x", "question": "a", "turns": [{"role": "system", "text": "b"}]}',
            "x",
            "has a turn that cannot",
        ),
        ('{"id": "x", "question": "a", "turns": [{"role": "user"}]}', "x", "has a turn that cannot be used"),
        ('{"id": "x", "question": "a", "turns": ["b"]}', "x", "has a turn that cannot be used"),
    ],
)
def test_a_bad_line_gives_an_error_in_its_place_and_the_rest_goes_on(
    line: str | bytes, id: object, what: str
) -> None:
    (before, _), (bad, code), (after, _) = results('{"question": "a"}', line, '{"question": "b"}')
    assert (before["question"], after["question"]) == ("a", "b")
    assert bad["id"] == id
    assert bad["error"]["sentence"].startswith(f"Line 2 {what}")
    assert bad["error"]["hint"]
    assert code == 2


def test_blank_lines_and_a_byte_order_mark_are_no_questions() -> None:
    assert [
        record["question"] for record, _ in results(b'\xef\xbb\xbf{"question": "a"}\n', b"\n", b"  \r\n")
    ] == ["a"]


def test_earlier_turns_are_handed_on_in_order() -> None:
    seen: list[Request] = []
    line = {
        "question": "And then?",
        "turns": [{"role": "user", "text": "u"}, {"role": "assistant", "text": "a"}],
    }

    def keep(request: Request) -> Json:
        seen.append(request)
        return {}

    list(replies([json.dumps(line).encode()], keep))
    assert seen[0].turns == (Turn("user", "u"), Turn("assistant", "a"))


def test_a_question_that_fails_keeps_its_place_and_gives_its_exit_code() -> None:
    def fail(request: Request) -> Json:
        raise StorageError("The disk is full.", hint="Make room.")

    told = list(replies([b'{"id": "1", "question": "a"}'], fail))
    assert told == [({"id": "1", "error": {"sentence": "The disk is full.", "hint": "Make room."}}, 5)]


def test_a_search_may_call_its_question_a_query() -> None:
    (record, code), *_ = replies([b'{"id": "1", "query": "words"}'], echo, alias="query")
    assert (record["question"], code) == ("words", 0)
    (_, code), *_ = replies([b'{"id": "1", "query": "words"}'], echo)
    assert code == 2


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40), st.text(max_size=40).map(lambda q: json.dumps({"question": q}).encode())
        )
    )
)
def test_no_line_is_lost_or_doubled_whatever_it_holds(lines: list[bytes]) -> None:
    told = list(replies(lines, echo))
    assert len(told) == sum(bool(line.strip()) for line in lines)
    assert all(json.loads(dumps(record)).get("error") is not None for record, code in told if code)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match=r"none\.jsonl cannot be read: No such file"),
        opened(str(tmp_path / "none.jsonl")),
    ):
        pass


def test_a_receipt_is_taken_by_itself_or_out_of_an_answer(tmp_path: Path) -> None:
    alone, inside = tmp_path / "receipt.json", tmp_path / "answer.json"
    alone.write_text('{"seal": "1"}')
    inside.write_text('{"question": "q", "receipt": {"seal": "1"}}')
    assert handed(str(alone)) == ({"seal": "1"}, None)
    assert handed(str(inside)) == ({"seal": "1"}, {"question": "q", "receipt": {"seal": "1"}})


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{", b"[" * 100_000, b'{"a": Infinity}'])
def test_a_file_without_a_receipt_is_refused_in_one_sentence(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(data)
    with pytest.raises(ReceiptError, match="holds no receipt"):
        handed(str(path))
