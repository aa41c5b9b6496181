"""Hostile files for the whole house, and what it takes to bring them: a client that streams what it makes, a meter on a process.

The files are those of the readers' own tests, cut off at a size, with archives and names of files beside them.
"""

import asyncio
import gzip
import io
import struct
import threading
import time
import zipfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeVar

import asyncssh

from tests.formats import hostile_tables, hostile_xml
from tests.formats.hostile_tables import HEAD, ROWS, SHEET
from tests.formats.hostile_xml import many, stream
from tests.formats.workbooks import RELS, raw, sheet, workbook

T = TypeVar("T")
BLOCK = 256 * 1024
LONG = b"1;" + b"H" * 5_000 + b"\n"


class Case(NamedTuple):
    """A file by the kind of its name, with the code of its refusal."""

    ending: str
    code: str
    make: Callable[[], BinaryIO]


def zipped(content: bytes, name: str = "a.csv") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def overlapping(entries: int) -> bytes:
    """A zip of which many entries are the same bytes."""
    one = zipped(HEAD + LONG * 2_000)
    begin = one.index(b"PK\x01\x02")
    entry = one[begin : one.index(b"PK\x05\x06")]
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, entries, entries, len(entry) * entries, begin, 0)
    return one[:begin] + entry * entries + end


def overlapping_workbook() -> bytes:
    """A workbook of which two parts are the same bytes."""
    content = bytearray(workbook(ROWS))
    table = content.index(b"PK\x01\x02")
    at = [content.index(name.encode(), table) - 46 for name in (SHEET, "xl/styles.xml")]
    content[at[1] + 42 : at[1] + 46] = content[at[0] + 42 : at[0] + 46]
    return bytes(content)


def elsewhere() -> bytes:
    """A workbook whose sheet is another file."""
    relation = f'<Relationship Id="rId1" Type="{RELS}/worksheet" Target="file:///etc/passwd" TargetMode="External"/>'
    return raw(sheet(""), {"xl/_rels/workbook.xml.rels": f"<Relationships>{relation}</Relationships>"})


def archives() -> dict[str, Case]:
    bomb = HEAD + LONG * 40_000
    made: dict[str, tuple[str, str, Callable[[], bytes]]] = {
        "gzip bomb": ("csv.gz", "INGEPAKT_TE_GROOT", lambda: gzip.compress(bomb)),
        "gzip in gzip": ("csv.gz", "GEEN_TEKST", lambda: gzip.compress(gzip.compress(bomb))),
        "gzip of zeros": ("csv.gz", "GEEN_TEKST", lambda: gzip.compress(bytes(200 << 20))),
        "gzip that was cut off": ("csv.gz", "INGEPAKT_BESCHADIGD", lambda: gzip.compress(HEAD + b"1;H\n")[:-9]),
        "zip bomb": ("csv.zip", "INGEPAKT_TE_GROOT", lambda: zipped(bomb)),
        "zip in zip": ("csv.zip", "GEEN_TEKST", lambda: zipped(zipped(zipped(bomb)))),
        "zip of overlapping entries": ("csv.zip", "INGEPAKT_MEER_DAN_EEN", lambda: overlapping(20_000)),
        "zip that nobody allowed": ("csv", "INGEPAKT_NIET_TOEGESTAAN", lambda: zipped(HEAD)),
        "workbook of overlapping parts": ("xlsx", "XLSX_ONGELDIG", overlapping_workbook),
        "workbook with its sheet elsewhere": ("xlsx", "XLSX_ONGELDIG", elsewhere),
    }
    return {name: Case(ending, code, lambda make=make: io.BytesIO(make())) for name, (ending, code, make) in made.items()}  # type: ignore[misc]


def others() -> dict[str, Case]:
    return {
        "elements outside every record": Case("eigen.xml", "XML_TE_GROOT", lambda: stream(b"<a>", many(b"<a/>", 4 << 20))),
        "endless different names in partner XML": Case(
            "eigen.xml", "XML_TE_GROOT", lambda: stream(b"<a>", (f"<a{nr}/>".encode() for nr in range(1_000_000)))
        ),
        "endless empty elements for records": Case("xml", "XML_TE_GROOT", lambda: stream(hostile_xml.HEAD, many(b"<signaal/>", 64 << 20))),
        "a kind of file without a profile": Case("txt", "PROFIEL_ONTBREEKT", lambda: io.BytesIO(HEAD)),
        "a program": Case("csv", "MALWARE_VERMOED", lambda: io.BytesIO(b"MZ" + bytes(1_000))),
    }


