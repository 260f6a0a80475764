"""The smallest pieces of the JSON and Markdown that everything else on the wire is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.domain.answers import Citation

Json = dict[str, Any]

_MARKUP = re.compile(r"([\\`*_\[\]<>&~|!#])")
_LINE_START = re.compile(r"\A(\d*)([-+=]|(?<=\d)[.)])")


def citation_json(citation: Citation) -> Json:
    """A pointer to stored words; `start` and `end` are characters of the document, half-open."""
    return {
        "marker": citation.marker,
        "passage_id": citation.passage_id,
        "record_id": citation.record_id,
        "study_id": citation.study_id,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def plain(value: Any) -> Any:
    """A deep copy made of dicts and lists, whatever frozen mappings and tuples it was made of."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def escaped(text: str) -> str:
    """`text` so that a Markdown reader shows these characters and takes none of them as markup."""
    lines = (_MARKUP.sub(r"\\\1", line.strip()) for line in text.strip().splitlines())
    return "  \n".join(_LINE_START.sub(r"\1\\\2", line) for line in lines)
