"""Balance requests: operations of `/schuldeiser/v1`.

Authority: `docs/contract.md`, section on the schuldenoverzicht. Handlers hand over and render. HEAD on a question shows that it is there
and discloses nothing. Leaves every rule to `gateway.overviews`.
"""

from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.api import examples_overzichten as examples
from gateway.api.body import IdCursor, cursor, cursor_bytes
from gateway.api.operation import Call, Operation, ok
from gateway.api.overviewports import SaldoPort
from gateway.api.overzichten import ACTIVITIES, WITH_DOCUMENT
from schemas.schuldenoverzicht import Antwoordbewijs, Saldoantwoord, Saldostaat, Saldoverzoek, Saldoverzoeken
from schemas.types import Wire

BASE = "/schuldeiser/v1"


class HasQuestions(Protocol):
    """A port with this part."""

    @property
    def saldoverzoeken(self) -> SaldoPort:
        """The part."""
        ...


class SaldoverzoekenVraag(Wire, frozen=True, kw_only=True):
    """The query of the list of questions."""

    cursor: IdCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100
    staat: Saldostaat | None = None


def questions(port: HasQuestions, call: Call) -> Response:
    """A page of questions; the port's id becomes an opaque cursor."""
    after = UUID(bytes=cursor_bytes(call.query.cursor)) if call.query.cursor else None
    page = port.saldoverzoeken.page(call.sender.principal, after, call.query.limiet, call.query.staat)
    return ok(msgspec.structs.replace(page, volgende=cursor(UUID(page.volgende).bytes) if page.volgende else None))


def question(port: HasQuestions, call: Call) -> Response:
    """One question."""
    return ok(port.saldoverzoeken.one(call.sender, call.trace, call.key, disclose=not call.head))


def answer(port: HasQuestions, call: Call) -> Response:
    """A signed receipt (201, or 200 when the same was answered before)."""
    bewijs, created = port.saldoverzoeken.answer(call.sender, call.trace, call.key, call.body)
    return ok(bewijs, 201 if created else 200, Location=f"{BASE}/saldoverzoeken/{bewijs.id}")


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="GET",
        path="/saldoverzoeken",
        id="lijstSaldoverzoeken",
        tag="Saldoverzoeken",
        activity=ACTIVITIES[0],
        also=ACTIVITIES[1:],
        summary="Lijst van saldoverzoeken",
        description="De oudste eerst. Zonder staat: wat uw aandacht vraagt, dus wat open is en wat de laatste 30 dagen is ingetrokken. "
        "herinnerdOp is de dag van de laatste herinnering.",
        handler=questions,
        query=SaldoverzoekenVraag,
        answers={200: Saldoverzoeken},
        example=examples.VERZOEKEN,
    ),
    Operation(
        method="GET",
        path="/saldoverzoeken/{id}",
        id="leesSaldoverzoek",
        tag="Saldoverzoeken",
        activity=ACTIVITIES[0],
        also=ACTIVITIES[1:],
        summary="Lees een saldoverzoek",
        description="Met de vraag, verzegeld voor uw sleutel, zolang u kunt antwoorden; dit wordt vastgelegd. Gebruik de gegevens alleen "
        "om te antwoorden.",
        handler=question,
        answers={200: Saldoverzoek},
        example=examples.VERZOEK_OPEN,
    ),
    Operation(
        method="POST",
        path="/saldoverzoeken/{id}/antwoord",
        id="beantwoordSaldoverzoek",
        tag="Saldoverzoeken",
        activity=ACTIVITIES[0],
        also=ACTIVITIES[1:],
        summary="Beantwoord een saldoverzoek",
        description="Eén keer, tot en met de laatste dag. Alleen uw eigen vorderingen; hoofdsom, rente en kosten min betaald is saldo, op "
        "de cent. Hetzelfde antwoord opnieuw geeft hetzelfde bewijs (200). Na klant_onbekend blijven bij u alleen id, staat en dag over.",
        handler=answer,
        request=Saldoantwoord,
        request_example=examples.ANTWOORD,
        limit=WITH_DOCUMENT,
        numbers=False,
        answers={201: Antwoordbewijs, 200: Antwoordbewijs},
        errors=(409,),
        example=examples.BEWIJS,
    ),
)
