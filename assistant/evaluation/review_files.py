"""Ratings and sheets as files: a filled-in sheet read back, ratings written as CSV or JSON lines.

What a person marks in a spreadsheet and what the page stores are the same ratings, and go both ways.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.domain.feedback import Rating
from assistant.errors import CorpusError
from assistant.evaluation.loading import read_records
from assistant.evaluation.records import dumps
from assistant.evaluation.review import CHOICES, SCALES, SUPPORT, Item, Sheet, rater_hash
from assistant.security.spreadsheets import harmless

Row = Mapping[str, Any]
_HASH = re.compile(r"[0-9a-f]{12}")
_PASTED = Path("pasted text")


def read_sheet(folder: Path) -> Sheet:
    """The sheet that `write_sheet` wrote into a folder. Raises CorpusError if a part is missing or broken."""
    items = []
    for line, row in read_records(folder / "sheet.jsonl"):
        try:
            items.append(
                Item(
                    item=str(row["item"]),
                    question=str(row["question"]),
                    turns=tuple(map(str, row["turns"])),
                    answers=tuple(_answer(answer) for answer in row["answers"]),
                )
            )
        except (KeyError, TypeError) as error:
            raise CorpusError(
                f"this is no item of a sheet ({error}).", path=folder / "sheet.jsonl", line=line
            ) from None
    return Sheet(items=tuple(items), key=_key(folder / "key.json"))


def _answer(given: Mapping[str, Any]) -> Mapping[str, Any]:
    sentences = [
        {"text": str(s["text"]), "kind": str(s["kind"]), "cites": [str(quote) for quote in s["cites"]]}
        for s in given["sentences"]
    ]
    advice = [
        {
            **{key: str(card[key]) for key in ("name", "what_it_is")},
            **{key: [str(part) for part in card[key]] for key in ("for", "against", "first_steps")},
        }
        for card in given.get("advice", ())
    ]
    return {"sentences": sentences, "gaps": [str(gap) for gap in given["gaps"]], "advice": advice}


def _key(path: Path) -> Mapping[str, Mapping[str, Any]]:
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise CorpusError(f"this is not JSON ({error.msg}).", path=path) from None
    if not isinstance(found, dict):
        raise CorpusError("the key must be one JSON object.", path=path)
    return found


def read_ratings(
    path: Path, *, rater: str | None, salt: str, items: Iterable[str] | None = None
) -> tuple[Rating, ...]:
    """The ratings in a filled-in sheet (.csv) or JSON lines, by one rater or, with None, by those it names.

    Rows without any mark are left out. Raises CorpusError, naming the line, for a value outside the rubric,
    an item that is not on the sheet, or one rated twice; InputError for a bad rater or salt.
    """
    return _ratings(_rows(path), rater=rater, salt=salt, items=items, path=path)


def pasted_ratings(text: str, *, rater: str, items: Iterable[str] | None = None) -> tuple[Rating, ...]:
    """The same from the text of such a file, all by the rater of that hash."""
    lines = text.strip().splitlines(keepends=True)
    jsonl = bool(lines) and lines[0].lstrip().startswith("{")
    rows = _json_rows(lines) if jsonl else _csv_rows(lines)
    return _ratings(rows, hashed=rater, items=items, path=_PASTED)


def _ratings(
    rows: Iterable[tuple[int, Row]],
    *,
    items: Iterable[str] | None,
    path: Path,
    rater: str | None = None,
    hashed: str = "",
    salt: str = "",
) -> tuple[Rating, ...]:
    known = None if items is None else set(items)
    name = hashed or (rater_hash(rater, salt=salt) if rater is not None else "")
    made: dict[tuple[str, str, bool], Rating] = {}
    for line, row in rows:
        rating = _rating(row, name or _named(row, path=path, line=line), path=path, line=line)
        if rating is None:
            continue
        if known is not None and rating.item not in known:
            raise CorpusError(f"there is no item '{rating.item}' on this sheet.", path=path, line=line)
        place = (rating.item, rating.rater, rating.settled)
        if place in made:
            raise CorpusError(f"item '{rating.item}' is rated twice.", path=path, line=line)
        made[place] = rating
    return tuple(made.values())


def _named(row: Row, *, path: Path, line: int) -> str:
    """The hash of the rater that a row names itself."""
    found = str(row.get("rater") or "")
    if not _HASH.fullmatch(found):
        raise CorpusError("this row does not name its rater; say who rated.", path=path, line=line)
    return found


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    if path.suffix != ".csv":
        yield from read_records(path)
        return
    if not path.is_file():
        raise CorpusError("this file is missing.", path=path)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from _csv_rows(lines)


def _csv_rows(lines: Iterable[str]) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(lines)
    for row in reader:
        yield reader.line_num, dict(row)


def _json_rows(lines: Sequence[str]) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"this is not JSON ({error.msg}).", path=_PASTED, line=number) from None
        if not isinstance(row, dict):
            raise CorpusError("each line must be one JSON object in { }.", path=_PASTED, line=number)
        yield number, row


def _rating(row: Row, rater: str, *, path: Path, line: int) -> Rating | None:
    scales = _scales(row, path=path, line=line)
    choice = str(row.get("choice") or "").strip().lower() or None
    if choice is not None and choice not in CHOICES:
        raise CorpusError(f"the choice must be one of {', '.join(CHOICES)}.", path=path, line=line)
    sentences = _sentences(row.get("sentences"), path=path, line=line)
    if not scales and choice is None and not sentences:
        return None
    return Rating(
        item=str(row.get("item") or ""),
        rater=rater,
        scales=scales,
        sentences=sentences,
        choice=choice,
        comment=str(row.get("comment") or ""),
        settled=str(row.get("settled") or "").strip().lower() in {"true", "yes", "1"},
    )


def _scales(row: Row, *, path: Path, line: int) -> dict[str, int]:
    given = row.get("scales")
    scales = {}
    for scale in SCALES:
        value = str((given if isinstance(given, Mapping) else row).get(scale) or "").strip()
        if value and value not in {"1", "2", "3", "4", "5"}:
            raise CorpusError(f"'{scale}' must be 1 to 5, not '{value}'.", path=path, line=line)
        if value:
            scales[scale] = int(value)
    return scales


def _sentences(value: object, *, path: Path, line: int) -> dict[int, str]:
    """`fully, partly, not` in order (a gap for a sentence without a mark), or {"1": "fully"}."""
    if isinstance(value, Mapping):
        given = {str(k): str(v) for k, v in value.items()}
    else:
        words = str(value or "").replace(";", ",").split(",")
        given = {str(place): word.strip() for place, word in enumerate(words, start=1) if word.strip()}
    for number, word in given.items():
        if word not in SUPPORT or not number.isdigit():
            raise CorpusError(
                f"sentence {number}: write one of {', '.join(SUPPORT)}, not '{word}'.", path=path, line=line
            )
    return {int(number): word for number, word in given.items()}


def ratings_jsonl(ratings: Iterable[Rating]) -> str:
    """Ratings as JSON lines, by item and rater."""
    return "".join(dumps(asdict(r)) + "\n" for r in _ordered(ratings))


def ratings_csv(ratings: Iterable[Rating]) -> str:
    """Ratings as a table with the columns of the sheet, and who rated; what is settled is marked so."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["item", "rater", "settled", *SCALES, "sentences", "choice", "comment"])
    for r in _ordered(ratings):
        marks = [r.scales.get(scale, "") for scale in SCALES]
        support = ", ".join(r.sentences.get(n, "") for n in range(1, max(r.sentences, default=0) + 1))
        cells: list[object] = [r.item, r.rater, "yes" if r.settled else "", *marks, support, r.choice or ""]
        writer.writerow([harmless(cell) for cell in (*cells, r.comment)])
    return out.getvalue()


def write_ratings(ratings: Iterable[Rating], path: Path) -> None:
    """Write ratings as JSON lines, or as a table where the name ends in .csv; by item and rater."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = ratings_csv(ratings) if path.suffix == ".csv" else ratings_jsonl(ratings)
    path.write_text(text, encoding="utf-8", newline="\n")


def _ordered(ratings: Iterable[Rating]) -> list[Rating]:
    return sorted(ratings, key=lambda r: (r.item, r.rater, r.settled))
