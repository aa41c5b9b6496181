"""Feedback: the operations of a municipality that gives it, and the feed of a creditor.

Authority: `docs/contract.md`, feedback to creditors. Handlers hand over and render; the feed's number becomes an opaque cursor.
Leaves every verdict to `gateway.feedback`.
"""

from datetime import date
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.api.body import PlaceCursor, cursor, cursor_bytes
from gateway.api.caseports import FeedbackPort, FeedPort
from gateway.api.operation import Call, Operation, ok
from gateway.api.who import who
from schemas.terugkoppeling import (
    TerugkoppelAanvraag,
    Terugkoppelcode,
    Terugkoppelgrond,
    Terugkoppeling,
    Terugkoppelingen,
    Terugkoppelkeuze,
    Terugkoppelkeuzen,
    TerugkoppelUitkomst,
    TerugkoppelUitkomsten,
)
from schemas.types import Wire


class HasFeedback(Protocol):
    """A municipality's port with this part."""

    @property
    def terugkoppeling(self) -> FeedbackPort:
        """The part."""
        ...


class HasFeed(Protocol):
    """A creditor's port with this part."""

    @property
    def terugkoppeling(self) -> FeedPort:
        """The part."""
        ...


class TerugkoppelingenVraag(Wire, frozen=True, kw_only=True):
    """The query of the feed."""

    cursor: PlaceCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100


def give(port: HasFeedback, call: Call) -> Response:
    """What each sender will see."""
    return ok(port.terugkoppeling.give(*who(call), call.body))


def preview(port: HasFeedback, call: Call) -> Response:
    """What each sender would see."""
    return ok(port.terugkoppeling.preview(*who(call), call.body))


def choices(port: HasFeedback, call: Call) -> Response:
    """The choices."""
    _, gemeente, _ = who(call)
    return ok(port.terugkoppeling.choices(gemeente))


def choose(port: HasFeedback, call: Call) -> Response:
    """The choices after the change."""
    return ok(port.terugkoppeling.choose(*who(call), call.body))


def feed(port: HasFeed, call: Call) -> Response:
    """A page of the creditor's own feed."""
    after = int.from_bytes(cursor_bytes(call.query.cursor)) if call.query.cursor else 0
    page = port.terugkoppeling.page(call.sender.principal, after, call.query.limiet)
    return ok(msgspec.structs.replace(page, volgende=cursor(int(page.volgende).to_bytes(8))))


_CODE: Terugkoppelcode = "hulp_geaccepteerd"
_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
_ZIET = Terugkoppeling(
    kenmerk="HUUR-2026-000123",
    code=_CODE,
    omschrijving="Er is hulp aangenomen. Wacht met incasseren tot en met pauzeTot.",
    week="2026-W48",
    pauze_tot=date(2026, 12, 24),
)
_AANVRAAG = TerugkoppelAanvraag(berichten=[_ID], code=_CODE)
UITKOMSTEN = TerugkoppelUitkomsten(uitkomsten=[TerugkoppelUitkomst(bericht=_ID, ziet=_ZIET)])
KEUZEN = Terugkoppelkeuzen(
    keuzen=[
        Terugkoppelkeuze(code=_CODE, aan=True, grond=Terugkoppelgrond(soort="convenant", kenmerk="CONV-2026-01", vanaf=date(2026, 1, 1)))
    ]
)
FEED = Terugkoppelingen(terugkoppelingen=[_ZIET], volgende="AAAAAAAAABE")
OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="POST",
        path="/terugkoppelingen",
        id="geefTerugkoppeling",
        tag="Terugkoppeling",
        activity="terugkoppelen",
        summary="Koppel terug aan de afzenders van berichten",
        description="Alleen wat de wet en uw eigen keuzen toestaan. Per bericht ziet u precies wat de schuldeiser ziet, of waarom hij "
        "niets ziet. Schuldhulpverlening meldt alleen een schuldhulpverlener.",
        handler=give,
        request=TerugkoppelAanvraag,
        request_example=_AANVRAAG,
        answers={200: TerugkoppelUitkomsten},
        errors=(409,),
        example=UITKOMSTEN,
    ),
    Operation(
        method="POST",
        path="/terugkoppelingen/_voorbeeld",
        id="toonTerugkoppeling",
        tag="Terugkoppeling",
        activity="terugkoppelen",
        summary="Bekijk vooraf wat de schuldeiser zou zien",
        description="Hetzelfde oordeel; er wordt niets vastgelegd of verstuurd.",
        handler=preview,
        request=TerugkoppelAanvraag,
        request_example=_AANVRAAG,
        answers={200: TerugkoppelUitkomsten},
        errors=(409,),
        example=UITKOMSTEN,
    ),
    Operation(
        method="GET",
        path="/instellingen/terugkoppeling",
        id="leesTerugkoppelkeuzen",
        tag="Terugkoppeling",
        activity="terugkoppelen",
        summary="Lees uw keuzen voor terugkoppeling",
        description="Wat u niet noemde, is zoals het beleid het heeft.",
        handler=choices,
        answers={200: Terugkoppelkeuzen},
        example=KEUZEN,
    ),
    Operation(
        method="PUT",
        path="/instellingen/terugkoppeling",
        id="kiesTerugkoppeling",
        tag="Terugkoppeling",
        activity="terugkoppelen",
        summary="Zet terugkoppelcodes aan of uit",
        description="hulp_geaccepteerd staat uit tot u de grond vastlegt waarop u haar meldt.",
        handler=choose,
        request=Terugkoppelkeuzen,
        request_example=KEUZEN,
        answers={200: Terugkoppelkeuzen},
        example=KEUZEN,
    ),
)
FEED_OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="GET",
        path="/terugkoppelingen",
        id="lijstTerugkoppelingen",
        tag="Terugkoppeling",
        activity="terugkoppelen",
        summary="Lees wat gemeenten over uw signalen terugkoppelen",
        description="Uw eigen kenmerk en een grove status, meer niet, in vaste volgorde. Ga verder met volgende, ook na een lege pagina.",
        handler=feed,
        query=TerugkoppelingenVraag,
        answers={200: Terugkoppelingen},
        example=FEED,
    ),
)
