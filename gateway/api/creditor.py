"""The creditor's door: `/schuldeiser/v1`.

Authority: `docs/contract.md`, section on the creditor. Handlers are thin: they hand over and render. The only decision here
is what an outcome of one signal is in HTTP. Leaves every verdict to the flow, and what is about many signals to modules of its own.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from gateway.api import (
    aanleveringen,
    betaalvoorstellen,
    examples,
    inspanning,
    kennisgevingen,
    logbewijzen,
    problem,
    saldoverzoeken,
    standen,
    terugkoppeling,
)
from gateway.api.edge import VERSION
from gateway.api.operation import KIB, Api, Call, Ingang, Operation, ok
from gateway.api.ports import CreditorPort
from gateway.core.chain import Outcome
from schemas import strict
from schemas.ontvangst import Dekking, Intrekking, Ontvangstbewijs, SignaalStand
from schemas.problem import Problem
from schemas.signaal import IntrekkingAanvraag, Signaal
from schemas.types import Wire

BASE = "/schuldeiser/v1"
SINGLE = 32 * KIB
_REFUSED = ("SIGNAAL_GEWEIGERD", "Dit signaal is geweigerd; zie errors. Het kenmerk blijft vrij.")
_QUARANTINED = ("SIGNAAL_IN_QUARANTAINE", "Dit signaal kan nog niet worden bezorgd; zie errors. Er is geen persoonsgegeven bewaard.")


class DekkingVraag(Wire, frozen=True, kw_only=True):
    """The query of the coverage."""

    peildatum: Annotated[date, Meta(description="Dag waarvoor de dekking geldt; vandaag als zij ontbreekt")] | None = None


class Sleutel(Wire, frozen=True, kw_only=True):
    """A public key (RFC 7517, P-256)."""

    kty: str
    crv: str
    kid: str
    x: str
    y: str
    use: str | None = None
    alg: str | None = None


class Sleutelbos(Wire, frozen=True, kw_only=True):
    """The public keys that verify receipts and proofs (JWK set), and the one of the log's checkpoints (C2SP note verifier key)."""

    keys: list[Sleutel]
    logsleutel: str


async def deliver_one(port: CreditorPort, call: Call) -> Response:
    """A receipt (201, or 200 when it came before), or a problem with every finding."""
    outcome = await port.deliver_one(call.sender, call.trace, call.body)
    if outcome.conflict:
        return _stopped(409, "Kenmerk al in gebruik", ("KENMERK_IN_GEBRUIK", "Dit kenmerk is al gebruikt voor een andere inhoud."), outcome)
    if outcome.status == "geweigerd":
        return _stopped(400, "Signaal geweigerd", _REFUSED, outcome)
    if outcome.status == "in_quarantaine":
        return _stopped(400, "Signaal in quarantaine", _QUARANTINED, outcome)
    if outcome.shadow:  # there is no signal to be found
        return ok(port.receipt(outcome), 201)
    return ok(port.receipt(outcome), 200 if outcome.repeated else 201, Location=f"{BASE}/signalen/{outcome.id}")


def _stopped(status: int, title: str, code: tuple[str, str], outcome: Outcome) -> Response:
    kandidaten = next((f.kandidaten for f in outcome.findings if f.kandidaten), None)
    errors = list(outcome.findings) or None
    return problem.response(
        Problem(status=status, title=title, code=code[0], detail=code[1], errors=errors, kenmerk=outcome.kenmerk, kandidaten=kandidaten)
    )


def state(port: CreditorPort, call: Call) -> Response:
    """Where a signal stands."""
    return ok(port.state(call.sender.principal, call.key))


def withdraw(port: CreditorPort, call: Call) -> Response:
    """Withdraw a signal."""
    return ok(port.withdraw(call.sender, call.trace, call.key, call.body))


def coverage(port: CreditorPort, call: Call) -> Response:
    """Which municipalities take my signals."""
    return ok(port.coverage(call.sender.principal, call.query.peildatum or call.day))


def keys(port: CreditorPort, _call: Call) -> Response:
    """The keys that verify receipts."""
    return ok(port.keys())


