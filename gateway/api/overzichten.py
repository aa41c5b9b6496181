"""Schuldenoverzichten: operations of `/gemeente/v1`.

Authority: `docs/contract.md`, section on the schuldenoverzicht. Handlers hand over and render. HEAD on an overview shows that it is there
and discloses nothing. Leaves every rule to `gateway.overviews`.
"""

from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.api import examples_overzichten as examples
from gateway.api.body import IdCursor, cursor, cursor_bytes
from gateway.api.operation import KIB, Call, Operation, ok
from gateway.api.overviewports import OverviewPort
from gateway.api.who import who
from schemas.schuldenoverzicht import OverzichtIntrekking, Overzichtsaanvraag, Overzichtstaat, Schuldenoverzicht, Schuldenoverzichten
from schemas.types import Wire

BASE = "/gemeente/v1"
WITH_DOCUMENT = 2 * KIB * KIB
ACTIVITIES = ("overzicht_toegang", "overzicht_plan")


class HasOverviews(Protocol):
    """A port with this part."""

    @property
    def overzichten(self) -> OverviewPort:
        """The part."""
        ...


class OverzichtenVraag(Wire, frozen=True, kw_only=True):
    """The query of the list of overviews."""

    cursor: IdCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100
    staat: Overzichtstaat | None = None


def ask(port: HasOverviews, call: Call) -> Response:
    """An overview (201, or 200 when the same was asked before)."""
    overzicht, created = port.overzichten.ask(*who(call), call.body)
    return ok(overzicht, 201 if created else 200, Location=f"{BASE}/schuldenoverzichten/{overzicht.id}")


def overviews(port: HasOverviews, call: Call) -> Response:
    """A page of overviews; the port's id becomes an opaque cursor."""
    caller, gemeente, _ = who(call)
    before = UUID(bytes=cursor_bytes(call.query.cursor)) if call.query.cursor else None
    page = port.overzichten.page(caller, gemeente, before, call.query.limiet, call.query.staat)
    return ok(msgspec.structs.replace(page, volgende=cursor(UUID(page.volgende).bytes) if page.volgende else None))


def overview(port: HasOverviews, call: Call) -> Response:
    """One overview."""
    return ok(port.overzichten.one(*who(call), call.key, disclose=not call.head))


def withdraw(port: HasOverviews, call: Call) -> Response:
    """The overview, withdrawn."""
    return ok(port.overzichten.withdraw(*who(call), call.key, call.body))


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="POST",
        path="/schuldenoverzichten",
        id="vraagSchuldenoverzicht",
        tag="Schuldenoverzicht",
        activity=ACTIVITIES[0],
        also=ACTIVITIES[1:],
        summary="Vraag genoemde schuldeisers wat zij te vorderen hebben",
        description="Elke schuldeiser krijgt een eigen, verzegelde vraag en ziet niet dat er ook anderen zijn gevraagd. Hetzelfde kenmerk "
        "met dezelfde inhoud geeft hetzelfde overzicht (200), met andere inhoud 409. Een BSN gaat alleen mee naar wie met metBsn is "
        "gemerkt en daarvoor is geregistreerd. Meer dan twintig schuldeisers in één zaak kan alleen met een tweede persoon.",
        handler=ask,
        request=Overzichtsaanvraag,
        request_example=examples.AANVRAAG,
        limit=WITH_DOCUMENT,
        numbers=False,
        answers={201: Schuldenoverzicht, 200: Schuldenoverzicht},
        errors=(409,),
        example=examples.OVERZICHT,
    ),
    Operation(
        method="GET",
        path="/schuldenoverzichten",
        id="lijstSchuldenoverzichten",
        tag="Schuldenoverzicht",
        activity=ACTIVITIES[0],
        also=ACTIVITIES[1:],
        summary="Lijst van schuldenoverzichten",
        description="De nieuwste eerst, zonder antwoorden. staat=verlopen geeft wat opvolging vraagt: daar heeft een schuldeiser niet op "
        "tijd geantwoord.",
        handler=overviews,
        query=OverzichtenVraag,
        answers={200: Schuldenoverzichten},
        example=examples.OVERZICHTEN,
    ),
    Operation(
        method="GET",
        path="/schuldenoverzichten/{id}",
        id="leesSchuldenoverzicht",
        tag="Schuldenoverzicht",
        activity=ACTIVITIES[0],
        also=ACTIVITIES[1:],
        summary="Lees een schuldenoverzicht met de antwoorden die er zijn",
        description="Elk antwoord verzegeld voor uw sleutel; dit wordt vastgelegd. Er wordt geen totaal bewaard: u telt op wat u opent.",
        handler=overview,
        answers={200: Schuldenoverzicht},
        example=examples.OVERZICHT_VOLLEDIG,
    ),
    Operation(
        method="POST",
        path="/schuldenoverzichten/{id}/intrekking",
        id="trekSchuldenoverzichtIn",
        tag="Schuldenoverzicht",
        activity=ACTIVITIES[0],
        also=ACTIVITIES[1:],
        summary="Trek een schuldenoverzicht in",
        description="Vragen, antwoorden en document worden vernietigd; elke schuldeiser die de vraag kreeg, ziet het, zonder de reden. Wat "
        "al was afgerond, houdt zijn staat.",
        handler=withdraw,
        request=OverzichtIntrekking,
        request_example=examples.INTREKKING,
        answers={200: Schuldenoverzicht},
        example=examples.OVERZICHT_INGETROKKEN,
    ),
)
