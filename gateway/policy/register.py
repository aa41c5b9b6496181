"""The purpose register (doelbindingsregister): which message may travel from whom to whom, for what, and with which field groups.

Authority: AVG art. 5 lid 1 onder b and c and art. 30; each row in `doelen/*.toml` names its article. `decide` is pure and denies
by default: only a row that holds on the day allows. A `geldig_tot` is the last day that a row holds. Leaves the verdict on a
record to `gateway.rules` and the choice of municipality to `gateway.routing`.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import product
from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeVar

import msgspec
from msgspec import Meta

from gateway.core.errors import Misconfigured
from schemas.inbox import Veldgroep
from schemas.signaal import Soort
from schemas.triage import Triageveld
from schemas.types import Doel, Sector

DOELEN = files("gateway.policy") / "doelen"

_ROW_ID = r"^WGS-[0-9a-z-]+/[a-z_]+/[0-9]{4}$"
Berichtsoort = Soort | Literal["intrekking", "historie", "zaak", "terugkoppeling", "deling", "doorzending", "uitlaat"]
_Filled = Annotated[str, Meta(min_length=2)]


class Bewaartermijn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a payload is kept: unfetched, and after technical receipt (working days)."""

    onopgehaald_werkdagen: Annotated[int, Meta(ge=1)]
    na_ontvangst_werkdagen: Annotated[int, Meta(ge=1)]


class Activiteit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One processing activity (AVG art. 30 lid 1 and 2): the flow that it is, its URI, and the columns of the register."""

    stroom: _Filled
    uri: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9+.-]*:[^\s]+$")]
    omschrijving: _Filled
    verantwoordelijken: tuple[_Filled, ...] = ()
    betrokkenen: tuple[_Filled, ...] = ()
    gegevens: tuple[_Filled, ...] = ()
    ontvangers: tuple[_Filled, ...] = ()
    bewaring: str = ""


class Rij(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What may travel over one period. `overeenkomst`: whether an agreement with the municipality is needed."""

    id: Annotated[str, Meta(pattern=_ROW_ID)]
    artikel: _Filled
    geldig_van: date
    geldig_tot: date | None = None
    afzender_rol: _Filled
    sectoren: Annotated[tuple[Sector, ...], Meta(min_length=1)]
    berichtsoorten: Annotated[tuple[Berichtsoort, ...], Meta(min_length=1)]
    ontvanger_rol: _Filled
    overeenkomst: bool
    veldgroepen: tuple[Veldgroep, ...]
    activiteit: _Filled
    bewaartermijn: Bewaartermijn
    triage: tuple[Triageveld, ...] = ()


class Inzage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which field groups a receiver may open for the purpose, over one period."""

    id: Annotated[str, Meta(pattern=_ROW_ID)]
    artikel: _Filled
    geldig_van: date
    geldig_tot: date | None = None
    ontvanger_rol: _Filled
    veldgroepen: tuple[Veldgroep, ...]
    activiteit: _Filled


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: a purpose, its ground, its activities, what may travel and who may open it."""

    doel: Doel
    grondslag: _Filled
    activiteit: tuple[Activiteit, ...] = ()
    inzage: tuple[Inzage, ...] = ()
    rij: tuple[Rij, ...] = ()


class Allowed(msgspec.Struct, frozen=True):
    """It may travel: along which row (with its article and the register's version), with which field groups."""

    doel: str
    row: str
    artikel: str
    register_version: str
    activity: str
    groups: tuple[Veldgroep, ...]
    agreement_needed: bool
    triage: tuple[str, ...] = ()
    allowed: ClassVar[Literal[True]] = True


class Denied(msgspec.Struct, frozen=True):
    """It may not travel; `code` is stable."""

    code: str
    register_version: str
    allowed: ClassVar[Literal[False]] = False


class Row(msgspec.Struct, frozen=True):
    """What a receiver may open: the field groups, the row that says so (with its article), and the URI of the activity."""

    id: str
    groups: tuple[Veldgroep, ...]
    activity: str
    artikel: str


K = TypeVar("K", tuple[str, str], tuple[str, str, str, str])
D = TypeVar("D", Rij, Inzage)
V = TypeVar("V", Allowed, Row)


