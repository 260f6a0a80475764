"""Spellings of one word meet, and different words stay apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.words import stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("organisation", "organization"),
        ("organising", "organizing"),
        ("inter-organisational", "interorganizational"),
        ("inter-organisational", "inter organizational"),
        ("inter-firm", "inter-organisational"),
        ("cross-organisational", "inter-organizational"),
        ("colour", "color"),
        ("behavioural", "behavioral"),
        ("programmes", "program"),
        ("co-operate", "cooperate"),
        ("clinicians’", "clinicians'"),
        ("hospital’s", "hospital"),
        ("naïve", "naive"),
        ("go‑live", "go-live"),
        ("per cent", "percent"),
        ("digitalisation", "digitalization"),
        ("sharing", "shares"),
        ("centre", "center"),
        ("analysis", "analyses"),
    ],
)
def test_spellings_of_one_word_meet(one: str, other: str) -> None:
    assert stems(one) == stems(other) != []


def test_a_hyphenated_pair_meets_the_joined_word_and_its_parts() -> None:
    assert set(stems("well-being")) >= {*stems("wellbeing"), *stems("being well")}


@pytest.mark.parametrize(
    ("one", "other"),
    [("exercise", "exercize"), ("advise", "advice"), ("organ", "organisation"), ("12", "12%")],
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert set(stems(one)).isdisjoint(stems(other))


def test_numbers_keep_their_point_and_per_cent_and_lose_the_comma() -> None:
    assert stems("3.5 % of 1,200 visits") == ["3.5%", "1200", "visit"]


def test_stop_words_give_nothing_but_a_no_is_kept() -> None:
    assert stems("What is it that the") == []
    assert stems("no, never, not") == ["no", "never", "not"]


@given(st.text())
def test_any_text_gives_stems_without_spaces_and_again_the_same(text: str) -> None:
    assert all(stem and not any(letter.isspace() for letter in stem) for stem in stems(text))
    assert stems(text) == stems(text)


@pytest.mark.parametrize("piece", ["inter-", "a-", "1,234", "'s", "is", "our", "é", " "])
def test_time_grows_with_the_length_only(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            stems(text)
            best = min(best, time.perf_counter() - start)
        return best

    assert seconds(200_000) < 8 * seconds(50_000) + 0.05
