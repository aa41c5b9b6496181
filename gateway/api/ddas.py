"""The door of the statistics: `POST /ddas/v1/gegevens`, called by CBS.

Authority: DDAS-VS API 1.0.0: the answer is signed over exactly the bytes that are sent (`Digest`, `nlgov-adr-payload-sig`). Errors are
problem+json; the errors of an FSC inway are the inway's own. Leaves content and signature to the flow.
"""

from datetime import UTC, date, datetime

from starlette.responses import Response

from gateway.api.body import JSON
from gateway.api.edge import VERSION
from gateway.api.operation import Api, Call, Ingang, Operation, ok
from gateway.api.outward import ORGANISATIE
from gateway.api.outward_port import StatisticsPort
from schemas.ddas import (
    Client,
    DdasLevering,
    DdasPoging,
    DdasSignaal,
    DdasZaak,
    Gegevens,
    GegevensVraag,
    Paginering,
    Partner,
    Uitwisselmodel,
    Verwijzing,
    encode,
)

BASE = "/ddas/v1"


def root(_port: StatisticsPort, _call: Call) -> Response:
    """The root."""
    return ok(Ingang(naam="Seinhuis: statistiek", versie=VERSION, beschrijving=f"{BASE}/openapi.json"))


def gegevens(port: StatisticsPort, call: Call) -> Response:
    """One page, with the signature over its bytes."""
    body = encode(port.gegevens(call.sender, call.trace, call.body))
    signed = port.sign(body)
    return Response(body, 200, {"Digest": signed.digest, "nlgov-adr-payload-sig": signed.signature}, JSON)


_SIGNAAL = DdasSignaal(
    id="5f0c9a7b3d11e8a6b1f200c5e8a67c1e",
    bedrag=450,
    ontstaansdatum=date(2026, 5, 1),
    signaaldatum=date(2026, 7, 6),
    status="Opgepakt",
    signaalpartner=Partner(type="Huur"),
    client=Client(postcode="2011AB", huisnummer="12", huisnummertoevoeging="A2", geboortedatum=date(1985, 3, 7)),
)
_ZAAK = DdasZaak(
    resultaat="Vervolghulp en/of verwijzing financieel",
    start_matchingperiode=date(2026, 7, 1),
    eind_matchingperiode=date(2026, 7, 31),
    datum_opgepakt=date(2026, 7, 8),
    vroegsignalen=[Verwijzing(id=_SIGNAAL.id)],
    contactpogingen=[DdasPoging(soort="Telefoon", bereikt=True, datum=date(2026, 7, 9), dagdeel="Avond")],
)
EXAMPLE = Gegevens(
    gegevens=Uitwisselmodel(
        startdatum_levering=date(2026, 7, 1),
        einddatum_levering=date(2026, 9, 30),
        aanleverdatum_en_tijd=datetime(2026, 10, 5, 8, 0, tzinfo=UTC),
        code_gegevensleverancier="Seinhuis 1.0.0",
        leveringen=[
            DdasLevering(
                teller=1,
                gemeentecode="0392",
                aanleverende_organisatie=ORGANISATIE,
                vroegsignalen=[_SIGNAAL],
                vroegsignaalzaken=[_ZAAK],
            )
        ],
    ),
    paginering=Paginering(page_size=10_000, current_page=1, total_pages=1, total_records=1),
)
API: Api[StatisticsPort] = Api(
    name="ddas",
    title="Seinhuis: statistiek",
    description="DDAS vroegsignalering v1.2: de gegevens van gemeenten die Seinhuis laten leveren, opgehaald door het CBS (Wgs art. 9).",
    rol="cbs",
    operations=(
        Operation(
            method="GET",
            path="/",
            id="ingang",
            tag="Algemeen",
            activity="statistiek",
            summary="Ingang van de API",
            description="Naam, versie en vindplaats van deze beschrijving.",
            handler=root,
            answers={200: Ingang},
            example=Ingang(naam="Seinhuis: statistiek", versie=VERSION, beschrijving=f"{BASE}/openapi.json"),
        ),
        Operation(
            method="POST",
            path="/gegevens",
            id="haalGegevens",
            tag="Statistiek",
            activity="statistiek",
            summary="Haal de gegevens van een periode",
            description="Zonder datums het laatste hele kwartaal. Ga door tot totalPages: een bladzijde die er niet is, geeft de eerste. "
            "De headers Digest en nlgov-adr-payload-sig (JAdES, PS256, losse inhoud) gaan over precies deze bytes.",
            handler=gegevens,
            request=GegevensVraag,
            request_example=GegevensVraag(page=1, page_size=1000),
            answers={200: Gegevens},
            errors=(409,),
            example=EXAMPLE,
        ),
    ),
)
