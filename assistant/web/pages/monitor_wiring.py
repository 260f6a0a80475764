"""Which event of the Monitor page calls what, and what it shows. No layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.web.pages.monitor_screen import Done, Screen
from assistant.web.pages.monitor_view import View
from assistant.web.pages.wiring import PRIVATE, on_load, principal
from assistant.web.render_monitor import working_html

if TYPE_CHECKING:
    from assistant.web.pages import Desk


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that events change; the names say what they show."""

    relation_pick: gr.Dropdown
    relation_fields: tuple[Any, ...]
    relation_armed: gr.State
    relation_note: gr.Markdown
    relation_csv: gr.Textbox
    relations: gr.Markdown
    network: gr.Markdown
    network_plot: gr.Plot
    days: tuple[gr.Textbox, gr.Textbox]
    moves_plot: gr.Plot
    moves: gr.Markdown
    earlier: gr.Dropdown
    later: gr.Dropdown
    change: gr.Markdown
    diagnosis_pick: gr.Dropdown
    diagnosis_armed: gr.State
    diagnosis_note: gr.Markdown
    diagnosis_csv: gr.Textbox
    timeline: gr.Markdown
    trial_pick: gr.Dropdown
    trial_fields: tuple[Any, ...]
    trial_note: gr.Markdown
    trials: gr.Markdown
    sign: gr.Markdown
    report_note: gr.Markdown
    file: gr.Textbox
    status: gr.Markdown

    def shown(self) -> list[Any]:
        """What a change of any record shows anew, in the order of `View.everything`."""
        return [
            self.relation_pick, self.relations, self.network, self.network_plot, self.moves_plot, self.moves,
            self.earlier, self.later, self.diagnosis_pick, self.timeline, self.trial_pick, self.trials,
        ]  # fmt: skip


def wire_monitor(desk: Desk, parts: Parts, buttons: dict[str, gr.Button]) -> None:
    """Connect everything on the page."""
    _Wiring(desk, parts, buttons).wire()


class _Wiring:
    """Which event calls what, and what it shows."""

    def __init__(self, desk: Desk, parts: Parts, buttons: dict[str, gr.Button]) -> None:
        self._parts, self._buttons = parts, buttons
        self._screen = Screen(desk.assistant)
        self._view = View(self._screen, desk.assistant)

    def wire(self) -> None:
        """Connect everything."""
        parts = self._parts
        loading = on_load(self._loaded, list(parts.days), parts.shown())
        loading.then(self._compared, [parts.earlier, parts.later], parts.change, **PRIVATE)
        self._wire_relationships()
        self._wire_diagnoses()
        self._wire_trials()

    def _loaded(self, first: str, second: str, request: gr.Request) -> list[Any]:
        return self._view.everything(principal(request), first, second)

    def _compared(self, earlier: Any, later: Any, request: gr.Request) -> Iterator[str]:
        if earlier and later and earlier != later:
            yield working_html()
        yield self._view.change(principal(request), str(earlier or ""), str(later or ""))

    def _press(
        self, button: str, act: Callable[..., Done], inputs: Sequence[Any], note: Any, *more: Any
    ) -> None:
        """A button: do it, say what was done, show all records anew; `more` gets the cleared form."""
        parts = self._parts

        def pressed(first: str, second: str, request: gr.Request, *given: Any) -> list[Any]:
            owner = principal(request)
            done = act(owner, *given)
            cleared = self._view.blank(len(more)) if done.chosen is not None and more else []
            return [
                done.said,
                done.said,
                done.file or gr.skip(),
                *(cleared or [gr.skip()] * len(more)),
                *self._view.everything(owner, first, second),
            ]

        outputs = [note, parts.status, parts.file, *more, *parts.shown()]
        self._buttons[button].click(pressed, [*parts.days, *inputs], outputs, **PRIVATE)

    def _wire_relationships(self) -> None:
        parts, screen = self._parts, self._screen
        pick, fields, note = parts.relation_pick, parts.relation_fields, parts.relation_note

        def save(owner: str, chosen: Any, *values: Any) -> Done:
            return screen.save_relationship(owner, str(chosen or ""), values)

        self._press("relation", save, [pick, *fields], note, *fields)
        self._press("end", screen.end_relationship, [pick], note, *fields)
        self._press("relation_in", screen.import_relationships, [parts.relation_csv], note)
        self._press("relation_out", lambda owner: screen.save_file(owner, "relationships"), [], note)
        self._arm("remove", screen.remove_relationship, pick, parts.relation_armed, note)

        def picked(chosen: Any, request: gr.Request) -> list[Any]:
            return self._view.relationship(principal(request), str(chosen or ""))

        def moved(first: str, second: str, request: gr.Request) -> list[Any]:
            return self._view.moves(principal(request), first, second)

        pick.input(picked, pick, list(fields), **PRIVATE)
        shown = [parts.moves_plot, parts.moves]
        self._buttons["moves"].click(moved, list(parts.days), shown, **PRIVATE)

    def _arm(
        self, button: str, act: Callable[..., tuple[Done, str]], pick: Any, armed: Any, note: Any
    ) -> None:
        """A button that removes at the second press."""
        parts = self._parts

        def pressed(chosen: Any, once: str, first: str, second: str, request: gr.Request) -> list[Any]:
            owner = principal(request)
            done, again = act(owner, str(chosen or ""), once)
            shown = self._view.everything(owner, first, second) if done.chosen is not None else None
            return [done.said, done.said, again, *(shown or [gr.skip()] * len(parts.shown()))]

        outputs = [note, parts.status, armed, *parts.shown()]
        self._buttons[button].click(pressed, [pick, armed, *parts.days], outputs, **PRIVATE)

    def _wire_diagnoses(self) -> None:
        parts, screen = self._parts, self._screen
        both, note = [parts.earlier, parts.later], parts.diagnosis_note
        self._buttons["compare"].click(self._compared, both, parts.change, **PRIVATE)
        self._press("diagnosis_in", screen.import_diagnoses, [parts.diagnosis_csv], note)
        self._press("diagnosis_out", lambda owner: screen.save_file(owner, "diagnoses"), [], note)
        self._arm(
            "diagnosis_remove", screen.remove_diagnosis, parts.diagnosis_pick, parts.diagnosis_armed, note
        )

    def _wire_trials(self) -> None:
        parts, screen = self._parts, self._screen
        pick, fields, note = parts.trial_pick, parts.trial_fields, parts.trial_note

        def save(owner: str, chosen: Any, *values: Any) -> Done:
            return screen.save_trial(owner, str(chosen or ""), values)

        def report(owner: str, first: Any, earlier: Any, later: Any) -> Done:
            pair = str(earlier or ""), str(later or "")
            return screen.save_file(owner, "report", earlier=first, pair=pair)

        def picked(chosen: Any, request: gr.Request) -> list[Any]:
            return self._view.trial(principal(request), str(chosen or ""))

        self._press("trial", save, [pick, *fields], note, *fields)
        self._press("trial_remove", screen.remove_trial, [pick], note, *fields)
        self._press("report", report, [parts.days[0], parts.earlier, parts.later], parts.report_note)
        pick.input(picked, pick, list(fields), **PRIVATE)
        fields[0].change(lambda key: self._view.sign(str(key or "")), fields[0], parts.sign, **PRIVATE)
