"""Balance requests for a creditor that works with files: what is new to it, with the questions opened in one disclosure on record.

Only for who has a key that the gateway keeps: what is sealed for an own key cannot be opened here. A question is told once, once more
with each reminder (a file that nobody collected must not end in silence), and its withdrawal to who got it. Everything is one transaction
of the caller: what it writes down, the log and what was told stand or fall together. Authority: contract, "Balance requests as files";
SO-08, AVG art. 5 lid 1 onder b. Leaves files and days to `gateway.files`.
"""

from base64 import urlsafe_b64decode
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Misconfigured
from gateway.overviews import envelopes, filing_rows
from gateway.overviews.answering import TOLD
from gateway.overviews.desk import DOELEN, Link, OverviewDesk, require_log
from gateway.overviews.envelopes import Place, Stored
from gateway.overviews.filing_rows import NewsRow
from gateway.privacylog import append
from gateway.privacylog.entry import Entry
from gateway.privacylog.overviews import SaldoverzoekGelezen
from schemas.saldobestand import OpenSaldoverzoek
from schemas.schuldenoverzicht import Saldovraag
from schemas.sealed import group_kid

_QUESTION = msgspec.json.Decoder(Saldovraag)


class News(NamedTuple):
    """What a file tells, oldest first, and how each stands now."""

    items: list[OpenSaldoverzoek]
    told: list[tuple[UUID, str]]


def news(connection: Link, reader: Sender, trace: Trace, most: int, desk: OverviewDesk) -> News:
    """At most so much of what `reader` was not told, opened and logged in the caller's transaction. Raises Forbidden, Unavailable."""
    if not can_be_opened(reader.principal, desk):
        return News([], [])
    rows = filing_rows.news(connection, reader, desk.today, desk.clock.now() - TOLD, most)
    opened = {row.id: vraag for row in rows if row.question is not None and (vraag := _open(row, reader.principal, desk))}
    if opened:
        require_log(connection)
        append.append(connection, _entries(reader, trace, [row for row in rows if row.id in opened], desk))
    return News([_seen(row, opened.get(row.id)) for row in rows], [(row.id, row.stand) for row in rows])


def tell(connection: Link, reader: Sender, found: News, day: date) -> None:
    """Note what the file of a day tells."""
    filing_rows.tell(connection, reader, found.told, day)


def can_be_opened(principal: str, desk: OverviewDesk) -> bool:
    """Whether the gateway keeps the key of this creditor."""
    return not desk.register().has_own_key(principal)


def _open(row: NewsRow, principal: str, desk: OverviewDesk) -> Saldovraag | None:
    """The question; None when it was sealed for an own key, before the gateway kept one."""
    place = Place(row.id, "vraag")
    sealed = envelopes.release(Stored(row.question_key, row.question or b""), place, principal, desk.keys)
    key = (sealed.sleutels.groepssleutels or {}).get(place.group)
    if key is None:
        return None
    try:
        opened = jwe.decrypt_compact(sealed.inhoud, OctKey.import_key(urlsafe_b64decode(key + "=")), algorithms=["dir", "A256GCM"])
        if opened.protected.get("kid") != group_kid(*place):
            raise ValueError
        return _QUESTION.decode(opened.plaintext or b"")
    except (JoseError, ValueError):
        raise Misconfigured(f"Saldoverzoek {row.id} opent niet.") from None


def _entries(reader: Sender, trace: Trace, rows: Sequence[NewsRow], desk: OverviewDesk) -> list[Entry]:
    frames = {grond: desk.frame(reader, trace, grond) for grond in {row.grond for row in rows}}
    readings = {grond: desk.reading(grond, "schuldeiser").id for grond in frames}
    return [
        SaldoverzoekGelezen(
            **frames[row.grond].fields(),
            gemeente=row.gemeente,
            overzicht=row.overzicht,
            saldoverzoek=row.id,
            doel=DOELEN[row.grond],
            rij=readings[row.grond],
            registerversie=desk.purposes.version,
        )
        for row in rows
    ]


def _seen(row: NewsRow, vraag: Saldovraag | None) -> OpenSaldoverzoek:
    return OpenSaldoverzoek(
        id=row.id,
        staat=row.state,
        gesteld_op=dutch_day(row.asked),
        gemeente=row.gemeente,
        grond=row.grond,
        uiterlijk=row.uiterlijk,
        herinnerd_op=dutch_day(row.reminded) if row.reminded else None,
        ingetrokken_op=dutch_day(row.withdrawn) if row.withdrawn else None,
        vraag=vraag,
    )
