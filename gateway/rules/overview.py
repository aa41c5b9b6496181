"""What the rules say on a day, and what changes between two days, for people to read.

Authority: the rows; nothing is judged here. Leaves printing to the command line.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from gateway.rules.rows import Row
from gateway.rules.rulebook import Rulebook

Kind = Literal["nieuw", "vervallen", "gewijzigd"]


class Change(NamedTuple):
    """One row that began, ended or became another; `fields` has the members that differ, each as before and after."""

    kind: Kind
    sector: str
    row: Row
    fields: dict[str, tuple[str, str]]


def held(book: Rulebook, sector: str, soort: str, day: date) -> list[Row]:
    """The rows of a sector and kind on a day, by id and code; those that are switched off too."""
    return sorted(book.rows_on(sector, soort, day), key=_key)


def limits(row: Row) -> str:
    """The parameters of a row as `minimum=30, maximum=100`; empty without."""
    return ", ".join(f"{name}={value}" for name, value in row.parameters.items())


def message(row: Row) -> str:
    """The row's message with its limit filled in where there is one number; what a signal brings is left as an ellipsis."""
    numbers = [str(value) for value in row.parameters.values() if isinstance(value, int)]
    return row.melding.format(waarde="…", grens=numbers[0] if len(numbers) == 1 else "…")


def changes(book: Rulebook, sector: str, soort: str, before: date, after: date) -> Iterator[Change]:
    """What began, ended or changed for a sector and kind between two days."""
    old = {_key(row): row for row in book.rows_on(sector, soort, before)}
    new = {_key(row): row for row in book.rows_on(sector, soort, after)}
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield Change("nieuw", sector, new[key], {})
        elif key not in new:
            yield Change("vervallen", sector, old[key], {})
        elif fields := _differing(old[key], new[key]):
            yield Change("gewijzigd", sector, new[key], fields)


def _key(row: Row) -> tuple[str, str, tuple[str, ...]]:
    return row.id, row.code, row.gemeenten


def _differing(a: Row, b: Row) -> dict[str, tuple[str, str]]:
    pairs = {
        "oordeel": (a.oordeel, b.oordeel),
        "grenzen": (limits(a), limits(b)),
        "toets": (a.toets, b.toets),
        "artikel": (a.artikel, b.artikel),
        "zekerheid": (a.zekerheid, b.zekerheid),
        "melding": (a.melding, b.melding),
        "actief": (str(a.actief), str(b.actief)),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
