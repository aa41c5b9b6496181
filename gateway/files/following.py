"""How far files are: what a party brought, by whichever door, its counts while it is worked on, its result, and the reports that wait.

Reading a report here does not collect it: it stays in `uit/` for who comes there, until it is removed or its term ends. Authority:
contract, files. Leaves what stands in a report to `report`.
"""

import csv
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from adapters.sftp.port import Refused
from gateway.core.errors import NotFound
from gateway.files import workrows
from gateway.files.mailbox import Mailroom
from gateway.files.names import PROOFS, RECEIPT, REPORT_CSV, REPORT_XML
from gateway.files.transfers import FileDownload
from gateway.files.workrows import Counts
from schemas.bestandsbewijs import Bestandsuitslag

BLOCK = 64 * 1024
FOUND, READ = 200, 4 << 20
"""Lines of a report that a page shows, and how many bytes it looks for them in."""
PARTS: Mapping[str, str] = {"ontvangst": RECEIPT, "csv": REPORT_CSV, "xml": REPORT_XML, "bewijzen": PROOFS}
_RESULT = msgspec.json.Decoder(Bestandsuitslag)
_SEEN = """
SELECT id, naam, state, size, received, soort, records, result, NOT EXISTS (
  SELECT FROM bestand n WHERE n.party = b.party AND n.naam = b.naam AND (n.received, n.id) > (b.received, b.id)) FROM bestand b
WHERE party = %s AND state IN ('ontvangen', 'in_verwerking', 'verwerkt', 'geweigerd') AND (%s::uuid IS NULL OR id = %s)
ORDER BY received DESC, id LIMIT %s
"""
_DONE = "SELECT coalesce(sum(records), 0)::bigint FROM bestand_deel WHERE bestand = %s AND done IS NOT NULL"


class Seen(NamedTuple):
    """A file of a party. `last`: none of its name came later, so that the reports in `uit/` are of this one."""

    id: UUID
    naam: str
    state: str
    size: int
    received: datetime
    soort: str | None
    records: int | None
    result: Bestandsuitslag | None
    last: bool

    @property
    def busy(self) -> bool:
        """Whether there is more to come."""
        return self.result is None


class Progress(NamedTuple):
    """One file: how many records are done while it is worked on, their outcomes, and which reports wait (of `PARTS`)."""

    seen: Seen
    done: int
    counts: Counts
    waiting: tuple[str, ...]


def listed(room: Mailroom, party: str, most: int) -> list[Seen]:
    """The newest first."""
    with room.mailbox(party).transaction() as connection:
        return [_seen(row) for row in connection.execute(_SEEN, (party, None, None, most)).fetchall()]


def progress(room: Mailroom, party: str, id: UUID) -> Progress:
    """One file of this party. Raises NotFound."""
    box = room.mailbox(party)
    with box.transaction() as connection:
        row = connection.execute(_SEEN, (party, id, id, 1)).fetchone()
        if row is None:
            raise NotFound
        done = connection.execute(_DONE, (id,)).fetchone()
        counts = workrows.counts(connection, id)
    seen = _seen(row)
    names = {item.name for item in box.items("uit")} if seen.last and not seen.busy else set()
    return Progress(seen, done[0] if done else 0, counts, tuple(part for part, end in PARTS.items() if seen.naam + end in names))


def report(room: Mailroom, party: str, id: UUID, part: str) -> tuple[str, Iterator[bytes]]:
    """The name of a report and its content, piece by piece. Raises NotFound: it does not wait (any more)."""
    found = progress(room, party, id)
    if part not in found.waiting:
        raise NotFound
    name = found.seen.naam + PARTS[part]
    return name, _content(room, party, name)


def _content(room: Mailroom, party: str, name: str) -> Iterator[bytes]:
    try:
        download = room.mailbox(party).open("uit", name)
    except Refused:
        raise NotFound from None
    return _pieces(download)


def _pieces(download: FileDownload) -> Iterator[bytes]:
    at = 0
    try:
        while piece := download.read(at, BLOCK):
            at += len(piece)
            yield piece
    finally:
        download.discard()


def remarks(room: Mailroom, party: str, id: UUID) -> list[dict[str, str]]:
    """The first lines of the report with a finding, as its columns name them."""
    with suppress(NotFound):
        rows = csv.DictReader(_lines(report(room, party, id, "csv")[1]))
        return list(islice((row for row in rows if row["codes"]), FOUND))
    return []


def _lines(pieces: Iterator[bytes]) -> Iterator[str]:
    decode, rest, read = getincrementaldecoder("utf-8")().decode, "", 0
    for piece in pieces:
        *lines, rest = (rest + decode(piece)).split("\n")
        yield from (line + "\n" for line in lines)
        read += len(piece)
        if read >= READ:
            return
    if rest:
        yield rest


def clear_away(room: Mailroom, party: str, id: UUID) -> None:
    """Its reports are no longer needed, so that its name is free again. Raises NotFound."""
    found = progress(room, party, id)
    for part in found.waiting:
        with suppress(Refused):  # somebody was before us
            room.mailbox(party).remove("uit", found.seen.naam + PARTS[part])


def _seen(row: tuple[Any, ...]) -> Seen:
    found = Seen(*row)
    return found._replace(result=_RESULT.decode(row[7]) if row[7] is not None else None)
