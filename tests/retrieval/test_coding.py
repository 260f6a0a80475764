"""Findings coded like the best hits rise; the best hit stays, and nothing lifts itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.coding import Coding, CodingWeights
from tests.made_up import catalogue, coding, finding

ALIKE = ["pairing", "visit"]
FINDINGS = [
    finding("a-f01", "Pairs met often.", mechanisms=ALIKE, second=coding(ALIKE)),
    finding("b-f01", "Visits helped.", mechanisms=ALIKE, second=coding(ALIKE)),
    finding("c-f01", "Forums were quiet.", mechanisms=["forum"], second=coding(["forum"])),
    finding("d-f01", "Money ran out.", mechanisms=["budget"], second=coding(["budget"])),
    finding("e-f01", "Nobody coded this."),
]
CODING = Coding(catalogue(FINDINGS))
ONLY = CodingWeights(mechanisms=1.0, factors=0.0, study=0.0)
SCORES = st.dictionaries(
    st.sampled_from([f.id for f in FINDINGS] + ["prose"]),
    st.floats(-5, 40, allow_nan=False).map(lambda x: round(x, 2)),
    min_size=1,
)


@given(SCORES)
def test_the_best_hit_keeps_its_place(scores) -> None:
    lifted = CODING.widen(scores, CodingWeights())
    coded = {i: s for i, s in scores.items() if i in CODING}
    if len(coded) >= 2:
        best = min(scores, key=lambda i: (-scores[i], i))
        assert all(lifted[best] > lifted[i] for i in scores if i != best)


@given(SCORES)
def test_nothing_is_lost_and_nothing_is_added(scores) -> None:
    assert CODING.widen(scores, CodingWeights()).keys() == scores.keys()


@given(SCORES)
def test_the_order_scores_come_in_does_not_matter(scores) -> None:
    turned = dict(reversed(scores.items()))
    assert CODING.widen(scores, CodingWeights()) == pytest.approx(CODING.widen(turned, CodingWeights()))


def test_a_finding_coded_like_the_best_hit_overtakes_one_that_is_not() -> None:
    lifted = CODING.widen({"a-f01": 10.0, "c-f01": 5.1, "b-f01": 5.0, "d-f01": 1.0}, ONLY)
    assert lifted["b-f01"] > lifted["c-f01"]


def test_a_finding_never_lifts_itself() -> None:
    # a-f01 alone carries the weight, so the only thing it could be lifted by is itself.
    lifted = CODING.widen({"a-f01": 30.0, "c-f01": 1.0, "d-f01": 1.0}, ONLY)
    assert lifted["a-f01"] == pytest.approx(30.0, abs=0.01)
    assert lifted["c-f01"] == lifted["d-f01"]


def test_what_was_never_coded_keeps_its_score() -> None:
    lifted = CODING.widen({"a-f01": 10.0, "b-f01": 5.0, "prose-passage": 4.0}, CodingWeights())
    assert lifted["prose-passage"] == 4.0


def test_a_lone_coded_hit_changes_nothing() -> None:
    assert CODING.widen({"a-f01": 3.0, "prose": 9.0}, CodingWeights()) == {"a-f01": 3.0, "prose": 9.0}
    assert CODING.widen({}, CodingWeights()) == {}


def test_a_link_that_both_coders_made_lifts_more_than_one_coders() -> None:
    coded = Coding(
        catalogue(
            [
                finding("a-f01", "First.", mechanisms=["visit", "forum"], second=coding(["visit", "forum"])),
                finding("b-f01", "Both.", mechanisms=["visit", "budget"], second=coding(["visit"])),
                finding("c-f01", "One.", mechanisms=["visit", "budget"], second=coding(["budget"])),
                finding("d-f01", "Apart.", mechanisms=["news"], second=coding(["news"])),
            ]
        )
    )
    lifted = coded.widen({"a-f01": 10.0, "b-f01": 1.0, "c-f01": 1.0, "d-f01": 1.0}, ONLY)
    assert lifted["b-f01"] > lifted["c-f01"] > lifted["d-f01"]


def test_findings_of_the_same_study_lift_one_another() -> None:
    coded = Coding(
        catalogue([finding("a-f01", "One."), finding("a-f02", "Two."), finding("b-f01", "Three.")])
    )
    lifted = coded.widen(
        {"a-f01": 10.0, "a-f02": 1.0, "b-f01": 1.0}, CodingWeights(mechanisms=0, factors=0, study=1)
    )
    assert lifted["a-f02"] > lifted["b-f01"]


def test_findings_lean_toward_the_mechanisms_a_situation_points_to() -> None:
    toward = CODING.toward({"forum": 0.9, "visit": 0.1}, ["a-f01", "c-f01", "d-f01", "unknown"])
    assert set(toward) == {"a-f01", "c-f01", "d-f01"}
    assert toward["c-f01"] > toward["a-f01"] > toward["d-f01"]


def test_a_catalogue_without_codes_or_findings_does_no_harm() -> None:
    assert "a-f01" not in Coding(catalogue())
    bare = Coding(catalogue([finding("a-f01", "One."), finding("b-f01", "Two.")]))
    assert bare.widen({"a-f01": 2.0, "b-f01": 1.0}, ONLY) == pytest.approx(
        {"a-f01": 2.0, "b-f01": 1.0}, abs=0.01
    )
