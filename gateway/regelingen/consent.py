"""Consent withdrawn: one withdrawal for this reason stops whatever was asked or sent in the case on the client's consent.

Authority: AVG art. 7 lid 3; contract, "The resident's extract". What rests on no consent (the municipality's own task, a court's decision)
goes on; nothing new is asked on a document whose consent was taken back. Each is a transaction of its own, and the same withdrawal again
takes up what was left. Leaves withdrawing to the flows.
"""

from typing import Final
from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.overviews import asked, asking
from gateway.overviews import rows as overviews
from gateway.overviews.desk import OverviewDesk
from gateway.regelingen import rows, starting
from gateway.store.tenant import municipality
from schemas.regelingen import Regeling, RegelingIntrekking, Regelingsoort
from schemas.schuldenoverzicht import OverzichtIntrekking, Schuldenoverzicht

CONSENT: Final = "toestemming_ingetrokken"


def withdraw_overview(
    caller: Sender, gemeente: str, trace: Trace, id: UUID, request: OverzichtIntrekking, desk: OverviewDesk
) -> Schuldenoverzicht:
    """As `asking.withdraw`; for want of consent with all else that rests on it. Raises NotFound."""
    found = asking.withdraw(caller, gemeente, trace, id, request, desk)
    if request.reden == CONSENT:
        _stop(caller, gemeente, trace, found.zaaknummer, desk)
    return found


def withdraw_regeling(
    caller: Sender, gemeente: str, trace: Trace, soort: Regelingsoort, id: UUID, request: RegelingIntrekking, desk: OverviewDesk
) -> Regeling:
    """As `starting.withdraw`; for want of consent with all else that rests on it. Raises NotFound."""
    found = starting.withdraw(caller, gemeente, trace, soort, id, request, desk)
    if request.reden == CONSENT:
        _stop(caller, gemeente, trace, found.zaaknummer, desk)
    return found


def _stop(caller: Sender, gemeente: str, trace: Trace, zaaknummer: str, desk: OverviewDesk) -> None:
    only = asked.only_of(caller, desk.register(), desk.today)
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        overviews.hold_case(connection, gemeente, zaaknummer)  # who is asking now is waited for; who asks later is refused
        questions = overviews.on_consent(connection, gemeente, zaaknummer, only)
        sent = rows.on_consent(connection, gemeente, zaaknummer, only)
    for id in questions:
        asking.withdraw(caller, gemeente, trace, id, OverzichtIntrekking(reden=CONSENT), desk)
    for soort, id in sent:
        starting.withdraw(caller, gemeente, trace, soort, id, RegelingIntrekking(reden=CONSENT), desk)
