"""The Evidence page: the gap map, and the studies and findings behind it. Layout and wiring only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.domain.atlas import EvidenceFilter, Side
from assistant.web.pages.evidence_screen import CHOSEN, Screen, Showing
from assistant.web.pages.evidence_state import LONGEST_WORDS, Viewed
from assistant.web.pages.wiring import PRIVATE
from assistant.web.render import checked_html

if TYPE_CHECKING:
    from assistant.web.pages import Desk

_LABELS = {
    "mechanism": "Mechanism",
    "factor": "Factor",
    "level": "Level",
    "polarity": "What it says",
    "kind": "Kind of finding",
    "place": "Place",
    "since": "From year",
    "until": "To year",
    "domain": "Field",
}
_MAP_INTRO = (
    '<div class="ea-heading"><h2>Gap map</h2><p>Each number says how many bodies of evidence '
    "there are. Choose one to see its findings below the map.</p></div>"
)
_BROWSER_INTRO = (
    '<div class="ea-heading" id="ea-browser"><h2>Studies and findings</h2><p>Every study we hold, with its '
    "record, its findings and what rests on them.</p></div>"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that events change."""

    viewed: gr.State
    note: gr.Markdown
    status: gr.Markdown
    side: gr.Radio
    map: gr.Markdown
    chosen: tuple[gr.Dropdown, ...]
    words: gr.Textbox
    results: gr.Markdown
    address: gr.Textbox
    file: gr.Textbox

    def outputs(self) -> list[Any]:
        """What every step changes, in the order of `as_updates`."""
        return [
            self.viewed, self.note, self.status, self.side, self.map, *self.chosen, self.words, self.results,
            self.address, self.file,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Doors:
    """What a reader presses, besides the choices themselves."""

    search: gr.Button
    clear: gr.Button
    save_map: gr.Button
    save_findings: gr.Button
    go: gr.Textbox


def build_evidence(desk: Desk) -> None:
    """Put the page into the Blocks that are open."""
    with gr.Column(elem_id="ea-main", elem_classes="ea-evidence"):
        parts, doors = _layout()
    _wire(Showing(desk), parts, doors)


def _layout() -> tuple[Parts, Doors]:
    parts: dict[str, Any] = {"viewed": gr.State(Viewed())}
    doors: dict[str, Any] = {}
    parts["status"] = gr.Markdown("", elem_id="ea-status", latex_delimiters=[])
    parts["note"] = gr.Markdown("", elem_id="ea-evidence-note", latex_delimiters=[], visible=False)
    gr.Markdown(checked_html(_MAP_INTRO))
    with gr.Row(elem_id="ea-map-doors"):
        parts["side"] = gr.Radio(
            [("Levels", Side.LEVEL.value), ("Factors", Side.FACTOR.value)], value=Side.LEVEL.value,
            label="Columns of the map", elem_id="ea-map-side", interactive=True, min_width=220,
        )  # fmt: skip
        doors["save_map"] = gr.Button("Save the map (CSV)", elem_id="ea-save-map", min_width=180)
    parts["map"] = gr.Markdown("", elem_id="ea-map", latex_delimiters=[])
    gr.Markdown(checked_html(_BROWSER_INTRO))
    with gr.Column(elem_id="ea-filters"):
        with gr.Row(elem_classes="ea-filter-row"):
            parts["chosen"] = tuple(
                gr.Dropdown(
                    [("Any", "")], value="", label=_LABELS[side], elem_id=f"ea-filter-{side}",
                    interactive=True, min_width=200, filterable=False,
                )
                for side in CHOSEN
            )  # fmt: skip
        with gr.Row(elem_id="ea-words-row"):
            parts["words"] = gr.Textbox(
                label="Search in your own words", elem_id="ea-words", max_length=LONGEST_WORDS, lines=1,
                min_width=240, scale=4,
            )  # fmt: skip
            doors["search"] = gr.Button("Search", variant="primary", elem_id="ea-search", min_width=110)
            doors["clear"] = gr.Button("Clear all choices", elem_id="ea-clear", min_width=150)
            doors["save_findings"] = gr.Button(
                "Save these findings (CSV)", elem_id="ea-save-findings", min_width=200
            )
    parts["results"] = gr.Markdown("", elem_id="ea-results", latex_delimiters=[])
    doors["go"] = gr.Textbox("", visible="hidden", elem_id="ea-evidence-go", label="go")
    parts["address"] = gr.Textbox("", visible="hidden", elem_id="ea-address", label="address")
    parts["file"] = gr.Textbox(
        "", visible="hidden", elem_id="ea-evidence-file", elem_classes="ea-file", label="file"
    )
    return Parts(**parts), Doors(**doors)


def _wire(showing: Showing, parts: Parts, doors: Doors) -> None:
    outputs = parts.outputs()

    def loaded(request: gr.Request) -> list[Any]:
        return as_updates(showing.opened(dict(request.query_params)))

    def went(query: str, now: Viewed) -> list[Any]:
        return as_updates(showing.went(query, now))

    def chose(now: Viewed, words: str, *chosen: str) -> list[Any]:
        return as_updates(showing.chose(now, _filter(chosen, words)))

    def turned(side: str, now: Viewed) -> list[Any]:
        return as_updates(showing.turned(now, side))

    gr.on(triggers=None, fn=loaded, inputs=None, outputs=outputs, **PRIVATE)
    doors.go.change(went, [doors.go, parts.viewed], outputs, **PRIVATE)
    given = [parts.viewed, parts.words, *parts.chosen]
    triggers = [choice.input for choice in parts.chosen] + [parts.words.submit, doors.search.click]
    gr.on(triggers, chose, given, outputs, **PRIVATE)
    parts.side.input(turned, [parts.side, parts.viewed], outputs, **PRIVATE)
    doors.clear.click(
        lambda now: as_updates(showing.chose(now, EvidenceFilter())), parts.viewed, outputs, **PRIVATE
    )
    for button, save in ((doors.save_map, showing.map_file), (doors.save_findings, showing.findings_file)):
        button.click(lambda now, save=save: as_updates(save(now)), parts.viewed, outputs, **PRIVATE)


def _filter(chosen: Sequence[str], words: str) -> EvidenceFilter:
    return EvidenceFilter(**dict(zip(CHOSEN, (value or "" for value in chosen), strict=True)), words=words)


def as_updates(screen: Screen) -> list[Any]:
    """What Gradio changes on the page, in the order of `Parts.outputs`. None leaves a part as it is."""

    def changed(value: Any) -> Any:
        return gr.skip() if value is None else value

    if screen.choices is None:
        chosen: list[Any] = [gr.skip() for _ in CHOSEN]
    else:
        chosen = [
            gr.update(choices=list(screen.choices[side]), value=getattr(screen.viewed.filter, side))
            for side in CHOSEN
        ]
    return [
        screen.viewed,
        gr.update(value=screen.note, visible=bool(screen.note)),
        changed(screen.status),
        gr.update(value=screen.viewed.side.value),
        changed(screen.map),
        *chosen,
        gr.skip() if screen.choices is None else screen.viewed.filter.words,
        changed(screen.results),
        f"?{screen.viewed.query}#{screen.step}",
        changed(screen.file),
    ]
