"""Compressed files: refused, unless the partner's profile allows gzip or zip; then unpacked as a stream, within limits on size and ratio.

Nothing unpacked is ever on disk. A zip holds one file, and its directory is looked at before the library reads it, so that neither the
directory nor the content can be a bomb. Authority: issue "legacy mouths", hostile files; security reference, decompression. Leaves what
is inside to the readers.
"""

import io
import struct
import zipfile
import zlib
from typing import IO, BinaryIO, NamedTuple

from gateway.files.spool import FRAME, Reader
from schemas.bestand import Onleesbaar

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_OTHERS = (b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"\x28\xb5\x2f\xfd", b"Rar!\x1a", b"\x04\x22\x4d\x18", b"\x1f\x9d", b"\x1f\xa0")
_END, _END_64, _END_SIZE, _END_64_SIZE, _COMMENT = b"PK\x05\x06", b"PK\x06\x07", 22, 20, 65_535
_ENCRYPTED = 0x1
_ZIPFILE, _DURING, _ONE = "het zip-bestand", "tijdens het uitpakken", "Pak precies één bestand in."


class Limits(NamedTuple):
    """Bytes that may come out, and how many for each that went in (the first `allowance` aside)."""

    size: int = 4 << 30
    ratio: int = 100
    allowance: int = 1 << 20


def packing(reader: Reader) -> str | None:
    """In what a file is compressed: gzip, zip, anders; None when it is not. A spreadsheet is a zip too."""
    head = reader.read_at(0, 8)
    if head.startswith(_GZIP):
        return "gzip"
    if head.startswith(_ZIP):
        return "zip"
    return "anders" if head.startswith(_OTHERS) else None


def unpack(reader: Reader, how: str, limits: Limits = Limits()) -> BinaryIO:  # noqa: B008 - immutable
    """The content as a stream. It raises Onleesbaar where it goes over a limit or is damaged, and so does this."""
    raw = _Gunzip(reader) if how == "gzip" else _member(reader)
    return io.BufferedReader(_Limited(raw, reader.size, limits), FRAME)


class _Gunzip(io.RawIOBase):
    """One gzip member (RFC 1952) and nothing after it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._inflate = zlib.decompressobj(wbits=31)
        self._waiting = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        try:
            data = self._more(len(buffer))
        except zlib.error:
            raise _damaged() from None
        buffer[: len(data)] = data
        return len(data)

    def _more(self, size: int) -> bytes:
        while not self._inflate.eof:
            block = self._waiting or self._reader.read(FRAME)
            data = self._inflate.decompress(block, size)
            self._waiting = self._inflate.unconsumed_tail
            if data:
                return data
            if not block:
                raise _damaged()
        if self._inflate.unused_data or self._reader.read(1):
            raise Onleesbaar("INGEPAKT_MEER_DAN_EEN", _ONE, "na het eerste bestand")
        return b""


def _member(reader: Reader) -> io.RawIOBase:
    """The one file in a zip."""
    _look_at_directory(reader)
    try:
        archive = zipfile.ZipFile(io.BufferedReader(reader, FRAME))
        (info,) = archive.infolist()
        if info.flag_bits & _ENCRYPTED or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Onleesbaar("INGEPAKT_ONBEKEND", "Pak het bestand in zonder wachtwoord, met deflate.", _ZIPFILE)
        return _Checked(archive.open(info))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _damaged() from None


def _look_at_directory(reader: Reader) -> None:
    """One entry, as its end says; before anything reads the directory itself."""
    tail_size = min(reader.size, _END_64_SIZE + _END_SIZE + _COMMENT)  # what stands before an end with the longest comment is in it
    tail = reader.read_at(reader.size - tail_size, tail_size)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE or tail[max(place - _END_64_SIZE, 0) :].startswith(_END_64):
        raise _damaged()
    here, total, size = struct.unpack_from("<HHI", tail, place + 8)
    if (here, total) != (1, 1) or size > 4096:
        raise Onleesbaar("INGEPAKT_MEER_DAN_EEN", _ONE, _ZIPFILE)


class _Checked(io.RawIOBase):
    """A member of a zip whose faults are ours."""

    def __init__(self, member: IO[bytes]) -> None:
        self._member = member

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        try:
            data = self._member.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError):
            raise _damaged() from None
        buffer[: len(data)] = data
        return len(data)


class _Limited(io.RawIOBase):
    """Stops where the limits are."""

    def __init__(self, raw: io.RawIOBase, packed: int, limits: Limits) -> None:
        self._raw = raw
        self._left = min(limits.size, limits.allowance + packed * limits.ratio)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        count = self._raw.readinto(buffer) or 0
        self._left -= count
        if self._left < 0:
            raise Onleesbaar("INGEPAKT_TE_GROOT", "Het bestand wordt bij uitpakken te groot; lever het in delen aan.", _DURING)
        return count


def _damaged() -> Onleesbaar:
    return Onleesbaar("INGEPAKT_BESCHADIGD", "Het ingepakte bestand is beschadigd of onvolledig; pak het opnieuw in.", _DURING)
