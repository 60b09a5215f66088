"""The geometry of charts that the server draws as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    value: int


@dataclass(frozen=True)
class Chart:
    """A line chart in user units: `lines` by series, `marks` are the values (and heights) of the horizontal lines.

    The series begin together; one may be shorter than the others.
    """

    width: int
    height: int
    left: int
    step: float
    lines: dict[str, list[Point]]
    marks: list[tuple[int, float]]

    def path(self, series: str) -> str:
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.lines[series])


LEFT, RIGHT, TOP, BOTTOM = 52, 12, 16, 32


def line_chart(series: Mapping[str, Sequence[int]], *, width: int = 720, height: int = 240) -> Chart:
    """Lines for series that begin together, from zero to a round number above the largest value."""
    count = max(len(values) for values in series.values())
    top = round_up(max((value for values in series.values() for value in values), default=0))
    step = (width - LEFT - RIGHT) / max(count - 1, 1)
    room = height - TOP - BOTTOM

    def y(value: int) -> float:
        return TOP + room * (1 - value / top)

    lines = {
        name: [Point(LEFT + step * number, y(value), value) for number, value in enumerate(values)]
        for name, values in series.items()
    }
    marks = [(value, y(value)) for value in range(0, top + 1, max(1, top // 4))]
    return Chart(width, height, LEFT, step, lines, marks)


def round_up(value: int) -> int:
    """The next of 4, 8, 20, 40, 80, 200, ...: numbers whose quarters are whole and read well."""
    size = 1
    while True:
        for base in (4, 8, 20):
            if value <= base * size:
                return base * size
        size *= 10


def sparkline(values: Sequence[int], *, width: int = 96, height: int = 28) -> str:
    """The points of a small line without axes."""
    low, high = min(values), max(values)
    step = width / max(len(values) - 1, 1)
    spread = max(high - low, 1)
    return " ".join(
        f"{number * step:.1f},{height - 2 - (height - 4) * (value - low) / spread:.1f}"
        for number, value in enumerate(values)
    )
