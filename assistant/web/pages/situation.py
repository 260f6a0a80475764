"""Below an answer with advice: questions that would change it, readings to put right, and keeping them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.domain.advice import Advice, DecidingQuestion
from assistant.domain.framework import FactorLevel
from assistant.web.pages.days import LONGEST_DAY
from assistant.web.pages.talk import Talk
from assistant.web.render import checked_html, text_html
from assistant.web.render_situation import LEVEL_WORDS, factor_names

MOST_QUESTIONS = 2
UNKNOWN = "unknown"
_LEVELS = [(words[:1].upper() + words[1:], level.value) for level, words in LEVEL_WORDS.items()]
_CHOICES = [*_LEVELS, ("Not known", UNKNOWN)]
_HEADINGS = {
    2: "Two answers would change this advice",
    1: "One answer would change this advice",
    0: "Your situation",
}
_HINT = "Answer what you can, or put a reading right. The advice is then worked out anew."


@dataclass(frozen=True, slots=True)
class SituationParts:
    """The parts of the panel that events change."""

    box: gr.Column
    heading: gr.Markdown
    answers: tuple[gr.Radio, ...]
    which: gr.Dropdown
    level: gr.Radio
    update: gr.Button
    day: gr.Textbox
    """When the diagnosis was made, as somebody wrote it; empty for today."""
    keep: gr.Button
    note: gr.Markdown

    def chosen(self) -> list[Any]:
        """What a person may choose, in the order of `corrections_of`."""
        return [*self.answers, self.which, self.level]

    def outputs(self) -> list[Any]:
        """What an answer changes, in the order of `panel_updates`."""
        return [self.box, self.heading, *self.answers, self.which, self.level, self.note]


def situation_panel() -> SituationParts:
    """Put the panel into the Blocks that are open; it shows once an answer holds advice."""
    with gr.Column(elem_id="ea-situation", visible=False) as box:
        heading = gr.Markdown("", latex_delimiters=[])
        answers = tuple(
            gr.Radio([], label=f"Question {place + 1}", elem_classes="ea-choice", visible=False)
            for place in range(MOST_QUESTIONS)
        )
        with gr.Row(elem_id="ea-right"):
            which = gr.Dropdown(
                [], label="Is one of our readings wrong?", elem_id="ea-which", value=None, scale=3,
                min_width=240, interactive=True,
            )  # fmt: skip
            level = gr.Radio(
                _CHOICES, label="How is it really?", elem_id="ea-level", elem_classes="ea-choice",
                scale=4, min_width=240,
            )  # fmt: skip
        with gr.Row(elem_id="ea-act"):
            update = gr.Button("Update the advice", variant="primary", elem_id="ea-update")
        with gr.Row(elem_id="ea-keep-on"):
            day = gr.Textbox(
                label="Day of this diagnosis", info="Leave it empty for today, or write it as 31/3/2026.",
                max_length=LONGEST_DAY, lines=1, elem_id="ea-kept-day", scale=3, min_width=240,
            )  # fmt: skip
            keep = gr.Button("Save this diagnosis", elem_id="ea-keep", scale=1, min_width=200)
        note = gr.Markdown("", elem_id="ea-kept", latex_delimiters=[])
    return SituationParts(box, heading, answers, which, level, update, day, keep, note)


def panel_updates(talk: Talk) -> list[Any]:
    """What the panel shows for the latest answer, in the order of `SituationParts.outputs`."""
    given = talk.advice
    if given is None:
        blank = [gr.update(visible=False, value=None) for _ in range(MOST_QUESTIONS)]
        return [gr.update(visible=False), "", *blank, gr.update(value=None), gr.update(value=None), ""]
    asked = given.advice.questions[:MOST_QUESTIONS]
    words = f"<h2>{_HEADINGS[len(asked)]}</h2><p>{_HINT}</p>"
    return [
        gr.update(visible=True),
        checked_html(f'<div class="ea-heading">{words}</div>'),
        *(_question(asked, place) for place in range(MOST_QUESTIONS)),
        gr.update(choices=_readings(given.advice), value=None),
        gr.update(value=None),
        "",
    ]


def _question(asked: Sequence[DecidingQuestion], place: int) -> dict[str, Any]:
    if place >= len(asked):
        return gr.update(visible=False, value=None)
    question = asked[place].question
    order = [level.value for level in FactorLevel if level.value in question.answers]
    choices = [(question.answers[level], level) for level in order]
    return gr.update(visible=True, label=question.text, choices=choices, value=None)


def _readings(advice: Advice) -> list[tuple[str, str]]:
    """Every condition with how it was read; those that were read come first."""
    names = factor_names(advice)
    known = advice.profile.readings
    order = sorted(names, key=lambda key: (key not in known, names[key]))
    return [
        (f"{names[key]}: {LEVEL_WORDS[known[key].state] if key in known else 'not known'}", key)
        for key in order
    ]


def corrections_of(talk: Talk, chosen: Sequence[Any]) -> Mapping[str, FactorLevel | None]:
    """What a person put right: answers to the questions shown, and one reading. Unknown values are left out.

    `chosen` comes from the browser, in the order of `SituationParts.chosen`.
    """
    given = talk.advice
    if given is None:
        return {}
    *answers, which, level = chosen
    put_right: dict[str, FactorLevel | None] = {
        question.factor: FactorLevel(answer)
        for question, answer in zip(given.advice.questions, answers, strict=False)
        if isinstance(answer, str) and answer in set(FactorLevel)
    }
    if not isinstance(which, str) or not isinstance(level, str):
        return put_right
    if which in factor_names(given.advice) and level in {*FactorLevel, UNKNOWN}:
        put_right[which] = None if level == UNKNOWN else FactorLevel(level)
    return put_right


def kept_html(label: str, address: str) -> str:
    """That a diagnosis was kept, with the way to it."""
    link = f'<a href="{text_html(address)}">See it under Monitor</a>'
    return checked_html(f'<div class="ea-kept" role="status"><p>Saved: {text_html(label)}. {link}.</p></div>')
