"""The integrator's door: `/beheer/v1`, for who looks after the way in of others.

Authority: contract, "/beheer/v1"; decision 0040. Of a participant that is another's, or not there, each answer is the same. What widens
rights is a request that a person of the operator decides on in the console. Leaves every rule to `gateway.onboarding`.
"""

from starlette.responses import Response

from gateway.api import beheer_verzoeken
from gateway.api import examples_beheer as examples
from gateway.api.edge import VERSION
from gateway.api.operation import Api, Call, Ingang, Operation, ok
from gateway.api.port_beheer import BeheerPort
from schemas.beheer import (
    AansluitingAanvraag,
    CertificaatAanvraag,
    CertificaatIntrekking,
    Certificaatuitgifte,
    Deelnemerdossier,
    Deelnemers,
    StapAanvraag,
    StukAanvraag,
)
from schemas.profielproef import ProfielAanvraag
from schemas.toets import Toetsuitslag

BASE = "/beheer/v1"


def root(_port: BeheerPort, _call: Call) -> Response:
    """The root."""
    return ok(_ROOT)


def partners(port: BeheerPort, call: Call) -> Response:
    """Its participants."""
    return ok(port.partners(call.sender, call.trace))


def partner(port: BeheerPort, call: Call) -> Response:
    """One of them, as it is now; every change answers so."""
    return ok(port.partner(call.sender, call.trace, call.oin))


def uses(port: BeheerPort, call: Call) -> Response:
    """What it uses."""
    port.uses(call.sender, call.trace, call.oin, call.body)
    return partner(port, call)


def paper(port: BeheerPort, call: Call) -> Response:
    """A paper."""
    port.paper(call.sender, call.trace, call.oin, call.body)
    return partner(port, call)


def tested(port: BeheerPort, call: Call) -> Response:
    """A conformance result, as it came in: its signature is over that."""
    port.tested(call.sender, call.trace, call.oin, call.content)
    return partner(port, call)


def profiled(port: BeheerPort, call: Call) -> Response:
    """A mapping profile."""
    port.profiled(call.sender, call.trace, call.oin, call.body)
    return partner(port, call)


def step(port: BeheerPort, call: Call) -> Response:
    """A step of the life cycle."""
    port.step(call.sender, call.trace, call.oin, call.body)
    return partner(port, call)


def certificate(port: BeheerPort, call: Call) -> Response:
    """A certificate, or one on a request."""
    made = port.certificate(call.sender, call.trace, call.oin, call.body)
    return ok(made, 201, Location=f"{BASE}/deelnemers/{call.oin}")


def revoke(port: BeheerPort, call: Call) -> Response:
    """Revoke a certificate."""
    port.revoke(call.sender, call.trace, call.oin, call.body)
    return partner(port, call)


