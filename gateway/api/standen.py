"""The creditor's door, after delivery: standen, the proof, and its own data quality.

Authority: contract, "/schuldeiser/v1". Handlers are thin. Leaves every verdict to the flows and the page of the proof to `bewijspagina`.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

from msgspec import Meta
from starlette.responses import Response

from gateway.api import bewijspagina, examples
from gateway.api.aanleveringen import BATCH
from gateway.api.body import JSON
from gateway.api.operation import Call, Operation, ok
from gateway.api.port_standen import StandenPort
from schemas import strict
from schemas.bewijs import Bewijs, Logbewijs
from schemas.kwaliteit import ControleAantal, GemeldAantal, Kwaliteit, KwaliteitMaand
from schemas.standen import StandAantallen, StandAanvraag, StandEnvelop, StandRegel, StandVerslag
from schemas.types import Wire

HTML = "text/html"


class HasStanden(Protocol):
    """A port with this part."""

    @property
    def standen(self) -> StandenPort:
        """The part."""
        ...


class KwaliteitVraag(Wire, frozen=True, kw_only=True):
    """The query of the figures."""

    van: Annotated[date, Meta(description="Een dag in de eerste maand; die van tot als zij ontbreekt")] | None = None
    tot: Annotated[date, Meta(description="Een dag in de laatste maand; deze maand als zij ontbreekt")] | None = None


def reconcile(port: HasStanden, call: Call) -> Response:
    """The report of a list."""
    return ok(port.standen.reconcile(call.sender, call.trace, call.peildatum, call.body))


def prove(port: HasStanden, call: Call) -> Response:
    """The proof as JSON, or as a page to print that loads nothing and runs nothing."""
    bewijs = port.standen.prove(call.sender.principal, call.key)
    if call.media != HTML:
        return ok(bewijs)
    return Response(bewijspagina.page(bewijs), 200, {"Content-Security-Policy": bewijspagina.POLICY}, "text/html; charset=utf-8")


def quality(port: HasStanden, call: Call) -> Response:
    """The figures of the asking creditor."""
    tot = call.query.tot or call.day
    return ok(port.standen.quality(call.sender.principal, call.query.van or tot, tot))


def _envelop(content: bytes) -> StandEnvelop:
    return strict.parse_apart(content, StandEnvelop, "signalen", 5_000)


_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
AANVRAAG = StandAanvraag(sector="huur", handelsnaam="Woningstichting Voorbeeld", reden_vervallen="betaald", signalen=[examples.SIGNAAL])
VERSLAG = StandVerslag(
    id=_ID,
    peildatum=date(2026, 11, 20),
    sector="huur",
    handelsnaam="Woningstichting Voorbeeld",
    aantallen=StandAantallen(aangeboden=1, hoger=1, vervallen=1),
    regels=[
        StandRegel(kenmerk="HUUR-2026-000123", uitkomst="hoger", bezorgd_als="HUUR-2026-000123:s20261120", id=_ID),
        StandRegel(kenmerk="HUUR-2026-000100", uitkomst="vervallen", id=_ID),
    ],
)
BEWIJS = Bewijs(
    id=_ID,
    kenmerk="HUUR-2026-000123",
    schuldeiser="00000099000000001000",
    soort="vroegsignaal",
    sector="huur",
    gemeente="0392",
    gemeentenaam="Haarlem",
    ontvangen_op=_AT,
    bezorgd_als_nummer=1,
    opgehaald_op=_AT,
    opgemaakt_op=_AT,
    controleadres="https://seinhuis.example/.well-known/seinhuis-sleutels.json",
    logblad="6c" * 32,
    log=Logbewijs(nummer=0, pad=["2a" * 32], controlepunt="seinhuis.example/log\n2\nKioq\n\n\u2014 seinhuis.example/log KioqKg==\n"),
    handtekening="eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXVy",
)
KWALITEIT = Kwaliteit(
    schuldeiser="00000099000000001000",
    van=date(2026, 11, 1),
    tot=date(2026, 11, 30),
    maanden=[
        KwaliteitMaand(
            maand=date(2026, 11, 1),
            aangeboden=1000,
            bezorgd=950,
            geweigerd=45,
            in_quarantaine=5,
            onterecht_ingetrokken=3,
            aandeel_geweigerd=0.045,
            aandeel_onterecht=0.0032,
            score=0.92,
        )
    ],
    controles=[ControleAantal(code="KWALITEIT_TELEFOON", aantal=52, voorbeelden=["HUUR-2026-000123"])],
    gemeld=[GemeldAantal(code="geen_inwoner", minstens=20)],
)
OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="PUT",
        path="/standen/{peildatum}",
        id="leverStand",
        also=("schaduw",),
        schaduw=True,
        tag="Standen",
        activity="aanleveren",
        summary="Lever de stand van al uw open signalen",
        description="Van één sector en handelsnaam (en profiel), op één dag. Nieuw wordt een vroegsignaal, een ander bedrag een "
        "actualisering met een eigen kenmerk, wat ontbreekt wordt ingetrokken; gelijk blijft zo. Herhalen geeft hetzelfde verslag en zet "
        "een afgebroken stand voort; een stand van voor een latere peildatum geeft 409.",
        handler=reconcile,
        request=StandAanvraag,
        request_example=AANVRAAG,
        read=_envelop,
        limit=BATCH,
        answers={200: StandVerslag},
        errors=(404, 409),
        example=VERSLAG,
    ),
    Operation(
        method="GET",
        path="/signalen/{id}/bewijs",
        id="leesBewijs",
        tag="Signalen",
        activity="aanleveren",
        summary="Bewijs dat een signaal is bezorgd",
        description="Voor de rechter: ondertekend, met het bewijs dat het in de log staat, en zonder persoonsgegevens. Als JSON of (met "
        "Accept: text/html) als pagina om af te drukken. Tot 24 maanden na ontvangst, ook als de inhoud is vernietigd.",
        handler=prove,
        media=(JSON, HTML),
        answers={200: Bewijs},
        errors=(410,),
        example=BEWIJS,
    ),
    Operation(
        method="GET",
        path="/kwaliteit",
        id="leesKwaliteit",
        tag="Kwaliteit",
        activity="aanleveren",
        summary="Lees de kwaliteit van uw eigen gegevens",
        description="Per maand en per controle, met uw eigen kenmerken als voorbeeld. Wat gemeenten meldden komt alleen als tientallen "
        "over hele maanden, van alle gemeenten samen, vanaf tien.",
        handler=quality,
        query=KwaliteitVraag,
        answers={200: Kwaliteit},
        example=KWALITEIT,
    ),
)
