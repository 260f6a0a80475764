"""The picture of who depends on whom: roles on the left, partners on the right, a line for each contact held.

Every line also stands in the table beside it (`render_monitor.py`). The browser draws it.
"""

from __future__ import annotations

import json
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from assistant.domain.monitoring import Network
from assistant.web.plots import calm_layout

if TYPE_CHECKING:
    from gradio.components.plot import PlotData

_ROLE, _PARTNER, _ALONE, _LINE = "#5b4a9a", "#0b5a7a", "#b3261e", "#75828b"
_NOBODY = "nobody named"
_ROW = 62
_ACROSS, _LINES = 13, 3
"""Letters and lines of a name beside its dot; the whole name stands in the table and under the pointer."""


def network_plot(network: Network) -> PlotData | None:
    """The picture for `gr.Plot`; None if there is no relationship."""
    from gradio.components.plot import PlotData

    if not network.partners:
        return None
    roles = [tie.holder for tie in network.ties] + ([_NOBODY] if network.unheld else [])
    role_at = dict(zip(roles, _heights(len(roles)), strict=True))
    partner_at = dict(zip(network.partners, _heights(len(network.partners)), strict=True))
    held = [(tie.holder, partner) for tie in network.ties for partner in tie.partners]
    single = {*network.single}
    lines = [_line(role_at[h], partner_at[p], alone=p in single) for h, p in held]
    lines += [_line(role_at[_NOBODY], partner_at[p], alone=True) for p in network.unheld]
    data = [
        *lines,
        _dots(0.0, role_at, "square", dict.fromkeys(roles, _ROLE), side="middle left"),
        _dots(
            1.0,
            partner_at,
            "circle",
            {p: _ALONE if p in {*single, *network.unheld} else _PARTNER for p in network.partners},
            side="middle right",
        ),
    ]
    tallest = max(len(roles), len(network.partners))
    drawn = {"data": data, "layout": _layout(70 + _ROW * tallest), "config": _CONFIG}
    return PlotData(type="plotly", plot=json.dumps(drawn))


_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}


def _heights(count: int) -> list[float]:
    """From the top down, evenly; one alone stands in the middle."""
    return [1 - (place + 0.5) / count for place in range(count)]


def _line(start: float, end: float, *, alone: bool) -> dict[str, Any]:
    look = (_ALONE, 3, "dot") if alone else (_LINE, 2, "solid")
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [start, end],
        "line": dict(zip(("color", "width", "dash"), look, strict=True)),
        "hoverinfo": "skip",
        "showlegend": False,
    }  # fmt: skip


def _dots(
    x: float, at: dict[str, float], symbol: str, colours: dict[str, str], *, side: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [x] * len(at),
        "y": list(at.values()),
        "text": [_short(name) for name in at],
        "textposition": side,
        "hovertext": [_plain(name) for name in at],
        "hoverinfo": "text",
        "marker": {"size": 18, "symbol": symbol, "color": [colours[name] for name in at]},
        "showlegend": False,
        "cliponaxis": False,
    }


def _layout(height: int) -> dict[str, Any]:
    axis = {"visible": False, "fixedrange": True, "zeroline": False}
    return {
        **calm_layout(height, margin={"l": 8, "r": 8, "t": 28, "b": 8}, size=13),
        "xaxis": {**axis, "range": [-1.3, 2.3]},
        "yaxis": {**axis, "range": [0, 1.02]},
        "annotations": [_head(0, "Who holds it", "right"), _head(1, "Partner", "left")],
    }  # fmt: skip


def _head(x: float, text: str, anchor: str) -> dict[str, Any]:
    return {"x": x, "y": 1, "text": text, "xanchor": anchor, "yanchor": "bottom", "showarrow": False}


def _short(name: str) -> str:
    """A name on a few short lines, so that it fits beside its dot on a phone."""
    lines = wrap(_plain(name), _ACROSS)
    cut = [*lines[: _LINES - 1], f"{lines[_LINES - 1]}\u2026"] if len(lines) > _LINES else lines
    return "<br>".join(cut)


def _plain(text: str) -> str:
    """Text for a picture: the browser takes some tags as markup there, so none may be left."""
    return text.translate({ord("<"): "\u2039", ord(">"): "\u203a", ord("&"): "+"})
