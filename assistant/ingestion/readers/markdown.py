"""Reads Markdown: headings, paragraphs, lists and tables as blocks at their true places. Marks stay in."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.domain.documents import Block, BlockKind
from assistant.errors import InputError
from assistant.ingestion.readers import prose
from assistant.ingestion.readers.header import Header, document_of, read_fenced
from assistant.ingestion.readers.lines import trimmed
from assistant.ingestion.readers.material import Material, Reading

MAX_CHARACTERS = 5_000_000
"""Longer files are read as plain text: the parser needs about a second for a million characters."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_KINDS = {"heading_open": BlockKind.HEADING, "table_open": BlockKind.TABLE}
_MARKS = re.compile(r"#{1,6}[ \t]+|[ \t]+#*[ \t]*\Z")


def read(material: Material) -> Reading:
    """One document with headings and blocks. Raises InputError if it holds no text below its header."""
    if len(material.text) > MAX_CHARACTERS:
        return prose.read(material)
    header = read_fenced(material.text) or Header()
    blocks = _blocks(material.text, header.end)
    if not blocks:
        raise InputError("The file holds no text.")
    heading = next((block.span.of(material.text) for block in blocks if block.kind is BlockKind.HEADING), "")
    return Reading((document_of(material, material.text, blocks, header, heading=heading),))


def _blocks(text: str, start: int) -> tuple[Block, ...]:
    starts = [start, *(match.end() for match in _LINE_END.finditer(text, start)), len(text)]
    parser = MarkdownIt("commonmark").enable("table").disable("inline")
    blocks = []
    for token in parser.parse(text[start:]):
        if token.level == 0 and token.nesting >= 0 and token.map and token.type != "hr":
            block = _block(token, text, starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)])
            if block:
                blocks.append(block)
    return tuple(blocks)


def _block(token: Token, text: str, start: int, end: int) -> Block | None:
    """The block of a top-level token; None for a comment or an empty one."""
    span = trimmed(text, start, end)
    if span is None or (token.type == "html_block" and span.of(text).startswith("<!--")):
        return None
    kind = _KINDS.get(token.type, BlockKind.PARAGRAPH)
    if kind is not BlockKind.HEADING:
        return Block(kind, span)
    first = _LINE_END.split(span.of(text), maxsplit=1)[0]
    opening = _MARKS.match(first) if first.startswith("#") else None
    begin = span.start + (opening.end() if opening else 0)
    words = trimmed(text, begin, span.start + len(first.rstrip("# \t")))
    return Block(kind, words, level=int(token.tag[1])) if words else None
