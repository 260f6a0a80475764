"""The everyday wordings that teach the readers: remarks, patterns, worked cases. Checked here.

Reading files is done elsewhere: `wordings` takes what a YAML parser made of `corpus/cues.yaml` and
`corpus/cases.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from assistant.domain.framework import Catalogue, FactorLevel
from assistant.errors import CorpusError

CUES, CASES = "cues.yaml", "cases.yaml"
"""Files of the corpus that teach how people speak; read as they are, and not part of the library."""
_LEVELS = tuple(level.value for level in FactorLevel)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedCase:
    """A situation with what a sound adviser would name first, what would also do, and what would be wrong."""

    text: str
    best: tuple[str, ...]
    also: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    factors: Mapping[str, FactorLevel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """Everything that teaches the readers how people speak. None of it is evidence and none is ever shown."""

    remarks: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    patterns: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    relationships: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cases: tuple[WorkedCase, ...] = ()


def wordings(cues: Mapping[str, Any], cases: Mapping[str, Any], catalogue: Catalogue) -> Wordings:
    """The wordings in two parsed files, checked against the catalogue. Raises CorpusError with the cure."""
    framework = catalogue.framework
    factors = [factor.id for factor in framework.factors] if framework else []
    quadrants = [quadrant.id for quadrant in framework.quadrants] if framework else []
    relationships = {
        str(key): _texts(texts, CUES) for key, texts in _table(cues, "relationships", CUES).items()
    }
    _known(relationships, quadrants, "quadrant", CUES)
    return Wordings(
        remarks=_levels(cues, "remarks", factors),
        patterns=_levels(cues, "patterns", factors),
        relationships=relationships,
        cases=tuple(
            _case(entry, number, factors, list(catalogue.mechanisms))
            for number, entry in enumerate(cases.get("cases") or (), start=1)
        ),
    )


def _levels(
    data: Mapping[str, Any], key: str, factors: Sequence[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    table = _table(data, key, CUES)
    _known(table, factors, "factor", CUES)
    for levels in table.values():
        _known(levels, _LEVELS, "level", CUES)
    return {
        factor: {level: _texts(texts, CUES) for level, texts in levels.items()}
        for factor, levels in table.items()
    }


def _case(
    entry: Mapping[str, Any], number: int, factors: Sequence[str], mechanisms: Sequence[str]
) -> WorkedCase:
    if not isinstance(entry, Mapping) or not str(entry.get("text") or "").strip() or not entry.get("best"):
        raise CorpusError(f"case {number} has no text or no best mechanism; add both", path=CASES)
    named = {key: _texts(entry.get(key) or (), CASES) for key in ("best", "also", "wrong")}
    for names in named.values():
        _known(names, mechanisms, "mechanism", CASES)
    _once([name for names in named.values() for name in names], number)
    read = entry.get("factors") or {}
    _known(read, factors, "factor", CASES)
    _known(read.values(), _LEVELS, "level", CASES)
    return WorkedCase(
        text=str(entry["text"]), factors={key: FactorLevel(level) for key, level in read.items()}, **named
    )


def _once(names: Sequence[str], number: int) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise CorpusError(
            f"case {number} names '{twice}' twice; a mechanism is best, would also do, or is wrong",
            path=CASES,
        )


def _table(data: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
    table = data.get(key) or {}
    if not isinstance(table, Mapping):
        raise CorpusError(f"'{key}' must be a table of names", path=path)
    return table


def _texts(texts: Any, path: str) -> tuple[str, ...]:
    if (
        isinstance(texts, str)
        or not isinstance(texts, Sequence)
        or not all(isinstance(text, str) for text in texts)
    ):
        raise CorpusError(
            "a list of sentences was expected; put each on a line of its own after a dash", path=path
        )
    return tuple(texts)


def _known(names: Iterable[str], known: Sequence[str], what: str, path: str) -> None:
    for name in names:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            raise CorpusError(
                f"no {what} called '{name}'", path=path, hint=f"Did you mean '{near[0]}'?" if near else ""
            )
