"""The Review page: rate answers blind, settle differences, see agreement. Layout and wiring only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.evaluation.review import SCALES, SUPPORT, scales_for
from assistant.web.pages.reviewing import (
    LONGEST_COMMENT,
    LONGEST_NAME,
    MOST_SENTENCES,
    Marks,
    Reviewing,
    Screen,
    Sitting,
    ratable,
)
from assistant.web.pages.wiring import PRIVATE, principal
from assistant.web.render_review import (
    CHOICE_LABELS,
    SCALE_LABELS,
    SUPPORT_LABELS,
    advice_html,
    asked_html,
    gaps_html,
    intro_html,
    keys_html,
    sentence_html,
    side_html,
)

if TYPE_CHECKING:
    from assistant.web.pages import Desk

_SUPPORTED = [(SUPPORT_LABELS[word], word) for word in SUPPORT]
_LONGEST_PASTE = 100_000
_FORM_PARTS = 16 + 3 * MOST_SENTENCES + len(SCALES)
"""How many parts `Form.outputs` lists."""


@dataclass(frozen=True, slots=True)
class Form:
    """The parts in which an answer is shown and marked."""

    progress: gr.Markdown
    question: gr.Markdown
    beside: gr.Markdown
    sides: gr.Row
    side_a: gr.Markdown
    side_b: gr.Markdown
    rows: Sequence[gr.Row]
    sentences: Sequence[gr.Markdown]
    supports: Sequence[gr.Radio]
    gaps: gr.Markdown
    marks: gr.Column
    scales: Sequence[gr.Radio]
    choice: gr.Radio
    comment: gr.Textbox
    buttons: gr.Row
    save: gr.Button
    undo: gr.Button
    later: gr.Button
    help: gr.Column
    keys: gr.Markdown

    def marked(self) -> list[Any]:
        """What a rating is read from, in the order of `_marks`."""
        return [*self.scales, *self.supports, self.choice, self.comment]

    def outputs(self) -> list[Any]:
        """What a new answer changes, in the order of `_form_updates`."""
        return [
            self.progress, self.question, self.beside, self.sides, self.side_a, self.side_b, *self.rows,
            *self.sentences, *self.supports, self.gaps, self.marks, *self.scales, self.choice, self.comment,
            self.buttons, self.save, self.undo, self.later, self.help, self.keys,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that events change."""

    sitting: gr.State
    intro: gr.Markdown
    queue: gr.Dropdown
    name: gr.Textbox
    openers: Sequence[tuple[str, gr.Button]]
    note: gr.Markdown
    status: gr.Markdown
    rate: gr.Column
    form: Form
    agreement: gr.Column
    table: gr.Markdown
    files: gr.Column
    exports: Sequence[tuple[str, gr.Button]]
    paste: gr.Textbox
    take_in: gr.Button
    file: gr.Textbox

    def outputs(self) -> list[Any]:
        """What every step changes, in the order of `as_updates`."""
        return [
            self.sitting, self.note, self.status, self.rate, self.agreement, self.files, self.table,
            self.file, *self.form.outputs(),
        ]  # fmt: skip


def build_review(desk: Desk) -> None:
    """Put the page into the Blocks that are open."""
    reviewing = Reviewing(desk)
    with gr.Column(elem_id="ea-main", elem_classes="ea-review"):
        parts = _parts(by_name=not desk.options.has_identity)
    _wire(reviewing, parts)


def _parts(*, by_name: bool) -> Parts:
    sitting = gr.State(Sitting())
    with gr.Column(elem_id="ea-review-start"):
        intro = gr.Markdown("", latex_delimiters=[])
        with gr.Row(elem_classes="ea-fields"):
            queue = gr.Dropdown([], label="Queue", elem_id="ea-queue", interactive=True, min_width=240)
            name = gr.Textbox(
                label="Your name as a rater", elem_id="ea-rater", max_length=LONGEST_NAME, visible=by_name,
                info="Use the same one each time. Only a code made from it is kept.", min_width=240,
            )  # fmt: skip
        with gr.Row(elem_id="ea-review-doors"):
            openers = (
                ("rate", gr.Button("Rate answers", variant="primary", elem_id="ea-rate", min_width=140)),
                ("settle", gr.Button("Settle differences", elem_id="ea-settle", min_width=140)),
                ("agreement", gr.Button("See agreement", elem_id="ea-agree", min_width=140)),
                ("files", gr.Button("Files", elem_id="ea-files", min_width=140)),
            )
    status = gr.Markdown("", elem_id="ea-status", latex_delimiters=[])
    note = gr.Markdown("", elem_id="ea-review-note", latex_delimiters=[])
    with gr.Column(elem_id="ea-review-form", visible=False) as rate:
        form = _form()
    with gr.Column(elem_id="ea-review-agreement", visible=False) as agreement:
        table = gr.Markdown("", latex_delimiters=[])
    with gr.Column(elem_id="ea-review-files", visible=False) as files:
        exports, paste, take_in = _file_parts()
    file = gr.Textbox("", visible="hidden", elem_id="ea-review-file", elem_classes="ea-file", label="file")
    return Parts(
        sitting, intro, queue, name, openers, note, status, rate, form, agreement, table, files, exports,
        paste, take_in, file,
    )  # fmt: skip


