"""Messages of arrangements for a creditor that works with files: what is new to it, opened and on record, and what it collected of that.

As balance requests (`gateway.overviews.filing`): a message once, once more with each reminder, its end and withdrawal to who got it. In a
file it is `bezorgd` to a creditor that cannot come to the door, and `gelezen` only when that file was read to its end: a court may read
this (Fw art. 287a). Authority: contract, "Balance requests as files"; SO-13. Leaves files and days to `gateway.files`.
"""

import secrets
from collections.abc import Sequence

import msgspec

from gateway.core.chain import Sender, Trace
from gateway.overviews import envelopes, filing, filing_rows
from gateway.overviews.answering import TOLD
from gateway.overviews.desk import OverviewDesk, require_log
from gateway.overviews.envelopes import Place, Stored
from gateway.overviews.filing import News
from gateway.overviews.filing_rows import CollectedRow, Told
from gateway.privacylog import append
from gateway.privacylog.arrangements import OverRegelingbericht, RegelingberichtKlaargezet
from gateway.privacylog.entry import Frame
from gateway.regelingen import creditor_rows, kinds, replying
from gateway.regelingen.creditor_rows import Link, NewsRow
from gateway.store.tenant import parties, task
from schemas.regelingen import Regelingsinhoud
from schemas.saldobestand import OpenRegelingbericht

_CONTENT = msgspec.json.Decoder(Regelingsinhoud)


def news(connection: Link, reader: Sender, trace: Trace, most: int, desk: OverviewDesk) -> News[OpenRegelingbericht]:
    """At most so much of what `reader` was not told, opened and logged in the caller's transaction. Raises Forbidden, Unavailable."""
    if not filing.can_be_opened(reader.principal, desk):
        return News([], [])
    rows = creditor_rows.news(connection, reader, desk.today, desk.clock.now() - TOLD, most)
    opened = {row.id: inhoud for row in rows if row.question is not None and (inhoud := _open(row, reader.principal, desk))}
    if opened:
        require_log(connection)
        entries: list[OverRegelingbericht] = [
            RegelingberichtKlaargezet(
                **replying.disclosed(kinds.frame(row.soort, reader, trace, desk), row, desk), grondslag=row.grondslag, afspraak=row.afspraak
            )
            for row in rows
            if row.id in opened
        ]
        append.append(connection, entries)
        first = {row.id for row in rows if not row.delivered}
        creditor_rows.delivered(connection, reader.principal, [e for e in entries if e.regelingbericht in first], desk.clock.now())
    shown = [OpenRegelingbericht(**replying.seen(row), inhoud=opened.get(row.id)) for row in rows]
    return News(shown, [Told(row.id, row.stand, row.id in opened) for row in rows])


def collected(desk: OverviewDesk) -> None:
    """Put on record what was read since the last time, each at the moment that its file was read to its end."""
    with desk.tasks.transaction(task("opgehaald")) as connection:
        waiting = filing_rows.collectors(connection, "regelingen")
    for reader in waiting:
        with desk.ingest.transaction(parties(reader.party, reader.principal)) as connection:
            _note(connection, reader, filing_rows.collected(connection, reader, "regelingen"), desk)
    if waiting:
        desk.committed()


def _note(connection: Link, reader: Sender, found: Sequence[CollectedRow], desk: OverviewDesk) -> None:
    trace = Trace(secrets.token_hex(16), secrets.token_hex(8))
    rows = {row.id: row for row in creditor_rows.named(connection, reader.principal, [one.vraag for one in found])}
    for one in found:
        if row := rows.get(one.vraag):
            replying.note_reading(connection, Frame(reader, trace, one.collected, desk.purposes.activity(row.soort)), row, desk)


def _open(row: NewsRow, principal: str, desk: OverviewDesk) -> Regelingsinhoud | None:
    """What is in it; None when it was sealed for an own key, before the gateway kept one."""
    clear = envelopes.opened(Stored(row.question_key, row.question or b""), Place(row.id, "vraag"), principal, desk.keys)
    return None if clear is None else _CONTENT.decode(clear)
