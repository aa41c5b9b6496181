"""Balance requests for a creditor that works with files: what is new to it, with the questions opened in one disclosure on record.

Only for who has a key that the gateway keeps: what is sealed for an own key cannot be opened here. A question is told once, once more
with each reminder (a file that nobody collected must not end in silence), and its withdrawal to who got it. Everything is one transaction
of the caller: what it writes down, the log and what was told stand or fall together. Authority: contract, "Balance requests as files";
SO-08, AVG art. 5 lid 1 onder b. Leaves files and days to `gateway.files`.
"""

from typing import Generic, NamedTuple, TypeVar

import msgspec

from gateway.core.chain import Sender, Trace
from gateway.overviews import answering, envelopes, filing_rows
from gateway.overviews.answering import TOLD
from gateway.overviews.desk import Link, OverviewDesk, require_log
from gateway.overviews.envelopes import Place, Stored
from gateway.overviews.filing_rows import NewsRow, Told
from gateway.privacylog import append
from schemas.saldobestand import OpenSaldoverzoek
from schemas.schuldenoverzicht import Saldovraag

_QUESTION = msgspec.json.Decoder(Saldovraag)
Item = TypeVar("Item", bound=msgspec.Struct)


class News(NamedTuple, Generic[Item]):
    """What a file tells, oldest first, and how each stands now."""

    items: list[Item]
    told: list[Told]


def news(connection: Link, reader: Sender, trace: Trace, most: int, desk: OverviewDesk) -> News[OpenSaldoverzoek]:
    """At most so much of what `reader` was not told, opened and logged in the caller's transaction. Raises Forbidden, Unavailable."""
    if not can_be_opened(reader.principal, desk):
        return News([], [])
    rows = filing_rows.news(connection, reader, desk.today, desk.clock.now() - TOLD, most)
    opened = {row.id: vraag for row in rows if row.question is not None and (vraag := _open(row, reader.principal, desk))}
    if opened:
        require_log(connection)
        frames = {grond: desk.frame(reader, trace, grond) for grond in {row.grond for row in rows}}
        append.append(connection, [answering.reading(frames[row.grond], row, desk) for row in rows if row.id in opened])
    shown = [OpenSaldoverzoek(**answering.seen(row), vraag=opened.get(row.id)) for row in rows]
    return News(shown, [Told(row.id, row.stand, row.id in opened) for row in rows])


def can_be_opened(principal: str, desk: OverviewDesk) -> bool:
    """Whether the gateway keeps the key of this creditor."""
    return not desk.register().has_own_key(principal)


def _open(row: NewsRow, principal: str, desk: OverviewDesk) -> Saldovraag | None:
    """The question; None when it was sealed for an own key, before the gateway kept one."""
    clear = envelopes.opened(Stored(row.question_key, row.question or b""), Place(row.id, "vraag"), principal, desk.keys)
    return None if clear is None else _QUESTION.decode(clear)