PACKED = "INGEPAKT_NIET_TOEGESTAAN"  # before any reader looks at it
_XML = {name: Case("xml", PACKED if name in {"gzip", "zip"} else code, make) for name, (code, make) in hostile_xml.CASES.items()}
_TABLES = {
    f"{kind}: {name}": Case(kind, code, make)
    for name, (kind, code, make) in hostile_tables.CASES.items()
    if not code.endswith("bevindingen")
}
_MADE = {f"{kind}: {name}": nr for nr, (name, (kind, _, _)) in enumerate(hostile_tables.CASES.items())}
CASES = {**_XML, **_TABLES, **archives(), **others()}
FEW = (
    "doctype", "external entity", "billion laughs", "200,000 attributes on a record", "200,000 attributes on the root", "endlessly deep",
    "endless text", "endless different names", "xinclude", "schema location", "declared utf-7", "utf-7", "utf-16",
    "latin 1 that says utf-8", "nul", "2 GB of zeros", "truncated", "gzip", "empty",
    "csv: 2 GB of zeros after a csv header", "csv: 2 GB in one line", "csv: 2 GB in one field", "csv: 100,000 columns", "csv: utf-16",
    "xlsx: entity bomb in a sheet", "xlsx: styles without end", "xlsx: sheets without end", "xlsx: elements without end",
    "xlsx: texts without end", "xlsx: row without end", "xlsx: xlsx that was cut off", *archives(), *others(),
)  # fmt: skip


def content_of(name: str, folder: Path) -> BinaryIO:
    """The bytes of a case; workbooks were made in the folder by a process of their own."""
    place = folder / str(_MADE.get(name, "geen"))
    return place.open("rb") if place.exists() else CASES[name].make()


class Client:
    """A partner's connection, over which files are put as they are made."""

    def __init__(self, port: int, oin: str, key: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._begin(port, oin, key))

    async def _begin(self, port: int, oin: str, key: Path) -> None:
        self._connection = await asyncssh.connect("127.0.0.1", port, username=oin, client_keys=[str(key)], known_hosts=None)
        self._sftp = await self._connection.start_sftp_client()

    def close(self) -> None:
        self._connection.abort()
        self._do(self._connection.wait_closed())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def put(self, name: str | bytes, source: BinaryIO, most: int) -> float:
        """Put at most so many bytes and rename; returns the moment after it. Raises asyncssh.SFTPError."""
        with source:
            self._do(self._put(name.encode() if isinstance(name, str) else name, source, most))
        return time.monotonic()

    async def _put(self, name: bytes, source: BinaryIO, most: int) -> None:
        at = 0
        async with self._sftp.open(b"in/" + name + b".part", "wb") as file:
            while block := source.read(min(BLOCK, most - at)):
                await file.write(block, at)
                at += len(block)
        await self._sftp.rename(b"in/" + name + b".part", b"in/" + name)

    def collect(self, name: str, patience: float = 60) -> bytes:
        """A file of `uit/`, once it is there. Raises asyncssh.SFTPError."""
        return self._do(self._collect(f"uit/{name}".encode(), time.monotonic() + patience))

    async def _collect(self, path: bytes, until: float) -> bytes:
        while not await self._sftp.exists(path) and time.monotonic() < until:
            await asyncio.sleep(0.02)
        async with self._sftp.open(path, "rb") as file:
            content: bytes = await file.read()
        return content

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(1_200)


class Meter:
    """The most memory that a process had since its mark, beyond what it had then, in megabytes."""

    def __init__(self, pid: int) -> None:
        self._folder = Path("/proc") / str(pid)

    @contextmanager
    def marked(self) -> Iterator["Meter"]:
        (self._folder / "clear_refs").write_text("5")
        self._mark = self._read("VmRSS:")
        yield self

    @property
    def grown(self) -> float:
        return self._read("VmHWM:") - self._mark

    def _read(self, name: str) -> float:
        return int((self._folder / "status").read_text(encoding="ascii").partition(name)[2].split()[0]) / 1024
