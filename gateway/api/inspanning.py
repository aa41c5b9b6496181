"""The creditor's report of its own efforts before its signals: one operation of `/schuldeiser/v1`.

Authority: contract, "inspanning"; Bgs art. 2. The handler hands over and renders. Leaves the figures to `gateway.signals.effort`.
"""

from datetime import date, timedelta
from typing import Annotated, Any, Protocol

from msgspec import Meta
from starlette.responses import Response

from gateway.api.operation import Call, Operation, ok
from gateway.api.ports import EffortPort
from schemas.inspanning import Dagen, Inspanningsverslag, SectorInspanning
from schemas.types import Wire


class HasEffort(Protocol):
    """A port with this part."""

    @property
    def inspanning(self) -> EffortPort:
        """The part."""
        ...


class InspanningVraag(Wire, frozen=True, kw_only=True):
    """The query of the report."""

    van: Annotated[date, Meta(description="Eerste dag van ontvangst; een jaar voor tot als zij ontbreekt")] | None = None
    tot: Annotated[date, Meta(description="Laatste dag van ontvangst; vandaag als zij ontbreekt")] | None = None


def report(port: HasEffort, call: Call) -> Response:
    """The figures of the asking creditor."""
    tot = call.query.tot or call.day
    van = call.query.van or max(tot, date(2, 1, 1)) - timedelta(days=365)
    return ok(port.inspanning.report(call.sender.principal, van, tot))


EXAMPLE = Inspanningsverslag(
    schuldeiser="00000099000000001000",
    van=date(2026, 1, 1),
    tot=date(2026, 11, 20),
    sectoren=[
        SectorInspanning(
            sector="huur",
            signalen=1200,
            met_verklaring=200,
            met_persoonlijk_contact=450,
            onder_norm=120,
            aandeel_verklaring=0.1667,
            aandeel_persoonlijk_contact=0.45,
            aandeel_onder_norm=0.12,
            kanalen={"brief": 1000, "telefoon": 820},
            dagen_tot_signaal=Dagen(p10=16, mediaan=27, p90=44),
        )
    ],
)
OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        method="GET",
        path="/inspanningsverslag",
        id="leesInspanningsverslag",
        tag="Inspanning",
        activity="aanleveren",
        summary="Lees uw eigen inspanning voor de signalen",
        description="Per sector: aandeel met persoonlijk contact, gebruikte kanalen, dagen tot het signaal, aandeel met een verklaring en "
        "aandeel onder de afgesproken norm. Alleen uw eigen signalen.",
        handler=report,
        query=InspanningVraag,
        answers={200: Inspanningsverslag},
        example=EXAMPLE,
    ),
)
