"""Cases and reach figures: operations of `/gemeente/v1`.

Authority: `docs/contract.md`, section on the municipality. Handlers hand over and render. HEAD on contact data shows that they are
there and discloses nothing. Leaves every rule to `gateway.cases`.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.api.body import IdCursor, cursor, cursor_bytes
from gateway.api.caseports import CasePort
from gateway.api.operation import Call, Operation, ok
from gateway.api.who import who
from schemas.types import Wire
from schemas.zaken import Bereik, Cel, Contactgegevens, Contactpoging, Resultaat, Zaak, ZaakAanvraag, ZaakBericht, Zaken

BASE = "/gemeente/v1"


class HasCases(Protocol):
    """A port with this part."""

    @property
    def zaken(self) -> CasePort:
        """The part."""
        ...


class ZakenVraag(Wire, frozen=True, kw_only=True):
    """The query of the list of cases."""

    cursor: IdCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100


class BereikVraag(Wire, frozen=True, kw_only=True):
    """The query of the reach figures."""

    van: Annotated[date, Meta(description="Eerste dag van een maand; de vorige maand als zij ontbreekt")] | None = None
    tot: Annotated[date, Meta(description="Laatste dag van een voorbije maand; die van de vorige maand als zij ontbreekt")] | None = None


def open_case(port: HasCases, call: Call) -> Response:
    """A case (201, or 200 when it was opened before)."""
    zaak, created = port.zaken.open(*who(call), call.body)
    return _zaak(zaak, created)


def cases(port: HasCases, call: Call) -> Response:
    """A page of cases; the port's id becomes an opaque cursor."""
    _, gemeente, _ = who(call)
    before = UUID(bytes=cursor_bytes(call.query.cursor)) if call.query.cursor else None
    page = port.zaken.page(gemeente, before, call.query.limiet)
    return ok(msgspec.structs.replace(page, volgende=cursor(UUID(page.volgende).bytes) if page.volgende else None))


def case(port: HasCases, call: Call) -> Response:
    """One case."""
    _, gemeente, _ = who(call)
    return ok(port.zaken.one(gemeente, call.key))


def attempt(port: HasCases, call: Call) -> Response:
    """The case with the attempt (201, or 200 when it stood there before)."""
    return _zaak(*port.zaken.attempt(*who(call), call.key, call.body))


def finish(port: HasCases, call: Call) -> Response:
    """The closed case."""
    return ok(port.zaken.finish(*who(call), call.key, call.body))


def keep_contact(port: HasCases, call: Call) -> Response:
    """The case, with the moment at which contact data were kept."""
    return ok(port.zaken.keep_contact(*who(call), call.key, call.body))


def read_contact(port: HasCases, call: Call) -> Response:
    """The sealed contact data."""
    return ok(port.zaken.read_contact(*who(call), call.key, disclose=not call.head))


def reach(port: HasCases, call: Call) -> Response:
    """The figures."""
    _, gemeente, _ = who(call)
    last = call.day.replace(day=1) - timedelta(days=1)
    return ok(port.zaken.reach(gemeente, call.query.van or last.replace(day=1), call.query.tot or last))


def _zaak(zaak: Zaak, created: bool) -> Response:
    return ok(zaak, 201 if created else 200, Location=f"{BASE}/zaken/{zaak.id}")


