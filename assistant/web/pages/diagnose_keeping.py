"""What happens on the Diagnose page when a diagnosis is kept or repeated, or answered with a partner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.concurrency import run_in_threadpool

from assistant.domain.framework import Framework
from assistant.domain.monitoring import PairView, SavedDiagnosis
from assistant.errors import InputError
from assistant.web.diagnosing import Sheet, repeated, save
from assistant.web.pages.days import read_day
from assistant.web.pages.diagnose_answers import Answers
from assistant.web.pages.diagnose_screen import LONGEST_CODE, LONGEST_LABEL
from assistant.web.pages.wiring import principal
from assistant.web.render import checked_html, note_html, text_html
from assistant.web.render_monitor import change_html
from assistant.web.render_profile import earlier_html, named, pair_html, pairs_html

if TYPE_CHECKING:
    from assistant.monitoring import Monitor
    from assistant.web.pages import Desk

_MOST_LISTED = 50


class Keeping:
    """Keeps and repeats diagnoses, and compares two partners' answers."""

    def __init__(self, desk: Desk, framework: Framework, answers: Answers) -> None:
        self._desk = desk
        self._answers = answers
        self._names = {factor.id: factor.name for factor in framework.factors}

    async def loaded(self, kept: Any, request: gr.Request) -> list[Any]:
        """The page as its browser kept it."""
        return await self._shown(self._answers.sheet(kept), request)

    async def fresh(self, request: gr.Request) -> list[Any]:
        """The page before anything was said."""
        return await self._shown(Sheet(), request)

    def repeating(self, *, filled: bool) -> Callable[..., Awaitable[list[Any]]]:
        """The handler that begins a saved diagnosis again, empty or filled with what was said then."""

        async def drawing(diagnosis_id: Any, request: gr.Request) -> list[Any]:
            if not isinstance(diagnosis_id, str):
                raise InputError("No diagnosis was chosen.", hint="Choose one that you saved before.")
            diagnosis = await run_in_threadpool(self._one, principal(request), diagnosis_id)
            kept = repeated(diagnosis, filled=filled).plain()
            note = note_html(
                f"You are repeating your diagnosis of {named(diagnosis)}.",
                "Save it when done to see what moved.",
            )
            return await self._shown(self._answers.sheet(kept), request, note)

        async def begun(diagnosis_id: Any, kept: Any, request: gr.Request) -> list[Any]:
            del kept  # what was being filled in gives way
            return await self._answers.safely(
                drawing(diagnosis_id, request), size=self._answers.form_size + 3
            )

        return begun

    async def save(self, label: str, day: str, kept: Any, request: gr.Request) -> list[Any]:
        """After a diagnosis was saved: that it was, what moved, and all that is kept."""
        owner = principal(request)
        try:
            said = await run_in_threadpool(self._saved, label, day, self._answers.sheet(kept), owner)
            return [said, "", "", await run_in_threadpool(self._choices, owner)]
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            return [self._answers.failed(error), gr.skip(), gr.skip(), gr.skip()]

    async def pair_opened(self, label: str, kept: Any, request: gr.Request) -> str:
        """After somebody began a diagnosis for two."""

        def work(monitor: Monitor, sheet: Sheet) -> PairView:
            return monitor.pair(monitor.open_pair(sheet.answers, label=label[:LONGEST_LABEL]))

        return await self._paired(work, kept, request)

    async def pair_answered(self, code: str, kept: Any, request: gr.Request) -> str:
        """After the partner answered by a code."""

        def work(monitor: Monitor, sheet: Sheet) -> PairView:
            return monitor.answer_pair(code[:LONGEST_CODE], sheet.answers)

        return await self._paired(work, kept, request)

    async def pair_looked_at(self, code: str, kept: Any, request: gr.Request) -> str:
        """How the two sides of a code agree."""

        def work(monitor: Monitor, sheet: Sheet) -> PairView:
            del sheet
            return monitor.pair(code[:LONGEST_CODE])

        return await self._paired(work, kept, request)

    async def pairs_begun(self, request: gr.Request) -> str:
        """The diagnoses for two that this person began."""

        def work() -> str:
            return pairs_html(self._desk.assistant.monitor(principal(request)).pairs())

        try:
            return await run_in_threadpool(work)
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            return self._answers.failed(error)

    async def _paired(
        self, work: Callable[[Monitor, Sheet], PairView], kept: Any, request: gr.Request
    ) -> str:
        def asked() -> PairView:
            return work(self._desk.assistant.monitor(principal(request)), self._answers.sheet(kept))

        try:
            return pair_html(await run_in_threadpool(asked), self._names)
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            return self._answers.failed(error)

    async def _shown(self, sheet: Sheet, request: gr.Request, note: str = "") -> list[Any]:
        """The whole page on a sheet: what is shown, both forms, the situation, and what was saved before."""

        async def drawing() -> list[Any]:
            shown, found = await self._answers.drawn(sheet, note)
            owner = principal(request)
            earlier = await run_in_threadpool(self._earlier, owner)
            listed = await run_in_threadpool(self._choices, owner)
            return [*shown, *self._answers.forms(sheet, found), sheet.situation, earlier, listed]

        return await self._answers.safely(drawing(), size=self._answers.form_size + 3)

    def _saved(self, label: str, day: str, sheet: Sheet, owner: str) -> str:
        """Keeps the diagnosis; says so, and what moved between it and the one it is held against."""
        assistant = self._desk.assistant
        before = assistant.monitor(owner).diagnoses()
        kept = save(assistant, owner, sheet, label=label[:LONGEST_LABEL], made_on=read_day(day))
        said = checked_html(f'<div class="ea-kept"><p>Saved: {text_html(named(kept))}.</p></div>')
        against = compared_with(kept, before, repeats=sheet.repeats)
        if against is None:
            return said + self._earlier(owner)
        first, second = (against, kept) if against.made_on <= kept.made_on else (kept, against)
        moved = assistant.monitor(owner).change(first.id, second.id)
        return said + change_html(moved, assistant.catalogue) + self._earlier(owner)

    def _earlier(self, owner: str) -> str:
        address = f"{self._desk.options.mount_path}/monitor"
        return earlier_html(self._desk.assistant.monitor(owner).diagnoses(), address)

    def _choices(self, owner: str) -> Any:
        diagnoses = self._desk.assistant.monitor(owner).diagnoses()[:_MOST_LISTED]
        return gr.update(choices=[(named(one), one.id) for one in diagnoses], value=None)

    def _one(self, owner: str, diagnosis_id: str) -> SavedDiagnosis:
        return self._desk.assistant.monitor(owner).diagnosis(diagnosis_id)


def compared_with(
    kept: SavedDiagnosis, others: Sequence[SavedDiagnosis], *, repeats: str = ""
) -> SavedDiagnosis | None:
    """The diagnosis to hold a new one against; None if there is no other. `others` are newest first.

    That is the one it repeats; else the last made before it; else, for the oldest of all, the next one.
    """
    repeated_one = [one for one in others if one.id == repeats]
    earlier = [one for one in others if one.made_on <= kept.made_on]
    return next(iter((*repeated_one, *earlier, *reversed(others))), None)
