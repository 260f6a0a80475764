"""What a person has said on the Diagnose page, and what the engine makes of it. Knows no widget.

What a browser kept is checked against the framework of today before anything is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from assistant.domain.advice import Profile
from assistant.domain.answers import CitedAdvice
from assistant.domain.framework import Catalogue, FactorLevel, Framework, Question
from assistant.domain.monitoring import SavedDiagnosis
from assistant.domain.reports import Source
from assistant.errors import InputError
from assistant.framework.profile import profile_from_answers
from assistant.security.sanitising import plain_text

if TYPE_CHECKING:
    from assistant.engine import Assistant

UNKNOWN = "unknown"
SKIPPED = "skip"
MOST_FIRST = 5
"""How many questions the short form asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was said so far: answers by question, readings put right by factor, a situation in words."""

    answers: Mapping[str, FactorLevel] = field(default_factory=dict)
    corrections: Mapping[str, FactorLevel | None] = field(default_factory=dict)
    """None where a person said that something is not known after all."""
    situation: str = ""

    @property
    def empty(self) -> bool:
        """True if nothing was said yet."""
        return not (self.answers or self.corrections or self.situation)

    def answering(self, question_id: str, level: str) -> Sheet:
        """The sheet with one answer given, changed or, by `SKIPPED`, taken back."""
        left = {key: given for key, given in self.answers.items() if key != question_id}
        return replace(self, answers=left if level == SKIPPED else {**left, question_id: FactorLevel(level)})

    def putting_right(self, factor_id: str, level: str) -> Sheet:
        """The sheet with one reading put right."""
        right = None if level == UNKNOWN else FactorLevel(level)
        return replace(self, corrections={**self.corrections, factor_id: right})

    def plain(self) -> dict[str, Any]:
        """What a browser may keep."""
        put_right = {key: level.value if level else UNKNOWN for key, level in self.corrections.items()}
        answers = {key: level.value for key, level in self.answers.items()}
        return {"answers": answers, "corrections": put_right, "situation": self.situation}


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The advice on a sheet, with each cited passage opened at its source."""

    advice: CitedAdvice
    opened: Mapping[str, Source]


def framework_of(catalogue: Catalogue) -> Framework | None:
    """The framework, if there are mechanisms to advise from, too."""
    return catalogue.framework if catalogue.mechanisms else None


def questions_of(framework: Framework) -> dict[str, Question]:
    """Every diagnostic question by id, in the order of the framework."""
    return {question.id: question for factor in framework.factors for question in factor.questions}


def restored(kept: object, framework: Framework, *, longest: int) -> Sheet:
    """The sheet that a browser kept; whatever in it does not fit the framework of today is left out."""
    if not isinstance(kept, dict):
        return Sheet()
    questions, factors = questions_of(framework), {factor.id for factor in framework.factors}
    answers = {
        key: FactorLevel(level)
        for key, level in _pairs(kept.get("answers"))
        if key in questions and level in questions[key].answers and level in set(FactorLevel)
    }
    put_right = {
        key: None if level == UNKNOWN else FactorLevel(level)
        for key, level in _pairs(kept.get("corrections"))
        if key in factors and level in {UNKNOWN, *FactorLevel}
    }
    told = kept.get("situation")
    return Sheet(answers=answers, corrections=put_right, situation=told_text(told, longest=longest))


def told_text(told: object, *, longest: int) -> str:
    """A situation as it may be read; empty for anything that is not text of a fitting length."""
    if not isinstance(told, str) or len(told) > longest:
        return ""
    try:
        return plain_text(told.strip(), what="The situation")
    except InputError:
        return ""


def diagnosed(assistant: Assistant, sheet: Sheet) -> Diagnosed:
    """Advice on a sheet, as far as it is filled in. Raises InputError, NotReadyError."""
    framework = assistant.catalogue.framework
    answers = profile_from_answers(sheet.answers, framework) if framework and sheet.answers else None
    given = assistant.recommend(
        sheet.situation,
        answers=answers,
        profile=Profile() if sheet.empty else None,
        corrections=sheet.corrections or None,
    )
    wanted = {citation.passage_id for citation in given.citations.values()}
    return Diagnosed(given, {passage_id: assistant.source(passage_id) for passage_id in sorted(wanted)})


def first_questions(given: CitedAdvice) -> tuple[str, ...]:
    """Ids of the questions that would change the advice most now, most first."""
    return tuple(asked.question.id for asked in given.advice.questions[:MOST_FIRST])


def save(assistant: Assistant, owner: str, sheet: Sheet, *, label: str) -> SavedDiagnosis:
    """Keep what was diagnosed for `owner`. Raises InputError if nothing was said, StorageError."""
    if sheet.empty:
        raise InputError("There is nothing to save yet.", hint="Answer a question first.")
    advice = diagnosed(assistant, sheet).advice.advice
    return assistant.monitor(owner).save_diagnosis(
        profile=advice.profile,
        answers=sheet.answers,
        situation=sheet.situation,
        label=label,
        shown=[card.mechanism_id for card in advice.cards[: advice.shown]],
    )


def _pairs(kept: object) -> Sequence[tuple[str, str]]:
    if not isinstance(kept, dict):
        return ()
    return [(key, value) for key, value in kept.items() if isinstance(key, str) and isinstance(value, str)]
