"""The resident's extract of one overview with what was sent in its case: pauses, proposals, cooling-off periods, and who read those.

It opens nothing, but tells whom a client owes: so it is on record.
Authority: AVG art. 15; contract, "The resident's extract". Leaves the overview itself to `gateway.overviews.extract`.
"""

from typing import Final
from uuid import UUID

import msgspec

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.overviews import asked
from gateway.overviews import extract as overviews
from gateway.overviews.desk import OverviewDesk, require_log
from gateway.partners.register import Register
from gateway.privacylog import append
from gateway.privacylog.arrangements import RegelingberichtGelezen, RegelingberichtKlaargezet, RegelingGelezen
from gateway.privacylog.entries import decode
from gateway.privacylog.overviews import UittrekselVerstrekt
from gateway.regelingen import extract_rows
from gateway.regelingen.extract_rows import SentRow
from gateway.store.tenant import municipality
from schemas.types import Gemeentecode
from schemas.uittreksel import Inzagesoort, Uittreksel, Uittrekselbericht

LOOKS: Final[dict[type, Inzagesoort]] = {
    RegelingberichtKlaargezet: "bericht_klaargezet",
    RegelingberichtGelezen: "bericht_gelezen",
    RegelingGelezen: "reacties_opgehaald",
}


def extract(caller: Sender, gemeente: Gemeentecode, id: UUID, desk: OverviewDesk, trace: Trace | None = None) -> Uittreksel:
    """The extract, whole, and on record. `trace` is None where nothing is shown, or where the caller puts it on record itself.

    Raises:
        NotFound. Unavailable: the log is behind.
    """
    found, register = overviews.extract(caller, gemeente, id, desk), desk.register()
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        sent = extract_rows.sent(connection, gemeente, found.zaaknummer, asked.only_of(caller, register, desk.today))
        wholes = dict.fromkeys(row.regeling for row in sent)
        entries = [decode(body) for regeling in wholes for body in extract_rows.log(connection, gemeente, regeling)]
        if trace is not None:
            require_log(connection)
            frame, count = desk.frame(caller, trace, found.grond), len(found.vragen) + len(sent)
            append.append(connection, [UittrekselVerstrekt(**frame.fields(), gemeente=gemeente, overzicht=id, aantal=count)])
    if trace is not None:
        desk.committed()
    return msgspec.structs.replace(
        found,
        berichten=[_line(row, register) for row in sent],
        inzage=[*found.inzage, *overviews.looks(entries, LOOKS, register)],
    )


def _line(row: SentRow, register: Register) -> Uittrekselbericht:
    return Uittrekselbericht(
        soort=row.soort,
        schuldeiser=overviews.organisation(row.schuldeiser, register),
        staat=row.state,
        verstuurd_op=dutch_day(row.sent),
        einde=row.einde,
        herinnerd_op=dutch_day(row.reminded) if row.reminded else None,
        beantwoord_op=dutch_day(row.answered) if row.answered else None,
        ingetrokken_op=dutch_day(row.withdrawn) if row.withdrawn else None,
    )
