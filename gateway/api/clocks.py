"""Clocks at the municipality's door: what a worker tells, and which terms run or are overdue.

Authority: contract; Wgs art. 4 and 4a. Leaves counting to the flow.
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
from schemas.termijnen import Bedreigend, Mijlpaalstand, Mijlpalen, Termijnen, Termijnsoort, Termijnstand
from schemas.types import Wire


class TermijnenVraag(Wire, frozen=True, kw_only=True):
    """The query of the terms."""

    cursor: PlaceCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100
    termijn: Termijnsoort | None = None
    stand: Termijnstand | None = None


def threaten(port: MunicipalityPort, call: Call) -> Response:
    """A worker's judgement."""
    return ok(port.triage.threaten(*who(call), call.key, call.body))


def milestones(port: MunicipalityPort, call: Call) -> Response:
    """What happened since."""
    return ok(port.triage.milestones(*who(call), call.key, call.body))


def terms(port: MunicipalityPort, call: Call) -> Response:
    """Running and overdue terms."""
    q = call.query
    after = int.from_bytes(cursor_bytes(q.cursor)) if q.cursor else 0
    page = port.triage.terms(who(call)[1], after=after, limit=q.limiet, soort=q.termijn, stand=q.stand)
    return ok(msgspec.structs.replace(page, volgende=cursor(int(page.volgende).to_bytes(8))))


OPERATIONS: tuple[Operation[MunicipalityPort], ...] = (
    Operation(
        method="PUT",
        path="/inbox/berichten/{id}/bedreigend",
        id="meldBedreigend",
        tag="Termijnen",
        activity="bewaken",
        summary="Noem een situatie bedreigend, of niet meer",
        description="Het oordeel van een medewerker (Wgs art. 4 lid 2): vanaf die dag lopen drie werkdagen tot het eerste gesprek.",
        handler=threaten,
        request=Bedreigend,
        request_example=examples.BEDREIGEND,
        answers={200: Mijlpaalstand},
        errors=(409,),
        example=examples.MIJLPAALSTAND,
    ),
    Operation(
        method="PUT",
        path="/inbox/berichten/{id}/mijlpalen",
        id="meldMijlpalen",
        tag="Termijnen",
        activity="bewaken",
        summary="Meld wat er is gebeurd",
        description="Datums waar de termijnen op lopen. Wat u weglaat, blijft zoals het was. Herhalen mag.",
        handler=milestones,
        request=Mijlpalen,
        request_example=examples.MIJLPALEN,
        answers={200: Mijlpaalstand},
        errors=(409,),
        example=examples.MIJLPAALSTAND,
    ),
    Operation(
        method="GET",
        path="/termijnen",
        id="lijstTermijnen",
        tag="Termijnen",
        activity="bewaken",
        summary="Lopende en overschreden termijnen",
        description="Per bericht en soort, met de laatste dag. De limiet telt berichten; ga verder met volgende, ook na een lege pagina.",
        handler=terms,
        query=TermijnenVraag,
        answers={200: Termijnen},
        example=examples.TERMIJNEN,
    ),
)
