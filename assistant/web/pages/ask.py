"""The Ask page: a question, its answer as it is verified, and the sources. Layout and wiring only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.web.pages.answering import Answering, Shown
from assistant.web.pages.days import read_day
from assistant.web.pages.feedback import build_feedback
from assistant.web.pages.planning import PlanInputs, plan_tools
from assistant.web.pages.shelf import Shelf
from assistant.web.pages.situation import (
    SituationParts,
    corrections_of,
    kept_html,
    panel_updates,
    situation_panel,
)
from assistant.web.pages.talk import Talk
from assistant.web.pages.wiring import PRIVATE, fault_words, on_load, principal
from assistant.web.render import checked_html, note_html, text_html
from assistant.web.render_sources import empty_html
from assistant.wire_plan import date_words

if TYPE_CHECKING:
    from assistant.domain.answers import CitedAdvice
    from assistant.web.pages import Desk

MOST_STARTERS = 4
MOST_FOLLOW_UPS = 4
_BROWSER_KEY = "ea-conversation"
"""Where the browser keeps its random token, and what that is scrambled with: it must outlive a restart."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that events change."""

    talk: gr.State
    token: gr.BrowserState
    situation: SituationParts
    start: gr.Column
    chat: gr.Chatbot
    status: gr.Markdown
    tools: gr.Row
    next_box: gr.Column
    next_label: gr.Markdown
    next_buttons: tuple[gr.Button, ...]
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    retry: gr.Button
    fresh: gr.Button
    sources: gr.Markdown
    answer_text: gr.Textbox
    talk_text: gr.Textbox
    receipt_text: gr.Textbox

    def outputs(self) -> list[Any]:
        """What an answer changes, in the order of `as_updates`."""
        return [
            self.talk, self.start, self.chat, self.status, self.tools, self.next_box, self.next_label,
            *self.next_buttons, self.ask, self.stop, self.sources, self.answer_text, self.talk_text,
            self.receipt_text, *self.situation.outputs(),
        ]  # fmt: skip


def build_ask(desk: Desk) -> None:
    """Put the page into the Blocks that are open."""
    with gr.Row(elem_id="ea-main"):
        with gr.Column(elem_id="ea-talk", scale=3, min_width=280):
            starters, parts_left = _talk_column(desk)
        with gr.Column(elem_id="ea-side", scale=2, min_width=280):
            gr.Markdown(checked_html('<div class="ea-heading"><h2>Sources</h2></div>'))
            sources = gr.Markdown(empty_html(), elem_id="ea-sources", latex_delimiters=[])
    parts = Parts(sources=sources, **parts_left)
    _wire(desk, parts, starters)


