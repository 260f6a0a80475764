"""The evidence as a whole: the gap map, the browser of studies and findings, and what was asked in vain.

    desk = assistant.evidence
    desk.map() -> GapMap; desk.view(EvidenceFilter(mechanism="peer-review")) -> EvidenceView

Everything is counted over all coded findings. A list by free text is marked as such and counts nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from assistant.domain.answers import Answer, Reason, State
from assistant.domain.atlas import (
    EvidenceChoices,
    EvidenceFilter,
    EvidenceView,
    FindingEntry,
    GapMap,
    Side,
    StudyEntry,
    Use,
)
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue, Finding, Study
from assistant.framework import sifting
from assistant.framework.gap_map import Asked, gap_map
from assistant.framework.matters import Matters
from assistant.framework.reach import codings, counted
from assistant.retrieval.mechanism_names import MechanismNames
from assistant.security.spreadsheets import csv_text

__all__ = ["EvidenceDesk"]

log = logging.getLogger("assistant")
PER_PAGE = 8
"""Studies on one page of the browser."""
NEAREST = 60
"""How many findings a search by free text looks at, before the rest of the filter."""
_NOT_OURS = frozenset({Reason.OUT_OF_DOMAIN, Reason.PERSONAL_OR_LEGAL})
"""Refusals that tell nothing of a gap in the evidence."""

Search = Callable[[str, int], Sequence[Evidence]]
"""The passages nearest to words, best first, at most so many."""
Note = Callable[[str | None, str | None], object]
"""Counts one unanswered question on a mechanism, a factor, or both."""


class EvidenceDesk:
    """Shows what the collection holds, and where it holds nothing."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        search: Search,
        asked: Callable[[], Asked],
        note: Note,
        patterns: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    ) -> None:
        """`patterns` are the adviser's patterns of words, by factor and level."""
        self._catalogue = catalogue
        self._search = search
        self._asked = asked
        self._note = note
        self._patterns = patterns or {}

    @cached_property
    def choices(self) -> EvidenceChoices:
        """What can be chosen on each side of a filter."""
        return sifting.choices_of(self._catalogue)

    @cached_property
    def _uses(self) -> Mapping[str, tuple[Use, ...]]:
        return sifting.uses(self._catalogue)

    @cached_property
    def _counted(self) -> frozenset[str]:
        return frozenset(finding.id for finding in counted(self._catalogue))

    @cached_property
    def _matters(self) -> Matters:
        return Matters(
            self._catalogue, MechanismNames(self._catalogue.mechanisms).named, patterns=self._patterns
        )

    def map(self, side: Side = Side.FACTOR) -> GapMap:
        """The gap map by factor or by level, with the questions that were not answered."""
        return gap_map(self._catalogue, side=side, asked=self._noted())

    def _noted(self) -> Asked:
        try:
            return self._asked()
        except Exception as error:  # the map is worth showing without these counts
            log.warning("unanswered questions could not be read: %s", type(error).__name__)
            return {}

    def view(self, asked: EvidenceFilter, *, page: int = 1) -> EvidenceView:
        """One page of the studies that a filter keeps, newest first or nearest to the words.

        Sides that name nothing we hold are left open and reported. A page beyond the last is the last.
        """
        chosen = sifting.known(asked, self.choices, self._catalogue)
        unknown = tuple(side for side in asked.given() if not getattr(chosen, side))
        found, unread = self._found(chosen)
        groups: dict[str, list[Finding]] = {study.id: [] for study in unread}
        for finding in found:
            groups.setdefault(finding.study_id, []).append(finding)
        order = list(groups) if chosen.words else sorted(groups, key=self._newest_first)
        pages = max(1, -(-len(order) // PER_PAGE))
        here = min(max(page, 1), pages)
        shown = order[(here - 1) * PER_PAGE : here * PER_PAGE]
        return EvidenceView(
            filter=chosen,
            studies=tuple(self._entry(study_id, groups[study_id]) for study_id in shown),
            page=here,
            pages=pages,
            found_studies=len(order),
            found_findings=len(found),
            reach=None if chosen.words else sifting.reach_of(chosen, self._catalogue),
            unknown=unknown,
        )

    def _found(self, chosen: EvidenceFilter) -> tuple[list[Finding], tuple[Study, ...]]:
        kept = {finding.id: finding for finding in sifting.kept_findings(chosen, self._catalogue)}
        if not chosen.words:
            return list(kept.values()), sifting.unread_kept(chosen, self._catalogue)
        near = dict.fromkeys(hit.passage.record_id for hit in self._search(chosen.words, NEAREST))
        return [kept[key] for key in near if key in kept], ()

    def _newest_first(self, study_id: str) -> tuple[int, str]:
        study = self._catalogue.studies[study_id]
        return -(study.year or 0), study.title.lower()

    def _entry(self, study_id: str, found: Sequence[Finding]) -> StudyEntry:
        every = sum(finding.study_id == study_id for finding in self._catalogue.findings.values())
        entries = tuple(
            FindingEntry(finding, finding.id in self._counted, self._uses.get(finding.id, ()))
            for finding in found
        )
        return StudyEntry(self._catalogue.studies[study_id], entries, every - len(found))

    def findings_csv(self, asked: EvidenceFilter) -> str:
        """Every finding that a filter keeps as CSV, all pages; studies that could not be read come last."""
        chosen = sifting.known(asked, self.choices, self._catalogue)
        found, unread = self._found(chosen)
        rows = [self._row(finding) for finding in found]
        rows += [[s.id, *_study_cells(s), *[""] * (len(_FINDING_COLUMNS))] for s in unread]
        return csv_text([[*_STUDY_COLUMNS, *_FINDING_COLUMNS], *rows])

    def _row(self, finding: Finding) -> list[object]:
        study = self._catalogue.studies[finding.study_id]
        first, *more = codings(finding)
        second = more[0] if more else None
        cells: list[object] = [study.id, *_study_cells(study), finding.id]
        cells += [finding.statement if study.citable else "", finding.kind, finding.id in self._counted]
        cells += [finding.locator, finding.seen]
        for coding in (first, second):
            cells += (
                [coding.polarity, coding.level, " ".join(coding.factors), " ".join(coding.mechanisms)]
                if coding
                else [""] * 4
            )
        return cells

    def map_csv(self, side: Side = Side.FACTOR) -> str:
        """The map as CSV, one line for each cell, empty ones too."""
        drawn = self.map(side)
        names = {column.id: column.name for column in drawn.columns} | {None: "All"}
        rows: list[list[object]] = [[*_MAP_COLUMNS]]
        for row in drawn.rows:
            for cell in (row.whole, *row.cells):
                numbers = cell.by_polarity
                line: list[object] = [row.head.id, row.head.name, cell.column or "", names[cell.column]]
                line += [cell.state.value, len(cell.groups), cell.firm, cell.tentative, len(cell.findings)]
                line += [numbers[p] for p in ("supports", "mixed", "cautions", "context")]
                line += [len(cell.without_effect), len(cell.unread), cell.asked, " ".join(cell.findings)]
                rows.append(line)
        return csv_text(rows)

    def note_unanswered(self, answer: Answer) -> int:
        """Count what a question spoke of if it was refused or answered in part; returns how many pairs.

        Keeps no word of the question. What lies outside the field or needs a person is not counted, nor is a
        question that names no mechanism and no factor. Never raises: an answer does not depend on it.
        """
        try:
            if not unanswered(answer):
                return 0
            pairs = self._matters.pairs(answer.standalone or answer.question)
            for mechanism, factor in pairs:
                self._note(mechanism, factor)
            return len(pairs)
        except Exception as error:  # counting comes after answering, and must not cost an answer
            log.warning("an unanswered question could not be counted: %s", type(error).__name__)
            return 0


def unanswered(answer: Answer) -> bool:
    """True if a question within the field was refused, or answered only in part."""
    return answer.state in (State.REFUSED, State.PARTLY_GROUNDED) and answer.reason not in _NOT_OURS


def _study_cells(study: Study) -> list[object]:
    return [
        study.title, "; ".join(study.authors), study.year, study.study_design, study.sample, study.setting,
        study.evidence_group, study.status, study.doi or study.url, study.domain,
    ]  # fmt: skip


_STUDY_COLUMNS = (
    "study", "title", "authors", "year", "design", "sample", "place", "evidence_group", "status", "link",
    "domain",
)  # fmt: skip
_FINDING_COLUMNS = (
    "finding", "statement", "kind", "counted", "locator", "seen", "polarity", "level", "factors",
    "mechanisms", "second_polarity", "second_level", "second_factors", "second_mechanisms",
)  # fmt: skip
_MAP_COLUMNS = (
    "mechanism", "mechanism_name", "column", "column_name", "state", "evidence_groups", "firm", "tentative",
    "findings", "supports", "mixed", "cautions", "context", "without_effect", "studies_unread",
    "asked_not_answered", "finding_ids",
)  # fmt: skip
