"""The Diagnose page: five questions first, then all of them, a profile, advice, and what is kept.

Layout and wiring only; what was said is in `diagnosing.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.context import Context
from starlette.concurrency import run_in_threadpool

from assistant.domain.framework import FactorLevel, Framework, Question
from assistant.domain.monitoring import PairView
from assistant.errors import AssistantError, InputError
from assistant.framework.profile import profile_from_answers
from assistant.security.sanitising import question_text
from assistant.web.diagnosing import (
    MOST_FIRST,
    SKIPPED,
    UNKNOWN,
    Diagnosed,
    Sheet,
    diagnosed,
    first_questions,
    framework_of,
    questions_of,
    restored,
    save,
)
from assistant.web.guard import PRINCIPAL_HEADER
from assistant.web.pages.planning import PlanInputs, plan_tools
from assistant.web.problems import TRY_AGAIN, UNEXPECTED, log
from assistant.web.render import checked_html, note_html, text_html
from assistant.web.render_monitor import change_html
from assistant.web.render_profile import (
    earlier_html,
    named,
    pair_html,
    profile_html,
    progress_html,
    result_html,
    result_sources_html,
)
from assistant.web.render_situation import LEVEL_WORDS

if TYPE_CHECKING:
    from assistant.web.pages import Desk

LONGEST_LABEL = 80
LONGEST_CODE = 20
_BROWSER_KEY = "ea-diagnosis"
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_LIVE: dict[str, Any] = {**_PRIVATE, "trigger_mode": "always_last"}
_LEVELS = [(words[:1].upper() + words[1:], level.value) for level, words in LEVEL_WORDS.items()]
_WAITING = "Answer a question, or tell your situation. A first answer shows here at once."


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that events change."""

    kept: gr.BrowserState
    """What was said, as `Sheet.plain`."""
    asked: gr.State
    """Ids of the questions in the short form."""
    situation: gr.Textbox
    read: gr.Button
    first: tuple[gr.Radio, ...]
    next_first: gr.Button
    every: dict[str, gr.Radio]
    """The radio of each question in the whole form, by question id."""
    which: gr.Dropdown
    level: gr.Radio
    put_right: gr.Button
    fresh: gr.Button
    progress: gr.Markdown
    note: gr.Markdown
    profile: gr.Markdown
    result: gr.Markdown
    sources: gr.Markdown
    label: gr.Textbox
    keep: gr.Button
    saved: gr.Markdown
    pair_label: gr.Textbox
    pair_open: gr.Button
    code: gr.Textbox
    pair_answer: gr.Button
    pair_look: gr.Button
    pair: gr.Markdown

    def shown(self) -> list[Any]:
        """What every change draws anew, in the order of `_Page.drawn`."""
        return [self.kept, self.progress, self.note, self.profile, self.result, self.sources, self.which]

    def forms(self) -> list[Any]:
        """The questions of both forms, in the order of `_Page.forms`."""
        return [self.asked, *self.first, *self.every.values()]


def build_diagnose(desk: Desk) -> None:
    """Put the page into the Blocks that are open."""
    framework = framework_of(desk.assistant.catalogue)
    with gr.Column(elem_id="ea-main", elem_classes="ea-diagnose"):
        if framework is None:
            gr.Markdown("This library holds no framework to diagnose by. Read in a collection that has one.")
            return
        parts = _parts(desk, framework)
    _Page(desk, framework, parts).wire()


