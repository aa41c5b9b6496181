"""A bar chart as geometry: where each bar stands and what it says. A template draws it as SVG, with a table of the same numbers beside it.

Sizes are in units of the drawing. Pure. Authority: WCAG 2.2 1.1.1 and 1.4.1 (never by colour alone: each bar has a title, the table has
all).
"""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 240, 36, 28, 8
SERIES = 5
OTHERS = "overige"
HOURS = range(24)


class Bar(NamedTuple):
    """One piece of a bar: its place, which series (from 1), and its title."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


class Mark(NamedTuple):
    """A number beside an axis."""

    at: float
    text: str


class Chart(NamedTuple):
    """The whole drawing. `legend`: the name of each series, in order."""

    width: int
    height: int
    left: int
    base: int
    bars: tuple[Bar, ...]
    hours: tuple[Mark, ...]
    steps: tuple[Mark, ...]
    legend: tuple[str, ...]


def per_hour(counts: Mapping[tuple[int, str], int], names: Sequence[str]) -> Chart:
    """Bars per hour of the day, in pieces per name; what comes after the first names is taken together."""
    shown = tuple(names) if len(names) <= SERIES else (*names[: SERIES - 1], OTHERS)
    series = {name: min(nr, len(shown)) for nr, name in enumerate(names, start=1)}
    stacked = {hour: _stack(hour, counts, series) for hour in HOURS}
    step = _step(max(sum(pieces.values()) for pieces in stacked.values()))
    scale = (HEIGHT - BOTTOM - TOP) / (4 * step)
    slot = (WIDTH - LEFT) / len(HOURS)
    bars = [bar for hour, pieces in stacked.items() for bar in _bars(LEFT + hour * slot, slot, hour, pieces, scale, shown)]
    return Chart(
        WIDTH, HEIGHT, LEFT, HEIGHT - BOTTOM, tuple(bars),
        hours=tuple(Mark(round(LEFT + (hour + 0.5) * slot, 1), str(hour)) for hour in HOURS if hour % 3 == 0),
        steps=tuple(Mark(round(HEIGHT - BOTTOM - nr * step * scale, 1), str(nr * step)) for nr in range(5)),
        legend=shown,
    )  # fmt: skip


def _stack(hour: int, counts: Mapping[tuple[int, str], int], series: Mapping[str, int]) -> dict[int, int]:
    """How many of each series, in its order."""
    pieces: dict[int, int] = {}
    for name, nr in series.items():
        if count := counts.get((hour, name), 0):
            pieces[nr] = pieces.get(nr, 0) + count
    return pieces


def _bars(
    x: float, slot: float, hour: int, pieces: Mapping[int, int], scale: float, shown: Sequence[str]
) -> list[Bar]:
    found, top = [], float(HEIGHT - BOTTOM)
    for nr, count in pieces.items():
        top -= count * scale
        title = f"{shown[nr - 1]}: {count} tussen {hour} en {hour + 1} uur"
        found.append(Bar(round(x + slot * 0.15, 1), round(top, 1), round(slot * 0.7, 1), round(count * scale, 1), nr, title))
    return found


def _step(most: int) -> int:
    """A quarter of the axis: 1, 2 or 5 times a power of ten."""
    wanted, step = max(1, ceil(most / 4)), 1
    while step < wanted:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step
