"""The desk for the evidence as a whole, on the corpus, with search and store that a test can see into."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace

import pytest

from assistant.browsing import PER_PAGE, EvidenceDesk, unanswered
from assistant.domain.answers import _SEAL, Answer, Reason, Receipt, State
from assistant.domain.atlas import EvidenceFilter, Side
from assistant.domain.documents import BlockKind, Passage, Span
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue
from tests.framework.conftest import load_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def hit(finding_id: str, rank: int) -> Evidence:
    passage = Passage(
        document_id=finding_id, span=Span(0, 1), text="x", kind=BlockKind.FINDING, ordinal=0,
        title="", record_id=finding_id, study_id=None, origin="",
    )  # fmt: skip
    return Evidence(passage, rank, 1.0)


class Store:
    def __init__(self, *, broken: bool = False) -> None:
        self.counts: Counter[tuple[str | None, str | None]] = Counter()
        self.broken = broken

    def note(self, mechanism: str | None, factor: str | None) -> bool:
        if self.broken:
            raise OSError("the disk is gone")
        self.counts[mechanism, factor] += 1
        return True

    def asked(self) -> Counter[tuple[str | None, str | None]]:
        if self.broken:
            raise OSError("the disk is gone")
        return self.counts


def desk_on(catalogue: Catalogue, store: Store, found: tuple[str, ...] = ()) -> EvidenceDesk:
    hits = [hit(key, rank) for rank, key in enumerate(found, 1)]
    return EvidenceDesk(catalogue, search=lambda words, most: hits[:most], asked=store.asked, note=store.note)


def answered(question: str, state: State, reason: Reason | None = None) -> Answer:
    return Answer(
        id=None, question=question, standalone=question, state=state, reason=reason, because="", lead="",
        statements=(), gaps=(), follow_ups=(), evidence=(), receipt=Receipt({}), seal=_SEAL,
    )  # fmt: skip


def test_a_refused_question_is_counted_where_it_belongs_and_shown_on_the_map(catalogue: Catalogue) -> None:
    store = Store()
    desk = desk_on(catalogue, store)
    for _ in range(3):
        desk.note_unanswered(answered("Do webinars depend on proximity?", State.REFUSED, Reason.NEAR_MISS))
    assert store.counts == {("webinar", "proximity"): 3}
    cells = {(r.head.id, c.column): c.asked for r in desk.map().rows for c in r.cells}
    assert cells["webinar", "proximity"] == 3


@pytest.mark.parametrize("reason", [Reason.OUT_OF_DOMAIN, Reason.PERSONAL_OR_LEGAL])
def test_what_lies_outside_the_field_or_needs_a_person_is_not_counted(
    reason: Reason, catalogue: Catalogue
) -> None:
    store = Store()
    desk = desk_on(catalogue, store)
    assert desk.note_unanswered(answered("May I sack my webinar host?", State.REFUSED, reason)) == 0
    assert not store.counts


def test_an_answered_question_is_not_counted(catalogue: Catalogue) -> None:
    store = Store()
    answer = answered("Do webinars depend on proximity?", State.GROUNDED)
    assert not unanswered(answer)
    assert desk_on(catalogue, store).note_unanswered(answer) == 0
    assert not store.counts


def test_a_question_answered_in_part_is_counted(catalogue: Catalogue) -> None:
    store = Store()
    desk_on(catalogue, store).note_unanswered(answered("Do webinars help?", State.PARTLY_GROUNDED))
    assert store.counts == {("webinar", None): 1}


def test_a_store_that_fails_costs_neither_answer_nor_map(catalogue: Catalogue) -> None:
    desk = desk_on(catalogue, Store(broken=True))
    assert desk.note_unanswered(answered("Do webinars help?", State.REFUSED, Reason.NEAR_MISS)) == 0
    assert desk.map().asked == 0
    assert desk.map().findings > 200


def test_pages_hold_every_study_once_newest_first(catalogue: Catalogue) -> None:
    desk = desk_on(catalogue, Store())
    first = desk.view(EvidenceFilter())
    shown = [e.study for n in range(1, first.pages + 1) for e in desk.view(EvidenceFilter(), page=n).studies]
    assert len({study.id for study in shown}) == len(shown) == first.found_studies
    assert len(first.studies) == PER_PAGE
    years = [study.year or 0 for study in shown]
    assert years == sorted(years, reverse=True)
    assert desk.view(EvidenceFilter(), page=999).page == first.pages


def test_a_search_lists_what_is_near_and_gives_no_count(catalogue: Catalogue) -> None:
    near = ("nembhard-2012-f04", "acharya-2022-f01", "nembhard-2012-f01", "no-such-f01")
    view = desk_on(catalogue, Store(), near).view(EvidenceFilter(words="visits"))
    assert view.reach is None
    assert [e.study.id for e in view.studies] == ["nembhard-2012", "acharya-2022"]
    assert view.found_findings == 3
    narrowed = desk_on(catalogue, Store(), near).view(EvidenceFilter(words="visits", polarity="cautions"))
    assert [f.finding.id for e in narrowed.studies for f in e.findings] == ["nembhard-2012-f04"]


def test_inferences_and_other_fields_are_shown_and_marked_as_not_counted(catalogue: Catalogue) -> None:
    desk = desk_on(catalogue, Store())
    view = desk.view(EvidenceFilter(kind="inference"))
    assert view.found_findings == 8
    assert view.reach is not None
    assert view.reach.findings == ()
    assert not any(f.counted for e in view.studies for f in e.findings)
    other = desk.view(EvidenceFilter(domain="vr-therapy"))
    assert other.found_findings > 0
    assert not any(f.counted for e in other.studies for f in e.findings)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_findings_file_holds_all_pages_and_no_words_that_may_not_be_quoted(catalogue: Catalogue) -> None:
    rows = rows_of(desk_on(catalogue, Store()).findings_csv(EvidenceFilter()))
    told = [row for row in rows if row["finding"]]
    assert {row["finding"] for row in told} == set(catalogue.findings)
    assert len(rows) - len(told) == 5
    for row in told:
        assert bool(row["statement"]) == catalogue.studies[row["study"]].citable
    wrong = replace(catalogue.studies["hinder-2021"], title='=HYPERLINK("http://evil.example")')
    hostile = replace(catalogue, studies={**catalogue.studies, "hinder-2021": wrong})
    titles = {row["title"] for row in rows_of(desk_on(hostile, Store()).findings_csv(EvidenceFilter()))}
    assert not any(title.startswith("=") for title in titles)
    assert any(title.startswith("'=HYPERLINK") for title in titles)


@pytest.mark.parametrize("side", list(Side))
def test_the_map_file_says_what_the_map_shows(side: Side, catalogue: Catalogue) -> None:
    store = Store()
    store.note("webinar", "proximity")
    desk = desk_on(catalogue, store)
    drawn = desk.map(side)
    cells = {(r.head.id, c.column or ""): c for r in drawn.rows for c in (r.whole, *r.cells)}
    rows = rows_of(desk.map_csv(side))
    assert len(rows) == len(cells)
    for row in rows:
        cell = cells[row["mechanism"], row["column"]]
        assert int(row["evidence_groups"]) == len(cell.groups)
        assert int(row["supports"]) == cell.by_polarity["supports"]
        assert int(row["asked_not_answered"]) == cell.asked
        assert row["state"] == cell.state.value
