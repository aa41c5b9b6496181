"""A message to the cells of one row, as an outlet profile says: the conversions back.

Decides what a cell holds, and that a message of which a column cannot be filled gives no row at all: never a row with something left out.
Authority: `docs/uitlaat.md`. Leaves bytes to `writing`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import msgspec

from adapters.desk.layout import foreign, sources
from schemas.uitlaat import Kolom, Uitlaatprofiel, Uitlaatrecord


class Euros(NamedTuple):
    """An amount for a cell that is a number."""

    cents: int


Cell = str | date | Euros
"""An empty text is an empty cell."""
Fill = Callable[[dict[str, Any]], Cell]


class Onvulbaar(Exception):
    """A column cannot be filled: `kolom` and why, in Dutch; nothing of what is in the message."""

    def __init__(self, kolom: str, melding: str) -> None:
        super().__init__(kolom)
        self.kolom = kolom
        self.melding = melding


class Layout:
    """A profile, ready to make rows."""

    def __init__(self, profiel: Uitlaatprofiel) -> None:
        self.profiel = profiel
        self.heads = [kolom.naam for kolom in profiel.kolommen]
        self._columns = [_column(kolom, profiel) for kolom in profiel.kolommen]

    def row(self, record: Uitlaatrecord) -> list[Cell]:
        """The cells in the order of the columns. Raises Onvulbaar."""
        value = msgspec.to_builtins(record)
        return [self._checked(kolom, fill(value)) for kolom, fill in self._columns]

    def _checked(self, kolom: Kolom, cell: Cell) -> Cell:
        if cell == "":
            cell = kolom.standaard or ""
        if cell == "" and kolom.verplicht:
            raise Onvulbaar(kolom.naam, "verplicht, en leeg in dit bericht")
        if isinstance(cell, str):
            if kolom.lengte is not None and len(cell) > kolom.lengte:
                raise Onvulbaar(kolom.naam, f"langer dan {kolom.lengte} tekens")
            if sign := foreign(cell, self.profiel):
                raise Onvulbaar(kolom.naam, sign)
        return cell


def _column(kolom: Kolom, profiel: Uitlaatprofiel) -> tuple[Kolom, Fill]:
    if kolom.waarde is not None:
        return kolom, lambda _: kolom.waarde or ""
    paths = [_path(place) for place in sources(kolom)]
    if len(paths) > 1:
        return kolom, lambda record: kolom.met.join(filter(None, (_text(_at(record, path)) for path in paths)))
    convert = _converted(kolom, profiel)

    def fill(record: dict[str, Any]) -> Cell:
        value = _at(record, paths[0])
        return "" if value is None else convert(value)

    return kolom, fill


def _converted(kolom: Kolom, profiel: Uitlaatprofiel) -> Callable[[Any], Cell]:
    """What becomes of a value that is there."""
    form, typed = profiel.bestand, profiel.formaat == "xlsx"
    if kolom.omzetting == "bedrag":
        sign = kolom.decimaal or form.decimaal
        return Euros if typed and kolom.decimaal is None else lambda cents: f"{cents // 100}{sign}{cents % 100:02}"
    if kolom.omzetting == "datum":
        pattern = kolom.patroon or form.datum
        return date.fromisoformat if typed and pattern is None else lambda day: _dated(date.fromisoformat(day), pattern or "jjjj-mm-dd")
    if kolom.omzetting == "telefoon":
        return _national
    return _listed(kolom) if kolom.lijst is not None else _text


def _listed(kolom: Kolom) -> Callable[[Any], Cell]:
    def convert(value: Any) -> Cell:  # noqa: ANN401 - a JSON value
        found = (kolom.lijst or {}).get(_text(value), kolom.standaard)
        if found is None:
            raise Onvulbaar(kolom.naam, "een waarde die niet in de lijst van het profiel staat")
        return found

    return convert


def _dated(day: date, pattern: str) -> str:
    for token, value in (("jjjj", f"{day.year:04}"), ("mm", f"{day.month:02}"), ("dd", f"{day.day:02}")):
        pattern = pattern.replace(token, value)
    return pattern.replace("m", str(day.month)).replace("d", str(day.day))


def _national(number: str) -> str:
    """As it is dialled from the Netherlands: no sign that a spreadsheet would calculate with."""
    return "0" + number[3:] if number.startswith("+31") else "00" + number[1:]


def _path(place: str) -> list[str | int]:
    return [int(part) if part.isdecimal() else part for part in place.split("/")[1:]]


def _at(value: Any, path: list[str | int]) -> Any:  # noqa: ANN401 - a JSON value
    for part in path:
        if isinstance(part, int):
            value = value[part] if isinstance(value, list) and part < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str:
    if value is None:
        return ""
    return ("ja" if value else "nee") if isinstance(value, bool) else str(value)
