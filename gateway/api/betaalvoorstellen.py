"""Proposals to settle at both doors, and the evidence of silence that a municipality can take to a court.

Authority: `docs/contract.md`, section on arrangements (SO-13); Fw art. 287a. Leaves the other operations to `regelingen` and the page of
the evidence to `stiltepagina`.
"""

from typing import Any

from starlette.responses import Response

from gateway.api import bewijspagina, regelingen, stiltepagina
from gateway.api import examples_regelingen as examples
from gateway.api.body import JSON
from gateway.api.operation import Call, Operation, ok
from gateway.api.regelingen import HasRegelingen, Kind
from gateway.api.who import who
from schemas.regelingen import BetaalvoorstelAanvraag, Stiltebewijs, Voorstelantwoord

HTML = "text/html"


def prove(port: HasRegelingen, call: Call) -> Response:
    """The evidence as JSON, or as a page to print that loads nothing and runs nothing."""
    caller, gemeente, _ = who(call)
    bewijs = port.regelingen.prove(caller, gemeente, call.key)
    if call.media != HTML:
        return ok(bewijs)
    return Response(stiltepagina.page(bewijs), 200, {"Content-Security-Policy": bewijspagina.POLICY}, "text/html; charset=utf-8")


PROPOSAL = Kind(
    soort="betaalvoorstel",
    path="betaalvoorstellen",
    naam="betaalvoorstel",
    request=BetaalvoorstelAanvraag,
    request_example=examples.BETAALVOORSTEL,
    answer=Voorstelantwoord,
    answer_example=examples.AKKOORD,
    send_text="Schuldbemiddeling (SB) of saneringskrediet (SK), met per vordering een percentage en een prognose. Onder een geregistreerde "
    "algemene afspraak is een schuldeiser meteen akkoord_vooraf. Zwijgen is nooit instemmen: na de termijn is het geen_reactie.",
    answer_text="Akkoord, of geweigerd met redenen uit een gesloten lijst en per reden een toelichting uit die lijst, zonder eigen "
    "woorden. Eén keer, tot en met de laatste dag. Hetzelfde antwoord opnieuw geeft hetzelfde bewijs (200).",
)
MUNICIPALITY: tuple[Operation[Any], ...] = (
    *regelingen.municipality(PROPOSAL),
    Operation(
        method="GET",
        path="/partijen/{id}/bewijs",
        id="leesStiltebewijs",
        tag="Betaalvoorstellen",
        activity="betaalvoorstel",
        summary="Bewijs dat een schuldeiser niet reageerde",
        description="id is dat van de partij in een betaalvoorstel. Voor een verzoek om een dwangakkoord (Fw art. 287a): bezorging, "
        "herinneringen en termijn, elk met hun plaats in de log, ondertekend en zonder persoonsgegevens. Als JSON of (met Accept: "
        "text/html) als pagina om af te drukken.",
        handler=prove,
        media=(JSON, HTML),
        answers={200: Stiltebewijs},
        errors=(409,),
        example=examples.STILTE,
    ),
)
CREDITOR = regelingen.creditor(PROPOSAL)
