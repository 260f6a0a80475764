import pytest

from assistant.domain.advice import Part
from assistant.framework.choosing import MechanismFilter, chosen, levels_of, part_of
from tests.framework.conftest import load_catalogue

CATALOGUE = load_catalogue()


def names(**wanted: str) -> set[str]:
    return {m.id for m in chosen(CATALOGUE, MechanismFilter(**wanted))}


def test_an_open_filter_gives_all_in_the_order_of_names() -> None:
    found = chosen(CATALOGUE, MechanismFilter())
    assert len(found) == len(CATALOGUE.mechanisms)
    assert [m.name.lower() for m in found] == sorted(m.name.lower() for m in found)


def test_each_side_keeps_exactly_what_has_it() -> None:
    every = CATALOGUE.mechanisms.values()
    assert names(quadrant="formal-internal") == {
        m.id for m in every if m.spectrum.quadrant == "formal-internal"
    }
    assert names(effort="low") == {m.id for m in every if m.effort.level == "low"}
    assert names(level="individual") == {m.id for m in every if "individual" in levels_of(m, CATALOGUE)}
    assert names(part="tend") == {"knowledge-broker", "intermediary-support"}


def test_the_parts_share_out_all_mechanisms() -> None:
    parts = [names(part=part) for part in ("start", "carry", "tend")]
    assert sum(map(len, parts)) == len(CATALOGUE.mechanisms)
    assert part_of(CATALOGUE.mechanisms["messaging-group"], CATALOGUE) is Part.CARRY


def test_all_sides_must_hold() -> None:
    assert names(effort="low", part="carry") == names(effort="low") & names(part="carry")


@pytest.mark.parametrize("words", ["webin", "WEBINARS virtual", "  webinars  "])
def test_words_are_found_from_their_beginning_in_any_case(words: str) -> None:
    assert names(words=words) == {"webinar"}


def test_words_of_situations_are_found_and_unknown_words_find_nothing() -> None:
    assert "action-learning-set" in names(words="thorny problem")
    assert names(words="xylophone") == set()