def _parts(desk: Desk, framework: Framework) -> Parts:
    made: dict[str, Any] = {
        "kept": gr.BrowserState({}, storage_key=_BROWSER_KEY, secret=_BROWSER_KEY),
        "asked": gr.State(()),
    }
    with gr.Row(elem_id="ea-diagnosis"):
        with gr.Column(elem_id="ea-asking", min_width=280):
            made["progress"] = gr.Markdown("", elem_id="ea-how-far", latex_delimiters=[])
            made["note"] = gr.Markdown("", latex_delimiters=[])
            _words(made, desk)
            _short_form(made)
            _whole_form(made, framework)
        with gr.Column(elem_id="ea-found", min_width=280):
            made["profile"] = gr.Markdown("", latex_delimiters=[])
            _putting_right(made)
            made["result"] = gr.Markdown("", latex_delimiters=[])
            plan_tools(desk, [made["kept"]], _plan_reader(framework, desk), key="diagnose")
            with gr.Accordion("Sources", open=False, elem_classes="ea-fold"):
                made["sources"] = gr.Markdown("", latex_delimiters=[])
            _keeping(made)
            _pairing(made)
    return Parts(**made)


def _heading(title: str, line: str = "") -> None:
    words = f"<p>{line}</p>" if line else ""
    gr.Markdown(checked_html(f'<div class="ea-heading"><h2>{title}</h2>{words}</div>'))


def _words(made: dict[str, Any], desk: Desk) -> None:
    with gr.Accordion("Begin with your own words, if you like", open=False, elem_classes="ea-fold"):
        made["situation"] = gr.Textbox(
            label="Your situation", info="With whom you want to share, what helps, what hinders.",
            lines=3, max_lines=8, max_length=desk.options.max_question_chars, elem_id="ea-told",
        )  # fmt: skip
        made["read"] = gr.Button("Read my words", elem_id="ea-read")


def _short_form(made: dict[str, Any]) -> None:
    _heading("Five questions first", "These would change the advice most. Leave out what you do not know.")
    with gr.Column(elem_id="ea-first"):
        made["first"] = tuple(
            gr.Radio([], label=f"Question {place + 1}", visible=False, elem_classes="ea-choice")
            for place in range(MOST_FIRST)
        )
        made["next_first"] = gr.Button("Ask me the next questions that matter", elem_id="ea-next-first")


def _whole_form(made: dict[str, Any], framework: Framework) -> None:
    count = len(questions_of(framework))
    _heading(f"All {count} questions", "About ten minutes. Stop and come back whenever you like.")
    every: dict[str, gr.Radio] = {}
    for level in framework.levels:
        factors = [factor for factor in framework.factors if factor.level == level.id]
        number = sum(len(factor.questions) for factor in factors)
        with gr.Accordion(f"{level.name} ({number} questions)", open=False, elem_classes="ea-fold"):
            for factor in factors:
                gr.Markdown(checked_html(f'<p class="ea-factor">{text_html(factor.name)}</p>'))
                for question in factor.questions:
                    every[question.id] = gr.Radio(
                        _choices(question), label=question.text, elem_classes="ea-choice", interactive=True
                    )
    made["every"] = every
    made["fresh"] = gr.Button("Start over", elem_id="ea-start-over")


def _choices(question: Question) -> list[tuple[str, str]]:
    order = [level.value for level in FactorLevel if level.value in question.answers]
    return [*((question.answers[level], level) for level in order), ("Not sure, leave it out", SKIPPED)]


def _putting_right(made: dict[str, Any]) -> None:
    with gr.Accordion("Put a reading right", open=False, elem_classes="ea-fold"):
        made["which"] = gr.Dropdown(
            [], label="Which condition?", value=None, interactive=True, elem_id="ea-which"
        )
        made["level"] = gr.Radio(
            [*_LEVELS, ("Not known", UNKNOWN)], label="How is it really?", elem_classes="ea-choice"
        )
        made["put_right"] = gr.Button("Put it right", elem_id="ea-put-right")


def _keeping(made: dict[str, Any]) -> None:
    _heading("Save this diagnosis", "Repeat it in a few months, and see what moved.")
    made["label"] = gr.Textbox(
        label="A name for it, if you like", max_length=LONGEST_LABEL, lines=1, elem_id="ea-label"
    )
    made["keep"] = gr.Button("Save this diagnosis", variant="primary", elem_id="ea-save-diagnosis")
    made["saved"] = gr.Markdown("", elem_id="ea-saved", latex_delimiters=[])


