"""What happens on the Diagnose page when somebody answers, tells a situation or puts a reading right."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.concurrency import run_in_threadpool

from assistant.domain.framework import FactorLevel, Framework
from assistant.errors import InputError
from assistant.security.sanitising import question_text
from assistant.web.diagnosing import (
    MOST_FIRST,
    UNKNOWN,
    Diagnosed,
    Sheet,
    diagnosed,
    first_questions,
    merged,
    questions_of,
    restored,
)
from assistant.web.pages.diagnose_screen import choices
from assistant.web.pages.wiring import fault_words
from assistant.web.render import checked_html, note_html
from assistant.web.render_profile import profile_html, progress_html, result_html, result_sources_html
from assistant.web.render_situation import LEVEL_WORDS

if TYPE_CHECKING:
    from assistant.web.pages import Desk

_WAITING = "Answer two questions, or tell your situation. A first answer shows here at once."
_NO_MORE = "No other question stands out. Go on with all the questions below, as far as you like."
_SHOWN = 7
_NOTE = 2
"""How many parts `Answers.drawn` draws, and the place of the note among them."""


class Answers:
    """Turns what was said into what the page shows."""

    def __init__(self, desk: Desk, framework: Framework) -> None:
        self._desk = desk
        self._framework = framework
        self._questions = questions_of(framework)

    def sheet(self, kept: Any) -> Sheet:
        """What the browser kept, as far as it fits the framework of today."""
        return restored(kept, self._framework, longest=self._desk.options.max_question_chars)

    async def drawn(self, sheet: Sheet, note: str = "") -> tuple[list[Any], Diagnosed]:
        """What every change shows, in the order of `Parts.shown`."""
        async with self._desk.admission.slot():
            found = await run_in_threadpool(diagnosed, self._desk.assistant, sheet)
        waiting = checked_html(f'<div class="ea-answer ea-note"><p>{_WAITING}</p></div>')
        shown = [
            sheet.plain(),
            self._progress(sheet),
            note,
            profile_html(found.advice.advice, self._framework),
            waiting if sheet.empty else result_html(found),
            "" if sheet.empty else result_sources_html(found),
            gr.update(choices=self._conditions(found), value=None),
        ]
        return shown, found

    def forms(self, sheet: Sheet, found: Diagnosed) -> list[Any]:
        """Both forms as they stand, in the order of `Parts.forms`; the short one with what matters now."""
        now = first_questions(found.advice, sheet.skipped)
        return [
            list(now),
            *(self._first(now, place, sheet) for place in range(MOST_FIRST)),
            *(gr.update(value=sheet.shows(key)) for key in self._questions),
        ]

    def failed(self, error: Exception) -> str:
        """The sentence for a reader; what nobody expected goes to the log."""
        return note_html(*fault_words(error))

    async def safely(self, drawing: Awaitable[list[Any]], *, size: int) -> list[Any]:
        """What was drawn, or the reason why not in the place for notes."""
        try:
            return await drawing
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            unchanged: list[Any] = [gr.skip()] * size
            unchanged[_NOTE] = self.failed(error)
            return unchanged

    async def answered(self, kept: Any, asked: Any, *values: Any) -> list[Any]:
        """After any answer in either form; what was said is kept even where no advice can be given now."""
        before = self.sheet(kept)
        places = [*self._places(asked), *self._questions]
        sheet = merged(before, self._given(places, values), self._framework)
        shown = await self.safely(self._only_drawn(sheet), size=_SHOWN)
        shown[0], shown[1] = sheet.plain(), self._progress(sheet)
        return [*shown, *self._in_step(places, values, sheet)]

    async def read(self, told: str, kept: Any) -> list[Any]:
        """After a situation was told in words."""

        async def drawing() -> list[Any]:
            text = question_text(told, longest=self._desk.options.max_question_chars)
            sheet = replace(self.sheet(kept), situation=text)
            shown, found = await self.drawn(sheet)
            return [*shown, *self.forms(sheet, found)]

        return await self.safely(drawing(), size=self.form_size)

    async def next_questions(self, kept: Any) -> list[Any]:
        """The short form anew, with the questions that matter most now."""

        async def drawing() -> list[Any]:
            sheet = self.sheet(kept)
            shown, found = await self.drawn(sheet)
            if not first_questions(found.advice, sheet.skipped):
                shown[_NOTE] = note_html(_NO_MORE)
            return [*shown, *self.forms(sheet, found)]

        return await self.safely(drawing(), size=self.form_size)

    async def put_right(self, which: Any, level: Any, kept: Any) -> list[Any]:
        """After a reading was put right."""

        async def drawing() -> list[Any]:
            known = {factor.id for factor in self._framework.factors}
            if which not in known or level not in {UNKNOWN, *FactorLevel}:
                raise InputError("Nothing was chosen.", hint="Choose a condition and how it really is.")
            shown, _ = await self.drawn(self.sheet(kept).putting_right(which, level))
            return [*shown, gr.update(value=None)]

        return await self.safely(drawing(), size=_SHOWN + 1)

    @property
    def form_size(self) -> int:
        """How many parts `drawn` and `forms` draw together."""
        return _SHOWN + 1 + MOST_FIRST + len(self._questions)

    async def _only_drawn(self, sheet: Sheet) -> list[Any]:
        shown, _ = await self.drawn(sheet)
        return shown

    def _progress(self, sheet: Sheet) -> str:
        asked, left_out = len(self._questions), len(sheet.skipped)
        return progress_html(len(sheet.answers), asked, left_out=left_out, told=not sheet.empty)

    def _places(self, asked: Any) -> list[str]:
        """The question in each place of the short form, from what the browser kept; empty for none."""
        kept = asked if isinstance(asked, list) else []
        known = [key if isinstance(key, str) and key in self._questions else "" for key in kept[:MOST_FIRST]]
        return [*known, *[""] * (MOST_FIRST - len(known))]

    def _given(self, places: Sequence[str], values: Sequence[Any]) -> Mapping[str, Sequence[object]]:
        given: dict[str, list[object]] = {}
        for key, value in zip(places, values, strict=True):
            given.setdefault(key, []).append(value)
        return given

    def _in_step(self, places: Sequence[str], values: Sequence[Any], sheet: Sheet) -> list[Any]:
        """Both forms kept in step: each place that shows something else than was said is set."""
        return [
            gr.update(value=sheet.shows(key))
            if key in self._questions and value != sheet.shows(key)
            else gr.skip()
            for key, value in zip(places, values, strict=True)
        ]

    def _first(self, asked: Sequence[str], place: int, sheet: Sheet) -> Any:
        """One question of the short form as it stands."""
        if place >= len(asked):
            return gr.update(visible=False, value=None)
        question = self._questions[asked[place]]
        return gr.update(
            visible=True, label=question.text, choices=choices(question), value=sheet.shows(question.id)
        )

    def _conditions(self, found: Diagnosed) -> list[tuple[str, str]]:
        profile = found.advice.advice.profile
        return [
            (f"{factor.name}: {LEVEL_WORDS[state] if state else 'not known'}", factor.id)
            for factor in self._framework.factors
            for state in [profile.state(factor.id)]
        ]
