"""What a person has said on the Diagnose page, and what the engine makes of it. Knows no widget.

What a browser kept is checked against the framework of today before anything is made of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.domain.advice import Profile
from assistant.domain.advice import Source as ReadFrom
from assistant.domain.answers import Citation, CitedAdvice
from assistant.domain.framework import Catalogue, FactorLevel, Framework, Question
from assistant.domain.monitoring import SavedDiagnosis
from assistant.domain.reports import Source
from assistant.errors import InputError
from assistant.framework.profile import profile_from_answers
from assistant.security.sanitising import plain_text
from assistant.web.pages.talk import cited_on_cards
from assistant.web.render_advice import numbered_as_drawn

if TYPE_CHECKING:
    from assistant.engine import Assistant

UNKNOWN = "unknown"
SKIPPED = "skip"
_LONGEST_ID = 64
MOST_FIRST = 5
"""How many questions the short form asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was said so far: answers by question, readings put right by factor, a situation in words."""

    answers: Mapping[str, FactorLevel] = field(default_factory=dict)
    corrections: Mapping[str, FactorLevel | None] = field(default_factory=dict)
    """None where a person said that something is not known after all."""
    skipped: frozenset[str] = frozenset()
    """Ids of questions that a person left out on purpose."""
    situation: str = ""
    repeats: str = ""
    """Id of the saved diagnosis that is being repeated; empty if none is."""

    @property
    def empty(self) -> bool:
        """True if nothing was said yet."""
        return not (self.answers or self.corrections or self.situation)

    def answering(self, question_id: str, level: str, factor_id: str = "") -> Sheet:
        """The sheet with one answer given, changed or, by `SKIPPED`, taken back.

        An answer on a factor undoes what was put right there before: what was said last counts.
        """
        left = {key: given for key, given in self.answers.items() if key != question_id}
        if level == SKIPPED:
            return replace(self, answers=left, skipped=self.skipped | {question_id})
        return replace(
            self,
            answers={**left, question_id: FactorLevel(level)},
            skipped=self.skipped - {question_id},
            corrections={key: right for key, right in self.corrections.items() if key != factor_id},
        )

    def shows(self, question_id: str) -> str | None:
        """What the form shows for a question: a level, `SKIPPED`, or None if it was not touched."""
        given = self.answers.get(question_id)
        if given:
            return given.value
        return SKIPPED if question_id in self.skipped else None

    def putting_right(self, factor_id: str, level: str) -> Sheet:
        """The sheet with one reading put right."""
        right = None if level == UNKNOWN else FactorLevel(level)
        return replace(self, corrections={**self.corrections, factor_id: right})

    def plain(self) -> dict[str, Any]:
        """What a browser may keep."""
        put_right = {key: level.value if level else UNKNOWN for key, level in self.corrections.items()}
        answers = {key: level.value for key, level in self.answers.items()}
        return {
            "answers": answers,
            "corrections": put_right,
            "skipped": sorted(self.skipped),
            "situation": self.situation,
            "repeats": self.repeats,
        }


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The advice on a sheet, with each passage that its cards cite opened at its source."""

    advice: CitedAdvice
    cited: tuple[Citation, ...]
    """What stands on the cards, by number."""
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
    left_out = kept.get("skipped")
    skipped = {key for key in left_out if isinstance(key, str)} if isinstance(left_out, list) else set()
    repeats = kept.get("repeats")
    return Sheet(
        answers=answers,
        corrections=put_right,
        skipped=frozenset(skipped & questions.keys() - answers.keys()),
        situation=told_text(kept.get("situation"), longest=longest),
        repeats=repeats if isinstance(repeats, str) and len(repeats) <= _LONGEST_ID else "",
    )


def merged(sheet: Sheet, given: Mapping[str, Sequence[object]], framework: Framework) -> Sheet:
    """The sheet with what its forms show now: question id to the value of each place it is asked in.

    A place that was not touched (None) says nothing. Of two places, the one that differs from the sheet was
    changed last. So no answer is lost when several are given before the first is worked through.
    """
    for factor in framework.factors:
        for question in factor.questions:
            known = (*question.answers, SKIPPED)
            for value in given.get(question.id, ()):
                if isinstance(value, str) and value in known and value != sheet.shows(question.id):
                    sheet = sheet.answering(question.id, value, factor.id)
                    break
    return sheet


def repeated(diagnosis: SavedDiagnosis, *, filled: bool) -> Sheet:
    """A sheet to repeat a saved diagnosis on: empty, or `filled` with what was said then."""
    if not filled:
        return Sheet(repeats=diagnosis.id)
    readings = diagnosis.profile.readings.values()
    return Sheet(
        answers=dict(diagnosis.answers),
        corrections={r.factor: r.state for r in readings if r.source is ReadFrom.CORRECTION},
        situation=diagnosis.situation,
        repeats=diagnosis.id,
    )


def told_text(told: object, *, longest: int) -> str:
    """A situation as it may be read; empty for anything that is not text of a fitting length."""
    if not isinstance(told, str) or len(told) > longest:
        return ""
    try:
        return plain_text(told.strip(), what="The situation")
    except InputError:
        return ""


def diagnosed(assistant: Assistant, sheet: Sheet) -> Diagnosed:
    """Advice on a sheet, as far as it is filled in, and its sources. Raises InputError, NotReadyError."""
    given = numbered_as_drawn(advised(assistant, sheet))
    cited = cited_on_cards(given)
    wanted = dict.fromkeys(citation.passage_id for citation in cited)
    return Diagnosed(given, cited, {passage_id: assistant.source(passage_id) for passage_id in wanted})


def advised(assistant: Assistant, sheet: Sheet) -> CitedAdvice:
    """Advice on a sheet, as far as it is filled in. Raises InputError, NotReadyError."""
    framework = assistant.catalogue.framework
    answers = profile_from_answers(sheet.answers, framework) if framework and sheet.answers else None
    given: CitedAdvice = assistant.recommend(
        sheet.situation,
        answers=answers,
        profile=Profile() if sheet.empty else None,
        corrections=sheet.corrections or None,
    )
    return given


def first_questions(given: CitedAdvice, skipped: Collection[str] = ()) -> tuple[str, ...]:
    """Ids of the questions that would change the advice most now, most first; none that was left out."""
    asked = (asked.question.id for asked in given.advice.questions)
    return tuple(key for key in asked if key not in skipped)[:MOST_FIRST]


def save(
    assistant: Assistant, owner: str, sheet: Sheet, *, label: str, made_on: date | None = None
) -> SavedDiagnosis:
    """Keep what was diagnosed for `owner`, under today's date without `made_on`.

    Raises InputError if nothing was said or the day is still to come, StorageError.
    """
    if sheet.empty:
        raise InputError("There is nothing to save yet.", hint="Answer a question first.")
    advice = advised(assistant, sheet).advice
    return assistant.monitor(owner).save_diagnosis(
        profile=advice.profile,
        answers=sheet.answers,
        situation=sheet.situation,
        label=label,
        made_on=made_on,
        shown=[card.mechanism_id for card in advice.cards[: advice.shown]],
    )


def _pairs(kept: object) -> Sequence[tuple[str, str]]:
    if not isinstance(kept, dict):
        return ()
    return [(key, value) for key, value in kept.items() if isinstance(key, str) and isinstance(value, str)]
