"""Counts the findings a sentence points to, to check a sentence that states a count."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.domain.answers import DraftStatement, Tally
from assistant.domain.framework import Catalogue

_NUMBER = re.compile(r"\d+")


def tally_of(finding_ids: Iterable[str], catalogue: Catalogue, *, unquoted: Iterable[str] = ()) -> Tally:
    """Findings, studies and bodies of evidence behind ids, each counted once; unknown ids are left out."""
    beyond = tuple(unquoted)
    known = {key for key in (*finding_ids, *beyond) if key in catalogue.findings}
    studies = {catalogue.findings[key].study_id for key in known}
    groups = {catalogue.studies[key].evidence_group for key in studies}
    return Tally(len(known), len(studies), len(groups), beyond)


def miscounted(proposed: DraftStatement, record_ids: Iterable[str], catalogue: Catalogue) -> str | None:
    """Why a sentence does not state the count of what it points to; None if it does.

    What it counts without pointing to it must be findings of studies that may not be quoted.
    """
    unquoted = proposed.tally.unquoted if proposed.tally else ()
    if any(key not in catalogue.findings or catalogue.study_of(key).citable for key in unquoted):
        return f"counts what it could have cited: {proposed.text}"
    held = tally_of(record_ids, catalogue, unquoted=unquoted)
    stated = {int(number) for number in _NUMBER.findall(proposed.text)}
    if proposed.tally != held or not stated <= {held.findings, held.studies, held.groups}:
        return f"states a count that its sources do not make: {proposed.text}"
    return None
