"""Blind review by people: the rubric, a sheet to rate, and its key kept apart.

Raters see neither system nor order; they appear as hashes only. See `review_files.py` and `review_queue.py`.
"""

from __future__ import annotations

import csv
import hmac
import io
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from assistant.domain.feedback import Rating
from assistant.errors import InputError
from assistant.evaluation.observed import seen_advice
from assistant.evaluation.records import Json, dumps
from assistant.security.spreadsheets import harmless

SCALES: Mapping[str, tuple[str, ...]] = {
    "correct": (
        "1: wrong, or the opposite of the evidence",
        "2: more wrong than right",
        "3: right in part; something that matters is missing or unclear",
        "4: right, with small gaps",
        "5: right and complete for the evidence shown",
    ),
    "grounded": (
        "1: nothing can be traced to the evidence",
        "2: most sentences cannot be traced",
        "3: about half can be traced",
        "4: all but one can be traced",
        "5: every sentence can be traced",
    ),
    "useful": (
        "1: of no use for a decision",
        "2: hardly of use",
        "3: of some use; I would have to look further",
        "4: of use; I could act with a little more",
        "5: I could act on it",
    ),
    "fitting": (
        "1: the advice would do harm here",
        "2: the advice misses the situation",
        "3: the advice is general",
        "4: the advice fits, with a reservation",
        "5: the advice fits this situation",
    ),
}
"""The rubric: five anchored steps for each scale."""

SUPPORT: tuple[str, ...] = ("fully", "partly", "not")
"""How far the words it cites support a sentence."""
CHOICES: tuple[str, ...] = ("a", "b", "no difference", "both unacceptable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to rate, without anything that tells which system made it."""

    item: str
    question: str
    turns: tuple[str, ...]
    answers: tuple[Mapping[str, Any], ...]
    """One answer, or two side by side (a, b)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Items in the order to rate them, and the key that says what they are."""

    items: tuple[Item, ...]
    key: Mapping[str, Mapping[str, Any]]


def make_sheet(runs: Mapping[str, Sequence[Json]], *, seed: int, most: int | None = None) -> Sheet:
    """A blind sheet from the records of one run, or of two runs side by side on the cases both answered.

    Order and sides are drawn by seed. Raises InputError for any other number of runs, or without answers.
    """
    if len(runs) not in (1, 2):
        raise InputError("A sheet compares one run or two.")
    answered = [{r["id"]: r for r in records if r["answer"]} for records in runs.values()]
    shared = sorted(set.intersection(*(set(by_id) for by_id in answered)))
    if not shared:
        raise InputError("There is no answer to rate.", hint="Give runs of a suite with questions.")
    draw = random.Random(seed)  # noqa: S311 -- an order that repeats, not a secret
    draw.shuffle(shared)
    systems, items, key = list(runs), [], {}
    for number, case in enumerate(shared[:most], start=1):
        sides = list(range(len(systems)))
        draw.shuffle(sides)
        name = f"item-{number:03}"
        record = answered[0][case]
        items.append(
            Item(
                item=name,
                question=record["question"],
                turns=tuple(f"{turn['role']}: {turn['text']}" for turn in record["turns"]),
                answers=tuple(shown(answered[side][case]) for side in sides),
            )
        )
        key[name] = {"case": case, "systems": [systems[side] for side in sides]}
    return Sheet(items=tuple(items), key=key)


def shown(record: Json) -> Json:
    """What a rater sees of an answer: sentences with the words they cite, gaps, and nothing of its maker."""
    answer = record["answer"]
    sentences = [
        {"text": s["text"], "kind": s["kind"], "cites": [c["quote"] for c in s["citations"]]}
        for s in answer["statements"]
    ]
    lead = answer["because"] or answer["lead"]
    return {
        "sentences": sentences or [{"text": lead, "kind": "refusal", "cites": []}],
        "gaps": answer["gaps"],
        "advice": (seen_advice(answer.get("advice")) or {"cards": []})["cards"],
    }


def scales_for(item: Item) -> tuple[str, ...]:
    """The scales that apply to a single answer: only cited words can be traced, only advice can fit."""
    sentences = item.answers[0]["sentences"]
    cites = any(sentence["cites"] for sentence in sentences)
    advises = bool(item.answers[0]["advice"]) or any(sentence["kind"] == "advice" for sentence in sentences)
    applies = {"correct": True, "grounded": cites, "useful": True, "fitting": advises}
    return tuple(scale for scale in SCALES if applies[scale])


def write_sheet(sheet: Sheet, folder: Path) -> tuple[Path, ...]:
    """Write sheet.jsonl and sheet.csv for raters, rubric.json, and key.json to keep from them."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(dumps(asdict(item)) + "\n" for item in sheet.items)
    (folder / "sheet.jsonl").write_text(lines, encoding="utf-8")
    rubric = {"scales": SCALES, "support": SUPPORT, "choices": CHOICES}
    (folder / "rubric.json").write_text(json.dumps(rubric, indent=1), encoding="utf-8")
    (folder / "key.json").write_text(dumps(sheet.key, indent=1) + "\n", encoding="utf-8")
    (folder / "sheet.csv").write_text(sheet_csv(sheet), encoding="utf-8", newline="")
    return tuple(folder / name for name in ("sheet.jsonl", "sheet.csv", "rubric.json", "key.json"))


def sheet_csv(sheet: Sheet) -> str:
    """The sheet as a table to fill in: a row for each item, empty cells for its marks."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    pair = any(len(item.answers) > 1 for item in sheet.items)
    columns = ["choice"] if pair else [*SCALES, "sentences"]
    answers = ("answer a", "answer b") if pair else ("answer",)
    writer.writerow(["item", "question", *answers, *columns, "comment"])
    for item in sheet.items:
        texts = [_numbered(answer) for answer in item.answers]
        question = "\n".join((*item.turns, item.question))
        cells: list[object] = [item.item, question, *texts, *("" for _ in columns), ""]
        writer.writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def _numbered(answer: Mapping[str, Any]) -> str:
    lines = []
    for number, sentence in enumerate(answer["sentences"], start=1):
        lines.append(f"{number}. {sentence['text']}")
        lines += [f"   cites: {quote}" for quote in sentence["cites"]]
    for card in answer["advice"]:
        lines.append(f"Advice: {card['name']}. {card['what_it_is']}")
        for words, key in (("for", "for"), ("against", "against"), ("first steps", "first_steps")):
            lines += [f"   {words}: {'; '.join(card[key])}"] if card[key] else []
    return "\n".join(lines)


def rater_hash(name: str, *, salt: str) -> str:
    """A short name for a rater that cannot be turned back without the salt (HMAC-SHA-256, 12 digits).

    Raises InputError for an empty name or a salt of fewer than 16 characters.
    """
    if len(salt) < 16:
        raise InputError("The salt for raters needs at least 16 characters.")
    if not name.strip():
        raise InputError("Every rating needs a rater.")
    return hmac.new(salt.encode(), " ".join(name.split()).casefold().encode(), sha256).hexdigest()[:12]


def preferred(rating: Rating, key: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The system a rater preferred side by side; None for no difference, both unacceptable, or no choice."""
    if rating.choice not in ("a", "b"):
        return None
    systems = cast(Sequence[str], key[rating.item]["systems"])
    return systems[0 if rating.choice == "a" else 1]