class PurposeRegister:
    """One version of the register. Immutable."""

    def __init__(self, purposes: Iterable[Purpose]) -> None:
        """Raises Misconfigured: a row without activity, or two rows for one combination on the same day."""
        self._purposes = sorted(purposes, key=lambda p: p.doel)
        self.version = hashlib.sha256(msgspec.json.encode(self._purposes, order="sorted")).hexdigest()
        self._denied = Denied("DOEL_NIET_TOEGESTAAN", self.version)
        self._activities = _activities(self._purposes)
        self._ids: set[str] = set()
        self._by_id: dict[str, Rij] = {}
        self._rows: dict[tuple[str, str, str, str], list[tuple[Rij, Allowed]]] = {}
        self._readings: dict[tuple[str, str], list[tuple[Inzage, Row]]] = {}
        for purpose in self._purposes:
            self._add(purpose)

    @classmethod
    def load(cls, directory: Traversable | Path = DOELEN) -> "PurposeRegister":
        """Read every file of a directory. Raises Misconfigured."""
        found = sorted((f for f in directory.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
        if not found:
            raise Misconfigured(f"Geen doelen in {directory.name}.")
        return cls(_purpose(f.name, f.read_bytes()) for f in found)

    def decide(self, rol: str, sector: str, soort: str, ontvanger_rol: str, day: date) -> Allowed | Denied:
        """Whether a message may travel on a day; what no row allows is denied."""
        for rij, allowed in self._rows.get((rol, sector, soort, ontvanger_rol), ()):
            if _holds(rij, day):
                return allowed
        return self._denied

    def reading(self, doel: str, ontvanger_rol: str, day: date) -> Row | None:
        """What a receiver may open for a purpose on a day; None: nothing."""
        for inzage, row in self._readings.get((doel, ontvanger_rol), ()):
            if _holds(inzage, day):
                return row
        return None

    def groups_for(self, doel: str, ontvanger_rol: str, day: date) -> tuple[Veldgroep, ...]:
        """The field groups of `reading`; none when no row holds."""
        row = self.reading(doel, ontvanger_rol, day)
        return row.groups if row else ()

    def agreement_needed(self, row: str) -> bool:
        """Whether a row (by id) asks for an agreement; a row that does not exist asks for it."""
        rij = self._by_id.get(row)
        return rij is None or rij.overeenkomst

    def needs_agreement(self, sector: str, day: date) -> bool:
        """Whether no signal of a sector can travel to a municipality on a day without an agreement with it."""
        rows = [
            rij
            for (rol, of, _, receiver), found in self._rows.items()
            if rol == "signaalpartner" and of == sector and receiver == "gemeente"
            for rij, _ in found
            if _holds(rij, day)
        ]
        return bool(rows) and all(rij.overeenkomst for rij in rows)

    def retention(self, row: str) -> Bewaartermijn:
        """How long a message of this row is kept; of a row that the register does not have (any more) the shortest that it knows.

        Raises ValueError: the register has no row at all.
        """
        found = self._by_id.get(row)
        return found.bewaartermijn if found else min((rij.bewaartermijn for rij in self._by_id.values()), key=_shortest)

    def unfetched_terms(self) -> set[int]:
        """The terms (working days) after which an unfetched message of any row expires."""
        return {rij.bewaartermijn.onopgehaald_werkdagen for rij in self._by_id.values()}

    def purposes(self) -> Iterable[Purpose]:
        """Every purpose with its rows, in order of its code."""
        return tuple(self._purposes)

    def activities(self) -> Mapping[str, Activiteit]:
        """Every processing activity by the name of its flow."""
        return self._activities

    def activity(self, flow: str) -> str:
        """The URI of a flow's activity. Raises KeyError: no such flow (`require` at start prevents it)."""
        return self._activities[flow].uri

    def require(self, flows: Iterable[str]) -> None:
        """Check at start that every flow has a processing activity. Raises Misconfigured: one has none."""
        missing = sorted(set(flows) - self._activities.keys())
        if missing:
            raise Misconfigured(f"Geen verwerkingsactiviteit (AVG art. 30) voor: {', '.join(missing)}.")

    def _add(self, purpose: Purpose) -> None:
        for inzage in purpose.inzage:
            row = Row(inzage.id, inzage.veldgroepen, self._checked(inzage), inzage.artikel)
            _append(self._readings, (purpose.doel, inzage.ontvanger_rol), inzage, row)
        for rij in purpose.rij:
            uri = self._checked(rij)
            self._by_id[rij.id] = rij
            allowed = Allowed(purpose.doel, rij.id, rij.artikel, self.version, uri, rij.veldgroepen, rij.overeenkomst, rij.triage)
            for sector, soort in product(rij.sectoren, rij.berichtsoorten):
                _append(self._rows, (rij.afzender_rol, sector, soort, rij.ontvanger_rol), rij, allowed)

    def _checked(self, row: Rij | Inzage) -> str:
        """The URI of a row's activity. Raises Misconfigured."""
        if row.id in self._ids:
            raise Misconfigured(f"Doelbindingsregister: {row.id} staat er twee keer.")
        if row.activiteit not in self._activities:
            raise Misconfigured(f"Doelbindingsregister: {row.id} noemt de onbekende activiteit {row.activiteit}.")
        if row.geldig_tot is not None and row.geldig_tot < row.geldig_van:
            raise Misconfigured(f"Doelbindingsregister: {row.id} eindigt voor het begint.")
        self._ids.add(row.id)
        return self._activities[row.activiteit].uri


def _append(rows: dict[K, list[tuple[D, V]]], key: K, row: D, value: V) -> None:
    found = rows.setdefault(key, [])
    if any(_meet(row, other) for other, _ in found):
        raise Misconfigured(f"Doelbindingsregister: {row.id} geldt tegelijk met een andere rij.")
    found.append((row, value))


def _shortest(term: Bewaartermijn) -> tuple[int, int]:
    return term.onopgehaald_werkdagen, term.na_ontvangst_werkdagen


def _holds(row: Rij | Inzage, day: date) -> bool:
    return row.geldig_van <= day and (row.geldig_tot is None or day <= row.geldig_tot)


def _purpose(name: str, content: bytes) -> Purpose:
    try:
        return msgspec.convert(tomllib.loads(content.decode()), Purpose)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise Misconfigured(f"Doelbestand {name}: {error}") from None


def _activities(purposes: Iterable[Purpose]) -> dict[str, Activiteit]:
    found: dict[str, Activiteit] = {}
    for activiteit in (a for p in purposes for a in p.activiteit):
        if activiteit.stroom in found:
            raise Misconfigured(f"Doelbindingsregister: twee activiteiten voor {activiteit.stroom}.")
        found[activiteit.stroom] = activiteit
    return found


def _meet(a: Rij | Inzage, b: Rij | Inzage) -> bool:
    return (b.geldig_tot is None or a.geldig_van <= b.geldig_tot) and (a.geldig_tot is None or b.geldig_van <= a.geldig_tot)
