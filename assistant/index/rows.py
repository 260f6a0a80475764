"""Domain values to table rows and back. A row read back equals the value that was written."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from assistant.domain.documents import Block, BlockKind, Passage, SourceDocument, Span, SpeakerRole, Tier
from assistant.errors import StorageError

DOCUMENT_COLUMNS = (
    "id", "collection", "sha256", "text", "title", "origin", "record_id", "study_id", "domain", "tier",
    "constructed", "context", "aids", "blocks",
)  # fmt: skip

PASSAGE_COLUMNS = (
    "id", "document_id", "ordinal", "start", "end", "text", "sha256", "kind", "title", "heading", "speaker",
    "seconds", "context", "record_id", "study_id", "domain", "tier", "constructed", "citable", "origin",
    "aids",
)  # fmt: skip


def insert_into(table: str, columns: tuple[str, ...]) -> str:
    """The statement that inserts one row of all `columns`."""
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


def document_row(document: SourceDocument, collection: str) -> tuple[Any, ...]:
    """One row of `documents`, in the order of DOCUMENT_COLUMNS."""
    return (
        document.id, collection, document.sha256, document.text, document.title, document.origin,
        document.record_id, document.study_id, document.domain, document.tier.value,
        int(document.constructed), document.context, _packed(document.aids),
        _packed([_block(block) for block in document.blocks]),
    )  # fmt: skip


def document_of(row: sqlite3.Row) -> SourceDocument:
    """The document a row of `documents` holds."""
    return SourceDocument(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        blocks=tuple(_block_of(data) for data in json.loads(row["blocks"])),
        origin=row["origin"],
        record_id=row["record_id"],
        study_id=row["study_id"],
        domain=row["domain"],
        tier=Tier(row["tier"]),
        constructed=bool(row["constructed"]),
        context=row["context"],
        aids=tuple(json.loads(row["aids"])),
    )


def passage_row(passage: Passage) -> tuple[Any, ...]:
    """One row of `passages`, in the order of PASSAGE_COLUMNS."""
    return (
        passage.id, passage.document_id, passage.ordinal, passage.span.start, passage.span.end, passage.text,
        passage.sha256, passage.kind.value, passage.title, _packed(passage.heading), passage.speaker,
        passage.seconds, passage.context, passage.record_id, passage.study_id, passage.domain,
        passage.tier.value, int(passage.constructed), int(passage.citable), passage.origin,
        _packed(passage.aids),
    )  # fmt: skip


def passage_of(row: sqlite3.Row) -> Passage:
    """The passage a row of `passages` holds. Raises StorageError if the row is damaged."""
    try:
        return _passage_of(row)
    except (ValueError, TypeError) as error:
        raise StorageError(
            f"The stored passage {row['id']} is damaged: {error}.",
            hint="Read the sources in again with `assistant ingest`.",
        ) from error


def _passage_of(row: sqlite3.Row) -> Passage:
    return Passage(
        document_id=row["document_id"],
        span=Span(row["start"], row["end"]),
        text=row["text"],
        kind=BlockKind(row["kind"]),
        ordinal=row["ordinal"],
        title=row["title"],
        heading=tuple(json.loads(row["heading"])),
        speaker=row["speaker"],
        seconds=row["seconds"],
        context=row["context"],
        record_id=row["record_id"],
        study_id=row["study_id"],
        domain=row["domain"],
        tier=Tier(row["tier"]),
        constructed=bool(row["constructed"]),
        citable=bool(row["citable"]),
        origin=row["origin"],
        aids=tuple(json.loads(row["aids"])),
    )


def _packed(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _block(block: Block) -> list[Any]:
    role = block.speaker_role.value if block.speaker_role else None
    return [
        block.kind.value,
        block.span.start,
        block.span.end,
        block.speaker,
        role,
        block.seconds,
        block.level,
    ]


def _block_of(data: list[Any]) -> Block:
    kind, start, end, speaker, role, seconds, level = data
    return Block(
        BlockKind(kind), Span(start, end), speaker, SpeakerRole(role) if role else None, seconds, level
    )
