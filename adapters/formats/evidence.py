"""What a profile derives: a lasting kenmerk from contract and period, and evidence of effort from a dunning code in the record.

Authority: `docs/profielen.md`, derivations; Bgs art. 2 for what the evidence is. A step counts only with the date that stands in the record
beside its code: a code without its date is a finding, no date is ever made. Leaves the other members to `mapping`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.formats import conversions
from adapters.formats.conversions import Cell, Convert, Onjuist
from adapters.formats.profilechecks import MULTIPLE
from schemas.ontvangst import Bevinding
from schemas.profiel import Bewijsafleiding, Kenmerkafleiding, Patroon, Stap

Found = list[Bevinding]
Step = Callable[[Sequence[Cell], dict[str, Any], Found], None]
_NOT_IN_KENMERK = re.compile(r"[^A-Za-z0-9._:/-]")


def finding(code: str, melding: str, pointer: str) -> Bevinding:
    """A finding that refuses the record."""
    return Bevinding(code=code, oordeel="fout", melding=melding, pointer=pointer)


def called(names: Sequence[str]) -> str:
    """How a message names the columns."""
    return f"Kolom {' en '.join(repr(name) for name in names)}"


def kenmerk(rule: Kenmerkafleiding, patroon: Patroon | None, places: Mapping[str, int]) -> Callable[[Sequence[Cell], Found], str | None]:
    """The kenmerk of a row. A character that no kenmerk has becomes a hyphen; without contract or period there is none."""
    columns: list[tuple[str, int, Convert | None]] = [(name, places[name], None) for name in rule.contract]
    if rule.periode:
        columns.append((rule.periode, places[rule.periode], conversions.datum(rule.patroon or patroon)))
    prefix = rule.voorvoegsel or ""

    def derive(cells: Sequence[Cell], found: Found) -> str | None:
        parts = [_part(name, cells[place], convert, found) for name, place, convert in columns]
        return None if None in parts else prefix + _NOT_IN_KENMERK.sub("-", "-".join(map(str, parts)))

    return derive


def update(rule: Kenmerkafleiding, patroon: Patroon | None, places: Mapping[str, int]) -> Step:
    """Makes the derived kenmerk of a row its `eerderKenmerk`, and gives it one of its own: that with the day of `wijziging` behind it.

    A letter stands before the day: digits that run on could read as a citizen's number (`gateway.rules.numbers`), which is refused.
    """
    if rule.wijziging is None:
        return lambda cells, value, found: None
    place, column, convert = places[rule.wijziging], called([rule.wijziging]), conversions.datum(rule.patroon or patroon)

    def derive(cells: Sequence[Cell], value: dict[str, Any], found: Found) -> None:
        earlier = value.pop("kenmerk", None)
        if earlier is None:
            return
        if cells[place] == "":
            found.append(finding("VELD_VERPLICHT", f"{column} is leeg; het kenmerk van een wijziging wordt ervan gemaakt.", "/kenmerk"))
            return
        try:
            day = str(convert(cells[place]))
        except Onjuist as wrong:
            found.append(finding(wrong.code, f"{column}: {wrong.melding}.", "/kenmerk"))
            return
        value |= {"kenmerk": f"{earlier}:w{day.replace('-', '')}", "eerderKenmerk": earlier}

    return derive


def _part(name: str, cell: Cell, month: Convert | None, found: Found) -> str | None:
    if cell == "":
        found.append(finding("VELD_VERPLICHT", f"{called([name])} is leeg; het kenmerk wordt ervan gemaakt.", "/kenmerk"))
        return None
    try:
        return str(month(cell))[:7] if month else conversions.tekst(cell)
    except Onjuist as wrong:
        found.append(finding(wrong.code, f"{called([name])}: {wrong.melding}.", "/kenmerk"))
        return None


def compiled(rule: Bewijsafleiding, patroon: Patroon | None, places: Mapping[str, int]) -> Step:
    """Adds `inspanning` to the value of a row: the declaration, or what its dunning code says."""
    if rule.verklaring is not None or rule.uit is None:
        return lambda cells, value, found: _member(value).update(wijze="verklaring", verklaring=rule.verklaring)
    steps: dict[str, list[Step]] = {code: [] for code in rule.zonder}
    for stap in rule.stappen:
        step = _step(stap, conversions.datum(stap.patroon or patroon), places)
        for code in stap.codes:
            steps.setdefault(code, []).append(step)
    place, column = places[rule.uit], called([rule.uit])

    def derive(cells: Sequence[Cell], value: dict[str, Any], found: Found) -> None:
        _member(value).setdefault("wijze", "gegevens")
        known = steps.get(conversions.shown(cells[place]))
        if known is None:
            found.append(finding("WAARDE_ONBEKEND", f"{column}: een maancode die het profiel niet kent.", "/inspanning"))
        for step in known or ():
            step(cells, value, found)

    return derive


def _member(value: dict[str, Any]) -> dict[str, Any]:
    inner: dict[str, Any] = value.setdefault("inspanning", {})
    return inner


def _step(stap: Stap, convert: Convert, places: Mapping[str, int]) -> Step:
    place, column, lid, pointer = places[stap.datum], called([stap.datum]), stap.lid, f"/inspanning/{stap.lid}"
    made = _made(stap)

    def add(cells: Sequence[Cell], value: dict[str, Any], found: Found) -> None:
        cell = cells[place]
        if cell == "":
            found.append(finding("VELD_VERPLICHT", f"{column} is leeg, terwijl de maancode zegt dat deze stap is gezet.", pointer))
            return
        try:
            item = made(convert(cell))
        except Onjuist as wrong:
            found.append(finding(wrong.code, f"{column}: {wrong.melding}.", pointer))
            return
        inner = _member(value)
        if lid in MULTIPLE:
            inner.setdefault(lid, []).append(item)
        else:
            inner.setdefault(lid, item)

    return add


def _made(stap: Stap) -> Callable[[Any], Any]:
    """From the day of a step to the member of the signal."""
    if stap.lid == "contacten":
        return lambda day: {"kanaal": stap.kanaal, "datum": day, "initiatief": stap.initiatief, "bereikt": stap.bereikt}
    if stap.lid == "gegevensdelingAangeboden":
        return lambda day: {"datum": day, "reactie": stap.reactie}
    return lambda day: day