def _pairing(made: dict[str, Any]) -> None:
    with gr.Accordion("Answer together with a partner", open=False, elem_classes="ea-fold"):
        gr.Markdown(
            checked_html(
                "<p>Both of you answer apart. You then see where you read your relationship the same way "
                "and where you do not, but never what the other one answered.</p>"
            )
        )
        made["pair_label"] = gr.Textbox(
            label="Which relationship is it about?",
            max_length=LONGEST_LABEL,
            lines=1,
            elem_id="ea-pair-label",
        )
        made["pair_open"] = gr.Button("Begin with my answers", elem_id="ea-pair-open")
        made["code"] = gr.Textbox(
            label="Code from your partner, or your own", max_length=LONGEST_CODE, lines=1, elem_id="ea-code"
        )
        with gr.Row():
            made["pair_answer"] = gr.Button("Give my answers as the partner", elem_id="ea-pair-answer")
            made["pair_look"] = gr.Button("See where we agree", elem_id="ea-pair-look")
        made["pair"] = gr.Markdown("", elem_id="ea-pair", latex_delimiters=[])


def _plan_reader(framework: Framework, desk: Desk) -> Callable[[Any], PlanInputs | None]:
    def read(kept: Any) -> PlanInputs | None:
        sheet = restored(kept, framework, longest=desk.options.max_question_chars)
        if sheet.empty:
            return None
        answers = profile_from_answers(sheet.answers, framework) if sheet.answers else None
        return PlanInputs(situation=sheet.situation, answers=answers, corrections=sheet.corrections)

    return read


