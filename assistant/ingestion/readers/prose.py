"""Reads plain text: paragraphs between blank lines."""

from __future__ import annotations

from assistant.domain.documents import Block, BlockKind
from assistant.errors import InputError
from assistant.ingestion.readers.header import document_of, read_header
from assistant.ingestion.readers.lines import paragraphs
from assistant.ingestion.readers.material import Material, Reading


def read(material: Material) -> Reading:
    """One document whose blocks are the paragraphs. Raises InputError if there is none."""
    header = read_header(material.text)
    blocks = prose_blocks(material.text, header.end)
    if not blocks:
        raise InputError("The file holds no text.")
    return Reading((document_of(material, material.text, blocks, header),))


def prose_blocks(text: str, start: int = 0) -> tuple[Block, ...]:
    """A block for each paragraph from `start` on."""
    return tuple(Block(BlockKind.PARAGRAPH, span) for span in paragraphs(text, start))
