"""The municipality's door, outward: forwarding to another municipality, letters, and who delivers the statistics.

Authority: contract, "/gemeente/v1". Handlers hand over and render. Leaves every rule to the flows.
"""

from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

from starlette.responses import Response

from gateway.api.body import JSON
from gateway.api.operation import KIB, Call, Operation, ok
from gateway.api.outward_port import OutwardPort
from gateway.api.who import who
from schemas.brieven import Brief, BrievenAanvraag, Brievenbestand, Teksten
from schemas.ddas import Contactpersoon, Organisatie, StatistiekInstelling
from schemas.doorzending import Doorzending, Gemeentesleutels, PubliekeSleutel, Woonadres, WoonPersoon
from schemas.inbox import BerichtStand
from schemas.letters import STANDARD, as_csv
from schemas.types import Gemeentecode, Wire

CSV = "text/csv"


class HasOutward(Protocol):
    """A port with this part."""

    @property
    def uitgaand(self) -> OutwardPort:
        """The part."""
        ...


class SleutelVraag(Wire, frozen=True, kw_only=True):
    """The query of the keys."""

    gemeentecode: Gemeentecode | None = None


def keys(port: HasOutward, call: Call) -> Response:
    """Public keys."""
    return ok(port.uitgaand.keys(call.query.gemeentecode))


def forward(port: HasOutward, call: Call) -> Response:
    """The state of the message here."""
    return ok(port.uitgaand.forward(*who(call), call.key, call.body))


def merge(port: HasOutward, call: Call) -> Response:
    """The merge file, as JSON or as CSV."""
    found = port.uitgaand.merge(*who(call), call.body)
    return Response(as_csv(found), media_type=CSV) if call.media == CSV else ok(found)


def texts(port: HasOutward, call: Call) -> Response:
    """The texts in force."""
    return ok(port.uitgaand.texts(who(call)[1]))


def set_texts(port: HasOutward, call: Call) -> Response:
    """The texts in force from now on."""
    return ok(port.uitgaand.set_texts(*who(call), call.body))


def statistics(port: HasOutward, call: Call) -> Response:
    """The setting."""
    return ok(port.uitgaand.statistics(who(call)[1]))


def set_statistics(port: HasOutward, call: Call) -> Response:
    """The setting from now on."""
    return ok(port.uitgaand.set_statistics(*who(call), call.body))


