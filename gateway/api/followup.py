"""Follow-up partners at the municipality's door: sharing keys by the municipality, and the partner's own sub-mailbox.

Authority: contract, "`POST …/delingen`"; Wgs art. 3a. The operations under `/opvolging` are for the role `uitvoerder` under a mandate of
the municipality, and for nobody else; a partner can use no other operation of this door. Leaves every rule to the flow.
"""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.api import triage_examples as examples
from gateway.api.body import PlaceCursor, cursor, cursor_bytes
from gateway.api.operation import Call, Operation, ok
from gateway.api.ports import MunicipalityPort
from gateway.api.who import who
from schemas.opvolging import Deling, Delingstand, OpvolgBerichten, OpvolgClaim, OpvolgClaimAanvraag, OpvolgStand
from schemas.types import Wire

PARTNER = "uitvoerder"


class OpvolgVraag(Wire, frozen=True, kw_only=True):
    """The query of a sub-mailbox."""

    cursor: PlaceCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100


def share(port: MunicipalityPort, call: Call) -> Response:
    """Share sealed group keys."""
    return ok(port.triage.share(*who(call), call.key, call.body))


def messages(port: MunicipalityPort, call: Call) -> Response:
    """The partner's messages."""
    caller, gemeente, _ = who(call)
    after = int.from_bytes(cursor_bytes(call.query.cursor)) if call.query.cursor else 0
    page = port.triage.sub_mailbox(caller, gemeente, after=after, limit=call.query.limiet)
    return ok(msgspec.structs.replace(page, volgende=cursor(int(page.volgende).to_bytes(8))))


def claim(port: MunicipalityPort, call: Call) -> Response:
    """Lease and open."""
    taken = port.triage.sub_claim(*who(call), call.body)
    return ok(taken, 201, Location=f"/gemeente/v1/opvolging/claims/{taken.id}")


def release(port: MunicipalityPort, call: Call) -> Response:
    """Give back."""
    return ok(port.triage.sub_release(*who(call), call.key))


def finish(port: MunicipalityPort, call: Call) -> Response:
    """Done with."""
    return ok(port.triage.sub_finish(*who(call), call.key))


OPERATIONS: tuple[Operation[MunicipalityPort], ...] = (
    Operation(
        method="POST",
        path="/inbox/berichten/{id}/delingen",
        id="deelBericht",
        tag="Opvolging",
        activity="opvolgen",
        summary="Deel sleutels met een opvolgpartner",
        description="Alleen met een eigen sleutel: groepssleutels, elk verzegeld voor de sleutel van de partner. Wij openen ze niet.",
        handler=share,
        request=Deling,
        request_example=examples.DELING,
        answers={200: Delingstand},
        errors=(409, 410),
        example=examples.DELINGSTAND,
    ),
    Operation(
        method="GET",
        path="/opvolging/berichten",
        id="lijstOpvolging",
        tag="Opvolging",
        activity="opvolgen",
        rol=PARTNER,
        summary="Berichten voor een opvolgpartner",
        description="Alleen uit de werkbakken die de gemeente aan u gaf, zonder schuldeiser en bedrag. Ga verder met volgende.",
        handler=messages,
        query=OpvolgVraag,
        answers={200: OpvolgBerichten},
        example=examples.OPVOLGBERICHTEN,
    ),
    Operation(
        method="POST",
        path="/opvolging/claims",
        id="claimOpvolging",
        tag="Opvolging",
        activity="opvolgen",
        rol=PARTNER,
        summary="Claim berichten als opvolgpartner",
        description="Geeft de veldgroepen van uw eigen doelrij, met sleutels. Verzegel wat u vindt voor zegelsleutel.",
        handler=claim,
        request=OpvolgClaimAanvraag,
        request_example=examples.OPVOLGCLAIM_AANVRAAG,
        answers={201: OpvolgClaim},
        example=examples.OPVOLGCLAIM,
    ),
    Operation(
        method="DELETE",
        path="/opvolging/claims/{id}",
        id="geefOpvolgingVrij",
        tag="Opvolging",
        activity="opvolgen",
        rol=PARTNER,
        summary="Geef een claim als opvolgpartner vrij",
        description="Wat niet is afgerond, gaat terug. Herhalen mag.",
        handler=release,
        answers={200: OpvolgStand},
        example=examples.OPVOLGSTAND,
    ),
    Operation(
        method="PUT",
        path="/opvolging/claims/{id}/afronding",
        id="rondOpvolgingAf",
        tag="Opvolging",
        activity="opvolgen",
        rol=PARTNER,
        summary="Rond een claim als opvolgpartner af",
        description="De berichten verdwijnen uit uw postbus; de gemeente houdt ze. Herhalen mag.",
        handler=finish,
        answers={200: OpvolgStand},
        example=examples.OPVOLGSTAND,
    ),
)
