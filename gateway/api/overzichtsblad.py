"""The overview made from its answers, and the resident's extract: operations of `/gemeente/v1`, as JSON or as a page to print.

Authority: `docs/contract.md`, "The overview, assembled" and "The resident's extract". Handlers hand over and render. HEAD shows that it is
there and opens nothing. Leaves every rule to `gateway.overviews`, pages to `schemas.overzichtspagina` and `uittrekselpagina`.
"""

from typing import Any, Protocol

from starlette.responses import Response

from gateway.api import examples_overzichtsblad as examples
from gateway.api import uittrekselpagina
from gateway.api.body import JSON
from gateway.api.operation import Call, Operation, ok
from gateway.api.overzichten import ACTIVITIES
from gateway.api.port_overzichtsblad import OverzichtsbladPort
from gateway.api.who import who
from schemas import overzichtspagina, paper
from schemas.overzicht import Overzicht
from schemas.uittreksel import Uittreksel

HTML = "text/html"


class HasSheets(Protocol):
    """A port with this part."""

    @property
    def overzichtsbladen(self) -> OverzichtsbladPort:
        """The part."""
        ...


def overview(port: HasSheets, call: Call) -> Response:
    """The overview of what was answered."""
    found = port.overzichtsbladen.assembled(*who(call), call.key, disclose=not call.head)
    return _page(overzichtspagina.page(found, port.overzichtsbladen.names(), call.day)) if call.media == HTML else ok(found)


def extract(port: HasSheets, call: Call) -> Response:
    """The extract."""
    found = port.overzichtsbladen.extract(*who(call), call.key, disclose=not call.head)
    return _page(uittrekselpagina.page(found, call.day)) if call.media == HTML else ok(found)


def _page(text: str) -> Response:
    return Response(text, 200, {"Content-Security-Policy": paper.POLICY}, "text/html; charset=utf-8")


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="GET",
        path="/schuldenoverzichten/{id}/overzicht",
        id="maakSchuldenoverzicht",
        tag="Schuldenoverzicht",
        activity=ACTIVITIES[0],
        also=ACTIVITIES[1:],
        summary="Lees de antwoorden bij elkaar, met totalen",
        description="Per schuldeiser, per soort en in totaal, met wat ontbreekt en waarom; als JSON of (Accept: text/html) als pagina om "
        "af te drukken. Dit opent alle antwoorden en wordt vastgelegd; er wordt niets van bewaard. Met een eigen sleutel maakt u het "
        "zelf met het clientpakket (409, EIGEN_SLEUTEL).",
        handler=overview,
        answers={200: Overzicht},
        media=(JSON, HTML),
        errors=(409,),
        example=examples.OVERZICHT,
    ),
    Operation(
        method="GET",
        path="/schuldenoverzichten/{id}/uittreksel",
        id="leesUittreksel",
        tag="Schuldenoverzicht",
        activity=ACTIVITIES[0],
        also=ACTIVITIES[1:],
        summary="Lees het uittreksel voor de inwoner",
        description="Wat aan wie is gevraagd, wat er in dezelfde zaak is gestuurd, wat ieder daarop liet weten (zonder bedragen), "
        "wie er iets van heeft ingezien en op welke grond; als JSON of (Accept: text/html) als pagina om mee te geven. "
        "Dit wordt vastgelegd.",
        handler=extract,
        answers={200: Uittreksel},
        media=(JSON, HTML),
        example=examples.UITTREKSEL,
    ),
)
