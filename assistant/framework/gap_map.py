"""The living gap map: which mechanisms were studied under which conditions, and where nothing was found.

Counts bodies of evidence over all coded findings, never papers or findings twice, and says apart: studied and
supported, studied without support, a study that could not be read, no study. Pure; draws nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from assistant.domain.atlas import NOT_NAMED, GapMap, Head, MapCell, MapRow, Side
from assistant.domain.framework import Catalogue, Finding, Polarity
from assistant.framework.reach import codings, counted, unread_studies

Asked = Mapping[tuple[str | None, str | None], int]
"""How often a (mechanism, factor) was asked about and not answered; None where none was named."""

NO_MECHANISM = Head(NOT_NAMED, "No mechanism named")
_NO_COLUMN = {
    Side.FACTOR: Head(NOT_NAMED, "No factor named"),
    Side.LEVEL: Head(NOT_NAMED, "No level named"),
}
_WITHOUT_EFFECT = re.compile(
    r"\bno (?:significant |measurable |clear |detectable |statistically significant )?"
    r"(?:effect|difference|change|improvement|impact|association)s?\b(?! (?:in|of) (?:direction|sign))"
    r"|\b(?:found|had|showed) none\b|\bdid not (?:differ|improve|change)\b|\b(?:was|were) not significant\b",
    re.IGNORECASE,
)


def says_no_effect(statement: str) -> bool:
    """True if the words of a finding say that an effect was looked for and not found, at least in part.

    Read from the words by pattern, since no code of the collection holds it.
    """
    return bool(_WITHOUT_EFFECT.search(statement))


def gap_map(catalogue: Catalogue, *, side: Side = Side.FACTOR, asked: Asked | None = None) -> GapMap:
    """The map of every mechanism against every factor or level of the framework, in their order.

    A link that either coder made puts a finding into a cell. `asked` adds the questions that were not
    answered; on a map of levels each counts at the level of its factor.
    """
    findings = counted(catalogue)
    mechanisms = [Head(m.id, m.name) for m in catalogue.mechanisms.values()]
    heads = (*sorted(mechanisms, key=lambda head: head.name.lower()), NO_MECHANISM)
    every = (*_heads(catalogue, side), _NO_COLUMN[side])
    cells = _Cells(catalogue, side, findings, _asked_by_cell(asked or {}, catalogue, side))
    columns = [column for column in every if column.id != NOT_NAMED or cells.any_in(column=column.id)]
    rows = [row for row in heads if row.id != NOT_NAMED or cells.any_in(row=row.id)]
    return GapMap(
        side=side,
        columns=tuple(columns),
        rows=tuple(
            MapRow(row, cells.cell(row.id, None), tuple(cells.cell(row.id, column.id) for column in columns))
            for row in rows
        ),
        findings=len(findings),
        groups=len({catalogue.studies[finding.study_id].evidence_group for finding in findings}),
        asked=sum((asked or {}).values()),
    )


def _heads(catalogue: Catalogue, side: Side) -> tuple[Head, ...]:
    framework = catalogue.framework
    if framework is None:
        return ()
    levels = {level.id: level.name for level in framework.levels}
    if side is Side.LEVEL:
        return tuple(Head(key, name) for key, name in levels.items())
    return tuple(Head(f.id, f.name, levels.get(f.level, "")) for f in framework.factors)


class _Cells:
    """Findings sorted into cells once, so that each cell is made without another look at all of them."""

    def __init__(
        self,
        catalogue: Catalogue,
        side: Side,
        findings: Iterable[Finding],
        asked: Mapping[tuple[str | None, str | None], int],
    ) -> None:
        self._catalogue = catalogue
        self._side = side
        self._asked = asked
        self._unread = {m: unread_studies(catalogue, mechanism=m) for m in catalogue.mechanisms}
        self._found: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
        for finding in findings:
            for mechanism in finding.mechanisms or (NOT_NAMED,):
                self._found[mechanism, None].append(finding)
                for column in columns_of(finding, side) or (NOT_NAMED,):
                    self._found[mechanism, column].append(finding)

    def any_in(self, *, row: str | None = None, column: str | None = None) -> bool:
        """True if anything was found or asked in that row or column."""
        return any(row in (None, m) and column in (None, c) for m, c in (*self._found, *self._asked))

    def cell(self, mechanism: str, column: str | None) -> MapCell:
        found = self._found.get((mechanism, column), [])
        groups: dict[str, list[Finding]] = defaultdict(list)
        for finding in found:
            groups[self._catalogue.studies[finding.study_id].evidence_group].append(finding)
        return MapCell(
            mechanism=mechanism,
            column=column,
            findings=tuple(finding.id for finding in found),
            groups=tuple(groups),
            by_polarity={
                p.value: sum(any(f.polarity == p for f in members) for members in groups.values())
                for p in Polarity
            },
            firm=sum(
                any(both_made(f, mechanism, column, self._side) for f in members)
                for members in groups.values()
            ),
            without_effect=tuple(f.id for f in found if says_no_effect(f.statement)),
            unread=self._unread.get(mechanism, ()),
            asked=self._asked.get((mechanism, column), 0),
        )


def columns_of(finding: Finding, side: Side) -> tuple[str, ...]:
    """Every column that either coder put a finding into, the first coder's first."""
    if side is Side.FACTOR:
        return finding.factors
    return tuple(dict.fromkeys(coding.level for coding in codings(finding) if coding.level))


def both_made(finding: Finding, mechanism: str, column: str | None, side: Side) -> bool:
    """True if both coders put a finding into this row and, unless it is None, this column."""
    both = codings(finding)
    if len(both) < 2:
        return False
    in_row = all(mechanism in (coding.mechanisms or (NOT_NAMED,)) for coding in both)
    if column is None or not in_row:
        return in_row
    if side is Side.FACTOR:
        return all(column in (coding.factors or (NOT_NAMED,)) for coding in both)
    return all(column == (coding.level or NOT_NAMED) for coding in both)


def _asked_by_cell(
    asked: Asked, catalogue: Catalogue, side: Side
) -> dict[tuple[str | None, str | None], int]:
    """Counts by the ids of row and column; column None holds the sum of the row."""
    level = {f.id: f.level for f in catalogue.framework.factors} if catalogue.framework else {}
    cells: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for (mechanism, factor), times in asked.items():
        row = mechanism if mechanism in catalogue.mechanisms else NOT_NAMED
        known = factor if factor in level else None
        column = (level[known] if side is Side.LEVEL else known) if known else NOT_NAMED
        cells[row, column] += times
        cells[row, None] += times
    return dict(cells)
