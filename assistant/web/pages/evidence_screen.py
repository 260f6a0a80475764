"""What the Evidence page shows after each step a reader takes. Knows the engine's desk; knows no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from assistant.domain.atlas import EvidenceChoices, EvidenceFilter, EvidenceView, Side
from assistant.web.pages.evidence_state import Viewed, viewed, viewed_from
from assistant.web.pages.wiring import fault_words, saved_file
from assistant.web.render import note_html, plural
from assistant.web.render_evidence import view_html
from assistant.web.render_gap_map import map_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.browsing import EvidenceDesk
    from assistant.web.pages import Desk

CHOSEN = ("mechanism", "factor", "level", "polarity", "kind", "place", "since", "until", "domain")
"""Sides of a filter that are chosen from a list, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The page at one moment. None leaves that part as it is."""

    viewed: Viewed
    choices: Mapping[str, list[tuple[str, str]]] | None = None
    map: str | None = None
    results: str | None = None
    status: str | None = None
    note: str = ""
    file: str | None = None
    step: str = field(default_factory=lambda: uuid4().hex)
    """Differs each time, so that the same address twice is seen as two steps."""


class Showing:
    """Turns each step into a screen; an error is a note, and the page stays as it was."""

    def __init__(self, desk: Desk) -> None:
        self._assistant = desk.assistant

    @property
    def _desk(self) -> EvidenceDesk:
        return self._assistant.evidence

    def opened(self, query: Mapping[str, str]) -> Screen:
        """The page as its address asks for."""
        asked = viewed_from(query)
        return self._safely(asked, lambda: self._whole(asked, quiet=True))

    def went(self, query: str, now: Viewed) -> Screen:
        """The page after a link of ours, whose address is `query`, was followed."""
        asked = viewed(query)
        if "map=" not in query.partition("#")[0]:
            asked = replace(asked, side=now.side)
        return self._safely(now, lambda: self._found(asked))

    def chose(self, now: Viewed, chosen: EvidenceFilter) -> Screen:
        """The page after something was chosen from the lists, or words were searched for."""
        return self._safely(now, lambda: self._found(now.with_filter(chosen)))

    def turned(self, now: Viewed, side: str) -> Screen:
        """The page with the other map."""
        asked = replace(now, side=Side(side) if side in {s.value for s in Side} else Side.LEVEL)
        return self._safely(
            now,
            lambda: Screen(asked, map=map_html(self._desk.map(asked.side)), status="The map has changed."),
        )

    def map_file(self, now: Viewed) -> Screen:
        """The map that is shown, to save."""
        return self._safely(
            now,
            lambda: Screen(now, file=_table(f"gap-map-{now.side.value}.csv", self._desk.map_csv(now.side))),
        )

    def findings_file(self, now: Viewed) -> Screen:
        """All findings that the filter keeps, to save."""
        return self._safely(
            now, lambda: Screen(now, file=_table("findings.csv", self._desk.findings_csv(now.filter)))
        )

    def _whole(self, asked: Viewed, *, quiet: bool) -> Screen:
        found = self._found(asked)
        return replace(
            found,
            map=map_html(self._desk.map(asked.side)),
            status="" if quiet and not asked.filter.given() else found.status,
        )

    def _found(self, asked: Viewed) -> Screen:
        view = self._desk.view(asked.filter, page=asked.page)
        now = replace(asked, filter=view.filter, page=view.page)
        return Screen(
            now,
            choices=choices_shown(self._desk.choices),
            results=view_html(view, self._desk.choices, keep=now.map_query),
            status=_said(view),
        )

    def _safely(self, now: Viewed, step: Callable[[], Screen]) -> Screen:
        try:
            return step()
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            sentence, hint = fault_words(error)
            return Screen(now, note=note_html(sentence, hint), status=sentence)


def choices_shown(choices: EvidenceChoices) -> Mapping[str, list[tuple[str, str]]]:
    """What each list offers, as (name, id); the first leaves that side open."""
    heads = {"since": choices.year, "until": choices.year}
    return {
        side: [("Any", ""), *((head.name, head.id) for head in heads.get(side) or getattr(choices, side))]
        for side in CHOSEN
    }


def _said(view: EvidenceView) -> str:
    found = f"{plural(view.found_studies, 'study', 'studies')}, {plural(view.found_findings, 'finding')}"
    return f"Found: {found}. Page {view.page} of {view.pages}."


def _table(name: str, text: str) -> str:
    return saved_file(name, "text/csv", text.encode("utf-8"))
