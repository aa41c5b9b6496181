"""Tells a desk what was withdrawn of what it has: a file of its own, without person data.

Authority: AVG art. 19 (who received data hears that they were withdrawn); contract, "states". Leaves files that nobody opened yet to
`ending`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from adapters.formats import writing
from gateway.core.clock import dutch_day
from gateway.files import deskrows
from gateway.files.deskrows import FOLDER, Deskfile
from gateway.files.outgoing import into
from gateway.inboxes.desk import require_log
from gateway.outlet.desk import Handing
from gateway.privacylog import append
from gateway.privacylog.messages import BerichtIntrekkingGemeld
from gateway.sealing import files as filejwe

COLUMNS = ("id", "ingetrokkenOp", "bestandnummer")
Withdrawn = tuple[UUID, datetime, int]


def tell(one: Handing) -> int:
    """Write what was not told yet. Returns how many. Raises Unavailable."""
    stem = f"intrekkingen-{one.gemeente}-{one.desk.today}"
    with into(one.desk.files, one.loket, FOLDER, stem) as out, one.desk.inbox.database.transaction(one.tenant) as connection:
        deskrows.alone(connection, one.gemeente)
        found = deskrows.untold(connection, one.gemeente, one.loket, one.desk.most)
        if not found:
            return 0
        require_log(connection)
        nr = deskrows.next_number(connection, one.gemeente)
        writer = out.create(f"-{nr}.csv.jwe")
        for part in filejwe.seal(_lines(found), one.outlet.sleutel, "text/csv"):
            writer.write(part)
        writer.close()
        bestand = out.id(f"-{nr}.csv.jwe")
        append.append(connection, [_entry(one, id, bestand) for id, _, _ in found])
        file = Deskfile(bestand, one.gemeente, one.loket, nr, "intrekkingen", None, one.profiel, len(found), one.desk.now, one.until)
        deskrows.add(connection, file, [id for id, _, _ in found])
        out.commit(connection)
    one.desk.inbox.committed()
    return len(found)


def _entry(one: Handing, bericht: UUID, bestand: UUID) -> BerichtIntrekkingGemeld:
    return BerichtIntrekkingGemeld(**one.frame.fields(), gemeente=one.gemeente, bericht=bericht, loket=one.loket, bestand=bestand)


def _lines(found: Sequence[Withdrawn]) -> Iterator[bytes]:
    rows = ((id, dutch_day(at), nr) for id, at, nr in found)
    yield from (line.encode() for line in writing.lines((COLUMNS, *rows), ";"))
