"""The integrator's door, what waits for a second person and what is only looked at: requests, a list of agreements, a mapping profile.

Authority: contract, "/beheer/v1"; decision 0040. Leaves every rule to `gateway.onboarding`.
"""

from starlette.responses import Response

from gateway.api import examples_beheer as examples
from gateway.api.operation import Call, Operation, ok
from gateway.api.port_beheer import BeheerPort
from schemas.beheer import LijstAanvraag, Lijstuitkomst, Verzoek, VerzoekAanvraag, Verzoeken
from schemas.profielproef import ProefAanvraag, Proefuitkomst

BASE = "/beheer/v1"


def look(port: BeheerPort, call: Call) -> Response:
    """What a list would change."""
    return ok(port.look(call.sender, call.trace, call.body.lijst))


def example(port: BeheerPort, call: Call) -> Response:
    """How a profile reads an example."""
    return ok(port.example(call.body))


def asked(port: BeheerPort, call: Call) -> Response:
    """Its requests."""
    return ok(port.asked(call.sender, call.trace))


def ask(port: BeheerPort, call: Call) -> Response:
    """Ask a second person."""
    made = port.ask(call.sender, call.trace, call.body)
    return ok(made, 201, Location=f"{BASE}/verzoeken/{made.id}")


def request(port: BeheerPort, call: Call) -> Response:
    """One request."""
    return ok(port.request(call.sender, call.trace, call.key))


OPERATIONS: tuple[Operation[BeheerPort], ...] = (
    Operation(
        method="POST",
        path="/overeenkomsten/_valideer",
        id="bekijkOvereenkomsten",
        tag="Overeenkomsten",
        activity="beheren",
        summary="Bekijk wat een lijst zou veranderen",
        description="Er wordt niets overgenomen; overnemen is een verzoek.",
        handler=look,
        request=LijstAanvraag,
        request_example=examples.LIJST,
        answers={200: Lijstuitkomst},
        example=examples.LIJSTUITKOMST,
        numbers=False,
    ),
    Operation(
        method="POST",
        path="/mappingprofielen/_voorbeeld",
        id="probeerProfiel",
        tag="Mappingprofielen",
        activity="beheren",
        summary="Probeer een mappingprofiel",
        description="Alleen met verzonnen personen. Er wordt niets bewaard of verstuurd.",
        handler=example,
        request=ProefAanvraag,
        request_example=examples.PROEF,
        answers={200: Proefuitkomst},
        example=examples.PROEFUITKOMST,
        numbers=False,
    ),
    Operation(
        method="GET",
        path="/verzoeken",
        id="lijstVerzoeken",
        tag="Verzoeken",
        activity="beheren",
        summary="Uw verzoeken",
        description="De nieuwste honderd.",
        handler=asked,
        answers={200: Verzoeken},
        example=examples.VERZOEKEN,
    ),
    Operation(
        method="POST",
        path="/verzoeken",
        id="doeVerzoek",
        tag="Verzoeken",
        activity="beheren",
        summary="Vraag wat u niet alleen mag",
        description="Een nieuwe deelnemer, een mandaat, overeenkomsten, actief maken: een persoon van de beheerder "
        "besluit, en dan worden de poorten beoordeeld. Of een deelnemer van een ander al bestaat hoort u "
        "niet.",
        handler=ask,
        request=VerzoekAanvraag,
        request_example=examples.VRAAG,
        answers={201: Verzoek},
        errors=(404,),
        example=examples.VERZOEK,
    ),
    Operation(
        method="GET",
        path="/verzoeken/{id}",
        id="leesVerzoek",
        tag="Verzoeken",
        activity="beheren",
        summary="Een verzoek",
        description="Waar het staat.",
        handler=request,
        answers={200: Verzoek},
        example=examples.VERZOEK,
    ),
)
