"""Filters and the map against an independent reading of the corpus files: none of our code takes part."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
import yaml

from assistant.domain.atlas import NOT_NAMED, CellState, CitedAs, EvidenceFilter, Side
from assistant.domain.framework import Catalogue
from assistant.framework.gap_map import gap_map, says_no_effect
from assistant.framework.people import people_by_group, people_recorded
from assistant.framework.sifting import choices_of, kept_findings, known, reach_of, unread_kept, uses
from tests.framework.conftest import CORPUS
from tests.framework.test_reach import read_files

Row = dict[str, Any]
PEOPLE = {
    "acharya-2022": 26, "aunger-2022": 29, "beckett-2008": 94, "cresswell-2017": 78, "echo-qual-2021": 25,
    "gerrish-2014": 14, "krasuska-2020": 31, "mullan-2022": 36,
}  # fmt: skip
"""Read by a person from the samples in the files."""


def both(finding: Row, key: str) -> set[str]:
    return set(finding[key]) | set((finding.get("second_coding") or {}).get(key) or ())


def levels(finding: Row) -> set[str]:
    given = {finding["level"], (finding.get("second_coding") or {}).get("level")}
    return {level for level in given if level}


def meets(asked: EvidenceFilter, finding: Row, study: Row) -> bool:
    def linked(value: str, links: set[str]) -> bool:
        return not value or (not links if value == NOT_NAMED else value in links)

    told = f"{study.get('setting') or ''} {study.get('sample') or ''}"
    year = study.get("year")
    return (
        linked(asked.mechanism, both(finding, "mechanisms"))
        and linked(asked.factor, both(finding, "factors"))
        and linked(asked.level, levels(finding))
        and asked.polarity in ("", finding["polarity"])
        and asked.kind in ("", finding["kind"])
        and (not asked.place or bool(re.search(rf"\b{re.escape(asked.place)}\b", told, re.IGNORECASE)))
        and (not asked.since or (year is not None and year >= int(asked.since)))
        and (not asked.until or (year is not None and year <= int(asked.until)))
        and asked.domain in ("", study["domain"])
    )


def drawn_filters(catalogue: Catalogue) -> list[EvidenceFilter]:
    """200 filters of one to four sides, the same each time."""
    draw = random.Random(20260415)
    choices = choices_of(catalogue)
    lists = {
        "mechanism": choices.mechanism, "factor": choices.factor, "level": choices.level,
        "polarity": choices.polarity, "kind": choices.kind, "place": choices.place, "since": choices.year,
        "until": choices.year, "domain": choices.domain,
    }  # fmt: skip
    filters = []
    for _ in range(200):
        sides = draw.sample(list(lists), draw.choice([1, 1, 2, 2, 3, 4]))
        filters.append(EvidenceFilter(**{side: draw.choice(lists[side]).id for side in sides}))
    return filters


def test_200_generated_filters_are_counted_exactly_as_the_files_say(catalogue: Catalogue) -> None:
    rows = read_files()
    filled = 0
    for asked in drawn_filters(catalogue):
        kept = [(f, s) for f, s in rows if meets(asked, f, s)]
        groups = {s["evidence_group"] for _, s in kept}
        people = defaultdict(int)
        for study_id, number in PEOPLE.items():
            group = yaml.safe_load((CORPUS / "studies" / study_id / "study.yaml").read_text("utf-8"))
            people[group["evidence_group"]] = max(people[group["evidence_group"]], number)
        recorded = [people[group] for group in groups if group in people]
        reach = reach_of(asked, catalogue)
        assert set(reach.findings) == {f["id"] for f, _ in kept}, asked
        assert set(reach.studies) == {s["id"] for _, s in kept}, asked
        assert set(reach.groups) == groups, asked
        assert reach.by_polarity["cautions"] == sum(f["polarity"] == "cautions" for f, _ in kept), asked
        assert reach.by_polarity["mixed"] == sum(f["polarity"] == "mixed" for f, _ in kept), asked
        assert reach.participants == (sum(recorded) if recorded else None), asked
        assert set(reach.findings) <= {finding.id for finding in kept_findings(asked, catalogue)}
        filled += bool(kept)
    assert filled > 80


@pytest.mark.parametrize("side", list(Side))
def test_every_cell_of_the_map_counts_as_the_files_say(side: Side, catalogue: Catalogue) -> None:
    rows = read_files()
    drawn = gap_map(catalogue, side=side)
    for row in drawn.rows:
        for cell in (row.whole, *row.cells):
            column = cell.column or ""
            sides = {"mechanism": row.head.id, "factor" if side is Side.FACTOR else "level": column}
            kept = [(f, s) for f, s in rows if meets(EvidenceFilter(**sides), f, s)]
            groups = {s["evidence_group"] for _, s in kept}
            assert set(cell.findings) == {f["id"] for f, _ in kept}
            assert set(cell.groups) == groups
            for polarity in ("supports", "mixed", "cautions", "context"):
                saying = {s["evidence_group"] for f, s in kept if f["polarity"] == polarity}
                assert cell.by_polarity[polarity] == len(saying)
            assert cell.firm == len(
                {s["evidence_group"] for f, s in kept if firm(f, row.head.id, column, side)}
            )
            assert cell.firm + cell.tentative == len(groups)


def firm(finding: Row, mechanism: str, column: str, side: Side) -> bool:
    second = finding.get("second_coding")
    if not second:
        return False
    key = "factors" if side is Side.FACTOR else "level"

    def linked(value: str, coded: Any) -> bool:
        given = coded if isinstance(coded, list) else [coded] if coded else []
        return value in (given or [NOT_NAMED])

    return all(
        linked(mechanism, coding.get("mechanisms") or []) and (not column or linked(column, coding.get(key)))
        for coding in (finding, second)
    )


def test_the_four_states_of_a_cell_are_told_apart(catalogue: Catalogue) -> None:
    drawn = gap_map(catalogue)
    cells = [cell for row in drawn.rows for cell in row.cells]
    assert {cell.state for cell in cells} == set(CellState)
    for cell in cells:
        if cell.state is CellState.SUPPORTED:
            assert cell.by_polarity["supports"] > 0
        elif cell.state is CellState.NOT_SUPPORTED:
            assert cell.findings
            assert cell.by_polarity["supports"] == 0
        else:
            assert not cell.findings
            assert bool(cell.unread) == (cell.state is CellState.UNREAD)
    rows = {row.head.id: row for row in drawn.rows}
    assert "russell-2014" in rows["peer-review"].whole.unread


def test_papers_on_the_same_data_fill_a_cell_once(catalogue: Catalogue) -> None:
    apart = {k: replace(s, evidence_group=k) for k, s in catalogue.studies.items()}
    joined = gap_map(catalogue, side=Side.LEVEL)
    split = gap_map(replace(catalogue, studies=apart), side=Side.LEVEL)
    pairs = [
        (len(a.groups), len(b.groups))
        for one, other in zip(joined.rows, split.rows, strict=True)
        for a, b in zip(one.cells, other.cells, strict=True)
    ]
    assert all(a <= b for a, b in pairs)
    assert any(a < b for a, b in pairs)


def test_questions_that_were_not_answered_stand_in_their_cells(catalogue: Catalogue) -> None:
    asked = {
        ("peer-review", "proximity"): 3,
        ("peer-review", None): 1,
        (None, "proximity"): 2,
        ("gone", None): 1,
    }
    by_factor = gap_map(catalogue, asked=asked)
    cells = {(row.head.id, c.column): c.asked for row in by_factor.rows for c in (row.whole, *row.cells)}
    assert by_factor.asked == 7
    assert cells["peer-review", "proximity"] == 3
    assert cells["peer-review", NOT_NAMED] == 1
    assert cells["peer-review", None] == 4
    assert cells[NOT_NAMED, "proximity"] == 2
    assert cells[NOT_NAMED, NOT_NAMED] == 1
    by_level = gap_map(catalogue, side=Side.LEVEL, asked=asked)
    levels_asked = {(row.head.id, c.column): c.asked for row in by_level.rows for c in row.cells}
    assert levels_asked["peer-review", "interorganizational"] == 3
    assert levels_asked["peer-review", NOT_NAMED] == 1


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("State policies showed no significant effect.", True),
        ("Seven studies found an effect on some outcomes and two found none.", True),
        ("The groups did not differ after a year.", True),
        ("There was no effect of distance.", True),
        ("It had a clear effect on waiting times.", False),
        ("No standard approach to spreading exists.", False),
        ("Nobody changed supplier.", False),
    ],
)
def test_findings_without_effect_are_known_by_their_words(statement: str, expected: bool) -> None:
    assert says_no_effect(statement) is expected


def test_people_are_counted_only_where_the_sample_begins_with_them(catalogue: Catalogue) -> None:
    assert {k: n for k, s in catalogue.studies.items() if (n := people_recorded(s))} == PEOPLE


def test_papers_on_the_same_data_do_not_add_up_their_people(catalogue: Catalogue) -> None:
    one, other = list(catalogue.studies.values())[:2]
    studies = [
        replace(one, sample="40 participants", evidence_group="g"),
        replace(other, sample="25 interviewees", evidence_group="g"),
    ]
    assert people_by_group(studies) == {"g": 40}


def test_sides_that_name_nothing_are_left_open_and_words_are_kept(catalogue: Catalogue) -> None:
    asked = EvidenceFilter(mechanism="nothing", factor="proximity", since="1066", words="anything at all")
    assert known(asked, choices_of(catalogue), catalogue) == EvidenceFilter(
        factor="proximity", words="anything at all"
    )


def test_unread_studies_meet_filters_on_studies_and_never_those_on_findings(catalogue: Catalogue) -> None:
    assert [s.id for s in unread_kept(EvidenceFilter(mechanism="peer-review"), catalogue)] == ["russell-2014"]
    assert len(unread_kept(EvidenceFilter(), catalogue)) == 5
    assert unread_kept(EvidenceFilter(polarity="supports"), catalogue) == ()
    assert reach_of(EvidenceFilter(level="macro"), catalogue).unread == ()


def test_everything_that_rests_on_a_finding_is_listed(catalogue: Catalogue) -> None:
    told = uses(catalogue)
    for mechanism in catalogue.mechanisms.values():
        for condition in (*mechanism.favoured_by, *mechanism.hindered_by):
            for key in condition.support:
                hows = {use.how for use in told[key] if use.name == mechanism.name}
                assert hows & {CitedAs.FAVOURS, CitedAs.HINDERS}
        for key in mechanism.cautionary_findings:
            assert any(u.how is CitedAs.CAUTIONARY and u.name == mechanism.name for u in told[key])
    assert all(len(set(each)) == len(each) for each in told.values())
