"""What a creditor gets back at delivery: findings, receipts, the delivery and its report, its coverage.

Authority: `docs/contract.md`, section on receipts. A receipt commits to a leaf of the log, so that tampering between two
checkpoints shows. Nothing here is derived from another creditor's data.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.strict import Fout
from schemas.types import Gemeentecode, Kenmerk, Oin, Sector, Wire

Oordeel = Literal["fataal", "fout", "quarantaine", "waarschuwing"]
Signaalstatus = Literal[
    "geweigerd", "in_quarantaine", "bezorgd", "geclaimd", "ontvangen", "verwerkt", "afgewezen", "doorgezonden", "ingetrokken", "verlopen"
]


class Bevinding(Wire, frozen=True, kw_only=True):
    """One finding: what, where, under which rule and article, and what to do. Never a value that names a person."""

    code: str
    oordeel: Oordeel
    melding: str
    pointer: str | None = None
    regel: str | None = None
    artikel: str | None = None
    kandidaten: list[Gemeentecode] | None = None


def findings(fouten: Iterable[Fout]) -> tuple[Bevinding, ...]:
    """Errors of form, as findings that refuse a record."""
    return tuple(Bevinding(code=f.code, oordeel="fout", melding=f.melding, pointer=f.pointer) for f in fouten)


class Ontvangstbewijs(Wire, frozen=True, kw_only=True):
    """Signed receipt of one accepted signal. `handtekening` is a compact JWS (ES256) over the other members (RFC 8785).

    `schaduw`: a rehearsal, judged as always and delivered to nobody; then there is no `inhoudHash`, and this proves no delivery.
    """

    id: UUID
    kenmerk: Kenmerk
    gemeente: Gemeentecode
    sector: Sector
    ontvangen_op: datetime
    status: Signaalstatus
    bevindingen: list[Bevinding]
    inhoud_hash: str
    logblad: str
    schaduw: bool | None = None
    handtekening: str | None = None


class SignaalStand(Wire, frozen=True, kw_only=True):
    """Where an accepted signal stands now; coarse by law (see `docs/contract.md`, feedback)."""

    id: UUID
    kenmerk: Kenmerk
    gemeente: Gemeentecode
    sector: Sector
    status: Signaalstatus
    ontvangen_op: datetime
    ingetrokken_op: datetime | None = None


class Aantallen(Wire, frozen=True, kw_only=True):
    """Counts of one delivery; they add up to `aangeboden`."""

    aangeboden: int
    bezorgd: int
    eerder_ontvangen: int
    geweigerd: int
    in_quarantaine: int


class Aanlevering(Wire, frozen=True, kw_only=True):
    """One delivery. `handtekening` signs id, kenmerk, ontvangenOp, aantallen and the hash over all leaf hashes in order.

    `schaduw`: a rehearsal; `bezorgd` counts what would have been delivered.
    """

    id: UUID
    kenmerk: Kenmerk
    status: Literal["in_verwerking", "verwerkt"]
    resultaat: Literal["volledig", "deels", "geen"] | None = None
    ontvangen_op: datetime
    aantallen: Aantallen | None = None
    bladen_hash: str | None = None
    schaduw: bool | None = None
    handtekening: str | None = None


class VerslagRegel(Wire, frozen=True, kw_only=True):
    """The outcome of one record."""

    volgnummer: int
    status: Signaalstatus
    bevindingen: list[Bevinding]
    eerder_ontvangen: bool | None = None
    kenmerk: str | None = None
    id: UUID | None = None
    gemeente: Gemeentecode | None = None
    ontvangen_op: datetime | None = None
    inhoud_hash: str | None = None
    logblad: str | None = None


class Verslag(Wire, frozen=True, kw_only=True):
    """Report of one delivery, a line per record in the order of delivery."""

    aanlevering: UUID
    kenmerk: Kenmerk
    regels: list[VerslagRegel]


class Voorcontrole(Wire, frozen=True, kw_only=True):
    """Outcome of the pre-flight: the same checks, nothing kept."""

    kenmerk: Kenmerk
    regels: list[VerslagRegel]


class Aanleveringen(Wire, frozen=True, kw_only=True):
    """A page of deliveries, newest first."""

    aanleveringen: list[Aanlevering]
    volgende: str | None = None


class DekkingGemeente(Wire, frozen=True, kw_only=True):
    """A municipality that takes this creditor's signals."""

    gemeentecode: Gemeentecode
    naam: str
    sectoren: list[Sector]
    sinds: Annotated[date, Meta(description="Datum waarop de gemeente haar loket opende")]
    postcodes: Annotated[list[str], Meta(description="Viercijferige postcodegebieden, als reeksen (1011-1019)")]
    sleutel: Literal["eigen", "beheerd"]
    drempel_cent: int | None = None
    drempels: Annotated[dict[Sector, int], Meta(description="Drempel per sector, in eurocenten")] | None = None
    optionele_velden: list[str] | None = None
    contact: str | None = None


class Dekking(Wire, frozen=True, kw_only=True):
    """Coverage for the asking creditor on one day."""

    schuldeiser: Oin
    peildatum: date
    gemeenten: list[DekkingGemeente]


class Intrekking(Wire, frozen=True, kw_only=True):
    """A withdrawal: before a claim the message is gone, after it the inbox is told."""

    id: UUID
    status: Signaalstatus
    ingetrokken_op: datetime
