"""A one-page plan for a mechanism, on the items of the TIDieR template. Values only.

What only the people concerned can say (owners, places) is never filled in here. Who could collect a sign is
proposed, in the words of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.domain.framework import Basis


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A sentence of a plan, and what it rests on."""

    text: str
    basis: Basis | None = None
    """None for practice advice, which rests on no finding."""
    sources: tuple[int, ...] = ()
    """Numbers of the plan's sources; given only if the basis is evidence."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A sign to watch, who is to look for it, and when first."""

    sign: str
    early: bool
    """True for a leading sign, False for a lagging one."""
    first_look: date
    collector: str = ""
    """Who is best placed to collect it, as a proposal; empty if the catalogue names nobody."""


@dataclass(frozen=True, slots=True)
class Review:
    """A date on which something is decided."""

    on: date
    decide: str


@dataclass(frozen=True, slots=True)
class PlanSource:
    """A finding that a plan cites, with the study it comes from."""

    number: int
    finding: str
    """Id of the finding, so that the cited words can be looked up."""
    study: str
    """Who, when, title and address in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismPlan:
    """One page: everything that is planned for one mechanism."""

    mechanism_id: str
    name: str
    part: str
    """What it is for among the others (to start, to carry, to tend); empty if it stands alone."""
    what_it_is: str
    why: tuple[PlanLine, ...]
    against: tuple[PlanLine, ...]
    find_out: tuple[PlanLine, ...]
    """Conditions that nothing is known of yet."""
    materials: tuple[str, ...]
    steps: tuple[str, ...]
    place_on_axes: str
    effort: str
    cost: str
    """What it costs, in the catalogue's words."""
    who_pays: str
    """Who gives how many hours, in the catalogue's words; empty if it does not say."""
    first_value: str
    left_out: str
    failure_modes: tuple[str, ...]
    measures: tuple[Measure, ...]
    reviews: tuple[Review, ...]
    sources: tuple[PlanSource, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Pages in the order in which to go, all starting on one day."""

    situation: str
    """What the reader told, in the reader's own words and perhaps shortened; empty for none."""
    start: date
    pages: tuple[MechanismPlan, ...]

    @property
    def title(self) -> str:
        """The heading of the whole plan."""
        names = [page.name for page in self.pages]
        return f"Plan: {'; '.join(names)}"
