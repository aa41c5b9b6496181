"""The privacy officer's door: `/toezicht/v1`, under a mandate of one municipality.

Authority: contract, "/toezicht/v1". Whom an officer looks for stands in a body, so that no address, cache or access log holds it; unknown
and not yours give the same answer. The municipality itself confirms what a resident gets. Leaves every rule to `gateway.oversight`.
"""

from starlette.responses import Response

from gateway.api import examples_meldingen, judging
from gateway.api import examples_toezicht as examples
from gateway.api.edge import VERSION
from gateway.api.operation import Api, Call, Ingang, Operation, ok
from gateway.api.port_toezicht import OversightPort
from gateway.api.who import who as _who
from schemas.meldingen import Bezwaar, BezwaarAanvraag
from schemas.toezicht import (
    Controlepunten,
    InzageAanvraag,
    InzageBevestiging,
    Inzageuittreksel,
    Inzageverzoek,
    Logregels,
    LogVraag,
    Regelbewijs,
)
from schemas.verwerkingsregister import Verwerkingsregister

BASE = "/toezicht/v1"
FLOW = "toezicht"


def root(_port: OversightPort, _call: Call) -> Response:
    """The root."""
    return ok(_ROOT)


def search(port: OversightPort, call: Call) -> Response:
    """Search the log."""
    return ok(port.search(*_who(call), call.body))


def entry(port: OversightPort, call: Call) -> Response:
    """One entry."""
    return ok(port.entry(*_who(call), call.key))


def checkpoints(port: OversightPort, _call: Call) -> Response:
    """Checkpoints."""
    return ok(port.checkpoints())


def processings(port: OversightPort, _call: Call) -> Response:
    """The register of processing activities."""
    return ok(port.processings())


def ask_access(port: OversightPort, call: Call) -> Response:
    """A resident's request."""
    made = port.ask_access(*_who(call), call.body)
    return ok(made, 201, Location=f"{BASE}/inzageverzoeken/{made.id}")


def access(port: OversightPort, call: Call) -> Response:
    """One request."""
    return ok(port.access(_who(call)[1], call.key))


def confirm_access(port: OversightPort, call: Call) -> Response:
    """The municipality confirms."""
    return ok(port.confirm_access(*_who(call), call.key, call.body))


def extract(port: OversightPort, call: Call) -> Response:
    """The extract."""
    return ok(port.extract(*_who(call), call.key))


def oppose(port: OversightPort, call: Call) -> Response:
    """An objection; it stands at the municipality's own list."""
    made, new = port.oppose(*_who(call), call.body)
    return ok(made, 201 if new else 200, Location=f"/gemeente/v1/instellingen/bezwaren/{made.id}")


