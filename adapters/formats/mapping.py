"""A mapping profile as a function: the cells of a row become the value of a record, with findings that name the column.

Authority: `docs/profielen.md`; the value is that of `POST aanleveringen` (`schemas.signaal`) or of a withdrawal. Made once per profile, so
that a row costs a call per filled member. What is empty is left out, up to the object around it. Leaves where the cells come from to the
readers, and what the value may lawfully say to the flow.
"""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Dictionary
from datetime import date
from typing import Any, NamedTuple

from adapters.formats import conversions, evidence, targets
from adapters.formats.conversions import Cell, Convert, Onjuist, tekst
from adapters.formats.profilechecks import ANSWERS, PEILDATUM, UPDATES, columns, sources
from schemas.bestand import Recordsoort
from schemas.ontvangst import Bevinding
from schemas.profiel import Profiel, Rijsoort, Rijsoorten, Veld, Voorwaarde

Found = list[Bevinding]
Part = Callable[[Sequence[Cell], Found], Any]
Test = Callable[[Sequence[Cell]], bool]
_PLAIN: dict[str, Convert] = {
    "tekst": tekst,
    "getal": conversions.getal,
    "postcode": conversions.postcode,
    "huisnummer": conversions.huisnummer,
    "huisletter": conversions.huisletter,
    "toevoeging": conversions.toevoeging,
    "telefoon": conversions.telefoon,
    "janee": conversions.janee,
}


class Translated(NamedTuple):
    """One row: its kind and its value. With `bevindingen` it could not be translated; what could is in `value`."""

    soort: Recordsoort
    value: dict[str, Any]
    bevindingen: tuple[Bevinding, ...]


class Mapping:
    """A compiled profile: `sources` are the columns or paths that it reads, in the order in which `translate` takes their cells."""

    def __init__(self, profiel: Profiel) -> None:
        """`profiel` came out of `profile.load`."""
        self.profiel = profiel
        self.sources = tuple(dict.fromkeys(source for source in sources(profiel) if source != PEILDATUM))
        places = {source: place for place, source in enumerate((*self.sources, PEILDATUM))}
        self._dated = PEILDATUM in sources(profiel)
        slot = profiel.bestand.slot
        self.closes = _test(slot, places) if slot else None
        self._skipped = [_test(condition, places) for condition in (*profiel.overslaan, *((slot,) if slot else ()))]
        self._kind = _kind(profiel.soort, places) if profiel.soort else None
        parts = {veld.naar: _field(veld, profiel, places) for veld in profiel.velden}
        if profiel.kenmerk is not None:
            parts["/kenmerk"] = evidence.kenmerk(profiel.kenmerk, profiel.bestand.datum, places)
        self._update = evidence.update(profiel.kenmerk, profiel.bestand.datum, places) if profiel.kenmerk else None
        self._signal = _tree({pointer: part for pointer, part in parts.items() if pointer != targets.REDEN or profiel.kop.soort == ANSWERS})
        self._withdrawal = _tree({pointer: part for pointer, part in parts.items() if pointer in {"/kenmerk", targets.REDEN}})
        self._evidence = evidence.compiled(profiel.bewijs, profiel.bestand.datum, places) if profiel.bewijs else None

    def translate(self, cells: Sequence[Cell], peildatum: date | None = None) -> Translated | None:
        """The record of a row; None when the row is empty or the profile skips it."""
        if cells.count("") == len(cells) or any(skipped(cells) for skipped in self._skipped):
            return None
        if self._dated and peildatum is not None:
            cells = (*cells, peildatum)
        found: Found = []
        kind = self._kind(cells, found) if self._kind else "vroegsignaal"
        if kind == "intrekking":
            return Translated("intrekking", self._withdrawal(cells, found) or {}, tuple(found))
        value: dict[str, Any] = self._signal(cells, found) or {}
        if self.profiel.kop.soort == ANSWERS:
            return Translated("saldoantwoord", value, tuple(found))
        if self._update and kind in UPDATES:
            self._update(cells, value, found)
        value.setdefault("soort", kind)
        if self._evidence:
            self._evidence(cells, value, found)
        return Translated("signaal", value, tuple(found))


