"""The picture of the two axes: mechanisms as numbered dots, relationships as lettered diamonds and arrows.

The one room for Plotly. Every number and letter also stands in the table beside (`render_mechanisms.py`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from assistant.domain.framework import Catalogue
from assistant.domain.monitoring import Move

if TYPE_CHECKING:
    from gradio.components.plot import PlotData

LEAST_APART = 0.085
"""Of the length of an axis: nearer dots would hide each other's numbers on a phone."""
_EDGE = 0.045
_ROUNDS = 400
_DOT, _DIAMOND, _LINE = "#0b5a7a", "#5b4a9a", "#75828b"
_HEIGHT = 520


@dataclass(frozen=True, slots=True)
class Dot:
    """A mechanism on the picture."""

    number: int
    mechanism_id: str
    name: str
    formality: float
    """From 0 (informal) to 1 (formal)."""
    origin: float
    """From 0 (from inside) to 1 (from outside)."""


@dataclass(frozen=True, slots=True)
class Path:
    """A relationship on the picture: where it is, and where it was before if it was."""

    letter: str
    name: str
    before: tuple[float, float] | None
    """Formality and origin on the first day."""
    after: tuple[float, float] | None
    """The same on the second day; None if it had ended by then."""

    @property
    def moved(self) -> bool:
        """True if it was on the picture on both days, in different places."""
        return self.before is not None and self.after is not None and self.before != self.after


def mechanism_dots(catalogue: Catalogue) -> tuple[Dot, ...]:
    """Every mechanism with its number: 1 for the first name in the alphabet, whatever a filter shows."""
    ordered = sorted(catalogue.mechanisms.values(), key=lambda m: m.name.lower())
    return tuple(
        Dot(number, m.id, m.name, m.spectrum.formality, m.spectrum.origin)
        for number, m in enumerate(ordered, 1)
    )


def relationship_paths(moves: Sequence[Move]) -> tuple[Path, ...]:
    """Relationships with letters in the order given: A to Z, then A1 and so on."""
    return tuple(
        Path(_letter(place), move.relationship.partner, _place(move.before), _place(move.after))
        for place, move in enumerate(moves)
    )


def _letter(place: int) -> str:
    round_, letter = divmod(place, len(ascii_uppercase))
    return f"{ascii_uppercase[letter]}{round_ or ''}"


def _place(where: Any) -> tuple[float, float] | None:
    return (where.formality, where.origin) if where is not None else None


def spread(
    places: Sequence[tuple[float, float]], *, cut: float = 0.5, apart: float = LEAST_APART
) -> list[tuple[float, float]]:
    """The places moved as little as needed so that none lies nearer than `apart` to another.

    None leaves its quarter (`cut` belongs to the upper half) or the picture. The same places give the same
    result. Where a quarter is too full, places may stay nearer.
    """
    spots = [list(_inside(place, place, cut)) for place in places]
    for _ in range(_ROUNDS):
        pairs = [
            (a, b)
            for a in range(len(spots))
            for b in range(a)
            if math.dist(spots[a], spots[b]) < apart - 1e-9
        ]
        if not pairs:
            break
        for a, b in pairs:
            _push(spots[a], spots[b], apart, turn=a)
        for spot, place in zip(spots, places, strict=True):
            spot[:] = _inside((spot[0], spot[1]), place, cut)
    return [(round(x, 4), round(y, 4)) for x, y in spots]


def _push(one: list[float], other: list[float], apart: float, *, turn: int) -> None:
    """Move two spots apart by half of what is missing; those on one place part each in its own direction."""
    gap = math.dist(one, other)
    way = [o - t for o, t in zip(one, other, strict=True)]
    if gap < 1e-6:
        way, gap = [math.cos(2.4 * turn), math.sin(2.4 * turn)], 1.0
        step = apart / 2
    else:
        step = (apart - gap) / 2 + 1e-4
    for axis in (0, 1):
        one[axis] += way[axis] / gap * step
        other[axis] -= way[axis] / gap * step


def _inside(spot: tuple[float, float], place: tuple[float, float], cut: float) -> tuple[float, float]:
    """The spot held inside the quarter that the place belongs to."""
    held = []
    for value, true in zip(spot, place, strict=True):
        low, high = (cut + _EDGE, 1 - _EDGE) if true >= cut else (_EDGE, cut - _EDGE)
        held.append(min(high, max(low, value)))
    return held[0], held[1]


def spectrum_plot(catalogue: Catalogue, dots: Sequence[Dot], paths: Sequence[Path] = ()) -> PlotData:
    """The picture for `gr.Plot`. Dots are moved a little apart so that each number can be read."""
    from gradio.components.plot import PlotData
    from plotly import graph_objects as go

    cut = catalogue.framework.quadrant_cut if catalogue.framework else 0.5
    figure = go.Figure()
    if dots:
        figure.add_trace(_dots(go, dots, cut))
    for trace in _diamonds(go, paths):
        figure.add_trace(trace)
    figure.update_layout(**_layout(catalogue, cut, paths))
    drawn = json.loads(figure.to_json())
    # Nothing on the picture is needed by hand: no buttons, no zoom that a reader cannot leave again.
    drawn["config"] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}
    return PlotData(type="plotly", plot=json.dumps(drawn))


