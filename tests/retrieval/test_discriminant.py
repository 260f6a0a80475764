from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from assistant.engine import Assistant
from assistant.retrieval.boundaries import Vectors
from assistant.retrieval.discriminant import Discriminant

MEANT, MANNER = (0, 1, 2), (6, 7)
"""Axes that tell questions apart, and one along which each is merely said otherwise."""


def questions(axis: int, size: int, *, seed: int) -> Vectors:
    """Unit rows that agree along one axis and are strewn far along those of manner."""
    chance = np.random.default_rng(seed)
    rows = chance.normal(0.0, 0.2, (size, 8))
    rows[:, axis] += 1.0
    rows[:, MANNER] += chance.normal(0.0, 2.0, (size, 2))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def asked() -> Mapping[str, Vectors]:
    return {f"p{axis}": questions(axis, 12, seed=axis) for axis in MEANT}


def test_it_looks_past_the_manner_of_asking_where_plain_likeness_does_not(
    asked: Mapping[str, Vectors],
) -> None:
    learnt = Discriminant(asked)
    unseen = [(f"p{axis}", row) for axis in MEANT for row in questions(axis, 30, seed=90 + axis)]

    def nearest(row: Vectors) -> str:
        return max(asked, key=lambda i: float((asked[i] @ row).max()))

    own = np.mean([max(found := learnt(row), key=found.__getitem__) == i for i, row in unseen])
    plain = np.mean([nearest(row) == i for i, row in unseen])
    assert own > 0.98
    assert plain < 0.95


def test_likeness_is_a_cosine_and_greatest_for_the_middle_of_a_class(asked: Mapping[str, Vectors]) -> None:
    learnt = Discriminant(asked)
    for i, rows in asked.items():
        found = learnt(rows.mean(axis=0))
        assert found[i] == pytest.approx(1.0, abs=1e-5)
        assert all(-1.0 <= likeness <= 1.0 for likeness in found.values())


def test_classes_without_a_question_are_left_out(asked: Mapping[str, Vectors]) -> None:
    none = np.empty((0, 8), dtype=np.float32)
    assert Discriminant({**asked, "silent": none})(asked["p0"][0]) == Discriminant(asked)(asked["p0"][0])


@pytest.mark.parametrize("classes", [0, 1])
def test_with_fewer_than_two_classes_nothing_is_learnt(asked: Mapping[str, Vectors], classes: int) -> None:
    assert Discriminant(dict(list(asked.items())[:classes]))(asked["p0"][0]) == {}


def test_one_question_each_is_enough_not_to_break() -> None:
    learnt = Discriminant({f"p{n}": questions(n, 1, seed=n) for n in MEANT})
    found = learnt(questions(1, 1, seed=1)[0])
    assert max(found, key=found.__getitem__) == "p1"


def test_every_finding_of_a_corpus_with_lay_questions_is_a_class(small: Assistant) -> None:
    catalogue = small.workings.catalogue
    asked = {f"{f.id}:0-{len(f.statement)}" for f in catalogue.findings.values() if f.asked_as}
    rows = small.workings.index.vectors_by_passage(asked, "aid")
    assert set(rows) == asked
    for finding in catalogue.findings.values():
        assert len(rows[f"{finding.id}:0-{len(finding.statement)}"]) == len(finding.asked_as)
