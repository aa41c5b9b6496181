"""The sub-mailbox of a follow-up partner: what it sees, what it claims, and how keys and found contact data travel sealed.

Authority: Wgs art. 3a (mandate), AVG art. 5 lid 1 onder c and 28; contract, "share derived keys with a follow-up partner". A
partner sees neither creditor nor amount: it needs them for nothing. Sealed values are compact JWEs (`ECDH-ES+A256KW`, `A256GCM`)
whose header names the receiver's key; the gateway checks their shape and never opens them.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.inbox import Sleutels, Veldgroep
from schemas.instellingen import Zegelsleutel
from schemas.signaal import Crisis, Soort
from schemas.triage import Kanaal, Werkbakcode
from schemas.types import Doel, Emailadres, Kort, Oin, Sector, Telefoonnummer, Wire

SEALING = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}
SealedToken = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{20,1000}(\.[A-Za-z0-9_-]{1,4000}){4}$(?!\n)",
        max_length=8_000,
        description="Compacte JWE (ECDH-ES+A256KW, A256GCM); kid noemt de sleutel van de ontvanger",
    ),
]


class Deling(Wire, frozen=True, kw_only=True):
    """Derived group keys of one message, each sealed to the partner's registered key."""

    opvolgpartner: Oin
    sleutels: dict[Veldgroep, SealedToken]


class Delingstand(Wire, frozen=True, kw_only=True):
    """What was shared."""

    bericht: UUID
    opvolgpartner: Oin
    veldgroepen: list[Veldgroep]
    gedeeld_op: datetime


class OpvolgBericht(Wire, frozen=True, kw_only=True):
    """A message in a sub-mailbox. `gedeeld`: the municipality has shared its keys, or none are needed."""

    id: UUID
    volgnummer: int
    soort: Soort
    sector: Sector
    signaaldatum: date
    werkbak: Werkbakcode
    kanaal: Kanaal
    gedeeld: bool
    crisis: Crisis | None = None
    persoonsgegevens: dict[Veldgroep, str] | None = None
    sleutels: Sleutels | None = None


class OpvolgBerichten(Wire, frozen=True, kw_only=True):
    """A page of a sub-mailbox."""

    berichten: list[OpvolgBericht]
    volgende: str


class OpvolgClaimAanvraag(Wire, frozen=True, kw_only=True):
    """Ask for messages of the own baskets under a lease, for one purpose. `medewerker` is content, never proof of identity."""

    doel: Doel
    maximum: Annotated[int, Meta(ge=1, le=100)]
    lease_seconden: Annotated[int, Meta(ge=1, le=86_400)]
    wijze: Literal["bemand", "onbemand"]
    werkbak: Werkbakcode | None = None
    medewerker: Kort | None = None


class OpvolgClaim(Wire, frozen=True, kw_only=True):
    """Messages with the groups that the partner's purpose row names; `zegelsleutel` is for what it finds."""

    id: UUID
    doel: Doel
    vervalt_op: datetime
    berichten: list[OpvolgBericht]
    zegelsleutel: Zegelsleutel | None = None


class OpvolgStand(Wire, frozen=True, kw_only=True):
    """The state of a claim after an action."""

    id: UUID
    aantal: int


class Contactvondst(Wire, frozen=True, kw_only=True):
    """Contact data that somebody found, before it is sealed to the municipality; never for a creditor.

    Source, ground and date travel beside the sealed value (`zaken/{id}/contactgegevens`).
    """

    bericht: UUID
    telefoonnummers: Annotated[list[Telefoonnummer], Meta(max_length=3)] | None = None
    emailadressen: Annotated[list[Emailadres], Meta(max_length=3)] | None = None
