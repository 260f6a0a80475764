from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.framework import FactorLevel
from assistant.framework.conditions import ConditionReader
from assistant.framework.recommend import Adviser
from tests.framework.conftest import build_adviser

LOW, HIGH = FactorLevel.LOW, FactorLevel.HIGH


def state(adviser: Adviser, text: str, factor: str) -> FactorLevel | None:
    return adviser.conditions.read(text).state(factor)


def test_nothing_is_read_from_nothing(adviser: Adviser) -> None:
    assert adviser.conditions.read("").readings == {}
    assert adviser.conditions.read(" \n ").readings == {}


def test_a_factor_nobody_spoke_of_stays_unknown(adviser: Adviser) -> None:
    profile = adviser.conditions.read("They are afraid of being blamed.")
    assert "past-collaboration-experience" not in profile.readings
    assert profile.pull("past-collaboration-experience") == 0.0


def test_a_denial_turns_a_remark_round(adviser: Adviser) -> None:
    assert state(adviser, "They are keen to do it.", "intrinsic-motivation") == HIGH
    assert state(adviser, "They are not keen to do it.", "intrinsic-motivation") == LOW


def test_lay_words_for_want_of_money_are_read(adviser: Adviser) -> None:
    for text in ("There is no budget.", "We have one year money only.", "The money runs out in March."):
        assert state(adviser, text, "policy-developments") == LOW, text


def test_fear_counts_as_high_inhibitors_and_safety_as_low(adviser: Adviser) -> None:
    assert state(adviser, "People are afraid of being blamed.", "personal-inhibitors") == HIGH
    assert state(adviser, "Nobody is afraid of being blamed.", "personal-inhibitors") == LOW


def test_a_wish_is_not_a_state_of_affairs(adviser: Adviser) -> None:
    assert state(adviser, "There is a paid facilitator.", "coordination-practices") == HIGH
    hits = adviser.conditions._cues.hits("We'd like a paid facilitator.")
    assert [hit for hit in hits if hit.factor == "coordination-practices"] == []


def test_a_hedge_lowers_the_confidence(adviser: Adviser) -> None:
    plain = adviser.conditions.read("They fear the regulator and blame.").readings["personal-inhibitors"]
    hedged = adviser.conditions.read("Maybe they fear the regulator and blame.").readings[
        "personal-inhibitors"
    ]
    assert hedged.confidence < plain.confidence


def test_the_weaker_partner_sets_the_capacity(adviser: Adviser) -> None:
    text = "We have a strong digital team. They have no staff to spare and are stretched."
    reading = adviser.conditions.read(text).readings["absorptive-capacity"]
    assert reading.state == LOW
    assert "weaker" in reading.note
    assert any("They" in words for words in reading.because)


def test_typographic_apostrophes_read_as_straight_ones(adviser: Adviser) -> None:
    curly, straight = "We can’t travel.", "We can't travel."
    assert state(adviser, curly, "proximity") == state(adviser, straight, "proximity") == LOW


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_quoted_words_stand_in_the_text_and_confidence_is_a_share(text: str) -> None:
    reader: ConditionReader = build_adviser().conditions
    profile = reader.read(text)
    for reading in profile.readings.values():
        assert 0.0 <= reading.confidence <= 1.0
        assert -1.0 <= reading.value <= 1.0
        assert reading.because
        for words, span in zip(reading.because, reading.spans, strict=True):
            assert text[span.start : span.end] == words
    assert reader.read(text) == profile
