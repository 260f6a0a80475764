"""Reads `framework.yaml` into domain values. Checks its own ids; names of findings are looked up later."""

from __future__ import annotations

from assistant.domain.framework import (
    Axis,
    Dynamic,
    Factor,
    FactorLevel,
    Framework,
    Level,
    Quadrant,
    Question,
    Role,
)
from assistant.ingestion.corpus_studies import FORMALITIES, ORIGINS
from assistant.ingestion.yaml_entries import Entry

KINDS = ("reported", "synthesis")
LEVELS = tuple(level.value for level in FactorLevel)
ENDS = ("low", "high")


def read_framework(entry: Entry) -> Framework | None:
    """The framework; None, with faults noted, if it has no relationship spectrum."""
    spectrum = entry.entry("relationship_spectrum")
    if spectrum is None:
        return None
    framework = Framework(
        source_study=entry.name("source_study", "study"),
        levels=tuple(_level(item) for item in entry.entries("levels")),
        roles=tuple(_role(item) for item in entry.entries("roles")),
        factors=tuple(_factor(item) for item in entry.entries("factors")),
        axes=tuple(_axis(item) for item in spectrum.entries("axes")),
        quadrant_cut=spectrum.fraction("quadrant_cut"),
        quadrants=tuple(_quadrant(item) for item in spectrum.entries("quadrants")),
        dynamics=tuple(_dynamic(item, "a dynamic") for item in entry.entries("dynamics")),
        interplay=tuple(_dynamic(item, "an interplay") for item in entry.entries("interplay")),
        axes_named_by=spectrum.optional_name("named_by", "finding"),
    )
    spectrum.close("the relationship spectrum")
    entry.close("the framework")
    _check_unique(entry, framework)
    return framework


def _check_unique(entry: Entry, framework: Framework) -> None:
    questions = tuple(question for factor in framework.factors for question in factor.questions)
    for what, items in (
        ("levels", framework.levels),
        ("roles", framework.roles),
        ("factors", framework.factors),
        ("questions", questions),
        ("dynamics", framework.dynamics + framework.interplay),
    ):
        ids = [item.id for item in items]
        for repeated in sorted({item for item in ids if item and ids.count(item) > 1}):
            entry.fault(f"the id '{repeated}' is used twice among the {what}; rename one", key=what)


def _level(entry: Entry) -> Level:
    level = Level(
        id=entry.text("id"),
        name=entry.text("name"),
        definition=entry.text("definition"),
        definition_kind=entry.choice("definition_kind", KINDS),
        support=entry.names("support", "finding"),
    )
    entry.close("a level")
    return level


def _role(entry: Entry) -> Role:
    role = Role(
        id=entry.text("id"),
        name=entry.text("name"),
        definition=entry.text("definition"),
        ask=entry.text("ask"),
        kind=entry.choice("kind", KINDS),
        definition_kind=entry.choice("definition_kind", KINDS),
        named_by=entry.optional_name("named_by", "finding"),
    )
    entry.close("a role")
    return role


def _factor(entry: Entry) -> Factor:
    phrases = entry.optional_entry("phrases")
    factor = Factor(
        id=entry.text("id"),
        level=entry.name("level", "level"),
        name=entry.text("name"),
        definition=entry.text("definition"),
        definition_kind=entry.choice("definition_kind", KINDS),
        why_it_matters=entry.text("why_it_matters"),
        roles=entry.names("roles", "role"),
        roles_kind=entry.choice("roles_kind", KINDS),
        desirable=entry.choice("desirable", ENDS),
        questions=tuple(_question(item) for item in entry.entries("questions")),
        evidence=entry.names("evidence", "finding"),
        named_by=entry.optional_name("named_by", "finding"),
        phrases=_by_level(phrases) if phrases else {},
    )
    entry.close("a factor")
    return factor


def _by_level(entry: Entry) -> dict[str, tuple[str, ...]]:
    phrases = {level: entry.texts(level) for level in LEVELS}
    entry.close("'phrases'")
    return phrases


def _question(entry: Entry) -> Question:
    answers = entry.entry("answers")
    question = Question(
        id=entry.text("id"),
        text=entry.text("text"),
        answers={level: answers.text(level) for level in LEVELS} if answers else {},
        kind=entry.choice("kind", KINDS),
    )
    if answers:
        answers.close("'answers'")
    entry.close("a question")
    return question


def _axis(entry: Entry) -> Axis:
    axis = Axis(
        id=entry.text("id"),
        low=entry.text("low"),
        high=entry.text("high"),
        kind=entry.choice("kind", KINDS),
    )
    entry.close("an axis")
    return axis


def _quadrant(entry: Entry) -> Quadrant:
    quadrant = Quadrant(
        id=entry.text("id"),
        formality=entry.choice("formality", FORMALITIES),
        origin=entry.choice("origin", ORIGINS),
        name=entry.text("name"),
        definition=entry.text("definition"),
        example=entry.text("example"),
        strengths=entry.text("strengths"),
        risks=entry.text("risks"),
        watch=entry.text("watch"),
        kind=entry.choice("kind", KINDS),
        mechanisms=entry.names("mechanisms", "mechanism"),
    )
    entry.close("a quadrant")
    return quadrant


def _dynamic(entry: Entry, what: str) -> Dynamic:
    dynamic = Dynamic(
        id=entry.text("id"),
        statement=entry.text("statement"),
        kind=entry.choice("kind", KINDS),
        support=entry.names("support", "finding"),
        factors=entry.names("factors", "factor"),
    )
    entry.close(what)
    return dynamic
