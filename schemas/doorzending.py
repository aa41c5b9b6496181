"""Sending a message on to the municipality where the resident lives: re-sealed by the municipality that got it.

Authority: rule RT-08, DDAS v1.2 (a person who is no resident: share with the right municipality). The sealed groups are made for the other
municipality's key by the sender's client (`adapters.client.resealing`); the gateway opens none of them. The address and the birth date
come in the clear over mTLS for naming only, as at delivery, and are never kept.
"""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from schemas.inbox import Veldgroep
from schemas.types import Gemeentecode, Postcode, Wire, text
from schemas.zaken import Jwe

DirecteJwe = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{20,256}\.\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{1,8192}\.[A-Za-z0-9_-]{22}$(?!\n)",
        description="Compacte JWE (RFC 7516) met een groepssleutel: dir, A256GCM",
    ),
]


class Woonadres(Wire, frozen=True, kw_only=True):
    """Where the resident lives, as the municipality's own register has it; for naming only."""

    postcode: Postcode
    huisnummer: Annotated[int, Meta(ge=1, le=99_999)]
    huisletter: Annotated[str, Meta(pattern=r"^[A-Za-z]$(?!\n)")] | None = None
    toevoeging: Annotated[str, text(10, "2")] | None = None


class WoonPersoon(Wire, frozen=True, kw_only=True):
    """The first person of the message; for naming only."""

    achternaam: Annotated[str, text(100, "Vries")]
    geboortedatum: date


class Doorzending(Wire, frozen=True, kw_only=True):
    """Send a message on. `bericht` is the id (UUIDv7) that the sealed groups name; a repeat with the same id is the same."""

    claim: UUID
    gemeentecode: Gemeentecode
    bericht: UUID
    kid: Annotated[str, text(128)]
    inhoudssleutel: Jwe
    persoonsgegevens: Annotated[dict[Veldgroep, DirecteJwe], Meta(min_length=1)]
    adres: Woonadres
    persoon: WoonPersoon | None = None


class PubliekeSleutel(Wire, frozen=True, kw_only=True):
    """What is sealed for a municipality is sealed to this key (JWK)."""

    gemeentecode: Gemeentecode
    naam: str
    kid: str
    wijze: Literal["eigen", "beheerd"]
    publiek: dict[str, Any]


class Gemeentesleutels(Wire, frozen=True, kw_only=True):
    """Keys of participating municipalities."""

    sleutels: list[PubliekeSleutel]