def _talk_column(desk: Desk) -> tuple[Sequence[gr.Button], dict[str, Any]]:
    parts: dict[str, Any] = {"talk": gr.State(Talk())}
    parts["token"] = gr.BrowserState("", storage_key=_BROWSER_KEY, secret=_BROWSER_KEY)
    parts["chat"] = gr.Chatbot(
        [], label="Conversation", show_label=False, elem_id="ea-chat", visible=False, height=None,
        autoscroll=False, buttons=[], latex_delimiters=[], feedback_options=None, layout="panel",
        group_consecutive_messages=False, render_markdown=True, sanitize_html=True,
    )  # fmt: skip
    parts["status"] = gr.Markdown("", elem_id="ea-status", latex_delimiters=[])
    with gr.Row(elem_id="ea-tools", visible=False) as parts["tools"]:
        gr.Button("Copy answer", size="sm", elem_id="ea-copy")
        gr.Button("Save as Markdown", size="sm", elem_id="ea-save")
        gr.Button("Save receipt", size="sm", elem_id="ea-save-receipt")
        parts["retry"] = gr.Button("Ask again", size="sm", elem_id="ea-retry")
        parts["fresh"] = gr.Button("New conversation", size="sm", elem_id="ea-fresh")
    for name in ("answer_text", "talk_text", "receipt_text"):
        parts[name] = gr.Textbox("", visible="hidden", elem_id=f"ea-{name.replace('_', '-')}", label=name)
    build_feedback(desk, parts["talk"], parts["receipt_text"])
    parts["situation"] = situation_panel()
    with parts["situation"].box:
        plan_tools(desk, [parts["talk"]], _planned, key="ask")
    with gr.Column(elem_id="ea-next", visible=False) as parts["next_box"]:
        parts["next_label"] = gr.Markdown("", latex_delimiters=[])
        parts["next_buttons"] = tuple(
            gr.Button("", visible=False, elem_classes="ea-suggestion") for _ in range(MOST_FOLLOW_UPS)
        )
    with gr.Row(elem_id="ea-form"):
        parts["question"] = gr.Textbox(
            label="Your question", info="Say what you want to do, with whom, and what gets in the way.",
            elem_id="ea-question", lines=1, max_lines=8, scale=5,
            max_length=desk.options.max_question_chars, autofocus=False,
        )  # fmt: skip
        parts["ask"] = gr.Button("Ask", variant="primary", elem_id="ea-ask", scale=1, min_width=110)
        parts["stop"] = gr.Button("Stop", elem_id="ea-stop", visible=False, scale=1, min_width=110)
    with gr.Column(elem_id="ea-start") as parts["start"]:
        starters = _starters(desk.assistant.starters())
    return starters, parts


def _planned(talk: Talk) -> PlanInputs | None:
    """A plan for what the latest answer advises, from the readings as they were put right."""
    given = talk.advice
    return PlanInputs(situation=given.situation, profile=given.advice.profile) if given else None


def _starters(by_role: Mapping[str, Sequence[str]]) -> Sequence[gr.Button]:
    """Questions to begin with; choosing a role changes them."""
    if not by_role:
        return ()
    gr.Markdown(checked_html('<div class="ea-heading"><h2>Questions to begin with</h2></div>'))
    roles = list(by_role)
    role = gr.Radio(roles, value=roles[0], label="What is your work?", elem_id="ea-role", interactive=True)
    buttons = tuple(
        gr.Button(**_starter(by_role[roles[0]], place), elem_classes="ea-suggestion")
        for place in range(MOST_STARTERS)
    )

    def chosen(name: str) -> list[Any]:
        return [gr.update(**_starter(by_role.get(name, ()), place)) for place in range(MOST_STARTERS)]

    role.change(chosen, role, list(buttons), **PRIVATE)
    return buttons


def _starter(questions: Sequence[str], place: int) -> dict[str, Any]:
    given = place < len(questions)
    return {"value": questions[place] if given else "", "visible": given}