_ROOT = Ingang(naam="Seinhuis: toezicht", versie=VERSION, beschrijving=f"{BASE}/openapi.json")
API: Api[OversightPort] = Api(
    name="toezicht",
    title="Seinhuis: toezicht",
    description="Wie zag wat, wanneer en waarom: voor de functionaris gegevensbescherming van een gemeente (AVG art. 5, 15, 21, 32 en 33).",
    rol="toezichthouder",
    operations=(
        Operation(
            method="GET",
            path="/",
            id="ingang",
            tag="Algemeen",
            activity="beheren",
            summary="Ingang van de API",
            description="Naam, versie en vindplaats van deze beschrijving.",
            handler=root,
            answers={200: Ingang},
            example=_ROOT,
        ),
        Operation(
            method="POST",
            path="/logregels/_zoek",
            id="zoekLogregels",
            tag="Logregels",
            activity=FLOW,
            summary="Zoek in de log",
            description="Op persoon en adres (via het pseudoniem van uw gemeente), periode, deelnemer, stroom, soort, medewerker, bericht. "
            "Ook een zoekvraag zonder resultaat wordt vastgelegd en telt mee voor het hoogste aantal personen per dag.",
            handler=search,
            request=LogVraag,
            request_example=examples.VRAAG,
            answers={200: Logregels},
            example=examples.REGELS,
        ),
        Operation(
            method="GET",
            path="/logregels/{id}",
            id="leesLogregel",
            tag="Logregels",
            activity=FLOW,
            summary="Lees een logregel met bewijs",
            description="De regel zoals zij is opgeslagen, haar blad en, binnen een minuut, het bewijs dat zij in de log staat.",
            handler=entry,
            answers={200: Regelbewijs},
            example=examples.BEWIJS,
        ),
        Operation(
            method="GET",
            path="/controlepunten",
            id="lijstControlepunten",
            tag="Logregels",
            activity="beheren",
            summary="Ondertekende controlepunten van de log",
            description="De nieuwste eerst, met de sleutel waarmee u ze controleert. Bewaar ze buiten het bereik van de beheerder.",
            handler=checkpoints,
            answers={200: Controlepunten},
            example=examples.CONTROLEPUNTEN,
        ),
        Operation(
            method="GET",
            path="/verwerkingen",
            id="lijstVerwerkingen",
            tag="Verwerkingen",
            activity="beheren",
            summary="Het register van verwerkingsactiviteiten",
            description="Wat dit knooppunt voor wie verwerkt, op welke grondslag, hoe lang, en wat naar wie mag reizen (AVG art. 30).",
            handler=processings,
            answers={200: Verwerkingsregister},
            example=examples.REGISTER,
        ),
        Operation(
            method="POST",
            path="/inzageverzoeken",
            id="maakInzageverzoek",
            tag="Inzage",
            activity=FLOW,
            summary="Neem een verzoek om inzage in behandeling",
            description="Zoekt de berichten van een inwoner: zeker (persoon en adres), mogelijk (persoon) of alleen op adres.",
            handler=ask_access,
            request=InzageAanvraag,
            request_example=examples.INZAGE,
            answers={201: Inzageverzoek},
            errors=(409,),
            example=examples.VERZOEK,
        ),
        Operation(
            method="GET",
            path="/inzageverzoeken/{id}",
            id="leesInzageverzoek",
            tag="Inzage",
            activity=FLOW,
            summary="Lees een verzoek om inzage",
            description="Wat is gevonden, en wat de gemeente bevestigde.",
            handler=access,
            answers={200: Inzageverzoek},
            example=examples.VERZOEK,
        ),
        Operation(
            method="POST",
            path="/inzageverzoeken/{id}/_bevestig",
            id="bevestigInzageverzoek",
            tag="Inzage",
            activity=FLOW,
            rol="gemeente",
            summary="Bevestig welke berichten van de inwoner zijn",
            description="Alleen de gemeente zelf. Wat alleen op adres is gevonden kan niet worden bevestigd: het kan van een ander zijn.",
            handler=confirm_access,
            request=InzageBevestiging,
            request_example=examples.BEVESTIGING,
            answers={200: Inzageverzoek},
            errors=(409,),
            example=examples.VERZOEK,
        ),
        Operation(
            method="GET",
            path="/inzageverzoeken/{id}/uittreksel",
            id="leesUittreksel",
            tag="Inzage",
            activity=FLOW,
            summary="Het uittreksel voor de inwoner",
            description="Welke organisaties, wanneer, waarom en op welk artikel (AVG art. 15); alleen deze gemeente, zonder medewerkers.",
            handler=extract,
            answers={200: Inzageuittreksel},
            errors=(409,),
            example=examples.UITTREKSEL,
        ),
        Operation(
            method="POST",
            path="/bezwaren",
            id="legBezwaarVast",
            tag="Inzage",
            activity="matchen",
            summary="Leg een bezwaar vast",
            description="Op de lijst van de gemeente (AVG art. 21): latere signalen krijgen een markering, niets vervalt.",
            handler=oppose,
            request=BezwaarAanvraag,
            request_example=examples_meldingen.BEZWAAR_AANVRAAG,
            answers={200: Bezwaar, 201: Bezwaar},
            example=examples_meldingen.BEZWAAR,
        ),
        *judging.OPERATIONS,
    ),
)
