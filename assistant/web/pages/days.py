"""Days as people write and read them in the fields of all pages. Knows no record and draws nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from assistant.errors import InputError

LONGEST_DAY = 40
_DAY_FORMS = ("%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d")
_QUARTER = timedelta(days=91)


def today() -> date:
    """The day it is."""
    return datetime.now(UTC).date()


def quarter_ago() -> date:
    """The day a quarter of a year ago."""
    return today() - _QUARTER


def read_day(text: Any) -> date | None:
    """The day somebody wrote; None for none. Raises InputError if it is no day."""
    words = " ".join(str(text or "").split())
    if not words:
        return None
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(words, form).date()
        except ValueError:
            continue
    raise InputError(f"'{words[:30]}' is not a day we can read.", hint="Write it as 31/3/2026.")


def written_day(day: date | None) -> str:
    """A day as it stands in a field; empty for none."""
    return f"{day.day}/{day.month}/{day.year}" if day else ""
