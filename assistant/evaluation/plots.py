"""Small drawings as inline SVG: intervals and risk against coverage. No scripts, no files, no fonts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH, _ROW, _LEFT, _RIGHT = 720, 26, 230, 60


def interval_chart(rows: Sequence[tuple[str, float, float | None, float | None]], *, title: str) -> str:
    """Dots with their intervals, one line for each (name, value, low, high), on a scale from 0 to 1.

    Values outside 0 to 1 are drawn at the edge; the number beside them is the true one.
    """
    height = _ROW * len(rows) + 34
    lines = "".join(_grid(tick / 4, height) for tick in range(5))
    marks = "".join(_mark(20 + _ROW * (i + 0.5), *row) for i, row in enumerate(rows))
    label = escape(title, quote=True)
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {_WIDTH} {height}" class="plot">'
        f"<title>{label}</title>{lines}{marks}</svg>"
    )


def _x(value: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(1.0, max(0.0, value))


def _grid(value: float, height: int) -> str:
    x = _x(value)
    return (
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="16" y2="{height - 16}"/>'
        f'<text class="tick" x="{x:.1f}" y="{height - 4}" text-anchor="middle">{value:g}</text>'
    )


def _mark(y: float, name: str, value: float, low: float | None, high: float | None) -> str:
    whisker = ""
    if low is not None and high is not None:
        whisker = f'<line class="whisker" x1="{_x(low):.1f}" x2="{_x(high):.1f}" y1="{y}" y2="{y}"/>'
    return (
        f'<text class="name" x="{_LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(name)}</text>{whisker}'
        f'<circle class="dot" cx="{_x(value):.1f}" cy="{y}" r="5"/>'
        f'<text class="value" x="{_WIDTH - _RIGHT + 10}" y="{y + 4}">{value:.2f}</text>'
    )


def risk_coverage_chart(points: Sequence[tuple[float, float]], *, title: str) -> str:
    """The share of wrong answers (up) against the share of questions answered (right), as steps."""
    left, top, width, height = 50, 12, 420, 220
    corners, before = [], 0.0
    for coverage, risk in points:
        y = top + height * (1 - risk)
        corners += [f"{left + width * before:.1f},{y:.1f}", f"{left + width * coverage:.1f},{y:.1f}"]
        before = coverage
    label = escape(title, quote=True)
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 500 280" class="plot small">'
        f"<title>{label}</title>"
        f'<rect class="frame" x="{left}" y="{top}" width="{width}" height="{height}"/>'
        f'<polyline class="curve" points="{" ".join(corners)}"/>'
        f'<text class="tick" x="{left - 6}" y="{top + 8}" text-anchor="end">1</text>'
        f'<text class="tick" x="{left - 6}" y="{top + height}" text-anchor="end">0</text>'
        f'<text class="tick" x="{left}" y="{top + height + 16}">none answered</text>'
        f'<text class="tick" x="{left + width}" y="{top + height + 16}" text-anchor="end">all answered'
        "</text>"
        f'<text class="tick" x="{left}" y="{top + height + 36}">up: share of answers to questions without one'
        "</text></svg>"
    )
