"""Balance requests as files: what a creditor that works with files finds in `uit/`, and what is taken back from there.

Decides who gets a file, when and in which form: a party that can log in over SFTP, for everybody for whom it may answer, once a Dutch day
and only when there is something new; as JSON, and with a mapping profile for CSV answers also in the columns of the Schuldenknooppunt.
The disclosure, what was told and the files are one transaction. A file that still waits when one of its questions ends is taken back, and
what is open in it comes again. Authority: contract, "Balance requests as files". Leaves what is told to `gateway.overviews.filing`.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from adapters.formats import profile, skpvragen
from adapters.formats.profilechecks import ANSWERS
from adapters.formats.skpvragen import Asker
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Misconfigured, SeinhuisError
from gateway.files import postrows
from gateway.files.flow import Files, Lost
from gateway.files.outgoing import Outgoing, into
from gateway.files.telling import Reader, readers
from gateway.overviews import filing, filing_rows
from gateway.overviews.desk import OverviewDesk
from gateway.overviews.filing import News
from gateway.store.database import Connection
from schemas.saldobestand import OpenSaldoverzoek, Saldobestand
from schemas.schuldenoverzicht import Saldovraag
from schemas.strict import canonical

MOST = 2_000
"""Questions of a file; what is left comes on the next day."""
SEPARATORS = frozenset({";", ","})


class _Nothing(Exception):
    """There is nothing new."""


class Form(NamedTuple):
    """How a party reads: `sign` between the cells of a CSV, or None for JSON alone."""

    sign: str | None


def tell(files: Files, desk: OverviewDesk) -> int:
    """Take back what is over, then write what is new. Returns for how many readers.

    Raises:
        Unavailable, Forbidden, Misconfigured: of the first reader for whom it failed, once all others had their turn.
    """
    day, count, failed = dutch_day(files.steps.clock.now()), 0, list[Exception]()
    for reader in readers(files):
        try:
            take_back(files, reader)
            count += _told(files, desk, reader, day)
        except (SeinhuisError, Misconfigured) as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return count


def take_back(files: Files, reader: Reader) -> None:
    """Waiting files that tell of a question which has ended go; the open questions of such a file come again."""
    sender, gone = Sender(reader.party, reader.principal), list[UUID]()
    with files.steps.database.transaction() as connection:
        for day in filing_rows.ended(connection, sender):
            waiting = _waiting(connection, reader, day)
            for id in waiting:
                postrows.drop(connection, id)
            if waiting:
                filing_rows.untell(connection, sender, day)
            gone += waiting
    for id in gone:
        files.spool.remove(id)


def form(files: Files, party: str, day: date) -> Form:
    """As the party's own profile for CSV answers has it; JSON without one."""
    for row in files.steps.register().profiles(party, day):
        try:
            found = profile.load(row.inhoud.encode()) if row.inhoud else None
        except profile.Ongeldig:
            continue
        if found and found.kop.soort == ANSWERS and found.formaat == "csv":
            return Form(found.bestand.scheiding if found.bestand.scheiding in SEPARATORS else ";")
    return Form(None)


def _waiting(connection: Connection, reader: Reader, day: date) -> list[UUID]:
    ours = re.compile(re.escape(_stem(reader, day)) + r"(-[0-9]+)?\.(json|csv)")
    return [row.id for row in postrows.outgoing(connection, reader.party, "uit") if ours.fullmatch(row.naam)]


def _stem(reader: Reader, day: date) -> str:
    return f"saldoverzoeken-{reader.principal}-{day}"


def _told(files: Files, desk: OverviewDesk, reader: Reader, day: date) -> bool:
    sender, trace = Sender(reader.party, reader.principal), Trace(secrets.token_hex(16), secrets.token_hex(8))
    try:
        with into(files, reader.party, "uit", _stem(reader, day)) as out, files.steps.database.transaction() as connection:
            if not filing_rows.begin(connection, sender, day):
                raise Lost
            found = filing.news(connection, sender, trace, MOST, desk)
            if not found.items:
                raise _Nothing
            _write(out, found, reader, form(files, reader.party, day), desk)
            filing.tell(connection, sender, found, day)
            out.commit(connection)
    except (Lost, _Nothing):
        return False
    files.steps.committed()
    return True


def _write(out: Outgoing, found: News, reader: Reader, how: Form, desk: OverviewDesk) -> None:
    """The JSON has everything; beside a CSV it leaves out the questions that the CSV says whole."""
    items, sign = found.items, how.sign
    rows = [(item, item.vraag) for item in items if item.vraag is not None] if sign else []
    if sign and rows:
        for nr, content in enumerate(_cut(_lines(rows, desk, sign), skpvragen.head(sign)), start=1):
            out.put(".csv" if nr == 1 else f"-{nr}.csv", content)
        items = [_beside(item) for item in items]
    listed = Saldobestand(schuldeiser=reader.principal, saldoverzoeken=items)
    out.put(".json", msgspec.json.format(canonical(listed), indent=1) + b"\n")


def _beside(item: OpenSaldoverzoek) -> OpenSaldoverzoek:
    whole = item.vraag is None or skpvragen.says_all(item.vraag)
    return msgspec.structs.replace(item, vraag=None) if whole else item


def _lines(rows: Iterable[tuple[OpenSaldoverzoek, Saldovraag]], desk: OverviewDesk, sign: str) -> Iterator[bytes]:
    places = desk.register().gemeenten
    for item, vraag in rows:
        place = places.get(item.gemeente)
        asker = Asker(place.naam, place.contact) if place else Asker(f"gemeente {item.gemeente}", None)
        yield skpvragen.line(item, vraag, asker, sign)


def _cut(lines: Iterable[bytes], head: bytes) -> Iterator[bytes]:
    """Files that are small enough for the portal, each with its head."""
    found = bytearray(head)
    for line in lines:
        if len(found) + len(line) > skpvragen.LARGEST and len(found) > len(head):
            yield bytes(found)
            found = bytearray(head)
        found += line
    yield bytes(found)
