"""Two drawings as geometry: streams through three columns, and pairs of bars. A template draws them as SVG, with the numbers in a table.

Sizes are in units of the drawing. Pure. Authority: WCAG 2.2 1.1.1 and 1.4.1 (never by colour alone: everything has a title, the table has
all).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

WIDTH, HEIGHT, NODE, GAP = 640, 320, 16, 10
SERIES, MOST = 5, 7
OTHERS = "overige"
COLUMNS = 3
_BAR, _LABEL = 18, 150


class Node(NamedTuple):
    """A block of a column: its place, its name and how much it is. `label`: where the name begins, and which way it goes."""

    x: float
    y: float
    height: float
    name: str
    amount: int
    series: int
    label: float
    anchor: str


class Ribbon(NamedTuple):
    """A stream between two blocks, as the path of an SVG."""

    path: str
    series: int
    title: str


class Streams(NamedTuple):
    """The whole drawing."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


class Pair(NamedTuple):
    """A name with two bars, of which either may be withheld (None)."""

    name: str
    y: float
    whole: float | None
    part: float | None
    title: str


class Pairs(NamedTuple):
    """Pairs under each other, from `left` on."""

    width: int
    height: int
    left: int
    bar: int
    pairs: tuple[Pair, ...]


def streams(counts: Mapping[tuple[str, str, str], int]) -> Streams:
    """Blocks and ribbons of what went from a first name through a second to a third; small ones are taken together."""
    merged = _merged(counts)
    total = sum(merged.values())
    if not total:
        return Streams(WIDTH, HEIGHT, (), ())
    columns = [_sums(merged, column) for column in range(COLUMNS)]
    scale = (HEIGHT - GAP * (max(len(one) for one in columns) - 1)) / total
    nodes = [_column(nr, names, scale) for nr, names in enumerate(columns)]
    ribbons = [ribbon for nr in range(COLUMNS - 1) for ribbon in _ribbons(merged, nr, nodes, scale)]
    return Streams(WIDTH, HEIGHT, tuple(node for column in nodes for node in column.values()), tuple(ribbons))


def pairs(rows: Sequence[tuple[str, int | None, int | None]], whole: str, part: str) -> Pairs:
    """Bars of (name, whole, part): the longest takes the width."""
    most = max((of or 0 for _, of, _ in rows), default=0) or 1
    room = WIDTH - _LABEL - 60
    drawn = [
        Pair(name, nr * (2 * _BAR + GAP), _length(of, room, most), _length(met, room, most),
             f"{name}: {_said(of)} {whole}, {_said(met)} {part}")
        for nr, (name, of, met) in enumerate(rows)
    ]  # fmt: skip
    return Pairs(WIDTH, max(1, len(rows)) * (2 * _BAR + GAP), _LABEL, _BAR, tuple(drawn))


def _merged(counts: Mapping[tuple[str, str, str], int]) -> dict[tuple[str, ...], int]:
    """The same with the small names of each column taken together."""
    keep = [{name for name, _ in _sums(counts, column).most_common(MOST)} for column in range(COLUMNS)]
    found: dict[tuple[str, ...], int] = defaultdict(int)
    for key, count in counts.items():
        found[tuple(name if name in keep[nr] else OTHERS for nr, name in enumerate(key))] += count
    return found


def _sums(counts: Mapping[tuple[str, ...], int] | Mapping[tuple[str, str, str], int], column: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, count in counts.items():
        found[key[column]] += count
    return found


def _column(nr: int, names: Counter[str], scale: float) -> dict[str, Node]:
    x = nr * (WIDTH - NODE) / (COLUMNS - 1)
    last = nr == COLUMNS - 1
    label, anchor = (x - 6, "end") if last else (x + NODE + 6, "start")
    found, y = {}, 0.0
    for series, (name, count) in enumerate(names.most_common(), start=1):
        height = count * scale
        found[name] = Node(round(x, 1), round(y, 1), round(max(height, 1), 1), name, count, min(series, SERIES), round(label, 1), anchor)
        y += height + GAP
    return found


def _ribbons(merged: Mapping[tuple[str, ...], int], nr: int, nodes: Sequence[dict[str, Node]], scale: float) -> Iterable[Ribbon]:
    """Between this column and the next, in the order of both, so that they cross as little as they can."""
    between: Counter[tuple[str, str]] = Counter()
    for key, count in merged.items():
        between[key[nr], key[nr + 1]] += count
    out, into = ({name: node.y for name, node in nodes[at].items()} for at in (nr, nr + 1))
    for source in nodes[nr]:
        for target in nodes[nr + 1]:
            if count := between.get((source, target), 0):
                yield _ribbon(nodes[nr][source], nodes[nr + 1][target], (out[source], into[target]), count, scale)
                out[source] += count * scale
                into[target] += count * scale


def _ribbon(source: Node, target: Node, tops: tuple[float, float], count: int, scale: float) -> Ribbon:
    thick, (top, end), left, right = count * scale, tops, source.x + NODE, target.x
    middle = (left + right) / 2
    there = f"M{left:.1f} {top:.1f}C{middle:.1f} {top:.1f} {middle:.1f} {end:.1f} {right:.1f} {end:.1f}"
    back = f"V{end + thick:.1f}C{middle:.1f} {end + thick:.1f} {middle:.1f} {top + thick:.1f} {left:.1f} {top + thick:.1f}Z"
    return Ribbon(there + back, source.series, f"{source.name} naar {target.name}: {count}")


def _length(count: int | None, room: int, most: int) -> float | None:
    return None if count is None else round(room * count / most, 1)


def _said(count: int | None) -> str:
    return "te weinig om te tonen" if count is None else str(count)
