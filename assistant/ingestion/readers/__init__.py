"""Readers: text of one format to documents with true positions. One table row for each format.

To add a format, add a file here, a row to `READERS`, a row to `_BY_SUFFIX`, and a sample in `tests/corpus/`.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from assistant.ingestion.readers.turns import is_transcript
from assistant.ingestion.readers.webvtt import is_webvtt
from assistant.registry import Registry

READERS = Registry(
    "reader",
    {
        "turns": "assistant.ingestion.readers.turns:read",
        "webvtt": "assistant.ingestion.readers.webvtt:read",
        "markdown": "assistant.ingestion.readers.markdown:read",
        "prose": "assistant.ingestion.readers.prose:read",
        "records": "assistant.ingestion.readers.records:read",
    },
)

_BY_SUFFIX = {
    ".txt": "prose",
    ".text": "prose",
    ".md": "markdown",
    ".markdown": "markdown",
    ".vtt": "webvtt",
    ".jsonl": "records",
    ".ndjson": "records",
}


def has_reader(name: str) -> bool:
    """True if a file of that name is one we read."""
    return PurePosixPath(name).suffix.lower() in _BY_SUFFIX


def format_of(name: str, text: str) -> str | None:
    """The name of the reader for a file, by its ending and then by its content; None if there is none."""
    by_suffix = _BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
    if by_suffix not in ("prose", "markdown"):
        return by_suffix
    if is_webvtt(text):
        return "webvtt"
    return "turns" if is_transcript(text) else by_suffix
