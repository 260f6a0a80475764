"""How many people a study recorded as taking part, read only where its sample begins with that number.

`26 programme graduates` is a number of people. `62 studies`, `more than 1000 users` or `19 hospitals` is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.domain.framework import Study

_PEOPLE = (
    "participants|individuals|people|attendees|graduates|respondents|responses|interviewees|secondees"
    "|stakeholders|experts|clinicians|managers|nurses|members"
)
_AT_THE_START = re.compile(rf"^(\d[\d,]*) (?:[a-z][a-z-]* ){{0,4}}?(?:{_PEOPLE})\b", re.IGNORECASE)
_INTERVIEWED = re.compile(r"^\d[\d,]* interviews with (\d[\d,]*) [a-z]", re.IGNORECASE)


def people_recorded(study: Study) -> int | None:
    """The number of people in a study's sample; None where it does not begin with one. Nothing is guessed."""
    told = study.sample or ""
    found = _INTERVIEWED.match(told) or _AT_THE_START.match(told)
    return int(found[1].replace(",", "")) if found else None


def people_by_group(studies: Iterable[Study]) -> dict[str, int]:
    """People by body of evidence. Of papers on the same data the largest number is taken, never the sum."""
    people: dict[str, int] = {}
    for study in studies:
        number = people_recorded(study)
        if number is not None:
            people[study.evidence_group] = max(number, people.get(study.evidence_group, 0))
    return people
