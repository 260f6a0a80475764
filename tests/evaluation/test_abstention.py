from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain.answers import Reason, State
from assistant.evaluation.metrics.abstention import (
    REASONS,
    auroc,
    best_cut,
    four_cells,
    handle,
    risk_coverage,
    risk_coverage_area,
    strange_numbers,
)
from assistant.evaluation.observed import from_answer
from tests.evaluation.subjects import answer, evidence

RELATED = evidence("s-f01", "Scores rose by 5.6% among 49 trusts.")
OTHER = evidence("s-f02", "Boards that did not engage were a barrier.")
TEXTS = {"s-f01": RELATED.passage.text, "s-f02": OTHER.passage.text}


def test_the_four_cells_and_their_shares_are_counted_by_hand() -> None:
    cells = four_cells([True, True, True, False, False], [False, False, True, True, False])
    assert (cells.answered_answerable, cells.refused_answerable) == (2, 1)
    assert (cells.answered_unanswerable, cells.refused_unanswerable) == (1, 1)
    assert cells.over_refusal.value == pytest.approx(1 / 3)
    assert cells.unsupported_answers.value == 0.5
    assert cells.precision.value == 0.5
    assert cells.recall.value == 0.5
    assert cells.f1.value == 0.5


def test_empty_classes_have_no_share() -> None:
    cells = four_cells([True], [False])
    assert not cells.unsupported_answers.applies
    assert not cells.precision.applies
    assert not cells.f1.applies


def test_a_plain_refusal_handles_what_cannot_be_answered() -> None:
    refused = from_answer(answer("q", state=State.REFUSED, reason=Reason.NOTHING_FOUND))
    for kind in REASONS:
        assert handle(refused, kind=kind, related=(), texts=TEXTS).handled == (kind != "false-premise")


def test_a_false_premise_must_be_corrected_and_not_just_refused() -> None:
    corrected = from_answer(answer("q", cited=[RELATED], reason=Reason.FALSE_PREMISE))
    assert handle(corrected, kind="false-premise", related=["s-f01"], texts=TEXTS).handled
    unsupported = from_answer(answer("q", cited=[OTHER], reason=Reason.FALSE_PREMISE))
    assert not handle(unsupported, kind="false-premise", related=["s-f01"], texts=TEXTS).handled


def test_answering_as_if_it_could_be_answered_is_a_fault() -> None:
    plain = from_answer(answer("q", cited=[RELATED]))
    faults = handle(plain, kind="near-miss", related=["s-f01"], texts=TEXTS).faults
    assert faults == ("answered as if it could be, with the reason none",)
    partly = from_answer(answer("q", cited=[RELATED], state=State.PARTLY_GROUNDED, reason=Reason.NEAR_MISS))
    assert handle(partly, kind="near-miss", related=["s-f01"], texts=TEXTS).handled


def test_citing_what_does_not_bear_on_the_question_is_a_fault() -> None:
    strayed = from_answer(answer("q", cited=[RELATED, OTHER], reason=Reason.NEAR_MISS))
    (fault,) = handle(strayed, kind="near-miss", related=["s-f01"], texts=TEXTS).faults
    assert "s-f02" in fault


def test_a_refusal_that_cites_is_a_fault() -> None:
    refused = from_answer(answer("q", cited=[RELATED], state=State.REFUSED, reason=Reason.NEAR_MISS))
    assert handle(refused, kind="near-miss", related=["s-f01"], texts=TEXTS).faults == (
        "refused and yet cites",
    )


def test_a_number_that_no_related_finding_holds_is_a_fault() -> None:
    made_up = from_answer(
        answer(
            "q", cited=[RELATED], texts=["It was 7.2% in 49 trusts, out of 3."], reason=Reason.FIGURE_NOT_HELD
        )
    )
    (fault,) = handle(made_up, kind="figure-not-in-corpus", related=["s-f01"], texts=TEXTS).faults
    assert fault.endswith("7.2, 3")


def test_a_telephone_number_for_help_is_no_figure() -> None:
    kind_words = from_answer(answer("q", state=State.REFUSED, reason=Reason.PERSONAL_OR_LEGAL))
    kind_words = replace(kind_words, because="In an emergency ring 999.")
    assert handle(kind_words, kind="personal-legal-medical", related=(), texts=TEXTS).handled
    assert not handle(kind_words, kind="near-miss", related=(), texts=TEXTS).handled


def test_numbers_of_the_question_and_years_are_no_figures() -> None:
    seen = from_answer(answer("Is it 40?", cited=[RELATED], texts=["Not 40, says a study of 2019."]))
    assert strange_numbers(seen, []) == ()
    assert strange_numbers(replace(seen, because="about 12"), []) == ("12",)


def test_auroc_counts_ties_as_half() -> None:
    assert auroc([True, True, False, False], [0.9, 0.5, 0.5, 0.1]).value == pytest.approx(3.5 / 4)
    assert not auroc([True, True], [0.1, 0.2]).applies


def test_the_risk_coverage_curve_has_the_points_worked_out_by_hand() -> None:
    correct, sure = [True, False, True, False], [0.9, 0.8, 0.8, 0.1]
    assert risk_coverage(correct, sure) == ((0.25, 0.0), (0.75, 1 / 3), (1.0, 0.5))
    assert risk_coverage_area(correct, sure).value == pytest.approx(0.5 / 3 + 0.25 * 0.5)
    assert not risk_coverage_area([], []).applies


def test_the_best_cut_keeps_the_limit_on_over_refusal() -> None:
    answerable = [True, True, True, True, False, False]
    sure = [0.9, 0.8, 0.7, 0.2, 0.3, 0.1]
    free = best_cut(answerable, sure)
    assert free is not None
    assert (free.threshold, free.f1, free.over_refusal) == (0.7, pytest.approx(0.8), 0.25)
    strict = best_cut(answerable, sure, over_refusal_at_most=0.0)
    assert strict is not None
    assert (strict.threshold, strict.f1) == (0.2, pytest.approx(2 / 3))
    assert best_cut([True], [0.4]) is None