def root(_port: CreditorPort, _call: Call) -> Response:
    """The root."""
    return ok(Ingang(naam="Seinhuis: schuldeiser", versie=VERSION, beschrijving=f"{BASE}/openapi.json"))


API: Api[CreditorPort] = Api(
    name="schuldeiser",
    title="Seinhuis: schuldeiser",
    description="Vroegsignalen van betalingsachterstanden aanleveren en volgen (Wgs art. 3 lid 1 onder b, Bgs art. 2).",
    rol="schuldeiser",
    operations=(
        Operation(
            method="GET",
            path="/",
            id="ingang",
            schaduw=True,
            tag="Algemeen",
            activity="beheren",
            summary="Ingang van de API",
            description="Naam, versie en vindplaats van deze beschrijving.",
            handler=root,
            answers={200: Ingang},
            example=Ingang(naam="Seinhuis: schuldeiser", versie=VERSION, beschrijving=f"{BASE}/openapi.json"),
        ),
        Operation(
            method="POST",
            path="/signalen",
            id="leverSignaal",
            also=("schaduw",),
            schaduw=True,
            tag="Signalen",
            activity="aanleveren",
            summary="Lever één signaal",
            description="Wordt gecontroleerd, gerouteerd, verzegeld en bezorgd. Het ondertekende ontvangstbewijs komt pas na vastlegging. "
            "Hetzelfde signaal opnieuw geeft hetzelfde bewijs (200); hetzelfde kenmerk met andere inhoud geeft 409.",
            handler=deliver_one,
            request=Signaal,
            request_example=examples.SIGNAAL,
            read=strict.load,
            limit=SINGLE,
            answers={201: Ontvangstbewijs, 200: Ontvangstbewijs},
            errors=(409,),
            example=examples.ONTVANGSTBEWIJS,
        ),
        Operation(
            method="GET",
            path="/signalen/{id}",
            id="leesSignaal",
            tag="Signalen",
            activity="aanleveren",
            summary="Lees de stand van een signaal",
            description="Alleen de grove status die de wet toelaat.",
            handler=state,
            answers={200: SignaalStand},
            example=examples.SIGNAALSTAND,
        ),
        Operation(
            method="POST",
            path="/signalen/{id}/intrekking",
            id="trekSignaalIn",
            tag="Signalen",
            activity="aanleveren",
            summary="Trek een signaal in",
            description="Is het nog niet opgehaald, dan vervalt het bericht. Is het al opgehaald, dan krijgt de gemeente bericht.",
            handler=withdraw,
            request=IntrekkingAanvraag,
            request_example=IntrekkingAanvraag(reden="betaald"),
            answers={200: Intrekking},
            errors=(409,),
            example=examples.INTREKKING,
        ),
        *aanleveringen.OPERATIONS,
        Operation(
            method="GET",
            path="/dekking",
            id="leesDekking",
            schaduw=True,
            tag="Dekking",
            activity="beheren",
            summary="Lees welke gemeenten uw signalen ontvangen",
            description="Per gemeente: sinds wanneer, postcodes, drempel, optionele velden en soort sleutel.",
            handler=coverage,
            query=DekkingVraag,
            answers={200: Dekking},
            example=examples.DEKKING,
        ),
        Operation(
            method="GET",
            path="/sleutels",
            id="leesSleutels",
            schaduw=True,
            tag="Algemeen",
            activity="beheren",
            summary="Lees de publieke sleutels van ontvangstbewijzen",
            description="JWK-verzameling voor bewijzen, en de sleutel van de log. Ook openbaar: /.well-known/seinhuis-sleutels.json.",
            handler=keys,
            answers={200: Sleutelbos},
            example=examples.SLEUTELBOS,
        ),
        *inspanning.OPERATIONS,
        *standen.OPERATIONS,
        *terugkoppeling.FEED_OPERATIONS,
        *saldoverzoeken.OPERATIONS,
        *kennisgevingen.CREDITOR,
        *betaalvoorstellen.CREDITOR,
        *logbewijzen.OPERATIONS,
    ),
)
