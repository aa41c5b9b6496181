"""Per kind of arrangement: its purpose, its processing activity, and by which row of the purpose register its content is opened.

Authority: `gateway.policy.doelen`; a pause and a proposal belong to the plan of approach (Wgs art. 3 lid 1 onder a, art. 4a), a cooling-off
period to Wgs art. 5. The name of a kind is that of its activity.
"""

from typing import Final

from gateway.core.chain import Sender, Trace
from gateway.core.errors import Forbidden
from gateway.overviews.desk import OverviewDesk
from gateway.policy.register import Row
from gateway.privacylog.entry import Frame
from schemas.regelingen import AfkoelingsperiodeAanvraag, KennisgevingAanvraag, Regelingaanvraag, Regelingsoort

DOELEN: Final[dict[Regelingsoort, str]] = {
    "kennisgeving": "WGS-3-1-a-plan",
    "betaalvoorstel": "WGS-3-1-a-plan",
    "afkoelingsperiode": "WGS-5-moratorium",
}


def of(aanvraag: Regelingaanvraag) -> Regelingsoort:
    """The kind of a request."""
    if isinstance(aanvraag, KennisgevingAanvraag):
        return "kennisgeving"
    return "afkoelingsperiode" if isinstance(aanvraag, AfkoelingsperiodeAanvraag) else "betaalvoorstel"


def frame(soort: Regelingsoort, sender: Sender, trace: Trace, desk: OverviewDesk) -> Frame:
    """Who, when, in which trace, under the activity of this kind."""
    return Frame(sender, trace, desk.clock.now(), desk.purposes.activity(soort))


def reading(soort: Regelingsoort, rol: str, desk: OverviewDesk) -> Row:
    """The row by which this role may open content. Raises Forbidden: none today."""
    row = desk.purposes.reading(DOELEN[soort], rol, desk.today)
    if row is None:
        raise Forbidden("DOEL_NIET_TOEGESTAAN", "Voor dit doel mag deze organisatie geen persoonsgegevens ontvangen.")
    return row
