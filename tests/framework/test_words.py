"""Segments, patterns, likeness, encoding: the parts that read words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.framework import Catalogue, FactorLevel
from assistant.errors import CorpusError, InputError
from assistant.framework.cues import Cues
from assistant.framework.encoding import WholeTexts, stored_vectors
from assistant.framework.likeness import Likeness, Shares
from assistant.framework.segments import plain, segments, sentences, spelt_out, stem, terms
from assistant.framework.wordings import wordings
from tests.framework.conftest import StemEmbedder, read_yaml


@given(st.text(max_size=300))
def test_every_segment_is_exactly_its_place_in_the_text(text: str) -> None:
    found = segments(text)
    assert all(text[s.span.start : s.span.end] == s.text for s in found)
    assert len({s.span for s in found}) == len(found)
    assert {s.span for s in sentences(text)} <= {s.span for s in found}


@given(st.text(max_size=200))
def test_plain_words_keep_their_places(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_talk_is_spelt_out() -> None:
    said = "We’ve two; they're keen, it's far, I'd go, we can't pay and they won't. The trust's own."
    written = (
        "We have two; they are keen, it is far, I would go, we cannot pay and they will not. The trust's own."
    )
    assert spelt_out(said) == written
    assert spelt_out(written) == written


def test_endings_of_a_word_meet() -> None:
    assert len({stem(word) for word in ("share", "shares", "shared", "sharing")}) == 1
    assert stem("policies") == stem("policy")


def test_a_denied_word_differs_from_the_same_word_affirmed() -> None:
    assert "not_money" in terms("There is no money.")
    assert "not_money" not in terms("There is money.")


def cues(*patterns: str) -> Cues:
    return Cues({"proximity": {"high": list(patterns)}})


@pytest.mark.parametrize(
    ("pattern", "text", "level"),
    [
        ("next door", "They are next-door neighbours.", FactorLevel.HIGH),
        ("near*", "It is nearby.", FactorLevel.HIGH),
        ("(near|close) to us", "They are close to us.", FactorLevel.HIGH),
        ("same ~ system", "the same old record system", FactorLevel.HIGH),
        ("same system", "It isn't the same system.", FactorLevel.LOW),
        ("NOT far", "It is not far.", FactorLevel.HIGH),
        ("NOT far", "It is far.", None),
        ("same ~ system", "the same one two three four system", None),
    ],
)
def test_patterns_mean_what_their_guide_says(pattern: str, text: str, level: FactorLevel | None) -> None:
    assert [hit.level for hit in cues(pattern).hits(text)] == ([level] if level else [])


def test_a_pattern_that_ends_in_a_gap_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        cues("same ~")


def test_a_misspelt_factor_in_the_wordings_is_named_with_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(CorpusError, match=r"absorbtive-capacity.*Did you mean 'absorptive-capacity'"):
        wordings({"remarks": {"absorbtive-capacity": {"low": ["x"]}}}, {}, catalogue)


def test_a_case_without_a_best_mechanism_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(CorpusError, match="case 1"):
        wordings({}, {"cases": [{"text": "We meet."}]}, catalogue)


@pytest.mark.parametrize("wrong", [["mentoring"], ["webinar", "webinar"], ["site-visit"]])
def test_a_case_that_calls_one_mechanism_right_and_wrong_is_refused(
    wrong: list[str], catalogue: Catalogue
) -> None:
    case = {"text": "We meet.", "best": ["site-visit"], "also": ["mentoring"], "wrong": wrong}
    with pytest.raises(CorpusError, match=f"case 1 names '{wrong[0]}' twice"):
        wordings({}, {"cases": [case]}, catalogue)
    assert wordings({}, {"cases": [{**case, "wrong": ["webinar"]}]}, catalogue).cases


def test_no_worked_case_is_told_twice() -> None:
    texts = [case["text"] for case in read_yaml("cases.yaml")["cases"]]  # type: ignore[attr-defined]
    assert len(set(texts)) == len(texts) > 200


def test_likeness_equals_ridge_regression_worked_out_by_hand() -> None:
    encode = WholeTexts(StemEmbedder())
    texts, marks = ["we share a system", "they live far away", "nobody has time"], np.eye(3)
    learnt = Likeness(texts, marks, encode, shares=Shares(meaning=1.0, words=0.0), ridge=0.5)
    vectors, asked = encode(texts).astype(float), encode(["we share time"]).astype(float)
    weights = np.linalg.inv(vectors @ vectors.T + 0.5 * np.eye(3)) @ (marks - 1 / 3)
    assert learnt.marks(["we share time"]) == pytest.approx(asked @ vectors.T @ weights, abs=1e-5)


def test_matching_by_sentence_equals_the_plain_double_loop() -> None:
    encode = WholeTexts(StemEmbedder())
    texts = ["We share a system. They live far.", "Nobody has time.", "A system. Time. They share."]
    marks, only = np.eye(3), Shares(meaning=0.0, words=0.0, sentences=1.0)
    learnt = Likeness(texts, marks, encode, shares=only, ridge=1.0)

    def alike(one: str, other: str) -> float:
        grid = encode([s.text for s in sentences(one)]) @ encode([s.text for s in sentences(other)]).T
        return float((grid.max(axis=1).mean() + grid.max(axis=0).mean()) / 2)

    kernel = np.array([[alike(a, b) for b in texts] for a in texts])
    asked = np.array([[alike("They share time. Far.", b) for b in texts]])
    wanted = asked @ np.linalg.solve(kernel + np.eye(3), marks - 1 / 3)
    assert learnt.marks(["They share time. Far."]) == pytest.approx(wanted, abs=1e-5)


@given(st.text(min_size=1, max_size=2000).map(lambda text: text + " end" * 90))
def test_a_text_of_any_length_gets_one_unit_vector(text: str) -> None:
    rows = WholeTexts(StemEmbedder())([text, "short"])
    assert rows.shape == (2, StemEmbedder.dimensions)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-4)


def test_vectors_are_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    file, first, second = tmp_path / "advice" / "vectors.npz", StemEmbedder(), StemEmbedder()
    before = stored_vectors(["one", "two"], first, file)
    after = stored_vectors(["one", "two", "three"], second, file)
    assert (first.encoded, second.encoded) == (2, 1)
    assert all(np.array_equal(before[text], after[text]) for text in before)


def test_a_damaged_store_of_vectors_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "vectors.npz"
    stored_vectors(["one"], StemEmbedder(), file)
    file.write_bytes(file.read_bytes()[:60])
    again = StemEmbedder()
    assert set(stored_vectors(["one"], again, file)) == {"one"}
    assert again.encoded == 1
    assert stored_vectors(["one"], StemEmbedder(), file).keys() == {"one"}


def test_vectors_of_another_model_are_not_mixed_in(tmp_path: Path) -> None:
    file, other = tmp_path / "vectors.npz", StemEmbedder()
    stored_vectors(["one"], StemEmbedder(), file)
    other.model_id = "another"
    stored_vectors(["one"], other, file)
    assert other.encoded == 1