def _wire(desk: Desk, parts: Parts, starters: Sequence[gr.Button]) -> None:
    answering, shelf = Answering(desk), Shelf()
    asking = _Asking(answering, shelf)
    outputs = parts.outputs()
    options: dict[str, Any] = {"concurrency_id": "ask", **PRIVATE}
    known = [parts.talk, parts.token]
    events: list[Any] = [
        trigger(asking.typed, [parts.question, *known], [*outputs, parts.question], **options)
        for trigger in (parts.question.submit, parts.ask.click)
    ]
    for button in (*starters, *parts.next_buttons):
        events.append(button.click(asking.asked, [button, *known], outputs, **options))
    events.append(parts.retry.click(asking.again, known, outputs, **options))
    chosen = parts.situation.chosen()
    events.append(parts.situation.update.click(asking.put_right, [*known, *chosen], outputs, **options))
    parts.fresh.click(asking.fresh, parts.token, outputs, **PRIVATE)
    parts.stop.click(asking.stopped, known, outputs, cancels=events, **PRIVATE)
    _wire_keeping(desk, parts)
    _wire_return(answering, shelf, parts)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What the buttons do: each gives the states of the page, and keeps the conversation when it rests."""

    answering: Answering
    shelf: Shelf

    async def asked(
        self, question: str, talk: Talk, token: str, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        async for shown in self.answering.answer(question, talk, principal(request)):
            yield self._updates(shown, token, request)

    async def typed(
        self, question: str, talk: Talk, token: str, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        first = True
        async for shown in self.answering.answer(question, talk, principal(request)):
            taken = first and shown.working  # a question that was refused stays in the box, to be mended
            yield [*self._updates(shown, token, request), "" if taken else gr.skip()]
            first = False

    async def again(self, talk: Talk, token: str, request: gr.Request) -> AsyncIterator[list[Any]]:
        async for shown in self.answering.again(talk, principal(request)):
            yield self._updates(shown, token, request)

    async def put_right(
        self, talk: Talk, token: str, one: Any, two: Any, which: Any, level: Any, request: gr.Request
    ) -> list[Any]:
        corrections = corrections_of(talk, [one, two, which, level])
        shown = await self.answering.put_right(talk, corrections, principal(request))
        return self._updates(shown, token, request)

    def stopped(self, talk: Talk, token: str, request: gr.Request) -> list[Any]:
        return self._updates(self.answering.stopped(talk), token, request)

    def fresh(self, token: str, request: gr.Request) -> list[Any]:
        return self._updates(self.answering.fresh(), token, request)

    def _updates(self, shown: Shown, token: str, request: gr.Request) -> list[Any]:
        if not shown.working:
            self.shelf.keep(principal(request), token, shown.talk)
        return as_updates(shown)


def _wire_keeping(desk: Desk, parts: Parts) -> None:
    """Save the readings behind the latest advice as a diagnosis."""

    def keep(talk: Talk, day: str, request: gr.Request) -> list[Any]:
        if talk.advice is None:
            return ["", ""]
        try:
            return [kept_html(kept_of(talk.advice, day, request), address), ""]
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            return [note_html(*fault_words(error)), gr.skip()]

    def kept_of(given: CitedAdvice, day: str, request: gr.Request) -> str:
        shown = tuple(card.mechanism_id for card in given.advice.cards[: given.advice.shown])
        saved = desk.assistant.monitor(principal(request)).save_diagnosis(
            profile=given.advice.profile,
            answers={},
            situation=given.situation,
            shown=shown,
            made_on=read_day(day),
        )
        return f"diagnosis of {date_words(saved.made_on)}"

    address = f"{desk.options.mount_path}/monitor"
    panel = parts.situation
    panel.keep.click(keep, [parts.talk, panel.day], [panel.note, panel.day], **PRIVATE)


def _wire_return(answering: Answering, shelf: Shelf, parts: Parts) -> None:
    """Show the conversation again when the page is loaded again."""

    def returned(token: Any, request: gr.Request) -> list[Any]:
        known, talk = shelf.fetch(principal(request), token)
        return [known, *as_updates(answering.returned(talk))]

    on_load(returned, parts.token, [parts.token, *parts.outputs()])


def as_updates(shown: Shown) -> list[Any]:
    """What Gradio changes on the page, in the order of `Parts.outputs`."""
    done = not shown.working
    latest = shown.talk.exchanges[-1] if shown.talk.exchanges else None
    questions = shown.suggestions[:MOST_FOLLOW_UPS] if done else ()
    label = f'<div class="ea-heading"><h2>{text_html(shown.suggestions_label)}</h2></div>'
    unchanged = gr.skip() if shown.working else None
    return [
        shown.talk,
        gr.update(visible=not shown.messages),
        gr.update(value=shown.messages, visible=bool(shown.messages)),
        shown.status,
        gr.update(visible=done and latest is not None),
        gr.update(visible=bool(questions)),
        checked_html(label),
        *(gr.update(**_starter(questions, place)) for place in range(MOST_FOLLOW_UPS)),
        gr.update(visible=done),
        gr.update(visible=not done),
        gr.skip() if shown.searching else shown.talk.sources(),
        unchanged or (latest.markdown if latest else ""),
        unchanged or shown.talk.markdown(),
        unchanged or (latest.receipt if latest else ""),
        *panel_updates(shown.talk),
    ]