def _tree(parts: Dictionary[str, Part]) -> Part:
    """Parts by pointer to one that builds the objects and lists around them."""
    inner: dict[str, dict[str, Part]] = {}
    for pointer, part in parts.items():
        _, name, *rest = pointer.split("/", 2)
        inner.setdefault(name, {})["/" + rest[0] if rest else ""] = part
    members = [(name, found[""] if "" in found else _tree(found)) for name, found in inner.items()]
    if all(name.isdecimal() for name, _ in members):
        return _list([part for _, part in sorted(members, key=lambda member: int(member[0]))])
    return _object(members)


def _object(members: Sequence[tuple[str, Part]]) -> Part:
    def build(cells: Sequence[Cell], found: Found) -> dict[str, Any] | None:
        made = {}
        for name, part in members:
            value = part(cells, found)
            if value is not None:
                made[name] = value
        return made or None

    return build


def _list(parts: Sequence[Part]) -> Part:
    def build(cells: Sequence[Cell], found: Found) -> list[Any] | None:
        return [value for part in parts if (value := part(cells, found)) is not None] or None

    return build


def _field(veld: Veld, profiel: Profiel, places: Dictionary[str, int]) -> Part:
    part = _fixed(veld.waarde) if veld.waarde is not None else _read(veld, profiel, places)
    if veld.als is None:
        return part
    holds = _test(veld.als, places)
    return lambda cells, found: part(cells, found) if holds(cells) else None


def _fixed(value: str | int | bool | None) -> Part:
    return lambda cells, found: value


def _read(veld: Veld, profiel: Profiel, places: Dictionary[str, int]) -> Part:
    convert, standard, required, pointer = _convert(veld, profiel), veld.standaard, veld.verplicht, veld.naar
    names = columns(veld)
    cell_of, empty = _cell([places[name] for name in names], veld.met), frozenset(("", *veld.leeg))
    column = evidence.called(names)

    def read(cells: Sequence[Cell], found: Found) -> Any:  # noqa: ANN401 - a wire value
        cell = cell_of(cells)
        if cell in empty:
            if standard is None and required:
                found.append(evidence.finding("VELD_VERPLICHT", f"{column} is leeg; dit veld is verplicht.", pointer))
            return standard
        try:
            return convert(cell)
        except Onjuist as wrong:
            found.append(evidence.finding(wrong.code, f"{column}: {wrong.melding}.", pointer))
            return None

    return read


def _cell(places: Sequence[int], between: str) -> Callable[[Sequence[Cell]], Cell]:
    if len(places) == 1:
        (place,) = places
        return lambda cells: cells[place]
    return lambda cells: between.join(text for place in places if (text := tekst(cells[place])))


def _convert(veld: Veld, profiel: Profiel) -> Convert:
    if veld.omzetting == "bedrag":
        return conversions.bedrag(veld.decimaal or profiel.bestand.decimaal)
    if veld.omzetting == "datum":
        return conversions.datum(veld.patroon or profiel.bestand.datum)
    if veld.omzetting == "waardelijst":
        return conversions.waardelijst(veld.lijst or {})
    return _PLAIN[veld.omzetting]


def _test(condition: Voorwaarde, places: Dictionary[str, int]) -> Test:
    place, equal, filled = places[condition.uit], condition.gelijk and frozenset(condition.gelijk), condition.gevuld
    starts = tuple(condition.begint_met or ())

    def holds(cells: Sequence[Cell]) -> bool:
        cell = cells[place]
        text = cell if isinstance(cell, str) else conversions.shown(cell)
        if equal is not None and text not in equal:
            return False
        if starts and not text.startswith(starts):
            return False
        return filled is None or filled == (text != "")

    return holds


def _kind(rows: Rijsoorten, places: Dictionary[str, int]) -> Callable[[Sequence[Cell], Found], Rijsoort]:
    place, codes, column = places[rows.uit], rows.codes, evidence.called([rows.uit])

    def kind(cells: Sequence[Cell], found: Found) -> Rijsoort:
        known = codes.get(conversions.shown(cells[place]))
        if known is None:
            found.append(evidence.finding("WAARDE_ONBEKEND", f"{column}: een rijsoort die het profiel niet kent.", "/soort"))
        return known or "vroegsignaal"

    return kind
