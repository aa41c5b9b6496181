"""Feedback as files: what a creditor reads at `GET terugkoppelingen`, put into `terugkoppeling/` for who works with files.

Decides who gets a file, and when: a party that can log in over SFTP, for everybody for whom it may read at the door, once a Dutch day and
only when there is something new. How far it came is noted in the transaction that makes the files visible: a crash leaves both or neither.
Authority: contract, feedback to creditors; docs/terugkoppeling.md. Leaves what may be told, and from when on, to `gateway.feedback`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from adapters.formats import writing
from gateway.core.clock import dutch_day
from gateway.feedback import feed
from gateway.files.flow import ROL, Files, Lost
from gateway.files.outgoing import into
from gateway.files.spool import Writer
from gateway.partners import acting
from gateway.store.database import Connection
from gateway.store.tenant import parties
from schemas.terugkoppeling import Terugkoppeling, Terugkoppelingen

PAGE = 500
COLUMNS = ("kenmerk", "code", "omschrijving", "week", "pauzeTot")
_ENCODER = msgspec.json.Encoder()
_MOVE = """
INSERT INTO terugkoppeling_bestand AS t (party, principal, nr, dag) VALUES (%s, %s, %s, %s)
ON CONFLICT (party, principal) DO UPDATE SET nr = excluded.nr, dag = excluded.dag WHERE t.nr = %s AND t.dag < excluded.dag
"""


class Reader(NamedTuple):
    """Who reads whose feed."""

    party: str
    principal: str


def tell(files: Files) -> int:
    """Write what is new. Returns for how many readers. Raises Unavailable: the others come the next time."""
    now = files.steps.clock.now()
    return sum(_told(files, reader, dutch_day(now)) for reader in readers(files))


def readers(files: Files) -> Iterator[Reader]:
    """Everybody who can log in over SFTP, for itself and for each principal for whom it may act."""
    register, now = files.steps.register(), files.steps.clock.now()
    for party in register.sftp_parties(now):
        for principal in acting.principals(register, party, ROL, dutch_day(now)):
            yield Reader(party.oin, principal)


def _told(files: Files, reader: Reader, day: date) -> bool:
    database = files.steps.database
    with database.transaction(parties(*reader)) as connection:
        nr, last = _place(connection, reader)
    if last is not None and last >= day:
        return False
    first = feed.page(database, reader.principal, nr, PAGE)
    if not first.terugkoppelingen:
        return False
    try:
        with into(files, reader.party, "terugkoppeling", f"terugkoppeling-{reader.principal}-{day}") as out:
            end = _write(out.create(".csv"), out.create(".json"), _pages(files, reader, first))
            with database.transaction(parties(*reader)) as connection:
                move(connection, reader, nr, end, day)
                out.commit(connection)
    except Lost:
        return False
    return True


def _place(connection: Connection, reader: Reader) -> tuple[int, date | None]:
    row = connection.execute("SELECT nr, dag FROM terugkoppeling_bestand WHERE party = %s AND principal = %s", reader).fetchone()
    return (row[0], row[1]) if row else (0, None)


def move(connection: Connection, reader: Reader, nr: int, end: int, day: date) -> None:
    """From `nr` on to `end`. Raises Lost: somebody else did so meanwhile."""
    if not connection.execute(_MOVE, (*reader, end, day, nr)).rowcount:
        raise Lost


def _pages(files: Files, reader: Reader, page: Terugkoppelingen) -> Iterator[Terugkoppelingen]:
    while page.terugkoppelingen:
        yield page
        page = feed.page(files.steps.database, reader.principal, int(page.volgende), PAGE)


def _write(csv: Writer, json: Writer, pages: Iterable[Terugkoppelingen]) -> int:
    """Both forms, whole. Returns the place after the last item."""
    end, before = 0, b"[\n"
    csv.write("".join(writing.lines([COLUMNS])).encode())
    for page in pages:
        csv.write("".join(writing.lines(map(_row, page.terugkoppelingen))).encode())
        for item in page.terugkoppelingen:
            json.write(before + _ENCODER.encode(item))
            before = b",\n"
        end = int(page.volgende)
    json.write(b"\n]\n")
    csv.close()
    json.close()
    return end


def _row(item: Terugkoppeling) -> tuple[object, ...]:
    return (item.kenmerk, item.code, item.omschrijving, item.week, item.pauze_tot)