_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
_NEW = UUID("019aa2b5-0a10-7c44-8e21-5f0c9a7b3d11")
_JWK = {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
SLEUTELS = Gemeentesleutels(
    sleutels=[PubliekeSleutel(gemeentecode="0344", naam="Utrecht", kid="gemeente/0344/1", wijze="beheerd", publiek=_JWK)]
)
_WRAPPED = (
    "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00iLCJraWQiOiJnZW1lZW50ZS8wMzQ0LzEifQ"
    ".c2xldXRlbA.aW5pdGlhbHZla3Rv.aW5ob3Vk.dGFndGFndGFndGFndGFndA"
)
DOORZENDING = Doorzending(
    claim=_ID,
    gemeentecode="0344",
    bericht=_NEW,
    kid="gemeente/0344/1",
    inhoudssleutel=_WRAPPED,
    persoonsgegevens={"identiteit": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aW5pdGlhbHZla3Rv.aW5ob3Vk.dGFndGFndGFndGFndGFndA"},
    adres=Woonadres(postcode="3511AB", huisnummer=7),
    persoon=WoonPersoon(achternaam="Vries", geboortedatum=date(1985, 3, 7)),
)
STAND = BerichtStand(id=_ID, staat="doorgezonden")
BRIEVEN = Brievenbestand(
    kanaal="sms",
    brieven=[Brief(zaaknummer="ZAAK-2026-0001", naam="J. de Vries", telefoonnummer="+31612345678", tekst="Wilt u ons bellen?")],
    zonder_contact=[_NEW],
)
TEKSTEN = Teksten(teksten=[STANDARD["sms"]], gewijzigd_op=datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
_CONTACT = Contactpersoon(naam="A. Jansen", telefoonnummer="023 511 5115", email="cijfers@voorbeeld.example", functietitel="Adviseur")
ORGANISATIE = Organisatie(naam="Gemeente Voorbeeld", kvk_nummer="34369366", contactpersonen=[_CONTACT])
STATISTIEK = StatistiekInstelling(levering="gateway", organisatie=ORGANISATIE)
OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="GET",
        path="/gemeentesleutels",
        id="lijstGemeentesleutels",
        tag="Doorzending",
        activity="doorzenden",
        summary="Lijst van publieke sleutels van gemeenten",
        description="Verzegel voor deze sleutel wat u doorzendt. Met gemeentecode alleen die gemeente; 404 als zij niet deelneemt.",
        handler=keys,
        query=SleutelVraag,
        answers={200: Gemeentesleutels},
        errors=(404,),
        example=SLEUTELS,
    ),
    Operation(
        method="POST",
        path="/inbox/berichten/{id}/doorzending",
        id="zendBerichtDoor",
        tag="Doorzending",
        activity="doorzenden",
        summary="Zend een bericht door naar de juiste gemeente",
        description="Wie elders woont: u verzegelt het bericht opnieuw, Seinhuis bezorgt het daar als nieuw bericht. De schuldeiser hoort "
        "hetzelfde als bij een afwijzing met geen_inwoner. Adres en persoon dienen alleen om te herkennen en worden niet bewaard.",
        handler=forward,
        request=Doorzending,
        request_example=DOORZENDING,
        answers={200: BerichtStand},
        errors=(409,),
        example=STAND,
    ),
    Operation(
        method="POST",
        path="/meldingen/_brievenbestand",
        id="maakBrievenbestand",
        tag="Brieven",
        activity="brieven",
        summary="Maak een bestand voor brief, mail of sms",
        description="Van berichten die uw claim houdt en die in een open zaak staan; JSON of (met Accept: text/csv) CSV. Elke zaak krijgt "
        "een contactpoging, elk bericht een regel in de log. Alleen met een beheerde sleutel; anders maakt het clientpakket het.",
        handler=merge,
        request=BrievenAanvraag,
        request_example=BrievenAanvraag(claim=_ID, kanaal="sms", kenmerk="SMS-2026-48"),
        answers={200: Brievenbestand},
        errors=(404, 409),
        media=(JSON, CSV),
        example=BRIEVEN,
    ),
    Operation(
        method="GET",
        path="/instellingen/teksten",
        id="leesTeksten",
        tag="Brieven",
        activity="brieven",
        summary="Lees de teksten voor brief, mail en sms",
        description="Uw eigen teksten, en de tekst van Seinhuis waar u er geen hebt.",
        handler=texts,
        answers={200: Teksten},
        example=TEKSTEN,
    ),
    Operation(
        method="PUT",
        path="/instellingen/teksten",
        id="wijzigTeksten",
        tag="Brieven",
        activity="brieven",
        summary="Wijzig de teksten voor brief, mail en sms",
        description="Per kanaal; een kanaal dat u niet noemt, blijft zoals het is. Plaatsen: {naam} en {gemeente}.",
        handler=set_texts,
        request=Teksten,
        request_example=Teksten(teksten=[STANDARD["sms"]]),
        answers={200: Teksten},
        limit=64 * KIB,
        example=TEKSTEN,
    ),
    Operation(
        method="GET",
        path="/instellingen/statistiek",
        id="leesStatistiek",
        tag="Statistiek",
        activity="statistiek",
        summary="Lees wie de statistiek levert",
        description="Zaaksysteem zolang u niets instelt: dan bewaart Seinhuis niets voor de statistiek.",
        handler=statistics,
        answers={200: StatistiekInstelling},
        example=STATISTIEK,
    ),
    Operation(
        method="PUT",
        path="/instellingen/statistiek",
        id="wijzigStatistiek",
        tag="Statistiek",
        activity="statistiek",
        summary="Wijzig wie de statistiek levert",
        description="Met gateway bewaart Seinhuis van elk volgend bericht apart wat DDAS v1.2 vraagt, tot de periode is aanvaard. Alleen "
        "met een beheerde sleutel; de organisatie is verplicht.",
        handler=set_statistics,
        request=StatistiekInstelling,
        request_example=STATISTIEK,
        answers={200: StatistiekInstelling},
        example=STATISTIEK,
    ),
)
