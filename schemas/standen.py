"""Standen: "these are all my open signals on this day", and what the gateway made of the list.

Authority: `docs/contract.md`, `/schuldeiser/v1` and idempotency; AVG art. 5(1)(d): what is paid does not stay open. A stand belongs to one
series: sector, trade name and, for a creditor with more than one administration, a profile of its own.
"""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from schemas.ontvangst import Bevinding
from schemas.signaal import Signaal
from schemas.types import Kenmerk, Naam, Sector, Wire

Vervalreden = Literal["betaald", "betalingsregeling", "bezwaar", "onterecht"]
Uitkomst = Literal["nieuw", "hoger", "lager", "opnieuw", "gelijk", "vervallen", "al_afgesloten", "geweigerd", "in_quarantaine"]


class StandAanvraag(Wire, frozen=True, kw_only=True):
    """All open signals of one series. `reden_vervallen` is why those that are gone from it are withdrawn; required for an empty list."""

    sector: Sector
    handelsnaam: Naam
    profiel: Kenmerk | None = None
    reden_vervallen: Vervalreden | None = None
    inhaalslag: bool | None = None
    signalen: Annotated[list[Signaal], Meta(max_length=5000)]


class StandEnvelop(Wire, frozen=True, kw_only=True):
    """`StandAanvraag` with its records still undecoded, so that a bad record harms no other."""

    sector: Sector
    handelsnaam: Naam
    profiel: Kenmerk | None = None
    reden_vervallen: Vervalreden | None = None
    inhaalslag: bool | None = None
    signalen: Annotated[list[Any], Meta(max_length=5000)]


class StandAantallen(Wire, frozen=True, kw_only=True):
    """Counts; all but `vervallen` and `al_afgesloten` add up to `aangeboden`."""

    aangeboden: int
    nieuw: int = 0
    hoger: int = 0
    lager: int = 0
    opnieuw: int = 0
    gelijk: int = 0
    geweigerd: int = 0
    in_quarantaine: int = 0
    vervallen: int = 0
    al_afgesloten: int = 0


class StandRegel(Wire, frozen=True, kw_only=True):
    """One signal: `kenmerk` is the creditor's; `bezorgd_als` the kenmerk of the message that was made of it, where that is another."""

    kenmerk: str | None = None
    uitkomst: Uitkomst
    bezorgd_als: Kenmerk | None = None
    id: UUID | None = None
    bevindingen: list[Bevinding] = []  # noqa: RUF012 - msgspec copies an empty default


class StandVerslag(Wire, frozen=True, kw_only=True):
    """The report. `vervallen_overgeslagen`: a record without a readable kenmerk may be any signal, so nothing was withdrawn.

    `schaduw`: a rehearsal; nothing was delivered or withdrawn.
    """

    id: UUID
    peildatum: date
    sector: Sector
    handelsnaam: str
    profiel: Kenmerk | None = None
    aantallen: StandAantallen
    vervallen_overgeslagen: bool | None = None
    schaduw: bool | None = None
    regels: list[StandRegel]
