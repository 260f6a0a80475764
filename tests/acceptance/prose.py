"""Invented prose in any amount, the same on every computer: only its size and its variety matter."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

_PARTS = (
    (
        "ward managers",
        "clinical leads",
        "record clerks",
        "theatre nurses",
        "trainee pharmacists",
        "night porters",
    ),
    (
        "shared",
        "copied",
        "postponed",
        "compared",
        "rewrote",
        "questioned",
        "abandoned",
        "published",
        "rehearsed",
    ),
    (
        "handover sheets",
        "training plans",
        "supplier contracts",
        "discharge letters",
        "bed maps",
        "test scripts",
    ),
    ("a neighbouring trust", "the regional office", "two small clinics", "a former partner", "the supplier"),
    ("before the first winter", "after three meetings", "during the pilot", "once funding ended", "in May"),
    ("because staff kept asking", "although nobody had planned it", "to save time", "so that errors showed"),
)
_SYLLABLES = (
    *("bar", "cor", "del", "fen", "gar", "hol", "kel", "lam", "mor", "nor", "pel", "ras"),
    *("sel", "tor", "ven", "wick", "ham", "ton", "bury", "ford"),
)


def passages(count: int, *, seed: int) -> Iterator[str]:
    """`count` passages of two sentences, no two alike for one seed."""
    chance = random.Random(seed)
    for number in range(count):
        yield f"{_sentence(chance)} {_sentence(chance)} This is entry {number} of series {seed}."


def questions(count: int, *, seed: int) -> list[str]:
    """`count` questions in the same words."""
    chance = random.Random(seed)
    who, did, what, partner, when, _ = _PARTS
    return [
        f"Why had {chance.choice(who)} {chance.choice(did)} {chance.choice(what)} "
        f"with {chance.choice(partner)} {chance.choice(when)} in {_place(chance)}?"
        for _ in range(count)
    ]


def write_records(path: Path, texts: Iterator[str]) -> None:
    """Write the texts as JSON lines that an ingest reads."""
    with path.open("w", encoding="utf-8") as out:
        for number, text in enumerate(texts):
            out.write(json.dumps({"id": f"r{number}", "text": text}) + "\n")


def _sentence(chance: random.Random) -> str:
    who, did, what, partner, when, why = (chance.choice(part) for part in _PARTS)
    return f"In {_place(chance)}, {who} {did} {what} with {partner} {when} {why}."


def _place(chance: random.Random) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(3)).capitalize()
