"""The Monitor page: relationships, who depends on whom, diagnoses over time, what was tried. Layout only.

All of it is in the store under who asks; a page that is loaded again shows it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.domain.monitoring import Sign, Strength
from assistant.framework.csv_cells import LONGEST_FILE
from assistant.framework.monitoring_report import SIGN_WORDS
from assistant.framework.relationships import LONGEST, LONGEST_NOTE
from assistant.web.pages.days import quarter_ago, today, written_day
from assistant.web.pages.monitor_view import NEW, places_choices
from assistant.web.pages.monitor_wiring import Parts, wire_monitor
from assistant.web.render_monitor import heading

if TYPE_CHECKING:
    from assistant.web.pages import Desk

_A_DAY = "As 31/3/2026"
_DAY = f"{_A_DAY}; may stay empty"
_LONGEST_DAY = 30
_PEOPLE = "Write roles, such as chief information officer. Please do not write people's names."


def build_monitor(desk: Desk) -> None:
    """Put the page into the Blocks that are open."""
    parts: dict[str, Any] = {}
    buttons: dict[str, gr.Button] = {}
    with gr.Column(elem_id="ea-main", elem_classes="ea-monitor"):
        parts["status"] = gr.Markdown("", elem_id="ea-status", latex_delimiters=[])
        parts["file"] = gr.Textbox(
            "", visible="hidden", elem_id="ea-monitor-file", elem_classes="ea-file", label="File"
        )
        for part in (_relationships, _network, _moves, _diagnoses):
            with gr.Column(elem_classes="ea-part"):
                part(parts, buttons)
        with gr.Column(elem_classes="ea-part"):
            _trials(parts, buttons, desk)
        with gr.Column(elem_classes="ea-part"):
            line = "Everything on this page as a Word document, for a meeting or a report."
            gr.Markdown(heading("Report", line))
            buttons["report"] = gr.Button("Save report for Word", elem_id="ea-save-report")
            parts["report_note"] = _markdown("report-note")
    wire_monitor(desk, Parts(**parts), buttons)


def _markdown(key: str) -> gr.Markdown:
    return gr.Markdown("", latex_delimiters=[], elem_id=f"ea-{key}")


def _relationships(parts: dict[str, Any], buttons: dict[str, gr.Button]) -> None:
    line = "Who you share knowledge with, how, and who holds the contact."
    gr.Markdown(heading("Relationships", line))
    parts["relations"] = _markdown("relations")
    with gr.Accordion("Add or change a relationship", open=False, elem_classes="ea-fold"):
        parts["relation_pick"] = gr.Dropdown(
            [NEW], value="", label="Which one?", filterable=False, elem_id="ea-relation-pick"
        )
        parts["relation_fields"] = _relation_fields()
        parts["relation_armed"] = gr.State("")
        with gr.Row(elem_classes="ea-buttons"):
            buttons["relation"] = gr.Button(
                "Save relationship", variant="primary", elem_id="ea-relation-save"
            )
            buttons["end"] = gr.Button("End today", elem_id="ea-relation-end")
            buttons["remove"] = gr.Button("Remove", elem_id="ea-relation-remove")
    parts["relation_note"] = _markdown("relation-note")
    with gr.Accordion(
        "Take relationships in from a table, or save them as one", open=False, elem_classes="ea-fold"
    ):
        parts["relation_csv"], buttons["relation_in"], buttons["relation_out"] = _csv("relationships")


def _relation_fields() -> tuple[Any, ...]:
    formality, origin = places_choices()
    with gr.Row(elem_classes="ea-fields"):
        strengths = [(strength.value.capitalize(), strength.value) for strength in Strength]
        fields = [
            _line("Partner", "The organisation or group", LONGEST["partner"], key="partner"),
            _line("Type", "Such as paired programme, user group, peers", LONGEST["kind"]),
            _pick("How formal is it?", "From an agreement to a chat", formality, 0.5, key="formality"),
            _pick("Who started it?", "You, or somebody outside", origin, 0.5, key="origin"),
            _pick("How strong is it now?", "As you see it", strengths, Strength.MIDDLING.value),
            _line("Since", _DAY, _LONGEST_DAY),
            _line("Ended", _DAY, _LONGEST_DAY),
            _line("Product", "A record system you share, if any", LONGEST["product"]),
        ]
    purpose = gr.Textbox(
        label="Purpose", info="What you want from it", max_length=LONGEST["purpose"], lines=1, max_lines=4
    )
    who = f"Several with commas between. {_PEOPLE}"
    holder = _line("Who holds the contact on your side?", who, LONGEST["holder"], key="holder")
    return (*fields, purpose, holder)


def _line(label: str, info: str, longest: int, *, key: str = "", value: str = "") -> gr.Textbox:
    """A field of one line."""
    return gr.Textbox(
        value, label=label, info=info, max_length=longest, lines=1, max_lines=1,
        elem_id=f"ea-{key}" if key else None,
    )  # fmt: skip


def _pick(label: str, info: str, choices: Sequence[Any], value: Any, *, key: str = "") -> gr.Dropdown:
    """A field to choose from a few."""
    return gr.Dropdown(
        list(choices), value=value, label=label, info=info, filterable=False,
        elem_id=f"ea-{key}" if key else None,
    )  # fmt: skip


def _csv(what: str) -> tuple[gr.Textbox, gr.Button, gr.Button]:
    box = gr.Textbox(
        label=f"A table of {what} (CSV)",
        info="Choose a file, or paste it. It is taken in whole, or not at all: faults are named by line.",
        elem_id=f"ea-{what}-csv",
        elem_classes="ea-take-file",
        lines=4,
        max_lines=8,
        max_length=LONGEST_FILE,
    )
    with gr.Row(elem_classes="ea-buttons"):
        take = gr.Button("Take in", elem_id=f"ea-{what}-in")
        give = gr.Button(f"Save {what} as CSV", elem_id=f"ea-{what}-out")
    return box, take, give


def _network(parts: dict[str, Any], buttons: dict[str, gr.Button]) -> None:
    line = "What you would lose if somebody left. Counted from the relationships that have not ended."
    gr.Markdown(heading("Who depends on whom", line))
    parts["network"] = _markdown("network")
    parts["network_plot"] = gr.Plot(
        label="Roles and the partners they hold", show_label=False, elem_classes="ea-plot ea-network"
    )


def _moves(parts: dict[str, Any], buttons: dict[str, gr.Button]) -> None:
    line = "Where your relationships lay on two days: informal or formal, started from inside or outside."
    gr.Markdown(heading("How relationships moved", line))
    with gr.Row(elem_classes="ea-fields"):
        first = _line("First day", _A_DAY, _LONGEST_DAY, key="first-day", value=written_day(quarter_ago()))
        second = _line("Second day", _A_DAY, _LONGEST_DAY, key="second-day", value=written_day(today()))
    buttons["moves"] = gr.Button("Show the move", elem_id="ea-show-moves")
    parts["days"] = (first, second)
    parts["moves_plot"] = gr.Plot(
        label="Relationships on the two axes", show_label=False, elem_classes="ea-plot"
    )
    parts["moves"] = _markdown("moves")


def _diagnoses(parts: dict[str, Any], buttons: dict[str, gr.Button]) -> None:
    gr.Markdown(heading("Diagnoses over time", "Each one as it was saved. Pick two to see what moved."))
    parts["timeline"] = _markdown("timeline")
    with gr.Row(elem_classes="ea-fields"):
        parts["earlier"] = gr.Dropdown([], label="Earlier diagnosis", filterable=False, elem_id="ea-earlier")
        parts["later"] = gr.Dropdown([], label="Later diagnosis", filterable=False, elem_id="ea-later")
    buttons["compare"] = gr.Button("Show what moved", variant="primary", elem_id="ea-compare")
    parts["change"] = _markdown("change")
    with gr.Accordion("Remove a diagnosis", open=False, elem_classes="ea-fold"):
        parts["diagnosis_pick"] = gr.Dropdown([], label="Which one?", filterable=False)
        parts["diagnosis_armed"] = gr.State("")
        with gr.Row(elem_classes="ea-buttons"):
            buttons["diagnosis_remove"] = gr.Button("Remove", elem_id="ea-diagnosis-remove")
    parts["diagnosis_note"] = _markdown("diagnosis-note")
    with gr.Accordion(
        "Take diagnoses in from a table, or save them as one", open=False, elem_classes="ea-fold"
    ):
        parts["diagnosis_csv"], buttons["diagnosis_in"], buttons["diagnosis_out"] = _csv("diagnoses")


def _trials(parts: dict[str, Any], buttons: dict[str, gr.Button], desk: Desk) -> None:
    gr.Markdown(heading("What you tried", "Which mechanism, and whether its first sign appeared."))
    parts["trials"] = _markdown("trials")
    mechanisms = sorted((m.name, m.id) for m in desk.assistant.catalogue.mechanisms.values())
    with gr.Accordion("Add or change what you try", open=False, elem_classes="ea-fold"):
        parts["trial_pick"] = gr.Dropdown([NEW], value="", label="Which one?", filterable=False)
        mechanism = gr.Dropdown(
            [("Choose one", ""), *mechanisms], value="", label="Mechanism", elem_id="ea-trial-mechanism"
        )
        parts["sign"] = _markdown("sign")
        with gr.Row(elem_classes="ea-fields"):
            started = gr.Textbox(
                label="Started", info="As 31/3/2026; empty for today", max_length=30, lines=1
            )
            ended = gr.Textbox(label="Ended", info=_DAY, max_length=30, lines=1)
        sign = gr.Radio(
            [(SIGN_WORDS[s].capitalize(), s.value) for s in Sign],
            value=Sign.NOT_CHECKED.value,
            label="Did the first sign appear?",
            elem_id="ea-trial-sign",
        )
        words = gr.Textbox(label="Your note", max_length=LONGEST_NOTE, lines=2, max_lines=6)
        parts["trial_fields"] = (mechanism, started, sign, ended, words)
        with gr.Row(elem_classes="ea-buttons"):
            buttons["trial"] = gr.Button("Save", variant="primary", elem_id="ea-trial-save")
            buttons["trial_remove"] = gr.Button("Remove", elem_id="ea-trial-remove")
    parts["trial_note"] = _markdown("trial-note")
