"""Finds mechanisms by where they lie, what they depend on, their effort, and words. Ranks nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain.advice import Part
from assistant.domain.framework import Catalogue, Mechanism
from assistant.framework.sequence import TENDERS

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismFilter:
    """What a reader looks for; an empty string leaves that side open. All given sides must hold."""

    quadrant: str = ""
    level: str = ""
    """A level of the framework on which some condition of the mechanism lies."""
    effort: str = ""
    part: str = ""
    """start, carry or tend."""
    words: str = ""
    """Each must begin a word of the name, the description or a situation."""


def part_of(mechanism: Mechanism, catalogue: Catalogue) -> Part:
    """What a mechanism is best for among others: agreed ones start, loose ones carry, tenders tend."""
    if mechanism.id in TENDERS:
        return Part.TEND
    cut = catalogue.framework.quadrant_cut if catalogue.framework else 0.5
    return Part.START if mechanism.spectrum.formality >= cut else Part.CARRY


def levels_of(mechanism: Mechanism, catalogue: Catalogue) -> frozenset[str]:
    """Ids of the levels on which a mechanism's conditions lie."""
    if catalogue.framework is None:
        return frozenset()
    conditions = (*mechanism.favoured_by, *mechanism.hindered_by)
    return frozenset(catalogue.framework.factor(condition.factor).level for condition in conditions)


def chosen(catalogue: Catalogue, wanted: MechanismFilter) -> tuple[Mechanism, ...]:
    """The mechanisms that fit a filter, in the order of their names."""
    fitting = (m for m in catalogue.mechanisms.values() if _fits(m, catalogue, wanted))
    return tuple(sorted(fitting, key=lambda mechanism: mechanism.name.lower()))


def _fits(mechanism: Mechanism, catalogue: Catalogue, wanted: MechanismFilter) -> bool:
    return (
        wanted.quadrant in ("", mechanism.spectrum.quadrant)
        and wanted.effort in ("", mechanism.effort.level)
        and wanted.part in ("", part_of(mechanism, catalogue).value)
        and (not wanted.level or wanted.level in levels_of(mechanism, catalogue))
        and _holds_words(mechanism, wanted.words)
    )


def _holds_words(mechanism: Mechanism, words: str) -> bool:
    told = " ".join((mechanism.name, *mechanism.aka, mechanism.what_it_is, *mechanism.situations)).lower()
    held = set(_WORD.findall(told))
    return all(any(word.startswith(begun) for word in held) for begun in _WORD.findall(words.lower()))
