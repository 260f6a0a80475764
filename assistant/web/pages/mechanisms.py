"""The Mechanisms page: all ways of sharing, to filter, to see on the two axes, and to open one by one.

Layout and wiring only. `?m=<id>` opens one mechanism; what was filtered is kept in the reader's browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.domain.framework import Catalogue
from assistant.framework.choosing import MechanismFilter, chosen
from assistant.web.mechanism_view import mechanism_view
from assistant.web.pages.planning import PlanInputs, plan_tools
from assistant.web.pages.wiring import PRIVATE, on_load
from assistant.web.plots import mechanism_dots, numbers_by_id, spectrum_plot
from assistant.web.render import checked_html, note_html, text_html
from assistant.web.render_mechanism import mechanism_html
from assistant.web.render_mechanisms import EFFORT_WORDS, PART_WORDS, dots_table_html, found_html, list_html

if TYPE_CHECKING:
    from assistant.web.pages import Desk

LONGEST_WORDS = 200
_ANY = ("Any", "")
_BROWSER_KEY = "ea-mechanisms"
"""Where the browser keeps what was filtered, and what that is scrambled with: it must outlive a restart."""
_NOT_HERE = "The link you followed names a mechanism that is not in this collection."
_PLOT_NOTE = (
    "Each dot is a mechanism, with its number from the list. Dots that would hide one another stand a little "
    "apart; the table has the exact places."
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that events change."""

    kept: gr.BrowserState
    opened: gr.State
    """Id of the mechanism that is open; empty for the list."""
    note: gr.Markdown
    whole_box: gr.Column
    whole: gr.Markdown
    overview: gr.Row
    filters: tuple[Any, ...]
    """Quarter, level, effort, part and words, in the order of `_wanted`."""
    found: gr.Markdown
    listed: gr.Markdown
    plot: gr.Plot
    table: gr.Markdown

    def results(self) -> list[Any]:
        """What a filter changes, in the order of `_results`."""
        return [self.kept, self.found, self.listed, self.plot, self.table]


def build_mechanisms(desk: Desk) -> None:
    """Put the page into the Blocks that are open."""
    catalogue = desk.assistant.catalogue
    with gr.Column(elem_id="ea-main", elem_classes="ea-mechanisms-page"):
        if not catalogue.mechanisms:
            gr.Markdown("This library holds no mechanisms. Read in a collection that has some.")
            return
        parts = _parts(desk, catalogue)
    _wire(desk, parts)


def _parts(desk: Desk, catalogue: Catalogue) -> Parts:
    kept = gr.BrowserState({}, storage_key=_BROWSER_KEY, secret=_BROWSER_KEY)
    opened = gr.State("")
    note = gr.Markdown("", visible=False, latex_delimiters=[])
    with gr.Column(visible=False, elem_id="ea-whole") as whole_box:
        back = text_html(f"{desk.options.mount_path}/mechanisms")
        gr.Markdown(checked_html(f'<p class="ea-all-of-them"><a href="{back}">All mechanisms</a></p>'))
        with gr.Row(elem_id="ea-one"):
            with gr.Column(elem_id="ea-one-told", min_width=280):
                whole = gr.Markdown("", latex_delimiters=[])
            with gr.Column(elem_id="ea-one-plan", min_width=280):
                plan_tools(desk, [opened], _planned, key="mechanism", ask_situation=True)
    with gr.Row(elem_id="ea-overview") as overview:
        with gr.Column(elem_id="ea-list", min_width=280):
            filters = _filters(catalogue)
            found = gr.Markdown("", elem_id="ea-status-found", latex_delimiters=[])
            listed = gr.Markdown("", latex_delimiters=[])
        with gr.Column(elem_id="ea-spectrum", min_width=280):
            gr.Markdown(
                checked_html(f'<div class="ea-heading"><h2>On the two axes</h2><p>{_PLOT_NOTE}</p></div>')
            )
            plot = gr.Plot(label="Mechanisms on the two axes", show_label=False, elem_classes="ea-plot")
            with gr.Accordion("The picture as a table", open=True, elem_classes="ea-fold"):
                table = gr.Markdown("", latex_delimiters=[])
    return Parts(kept, opened, note, whole_box, whole, overview, filters, found, listed, plot, table)


def _planned(mechanism_id: str, situation: str) -> PlanInputs | None:
    """A plan for the mechanism that is open, fitted to a situation if one is told."""
    return PlanInputs(situation=situation, mechanisms=(mechanism_id,)) if mechanism_id else None