_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
_POGING = Contactpoging(kenmerk="BEL-1", soort="telefoon", bereikt=True, datum=date(2026, 11, 24), dagdeel="avond")
_OPEN = Zaak(
    id=_ID,
    zaaknummer="ZAAK-2026-0001",
    staat="open",
    geopend_op=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    berichten=[ZaakBericht(bericht=_ID, status="opgepakt")],
    contactpogingen=[_POGING],
)
EXAMPLE = msgspec.structs.replace(_OPEN, staat="afgesloten", resultaat="vervolghulp_financieel", resultaatdatum=date(2026, 12, 1))
_JWE = (
    "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00iLCJraWQiOiJnZW1lZW50ZS8wMzkyLzEifQ"
    ".c2xldXRlbA.aW5pdGlhbHZla3Rv.aW5ob3Vk.dGFndGFndGFndGFndGFndA"
)
CONTACT = Contactgegevens(bron="inwoner", grondslag="toestemming", datum=date(2026, 11, 24), gegevens=_JWE)
BEREIK = Bereik(
    van=date(2026, 10, 1),
    tot=date(2026, 10, 31),
    totaal=Cel(naam="totaal", zaken=120, bereikt=48, aangenomen=17),
    kanalen=[Cel(naam="huisbezoek", zaken=40), Cel(naam="telefoon", zaken=90)],
    dagdelen=[Cel(naam="avond", zaken=50), Cel(naam="middag", zaken=81)],
    sectoren=[Cel(naam="huur", zaken=120, bereikt=48, aangenomen=17)],
)
OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="POST",
        path="/zaken",
        id="openZaak",
        tag="Zaken",
        activity="zaken",
        summary="Open een zaak",
        description="Over een of meer berichten uit uw inbox die u in behandeling hebt. Hetzelfde zaaknummer met dezelfde berichten geeft "
        "dezelfde zaak (200), met andere berichten 409.",
        handler=open_case,
        request=ZaakAanvraag,
        request_example=ZaakAanvraag(zaaknummer="ZAAK-2026-0001", berichten=[_ID]),
        answers={201: Zaak, 200: Zaak},
        errors=(409,),
        example=_OPEN,
    ),
    Operation(
        method="GET",
        path="/zaken",
        id="lijstZaken",
        tag="Zaken",
        activity="zaken",
        summary="Lijst van zaken",
        description="De nieuwste eerst; volgende is de cursor van de volgende pagina.",
        handler=cases,
        query=ZakenVraag,
        answers={200: Zaken},
        example=Zaken(zaken=[_OPEN], volgende="AZqitHwee1KdPwxeimsfIA"),
    ),
    Operation(
        method="GET",
        path="/zaken/{id}",
        id="leesZaak",
        tag="Zaken",
        activity="zaken",
        summary="Lees een zaak",
        description="Berichten, contactpogingen en resultaat; geen persoonsgegevens.",
        handler=case,
        answers={200: Zaak},
        example=_OPEN,
    ),
    Operation(
        method="POST",
        path="/zaken/{id}/contactpogingen",
        id="legContactpogingVast",
        tag="Zaken",
        activity="zaken",
        summary="Leg een contactpoging vast",
        description="Soort en dagdeel volgens DDAS. Dezelfde poging (zelfde kenmerk en inhoud) telt één keer.",
        handler=attempt,
        request=Contactpoging,
        request_example=_POGING,
        answers={201: Zaak, 200: Zaak},
        errors=(409,),
        example=_OPEN,
    ),
    Operation(
        method="PUT",
        path="/zaken/{id}/resultaat",
        id="geefResultaat",
        tag="Zaken",
        activity="zaken",
        summary="Sluit een zaak met een resultaat",
        description="Resultaat volgens DDAS, en een eigen status voor een bericht dat niet is opgepakt. De afzenders krijgen de "
        "terugkoppeling die het beleid toestaat, meer niet. Een resultaat staat vast.",
        handler=finish,
        request=Resultaat,
        request_example=Resultaat(resultaat="vervolghulp_financieel", datum=date(2026, 12, 1)),
        answers={200: Zaak},
        errors=(409,),
        example=EXAMPLE,
    ),
    Operation(
        method="PUT",
        path="/zaken/{id}/contactgegevens",
        id="bewaarContactgegevens",
        tag="Zaken",
        activity="zaken",
        summary="Bewaar gevonden contactgegevens",
        description="Verzegeld voor uw eigen sleutel, met bron en grondslag. Seinhuis opent ze niet; een schuldeiser krijgt ze nooit.",
        handler=keep_contact,
        request=Contactgegevens,
        request_example=CONTACT,
        answers={200: Zaak},
        errors=(409,),
        example=msgspec.structs.replace(_OPEN, contactgegevens_op=datetime(2026, 11, 24, 19, 0, tzinfo=UTC)),
    ),
    Operation(
        method="GET",
        path="/zaken/{id}/contactgegevens",
        id="leesContactgegevens",
        tag="Zaken",
        activity="zaken",
        summary="Lees gevonden contactgegevens",
        description="Nog verzegeld voor uw sleutel. Dit wordt vastgelegd.",
        handler=read_contact,
        answers={200: Contactgegevens},
        example=CONTACT,
    ),
    Operation(
        method="GET",
        path="/bereik",
        id="leesBereik",
        tag="Bereik",
        activity="zaken",
        summary="Lees hoeveel zaken zijn bereikt en geholpen",
        description="Over hele, voorbije maanden: benaderd, bereikt en hulp aangenomen, per kanaal, dagdeel en sector. Getallen onder "
        "10, en getallen waaruit die af te leiden zijn, ontbreken.",
        handler=reach,
        query=BereikVraag,
        answers={200: Bereik},
        example=BEREIK,
    ),
)