def _dots(go: Any, dots: Sequence[Dot], cut: float) -> Any:
    spots = spread([(dot.formality, dot.origin) for dot in dots], cut=cut)
    return go.Scatter(
        x=[x for x, _ in spots],
        y=[y for _, y in spots],
        mode="markers+text",
        text=[str(dot.number) for dot in dots],
        textfont={"color": "#ffffff", "size": 11},
        hovertext=[f"{dot.number}. {_plain(dot.name)}" for dot in dots],
        hoverinfo="text",
        marker={"size": 20, "color": _DOT, "opacity": 1, "line": {"color": "#8fd0ee", "width": 1}},
        showlegend=False,
        cliponaxis=False,
    )


def _diamonds(go: Any, paths: Sequence[Path]) -> list[Any]:
    """Where relationships were, hollow, and where they are, filled; each with its letter."""
    traces = []
    for filled in (False, True):
        shown = [
            (path, place)
            for path in paths
            if (place := path.after if filled else path.before) is not None
            and (filled or path.moved or not path.after)
        ]
        if shown:
            traces.append(_diamond_trace(go, shown, filled=filled))
    return traces


def _diamond_trace(go: Any, shown: Sequence[tuple[Path, tuple[float, float]]], *, filled: bool) -> Any:
    symbol = "diamond" if filled else "diamond-open"
    when = "now" if filled else "before"
    return go.Scatter(
        x=[place[0] for _, place in shown],
        y=[place[1] for _, place in shown],
        mode="markers+text",
        text=[path.letter for path, _ in shown],
        textfont={"color": "#ffffff" if filled else _DIAMOND, "size": 12},
        hovertext=[f"{path.letter}. {_plain(path.name)}, {when}" for path, _ in shown],
        hoverinfo="text",
        marker={"size": 26, "symbol": symbol, "color": _DIAMOND, "line": {"color": "#c3b6f5", "width": 2}},
        showlegend=False,
        cliponaxis=False,
    )


def _layout(catalogue: Catalogue, cut: float, paths: Sequence[Path]) -> dict[str, Any]:
    axis = {
        "range": [-0.02, 1.02],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "showticklabels": False,
        "ticks": "",
    }
    return {
        **calm_layout(_HEIGHT, margin={"l": 28, "r": 8, "t": 8, "b": 34}, size=14),
        "xaxis": {**axis, "title": {"text": "informal \u2192 formal", "standoff": 8}},
        "yaxis": {**axis, "title": {"text": "from inside \u2192 from outside", "standoff": 8}},
        "shapes": _lines(cut),
        "annotations": [*_quarter_names(catalogue), *_arrows(paths)],
    }


def calm_layout(height: int, *, margin: Mapping[str, int], size: int) -> dict[str, Any]:
    """What every picture of ours shares: no ground of its own, our letters, nothing to drag. In pixels."""
    return {
        "height": height,
        "margin": dict(margin),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Arial, Liberation Sans, sans-serif", "size": size, "color": "#1d2a33"},
        "dragmode": False,
        "hovermode": "closest",
    }


def _lines(cut: float) -> list[dict[str, Any]]:
    frame = {"type": "rect", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "line": {"color": _LINE, "width": 1}}
    across = {"type": "line", "x0": 0, "x1": 1, "y0": cut, "y1": cut, "line": {"color": _LINE, "width": 1}}
    up = {"type": "line", "x0": cut, "x1": cut, "y0": 0, "y1": 1, "line": {"color": _LINE, "width": 1}}
    return [{**shape, "layer": "below"} for shape in (frame, across, up)]


def _quarter_names(catalogue: Catalogue) -> list[dict[str, Any]]:
    quadrants = catalogue.framework.quadrants if catalogue.framework else ()
    return [
        {
            "x": 0.01 if quadrant.formality == "informal" else 0.99,
            "y": 0.0 if quadrant.origin == "internal" else 1.0,
            "text": _in_two_lines(_plain(quadrant.name)),
            "align": "left" if quadrant.formality == "informal" else "right",
            "showarrow": False,
            "xanchor": "left" if quadrant.formality == "informal" else "right",
            "yanchor": "bottom" if quadrant.origin == "internal" else "top",
            "font": {"size": 12},
        }
        for quadrant in quadrants
    ]


def _in_two_lines(name: str) -> str:
    """A name of several words broken after the first: on a phone two names stand side by side."""
    first, _, rest = name.partition(" ")
    return f"{first}<br>{rest}" if rest else first


def _arrows(paths: Sequence[Path]) -> list[dict[str, Any]]:
    return [
        {
            "x": path.after[0], "y": path.after[1], "ax": path.before[0], "ay": path.before[1],
            "xref": "x", "yref": "y", "axref": "x", "ayref": "y", "text": "", "showarrow": True,
            "arrowhead": 2, "arrowwidth": 2, "arrowcolor": _DIAMOND, "standoff": 14, "startstandoff": 14,
        }
        for path in paths
        if path.moved and path.before and path.after
    ]  # fmt: skip


def _plain(text: str) -> str:
    """Text for a picture: Plotly takes some tags as markup, so none may be left."""
    return text.translate({ord("<"): "\u2039", ord(">"): "\u203a", ord("&"): "+"})


def numbers_by_id(dots: Sequence[Dot]) -> Mapping[str, int]:
    """The number of each mechanism by its id."""
    return {dot.mechanism_id: dot.number for dot in dots}
