"""Works out when to review: from the start of a plan and how long a mechanism takes to show a first value.

The rule is judgement, the same for every mechanism. It knows no holidays, only that nobody meets at weekends.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = re.compile(r"(\d+)(?:-(\d+))? months?")
_SHORT = {"days": (2, 4), "weeks": (4, 8)}
"""Weeks until the first look and until the decision, where a span names no number."""
_LATEST_LOOK = 3
_LEAST_LASTING = 6
_LAST_YEAR = 9990
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class ReviewDates:
    """When to look first, when to decide, and when to ask what lasted; each a working day, in this order."""

    first_look: date
    decide: date
    lasting: date


def review_dates(start: date, time_to_first_value: str) -> ReviewDates:
    """Dates for a mechanism that starts on `start`.

    First look: when the span begins, at most 3 months on. Decision: when the span ends. Lasting effect: after
    twice the span, at least 6 months on. A span that cannot be read counts as 1-3 months.
    Raises ValueError for a start so late that the calendar ends.
    """
    if start.year > _LAST_YEAR:
        raise ValueError("the calendar ends before the last review")
    if time_to_first_value in _SHORT:
        look, decide = _SHORT[time_to_first_value]
        return ReviewDates(
            working_day(start + timedelta(weeks=look)),
            working_day(start + timedelta(weeks=decide)),
            working_day(months_after(start, _LEAST_LASTING)),
        )
    read = _MONTHS.match(time_to_first_value)
    first, last = (int(read[1]), int(read[2] or read[1])) if read else (1, 3)
    return ReviewDates(
        working_day(months_after(start, min(first, _LATEST_LOOK))),
        working_day(months_after(start, last)),
        working_day(months_after(start, max(2 * last, _LEAST_LASTING))),
    )


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def working_day(day: date) -> date:
    """The day itself from Monday to Friday, else the Monday after."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day
