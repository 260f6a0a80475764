"""Reads what a file says of itself at its top: `key: value` lines, between `---` lines or bare.

Deliberately not YAML: the file may come from anywhere, and these lines need no more than words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.domain.documents import Block, SourceDocument, Tier
from assistant.errors import InputError
from assistant.ingestion.readers.lines import lines
from assistant.ingestion.readers.material import Material

_PAIR = re.compile(r"[#*_>\- \t]{0,4}([A-Za-z][A-Za-z _-]{0,30}?)[*_]{0,2}[ \t]*[:=][ \t]*(.*)")
_HEADER_LINE = re.compile(r"\s*(?:#.*|-\s.*|[A-Za-z][\w -]{0,40}:.*|)\Z")
_NAMES = {"study": "study_id", "project": "study_id", "privacy": "tier"}
_KNOWN = frozenset(("title", "study", "study_id", "tier", "domain", "constructed", "context", "setting"))
_COVER_WORDS = """
project privacy site date role organisation organization interview interview_number interview_id duration
recorded recording transcriber transcribed_by version anonymised anonymized wave language file length location
format status author source licence license tags year
"""
_COVER = _KNOWN.union(_COVER_WORDS.split())
_SHARED = frozenset(("interviewer", "participant", "respondent", "participants", "interviewee", "moderator"))
_TRUE = ("true", "yes", "1")
_FALSE = ("false", "no", "0", "")
_MAX_LABEL_VALUE = 80
_MAX_LINES = 60


@dataclass(frozen=True, slots=True)
class Header:
    """What stood at the top of a file. `end` is where the text proper begins."""

    values: dict[str, str] = field(default_factory=dict)
    end: int = 0

    @property
    def constructed(self) -> bool:
        """True if the file says it is invented. Raises InputError if it says something unclear."""
        value = self.values.get("constructed", "").lower()
        if value not in (*_TRUE, *_FALSE):
            raise InputError(f"'constructed' should be true or false, not '{value}'.")
        return value in _TRUE

    @property
    def tier(self) -> Tier:
        """The stated privacy tier, open if none is stated. Raises InputError for an unknown one."""
        value = self.values.get("tier", Tier.OPEN.value).lower()
        try:
            return Tier(value)
        except ValueError:
            known = " or ".join(tier.value for tier in Tier)
            raise InputError(f"There is no privacy tier called '{value}'; use {known}.") from None

    @property
    def context(self) -> str:
        """Who speaks and where, to help to find the text."""
        parts = (self.values.get(key, "") for key in ("participant", "role", "context", "setting"))
        return ". ".join(part.rstrip(".") for part in parts if part)


def read_header(text: str, *, transcript: bool = False) -> Header:
    """The header of a text: fenced by `---`, or bare lines at its top with keys that we know.

    What stands in a header cannot be cited, so prose gives up few lines; a transcript's cover page may
    say more.
    """
    return read_fenced(text) or _bare(text, _COVER if transcript else _KNOWN)


def document_of(
    material: Material, text: str, blocks: tuple[Block, ...], header: Header, *, heading: str = ""
) -> SourceDocument:
    """The document of one file, with what its header says of it.

    Its title is the header's, else `heading`, else the name of the file.
    """
    return SourceDocument(
        id=material.id,
        title=header.values.get("title") or heading or material.title,
        text=text,
        blocks=blocks,
        origin=material.origin,
        study_id=header.values.get("study_id") or None,
        domain=header.values.get("domain") or "general",
        tier=header.tier,
        constructed=header.constructed,
        context=header.context,
    )


def read_fenced(text: str) -> Header | None:
    """The header between two lines of `---`; None if something other than keys stands between them."""
    values: dict[str, str] = {}
    for number, (position, line) in enumerate(lines(text)):
        if number == 0:
            if line.strip() != "---":
                return None
        elif line.strip() in ("---", "..."):
            return Header(values, position + len(line))
        elif number > _MAX_LINES or not _HEADER_LINE.match(line):
            return None
        else:
            _add(values, line)
    return None


def _bare(text: str, known: frozenset[str]) -> Header:
    values: dict[str, str] = {}
    waiting: list[str] = []
    end = 0
    for number, (position, line) in enumerate(lines(text)):
        pair = _PAIR.fullmatch(line.strip())
        if number > _MAX_LINES or (line.strip() and not pair):
            break
        if pair is None:
            if waiting:
                break
            continue
        key = _key(pair[1])
        if key in known:
            for held in (*waiting, line):
                _add(values, held)
            waiting, end = [], position + len(line)
        elif key in _SHARED and len(pair[2]) <= _MAX_LABEL_VALUE and not pair[2].endswith(("?", ".", "!")):
            waiting.append(line)
            if end and _same_paragraph(text, end, position):
                _add(values, line)
                waiting, end = [], position + len(line)
        else:
            break
    return Header(values, end)


def _same_paragraph(text: str, end: int, position: int) -> bool:
    return len(re.findall(r"\r\n|\r|\n", text[end:position])) <= 1


def _key(words: str) -> str:
    return re.sub(r"[ -]+", "_", words.strip().lower())


def _add(values: dict[str, str], line: str) -> None:
    pair = _PAIR.fullmatch(line.strip())
    if pair:
        key = _key(pair[1])
        values.setdefault(_NAMES.get(key, key), pair[2].strip().strip("*_\"'").strip())
