"""The privacy officer's door, judging: the review queue, leaks, and a name that two people open.

Authority: contract, "/toezicht/v1". Handlers are thin; leaves every rule to `gateway.oversight`.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from gateway.api import examples_toezicht as examples
from gateway.api.operation import Call, Operation, ok
from gateway.api.port_toezicht import OversightPort
from gateway.api.who import who as _who
from schemas.toezicht import (
    WACHTRIJ_DAGEN,
    Beoordeeld,
    Beoordeling,
    EigenAdres,
    EigenAdressen,
    Lekrapport,
    LekVraag,
    OntzegelAanvraag,
    OntzegelBesluit,
    Ontzegeld,
    Ontzegeling,
    Wachtrij,
)
from schemas.types import Wire

BASE = "/toezicht/v1"
FLOW = "toezicht"


class WachtrijVraag(Wire, frozen=True, kw_only=True):
    """The query of the review queue."""

    van: Annotated[date, Meta(description="Eerste dag")]
    dagen: Annotated[int, Meta(ge=1, le=WACHTRIJ_DAGEN)] = 31
    afgedaan: Literal["ja", "nee"] = "nee"


def breach(port: OversightPort, call: Call) -> Response:
    """A leak."""
    return ok(port.breach(*_who(call), call.body))


def queue(port: OversightPort, call: Call) -> Response:
    """The review queue."""
    q = call.query
    return ok(port.queue(*_who(call), q.van, q.dagen, signed=q.afgedaan == "ja"))


def sign_off(port: OversightPort, call: Call) -> Response:
    """Sign an access off."""
    return ok(port.sign_off(*_who(call), call.key, call.body))


def lives(port: OversightPort, call: Call) -> Response:
    """An address of staff."""
    return ok(port.lives(*_who(call), call.body))


def ask_unsealing(port: OversightPort, call: Call) -> Response:
    """Ask for a name."""
    made = port.ask_unsealing(*_who(call), call.body)
    return ok(made, 201, Location=f"{BASE}/ontzegelingen/{made.id}")


def unsealing(port: OversightPort, call: Call) -> Response:
    """Where an unsealing stands."""
    return ok(port.unsealing(_who(call)[1], call.key))


def decide(port: OversightPort, call: Call) -> Response:
    """The second person."""
    return ok(port.decide(*_who(call), call.key, call.body))


def unseal(port: OversightPort, call: Call) -> Response:
    """What opens the name."""
    return ok(port.unseal(*_who(call), call.key))


OPERATIONS: tuple[Operation[OversightPort], ...] = (
    Operation(
        method="POST",
        path="/lekrapporten/_zoek",
        id="zoekLek",
        tag="Lekken",
        activity=FLOW,
        summary="Wie zijn door een lek geraakt",
        description="Aantallen over een periode, van één deelnemer of van wat voor één sleutel is verzegeld (AVG art. 33).",
        handler=breach,
        request=LekVraag,
        request_example=examples.LEKVRAAG,
        answers={200: Lekrapport},
        example=examples.LEK,
    ),
    Operation(
        method="GET",
        path="/beoordelingen",
        id="lijstBeoordelingen",
        tag="Beoordeling",
        activity=FLOW,
        summary="Toegang die een blik vraagt",
        description="Toegang zonder verklaring van ervoor (een zaak, een bericht, toestemming), of met een reden tot twijfel; "
        f"van de laatste {WACHTRIJ_DAGEN} dagen.",
        handler=queue,
        query=WachtrijVraag,
        answers={200: Wachtrij},
        errors=(409,),
        example=examples.WACHTRIJ,
    ),
    Operation(
        method="PUT",
        path="/beoordelingen/{id}",
        id="beoordeelToegang",
        tag="Beoordeling",
        activity=FLOW,
        summary="Beoordeel een toegang",
        description="Het laatste oordeel geldt; eerdere blijven bewaard. Niet over de eigen toegang; een eigen adres vraagt twee "
        "functionarissen.",
        handler=sign_off,
        request=Beoordeling,
        request_example=examples.OORDEEL,
        answers={200: Beoordeeld},
        example=examples.BEOORDEELD,
    ),
    Operation(
        method="POST",
        path="/eigenadressen",
        id="legEigenAdresVast",
        tag="Beoordeling",
        activity=FLOW,
        summary="Leg vast waar een medewerker woont",
        description="Alleen als pseudoniem bewaard, zodat een blik op het eigen adres of dat van een collega opvalt.",
        handler=lives,
        request=EigenAdres,
        request_example=examples.EIGEN,
        answers={200: EigenAdressen},
        example=examples.EIGENEN,
    ),
    Operation(
        method="POST",
        path="/ontzegelingen",
        id="vraagOntzegeling",
        tag="Ontzegeling",
        activity=FLOW,
        summary="Vraag de naam in een bericht",
        description="Met een reden; een tweede persoon moet haar goedkeuren.",
        handler=ask_unsealing,
        request=OntzegelAanvraag,
        request_example=examples.ONTZEGELVRAAG,
        answers={201: Ontzegeling},
        errors=(404,),
        example=examples.ONTZEGELING,
    ),
    Operation(
        method="GET",
        path="/ontzegelingen/{id}",
        id="leesOntzegeling",
        tag="Ontzegeling",
        activity=FLOW,
        summary="De stand van een ontzegeling",
        description="Wie haar vroeg en wie besloot; geen persoonsgegevens.",
        handler=unsealing,
        answers={200: Ontzegeling},
        example=examples.ONTZEGELING,
    ),
    Operation(
        method="PUT",
        path="/ontzegelingen/{id}/besluit",
        id="besluitOntzegeling",
        tag="Ontzegeling",
        activity=FLOW,
        summary="Keur een ontzegeling goed of af",
        description="Door een ander dan wie haar vroeg.",
        handler=decide,
        request=OntzegelBesluit,
        request_example=examples.BESLUIT,
        answers={200: Ontzegeling},
        errors=(409,),
        example=examples.ONTZEGELING,
    ),
    Operation(
        method="POST",
        path="/ontzegelingen/{id}/_open",
        id="openOntzegeling",
        tag="Ontzegeling",
        activity=FLOW,
        summary="Krijg wat de naam opent",
        description="Eén keer, binnen 24 uur na de goedkeuring, voor wie haar vroeg. Met een eigen sleutel opent de gemeente zelf.",
        handler=unseal,
        answers={200: Ontzegeld},
        errors=(409, 410),
        example=examples.ONTZEGELD,
    ),
)
