"""A sentence that states a count passes only if what it points to makes that count."""

from __future__ import annotations

from assistant.answering.tallying import miscounted, tally_of
from assistant.domain.answers import DraftStatement, StatementKind, Tally
from tests.made_up import catalogue, finding

FINDINGS = (finding("a-f01", "Visits helped."), finding("a-f02", "Calls helped."), finding("b-f01", "Both."))
CATALOGUE = catalogue(FINDINGS)
IDS = [item.id for item in FINDINGS]


def said(text: str, tally: Tally) -> DraftStatement:
    return DraftStatement(text, StatementKind.INFERENCE, tally=tally)


def test_each_finding_study_and_body_of_evidence_counts_once() -> None:
    tally = tally_of([*IDS, *IDS, "no-such-f01"], CATALOGUE)
    assert (tally.findings, tally.studies) == (3, 2)


def test_a_right_count_passes() -> None:
    tally = tally_of(IDS, CATALOGUE)
    assert (
        miscounted(said(f"{tally.studies} studies: {tally.findings} findings.", tally), IDS, CATALOGUE)
        is None
    )


def test_another_number_in_the_words_does_not() -> None:
    tally = tally_of(IDS, CATALOGUE)
    assert miscounted(said("17 studies say so.", tally), IDS, CATALOGUE)


def test_a_count_of_more_than_is_pointed_to_does_not() -> None:
    tally = tally_of(IDS, CATALOGUE)
    assert miscounted(said(f"{tally.findings} findings.", tally), IDS[:1], CATALOGUE)


def test_what_could_be_cited_may_not_be_counted_uncited() -> None:
    tally = tally_of(IDS[:2], CATALOGUE, unquoted=IDS[2:])
    assert miscounted(said(f"{tally.findings} findings.", tally), IDS[:2], CATALOGUE)
