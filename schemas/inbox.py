"""The inbox of a municipality: metadata, claims under a lease, acknowledgement, rejection.

Authority: `docs/contract.md`, `/gemeente/v1`. Metadata is pseudonymous; person data travels only inside a claim, as one
JWE per field group that the purpose allows, with the keys that open them.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.ontvangst import Bevinding
from schemas.signaal import Crisis, Soort
from schemas.triage import Triagekenmerken, Werkbakcode
from schemas.types import Doel, Kort, Oin, Sector, Wire

Zaaknummer = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$(?!\n)", description="Kenmerk van de zaak bij de gemeente; nooit een persoonsgegeven"
    ),
]
Veldgroep = Literal["identiteit", "contact", "klant"]
Indeling = Literal["enkelvoudig", "meervoudig", "opeenvolgend", "herhaald"]
Berichtstaat = Literal["bezorgd", "geclaimd", "ontvangen", "verwerkt", "afgewezen", "doorgezonden", "ingetrokken", "verlopen"]


class Schuldeiser(Wire, frozen=True, kw_only=True):
    """Who delivered the signal."""

    oin: Oin
    handelsnaam: str


class Sleutels(Wire, frozen=True, kw_only=True):
    """What opens the sealed groups. Own key: `inhoudssleutel`, a JWE to the municipality's key. Managed: derived group keys (base64url).

    Shared with a follow-up partner: group keys, each a JWE to the partner's key.
    """

    wijze: Literal["eigen", "beheerd", "gedeeld"]
    kid: str
    inhoudssleutel: str | None = None
    groepssleutels: dict[str, str] | None = None


class Bericht(Wire, frozen=True, kw_only=True):
    """A message in the inbox. `volgnummer` is the sequencer's: it never skips and never repeats.

    `indeling` is the weightiest of `kenmerken`; both are those of `melding` at `indelingsversie`, apart from `herhaald`.
    """

    id: UUID
    volgnummer: int
    soort: Soort
    sector: Sector
    schuldeiser: Schuldeiser
    signaaldatum: date
    ontvangen_op: datetime
    bedrag_cent: int
    staat: Berichtstaat
    indeling: Indeling
    adrespseudoniem: str
    bevindingen: list[Bevinding]
    crisis: Crisis | None = None
    warme_overdracht: bool | None = None
    voorrang: bool | None = None
    inhaalslag: bool | None = None
    eerder_bericht: UUID | None = None
    vervangen_door: UUID | None = None
    ingetrokken_op: datetime | None = None
    zaaknummer: str | None = None
    melding: UUID | None = None
    kenmerken: list[Indeling] | None = None
    indelingsversie: int | None = None
    bezwaar_loopt: bool | None = None
    werkbak: str | None = None
    triage: Triagekenmerken | None = None
    persoonsgegevens: dict[Veldgroep, str] | None = None
    sleutels: Sleutels | None = None
    logblad: str | None = None


class Berichten(Wire, frozen=True, kw_only=True):
    """A page of the inbox; `volgende` is the cursor for the next call, also when the page is empty."""

    berichten: list[Bericht]
    volgende: str
    controlepunt: str | None = None


class ClaimAanvraag(Wire, frozen=True, kw_only=True):
    """Ask for messages under a lease, for one purpose. `medewerker` is content, never proof of identity."""

    doel: Doel
    maximum: Annotated[int, Meta(ge=1, le=500)]
    lease_seconden: Annotated[int, Meta(ge=1, le=86_400)]
    wijze: Literal["bemand", "onbemand"]
    werkbak: Werkbakcode | None = None
    medewerker: Kort | None = None


class Claim(Wire, frozen=True, kw_only=True):
    """Messages that nobody else gets until `vervaltOp`."""

    id: UUID
    doel: Doel
    vervalt_op: datetime
    berichten: list[Bericht]
    controlepunt: str | None = None


class ClaimVerlenging(Wire, frozen=True, kw_only=True):
    """Extend a lease, counted from now."""

    lease_seconden: Annotated[int, Meta(ge=1, le=86_400)]


class Bevestiging(Wire, frozen=True, kw_only=True):
    """Acknowledge one message: `ontvangen` is technical, `verwerkt` carries the case reference."""

    claim: UUID
    status: Literal["ontvangen", "verwerkt"]
    zaaknummer: Zaaknummer | None = None


class ClaimBevestiging(Wire, frozen=True, kw_only=True):
    """Acknowledge every message of a claim."""

    status: Literal["ontvangen", "verwerkt"]
    zaaknummer: Zaaknummer | None = None


class Afwijzing(Wire, frozen=True, kw_only=True):
    """Reject a message. The reason stays with the municipality; the creditor never sees it."""

    claim: UUID
    reden: Literal["geen_inwoner", "onterecht_signaal", "herhaalde_melding", "onleesbaar", "andere_reden"]


class BerichtStand(Wire, frozen=True, kw_only=True):
    """The state of a message after an action."""

    id: UUID
    staat: Berichtstaat
    zaaknummer: str | None = None


class ClaimStand(Wire, frozen=True, kw_only=True):
    """The state of a claim after an action."""

    id: UUID
    aantal: int
    vervalt_op: datetime | None = None
