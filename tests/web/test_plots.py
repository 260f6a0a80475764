import json
import math
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.monitoring import Move, PlaceOn, Relationship, Strength
from assistant.web.plots import LEAST_APART, mechanism_dots, relationship_paths, spectrum_plot, spread
from assistant.web.render_mechanisms import move_words, paths_table_html
from tests.framework.conftest import load_catalogue

unit = st.floats(0, 1, allow_nan=False)


def place(formality: float, origin: float, day: date = date(2026, 1, 1)) -> PlaceOn:
    return PlaceOn(
        relationship_id="r", day=day, formality=formality, origin=origin, strength=Strength.MIDDLING
    )


def move(partner: str, before: PlaceOn | None, after: PlaceOn | None) -> Move:
    return Move(
        relationship=Relationship(partner=partner, formality=0.5, origin=0.5), before=before, after=after
    )


MOVES = (
    move("North <b>Trust</b>", place(0.2, 0.1), place(0.8, 0.4)),
    move("Supplier days", None, place(0.4, 0.9)),
    move("Old club", place(0.1, 0.1), None),
    move("Neighbour", place(0.6, 0.3), place(0.6, 0.3)),
)


def drawn(**kept: Any) -> dict[str, Any]:
    plot = spectrum_plot(load_catalogue(), mechanism_dots(load_catalogue()), **kept)
    read: dict[str, Any] = json.loads(plot.plot)
    return read


def test_every_mechanism_has_its_number_in_the_order_of_names() -> None:
    dots = mechanism_dots(load_catalogue())
    assert [dot.number for dot in dots] == list(range(1, len(load_catalogue().mechanisms) + 1))
    assert [dot.name.lower() for dot in dots] == sorted(dot.name.lower() for dot in dots)


def test_no_two_dots_of_the_catalogue_hide_each_other_and_none_leaves_its_quarter() -> None:
    dots = mechanism_dots(load_catalogue())
    places = [(dot.formality, dot.origin) for dot in dots]
    spots = spread(places)
    near = min(math.dist(a, b) for n, a in enumerate(spots) for b in spots[:n])
    assert near > LEAST_APART - 0.001
    for spot, true in zip(spots, places, strict=True):
        assert [value >= 0.5 for value in spot] == [value >= 0.5 for value in true]
        assert math.dist(spot, true) < 0.1


@given(st.lists(st.tuples(unit, unit), max_size=12))
def test_spreading_is_repeatable_and_stays_inside(places: list[tuple[float, float]]) -> None:
    spots = spread(places)
    assert spots == spread(places)
    assert all(0 <= value <= 1 for spot in spots for value in spot)


def test_places_that_are_far_apart_stay_where_they_are() -> None:
    assert spread([(0.2, 0.2), (0.8, 0.8)]) == [(0.2, 0.2), (0.8, 0.8)]


def test_the_picture_holds_dots_diamonds_and_an_arrow_for_what_moved() -> None:
    picture = drawn(paths=relationship_paths(MOVES))
    dots, before, now = picture["data"]
    assert len(dots["text"]) == 28
    assert before["text"] == ["A", "C"]
    assert now["text"] == ["A", "B", "D"]
    arrows = [note for note in picture["layout"]["annotations"] if note.get("showarrow")]
    assert [(a["ax"], a["ay"], a["x"], a["y"]) for a in arrows] == [(0.2, 0.1, 0.8, 0.4)]


def test_names_of_partners_are_never_markup_on_the_picture() -> None:
    picture = drawn(paths=relationship_paths(MOVES))
    assert "<b>" not in json.dumps(picture["data"])


def test_the_picture_offers_no_zoom_and_no_buttons_that_a_keyboard_could_not_leave() -> None:
    picture = drawn()
    assert picture["config"]["displayModeBar"] is False
    assert picture["layout"]["xaxis"]["fixedrange"]
    assert picture["layout"]["yaxis"]["fixedrange"]
    assert picture["layout"]["dragmode"] is False


def test_the_table_says_in_words_what_moved() -> None:
    paths = relationship_paths(MOVES)
    assert [move_words(path) for path in paths] == [
        "More formal and more from outside",
        "New",
        "Ended",
        "Stayed",
    ]
    table = paths_table_html(paths, first="1 May 2026", second="Today")
    assert "<b>" not in table
    assert "&lt;b&gt;" in table
    assert paths_table_html((), first="", second="") == ""


def test_letters_go_on_after_z() -> None:
    paths = relationship_paths([move(str(n), None, place(0.5, 0.5)) for n in range(28)])
    assert (paths[25].letter, paths[26].letter, paths[27].letter) == ("Z", "A1", "B1")
