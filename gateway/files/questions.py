"""Balance requests and arrangements as files: what a creditor finds in `uit/`, and what is taken back from there.

Decides who gets a file, when and in which form: a party that can log in over SFTP, for everybody for whom it may answer, of each kind once
a Dutch day and only when there is something new; as JSON, and balance requests with a mapping profile for CSV answers also in the columns
of the Schuldenknooppunt. The disclosure, what was told and the files are one transaction. A file that still waits when something in it
ends, or the mandate of the party, is taken back; what is open in it comes again. Authority: contract, "Balance requests as files". Leaves
what is told to `gateway.overviews.filing` and `gateway.regelingen.filing`.
"""

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple
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
from gateway.overviews.filing_rows import Folder, Soort
from gateway.regelingen import filing as arrangements
from gateway.store.database import Connection
from gateway.store.tenant import parties
from schemas.saldobestand import OpenRegelingbericht, OpenSaldoverzoek, Regelingbestand, Saldobestand
from schemas.schuldenoverzicht import Saldovraag
from schemas.strict import canonical

MOST = 2_000
"""Questions or messages of a file; what is left comes on the next day."""
SEPARATORS = frozenset({";", ","})
_OURS = re.compile(r"(?P<soort>[a-z]+)-(?P<oin>[0-9A-Z]{20})-(?P<dag>[0-9]{4}-[0-9]{2}-[0-9]{2})(-[0-9]+)?\.(json|csv)")


class _Nothing(Exception):
    """There is nothing new."""


class _Name(NamedTuple):
    """What the name of a file of ours says."""

    soort: Soort
    principal: str
    day: date


class Form(NamedTuple):
    """How a party reads: `sign` between the cells of a CSV, or None for JSON alone."""

    sign: str | None


def tell(files: Files, desk: OverviewDesk) -> int:
    """Take back what is over, write what is new, then note what was collected. Returns for how many readers.

    Raises:
        Unavailable, Forbidden, Misconfigured: of the first reader for whom it failed, once all others had their turn.
    """
    day, count, failed = dutch_day(files.steps.clock.now()), 0, list[Exception]()
    allowed = list(readers(files))
    _take_from_others(files, allowed)
    for reader in allowed:
        try:
            take_back(files, reader)
            count += any([_told(files, desk, reader, day, kind) for kind in KINDS])
        except (SeinhuisError, Misconfigured) as error:
            failed.append(error)
    arrangements.collected(desk)
    if failed:
        raise failed[0]
    return count


def take_back(files: Files, reader: Reader) -> None:
    """Waiting files that tell of something which has ended go, of whatever day; what else such a file told comes again."""
    gone = list[UUID]()
    with files.steps.database.transaction(parties(*reader)) as connection:
        for soort, day in filing_rows.ended(connection, Sender(*reader)):
            waiting = _waiting(connection, reader, soort, day)
            for id in waiting:
                postrows.drop(connection, id)
            if waiting:
                filing_rows.untell(connection, Folder(*reader, soort), day)
            gone += waiting
    for id in gone:
        files.spool.remove(id)


def _take_from_others(files: Files, allowed: Collection[Reader]) -> None:
    """Waiting files about a principal for whom a party with a login may no longer act go; with a new mandate they come again."""
    gone = list[UUID]()
    for party in files.steps.register().sftp_parties(files.steps.clock.now()):
        with files.steps.database.transaction(parties(party.oin)) as connection:
            for row in postrows.outgoing(connection, party.oin, "uit"):
                found = _ours(row.naam)
                if found and Reader(party.oin, found.principal) not in allowed:
                    postrows.drop(connection, row.id)
                    filing_rows.untell(connection, Folder(party.oin, found.principal, found.soort), found.day)
                    gone.append(row.id)
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


def _ours(naam: str) -> _Name | None:
    found = _OURS.fullmatch(naam)
    kind = next((kind for kind in KINDS if found and kind.soort == found["soort"]), None)
    return _Name(kind.soort, found["oin"], date.fromisoformat(found["dag"])) if found and kind else None


def _waiting(connection: Connection, reader: Reader, soort: Soort, day: date) -> list[UUID]:
    wanted = _Name(soort, reader.principal, day)
    return [row.id for row in postrows.outgoing(connection, reader.party, "uit") if _ours(row.naam) == wanted]


def _told(files: Files, desk: OverviewDesk, reader: Reader, day: date, kind: "Kind") -> bool:
    place, sender, trace = Folder(*reader, kind.soort), Sender(*reader), Trace(secrets.token_hex(16), secrets.token_hex(8))
    stem = f"{kind.soort}-{reader.principal}-{day}"
    try:
        with into(files, reader.party, "uit", stem) as out, files.steps.database.transaction(parties(*reader)) as connection:
            if not filing_rows.begin(connection, place, day):
                raise Lost
            found = kind.news(connection, sender, trace, MOST, desk)
            if not found.items:
                raise _Nothing
            bestand = kind.write(out, found.items, reader, form(files, reader.party, day), desk)
            filing_rows.tell(connection, place, found.told, day, bestand)
            out.commit(connection)
    except (Lost, _Nothing):
        return False
    files.steps.committed()
    return True


def _write_questions(out: Outgoing, items: list[OpenSaldoverzoek], reader: Reader, how: Form, desk: OverviewDesk) -> UUID:
    """The JSON has everything; beside a CSV it leaves out the questions that the CSV says whole."""
    sign = how.sign
    rows = [(item, item.vraag) for item in items if item.vraag is not None] if sign else []
    if sign and rows:
        for nr, content in enumerate(_cut(_lines(rows, desk, sign), skpvragen.head(sign)), start=1):
            out.put(".csv" if nr == 1 else f"-{nr}.csv", content)
        items = [_beside(item) for item in items]
    return _put(out, Saldobestand(schuldeiser=reader.principal, saldoverzoeken=items))


def _write_messages(out: Outgoing, items: list[OpenRegelingbericht], reader: Reader, _how: Form, _desk: OverviewDesk) -> UUID:
    return _put(out, Regelingbestand(schuldeiser=reader.principal, berichten=items))


def _put(out: Outgoing, listed: Saldobestand | Regelingbestand) -> UUID:
    return out.put(".json", msgspec.json.format(canonical(listed), indent=1) + b"\n")


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


class Kind(NamedTuple):
    """One kind of file: the first word of its names, what is new of it, and how it is written (returns the id of the JSON)."""

    soort: Soort
    news: Callable[[Connection, Sender, Trace, int, OverviewDesk], News[Any]]
    write: Callable[[Outgoing, list[Any], Reader, Form, OverviewDesk], UUID]


KINDS = (Kind("saldoverzoeken", filing.news, _write_questions), Kind("regelingen", arrangements.news, _write_messages))
