"""Reads `boundaries.yaml`: what people ask about that the evidence does not cover, with example questions.

It checks form and names. It cannot tell whether a finding answers an example; a researcher must.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from assistant.domain.framework import Boundary
from assistant.errors import CorpusError, InputError
from assistant.ingestion.files import decode, read_bytes
from assistant.ingestion.yaml_entries import Entry, Notes, parse

FILE_NAME = "boundaries.yaml"
KINDS = ("gap", "results_not_seen", "out_of_domain", "personal_or_legal")
MAX_BYTES = 5_000_000
"""Largest file that is read, in bytes."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def load_boundaries(path: Path, finding_ids: Collection[str]) -> tuple[Boundary, ...]:
    """The boundaries in the order of the file; empty if there is no such file.

    `finding_ids` are those that `related` may name. Raises CorpusError naming file, line and cure of each
    fault.
    """
    if not path.exists():
        return ()
    try:
        text = decode(read_bytes(path, max_bytes=MAX_BYTES))
    except InputError as error:
        raise CorpusError(error.sentence, path=path.name) from None
    notes = Notes()
    entry = parse(text, path.name, notes)
    boundaries = read_boundaries(entry) if entry else ()
    notes.look_up({"finding": finding_ids})
    notes.raise_if_any()
    return boundaries


def read_boundaries(entry: Entry) -> tuple[Boundary, ...]:
    """The boundaries of a parsed file; faults and findings still to be looked up go to the entry's notes."""
    items = entry.entries("boundaries")
    boundaries = tuple(_boundary(item) for item in items)
    entry.close("a boundaries file")
    if not items:
        entry.fault("'boundaries' lists nothing; add a boundary or delete the file", key="boundaries")
    _check_unique(items, boundaries)
    return boundaries


def _boundary(entry: Entry) -> Boundary:
    boundary = Boundary(
        id=entry.text("id"),
        kind=entry.choice("kind", KINDS),
        says=_sentence(entry, "says"),
        instead=_sentence(entry, "instead"),
        related=entry.names("related", "finding"),
        cues=entry.texts("cues"),
        always=entry.texts("always"),
        asked_as=entry.texts("asked_as"),
    )
    entry.close("a boundary")
    if boundary.id and not _SLUG.fullmatch(boundary.id):
        entry.fault(f"the id '{boundary.id}' should be small letters, digits and hyphens only", key="id")
    if boundary.related and boundary.kind not in ("gap", "results_not_seen"):
        entry.fault("only a gap has related findings; delete 'related' or make this a gap", key="related")
    if not boundary.asked_as:
        entry.fault(
            "no example question tells when this is meant; list some under 'asked_as'", key="asked_as"
        )
    return boundary


def _sentence(entry: Entry, key: str) -> str:
    """Text shown to the reader as it stands, so it must be a whole sentence."""
    text = entry.text(key)
    if text and not text.endswith("."):
        entry.fault(f"'{key}' is shown as a sentence; end it with a full stop", key=key)
    return text


def _check_unique(items: list[Entry], boundaries: tuple[Boundary, ...]) -> None:
    """Note every id used twice, and every question that stands under two boundaries or twice under one."""
    ids: set[str] = set()
    owners: dict[str, str] = {}
    for item, boundary in zip(items, boundaries, strict=True):
        if boundary.id and boundary.id in ids:
            item.fault(f"the id '{boundary.id}' is used twice; give this boundary another", key="id")
        ids.add(boundary.id)
        for question in boundary.asked_as:
            owner = owners.setdefault(question.casefold(), boundary.id)
            if owner != boundary.id:
                item.fault(f"'{question}' also stands under '{owner}'; keep it in one place", key="asked_as")
