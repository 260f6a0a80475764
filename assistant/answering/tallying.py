"""Counts the findings a sentence points to, to check a sentence that states a count."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.domain.answers import DraftStatement, Tally
from assistant.domain.framework import Catalogue

_NUMBER = re.compile(r"\d+")


def tally_of(finding_ids: Iterable[str], catalogue: Catalogue) -> Tally:
    """Findings, studies and bodies of evidence behind ids, each counted once; unknown ids are left out."""
    known = {key for key in finding_ids if key in catalogue.findings}
    studies = {catalogue.findings[key].study_id for key in known}
    return Tally(len(known), len(studies), len({catalogue.studies[key].evidence_group for key in studies}))


def miscounted(proposed: DraftStatement, record_ids: Iterable[str], catalogue: Catalogue) -> str | None:
    """Why a sentence does not state the count of what it points to; None if it does."""
    held = tally_of(record_ids, catalogue)
    stated = {int(number) for number in _NUMBER.findall(proposed.text)}
    if proposed.tally != held or not stated <= {held.findings, held.studies, held.groups}:
        return f"states a count that its sources do not make: {proposed.text}"
    return None
