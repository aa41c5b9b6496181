"""One SFTP conversation of one partner: a request in, a reply out. What is not written here cannot be done.

Authority: issue "legacy mouths": a mailbox, not a file system. Written over `wire` instead of a server class of a library, because
those serve the local file system and have to be forbidden operation by operation; this one has no file system to reach. Attributes
are never kept: `put -p` is answered politely. Leaves names to `names`, and everything that lasts to the mailbox, called from a thread.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import TypeVar

from adapters.sftp import wire
from adapters.sftp.checksum import Checksum
from adapters.sftp.handles import Handle, Listing, Reading, Writing
from adapters.sftp.limits import Limits
from adapters.sftp.names import NO_FOLDER, PART, Place, checked, locate, resolve, uploaded
from adapters.sftp.port import Folder, Item, Mailbox, Refused
from adapters.sftp.wire import Entry, Fields, Mode, Present, Request, Status

T = TypeVar("T")

_STATUS = {"absent": Status.NO_SUCH_FILE, "denied": Status.PERMISSION_DENIED, "quota": Status.FAILURE, "failure": Status.FAILURE}
_UNKNOWN = "Dit kan hier niet; zie de uitleg over bestanden via SFTP."
_POLITE = Present.PERMISSIONS | Present.TIMES


class Session:
    """The state of a conversation: what it has open. `answer` is called for one request at a time."""

    def __init__(self, mailbox: Mailbox, threads: Executor, limits: Limits, stopping: Callable[[], bool]) -> None:
        self._mailbox = mailbox
        self._threads = threads
        self._limits = limits
        self._stopping = stopping
        self._open: dict[bytes, Handle] = {}
        self._loop = asyncio.get_running_loop()

    async def answer(self, packet: bytes) -> bytes:
        """The reply to a packet (without its length). Raises Malformed; whatever the mailbox raises beside Refused."""
        fields = Fields(packet)
        kind, number = fields.byte(), fields.u32()
        if kind == Request.INIT:
            raise wire.Malformed
        handler = _HANDLERS.get(kind)
        if handler is None:
            return wire.status(number, Status.UNSUPPORTED, _UNKNOWN)
        try:
            return await handler(self, number, fields)
        except Refused as refusal:
            return wire.status(number, _STATUS[refusal.kind], refusal.reason)

    async def close(self) -> None:
        """The conversation is over: what was not closed is thrown away, and what was not read to its end still waits."""
        for handle in self._open.values():
            if isinstance(handle, Writing):
                await self._run(handle.upload.discard)
            elif isinstance(handle, Reading):
                await self._run(handle.download.discard)
        self._open.clear()

    @property
    def busy(self) -> bool:
        """Whether a file is open."""
        return bool(self._open)

    @property
    def writing(self) -> bool:
        """Whether an upload is in progress."""
        return any(isinstance(handle, Writing) for handle in self._open.values())

    async def _open_file(self, number: int, fields: Fields) -> bytes:
        place, mode = locate(fields.string()), Mode(fields.u32())
        fields.attributes()
        fields.end()
        if self._stopping():
            raise Refused("failure", "De dienst stopt; probeer het over een paar minuten opnieuw.")
        if mode & Mode.WRITE:
            return await self._opened(number, lambda: self._begin(place, mode))
        folder, name = _file(place)
        if folder == "in":
            raise Refused("denied", "Bestanden in de map in kunt u niet teruglezen.")
        return await self._opened(number, lambda: Reading(place, self._mailbox.open(folder, name)))

    def _begin(self, place: Place, mode: Mode) -> Writing:
        """In a thread. A part that was left unfinished is replaced only when the client says so."""
        if place.folder not in {None, "in"}:
            raise Refused("denied", "In deze map kunt u alleen lezen en verwijderen.")
        of = checked(place)
        name = of or uploaded(place)
        if mode & (Mode.READ | Mode.APPEND):
            raise Refused("denied", "Schrijf een bestand in een keer van begin tot eind; hervatten kan niet.")
        if mode & (Mode.CREATE | Mode.TRUNCATE | Mode.EXCLUSIVE) != Mode.CREATE | Mode.TRUNCATE:
            there = self._item(place) is not None
            if there and (mode & Mode.EXCLUSIVE or not mode & Mode.TRUNCATE):
                raise Refused("failure", "Dit bestand is er al; hervatten kan niet. Verwijder het, of begin het opnieuw.")
            if not there and not mode & Mode.CREATE:
                raise Refused("absent", "Dit bestand is er niet.")
        return Writing(place, Checksum(self._mailbox, of) if of else self._mailbox.begin(name))

    async def _opened(self, number: int, make: Callable[[], Handle]) -> bytes:
        if len(self._open) >= self._limits.handles:
            raise Refused("failure", f"U hebt al {self._limits.handles} bestanden open; sluit er eerst een.")
        handle = await self._run(make)
        key = secrets.token_bytes(16)
        self._open[key] = handle
        return wire.handle(number, key)

    async def _close_handle(self, number: int, fields: Fields) -> bytes:
        key = fields.string()
        handle = self._handle(key)
        del self._open[key]
        if isinstance(handle, Writing):
            await self._run(handle.close)
        elif isinstance(handle, Reading):
            await self._run(handle.download.close)
        return wire.status(number, Status.OK)

    async def _read(self, number: int, fields: Fields) -> bytes:
        handle, offset, size = self._handle(fields.string()), fields.u64(), fields.u32()
        if not isinstance(handle, Reading):
            raise Refused("failure", "Dit is niet om te lezen.")
        content = await self._run(lambda: handle.download.read(offset, min(size, wire.MAX_DATA))) if offset < 2**63 else b""
        return wire.data(number, content) if content else wire.status(number, Status.EOF)

    async def _write(self, number: int, fields: Fields) -> bytes:
        handle, offset, content = self._handle(fields.string()), fields.u64(), fields.string()
        fields.end()
        if not isinstance(handle, Writing):
            raise Refused("failure", "Dit is niet om te schrijven.")
        await self._run(lambda: handle.write(offset, content))
        return wire.status(number, Status.OK)

    async def _opendir(self, number: int, fields: Fields) -> bytes:
        place = locate(fields.string())
        if place.name is not None:
            raise Refused("failure", "Dit is geen map.")
        return await self._opened(number, lambda: Listing(place, self._entries(place)))

    async def _readdir(self, number: int, fields: Fields) -> bytes:
        handle = self._handle(fields.string())
        if not isinstance(handle, Listing):
            raise Refused("failure", "Dit is geen map.")
        page = handle.page()
        return wire.names(number, page) if page else wire.status(number, Status.EOF)

    async def _realpath(self, number: int, fields: Fields) -> bytes:
        return wire.names(number, [Entry(resolve(fields.string()).path, 0, None)])

    async def _stat(self, number: int, fields: Fields) -> bytes:
        return await self._shown(number, locate(fields.string()))

    async def _fstat(self, number: int, fields: Fields) -> bytes:
        return await self._shown(number, self._handle(fields.string()).place)

    async def _shown(self, number: int, place: Place) -> bytes:
        if place.name is None:
            await self._run(lambda: self._require_there(place.folder))
            return wire.attributes(number, Entry("", 0, None))
        item = await self._run(lambda: self._item(place))
        if item is None:
            raise Refused("absent", "Dit bestand is er niet.")
        return wire.attributes(number, _entry(item))

    async def _setstat(self, number: int, fields: Fields) -> bytes:
        place, attributes = locate(fields.string()), fields.attributes()
        uploaded(place)
        if await self._run(lambda: self._item(place)) is None:
            raise Refused("absent", "Dit bestand is er niet.")
        return _polite(number, attributes, None)

    async def _fsetstat(self, number: int, fields: Fields) -> bytes:
        handle, attributes = self._handle(fields.string()), fields.attributes()
        if not isinstance(handle, Writing):
            raise Refused("denied", "Eigenschappen van een bestand staan vast.")
        return _polite(number, attributes, handle.upload.size)

    async def _remove(self, number: int, fields: Fields) -> bytes:
        folder, name = _file(locate(fields.string()))
        if folder == "in" and not name.endswith(PART):
            raise Refused("denied", "Dit bestand is al overgenomen en kan niet meer weg.")
        await self._run(lambda: self._mailbox.remove(folder, name))
        return wire.status(number, Status.OK)

    async def _rename(self, number: int, fields: Fields) -> bytes:
        old, new = locate(fields.string()), locate(fields.string())
        fields.end()
        name = uploaded(old)
        if new != Place("in", name):
            raise Refused("denied", "Hernoemen kan alleen van in/naam.part naar in/naam.")
        await self._run(lambda: self._mailbox.complete(name + PART, name))
        return wire.status(number, Status.OK)

    async def _extended(self, number: int, fields: Fields) -> bytes:
        match fields.string():
            case b"posix-rename@openssh.com":
                return await self._rename(number, fields)
            case b"limits@openssh.com":
                return wire.limits(number, self._limits.handles)
        return wire.status(number, Status.UNSUPPORTED, _UNKNOWN)

    def _entries(self, place: Place) -> list[Entry]:
        """In a thread."""
        if place.folder is None:
            return [Entry(folder, 0, None) for folder in self._mailbox.folders()]
        self._require_there(place.folder)
        return [_entry(item) for item in self._mailbox.items(place.folder)]

    def _require_there(self, folder: Folder | None) -> None:
        """In a thread. The folder of a desk is there for a desk only."""
        if folder == "uitlaat" and folder not in self._mailbox.folders():
            raise Refused("absent", NO_FOLDER)

    def _item(self, place: Place) -> Item | None:
        """In a thread."""
        folder, name = _file(place)
        return next((item for item in self._mailbox.items(folder) if item.name == name), None)

    def _handle(self, key: bytes) -> Handle:
        if (handle := self._open.get(key)) is None:
            raise Refused("failure", "Dit bestand is niet open.")
        return handle

    async def _run(self, work: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._threads, work)


def _file(place: Place) -> tuple[Folder, str]:
    if place.folder is None or place.name is None:
        raise Refused("denied", "Dit is een map.")
    return place.folder, place.name


def _entry(item: Item) -> Entry:
    return Entry(item.name, item.size, max(0, min(int(item.modified.timestamp()), 2**32 - 1)))


def _polite(number: int, attributes: wire.Attributes, size: int | None) -> bytes:
    """Permissions and times are taken note of and not kept; the size may only be what it is."""
    beyond = attributes.present & ~_POLITE
    if beyond and not (beyond == Present.SIZE and attributes.size == size):
        raise Refused("denied", "Eigenschappen van een bestand staan vast.")
    return wire.status(number, Status.OK)


_HANDLERS: dict[int, Callable[[Session, int, Fields], Awaitable[bytes]]] = {
    Request.OPEN: Session._open_file,
    Request.CLOSE: Session._close_handle,
    Request.READ: Session._read,
    Request.WRITE: Session._write,
    Request.LSTAT: Session._stat,
    Request.FSTAT: Session._fstat,
    Request.SETSTAT: Session._setstat,
    Request.FSETSTAT: Session._fsetstat,
    Request.OPENDIR: Session._opendir,
    Request.READDIR: Session._readdir,
    Request.REMOVE: Session._remove,
    Request.REALPATH: Session._realpath,
    Request.STAT: Session._stat,
    Request.RENAME: Session._rename,
    Request.EXTENDED: Session._extended,
}
