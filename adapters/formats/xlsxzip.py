"""The zip around a workbook: opened only within limits on its size, its parts and what they swell to.

Authority: ECMA-376 part 2 (packages), APPNOTE 6.3 as far as zipfile reads it. Only the parts that are asked for are unpacked, as a stream;
zipfile gives no more bytes of a part than the size that was checked. Links to other files are never followed. Leaves the XML inside to
`xlsxfile`.
"""

import zipfile
import zlib
from io import BytesIO
from typing import BinaryIO, NoReturn, cast

from schemas.bestand import Onleesbaar

FILE = 24 * 2**20
"""Bytes of the file at most: a workbook has its table of contents at the end, so it is kept whole while it is read."""
MEMBERS = 1_000
MEMBER = 2**30
"""Unpacked bytes of one part at most."""
RATIO = 100
"""Unpacked to packed at most, for parts above `SMALL`."""
SMALL = 2**20
_BLOCK = 64 * 1024
_ENTRY = b"PK\x01\x02"
_OLE = b"\xd0\xcf\x11\xe0"


def refuse(code: str, melding: str, plek: str = "het bestand") -> NoReturn:
    """The workbook is unreadable as a whole."""
    raise Onleesbaar(code, melding, plek)


class Package:
    """A workbook as a zip: its parts by name."""

    def __init__(self, stream: BinaryIO) -> None:
        """Reads the whole file into memory. Raises Onleesbaar."""
        held = _held(stream)
        if held.getvalue().count(_ENTRY) > MEMBERS:
            refuse("XLSX_TE_GROOT", f"Het bestand heeft meer dan {MEMBERS} onderdelen.")
        try:
            self._zip = zipfile.ZipFile(held)
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            refuse("XLSX_ONGELDIG", "Dit is geen heel XLSX-bestand; het is beschadigd of afgebroken.")
        names = self._zip.namelist()
        if len(set(names)) != len(names):
            refuse("XLSX_ONGELDIG", "Een onderdeel komt twee keer voor.")
        self.names = frozenset(names)

    def open(self, name: str) -> "Part":
        """A part, to be read once. Raises Onleesbaar: absent, encrypted, oddly packed or too large."""
        if name not in self.names:
            refuse("XLSX_ONGELDIG", f"Het onderdeel {name[:100]!r} ontbreekt; dit is geen XLSX.")
        info = self._zip.getinfo(name)
        if info.flag_bits & 1 or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            refuse("XLSX_ONGELDIG", "Een onderdeel is versleuteld of op een ongebruikelijke manier ingepakt.", name)
        if info.file_size > MEMBER or (info.file_size > SMALL and info.file_size > RATIO * info.compress_size):
            refuse("XLSX_TE_GROOT", "Een onderdeel zwelt bij het uitpakken te veel op; lever het bestand als CSV of XML.", name)
        try:
            return Part(cast(BinaryIO, self._zip.open(info)), name)
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            refuse("XLSX_ONGELDIG", "Een onderdeel is beschadigd.", name)


class Part:
    """A part that is being unpacked."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name

    def read(self, size: int) -> bytes:
        """At most `size` bytes; empty at the end. Raises Onleesbaar."""
        try:
            return self._stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            refuse("XLSX_ONGELDIG", "Een onderdeel is beschadigd.", self._name)


def _held(stream: BinaryIO) -> BytesIO:
    held = BytesIO()
    while block := stream.read(_BLOCK):
        if not held.tell():
            _first(block)
        held.write(block)
        if held.tell() > FILE:
            refuse("XLSX_TE_GROOT", f"Een XLSX-bestand is hoogstens {FILE // 2**20} MiB; lever het als CSV of XML.")
    if not held.tell():
        refuse("BESTAND_LEEG", "Het bestand is leeg.")
    return held


def _first(block: bytes) -> None:
    if block.startswith(_OLE):
        refuse("XLSX_ONGELDIG", "Dit is een oud Excel-bestand (.xls) of een met een wachtwoord; bewaar het als .xlsx zonder wachtwoord.")
    if not block.startswith(b"PK\x03\x04"):
        refuse("XLSX_ONGELDIG", "Dit is geen XLSX-bestand.")
