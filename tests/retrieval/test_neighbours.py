"""What stands near good finds in one document rises; what stands alone, or elsewhere, does not."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.neighbours import NeighbourWeights, lift_neighbours

WEIGHTS = NeighbourWeights(weight=2.0, reach=100.0, least=0.0)
PLACES = st.integers(0, 40).map(lambda n: f"talk:{100 * n}-{100 * n + 90}")
SCORES = st.dictionaries(PLACES, st.floats(-5, 5).map(lambda x: round(x, 3)), max_size=12)


def test_a_passage_between_two_good_ones_passes_a_like_one_that_stands_far_off() -> None:
    scores = {"talk:0-90": 3.0, "talk:100-190": 1.0, "talk:200-290": 3.0, "talk:9000-9090": 1.0}
    lifted = lift_neighbours(scores, scores, WEIGHTS)
    assert lifted["talk:100-190"] > 1.0 + lifted["talk:9000-9090"]


def test_the_lift_is_the_weight_times_standing_times_how_near() -> None:
    # Mean 0 and deviation 1: the good one stands 1 above; the middles are 100 apart, the reach is 100.
    scores = {"talk:0-50": 1.0, "talk:100-150": -1.0}
    lifted = lift_neighbours(scores, scores, WEIGHTS)
    assert math.isclose(lifted["talk:100-150"], -1.0 + 2.0 * 1.0 * math.exp(-1))
    assert lifted["talk:0-50"] == 1.0


def test_passages_of_other_documents_lift_nothing() -> None:
    scores = {"one:0-90": 3.0, "two:0-90": 1.0, "three:100-190": -2.0}
    assert lift_neighbours(scores, scores, WEIGHTS) == scores


def test_prose_is_left_as_it_is_and_lifts_nothing() -> None:
    scores = {"talk:0-90": 3.0, "talk:100-190": 1.0, "talk:200-290": 3.0}
    assert lift_neighbours(scores, {"talk:100-190"}, WEIGHTS) == scores


def test_an_id_with_colons_and_hyphens_in_its_document_is_understood() -> None:
    scores = {"p-1:a-b:0-50": 1.0, "p-1:a-b:100-150": -1.0}
    assert lift_neighbours(scores, scores, WEIGHTS)["p-1:a-b:100-150"] > -1.0


@given(SCORES, st.randoms())
def test_nothing_is_lost_or_lowered_whatever_the_order(scores, random) -> None:
    lifted = lift_neighbours(scores, scores, WEIGHTS)
    assert lifted.keys() == scores.keys()
    assert all(lifted[i] >= scores[i] for i in scores)
    shuffled = {i: scores[i] for i in random.sample(sorted(scores), len(scores))}
    assert lift_neighbours(shuffled, scores, WEIGHTS) == lifted


@given(SCORES)
def test_without_weight_nothing_changes(scores) -> None:
    assert lift_neighbours(scores, scores, NeighbourWeights(weight=0.0)) == scores
