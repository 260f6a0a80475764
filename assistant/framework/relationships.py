"""Checks what people enter on relationships, diagnoses and trials, and says where relationships moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.domain.monitoring import Move, PlaceOn, Relationship, Trial
from assistant.errors import InputError

LONGEST = {"partner": 120, "kind": 120, "product": 120, "holder": 300, "purpose": 1000}
"""Most characters of each text of a relationship."""
LONGEST_NOTE = 2000
LONGEST_LABEL = 120
LONGEST_SITUATION = 20_000
_EARLIEST = date(1900, 1, 1)
_A_DAY = timedelta(days=1)


def checked_relationship(relationship: Relationship, *, today: date) -> Relationship:
    """The relationship with its texts trimmed. Raises InputError, naming what cannot be kept."""
    texts = {name: " ".join(getattr(relationship, name).split()) for name in LONGEST}
    if not texts["partner"]:
        raise InputError("The partner has no name.", hint="Write which organisation or group it is.")
    for name, longest in LONGEST.items():
        checked_text(texts[name], what=f"The {name}", longest=longest)
    for name in ("formality", "origin"):
        value = getattr(relationship, name)
        if not (math.isfinite(value) and 0 <= value <= 1):
            raise InputError(f"The {name} lies outside 0 to 1.", hint="Write a number such as 0.5.")
    _in_order(relationship.since, relationship.ended, today)
    return replace(
        relationship,
        partner=texts["partner"],
        kind=texts["kind"],
        product=texts["product"],
        purpose=texts["purpose"],
        holder=texts["holder"],
    )


def checked_trial(trial: Trial, *, today: date) -> Trial:
    """The trial with its note trimmed. Raises InputError, naming what cannot be kept."""
    note = trial.note.strip()
    checked_text(note, what="The note", longest=LONGEST_NOTE)
    _in_order(trial.started, trial.ended, today)
    checked_day(trial.checked_on, what="the day of the check", today=today)
    return replace(trial, note=note)


def checked_text(text: str, *, what: str, longest: int) -> str:
    """The text. Raises InputError if it is too long or holds what is not text."""
    if len(text) > longest:
        raise InputError(f"{what} is longer than {longest} characters.", hint="Shorten it.")
    if any(character < " " and character not in "\t\n\r" for character in text):
        raise InputError(
            f"{what} holds characters that are not text.", hint="Type it again, or paste it as plain text."
        )
    return text


def checked_day(day: date | None, *, what: str, today: date) -> date | None:
    """The day. Raises InputError if it is before 1900 or still to come."""
    if day is None:
        return None
    named = f"{what[:1].upper()}{what[1:]}, {day.day} {day:%B} {day.year},"
    if day > today + _A_DAY:  # a reader east of the server may already live in tomorrow
        raise InputError(f"{named} is still to come.", hint="Write today or a day before it.")
    if day < _EARLIEST:
        raise InputError(f"{named} is too long ago.", hint="Write a day from 1900 on.")
    return day


def moves(
    relationships: Sequence[Relationship], places: Sequence[PlaceOn], earlier: date, later: date
) -> tuple[Move, ...]:
    """Where each relationship lay on two days, in the order given; without those that lay nowhere.

    On a day after its end, or before its first place, a relationship lies nowhere. `places` are oldest first.
    """
    found = (
        Move(
            relationship=relationship,
            before=_on(relationship, places, earlier),
            after=_on(relationship, places, later),
        )
        for relationship in relationships
    )
    return tuple(move for move in found if move.before or move.after)


def _on(relationship: Relationship, places: Sequence[PlaceOn], day: date) -> PlaceOn | None:
    if relationship.ended is not None and relationship.ended < day:
        return None
    known = [place for place in places if place.relationship_id == relationship.id and place.day <= day]
    return max(known, key=lambda place: place.day, default=None)


def _in_order(start: date | None, end: date | None, today: date) -> None:
    checked_day(start, what="the day it began", today=today)
    checked_day(end, what="the day it ended", today=today)
    if start is not None and end is not None and end < start:
        raise InputError("It ends before it begins.", hint="Change one of the two days.")