def _form() -> Form:
    parts: dict[str, Any] = {"progress": gr.Markdown("", elem_id="ea-progress", latex_delimiters=[])}
    with gr.Row(elem_id="ea-review-columns"):
        with gr.Column(elem_id="ea-review-answer", scale=3, min_width=280):
            parts["question"] = gr.Markdown("", latex_delimiters=[])
            with gr.Row(elem_id="ea-sides", visible=False) as parts["sides"]:
                parts["side_a"] = gr.Markdown("", latex_delimiters=[], min_width=260)
                parts["side_b"] = gr.Markdown("", latex_delimiters=[], min_width=260)
            rows, sentences, supports = zip(
                *(_sentence(n) for n in range(1, MOST_SENTENCES + 1)), strict=True
            )
            parts |= {"rows": rows, "sentences": sentences, "supports": supports}
            parts["gaps"] = gr.Markdown("", latex_delimiters=[])
        with gr.Column(elem_id="ea-marks", scale=2, min_width=280) as parts["marks"]:
            parts["beside"] = gr.Markdown("", latex_delimiters=[])
            parts["scales"] = tuple(
                gr.Radio(
                    [(step, int(step[0])) for step in steps],
                    label=SCALE_LABELS[scale],
                    elem_classes="ea-scale",
                    interactive=True,
                )
                for scale, steps in SCALES.items()
            )
            parts["choice"] = gr.Radio(
                [(words, choice) for choice, words in CHOICE_LABELS.items()], label="Which answer is better?",
                elem_classes="ea-scale", interactive=True, visible=False,
            )  # fmt: skip
            parts["comment"] = gr.Textbox(
                label="Comment, if you like", elem_id="ea-comment", lines=1, max_length=LONGEST_COMMENT
            )
            with gr.Row(elem_id="ea-review-buttons") as parts["buttons"]:
                parts["save"] = gr.Button("Save and next", variant="primary", elem_id="ea-save-next")
                parts["undo"] = gr.Button("Undo last", elem_id="ea-undo", min_width=110)
                parts["later"] = gr.Button("Leave for later", elem_id="ea-later", min_width=110)
    with gr.Column(elem_id="ea-key-help") as parts["help"]:
        gr.Checkbox(True, label="Use keys on this form", elem_id="ea-use-keys", interactive=True)
        parts["keys"] = gr.Markdown("", latex_delimiters=[])
    return Form(**parts)


def _sentence(number: int) -> tuple[gr.Row, gr.Markdown, gr.Radio]:
    with gr.Row(visible=False, elem_classes="ea-sentence") as row:
        shown = gr.Markdown("", latex_delimiters=[])
        support = gr.Radio(
            _SUPPORTED, label=f"Do the words cited support sentence {number}?", elem_classes="ea-support",
            interactive=True,
        )  # fmt: skip
    return row, shown, support


def _file_parts() -> tuple[Sequence[tuple[str, gr.Button]], gr.Textbox, gr.Button]:
    gr.Markdown('<div class="ea-heading"><h2>Files</h2></div>')
    with gr.Row(elem_classes="ea-row-buttons"):
        exports = tuple(
            (kind, gr.Button(words, min_width=160))
            for kind, words in (
                ("csv", "All ratings as a table (CSV)"),
                ("jsonl", "All ratings as JSON lines"),
                ("sheet", "Empty sheet to fill in (CSV)"),
            )
        )
    paste = gr.Textbox(
        label="Ratings you made in a file", lines=4, max_lines=12, max_length=_LONGEST_PASTE,
        elem_id="ea-paste",
        info="Open the filled-in sheet as text, copy all of it, and paste it here. It counts as yours.",
    )  # fmt: skip
    return exports, paste, gr.Button("Take these ratings in", elem_id="ea-take-in")


