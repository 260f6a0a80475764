"""What stands on the Diagnose page: its parts and their layout. Does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.domain.framework import FactorLevel, Framework, Question
from assistant.web.diagnosing import MOST_FIRST, SKIPPED, UNKNOWN, questions_of
from assistant.web.pages.days import LONGEST_DAY
from assistant.web.pages.planning import Read, plan_tools
from assistant.web.render import checked_html, text_html
from assistant.web.render_situation import LEVEL_WORDS

if TYPE_CHECKING:
    from assistant.web.pages import Desk

LONGEST_LABEL = 80
LONGEST_CODE = 20
_BROWSER_KEY, _ASKED_KEY = "ea-diagnosis", "ea-diagnosis-asked"
_LEVELS = [(words[:1].upper() + words[1:], level.value) for level, words in LEVEL_WORDS.items()]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that events change."""

    kept: gr.BrowserState
    """What was said, as `Sheet.plain`."""
    asked: gr.BrowserState
    """Ids of the questions in the short form; in the browser, so that a restart of the server loses none."""
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
    day: gr.Textbox
    """When it was made, as somebody wrote it; empty for today."""
    keep: gr.Button
    saved: gr.Markdown
    earlier: gr.Dropdown
    repeat: gr.Button
    refill: gr.Button
    pair_label: gr.Textbox
    pair_open: gr.Button
    code: gr.Textbox
    pair_answer: gr.Button
    pair_look: gr.Button
    pair: gr.Markdown

    def shown(self) -> list[Any]:
        """What every change draws anew, in the order of `Answers.drawn`."""
        return [self.kept, self.progress, self.note, self.profile, self.result, self.sources, self.which]

    def forms(self) -> list[Any]:
        """The questions of both forms, in the order of `Answers.forms`."""
        return [self.asked, *self.first, *self.every.values()]


def diagnose_parts(desk: Desk, framework: Framework, read: Read) -> Parts:
    """Put every part into the Blocks that are open; `read` tells a plan what was said."""
    made: dict[str, Any] = {
        "kept": gr.BrowserState({}, storage_key=_BROWSER_KEY, secret=_BROWSER_KEY),
        "asked": gr.BrowserState([], storage_key=_ASKED_KEY, secret=_ASKED_KEY),
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
            made["sources"] = gr.Markdown("", latex_delimiters=[])
            plan_tools(desk, [made["kept"]], read, key="diagnose")
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
                        choices(question), label=question.text, elem_classes="ea-choice", interactive=True
                    )
    made["every"] = every
    made["fresh"] = gr.Button("Start over", elem_id="ea-start-over")


def choices(question: Question) -> list[tuple[str, str]]:
    """The answers of a question in words, from low to high, and the way to leave it out."""
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
    made["day"] = gr.Textbox(
        label="Day of the diagnosis", info="Leave it empty for today, or write it as 31/3/2026.",
        max_length=LONGEST_DAY, lines=1, elem_id="ea-day",
    )  # fmt: skip
    made["keep"] = gr.Button("Save this diagnosis", variant="primary", elem_id="ea-save-diagnosis")
    made["saved"] = gr.Markdown("", elem_id="ea-saved", latex_delimiters=[])
    with gr.Accordion("Repeat an earlier diagnosis", open=False, elem_classes="ea-fold"):
        made["earlier"] = gr.Dropdown(
            [], label="Which one?", value=None, interactive=True, elem_id="ea-earlier-one",
            info="Fresh questions show best what moved. What you are filling in now is cleared.",
        )  # fmt: skip
        with gr.Row():
            made["repeat"] = gr.Button("Ask me afresh", elem_id="ea-repeat")
            made["refill"] = gr.Button("Begin with its answers", elem_id="ea-refill")


def _pairing(made: dict[str, Any]) -> None:
    with gr.Accordion("Answer together with a partner", open=False, elem_classes="ea-fold"):
        gr.Markdown(
            checked_html(
                "<p>Both of you answer apart. You then see where you read your relationship the same way "
                "and where you do not, but never what the other one answered. A condition is compared once "
                "each of you has answered two of its questions.</p>"
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
