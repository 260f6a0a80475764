"""A thousand random changes to receipts and to the store, each of which a check must find.

The seed is printed; MUTATION_SEED sets another.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Assistant
from assistant.errors import ReceiptError
from assistant.index.embeddings import Embedder
from assistant.index.schema import FILE
from tests.libraries import PAIRING, open_assistant

MUTATIONS = 1000
SEED = int(os.environ.get("MUTATION_SEED", "20260522"))
COLUMNS = (
    ("passages", "text"),
    ("passages", "sha256"),
    ("passages", "start"),
    ("passages", "end"),
    ("passages", "id"),
    ("passages", "document_id"),
    ("documents", "text"),
    ("documents", "sha256"),
    ("documents", "id"),
)
HEX = "0123456789abcdef"


@pytest.fixture
def chance() -> random.Random:
    print(f"seed {SEED}")
    return random.Random(SEED)


@pytest.fixture
def assistant(data_dir: Path, packaged_embedder: Embedder) -> Iterator[Assistant]:
    opened = open_assistant(data_dir, packaged_embedder)
    yield opened
    opened.close()


@pytest.fixture
def store(data_dir: Path, assistant: Assistant) -> Iterator[sqlite3.Connection]:
    """A second hand in the same file, without any of the guards the assistant writes with."""
    connection = sqlite3.connect(data_dir / FILE, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    yield connection
    connection.close()


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each value and each list of more than one part stands in JSON data."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from places(part, (*at, key))
    elif isinstance(value, list):
        if len(value) > 1:
            yield at
        for number, part in enumerate(value):
            yield from places(part, (*at, number))
    else:
        yield at


def changed_text(text: str, chance: random.Random) -> str:
    if not text:
        return "x"
    at = chance.randrange(len(text))
    letters = [c for c in (HEX if set(text) <= set(HEX) else "abcXYZ 019.,–é") if c != text[at]]
    return text[:at] + chance.choice([*letters, ""]) + text[at + 1 :]


def changed(value: Any, chance: random.Random) -> Any:
    """A value of the same sort that is not the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 10, 1000])
    if isinstance(value, str):
        return changed_text(value, chance)
    if isinstance(value, list):
        at = chance.randrange(len(value) - 1)
        turned = [*value[:at], value[at + 1], value[at], *value[at + 2 :]]
        return turned if turned != value else value[:-1]
    return "x"


def changed_receipt(body: dict[str, Any], chance: random.Random) -> tuple[dict[str, Any], str]:
    mutated = deepcopy(body)
    place = chance.choice(list(places(mutated)))
    home = mutated
    for step in place[:-1]:
        home = home[step]
    if chance.random() < 0.1 and isinstance(home, dict):
        del home[place[-1]]
    else:
        home[place[-1]] = changed(home[place[-1]], chance)
    return mutated, "/".join(map(str, place))


def changed_bytes(text: str, chance: random.Random) -> bytes:
    raw = bytearray(text.encode())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw)


def change_store(connection: sqlite3.Connection, chance: random.Random) -> tuple[str, Callable[[], None]]:
    """Change one value of one row; returns what was changed, and how to put it right again."""
    table, column = chance.choice(COLUMNS)
    rowid, value = chance.choice(connection.execute(f'SELECT rowid, "{column}" FROM {table}').fetchall())
    update = f'UPDATE {table} SET "{column}" = ? WHERE rowid = ?'
    if column == "text":
        flipped = changed_bytes(value, chance)
        connection.execute(f"UPDATE {table} SET text = CAST(? AS TEXT) WHERE rowid = ?", (flipped, rowid))
    else:
        connection.execute(update, (changed(value, chance), rowid))
    return f"{table}.{column} of row {rowid}", lambda: connection.execute(update, (value, rowid)) and None


def receipts(assistant: Assistant) -> list[dict[str, Any]]:
    story = "A programme paired us with a rival. The money ends in March. Nobody has time. What should we do?"
    counting = "How many studies are about exemplar and follower pairing?"
    blueprint = "What should a blueprint contain so that people use it?"
    questions = (PAIRING, blueprint, "Will it rain tomorrow?", story, counting)
    return [json.loads(json.dumps(assistant.answer(q).receipt.body)) for q in questions]


def test_every_change_to_a_receipt_is_found(assistant: Assistant, chance: random.Random) -> None:
    bodies = receipts(assistant)
    assert all(assistant.verify(body).holds for body in bodies)
    for number in range(MUTATIONS // 2):
        mutated, place = changed_receipt(chance.choice(bodies), chance)
        try:
            missed = assistant.verify(mutated).holds
        except ReceiptError:
            missed = place != "schema"
        assert not missed, f"seed {SEED}, change {number}: {place}"
    assert all(assistant.verify(body).holds for body in bodies)


def test_every_change_to_the_store_is_found(
    assistant: Assistant, store: sqlite3.Connection, chance: random.Random
) -> None:
    body = receipts(assistant)[0]
    for number in range(MUTATIONS // 2):
        what, mend = change_store(store, chance)
        check = assistant.verify(body)
        assert not check.holds, f"seed {SEED}, change {number}: {what}"
        assert all(check.faults)
        mend()
    assert assistant.verify(body).holds
