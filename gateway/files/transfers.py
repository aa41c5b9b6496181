"""A file on its way in or out: encrypted as it comes, opened as it goes, within what its partner may use.

Authority: contract, files; the port (`adapters.sftp.port`). What is being written is counted per process. Leaves names to `mailbox`.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from adapters.sftp.port import Refused
from gateway.core.clock import Clock
from gateway.files import postrows
from gateway.files.spool import Reader, Spool, Writer
from gateway.store.database import Connection, Database
from gateway.store.tenant import Tenant

GIB = 1 << 30


class Quota(NamedTuple):
    """Of one partner: bytes of one file, bytes and files that are not yet processed, files open at once, reports not yet collected."""

    file_bytes: int = 4 * GIB
    bytes: int = 16 * GIB
    files: int = 200
    handles: int = 16
    reports: int = 3_000
    report_bytes: int = 16 * GIB


class Usage:
    """What one partner has open in this process, under its lock: files, bytes in its mailbox, bytes by name of what is being written."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.handles = 0
        self.stored = 0
        self.writing: dict[str, int] = {}


class Room(NamedTuple):
    """What every mailbox works with; that of a partner acts for that partner alone.

    `served`: the municipalities of which a partner is the desk now (`gateway.partners.outlets`).
    """

    database: Database
    spool: Spool
    clock: Clock
    quota: Quota = Quota()
    tenant: Tenant | None = None
    served: Callable[[str], frozenset[str]] = lambda _: frozenset()

    def transaction(self) -> AbstractContextManager[Connection]:
        """One transaction for this room's tenant."""
        return self.database.transaction(self.tenant)


class FileUpload:
    """`adapters.sftp.port.Upload`."""

    def __init__(self, room: Room, usage: Usage, id: UUID, name: str, writer: Writer) -> None:
        self._room = room
        self._usage = usage
        self._id = id
        self._name = name
        self._writer = writer
        self._hash = sha256()

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._writer.size

    @property
    def id(self) -> UUID:
        """Its id, under which it is worked on."""
        return self._id

    @property
    def name(self) -> str:
        """As its partner called it."""
        return self._name

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was written."""
        return self._hash.digest()

    def write(self, data: bytes) -> None:
        """See the port."""
        quota, size = self._room.quota, self.size + len(data)
        with self._usage.lock:
            if size > quota.file_bytes:
                raise Refused("quota", f"Een bestand is hoogstens {quota.file_bytes // (1 << 20)} MB groot.")
            if self._usage.stored + sum(self._usage.writing.values()) + len(data) > quota.bytes:
                raise Refused("quota", "Uw bestanden zijn samen te groot; wacht tot er verwerkt zijn.")
            self._usage.writing[self._name] = size
        try:
            self._writer.write(data)
        except OSError:
            raise full() from None
        self._hash.update(data)

    def close(self) -> None:
        """See the port."""
        try:
            self._writer.close()
            with self._room.transaction() as connection:
                kept = postrows.close(connection, self._id, self.size, self._hash.digest(), self._room.clock.now())
        except OSError:
            self._forget()
            raise full() from None
        finally:
            self._end()
        with self._usage.lock:
            self._usage.stored += self.size
        if not kept:
            self._room.spool.remove(self._id)
            raise Refused("failure", "Dit bestand is intussen vervangen.")

    def discard(self) -> None:
        """See the port."""
        try:
            self._forget()
        finally:
            self._end()

    def _forget(self) -> None:
        self._writer.discard()
        with self._room.transaction() as connection:
            postrows.forget(connection, self._id)

    def _end(self) -> None:
        with self._usage.lock:
            self._usage.writing.pop(self._name, None)
        release(self._usage)


class FileDownload:
    """`adapters.sftp.port.Download`."""

    def __init__(self, room: Room, usage: Usage, id: UUID, reader: Reader) -> None:
        self._room = room
        self._usage = usage
        self._id = id
        self._reader = reader
        self._read = -1

    def read(self, offset: int, size: int) -> bytes:
        """See the port."""
        data = self._reader.read_at(offset, size)
        if offset <= max(self._read, 0):
            self._read = max(self._read, offset + len(data))
        return data

    def close(self) -> None:
        """See the port: what was read to its end is collected."""
        self.discard()
        if self._read >= self._reader.size:
            with self._room.transaction() as connection:
                postrows.fetched(connection, self._id, self._room.clock.now())
            self._room.spool.remove(self._id)

    def discard(self) -> None:
        """See the port."""
        self._reader.close()
        release(self._usage)


def release(usage: Usage) -> None:
    """Give one open file back."""
    with usage.lock:
        usage.handles -= 1


def full() -> Refused:
    """The disk has no room."""
    return Refused("failure", "Er is nu geen ruimte voor dit bestand; probeer het later opnieuw.")