def _wire(reviewing: Reviewing, parts: Parts) -> None:
    outputs = parts.outputs()

    def listed() -> list[Any]:
        names = reviewing.names()
        first = names[0][1] if names else None
        return [intro_html(queues=len(names)), gr.update(choices=names, value=first)]

    gr.on(triggers=None, fn=listed, inputs=None, outputs=[parts.intro, parts.queue], **PRIVATE)
    for panel, button in parts.openers:

        def opened(queue: str | None, name: str, request: gr.Request, panel: str = panel) -> list[Any]:
            return as_updates(reviewing.open(panel, queue, name, principal(request)))

        button.click(opened, [parts.queue, parts.name], outputs, **PRIVATE)

    def saved(sitting: Sitting, *given: Any) -> list[Any]:
        return as_updates(reviewing.save(sitting, _marks(given)))

    parts.form.save.click(saved, [parts.sitting, *parts.form.marked()], outputs, **PRIVATE)
    for button, step in ((parts.form.undo, reviewing.undo), (parts.form.later, reviewing.later)):
        button.click(lambda sitting, step=step: as_updates(step(sitting)), parts.sitting, outputs, **PRIVATE)
    for kind, button in parts.exports:
        button.click(
            lambda sitting, kind=kind: as_updates(reviewing.export(sitting, kind)),
            parts.sitting,
            outputs,
            **PRIVATE,
        )

    def taken(sitting: Sitting, text: str) -> list[Any]:
        return as_updates(reviewing.take_in(sitting, text))

    parts.take_in.click(taken, [parts.sitting, parts.paste], outputs, **PRIVATE)


def _marks(given: Sequence[Any]) -> Marks:
    """The values of `Form.marked` as marks."""
    scales, supports = given[: len(SCALES)], given[len(SCALES) : len(SCALES) + MOST_SENTENCES]
    choice, comment = given[-2:]
    return Marks(
        {scale: int(value) for scale, value in zip(SCALES, scales, strict=True) if value},
        {number: str(word) for number, word in enumerate(supports, start=1) if word},
        choice or None,
        str(comment or ""),
    )


def as_updates(screen: Screen) -> list[Any]:
    """What Gradio changes on the page, in the order of `Parts.outputs`."""
    kept = screen.panel == "keep"
    panels = ("rate", "agreement", "files")
    return [
        screen.sitting,
        screen.note,
        screen.status,
        *(gr.skip() if kept else gr.update(visible=screen.panel == name) for name in panels),
        screen.table or gr.skip(),
        screen.file or gr.skip(),
        *_form_updates(screen),
    ]


def _form_updates(screen: Screen) -> list[Any]:
    if screen.panel != "rate" or screen.marks is None:
        return [gr.skip()] * _FORM_PARTS
    item, marks = screen.item, screen.marks
    single = item is not None and not screen.pair
    answers = item.answers if item else ()
    sentences = answers[0]["sentences"][:MOST_SENTENCES] if single else ()
    ratable_now = ratable(item) if item else ()
    sides = [side_html(letter, a) for letter, a in zip("AB", answers, strict=False)] if screen.pair else []
    side_a, side_b = sides if len(sides) == 2 else ("", "")
    scales = scales_for(item) if item is not None and single else ()
    numbers = range(1, MOST_SENTENCES + 1)
    return [
        screen.progress,
        asked_html(item) if item else "",
        gr.update(value=screen.beside, visible=bool(screen.beside)),
        gr.update(visible=bool(sides)),
        side_a,
        side_b,
        *(gr.update(visible=n <= len(sentences)) for n in numbers),
        *(sentence_html(n, sentences[n - 1]) if n <= len(sentences) else "" for n in numbers),
        *(gr.update(value=marks.sentences.get(n), visible=n in ratable_now) for n in numbers),
        advice_html(answers[0]) + gaps_html(answers[0]) if single else "",
        gr.update(visible=item is not None or bool(screen.sitting.queue)),
        *(gr.update(value=marks.scales.get(scale), visible=scale in scales) for scale in SCALES),
        gr.update(value=marks.choice, visible=screen.pair and item is not None),
        gr.update(value=marks.comment, visible=item is not None),
        gr.update(visible=item is not None or not screen.sitting.settling),
        gr.update(visible=item is not None),
        gr.update(visible=not screen.sitting.settling),
        gr.update(visible=item is not None),
        gr.update(visible=item is not None),
        keys_html(pair=screen.pair),
    ]
