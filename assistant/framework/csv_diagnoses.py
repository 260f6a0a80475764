"""Saved diagnoses as a CSV table and back: a row each, a column for every factor and every question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from assistant.domain.advice import ConditionReading, Profile
from assistant.domain.framework import FactorLevel, Framework
from assistant.domain.monitoring import CellFault, SavedDiagnosis
from assistant.domain.readings import profile_from_data, readings_to_data
from assistant.errors import InputError
from assistant.framework.csv_cells import Faults, Row, choice_of, day_of, read_rows, write_rows
from assistant.framework.profile import corrected, profile_from_answers
from assistant.framework.relationships import LONGEST_LABEL, LONGEST_SITUATION, checked_day

_FIRST = ("id", "made on", "label", "situation", "recommended then")
_READINGS = "readings"
"""A column that keeps what each level rests on, for reading the table back; people may leave it empty."""


def diagnoses_csv(diagnoses: Iterable[SavedDiagnosis], framework: Framework) -> str:
    """The diagnoses as CSV, one row each; `diagnoses_from_csv` reads it back unchanged."""
    factors, questions = _keys(framework)
    heads = (*_FIRST, *factors, *questions, _READINGS)
    return write_rows(heads, (_cells(diagnosis, factors, questions) for diagnosis in diagnoses))


def diagnoses_from_csv(
    text: str, framework: Framework, mechanisms: Iterable[str], *, today: date
) -> tuple[tuple[SavedDiagnosis, ...], tuple[CellFault, ...]]:
    """The diagnoses of a CSV text, and every fault; use none of them if there is one.

    A row without the column `readings` is read from its answers, then from its levels by factor.
    """
    faults = Faults()
    factors, questions = _keys(framework)
    names = (*_FIRST, *factors, *questions, _READINGS)
    rows = read_rows(text, {name: name for name in names}, ("made on",), faults)
    if faults.found:
        return (), tuple(faults.found)
    known = frozenset(mechanisms)
    found = [_diagnosis(row, framework, known, today, faults) for row in rows]
    return tuple(d for d in found if d is not None), tuple(faults.found)


def _keys(framework: Framework) -> tuple[list[str], list[str]]:
    factors = [factor.id for factor in framework.factors]
    return factors, [question.id for factor in framework.factors for question in factor.questions]


def _cells(diagnosis: SavedDiagnosis, factors: list[str], questions: list[str]) -> list[str]:
    levels = (diagnosis.profile.state(factor) for factor in factors)
    answers = (diagnosis.answers.get(question) for question in questions)
    readings = readings_to_data(diagnosis.profile)
    return [
        diagnosis.id,
        diagnosis.made_on.isoformat(),
        diagnosis.label,
        diagnosis.situation,
        " ".join(diagnosis.shown),
        *(level.value if level else "" for level in (*levels, *answers)),
        json.dumps(readings, ensure_ascii=True) if readings else "",
    ]


def _diagnosis(
    row: Row, framework: Framework, mechanisms: frozenset[str], today: date, faults: Faults
) -> SavedDiagnosis | None:
    before = len(faults.found)
    factors, questions = _keys(framework)
    made_on = _made_on(row, today, faults)
    label, situation = " ".join(row.cell("label").split()), row.cells.get("situation", "")
    for column, text, longest in (
        ("label", label, LONGEST_LABEL),
        ("situation", situation, LONGEST_SITUATION),
    ):
        if len(text) > longest:
            faults.add(row.line, column, f"the text is longer than {longest} characters", "shorten it")
    shown = tuple(row.cell("recommended then").replace(",", " ").split())
    for key in shown:
        if key not in mechanisms:
            faults.add(row.line, "recommended then", f"'{key[:60]}' is no mechanism", "remove it")
    levels = _levels(row, factors, faults)
    answers = _levels(row, questions, faults)
    profile = _profile(row, levels, answers, framework, faults)
    if made_on is None or profile is None or len(faults.found) > before:
        return None
    return SavedDiagnosis(
        id=row.cell("id"), made_on=made_on, label=label, answers=answers, profile=profile,
        situation=situation, shown=shown,
    )  # fmt: skip


def _made_on(row: Row, today: date, faults: Faults) -> date | None:
    if not row.cell("made on"):
        faults.add(row.line, "made on", "the cell is empty", "write the day as 2025-03-31")
        return None
    day = day_of(row, "made on", faults)
    try:
        return checked_day(day, what="the day", today=today)
    except InputError:
        faults.add(row.line, "made on", f"{day} is before 1900 or still to come", "write the day it was made")
        return None


def _levels(row: Row, keys: Iterable[str], faults: Faults) -> dict[str, FactorLevel]:
    read = ((key, choice_of(row, key, FactorLevel, faults)) for key in keys)
    return {key: level for key, level in read if level is not None}


def _profile(
    row: Row,
    levels: Mapping[str, FactorLevel],
    answers: Mapping[str, FactorLevel],
    framework: Framework,
    faults: Faults,
) -> Profile | None:
    text = row.cell(_READINGS)
    if not text:
        return _from_levels(levels, answers, framework, row, faults)
    try:
        profile = _kept(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        faults.add(row.line, _READINGS, "the cell is damaged", "empty it, to take the levels from the row")
        return None
    for factor in framework.factors:
        if profile.state(factor.id) != levels.get(factor.id):
            cure = f"empty the column '{_READINGS}' of this row, to take the levels from the row"
            faults.add(row.line, factor.id, "the level is not the one that was read", cure)
    for key in profile.readings.keys() - {factor.id for factor in framework.factors}:
        faults.add(row.line, _READINGS, f"there is no factor called '{key[:60]}'", "empty the cell")
    return profile


def _kept(data: Any) -> Profile:
    profile = profile_from_data(data)
    for reading in profile.readings.values():
        _sound(reading)
    return profile


def _sound(reading: ConditionReading) -> None:
    if not (0 <= reading.confidence <= 1 and -1 <= reading.value <= 1):
        raise ValueError("a reading lies outside its range")


def _from_levels(
    levels: Mapping[str, FactorLevel],
    answers: Mapping[str, FactorLevel],
    framework: Framework,
    row: Row,
    faults: Faults,
) -> Profile:
    profile = profile_from_answers(answers, framework)
    for factor, level in levels.items():
        state = profile.state(factor)
        if state is None:
            profile = corrected(profile, factor, level, framework)
        elif state is not level:
            cure = f"write {state.value}, or empty the cell"
            faults.add(row.line, factor, f"the answers say {state.value}, the cell {level.value}", cure)
    return profile
