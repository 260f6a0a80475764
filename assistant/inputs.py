"""What scripts hand in: files of questions, one JSON object a line, and receipts to check.

Knows nothing of the assistant: the caller says how one request is answered.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from assistant.domain.conversation import Turn
from assistant.errors import AssistantError, InputError, ReceiptError
from assistant.wire import Json, error_json

ROLES = ("user", "assistant")


@dataclass(frozen=True, slots=True)
class Request:
    """One line that could be read. `id` is given back exactly as it came."""

    question: str
    id: str | int | float | bool | None = None
    turns: tuple[Turn, ...] = ()

    @property
    def name(self) -> str | None:
        """The id as text; None if there is none."""
        return None if self.id is None else str(self.id)


def replies(
    lines: Iterable[bytes], reply: Callable[[Request], Json], *, alias: str = ""
) -> Iterator[tuple[Json, int]]:
    """For each line that is not blank, what to print and its exit code, 0 if it went well.

    A line that cannot be read, or a question that fails, gives `{"id", "error"}` in its place. `alias` is
    another name under which the question may stand.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        id: Any = None
        try:
            record = _record(line, number)
            id = _id(record, number)
            request = _request(record, id, number, alias)
            yield {**reply(request), "id": id}, 0
        except AssistantError as error:
            yield {"id": id, **error_json(error.sentence, error.hint)}, error.exit_code


def _record(line: bytes, number: int) -> Json:
    try:
        record = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        _refuse(number, "is not JSON in UTF-8", 'Write one object a line: {"id": "1", "question": "..."}.')
    if not isinstance(record, dict):
        _refuse(number, "is not a JSON object", 'Write one object a line: {"id": "1", "question": "..."}.')
    return record


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _id(record: Json, number: int) -> str | int | float | bool | None:
    id = record.get("id")
    if id is not None and not isinstance(id, (str, int)) and not _is_finite(id):
        _refuse(number, "has an id that is neither text nor a number", "Use text.")
    return id


def _is_finite(value: object) -> bool:
    return isinstance(value, float) and value - value == 0


def _request(record: Json, id: Any, number: int, alias: str) -> Request:
    question = record.get("question", record.get(alias) if alias else None)
    if not isinstance(question, str) or not question.strip():
        _refuse(number, "has no question", 'Add "question" with the words to be answered.')
    turns = record.get("turns") or []
    if not isinstance(turns, list):
        _refuse(number, 'has "turns" that are not a list', "Use a list of objects with role and text.")
    return Request(_text(question, number), id, tuple(_turn(turn, number) for turn in turns))


def _turn(turn: object, number: int) -> Turn:
    role, text = (turn.get("role"), turn.get("text")) if isinstance(turn, dict) else (None, None)
    if role not in ROLES or not isinstance(text, str):
        _refuse(
            number,
            "has a turn that cannot be used",
            'Each turn is {"role": "user" or "assistant", "text": "..."}.',
        )
    return Turn(str(role), _text(text, number))


def _text(text: str, number: int) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        _refuse(number, "holds half of a character", "Write every character whole, in UTF-8.")
    return text


def _refuse(number: int, what: str, hint: str) -> NoReturn:
    raise InputError(f"Line {number} {what}.", hint=hint)


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """The bytes of a file, or of standard input for `-`. Raises InputError if it cannot be opened."""
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(file, "rb")  # noqa: SIM115 - only opening may be blamed on the caller
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"{file} cannot be read: {reason}.", hint="Check the name, and that you may read it."
        ) from None
    with stream:
        yield stream


def handed(file: str) -> tuple[Json, Json | None]:
    """The receipt in a file, and the answer it came in, if it did. Raises ReceiptError if there is none."""
    with opened(file) as stream:
        data = stream.read()
    try:
        body = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ReceiptError(
            f"{file} holds no receipt.", hint="Give the JSON that 'assistant ask --json' printed."
        )
    receipt = body.get("receipt")
    return (receipt, body) if isinstance(receipt, dict) else (body, None)
