"""The municipality's door: `/gemeente/v1`.

Authority: `docs/contract.md`, section on the municipality. A handler hands over with the municipality of the principal; person
data leaves only through a claim. HEAD on a message shows that it is there and discloses nothing. Leaves every rule to the flow.
"""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.api import (
    betaalvoorstellen,
    clocks,
    examples,
    followup,
    kennisgevingen,
    logbewijzen,
    meldingen,
    outward,
    overzichten,
    overzichtsblad,
    settings,
    terugkoppeling,
    zaken,
)
from gateway.api.body import PlaceCursor, cursor, cursor_bytes
from gateway.api.edge import VERSION
from gateway.api.operation import Api, Call, Ingang, Operation, ok
from gateway.api.ports import MunicipalityPort
from gateway.api.who import who as _who
from schemas.inbox import (
    Afwijzing,
    Bericht,
    Berichten,
    Berichtstaat,
    BerichtStand,
    Bevestiging,
    Claim,
    ClaimAanvraag,
    ClaimBevestiging,
    ClaimStand,
    ClaimVerlenging,
)
from schemas.signaal import Soort
from schemas.triage import Werkbakcode
from schemas.types import Sector, Wire

BASE = "/gemeente/v1"


class BerichtenVraag(Wire, frozen=True, kw_only=True):
    """The query of the inbox."""

    cursor: PlaceCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100
    soort: Soort | None = None
    sector: Sector | None = None
    staat: Berichtstaat | None = None
    werkbak: Werkbakcode | None = None


def messages(port: MunicipalityPort, call: Call) -> Response:
    """A page of the inbox; the sequencer's number becomes an opaque cursor of 8 bytes."""
    q = call.query
    after = int.from_bytes(cursor_bytes(q.cursor)) if q.cursor else 0
    page = port.messages(*_who(call), after=after, limit=q.limiet, soort=q.soort, sector=q.sector, staat=q.staat, werkbak=q.werkbak)
    return ok(msgspec.structs.replace(page, volgende=cursor(int(page.volgende).to_bytes(8))))


def message(port: MunicipalityPort, call: Call) -> Response:
    """One message."""
    return ok(port.message(*_who(call), call.key, disclose=not call.head))


def claim(port: MunicipalityPort, call: Call) -> Response:
    """Take messages under a lease."""
    taken = port.claim(*_who(call), call.body)
    return ok(taken, 201, Location=f"{BASE}/inbox/claims/{taken.id}")


def extend(port: MunicipalityPort, call: Call) -> Response:
    """Extend a lease."""
    return ok(port.extend(*_who(call), call.key, call.body))


def release(port: MunicipalityPort, call: Call) -> Response:
    """Give the messages back."""
    return ok(port.release(*_who(call), call.key))


def acknowledge_claim(port: MunicipalityPort, call: Call) -> Response:
    """Acknowledge a claim."""
    return ok(port.acknowledge_claim(*_who(call), call.key, call.body))


def acknowledge(port: MunicipalityPort, call: Call) -> Response:
    """Acknowledge a message."""
    return ok(port.acknowledge(*_who(call), call.key, call.body))


def reject(port: MunicipalityPort, call: Call) -> Response:
    """Reject a message."""
    return ok(port.reject(*_who(call), call.key, call.body))


def root(_port: MunicipalityPort, _call: Call) -> Response:
    """The root."""
    return ok(Ingang(naam="Seinhuis: gemeente", versie=VERSION, beschrijving=f"{BASE}/openapi.json"))


