"""The municipality's door, matching: meldingen, rhythm, history, objections.

Authority: contract, "/gemeente/v1". Handlers are thin. What comes in with an address goes no further than its keyed name; nothing
here answers with person data. Leaves every rule to the flow.
"""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.api import examples_meldingen as examples
from gateway.api.body import IdCursor, PlaceCursor, cursor, cursor_bytes
from gateway.api.operation import KIB, Call, Operation, ok
from gateway.api.ports import MunicipalityPort
from gateway.api.who import who
from schemas.inbox import Indeling
from schemas.meldingen import (
    Bezwaar,
    BezwaarAanvraag,
    Bezwaren,
    Historie,
    HistorieAanvraag,
    Melding,
    Meldingen,
    Periode,
    Ritme,
    RitmeAanvraag,
)
from schemas.signaal import Soort
from schemas.types import Sector, Wire

BASE = "/gemeente/v1"


class MeldingenVraag(Wire, frozen=True, kw_only=True):
    """The query of the meldingen."""

    cursor: PlaceCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100
    indeling: Indeling | None = None
    sector: Sector | None = None
    soort: Soort | None = None
    periode: Periode | None = None


class BezwarenVraag(Wire, frozen=True, kw_only=True):
    """The query of the objection list."""

    cursor: IdCursor | None = None
    limiet: Annotated[int, Meta(ge=1, le=500, description="Hoogste aantal per pagina")] = 100


def meldingen(port: MunicipalityPort, call: Call) -> Response:
    """A page of meldingen; the number of the last change becomes an opaque cursor of 8 bytes."""
    q, (_, gemeente, _) = call.query, who(call)
    after = int.from_bytes(cursor_bytes(q.cursor)) if q.cursor else 0
    found = port.meldingen.page(
        gemeente, after=after, limit=q.limiet, indeling=q.indeling, sector=q.sector, soort=q.soort, periode=q.periode
    )
    return ok(msgspec.structs.replace(found, volgende=cursor(int(found.volgende).to_bytes(8))))


def melding(port: MunicipalityPort, call: Call) -> Response:
    """One melding."""
    return ok(port.meldingen.find(who(call)[1], call.key))


def rhythm(port: MunicipalityPort, call: Call) -> Response:
    """The rhythm."""
    return ok(port.meldingen.rhythm(who(call)[1]))


def set_rhythm(port: MunicipalityPort, call: Call) -> Response:
    """Set the rhythm."""
    return ok(port.meldingen.set_rhythm(*who(call), call.body))


def load_history(port: MunicipalityPort, call: Call) -> Response:
    """Load history."""
    return ok(port.meldingen.load_history(*who(call), call.body))


def objections(port: MunicipalityPort, call: Call) -> Response:
    """A page of the objection list."""
    q = call.query
    found = port.meldingen.objections(who(call)[1], UUID(bytes=cursor_bytes(q.cursor)) if q.cursor else None, q.limiet)
    return ok(msgspec.structs.replace(found, volgende=cursor(UUID(found.volgende).bytes) if found.volgende else None))


def oppose(port: MunicipalityPort, call: Call) -> Response:
    """Put an objection on the list."""
    found, new = port.meldingen.oppose(*who(call), call.body)
    return ok(found, 201, Location=f"{BASE}/instellingen/bezwaren/{found.id}") if new else ok(found)


def end_objection(port: MunicipalityPort, call: Call) -> Response:
    """Take an objection off the list."""
    return ok(port.meldingen.end_objection(*who(call), call.key))


OPERATIONS: tuple[Operation[MunicipalityPort], ...] = (
    Operation(
        method="GET",
        path="/meldingen",
        id="lijstMeldingen",
        tag="Meldingen",
        activity="matchen",
        summary="Lijst van meldingen",
        description="In volgorde van laatste wijziging; een melding die later wijzigt, komt verderop terug. Een pagina kan leeg zijn.",
        handler=meldingen,
        query=MeldingenVraag,
        answers={200: Meldingen},
        example=examples.MELDINGEN,
    ),
    Operation(
        method="GET",
        path="/meldingen/{id}",
        id="leesMelding",
        tag="Meldingen",
        activity="matchen",
        summary="Lees een melding",
        description="Zoals zij nu is; indelingsversie stijgt bij elke wijziging van de indeling, ook na bevestiging.",
        handler=melding,
        answers={200: Melding},
        example=examples.MELDING,
    ),
    Operation(
        method="GET",
        path="/instellingen/ritme",
        id="leesRitme",
        tag="Instellingen",
        activity="matchen",
        summary="Lees het ritme",
        description="Wanneer berichten te claimen zijn. Zonder instelling: direct.",
        handler=rhythm,
        answers={200: Ritme},
        example=examples.RITME,
    ),
    Operation(
        method="PUT",
        path="/instellingen/ritme",
        id="zetRitme",
        tag="Instellingen",
        activity="matchen",
        summary="Stel het ritme in",
        description="direct, of maandelijks op een dag: dan is een bericht te claimen vanaf de eerste zulke dag. Crisis wacht nooit.",
        handler=set_rhythm,
        request=RitmeAanvraag,
        request_example=RitmeAanvraag(wijze="maandelijks", dag=15),
        answers={200: Ritme},
        example=examples.RITME,
    ),
    Operation(
        method="POST",
        path="/historie",
        id="laadHistorie",
        tag="Meldingen",
        activity="matchen",
        summary="Laad eigen eerdere signalen",
        description="Bij de start: signalen van de laatste 7 maanden. Alleen pseudoniemen worden bewaard. Herhalen mag.",
        handler=load_history,
        request=HistorieAanvraag,
        request_example=examples.HISTORIE_AANVRAAG,
        answers={200: Historie},
        example=examples.HISTORIE,
        limit=2 * KIB * KIB,
    ),
    Operation(
        method="GET",
        path="/instellingen/bezwaren",
        id="lijstBezwaren",
        tag="Instellingen",
        activity="matchen",
        summary="Lijst van bezwaren",
        description="Zonder adres en persoon; de nieuwste eerst.",
        handler=objections,
        query=BezwarenVraag,
        answers={200: Bezwaren},
        example=examples.BEZWAREN,
    ),
    Operation(
        method="POST",
        path="/instellingen/bezwaren",
        id="legBezwaarVast",
        tag="Instellingen",
        activity="matchen",
        summary="Leg een bezwaar vast",
        description="Markeert berichten met bezwaarLoopt en houdt niets tegen. Alleen pseudoniemen blijven. Herhalen mag.",
        handler=oppose,
        request=BezwaarAanvraag,
        request_example=examples.BEZWAAR_AANVRAAG,
        answers={200: Bezwaar, 201: Bezwaar},
        example=examples.BEZWAAR,
    ),
    Operation(
        method="DELETE",
        path="/instellingen/bezwaren/{id}",
        id="beeindigBezwaar",
        tag="Instellingen",
        activity="matchen",
        summary="Beëindig een bezwaar",
        description="Haalt het van de lijst; berichten zijn daarna niet meer gemarkeerd.",
        handler=end_objection,
        answers={200: Bezwaar},
        example=examples.BEZWAAR,
    ),
)