class _Page:
    """What the events do."""

    def __init__(self, desk: Desk, framework: Framework, parts: Parts) -> None:
        self._desk = desk
        self._framework = framework
        self._parts = parts
        self._questions = questions_of(framework)

    def wire(self) -> None:
        """Join every part to what it does."""
        parts = self._parts
        everything = [*parts.shown(), *parts.forms(), parts.situation, parts.saved]
        for question_id, radio in parts.every.items():
            radio.input(self._answered(question_id), [radio, parts.kept, parts.asked],
                        [*parts.shown(), *parts.first], **_LIVE)  # fmt: skip
        for place, radio in enumerate(parts.first):
            radio.input(self._answered_first(place), [radio, parts.kept, parts.asked],
                        [*parts.shown(), *parts.every.values()], **_LIVE)  # fmt: skip
        parts.read.click(
            self._read, [parts.situation, parts.kept], [*parts.shown(), *parts.forms()], **_PRIVATE
        )
        parts.next_first.click(self._next, parts.kept, parts.forms(), **_PRIVATE)
        parts.put_right.click(
            self._put_right, [parts.which, parts.level, parts.kept], [*parts.shown(), parts.level], **_PRIVATE
        )
        parts.fresh.click(self._loaded_with(lambda _: Sheet()), parts.kept, everything, **_PRIVATE)
        parts.keep.click(self._save, [parts.label, parts.kept], [parts.saved, parts.label], **_PRIVATE)
        parts.pair_open.click(self._pair(self._open), [parts.pair_label, parts.kept], parts.pair, **_PRIVATE)
        parts.pair_answer.click(self._pair(self._give), [parts.code, parts.kept], parts.pair, **_PRIVATE)
        parts.pair_look.click(self._pair(self._look), [parts.code, parts.kept], parts.pair, **_PRIVATE)
        page = Context.root_block
        if page is not None:
            page.load(self._loaded_with(self._sheet), parts.kept, everything, **_PRIVATE)

    def _sheet(self, kept: Any) -> Sheet:
        return restored(kept, self._framework, longest=self._desk.options.max_question_chars)

    async def _found(self, sheet: Sheet) -> Diagnosed:
        async with self._desk.admission.slot():
            return await run_in_threadpool(diagnosed, self._desk.assistant, sheet)

    async def _drawn(self, sheet: Sheet, note: str = "") -> tuple[list[Any], Diagnosed]:
        """What every change shows, in the order of `Parts.shown`."""
        found = await self._found(sheet)
        advice = found.advice.advice
        waiting = checked_html(f'<div class="ea-answer ea-note"><p>{_WAITING}</p></div>')
        shown = [
            sheet.plain(),
            progress_html(len(sheet.answers), len(self._questions)),
            note,
            profile_html(advice, self._framework),
            waiting if sheet.empty else result_html(found),
            result_sources_html(found) if not sheet.empty else "",
            gr.update(choices=self._conditions(found), value=None),
        ]
        return shown, found

    def _conditions(self, found: Diagnosed) -> list[tuple[str, str]]:
        profile = found.advice.advice.profile
        states = {factor.id: profile.state(factor.id) for factor in self._framework.factors}
        return [
            (
                f"{factor.name}: {LEVEL_WORDS[state] if (state := states[factor.id]) else 'not known'}",
                factor.id,
            )
            for factor in self._framework.factors
        ]

    def _failed(self, error: Exception) -> str:
        """The sentence for a reader; what nobody expected goes to the log."""
        if isinstance(error, AssistantError):
            return note_html(error.sentence, error.hint)
        log.error("unexpected %s on the page", type(error).__name__, exc_info=error)
        return note_html(UNEXPECTED, TRY_AGAIN)

    async def _safely(self, drawing: Awaitable[list[Any]], *, size: int) -> list[Any]:
        """What was drawn, or the reason why not in the place for notes."""
        try:
            return await drawing
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            unchanged: list[Any] = [gr.skip()] * size
            unchanged[2] = self._failed(error)
            return unchanged

    def _answered(self, question_id: str) -> Callable[..., Awaitable[list[Any]]]:
        async def drawing(level: str, kept: Any, asked: Sequence[str]) -> list[Any]:
            sheet = self._sheet(kept).answering(question_id, level)
            shown, _ = await self._drawn(sheet)
            return [*shown, *(self._first(asked, place, sheet) for place in range(MOST_FIRST))]

        async def answered(level: str, kept: Any, asked: Sequence[str]) -> list[Any]:
            size = len(self._parts.shown()) + MOST_FIRST
            return await self._safely(drawing(level, kept, asked), size=size)

        return answered

    def _answered_first(self, place: int) -> Callable[..., Awaitable[list[Any]]]:
        async def drawing(level: str, kept: Any, asked: Sequence[str]) -> list[Any]:
            question_id = asked[place]
            sheet = self._sheet(kept).answering(question_id, level)
            shown, _ = await self._drawn(sheet)
            return [
                *shown,
                *(gr.update(value=level) if key == question_id else gr.skip() for key in self._questions),
            ]

        async def answered(level: str, kept: Any, asked: Sequence[str]) -> list[Any]:
            size = len(self._parts.shown()) + len(self._questions)
            return await self._safely(drawing(level, kept, asked), size=size)

        return answered

    def _first(self, asked: Sequence[str], place: int, sheet: Sheet) -> Any:
        """One question of the short form as it stands."""
        if place >= len(asked):
            return gr.update(visible=False, value=None)
        question = self._questions[asked[place]]
        given = sheet.answers.get(question.id)
        return gr.update(
            visible=True,
            label=question.text,
            choices=_choices(question),
            value=given.value if given else None,
        )

    def _forms(self, sheet: Sheet, found: Diagnosed, asked: Sequence[str] | None = None) -> list[Any]:
        """Both forms as they stand, in the order of `Parts.forms`; the short one with what matters now."""
        now = tuple(asked if asked is not None else first_questions(found.advice))
        every = [sheet.answers.get(key) for key in self._questions]
        return [
            now,
            *(self._first(now, place, sheet) for place in range(MOST_FIRST)),
            *(gr.update(value=given.value if given else None) for given in every),
        ]

    def _loaded_with(self, sheet_of: Callable[[Any], Sheet]) -> Callable[..., Awaitable[list[Any]]]:
        async def drawing(kept: Any, request: gr.Request) -> list[Any]:
            sheet = sheet_of(kept)
            shown, found = await self._drawn(sheet)
            saved = await run_in_threadpool(self._earlier, _principal(request))
            return [*shown, *self._forms(sheet, found), sheet.situation, saved]

        async def loaded(kept: Any, request: gr.Request) -> list[Any]:
            size = len(self._parts.shown()) + len(self._parts.forms()) + 2
            return await self._safely(drawing(kept, request), size=size)

        return loaded

    async def _read(self, told: str, kept: Any) -> list[Any]:
        async def drawing() -> list[Any]:
            text = question_text(told, longest=self._desk.options.max_question_chars)
            old = self._sheet(kept)
            sheet = Sheet(answers=old.answers, corrections=old.corrections, situation=text)
            shown, found = await self._drawn(sheet)
            return [*shown, *self._forms(sheet, found)]

        return await self._safely(drawing(), size=len(self._parts.shown()) + len(self._parts.forms()))

    async def _next(self, kept: Any) -> list[Any]:
        sheet = self._sheet(kept)
        return self._forms(sheet, await self._found(sheet))

    async def _put_right(self, which: Any, level: Any, kept: Any) -> list[Any]:
        async def drawing() -> list[Any]:
            known = {factor.id for factor in self._framework.factors}
            if which not in known or level not in {UNKNOWN, *FactorLevel}:
                raise InputError("Nothing was chosen.", hint="Choose a condition and how it really is.")
            shown, _ = await self._drawn(self._sheet(kept).putting_right(which, level))
            return [*shown, gr.update(value=None)]

        return await self._safely(drawing(), size=len(self._parts.shown()) + 1)

    async def _save(self, label: str, kept: Any, request: gr.Request) -> list[Any]:
        try:
            return [await run_in_threadpool(self._saved, label, self._sheet(kept), _principal(request)), ""]
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            return [self._failed(error), gr.skip()]

    def _saved(self, label: str, sheet: Sheet, owner: str) -> str:
        """Keeps the diagnosis; says so, and what moved since the one before."""
        assistant = self._desk.assistant
        before = assistant.monitor(owner).diagnoses()
        kept = save(assistant, owner, sheet, label=label[:LONGEST_LABEL])
        said = checked_html(f'<div class="ea-kept"><p>Saved: {text_html(named(kept))}.</p></div>')
        if not before:
            return said + self._earlier(owner)
        moved = assistant.monitor(owner).change(before[0].id, kept.id)
        return said + change_html(moved, assistant.catalogue) + self._earlier(owner)

    def _earlier(self, owner: str) -> str:
        address = f"{self._desk.options.mount_path}/monitor"
        return earlier_html(self._desk.assistant.monitor(owner).diagnoses(), address)

    def _pair(self, work: Callable[[str, str, Sheet], PairView]) -> Callable[..., Awaitable[str]]:
        async def paired(text: str, kept: Any, request: gr.Request) -> str:
            try:
                view = await run_in_threadpool(work, _principal(request), text, self._sheet(kept))
            except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
                return self._failed(error)
            return pair_html(view, {factor.id: factor.name for factor in self._framework.factors})

        return paired

    def _open(self, owner: str, label: str, sheet: Sheet) -> PairView:
        monitor = self._desk.assistant.monitor(owner)
        return monitor.pair(monitor.open_pair(sheet.answers, label=label[:LONGEST_LABEL]))

    def _give(self, owner: str, code: str, sheet: Sheet) -> PairView:
        return self._desk.assistant.monitor(owner).answer_pair(code[:LONGEST_CODE], sheet.answers)

    def _look(self, owner: str, code: str, sheet: Sheet) -> PairView:
        del sheet
        return self._desk.assistant.monitor(owner).pair(code[:LONGEST_CODE])


def _principal(request: gr.Request) -> str:
    return str(request.headers.get(PRINCIPAL_HEADER, "unknown"))