API: Api[MunicipalityPort] = Api(
    name="gemeente",
    title="Seinhuis: gemeente",
    description="Vroegsignalen ophalen, openen en afhandelen door het zaaksysteem van een gemeente (Wgs art. 3 en 4).",
    rol="gemeente",
    operations=(
        Operation(
            method="GET",
            path="/",
            id="ingang",
            tag="Algemeen",
            activity="beheren",
            summary="Ingang van de API",
            description="Naam, versie en vindplaats van deze beschrijving.",
            handler=root,
            answers={200: Ingang},
            example=Ingang(naam="Seinhuis: gemeente", versie=VERSION, beschrijving=f"{BASE}/openapi.json"),
        ),
        Operation(
            method="GET",
            path="/inbox/berichten",
            id="lijstBerichten",
            tag="Inbox",
            activity="ophalen",
            summary="Lijst van berichten",
            description="Pseudonieme gegevens in vaste volgorde. Ga verder met volgende, ook na een lege pagina.",
            handler=messages,
            query=BerichtenVraag,
            answers={200: Berichten},
            errors=(409,),
            example=examples.BERICHTEN,
        ),
        Operation(
            method="GET",
            path="/inbox/berichten/{id}",
            id="leesBericht",
            tag="Inbox",
            activity="ophalen",
            summary="Lees een bericht opnieuw",
            description="Met persoonsgegevens zolang uw claim het bericht houdt, voor het doel van die claim; dit wordt vastgelegd.",
            handler=message,
            answers={200: Bericht},
            errors=(410,),
            example=examples.BERICHT_OPEN,
        ),
        Operation(
            method="POST",
            path="/inbox/claims",
            id="claimBerichten",
            tag="Claims",
            activity="ophalen",
            summary="Claim berichten",
            description="Geeft berichten met verzegelde persoonsgegevens en sleutels, voor één doel. Tot vervaltOp houdt u ze alleen.",
            handler=claim,
            request=ClaimAanvraag,
            request_example=examples.CLAIM_AANVRAAG,
            answers={201: Claim},
            errors=(409,),
            example=examples.CLAIM,
        ),
        Operation(
            method="PUT",
            path="/inbox/claims/{id}",
            id="verlengClaim",
            tag="Claims",
            activity="ophalen",
            summary="Verleng een claim",
            description="De nieuwe duur telt vanaf nu.",
            handler=extend,
            request=ClaimVerlenging,
            request_example=ClaimVerlenging(lease_seconden=600),
            answers={200: ClaimStand},
            errors=(409,),
            example=examples.CLAIMSTAND,
        ),
        Operation(
            method="DELETE",
            path="/inbox/claims/{id}",
            id="geefClaimVrij",
            tag="Claims",
            activity="ophalen",
            summary="Geef een claim vrij",
            description="Onbevestigde berichten gaan terug naar de inbox. Herhalen mag.",
            handler=release,
            answers={200: ClaimStand},
            errors=(409,),
            example=examples.CLAIMSTAND_VRIJ,
        ),
        Operation(
            method="POST",
            path="/inbox/claims/{id}/_bevestig",
            id="bevestigClaim",
            tag="Claims",
            activity="ophalen",
            summary="Bevestig alle berichten van een claim",
            description="Eén status voor alle berichten van de claim. Herhalen mag.",
            handler=acknowledge_claim,
            request=ClaimBevestiging,
            request_example=ClaimBevestiging(status="ontvangen"),
            answers={200: ClaimStand},
            errors=(409,),
            example=examples.CLAIMSTAND,
        ),
        Operation(
            method="PUT",
            path="/inbox/berichten/{id}/bevestiging",
            id="bevestigBericht",
            tag="Inbox",
            activity="ophalen",
            summary="Bevestig een bericht",
            description="ontvangen is technisch; verwerkt draagt het zaaknummer. Herhalen mag.",
            handler=acknowledge,
            request=Bevestiging,
            request_example=examples.BEVESTIGING,
            answers={200: BerichtStand},
            errors=(409,),
            example=examples.BERICHTSTAND,
        ),
        Operation(
            method="POST",
            path="/inbox/berichten/{id}/afwijzing",
            id="wijsBerichtAf",
            tag="Inbox",
            activity="ophalen",
            summary="Wijs een bericht af",
            description="De reden blijft bij de gemeente; de schuldeiser krijgt haar niet te zien.",
            handler=reject,
            request=Afwijzing,
            request_example=examples.AFWIJZING,
            answers={200: BerichtStand},
            errors=(409,),
            example=examples.BERICHTSTAND_AFGEWEZEN,
        ),
        *meldingen.OPERATIONS,
        *zaken.OPERATIONS,
        *terugkoppeling.OPERATIONS,
        *settings.OPERATIONS,
        *clocks.OPERATIONS,
        *followup.OPERATIONS,
        *outward.OPERATIONS,
        *overzichten.OPERATIONS,
        *kennisgevingen.MUNICIPALITY,
        *betaalvoorstellen.MUNICIPALITY,
        *overzichtsblad.OPERATIONS,
        *logbewijzen.OPERATIONS,
    ),
)
