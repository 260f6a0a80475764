"""Reads JSON lines: one record a line, each a document of its own whose `id` comes back as its record id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from assistant.domain.documents import Block, SourceDocument, Tier
from assistant.errors import InputError
from assistant.ingestion.readers.header import Header
from assistant.ingestion.readers.material import Material, Reading, Unread
from assistant.ingestion.readers.prose import prose_blocks
from assistant.ingestion.readers.turns import Utterance, assembled

_LINE_END = re.compile(r"\r?\n")
_IDS = ("id", "_id", "doc_id")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]+\Z")


def read(material: Material) -> Reading:
    """A document for each good line; every other line is named with its reason. Blank lines are no lines."""
    documents: list[SourceDocument] = []
    unread: list[Unread] = []
    lines: dict[str, int] = {}
    for number, line in _numbered(material.text):
        try:
            document = _document(_record(line), material, number)
            first = lines.setdefault(document.id, number)
            if first != number:
                raise InputError(f"Repeats the id '{document.record_id}' of line {first}.")
            documents.append(document)
        except InputError as error:
            unread.append(Unread(f"{material.origin}#{number}", f"Line {number}: {error.sentence}"))
    if not documents and not unread:
        raise InputError("The file holds no record.")
    return Reading(tuple(documents), tuple(unread))


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    number = 1
    for match in _LINE_END.finditer(text):
        if line := text[start : match.start()].strip():
            yield number, line
        start, number = match.end(), number + 1
    if line := text[start:].strip():
        yield number, line


def _record(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"Not valid JSON ({error.msg} at character {error.pos + 1}).") from None
    except (ValueError, RecursionError):
        raise InputError("The JSON is nested too deeply or holds a number that is too long.") from None
    if not isinstance(record, dict):
        raise InputError('Not a record; write {"id": ..., "title": ..., "text": ...}.')
    return record


def _document(record: dict[str, Any], material: Material, number: int) -> SourceDocument:
    record_id = _record_id(record)
    text, blocks = _text(record)
    header = Header({key: value for key in ("tier", "constructed") if (value := _word(record, key))})
    return SourceDocument(
        id=f"{_SUFFIX.sub('', material.id)}/{record_id}",
        title=_word(record, "title"),
        text=text,
        blocks=blocks,
        origin=f"{material.origin}#{number}",
        record_id=record_id,
        study_id=_word(record, "study_id") or None,
        domain=_word(record, "domain") or "general",
        tier=header.tier if "tier" in header.values else Tier.OPEN,
        constructed=header.constructed,
        context=_word(record, "context"),
    )


def _record_id(record: dict[str, Any]) -> str:
    for key in _IDS:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return _clean(value, key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    raise InputError('The record has no "id"; add one.')


def _text(record: dict[str, Any]) -> tuple[str, tuple[Block, ...]]:
    """The text exactly as it stands and its paragraphs; for a record with `turns`, the turns written out."""
    turns = record.get("turns")
    if isinstance(turns, list) and "text" not in record:
        text, blocks = assembled(_utterance(turn) for turn in turns)
    else:
        text = record.get("text", "")
        if not isinstance(text, str):
            raise InputError('"text" should be text in quotation marks.')
        blocks = prose_blocks(_clean(text, "text"))
    if not blocks:
        raise InputError('"text" is missing or empty.')
    return text, blocks


def _utterance(turn: object) -> Utterance:
    if not isinstance(turn, dict) or not isinstance(turn.get("text"), str):
        raise InputError('Each of "turns" should be {"speaker": ..., "text": ...}.')
    return Utterance(_word(turn, "speaker") or None, _clean(turn["text"], "text"))


def _word(record: dict[str, Any], key: str) -> str:
    """Optional text or truth value; empty if it is missing or null."""
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        raise InputError(f'"{key}" should be text in quotation marks.')
    return _clean(value, key).strip()


def _clean(text: str, key: str) -> str:
    """The same text. Raises InputError for half characters, which no file can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(f'"{key}" holds a broken character; write it again as UTF-8.') from None
    return text
