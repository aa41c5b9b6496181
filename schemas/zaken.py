"""Cases: messages taken up together, attempts to reach the resident, the result, and figures of reach.

Authority: `docs/contract.md`, `/gemeente/v1`; DDAS vroegsignalering v1.2 for the lists (`schemas.codelijsten`). Nothing here names a
person: a telephone number that was found travels as a JWE to the municipality's own key. No type of this module is ever shown to a
creditor.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from schemas.codelijsten import Berichtstatus, Contactsoort, Dagdeel, Eindresultaat
from schemas.terugkoppeling import Onterechtgrond
from schemas.types import Kenmerk, Wire, text

Zaakstaat = Literal["open", "afgesloten"]
Zaaknummer = Annotated[str, text(64, "ZAAK-2026-0001")]
Jwe = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{20,4096}\.[A-Za-z0-9_-]{0,1024}\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{1,8192}\.[A-Za-z0-9_-]{22}$(?!\n)",
        description="Compacte JWE (RFC 7516) voor de sleutel van de gemeente; A256GCM",
    ),
]


class ZaakAanvraag(Wire, frozen=True, kw_only=True):
    """Open a case over messages of the own inbox."""

    zaaknummer: Zaaknummer
    berichten: Annotated[list[UUID], Meta(min_length=1, max_length=100)]


class ZaakBericht(Wire, frozen=True, kw_only=True):
    """A message of a case, its status, and, for a status `onterecht_signaal`, the ground."""

    bericht: UUID
    status: Berichtstatus
    grond: Onterechtgrond | None = None


class Contactpoging(Wire, frozen=True, kw_only=True):
    """One attempt to reach the resident. `kenmerk` is the municipality's own: the same attempt is counted once."""

    kenmerk: Kenmerk
    soort: Contactsoort
    bereikt: bool
    datum: date
    dagdeel: Dagdeel | None = None


class Resultaat(Wire, frozen=True, kw_only=True):
    """The end of a case. `berichten` names those with a status of their own; all others are `opgepakt`."""

    resultaat: Eindresultaat
    datum: date
    berichten: Annotated[list[ZaakBericht], Meta(max_length=100)] = msgspec.field(default_factory=list)


class Zaak(Wire, frozen=True, kw_only=True):
    """A case as its municipality sees it."""

    id: UUID
    zaaknummer: Zaaknummer
    staat: Zaakstaat
    geopend_op: datetime
    berichten: list[ZaakBericht]
    contactpogingen: list[Contactpoging]
    resultaat: Eindresultaat | None = None
    resultaatdatum: date | None = None
    contactgegevens_op: datetime | None = None


class Zaken(Wire, frozen=True, kw_only=True):
    """A page of cases, newest first."""

    zaken: list[Zaak]
    volgende: str | None = None


class Contactgegevens(Wire, frozen=True, kw_only=True):
    """Contact data that were found: sealed, with source and ground. The gateway keeps them and cannot be asked to open them."""

    bron: Literal["inwoner", "opvolgpartner", "gemeentelijke_registratie", "openbare_bron"]
    grondslag: Literal["toestemming", "wettelijke_taak"]
    datum: date
    gegevens: Jwe


class Cel(Wire, frozen=True, kw_only=True):
    """Cases approached, reached, accepted. A number that is absent is too small to show, or would give one away."""

    naam: str
    zaken: int | None = None
    bereikt: int | None = None
    aangenomen: int | None = None


class Bereik(Wire, frozen=True, kw_only=True):
    """Reach over whole months: in all, per channel, per part of the day, per sector."""

    van: date
    tot: date
    totaal: Cel
    kanalen: list[Cel]
    dagdelen: list[Cel]
    sectoren: list[Cel]
