"""What the Monitor page shows of somebody's records: each part as an update for Gradio. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.domain.monitoring import Move, Relationship, SavedDiagnosis, Sign, Strength, Trial
from assistant.framework.monitoring_report import diagnosis_words, mechanism_name
from assistant.web.network_plot import network_plot
from assistant.web.pages.days import quarter_ago, read_day, today, written_day
from assistant.web.pages.monitor_screen import Screen, guarded
from assistant.web.plots import relationship_paths, spectrum_plot
from assistant.web.render_mechanisms import paths_table_html
from assistant.web.render_monitor import (
    change_html,
    network_html,
    nothing_to_compare_html,
    relationships_html,
    sign_html,
    timeline_html,
    trials_html,
)

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.monitoring import Monitor

NEW = ("A new one", "")
_FORMALITY = (
    ("Informal", 0.0),
    ("Rather informal", 0.25),
    ("In between", 0.5),
    ("Rather formal", 0.75),
    ("Formal", 1.0),
)
_ORIGIN = (
    ("We did", 0.0),
    ("Mostly we", 0.25),
    ("Both sides", 0.5),
    ("Mostly somebody outside", 0.75),
    ("Somebody outside, such as a programme", 1.0),
)
Choices = list[tuple[str, float]]


def places_choices() -> tuple[Choices, Choices]:
    """What may be chosen for formality and for origin."""
    return list(_FORMALITY), list(_ORIGIN)


class View:
    """Reads records and says how each part of the page looks with them."""

    def __init__(self, screen: Screen, assistant: Assistant) -> None:
        self._screen = screen
        self._assistant = assistant

    def everything(self, owner: str, first: str, second: str) -> list[Any]:
        """Every part that shows records; where they cannot be read, the first part says why."""
        shown: list[Any] = guarded(
            lambda: self._everything(self._screen.monitor(owner), owner, first, second),
            lambda note: [gr.skip(), note, *(gr.skip() for _ in range(10))],
        )
        return shown

    def _everything(self, monitor: Monitor, owner: str, first: str, second: str) -> list[Any]:
        catalogue = self._assistant.catalogue
        relationships, diagnoses, trials = monitor.relationships(), monitor.diagnoses(), monitor.trials()
        network = monitor.network()
        picture = network_plot(network)
        days = [(diagnosis_words(diagnosis), diagnosis.id) for diagnosis in _told_apart(diagnoses)]
        tried = [
            (f"{mechanism_name(t.mechanism_id, catalogue)}, {written_day(t.started)}", t.id) for t in trials
        ]
        return [
            gr.update(choices=[NEW, *_named(relationships)], value=""),
            relationships_html(relationships),
            network_html(network),
            gr.update(value=picture, visible=picture is not None),
            *self.moves(owner, first, second),
            gr.update(choices=days, value=days[1][1] if len(days) > 1 else None),
            gr.update(choices=days, value=days[0][1] if days else None),
            gr.update(choices=[("Choose one", ""), *days], value=""),
            timeline_html(diagnoses, catalogue),
            gr.update(choices=[NEW, *tried], value=""),
            trials_html(trials, catalogue),
        ]

    def moves(self, owner: str, first: str, second: str) -> list[Any]:
        """The picture of the two axes and the table beside it, for two days."""
        found: list[Any] = guarded(
            lambda: self._moves(owner, first, second), lambda note: [gr.update(visible=False), note]
        )
        return found

    def _moves(self, owner: str, first: str, second: str) -> list[Any]:
        one, two = read_day(first) or quarter_ago(), read_day(second) or today()
        moves: Sequence[Move] = self._screen.monitor(owner).moves(min(one, two), max(one, two))
        paths = relationship_paths(moves)
        plot = spectrum_plot(self._assistant.catalogue, (), paths) if paths else None
        table = paths_table_html(paths, first=written_day(min(one, two)), second=written_day(max(one, two)))
        return [gr.update(value=plot, visible=plot is not None), table]

    def change(self, owner: str, earlier: str, later: str) -> str:
        """What moved between two diagnoses, whichever was picked first."""
        told: str = guarded(lambda: self._change(owner, earlier, later), str)
        return told

    def _change(self, owner: str, earlier: str, later: str) -> str:
        monitor = self._screen.monitor(owner)
        if not earlier or not later or earlier == later:
            return nothing_to_compare_html(len(monitor.diagnoses()))
        order = {diagnosis.id: place for place, diagnosis in enumerate(monitor.diagnoses())}
        if order.get(earlier, 0) < order.get(later, 0):
            earlier, later = later, earlier
        return change_html(monitor.change(earlier, later), self._assistant.catalogue)

    def relationship(self, owner: str, chosen: str) -> list[Any]:
        """The fields of the form with a relationship in them, or empty."""

        def fill() -> list[Any]:
            kept = next((r for r in self._screen.monitor(owner).relationships() if r.id == chosen), None)
            return _relationship_fields(kept)

        filled: list[Any] = guarded(fill, lambda note: _relationship_fields(None))
        return filled

    def trial(self, owner: str, chosen: str) -> list[Any]:
        """The fields of the form with a trial in them, or empty."""

        def fill() -> list[Any]:
            return _trial_fields(
                next((t for t in self._screen.monitor(owner).trials() if t.id == chosen), None)
            )

        filled: list[Any] = guarded(fill, lambda note: _trial_fields(None))
        return filled

    def blank(self, count: int) -> list[Any]:
        """The fields of a form, empty: which form, tells the number of its fields."""
        forms = (_relationship_fields(None), _trial_fields(None))
        return next(fields for fields in forms if len(fields) == count)

    def sign(self, mechanism_id: str) -> str:
        """The leading sign of a mechanism."""
        return sign_html(mechanism_id, self._assistant.catalogue)


def _named(relationships: Sequence[Relationship]) -> list[tuple[str, str]]:
    return [(", ".join(filter(None, (r.partner, r.purpose[:40] or r.kind))), r.id) for r in relationships]


def _told_apart(diagnoses: Sequence[SavedDiagnosis]) -> list[SavedDiagnosis]:
    """The diagnoses, those of one day and label with a number, so that each can be picked."""
    seen: dict[str, int] = {}
    told = []
    for diagnosis in reversed(diagnoses):
        words = diagnosis_words(diagnosis)
        seen[words] = number = seen.get(words, 0) + 1
        label = f"{diagnosis.label} ({number})" if diagnosis.label else f"no. {number}"
        told.append(replace(diagnosis, label=label) if number > 1 else diagnosis)
    return told[::-1]


def _relationship_fields(kept: Relationship | None) -> list[Any]:
    """Values in the order of the form."""
    shown = kept or Relationship(partner="", formality=0.5, origin=0.5)
    return [
        shown.partner,
        shown.kind,
        _place(_FORMALITY, shown.formality),
        _place(_ORIGIN, shown.origin),
        shown.strength.value if kept else Strength.MIDDLING.value,
        written_day(shown.since),
        written_day(shown.ended),
        shown.product,
        shown.purpose,
        shown.holder,
    ]


def _place(choices: Sequence[tuple[str, float]], value: float) -> Any:
    """A choice; a place that came from a table and lies between two choices stands by its number."""
    known = any(value == number for _, number in choices)
    extra = [] if known else [(f"As now ({value:.2f})", value)]
    return gr.update(choices=[*choices, *extra], value=value)


def _trial_fields(kept: Trial | None) -> list[Any]:
    """Values in the order of the form."""
    if kept is None:
        return ["", "", Sign.NOT_CHECKED.value, "", ""]
    return [
        kept.mechanism_id,
        written_day(kept.started),
        kept.leading_sign.value,
        written_day(kept.ended),
        kept.note,
    ]