_ROOT = Ingang(naam="Seinhuis: beheer", versie=VERSION, beschrijving=f"{BASE}/openapi.json")
API: Api[BeheerPort] = Api(
    name="beheer",
    title="Seinhuis: beheer",
    description="Deelnemers aansluiten: certificaten, papieren, toetsen, stappen en verzoeken; door integrators onder mandaat.",
    rol="integrator",
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
            method="GET",
            path="/deelnemers",
            id="lijstDeelnemers",
            tag="Deelnemers",
            activity="beheren",
            summary="Uw deelnemers",
            description="Alleen deelnemers waarvoor u vandaag een mandaat als integrator hebt.",
            handler=partners,
            answers={200: Deelnemers},
            example=examples.DEELNEMERS,
        ),
        Operation(
            method="GET",
            path="/deelnemers/{oin}",
            id="leesDeelnemer",
            tag="Deelnemers",
            activity="beheren",
            summary="Het dossier van een deelnemer",
            description="Wat hij liet zien, wat nog ontbreekt met de opdracht die het oplost, en welke stappen u nu kunt "
            "zetten.",
            handler=partner,
            answers={200: Deelnemerdossier},
            example=examples.DOSSIER,
        ),
        Operation(
            method="PUT",
            path="/deelnemers/{oin}/aansluiting",
            id="zetAansluiting",
            tag="Deelnemers",
            activity="beheren",
            summary="Leg vast wat een deelnemer gebruikt",
            description="Vervangt wat er stond. Wie onderweg of actief is krijgt geen mond of soort die hij niet liet zien.",
            handler=uses,
            request=AansluitingAanvraag,
            request_example=examples.AANSLUITING,
            answers={200: Deelnemerdossier},
            errors=(409,),
            example=examples.DOSSIER,
        ),
        Operation(
            method="POST",
            path="/deelnemers/{oin}/stukken",
            id="legStukVast",
            tag="Deelnemers",
            activity="beheren",
            summary="Leg een papier vast",
            description="Een verwijzing: het stuk zelf blijft bij de eigenaar.",
            handler=paper,
            request=StukAanvraag,
            request_example=examples.STUK,
            answers={200: Deelnemerdossier},
            errors=(409,),
            example=examples.DOSSIER,
        ),
        Operation(
            method="POST",
            path="/deelnemers/{oin}/toetsuitslagen",
            id="legToetsuitslagVast",
            tag="Deelnemers",
            activity="beheren",
            summary="Leg een toetsuitslag vast",
            description="De handtekening wordt nu en bij elke stap gecontroleerd.",
            handler=tested,
            request=Toetsuitslag,
            request_example=examples.UITSLAG,
            answers={200: Deelnemerdossier},
            example=examples.DOSSIER,
            numbers=False,
        ),
        Operation(
            method="POST",
            path="/deelnemers/{oin}/stappen",
            id="zetStap",
            tag="Deelnemers",
            activity="beheren",
            summary="Zet een stap van de levenscyclus",
            description="De poorten worden op dat moment beoordeeld, in dezelfde transactie. Actief maken en een opschorting "
            "opheffen vraagt een verzoek.",
            handler=step,
            request=StapAanvraag,
            request_example=examples.STAP,
            answers={200: Deelnemerdossier},
            errors=(409,),
            example=examples.DOSSIER,
        ),
        Operation(
            method="POST",
            path="/deelnemers/{oin}/mappingprofielen",
            id="legProfielVast",
            tag="Mappingprofielen",
            activity="beheren",
            summary="Leg een mappingprofiel vast",
            description="Voor bestanden met deze namen, vanaf de dag die in het profiel staat. Van een deelnemer die actief of "
            "opgeschort is, vraagt het een verzoek.",
            handler=profiled,
            request=ProfielAanvraag,
            request_example=examples.PROFIEL,
            answers={200: Deelnemerdossier},
            errors=(409,),
            example=examples.DOSSIER,
            numbers=False,
        ),
        Operation(
            method="POST",
            path="/deelnemers/{oin}/certificaten",
            id="registreerCertificaat",
            tag="Certificaten",
            activity="beheren",
            summary="Registreer een certificaat",
            description="Het OIN erin moet dat van de deelnemer zijn. Een aanvraag bewijst met haar handtekening dat de "
            "sleutel er is. Een volgend certificaat naast het huidige is de overlap.",
            handler=certificate,
            request=CertificaatAanvraag,
            request_example=examples.CERTIFICAAT,
            answers={201: Certificaatuitgifte},
            errors=(409,),
            example=examples.UITGIFTE,
            numbers=False,
        ),
        Operation(
            method="POST",
            path="/deelnemers/{oin}/certificaatintrekkingen",
            id="trekCertificaatIn",
            tag="Certificaten",
            activity="beheren",
            summary="Trek een certificaat in",
            description="Werkt binnen vijf seconden, ook op open verbindingen.",
            handler=revoke,
            request=CertificaatIntrekking,
            request_example=examples.INTREKKING,
            answers={200: Deelnemerdossier},
            example=examples.DOSSIER,
        ),
        *beheer_verzoeken.OPERATIONS,
    ),
)
