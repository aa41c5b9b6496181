"""The overview that is made from opened answers: per creditor, per kind, in total, and what is missing and why.

Authority: `docs/contract.md`, "The overview, assembled" (SO-06, SO-09, SO-12). It is made where it is read, by `schemas.assembling`,
and kept nowhere. Amounts are whole euro cents, each with the day that it is of. Ids follow from the question, the place in the answer and
the number of the claim, so that the same answers give the same ids.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.schuldenoverzicht import (
    Nummer,
    Overzichtgrond,
    Overzichtstaat,
    SaldoContact,
    Saldostaat,
    Schuldsoort,
    Schuldvordering,
    Weigergrond,
)
from schemas.types import Kenmerk, Kort, Naam, Oin, Wire
from schemas.zaken import Zaaknummer

Ontbreekreden = Literal[
    "open",
    "verlopen",
    "ingetrokken",
    "klant_onbekend",
    "geen_medewerking",
    "vernietigd",
    "overgedragen",
    "uit_handen_gegeven",
    "onbekend",
]
Som = Annotated[int, Meta(ge=0, description="Som in hele eurocenten", examples=[45012])]


class Totaal(Wire, frozen=True, kw_only=True):
    """Sums of the claims that have amounts. `hoofdsom + bijkomend - betaald = saldo`, and `bijkomend = rente + kosten`."""

    id: UUID
    vorderingen: int
    hoofdsom_cent: Som
    rente_cent: Som
    kosten_cent: Som
    bijkomend_cent: Som
    betaald_cent: Som
    saldo_cent: Som
    oudste_peildatum: date
    jongste_peildatum: date


class Overzichtsvordering(Schuldvordering, frozen=True, kw_only=True):
    """One claim as it was answered, with its own id and the day that its amounts are of."""

    id: UUID
    peildatum: date
    bijkomend_cent: Som | None = None


class Schuldeiserdeel(Wire, frozen=True, kw_only=True):
    """What one creditor answered; without claims when it did not."""

    vraag: UUID
    schuldeiser: Oin
    staat: Saldostaat
    gesteld_op: datetime
    vorderingen: list[Overzichtsvordering]
    beantwoord_op: datetime | None = None
    peildatum: date | None = None
    klantnummer: Kort | None = None
    contact: SaldoContact | None = None
    standaard_akkoord: bool | None = None
    totaal: Totaal | None = None


class Soortdeel(Wire, frozen=True, kw_only=True):
    """All claims of one kind; no sums for a kind that has no amounts."""

    soort: Schuldsoort
    vorderingen: int
    totaal: Totaal | None = None


class Navraag(Wire, frozen=True, kw_only=True):
    """Where the municipality may ask on."""

    naam: Naam
    soort: Literal["incassobureau", "gerechtsdeurwaarder", "nieuwe_schuldeiser"]
    dossiernummer: Nummer | None = None
    oin: Oin | None = None


class Ontbrekend(Wire, frozen=True, kw_only=True):
    """What the totals do not hold, or may not hold whole, and why. With `kenmerk` it is one claim, else a whole answer."""

    id: UUID
    vraag: UUID
    schuldeiser: Oin
    reden: Ontbreekreden
    weigergrond: Weigergrond | None = None
    kenmerk: Nummer | None = None
    navraag: Navraag | None = None


class Overzicht(Wire, frozen=True, kw_only=True):
    """The whole. No `totaal`: there is no claim with an amount."""

    id: UUID
    kenmerk: Kenmerk
    zaaknummer: Zaaknummer
    grond: Overzichtgrond
    staat: Overzichtstaat
    uiterlijk: date
    schuldeisers: list[Schuldeiserdeel]
    soorten: list[Soortdeel]
    ontbreekt: list[Ontbrekend]
    totaal: Totaal | None = None
    ingetrokken_op: datetime | None = None