def _filters(catalogue: Catalogue) -> tuple[Any, ...]:
    framework = catalogue.framework
    quadrants = [(q.name, q.id) for q in framework.quadrants] if framework else []
    levels = [(level.name, level.id) for level in framework.levels] if framework else []
    efforts = {m.effort.level for m in catalogue.mechanisms.values()}
    ordered = [(EFFORT_WORDS[key].capitalize(), key) for key in ("low", "med", "high") if key in efforts]
    parts = [(f"{words} an exchange", part.value) for part, words in PART_WORDS.items()]
    gr.Markdown(checked_html('<div class="ea-heading"><h2>All mechanisms</h2></div>'))
    with gr.Row(elem_classes="ea-filters"):
        words = gr.Textbox(
            label="Search", info="A name, or words of your situation", elem_id="ea-words",
            max_length=LONGEST_WORDS, lines=1, min_width=200,
        )  # fmt: skip
        made = [
            gr.Dropdown(
                [_ANY, *choices], value="", label=label, elem_id=f"ea-filter-{key}", filterable=False,
                interactive=True, min_width=170,
            )
            for key, label, choices in (
                ("quadrant", "Quarter of the picture", quadrants),
                ("level", "Depends on conditions", levels),
                ("effort", "Effort", ordered),
                ("part", "What it is for", parts),
            )
        ]  # fmt: skip
    return (*made, words)


def _wire(desk: Desk, parts: Parts) -> None:
    def sifted(*values: Any) -> list[Any]:
        return _results(desk, _wanted(values))

    def loaded(kept: Any, request: gr.Request) -> list[Any]:
        asked = str(request.query_params.get("m", ""))
        if asked in desk.assistant.catalogue.mechanisms:
            return [*_one(desk, asked), *(gr.skip() for _ in (*parts.filters, *parts.results()))]
        wanted = restored(kept, desk.assistant.catalogue)
        return [*_none(asked), *(_values(wanted)), *_results(desk, wanted)]

    for part in parts.filters:
        part.change(sifted, list(parts.filters), parts.results(), **PRIVATE)
    views = [parts.opened, parts.note, parts.whole_box, parts.whole, parts.overview]
    on_load(loaded, parts.kept, [*views, *parts.filters, *parts.results()])


def _one(desk: Desk, mechanism_id: str) -> list[Any]:
    """The page with one mechanism open."""
    numbers = numbers_by_id(mechanism_dots(desk.assistant.catalogue))
    view = mechanism_view(desk.assistant, mechanism_id, numbers[mechanism_id])
    return [mechanism_id, gr.skip(), gr.update(visible=True), mechanism_html(view), gr.update(visible=False)]


def _none(asked: str) -> list[Any]:
    """The page with the list; says so if a link named a mechanism that does not exist."""
    note = gr.update(value=note_html(_NOT_HERE) if asked else "", visible=bool(asked))
    return ["", note, gr.update(visible=False), "", gr.update(visible=True)]


def _wanted(values: tuple[Any, ...]) -> MechanismFilter:
    quadrant, level, effort, part, words = (str(value or "")[:LONGEST_WORDS] for value in values)
    return MechanismFilter(quadrant=quadrant, level=level, effort=effort, part=part, words=words)


def _values(wanted: MechanismFilter) -> tuple[str, ...]:
    return wanted.quadrant, wanted.level, wanted.effort, wanted.part, wanted.words


def _results(desk: Desk, wanted: MechanismFilter) -> list[Any]:
    """What is kept, how many were found, the list, the picture and its table."""
    catalogue = desk.assistant.catalogue
    found = chosen(catalogue, wanted)
    ids = {mechanism.id for mechanism in found}
    every = mechanism_dots(catalogue)
    dots = [dot for dot in every if dot.mechanism_id in ids]
    base = desk.options.mount_path
    return [
        {name: getattr(wanted, name) for name in MechanismFilter.__slots__},
        found_html(len(found), len(every)),
        list_html(found, catalogue, numbers_by_id(every), base),
        spectrum_plot(catalogue, dots),
        dots_table_html(dots, catalogue, base),
    ]


def restored(kept: Any, catalogue: Catalogue) -> MechanismFilter:
    """The filter that a browser kept; whatever in it is not a choice of today is left open."""
    if not isinstance(kept, dict):
        return MechanismFilter()
    framework = catalogue.framework
    known = {
        "quadrant": {q.id for q in framework.quadrants} if framework else set(),
        "level": {level.id for level in framework.levels} if framework else set(),
        "effort": {m.effort.level for m in catalogue.mechanisms.values()},
        "part": {part.value for part in PART_WORDS},
    }
    held = {name: str(kept.get(name, "")) for name in known}
    words = kept.get("words", "")
    return MechanismFilter(
        **{name: value for name, value in held.items() if value in known[name]},
        words=words[:LONGEST_WORDS] if isinstance(words, str) else "",
    )
