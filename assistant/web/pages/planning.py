"""Make a plan: buttons that any page can put below advice, for a plan as Word or Markdown. Builds no advice.

Two lines on a page, inside the part that shows advice:
    from assistant.web.pages.planning import PlanInputs, plan_tools
    plan_tools(desk, [state], lambda value: PlanInputs(situation=value.situation), key="ask")

`read` is called with the values of the components listed when a button is pressed. It returns what the engine
works the advice out from anew, or None where there is nothing yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.concurrency import run_in_threadpool

from assistant.domain.advice import Profile
from assistant.domain.answers import CitedAdvice
from assistant.domain.framework import FactorLevel
from assistant.domain.plan import Plan
from assistant.errors import InputError
from assistant.framework.plan import make_plan
from assistant.web.pages.wiring import PRIVATE, fault_words, principal, saved_file, take_question
from assistant.web.render import checked_html, plural, text_html
from assistant.wire_plan import date_words, plan_markdown
from assistant.word import WORD_TYPE, plan_docx

if TYPE_CHECKING:
    from assistant.web.pages import Desk

WORD, MARKDOWN = "docx", "md"
LONGEST_DATE = 40
_TYPES = {WORD: WORD_TYPE, MARKDOWN: "text/markdown"}
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")
_FAILED = "Something went wrong on our side, and the plan was not made."
_NO_ADVICE = "There is no advice to plan from yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInputs:
    """What a plan is worked out from; the engine reads it anew, so that every mechanism is cited in full."""

    situation: str = ""
    answers: Profile | None = None
    profile: Profile | None = None
    corrections: Mapping[str, FactorLevel | None] = field(default_factory=dict)
    mechanisms: tuple[str, ...] = ()
    """The mechanisms to plan; empty for those that are advised, in their order."""


Read = Callable[..., PlanInputs | None]


def plan_tools(
    desk: Desk, components: Sequence[Any], read: Read, *, key: str, ask_situation: bool = False
) -> gr.Column:
    """Buttons that save a plan, put into the Blocks that are open; `key` tells them from others on a page.

    With `ask_situation` there is a box for the reader's situation, and `read` gets its text last.
    """
    told: list[Any] = []
    with gr.Column(elem_classes="ea-plan") as box:
        gr.Markdown(checked_html('<div class="ea-heading"><h2>Make a plan</h2></div>'))
        if ask_situation:
            told.append(_situation_box(desk, key))
        start = gr.Textbox(
            label="Day the plan starts", info="For example 31/1/2027. Leave it empty to start today.",
            elem_id=f"ea-plan-start-{key}", max_length=LONGEST_DATE, lines=1,
        )  # fmt: skip
        with gr.Row(elem_classes="ea-plan-buttons"):
            word = gr.Button("Save plan for Word", elem_id=f"ea-plan-word-{key}")
            plain = gr.Button("Save plan as Markdown", elem_id=f"ea-plan-markdown-{key}")
        note = gr.Markdown("", elem_classes="ea-plan-note", latex_delimiters=[])
        file = gr.Textbox(
            "", visible="hidden", elem_id=f"ea-plan-file-{key}", elem_classes="ea-file", label="plan file"
        )
    planning = _Planning(desk, read)
    for button, kind in ((word, WORD), (plain, MARKDOWN)):
        button.click(planning.press(kind), [start, *components, *told], [file, note], **PRIVATE)
    column: gr.Column = box
    return column


def _situation_box(desk: Desk, key: str) -> Any:
    return gr.Textbox(
        label="Your situation", info="If you tell it, the plan says what speaks for and against it there.",
        elem_id=f"ea-plan-situation-{key}", lines=3, max_lines=8,
        max_length=desk.options.max_question_chars,
    )  # fmt: skip


class _Planning:
    """What the buttons do."""

    def __init__(self, desk: Desk, read: Read) -> None:
        self._desk = desk
        self._read = read

    def press(self, kind: str) -> Callable[..., Any]:
        """The handler of one button."""

        async def pressed(start: str, request: gr.Request, *values: Any) -> list[Any]:
            try:
                given = self._read(*values)
                if given is None:
                    raise InputError(_NO_ADVICE, hint="Ask for advice first.")
                begins = start_date(start)
                plan = await self._planned(given, begins, principal(request))
                return [plan_file(plan, kind), _said(f"The plan was saved. {reviews_words(plan)}")]
            except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
                return [gr.skip(), _said(*fault_words(error, unexpected=_FAILED))]

        return pressed

    async def _planned(self, given: PlanInputs, begins: date, asker: str) -> Plan:
        assistant = self._desk.assistant
        take_question(self._desk.asks, asker)
        async with self._desk.admission.slot():
            advice = await run_in_threadpool(_advice, assistant, given)
        return make_plan(advice, assistant.catalogue, start=begins, mechanisms=given.mechanisms)


def _advice(assistant: Any, given: PlanInputs) -> CitedAdvice:
    """The advice behind a plan. With nothing told, a chosen mechanism is planned without a situation."""
    nothing = not given.situation.strip() and given.answers is None and not given.corrections
    profile = Profile() if nothing and given.profile is None and given.mechanisms else given.profile
    advice: CitedAdvice = assistant.recommend(
        given.situation, answers=given.answers, profile=profile, corrections=given.corrections or None
    )
    return advice


def start_date(text: str) -> date:
    """The day a person wrote, today for none. Raises InputError if it is no date."""
    words = " ".join(text.split())
    if not words:
        return date.today()
    for form in _DATES:
        try:
            return datetime.strptime(words, form).date()
        except ValueError:
            continue
    raise InputError("The start is not a date we can read.", hint="Write day, month and year: 31/1/2027.")


def plan_file(plan: Plan, kind: str) -> str:
    """What `ui.js` saves. Made at a stated time, so that the same plan can be saved twice."""
    content = plan_docx(plan) if kind == WORD else plan_markdown(plan).encode()
    name = plan.pages[0].mechanism_id if len(plan.pages) == 1 else "knowledge-sharing"
    return saved_file(f"plan-{name}.{kind}", _TYPES[kind], content)


def reviews_words(plan: Plan) -> str:
    """Which day to look first, for the note under the buttons."""
    first = min(review.on for page in plan.pages for review in page.reviews)
    return f"It has {plural(len(plan.pages), 'page')}. The first review is on {date_words(first)}."


def _said(sentence: str, hint: str = "") -> str:
    words = f"<p>{text_html(sentence)} {text_html(hint)}</p>"
    return checked_html(f'<div class="ea-plan-said">{words}</div>')
