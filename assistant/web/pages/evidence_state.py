"""What the Evidence page shows, as an address: filter, page and map. Reads addresses, and knows no widget.

The address is the page's whole memory: it survives a reload, and it can be sent to somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from urllib.parse import parse_qsl

from assistant.domain.atlas import EvidenceFilter, Side
from assistant.security.sanitising import visible
from assistant.web.render_evidence import page_query

LONGEST_WORDS = 300
LONGEST_ADDRESS = 2_000
_LONGEST_NAME = 100
_SIDES = tuple(side.name for side in fields(EvidenceFilter))


@dataclass(frozen=True, slots=True)
class Viewed:
    """What is shown: a filter, a page of what it finds, and the columns of the map."""

    filter: EvidenceFilter = field(default_factory=EvidenceFilter)
    page: int = 1
    side: Side = Side.LEVEL

    @property
    def query(self) -> str:
        """The address after its question mark; empty for the page as it is first opened."""
        return page_query(self.filter, self.page, self.map_query)

    @property
    def map_query(self) -> str:
        """The part of the address that says which map is shown."""
        return "" if self.side is Side.LEVEL else f"map={self.side.value}"

    def with_filter(self, chosen: EvidenceFilter) -> Viewed:
        """The first page of another filter."""
        return replace(self, filter=chosen, page=1)


def viewed(query: str) -> Viewed:
    """What an address asks for. What it cannot mean is left out; whether a name exists is checked later."""
    asked, _, _ = query[:LONGEST_ADDRESS].lstrip("?").partition("#")
    given = dict(parse_qsl(asked, max_num_fields=40))
    return viewed_from(given)


def viewed_from(given: Mapping[str, str]) -> Viewed:
    """What the sides of an address, by name, ask for."""
    chosen = EvidenceFilter(**{side: _clean(side, given.get(side, "")) for side in _SIDES})
    page = given.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    side = Side(given["map"]) if given.get("map") in {s.value for s in Side} else Side.LEVEL
    return Viewed(chosen, max(number, 1), side)


def _clean(side: str, value: str) -> str:
    longest = LONGEST_WORDS if side == "words" else _LONGEST_NAME
    return " ".join(visible(value).split())[:longest]
