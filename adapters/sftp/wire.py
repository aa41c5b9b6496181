"""SFTP version 3 as bytes: reading the fields of a request, building replies. Knows no files and no sockets.

Authority: draft-ietf-secsh-filexfer-02 (version 3, which every client speaks) and OpenSSH PROTOCOL 4.8 (`limits@openssh.com`).
"""

import struct
from enum import IntEnum, IntFlag
from time import gmtime, strftime
from typing import NamedTuple

VERSION = 3
MAX_PACKET = 256 * 1024
"""Bytes of one request or reply, as OpenSSH has it."""
MAX_DATA = MAX_PACKET - 1024
"""Bytes of file in it."""

_U32, _U64 = struct.Struct(">I"), struct.Struct(">Q")


class Malformed(Exception):
    """What came is not SFTP; the conversation ends."""


class Request(IntEnum):
    """Kinds of request."""

    INIT = 1
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    SETSTAT = 9
    FSETSTAT = 10
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    RMDIR = 15
    REALPATH = 16
    STAT = 17
    RENAME = 18
    READLINK = 19
    SYMLINK = 20
    EXTENDED = 200


class Reply(IntEnum):
    """Kinds of reply."""

    VERSION = 2
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 201


class Status(IntEnum):
    """How a request ended."""

    OK = 0
    EOF = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    UNSUPPORTED = 8


class Mode(IntFlag):
    """How a file is opened."""

    READ = 1
    WRITE = 2
    APPEND = 4
    CREATE = 8
    TRUNCATE = 16
    EXCLUSIVE = 32


class Present(IntFlag):
    """Which attributes follow."""

    SIZE = 1
    OWNER = 2
    PERMISSIONS = 4
    TIMES = 8
    EXTENDED = 0x80000000


class Attributes(NamedTuple):
    """Attributes that a client sends: which ones, and the size when that is among them. The others we never keep."""

    present: Present
    size: int | None


class Fields:
    """The fields of a request, read from left to right. Each raises Malformed when it is not there."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        start, self._at = self._at, self._at + size
        if self._at > len(self._data):
            raise Malformed
        return self._data[start : self._at]

    def byte(self) -> int:
        """An octet."""
        return self.take(1)[0]

    def u32(self) -> int:
        """Four bytes."""
        return int(_U32.unpack(self.take(4))[0])

    def u64(self) -> int:
        """Eight bytes."""
        return int(_U64.unpack(self.take(8))[0])

    def string(self) -> bytes:
        """A length and as many bytes."""
        return self.take(self.u32())

    def attributes(self) -> Attributes:
        """Attributes; their values are passed over but for the size."""
        present = Present(self.u32())
        size = self.u64() if present & Present.SIZE else None
        self.take(sum(8 for flag in (Present.OWNER, Present.TIMES) if present & flag) + (4 if present & Present.PERMISSIONS else 0))
        if present & Present.EXTENDED:
            for _ in range(2 * self.u32()):
                self.string()
        return Attributes(present, size)

    def end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._data):
            raise Malformed


class Entry(NamedTuple):
    """A line of a directory: `modified` in seconds since 1970, None for a folder."""

    name: str
    size: int
    modified: int | None


def version() -> bytes:
    """The first reply: what we speak."""
    return _packet(Reply.VERSION, _U32.pack(VERSION) + _string(b"limits@openssh.com") + _string(b"1"))


def status(number: int, code: Status, reason: str = "") -> bytes:
    """How it ended, with a Dutch reason."""
    return _packet(Reply.STATUS, _U32.pack(number) + _U32.pack(code) + _string(reason.encode()) + _string(b"nl"))


def handle(number: int, name: bytes) -> bytes:
    """The handle that stands for what was opened."""
    return _packet(Reply.HANDLE, _U32.pack(number) + _string(name))


def data(number: int, content: bytes) -> bytes:
    """A piece of a file."""
    return _packet(Reply.DATA, _U32.pack(number) + _string(content))


def attributes(number: int, entry: Entry) -> bytes:
    """The attributes of a file or folder."""
    return _packet(Reply.ATTRS, _U32.pack(number) + _attributes(entry))


def names(number: int, entries: list[Entry]) -> bytes:
    """Lines of a directory, or the one answer to a realpath."""
    lines = (_string(entry.name.encode()) + _string(_line(entry).encode()) + _attributes(entry) for entry in entries)
    return _packet(Reply.NAME, _U32.pack(number) + _U32.pack(len(entries)) + b"".join(lines))


def limits(number: int, handles: int) -> bytes:
    """`limits@openssh.com`: packet, read, write, open handles."""
    return _packet(Reply.EXTENDED, _U32.pack(number) + b"".join(map(_U64.pack, (MAX_PACKET, MAX_DATA, MAX_DATA, handles))))


def _attributes(entry: Entry) -> bytes:
    """Size, permissions and times; a folder has no time. What may really be done is not in them."""
    present = Present.SIZE | Present.PERMISSIONS
    if entry.modified is None:
        return _U32.pack(present) + _U64.pack(entry.size) + _U32.pack(0o040700)
    return _U32.pack(present | Present.TIMES) + _U64.pack(entry.size) + _U32.pack(0o100600) + _U32.pack(entry.modified) * 2


def _line(entry: Entry) -> str:
    """As `ls -l` shows it, in UTC; there are clients that take it apart."""
    kind, moment = "d" if entry.modified is None else "-", strftime("%b %d %H:%M", gmtime(entry.modified or 0))
    return f"{kind}rw-------    1 partner  seinhuis {entry.size:>12} {moment} {entry.name}"


def _string(content: bytes) -> bytes:
    return _U32.pack(len(content)) + content


def _packet(kind: Reply, payload: bytes) -> bytes:
    return _U32.pack(len(payload) + 1) + bytes((kind,)) + payload
