"""Tables that go out to a spreadsheet and come back: nothing lost, nothing run, every fault named."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.advice import ConditionReading, Profile, Source
from assistant.domain.documents import Span
from assistant.domain.framework import Catalogue, FactorLevel, Framework
from assistant.domain.monitoring import Relationship, SavedDiagnosis, Strength
from assistant.framework.csv_cells import plain_cell, safe_cell
from assistant.framework.csv_diagnoses import diagnoses_csv, diagnoses_from_csv
from assistant.framework.csv_relationships import (
    HEADS,
    matched,
    relationships_csv,
    relationships_from_csv,
    same_matter,
)
from assistant.framework.profile import profile_from_answers

TODAY = date(2026, 6, 1)
FORMULAS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", "'=1", "''"),
    '=HYPERLINK("http://x")',
)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
ANY_TEXT = st.one_of(TEXT, st.sampled_from(FORMULAS), TEXT.map(lambda text: f"={text}"))
LINE = ANY_TEXT.map(lambda text: " ".join(text.split()))
DAYS = st.dates(date(1900, 1, 1), TODAY)


@st.composite
def relations(draw: st.DrawFn) -> Relationship:
    days = sorted(draw(st.lists(DAYS, min_size=2, max_size=2)))
    return Relationship(
        id=draw(st.uuids()).hex,
        partner=draw(LINE.filter(bool)),
        kind=draw(LINE),
        formality=draw(st.floats(0, 1)),
        origin=draw(st.floats(0, 1)),
        since=draw(st.sampled_from([None, days[0]])),
        strength=draw(st.sampled_from(Strength)),
        product=draw(LINE),
        purpose=draw(LINE),
        holder=draw(LINE),
        ended=draw(st.sampled_from([None, days[1]])),
    )


@given(st.one_of(st.text(), ANY_TEXT))
def test_a_cell_comes_back_as_it_was_and_never_begins_a_formula(text: str) -> None:
    written = safe_cell(text)
    assert plain_cell(written) == text
    assert written.lstrip()[:1] not in {*"=+-@\uff0b\uff0d\uff1d\uff20"} - {""}
    assert written[:1] not in {*"\t\r\n"}


@given(st.lists(relations(), max_size=6, unique_by=same_matter))
def test_relationships_come_back_from_a_table_as_they_were(told: list[Relationship]) -> None:
    text = relationships_csv(told)
    rows, faults = relationships_from_csv(text, today=TODAY)
    assert faults == ()
    assert rows == tuple(told)
    assert matched(rows, told) == ((), (), len(told))
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            assert cell.lstrip()[:1] not in {*"=+-@"}


@given(st.lists(relations(), max_size=4, unique_by=same_matter), st.sampled_from([";", "\t"]), st.booleans())
def test_a_table_may_come_with_other_separators_and_a_mark_of_its_letters(
    told: list[Relationship], separator: str, marked: bool
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows(csv.reader(io.StringIO(relationships_csv(told))))
    rows, faults = relationships_from_csv("\ufeff" * marked + out.getvalue(), today=TODAY)
    assert faults == ()
    assert rows == tuple(told)


@given(st.text(max_size=300))
@settings(max_examples=300)
def test_whatever_is_handed_in_is_read_or_told_apart_by_line(text: str) -> None:
    rows, faults = relationships_from_csv(text, today=TODAY)
    assert rows == () or not faults
    for fault in faults:
        assert 1 <= fault.line <= text.count("\n") + text.count("\r") + 2
        assert fault.problem
        assert fault.cure


@given(st.lists(st.lists(ANY_TEXT, min_size=len(HEADS), max_size=len(HEADS)), min_size=1, max_size=4))
def test_wild_cells_under_the_right_names_are_read_or_named(cells: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([HEADS, *cells])
    rows, faults = relationships_from_csv(out.getvalue(), today=TODAY)
    for fault in faults:
        assert fault.column == "" or fault.column in HEADS
    for row in rows:
        assert 0 <= row.formality <= 1


BAD = {
    "partner,formality,origin\nA,2,0.5": (2, "formality"),
    "partner,formality,origin\nA,nan,0.5": (2, "formality"),
    "partner,formality,origin\nA,inf,0.5": (2, "formality"),
    "partner,formality,origin\nA,0.5,": (2, "origin"),
    "partner,formality,origin\n\n,0.5,0.5": (3, "partner"),
    "partner,formality,origin,since\nA,0.5,0.5,31/02/2026": (2, "since"),
    "partner,formality,origin,since\nA,0.5,0.5,2099-01-01": (2, "since"),
    "partner,formality,origin,since,ended\nA,0.5,0.5,2026-01-02,2026-01-01": (2, "ended"),
    "partner,formality,origin,strength\nA,0.5,0.5,mighty": (2, "strength"),
    "partner,formality,origin\nA,0.5,0.5\na,0.1,0.1": (3, "partner"),
    "partner,formality\nA,0.5": (1, "origin"),
    "partner,formality,origin,colour\nA,0.5,0.5,red": (1, "colour"),
    "partner,partner,formality,origin\nA,B,0.5,0.5": (1, "partner"),
    "partner,formality,origin\nA,0.5,0.5,more": (2, ""),
    'partner,formality,origin\n"A,0.5,0.5': (2, ""),
    'partner,formality,origin,purpose\nA,0,0,"two\nlines"\nB,9,0,': (4, "formality"),
    "": (1, ""),
}


@pytest.mark.parametrize(("text", "place"), BAD.items(), ids=[str(place) for place in BAD.values()])
def test_a_bad_row_is_named_by_line_and_column_with_a_cure(text: str, place: tuple[int, str]) -> None:
    rows, faults = relationships_from_csv(text, today=TODAY)
    assert [(fault.line, fault.column) for fault in faults] == [place]
    assert faults[0].cure
    del rows


def test_people_may_write_places_and_days_their_way() -> None:
    text = "Partner;Kind;formality;origin;start;holder\nA;x;rather formal;0,25;31/3/2024;CIO\n"
    rows, faults = relationships_from_csv(text, today=TODAY)
    assert faults == ()
    assert rows == (
        Relationship(
            partner="A", kind="x", formality=0.75, origin=0.25, since=date(2024, 3, 31), holder="CIO"
        ),
    )


def test_a_row_on_the_same_matter_changes_what_is_kept() -> None:
    kept = Relationship(id="r1", partner="A", formality=0.0, origin=0.0)
    same = Relationship(id="foreign", partner="a", formality=0.0, origin=0.0)
    other = Relationship(partner="B", formality=0.0, origin=0.0)
    new, changed, known = matched([replace(same, formality=1.0), other], [kept])
    assert changed == (replace(same, id="r1", formality=1.0),)
    assert new == (other,)
    assert known == 0


@pytest.fixture(scope="module")
def framework(catalogue: Catalogue) -> Framework:
    assert catalogue.framework is not None
    return catalogue.framework


@st.composite
def diagnoses(draw: st.DrawFn, framework: Framework, mechanisms: list[str]) -> SavedDiagnosis:
    questions = [question.id for factor in framework.factors for question in factor.questions]
    answers = draw(st.dictionaries(st.sampled_from(questions), st.sampled_from(FactorLevel), max_size=8))
    readings = dict(profile_from_answers(answers, framework).readings)
    for factor in draw(st.sets(st.sampled_from([f.id for f in framework.factors]), max_size=4)):
        start = draw(st.integers(0, 50))
        readings[factor] = ConditionReading(
            factor=factor,
            state=draw(st.sampled_from(FactorLevel)),
            because=tuple(draw(st.lists(ANY_TEXT, max_size=2))),
            confidence=draw(st.floats(0, 1)),
            value=draw(st.floats(-1, 1)),
            source=draw(st.sampled_from(Source)),
            spans=(Span(start, start + draw(st.integers(1, 9))),),
            note=draw(ANY_TEXT),
        )
    return SavedDiagnosis(
        id=draw(st.uuids()).hex,
        made_on=draw(DAYS),
        label=draw(LINE),
        answers=answers,
        profile=Profile(readings),
        situation=draw(st.one_of(ANY_TEXT, st.just('two\nlines, and "quotes";\r\n=1'))),
        shown=tuple(draw(st.lists(st.sampled_from(mechanisms), max_size=3, unique=True))),
    )


@given(data=st.data())
@settings(max_examples=60)
def test_diagnoses_come_back_from_a_table_as_they_were(
    framework: Framework, catalogue: Catalogue, data: st.DataObject
) -> None:
    told = data.draw(st.lists(diagnoses(framework, sorted(catalogue.mechanisms)), max_size=3))
    text = diagnoses_csv(told, framework)
    rows, faults = diagnoses_from_csv(text, framework, catalogue.mechanisms, today=TODAY)
    assert faults == ()
    assert rows == tuple(told)


def test_a_diagnosis_may_be_written_by_hand_with_levels_alone(
    framework: Framework, catalogue: Catalogue
) -> None:
    first, second = framework.factors[:2]
    text = f"made on,{first.id},{second.questions[0].id}\n1/3/2026,high,low\n"
    (read,), faults = diagnoses_from_csv(text, framework, catalogue.mechanisms, today=TODAY)
    assert faults == ()
    assert read.made_on == date(2026, 3, 1)
    assert read.profile.state(first.id) is FactorLevel.HIGH
    assert read.profile.state(second.id) is FactorLevel.LOW
    assert read.answers == {second.questions[0].id: FactorLevel.LOW}


def test_a_diagnosis_that_contradicts_itself_is_named(framework: Framework, catalogue: Catalogue) -> None:
    factor = framework.factors[0]
    question = factor.questions[0].id
    told = SavedDiagnosis(
        made_on=TODAY,
        answers={question: FactorLevel.LOW},
        profile=profile_from_answers({question: FactorLevel.LOW}, framework),
    )
    rows = list(csv.reader(io.StringIO(diagnoses_csv([told], framework))))
    rows[1][rows[0].index(factor.id)] = "high"
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    _, (fault,) = diagnoses_from_csv(out.getvalue(), framework, catalogue.mechanisms, today=TODAY)
    assert (fault.line, fault.column) == (2, factor.id)
    rows[1][rows[0].index("readings")] = ""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    _, (fault,) = diagnoses_from_csv(out.getvalue(), framework, catalogue.mechanisms, today=TODAY)
    assert (fault.line, fault.column) == (2, factor.id)
    assert "answers say low" in fault.problem


@pytest.mark.parametrize("damaged", ["{}", "[1]", "null", '[{"factor": 1}]', "[" * 5000, "nonsense"])
def test_damaged_readings_are_named(framework: Framework, catalogue: Catalogue, damaged: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["made on", "readings"], ["2026-01-01", damaged]])
    rows, faults = diagnoses_from_csv(out.getvalue(), framework, catalogue.mechanisms, today=TODAY)
    if damaged == "{}":
        assert rows[0].profile == Profile()
    else:
        assert [(fault.line, fault.column) for fault in faults] == [(2, "readings")]
