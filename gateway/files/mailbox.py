"""The mailbox of a partner, behind the SFTP edge: what it puts into `in/`, and what waits for it in `uit/`, `terugkoppeling/`
and, for the desk of a municipality, `uitlaat/`.

Decides which names are taken and how much a partner may keep here. A file is the gateway's from its rename on, or from a checksum that is
its own; what was read to its end is collected, and gone. Authority: contract, files; the port (`adapters.sftp.port`). Leaves bytes to
`transfers`, paths and protocol to the edge, and reading to `accepting`.
"""

import secrets
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from adapters.sftp.names import PART, oddity
from adapters.sftp.port import Folder, Item, Refused
from gateway.core import ids
from gateway.core.clock import Clock
from gateway.files import deskrows, postrows
from gateway.files.names import PROOFS, REPORTS
from gateway.files.postrows import Outgoing, Waiting
from gateway.files.spool import Writer
from gateway.files.transfers import FileDownload, FileUpload, Room, Usage, full, release
from gateway.store.database import Connection
from gateway.store.tenant import parties

_OTHER = "De SHA-256 klopt niet met het bestand dat binnenkwam; stuur het opnieuw."


class Mailroom:
    """The mailboxes of all partners on one spool."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._usage: defaultdict[str, Usage] = defaultdict(Usage)
        self._lock = threading.Lock()

    @property
    def clock(self) -> Clock:
        """The clock of every mailbox."""
        return self._room.clock

    def mailbox(self, party: str) -> "PartnerMailbox":
        """The mailbox of one partner."""
        with self._lock:
            return PartnerMailbox(self._room._replace(tenant=parties(party)), party, self._usage[party])


class PartnerMailbox:
    """`adapters.sftp.port.Mailbox`."""

    def __init__(self, room: Room, party: str, usage: Usage) -> None:
        self._room = room
        self._party = party
        self._usage = usage

    def transaction(self) -> AbstractContextManager[Connection]:
        """One transaction for this partner."""
        return self._room.transaction()

    def folders(self) -> Sequence[Folder]:
        """See the port."""
        own: tuple[Folder, ...] = ("in", "uit", "terugkoppeling")
        return (*own, "uitlaat") if self._room.served(self._party) else own

    def items(self, folder: Folder) -> Sequence[Item]:
        """See the port."""
        with self._room.transaction() as connection:
            if folder == "uitlaat":
                return _items(deskrows.outgoing(connection, self._party, self._room.served(self._party)))
            if folder != "in":
                return _items(postrows.outgoing(connection, self._party, folder))
            found = postrows.incoming(connection, self._party)
        return [
            Item(row.naam if row.state == "ontvangen" else row.naam + PART, self._usage.writing.get(row.naam, row.size), row.modified)
            for row in found
        ]

    def begin(self, name: str) -> "FileUpload":
        """See the port."""
        if reason := oddity(name):
            raise Refused("denied", reason)
        id = ids.new()
        with self._handle():
            with self._usage.lock:
                if name in self._usage.writing:
                    raise Refused("failure", "Dit bestand wordt al geschreven.")
                self._usage.writing[name] = 0
            try:
                self._register(id, name)
                return FileUpload(self._room, self._usage, id, name, self._create(id))
            except BaseException:
                self._usage.writing.pop(name, None)
                raise

    def complete(self, part: str, name: str, digest: bytes | None = None) -> None:
        """See the port."""
        if part != name + PART:
            raise Refused("absent", "Hernoem naam.part tot naam, zonder iets anders te veranderen.")
        with self.alone() as connection:
            if not postrows.complete(connection, self._party, name, self._room.clock.now(), secrets.token_hex(16), digest):
                row = postrows.named(connection, self._party, name)
                if row is None:
                    raise _absent()
                raise Refused("failure", _OTHER if row.state == "klaargezet" else _still(row))

    def open(self, folder: Folder, name: str) -> "FileDownload":
        """See the port."""
        with self._handle():
            with self._room.transaction() as connection:
                row = self._named(connection, folder, name)
                if folder == "in" or row is None or row.collected is not None:
                    raise _absent()
                if folder == "uitlaat" and not deskrows.open_for_reading(connection, row.id, self._room.clock.now()):
                    raise _absent()
            try:
                return FileDownload(self._room, self._usage, row.id, self._room.spool.open(row.id))
            except FileNotFoundError:
                raise _absent() from None

    def remove(self, folder: Folder, name: str) -> None:
        """See the port."""
        if folder == "in":
            self._remove_part(name)
            return
        with self._room.transaction() as connection:
            row = self._named(connection, folder, name)
            if row is None:
                raise _absent()
            if folder == "uitlaat" and row.collected is None:
                raise Refused("denied", "Lees dit bestand eerst tot het einde; daarna verdwijnt het vanzelf.")
            postrows.drop(connection, row.id)
        self._room.spool.remove(row.id)

    def _named(self, connection: Connection, folder: Folder, name: str) -> Outgoing | None:
        if folder == "uitlaat":
            return deskrows.named(connection, self._party, self._room.served(self._party), name)
        return postrows.outgoing_named(connection, self._party, folder, name)

    def _remove_part(self, name: str) -> None:
        base = name.removesuffix(PART)
        with self.alone() as connection:
            row = postrows.named(connection, self._party, base)
            if row is None:
                raise _absent()
            if base == name or row.state in {"ontvangen", "in_verwerking"} or base in self._usage.writing:
                raise Refused("denied", _still(row))
            postrows.forget(connection, row.id)
        self._room.spool.remove(row.id)

    def _create(self, id: UUID) -> Writer:
        try:
            return self._room.spool.create(id)
        except OSError:
            with self._room.transaction() as connection:
                postrows.forget(connection, id)
            raise full() from None

    def _register(self, id: UUID, name: str) -> None:
        """Write down a new file within the quota. It replaces a part of the same name that nobody writes any more. Raises Refused."""
        quota, usage = self._room.quota, self._usage
        with self.alone() as connection:
            known = postrows.named(connection, self._party, name)
            if (known and known.state in {"ontvangen", "in_verwerking"}) or postrows.waits(
                connection, self._party, [name + ending for ending in (*REPORTS, PROOFS)]
            ):
                raise Refused("denied", "Deze naam is in gebruik: het bestand wordt verwerkt of zijn verslag is nog niet opgehaald.")
            if known:
                postrows.forget(connection, known.id)
            files, stored = postrows.stored(connection, self._party)
            if files >= quota.files or stored >= quota.bytes:
                raise Refused("quota", "Er staan al te veel bestanden van u klaar; wacht tot ze verwerkt zijn.")
            reports, waiting = postrows.uncollected_of(connection, self._party)
            if reports >= quota.reports or waiting >= quota.report_bytes:
                raise Refused("quota", "Er staan te veel verslagen in uit; haal ze eerst op.")
            postrows.begin(connection, id, self._party, name, self._room.clock.now())
        with usage.lock:
            usage.stored = stored
        if known:
            self._room.spool.remove(known.id)

    @contextmanager
    def _handle(self) -> Iterator[None]:
        """One more open file; given back here only when opening it fails. Raises Refused."""
        with self._usage.lock:
            if self._usage.handles >= self._room.quota.handles:
                raise Refused("quota", "Er staan te veel bestanden tegelijk open.")
            self._usage.handles += 1
        try:
            yield
        except BaseException:
            release(self._usage)
            raise

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A transaction that is alone with this partner's mailbox."""
        with self._room.transaction() as connection:
            postrows.alone(connection, self._party)
            yield connection


def _items(found: Iterable[Outgoing]) -> list[Item]:
    return [Item(row.naam, row.size, row.created) for row in found]


def _still(row: Waiting) -> str:
    return "Dit bestand wordt nog geschreven." if row.state == "schrijvend" else "Dit bestand is al van de gateway."


def _absent() -> Refused:
    return Refused("absent", "Dit bestand is er niet.")
