"""Which municipality an address lies in, and which municipality a code stands for on a day.

Authority: CBS municipal division and postcode tables (`data/PROVENANCE.md`); rule RT-01: only the municipality where the person
lives, never a guess. The official CBS file of postcode and house number decides where it is loaded; else four digits and town.
Days are Dutch calendar days. Leaves who takes part to `step`.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from gateway.core.errors import Misconfigured
from gateway.routing.official import Official
from gateway.routing.places import fold
from schemas.types import Gemeentecode

DATA = files("gateway.routing") / "data"
_NONE: frozenset[str] = frozenset()


class Found(msgspec.Struct, frozen=True):
    """One municipality."""

    code: Gemeentecode


class Ambiguous(msgspec.Struct, frozen=True):
    """More than one is possible; the sender chooses one of these (sorted)."""

    candidates: tuple[Gemeentecode, ...]


class Unknown(msgspec.Struct, frozen=True):
    """The postcode is in no table."""


Route = Found | Ambiguous | Unknown
_UNKNOWN = Unknown()


class Gemeente(msgspec.Struct, frozen=True):
    """A municipality from the day `van` until, not including, the day `tot`; then its territory belongs to `opvolgers`."""

    code: Gemeentecode
    naam: str
    van: date
    tot: date | None
    opvolgers: tuple[Gemeentecode, ...]


class Area(msgspec.Struct, frozen=True):
    """The part of a four-digit postcode that lies in one municipality, with the towns (folded) that are in it."""

    code: Gemeentecode
    plaatsen: frozenset[str]


class Municipalities:
    """The division and its postcodes. Any number of threads may use it."""

    def __init__(self, gemeenten: Iterable[Gemeente], areas: Mapping[str, tuple[Area, ...]]) -> None:
        """Raises Misconfigured: a successor or a postcode names a municipality that is not in the table."""
        self._gemeenten = {g.code: g for g in gemeenten}
        self._areas = areas
        self._official: Official | None = None
        self._tot = {g.code: g.tot for g in self._gemeenten.values() if g.tot}
        self._by_place: dict[str, set[str]] = {}
        for area in (a for found in areas.values() for a in found):
            for place in area.plaatsen:
                self._by_place.setdefault(place, set()).add(area.code)
        named = {s for g in self._gemeenten.values() for s in g.opvolgers} | {a.code for found in areas.values() for a in found}
        if missing := sorted(named - self._gemeenten.keys()):
            raise Misconfigured(f"Gemeentetabel: onbekende gemeentecode(s) {', '.join(missing)}.")

    @classmethod
    def load(cls, directory: Traversable | Path = DATA) -> "Municipalities":
        """Read `gemeenten.csv` and `pc4_gemeente.csv`. Raises Misconfigured: a column or code is missing."""
        try:
            gemeenten = [_gemeente(row) for row in _read(directory / "gemeenten.csv")]
            areas: dict[str, tuple[Area, ...]] = {}
            for row in sorted(_read(directory / "pc4_gemeente.csv"), key=lambda r: (r["pc4"], -int(r["hoofd"]))):
                areas[row["pc4"]] = (*areas.get(row["pc4"], ()), _area(row))
        except (KeyError, ValueError) as error:
            raise Misconfigured(f"Gemeentetabel onleesbaar: {error}") from None
        return cls(gemeenten, areas)

    def load_official(self, path: Path) -> None:
        """From now on the CBS file `PC6;Huisnummer;Buurt;Wijk;Gemeente` decides. Raises Misconfigured: it is not such a file."""
        official = Official.read(path)
        if missing := sorted(official.codes() - self._gemeenten.keys()):
            raise Misconfigured(f"{path.name}: onbekende gemeentecode(s) {', '.join(missing)}.")
        self._official = official

    def naam(self, code: Gemeentecode) -> str | None:
        """The name as CBS writes it; None for a code that never existed."""
        gemeente = self._gemeenten.get(code)
        return gemeente.naam if gemeente else None

    def gemeente_op(self, code: Gemeentecode, day: date) -> Gemeentecode | None:
        """The municipality that a code stands for on a day, mergers followed.

        None when the code never existed, did not exist yet, or its territory was divided over several (route those by postcode).
        """
        gemeente = self._gemeenten.get(code)
        if gemeente is None or day < gemeente.van:
            return None
        while gemeente.tot is not None and gemeente.tot <= day:
            if len(gemeente.opvolgers) != 1:
                return None
            gemeente = self._gemeenten[gemeente.opvolgers[0]]
        return gemeente.code

    def route(self, postcode: str, woonplaats: str, gemeentecode: Gemeentecode | None, huisnummer: int, day: date) -> Route:
        """Where an address lies on a day. A supplied `gemeentecode` counts only when it is one of the candidates."""
        if self._official is not None and (codes := self._official.find(postcode, huisnummer)):
            return self._settled({self._current(c, day) for c in codes}, gemeentecode, day)
        areas = self._areas.get(postcode[:4])
        if areas is None:
            return _UNKNOWN
        place = fold(woonplaats)
        if len(areas) == 1 and place in areas[0].plaatsen:
            return Found(self._current(areas[0].code, day))
        return self._settled({self._current(c, day) for c in self._candidates(areas, place, gemeentecode, day)}, gemeentecode, day)

    def fits(self, postcode: str, woonplaats: str) -> bool:
        """Whether a town lies in a postcode; true for a postcode that is in no table."""
        areas = self._areas.get(postcode[:4])
        return areas is None or any(fold(woonplaats) in a.plaatsen for a in areas)

    def postcodes(self, code: Gemeentecode, day: date | None = None) -> list[int]:
        """The four-digit postcodes that may lie in a municipality, sorted; by the table, or with the mergers up to a day."""
        areas = ((pc4, a.code if day is None else self._current(a.code, day)) for pc4, found in self._areas.items() for a in found)
        return sorted({int(pc4) for pc4, owner in areas if owner == code})

    def _candidates(self, areas: tuple[Area, ...], place: str, gemeentecode: str | None, day: date) -> set[str]:
        """Of one postcode: the parts that hold the town; else what town and postcode have in common; else, when they contradict, both."""
        here = {a.code for a in areas}
        if gemeentecode is not None and self.gemeente_op(gemeentecode, day) in {self._current(c, day) for c in here}:
            return here
        holding = {a.code for a in areas if place in a.plaatsen}
        elsewhere = self._by_place.get(place, _NONE)
        return holding or (here & elsewhere) or (here | elsewhere)

    def _settled(self, candidates: set[str], gemeentecode: str | None, day: date) -> Route:
        if len(candidates) == 1:
            return Found(next(iter(candidates)))
        supplied = self.gemeente_op(gemeentecode, day) if gemeentecode is not None else None
        return Found(supplied) if supplied in candidates and supplied is not None else Ambiguous(tuple(sorted(candidates)))

    def _current(self, code: str, day: date) -> str:
        """`gemeente_op` for codes of our tables: one that does not exist yet, or was divided, stands for itself."""
        tot = self._tot.get(code)
        return code if tot is None or day < tot else self.gemeente_op(code, day) or code


def _read(file: Traversable) -> Iterator[dict[str, str]]:
    return csv.DictReader(file.read_text("utf-8").splitlines(), delimiter=";")


def _gemeente(row: dict[str, str]) -> Gemeente:
    tot = date.fromisoformat(row["bestaat_tot"]) if row["bestaat_tot"] else None
    successors = tuple(row["opgegaan_in"].split("|")) if row["opgegaan_in"] else ()
    return Gemeente(row["gemeentecode"], row["naam"], date.fromisoformat(row["bestaat_van"]), tot, successors)


def _area(row: dict[str, str]) -> Area:
    names = [row["woonplaats"], *row["andere_woonplaatsen"].split("|")]
    return Area(row["gemeentecode"], frozenset(fold(name) for name in names if name))
