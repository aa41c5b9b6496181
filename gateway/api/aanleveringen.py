"""Many signals at a time: the deliveries of `/schuldeiser/v1` and their reports.

Authority: contract, "/schuldeiser/v1". Handlers are thin: they hand over and render. Leaves every verdict to the flow, and the form
of a CSV to `gateway.api.report`.
"""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.api import examples
from gateway.api.body import JSON, IdCursor, cursor, cursor_bytes
from gateway.api.operation import KIB, Call, Operation, ok
from gateway.api.ports import CreditorPort
from gateway.api.report import as_csv
from schemas import strict
from schemas.ontvangst import Aanlevering, Aanleveringen, Verslag, Voorcontrole
from schemas.signaal import AanleveringAanvraag, AanleveringEnvelop
from schemas.types import Wire

BASE = "/schuldeiser/v1"
CSV = "text/csv"
BATCH = 16 * KIB * KIB


class AanleveringenVraag(Wire, frozen=True, kw_only=True):
    """The query of the list of deliveries."""

    cursor: IdCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100


def deliver_many(port: CreditorPort, call: Call) -> Response:
    """A delivery (201, or 200 when it came before)."""
    delivery, created = port.deliver_many(call.sender, call.trace, call.body, call.content)
    return ok(delivery, 201 if created else 200, Location=f"{BASE}/aanleveringen/{delivery.id}")


def preflight(port: CreditorPort, call: Call) -> Response:
    """The same checks, nothing kept."""
    return ok(port.preflight(call.sender, call.trace, call.body))


def deliveries(port: CreditorPort, call: Call) -> Response:
    """A page of deliveries; the port's id becomes an opaque cursor."""
    before = UUID(bytes=cursor_bytes(call.query.cursor)) if call.query.cursor else None
    page = port.deliveries(call.sender.principal, before, call.query.limiet)
    return ok(msgspec.structs.replace(page, volgende=cursor(UUID(page.volgende).bytes) if page.volgende else None))


def delivery(port: CreditorPort, call: Call) -> Response:
    """One delivery."""
    return ok(port.delivery(call.sender.principal, call.key))


def report(port: CreditorPort, call: Call) -> Response:
    """The report per record, as JSON or CSV."""
    verslag = port.report(call.sender.principal, call.key)
    return Response(as_csv(verslag), media_type=CSV) if call.media == CSV else ok(verslag)


def _envelop(content: bytes) -> AanleveringEnvelop:
    return strict.parse_apart(content, AanleveringEnvelop, "signalen", 5_000)


OPERATIONS: tuple[Operation[CreditorPort], ...] = (
    Operation(
        method="POST",
        path="/aanleveringen",
        id="leverAan",
        also=("schaduw",),
        schaduw=True,
        tag="Aanleveringen",
        activity="aanleveren",
        summary="Lever veel signalen tegelijk",
        description="Hoogstens 5000. Een fout signaal houdt geen ander tegen; het verslag noemt de uitkomst per signaal.",
        handler=deliver_many,
        request=AanleveringAanvraag,
        request_example=examples.AANLEVERING_AANVRAAG,
        read=_envelop,
        limit=BATCH,
        answers={201: Aanlevering, 200: Aanlevering},
        errors=(409,),
        example=examples.AANLEVERING,
    ),
    Operation(
        method="POST",
        path="/aanleveringen/_valideer",
        id="valideerAanlevering",
        schaduw=True,
        tag="Aanleveringen",
        activity="aanleveren",
        summary="Controleer vooraf",
        description="Dezelfde controles als bij aanleveren; er wordt niets bewaard of bezorgd.",
        handler=preflight,
        request=AanleveringAanvraag,
        request_example=examples.AANLEVERING_AANVRAAG,
        read=_envelop,
        limit=BATCH,
        answers={200: Voorcontrole},
        example=examples.VOORCONTROLE,
    ),
    Operation(
        method="GET",
        path="/aanleveringen",
        id="lijstAanleveringen",
        schaduw=True,
        tag="Aanleveringen",
        activity="aanleveren",
        summary="Lijst van aanleveringen",
        description="De nieuwste eerst; volgende is de cursor van de volgende pagina.",
        handler=deliveries,
        query=AanleveringenVraag,
        answers={200: Aanleveringen},
        example=examples.AANLEVERINGEN,
    ),
    Operation(
        method="GET",
        path="/aanleveringen/{id}",
        id="leesAanlevering",
        schaduw=True,
        tag="Aanleveringen",
        activity="aanleveren",
        summary="Lees een aanlevering",
        description="Aantallen en handtekening van één aanlevering.",
        handler=delivery,
        answers={200: Aanlevering},
        example=examples.AANLEVERING,
    ),
    Operation(
        method="GET",
        path="/aanleveringen/{id}/verslag",
        id="leesVerslag",
        schaduw=True,
        tag="Aanleveringen",
        activity="aanleveren",
        summary="Lees het verslag van een aanlevering",
        description="Een regel per signaal, als JSON of (met Accept: text/csv) als CSV.",
        handler=report,
        media=(JSON, CSV),
        answers={200: Verslag},
        errors=(409,),
        example=examples.VERSLAG,
    ),
)
