"""The nearest boundary is settled by its two best examples; its likeness is that of the nearest."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.domain.framework import Boundary
from assistant.retrieval.boundaries import Boundaries
from tests.made_up import WordVectors

EMBED = WordVectors()


def boundary(name: str, *asked: str, kind: str = "gap", cues: tuple[str, ...] = ()) -> Boundary:
    says = f"Nothing on {name}."
    return Boundary(id=name, kind=kind, says=says, instead="Ask else.", cues=cues, asked_as=asked)


def test_the_boundary_whose_examples_are_most_alike_is_nearest() -> None:
    boundaries = Boundaries(
        [
            boundary("weather", "will it rain tomorrow", "how warm is it tomorrow"),
            boundary("deaths", "did fewer patients die", "has mortality gone down"),
        ],
        EMBED,
    )
    (crossing,) = boundaries.near("", EMBED.one("did fewer patients die"))
    assert crossing.boundary.id == "deaths"
    assert crossing.likeness == pytest.approx(1.0, abs=1e-5)


def test_one_example_that_matches_by_chance_does_not_outweigh_two_good_ones() -> None:
    boundaries = Boundaries(
        [
            boundary("chance", "how many pounds were saved", "who wrote the song"),
            boundary("money", "how many pounds were spent", "how many pounds were lost"),
        ],
        EMBED,
    )
    (crossing,) = boundaries.near("", EMBED.one("how many pounds were saved or spent or lost"))
    assert crossing.boundary.id == "money"


def test_ties_go_to_the_first_in_the_file() -> None:
    pair = [boundary("b", "the same words"), boundary("a", "the same words")]
    for order in (pair, pair[::-1]):
        (crossing,) = Boundaries(order, EMBED).near("", EMBED.one("the same words"))
        assert crossing.boundary.id == order[0].id


def test_without_examples_nothing_is_encoded_and_nothing_is_near() -> None:
    embed = WordVectors()
    assert Boundaries([boundary("silent")], embed).near("", np.ones(128, dtype=np.float32)) == ()
    assert Boundaries([], embed).near("", np.ones(128, dtype=np.float32)) == ()
    assert embed.calls == 0


def test_a_cue_that_is_said_brings_its_boundary_first_whatever_is_nearest() -> None:
    boundaries = Boundaries(
        [
            boundary("law", "may a nurse sue", cues=("grounds for a claim", "can't sleep")),
            boundary("weather", "will it rain tomorrow"),
        ],
        EMBED,
    )
    rain = EMBED.one("will it rain tomorrow")
    found = boundaries.near("Have we GROUNDS for a claim if it rains?", rain)
    assert [(c.boundary.id, c.cued) for c in found] == [("law", True), ("weather", False)]
    assert boundaries.near("I can’t sleep", rain)[0].cued
    assert [c.boundary.id for c in boundaries.near("groundsman for a claimant", rain)] == ["weather"]
