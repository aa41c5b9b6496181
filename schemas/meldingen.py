"""Meldingen (the signals of one address in one matching period), and what a municipality sets for its matching.

Authority: contract, "/gemeente/v1" (meldingen, historie, instellingen); Divosa monitor for the terms. A melding is pseudonymous:
it names messages of the own inbox, no person and no address. History and objections come in with an address and stay as
keyed pseudonyms only.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.inbox import Indeling
from schemas.types import Kort, Oin, Postcode, Sector, Wire, surname, text

Periode = Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$(?!\n)", description="Kalendermaand", examples=["2026-11"])]
Dag = Annotated[int, Meta(ge=1, le=28, description="Dag van de maand")]


class Melding(Wire, frozen=True, kw_only=True):
    """The signals of one address in one period. `volgnummer` is that of its last change.

    `indeling` is the weightiest of `kenmerken`: meervoudig, herhaald, opeenvolgend; enkelvoudig when none holds.
    """

    id: UUID
    volgnummer: int
    periode: Periode
    adrespseudoniem: str
    indeling: Indeling
    kenmerken: list[Indeling]
    indelingsversie: int
    sectoren: list[Sector]
    aantal_schuldeisers: int
    eerste_signaaldatum: date
    laatste_signaaldatum: date
    berichten: list[UUID]
    bezwaar_loopt: bool | None = None


class Meldingen(Wire, frozen=True, kw_only=True):
    """A page in the order of last change; `volgende` is the cursor for the next call, also when the page is empty."""

    meldingen: list[Melding]
    volgende: str


class Ritme(Wire, frozen=True, kw_only=True):
    """When messages may be claimed: at once, or from a day of the month. A crisis never waits."""

    wijze: Literal["direct", "maandelijks"]
    dag: Dag | None = None
    versie: int = 0
    gewijzigd_op: datetime | None = None


class RitmeAanvraag(Wire, frozen=True, kw_only=True):
    """Set the rhythm; `dag` goes with `maandelijks` only."""

    wijze: Literal["direct", "maandelijks"]
    dag: Dag | None = None


class HistorieSignaal(Wire, frozen=True, kw_only=True):
    """One signal of before this gateway."""

    postcode: Postcode
    huisnummer: Annotated[int, Meta(ge=1, le=99_999)]
    huisletter: Annotated[str, Meta(pattern=r"^[A-Za-z]$(?!\n)")] | None = None
    toevoeging: Annotated[str, text(10, "2")] | None = None
    sector: Sector
    schuldeiser: Oin
    datum: date
    contractkenmerk: Kort | None = None


class HistorieAanvraag(Wire, frozen=True, kw_only=True):
    """Own signals of the last 7 months, at go-live. It may be repeated: what is known is kept once."""

    signalen: Annotated[list[HistorieSignaal], Meta(min_length=1, max_length=5000)]


class Historie(Wire, frozen=True, kw_only=True):
    """What became of a load; the counts add up to `aangeboden`."""

    aangeboden: int
    toegevoegd: int
    al_bekend: int
    buiten_termijn: int


class BezwaarPersoon(Wire, frozen=True, kw_only=True):
    """Who objects, at whatever address."""

    achternaam: Annotated[str, surname(100, "Vries")]
    geboortedatum: date


class BezwaarAanvraag(Wire, frozen=True, kw_only=True):
    """Put an address, or a person at an address, on the objection list."""

    postcode: Postcode
    huisnummer: Annotated[int, Meta(ge=1, le=99_999)]
    huisletter: Annotated[str, Meta(pattern=r"^[A-Za-z]$(?!\n)")] | None = None
    toevoeging: Annotated[str, text(10, "2")] | None = None
    persoon: BezwaarPersoon | None = None


class Bezwaar(Wire, frozen=True, kw_only=True):
    """An objection as the gateway knows it: without address and person."""

    id: UUID
    soort: Literal["adres", "persoon"]
    vastgelegd_op: datetime


class Bezwaren(Wire, frozen=True, kw_only=True):
    """A page of the objection list, the newest first."""

    bezwaren: list[Bezwaar]
    volgende: str | None = None
