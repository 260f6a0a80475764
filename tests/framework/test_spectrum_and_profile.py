import pytest

from assistant.domain.advice import ConditionReading, Profile, Source
from assistant.domain.framework import Catalogue, FactorLevel, Framework
from assistant.errors import InputError
from assistant.framework.conditions import VALUE
from assistant.framework.profile import corrected, differences, joined, profile_from_answers, weakest
from assistant.framework.recommend import Adviser
from assistant.framework.wordings import Wordings

LOW, MID, HIGH = FactorLevel.LOW, FactorLevel.MID, FactorLevel.HIGH


@pytest.fixture
def framework(catalogue: Catalogue) -> Framework:
    assert catalogue.framework is not None
    return catalogue.framework


def one(factor: str, level: FactorLevel, source: Source = Source.WORDS) -> Profile:
    read = ConditionReading(
        factor=factor, state=level, because=("so",), confidence=0.5, value=VALUE[level], source=source
    )
    return Profile({factor: read})


def test_descriptions_of_each_quarter_are_placed_in_it(adviser: Adviser, everyday: Wordings) -> None:
    told = [(quarter, text) for quarter, texts in everyday.relationships.items() for text in texts]
    places = [(quarter, adviser.spectrum.place(text)) for quarter, text in told]
    right = sum(place is not None and place.quadrant == quarter for quarter, place in places)
    assert right / len(told) > 0.8


def test_a_place_quotes_the_words_and_its_quarter_fits_its_axes(adviser: Adviser) -> None:
    text = "The ministry chose our partner. We signed a contract with targets and reports."
    place = adviser.spectrum.place(text)
    assert place is not None
    assert all(words in text for words in place.because)
    assert place.quadrant == "formal-external"
    assert place.formality >= 0.5 <= place.origin


def test_no_words_have_no_place(adviser: Adviser) -> None:
    assert adviser.spectrum.place("") is None


def test_answers_on_one_factor_are_averaged_and_skipped_ones_stay_unknown(framework: Framework) -> None:
    profile = profile_from_answers(
        {"proximity-q1": LOW, "proximity-q2": HIGH, "proximity-q3": "high"}, framework
    )
    assert set(profile.readings) == {"proximity"}
    assert profile.readings["proximity"].value == pytest.approx(1 / 3, abs=1e-3)
    assert profile.state("proximity") == MID
    assert profile.readings["proximity"].source is Source.ANSWER
    assert len(profile.readings["proximity"].because) == 3


@pytest.mark.parametrize("answers", [{"no-such-q1": LOW}, {"proximity-q1": "lots"}])
def test_an_unknown_question_or_answer_is_refused(answers: dict[str, str], framework: Framework) -> None:
    with pytest.raises(InputError):
        profile_from_answers(answers, framework)


def test_an_answer_outranks_the_words() -> None:
    both = joined(one("proximity", LOW), one("proximity", HIGH, Source.ANSWER))
    assert both.state("proximity") == HIGH


def test_a_correction_of_an_unknown_factor_is_refused(framework: Framework) -> None:
    with pytest.raises(InputError, match="no factor"):
        corrected(Profile(), "weather", LOW, framework)


def test_several_partners_are_fitted_to_the_weakest_capacity() -> None:
    profiles = [
        one("absorptive-capacity", HIGH),
        one("absorptive-capacity", HIGH),
        one("absorptive-capacity", LOW),
    ]
    assert weakest(profiles).state("absorptive-capacity") == LOW
    assert (
        weakest([one("proximity", HIGH), one("proximity", HIGH), one("proximity", LOW)]).state("proximity")
        == HIGH
    )


def test_two_partners_see_only_where_they_differ() -> None:
    first = joined(one("proximity", LOW), one("extrinsic-motivation", HIGH))
    second = joined(one("proximity", HIGH), one("extrinsic-motivation", HIGH))
    assert [(d.factor, d.first, d.second) for d in differences(first, second)] == [("proximity", LOW, HIGH)]
