"""Hostile CSV and XLSX, and a program that reads them all and measures. Endless files are made while they are read.

`python -m tests.formats.hostile_tables make FOLDER` writes the workbooks, which take memory to make. `… profiles FOLDER` reads everything
and prints one JSON object like `hostile_xml`; `… greedy FOLDER` does what a reader does that keeps the file, for the control.
"""

import io
import json
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same file again, no secret
from typing import Any, BinaryIO

from adapters.formats import profile, reading
from adapters.formats.mapping import Mapping
from schemas.bestand import Onleesbaar
from tests.formats.hostile_xml import GIGABYTES_2, many, stream
from tests.formats.test_profile import CSV, XLSX
from tests.formats.workbooks import MAIN, raw, sheet, workbook

FIELDS = '[[velden]]\nnaar = "/klantnummer"\nuit = "Nr"\n[[velden]]\nnaar = "/adres/woonplaats"\nuit = "Plaats"\n'
HEAD = b"Nr;Plaats\n"
ROWS = [["Nr", "Plaats"], ["1", "Haarlem"]]
SHEET = "xl/worksheets/sheet1.xml"
NUMBERS = Random(1)


def swollen(size: int) -> bytes:
    """A workbook whose sheet unpacks to `size` bytes of spaces."""
    content = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(workbook(ROWS)))
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for info in old.infolist():
            if info.filename != SHEET:
                package.writestr(info.filename, old.read(info))
        with package.open(SHEET, "w", force_zip64=True) as part:
            part.write(f"<worksheet {MAIN}><sheetData>".encode())
            for block in many(b" " * 65536, size):
                part.write(block)
            part.write(b"</sheetData></worksheet>")
    return content.getvalue()


def declared(content: bytes, size: int) -> bytes:
    """The same workbook with another unpacked size of its sheet in the table of contents."""
    at = content.rindex(SHEET.encode()) - 46
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def full(members: int) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for nr in range(members):
            package.writestr(f"xl/{nr}", b"")
    return held.getvalue()


def texts(count: int, length: int) -> bytes:
    words = (f"{NUMBERS.getrandbits(4 * length):x}" for _ in range(count))
    return raw(sheet(""), {"xl/sharedStrings.xml": f"<sst {MAIN}>{''.join(f'<si><t>{word}</t></si>' for word in words)}</sst>"})


def cells(count: int) -> bytes:
    body = "".join(f"<c><v>{NUMBERS.getrandbits(40)}</v></c>" for _ in range(count))
    return raw(sheet(f'<row r="1">{body}</row>'))


def shared(length: int, rows: int) -> bytes:
    """Every cell of every row refers to one long text."""
    body = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>' + '<row><c t="s"><v>2</v></c><c t="s"><v>2</v></c></row>' * rows
    words = ("Nr", "Plaats", "x" * length)
    return raw(sheet(body), {"xl/sharedStrings.xml": f"<sst {MAIN}>{''.join(f'<si><t>{word}</t></si>' for word in words)}</sst>"})


def styles(formats: int, cells: int) -> bytes:
    own = "".join(f'<numFmt numFmtId="{nr}" formatCode="d"/>' for nr in range(formats))
    used = '<xf numFmtId="14"/>' * cells
    return raw(sheet(""), {"xl/styles.xml": f"<styleSheet {MAIN}><numFmts>{own}</numFmts><cellXfs>{used}</cellXfs></styleSheet>"})


def sheets(count: int) -> bytes:
    body = "".join(f'<sheet name="{nr}"/>' for nr in range(count))
    return raw(sheet(""), {"xl/workbook.xml": f"<workbook {MAIN}><sheets>{body}</sheets></workbook>"})


def relations(count: int) -> bytes:
    body = "".join(f'<Relationship Id="a{nr}" Target="b"/>' for nr in range(count))
    workbook = f"<workbook {MAIN}><sheets/></workbook>"
    return raw(sheet(""), {"xl/_rels/workbook.xml.rels": f"<Relationships>{body}</Relationships>", "xl/workbook.xml": workbook})


def loose(count: int) -> str:
    """Elements outside the rows, that compress no better than a sheet."""
    body = "".join(f"<{letter}/>" for letter in NUMBERS.choices("abcdefgh", k=count))
    return f"<worksheet {MAIN}>{body}</worksheet>"


CORNER = '<row r="1"><c r="A1" t="inlineStr"><is><t>Nr</t></is></c><c r="B1" t="inlineStr"><is><t>Plaats</t></is></c></row>'
CORNER += '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
CASES: dict[str, tuple[str, str, Callable[[], BinaryIO]]] = {
    "2 GB of zeros as csv": ("csv", "GEEN_TEKST", lambda: stream(many(b"\0", GIGABYTES_2))),
    "2 GB of zeros after a csv header": ("csv", "REGEL_TE_LANG", lambda: stream(HEAD + b"1;H\n" * 500, many(b"\0", GIGABYTES_2))),
    "2 GB in one line": ("csv", "REGEL_TE_LANG", lambda: stream(many(b"a", GIGABYTES_2))),
    "2 GB in one field": ("csv", "REGEL_TE_LANG", lambda: stream(HEAD, b'1;"', many(b"a", GIGABYTES_2))),
    "100,000 columns": ("csv", "TE_VEEL_KOLOMMEN", lambda: stream(many(b"k;", 200_000), b"\n")),
    "1,000,000 columns": ("csv", "REGEL_TE_LANG", lambda: stream(many(b"kolom;", 6_000_000), b"\n")),
    "100,000 columns in a row": ("csv", "2 bevindingen", lambda: stream(HEAD, (many(b"k;", 200_000)), b"\nx\n1;H\n")),
    "a quote that never closes": ("csv", "101 bevindingen", lambda: stream(HEAD, b'1;"', b"a\n" * 101, b"1;H\n")),
    "50,000 good rows": ("csv", "0 bevindingen", lambda: stream(HEAD, (b"%d;Haarlem\n" % nr for nr in range(50_000)))),
    "utf-16": ("csv", "TEKENSET_ONGELDIG", lambda: io.BytesIO(HEAD.decode().encode("utf-16"))),
    "latin 1 that says utf-8": ("csv", "1 bevindingen", lambda: stream(b"\xef\xbb\xbf" + HEAD, b"1;\xe9\n2;H\n")),
    "gzip": ("csv", "GEEN_TEKST", lambda: io.BytesIO(b"\x1f\x8b\x08\0" + bytes(100))),
    "csv that was cut off": ("csv", "BESTAND_AFGEBROKEN", lambda: io.BytesIO(HEAD + b"1;H\n2")),
    "2 GB of zeros as xlsx": ("xlsx", "XLSX_ONGELDIG", lambda: stream(many(b"\0", GIGABYTES_2))),
    "2 GB that begins as a zip": ("xlsx", "XLSX_TE_GROOT", lambda: stream(b"PK\x03\x04", many(b"\0", GIGABYTES_2))),
    "sheet that swells": ("xlsx", "XLSX_TE_GROOT", lambda: io.BytesIO(swollen(100 * 2**20))),
    "sheet of 2 GB": ("xlsx", "XLSX_TE_GROOT", lambda: io.BytesIO(declared(workbook(ROWS), GIGABYTES_2 - 1))),
    "sheet that says it is small": ("xlsx", "XLSX_ONGELDIG", lambda: io.BytesIO(declared(swollen(100 * 2**20), 500))),
    "100,000 parts": ("xlsx", "XLSX_TE_GROOT", lambda: io.BytesIO(full(20_000))),
    "texts without end": ("xlsx", "XLSX_TE_GROOT", lambda: io.BytesIO(texts(1_200, 20_000))),
    "one text in every cell": ("xlsx", "1000 bevindingen", lambda: io.BytesIO(shared(400_000, 1_000))),
    "styles without end": ("xlsx", "XML_TE_GROOT", lambda: io.BytesIO(styles(300_000, 1_000_000))),
    "sheets without end": ("xlsx", "XML_TE_GROOT", lambda: io.BytesIO(sheets(500_000))),
    "relations without end": ("xlsx", "BLAD_ONTBREEKT", lambda: io.BytesIO(relations(150_000))),
    "elements without end": ("xlsx", "XML_TE_GROOT", lambda: io.BytesIO(raw(loose(600_000)))),
    "row without end": ("xlsx", "XML_TE_GROOT", lambda: io.BytesIO(cells(200_000))),
    "cell in the last corner": ("xlsx", "0 bevindingen", lambda: io.BytesIO(raw(sheet(CORNER)))),
    "entity bomb in a sheet": ("xlsx", "XML_DOCTYPE", lambda: io.BytesIO(raw(BOMB + sheet("&b;")))),
    "entity bomb in the workbook": ("xlsx", "XML_DOCTYPE", lambda: io.BytesIO(raw(sheet(""), {"xl/workbook.xml": BOMB + "<workbook/>"}))),
    "xlsx that was cut off": ("xlsx", "XLSX_ONGELDIG", lambda: io.BytesIO(workbook(ROWS)[:-50])),
}  # fmt: skip


def outcome(formaat: str, source: BinaryIO) -> dict[str, str]:
    mapping = Mapping(profile.load(((CSV if formaat == "csv" else XLSX) + FIELDS).encode()))
    try:
        found = [record for record in reading.lezer(mapping, "t")(source) if record.bevindingen]
    except Onleesbaar as refused:
        return {"code": refused.code, "melding": refused.melding, "plek": refused.plek}
    return {"code": f"{len(found)} bevindingen", "melding": found[0].bevindingen[0].melding if found else "-", "plek": "-"}


def greedy(_: str, source: BinaryIO) -> dict[str, str]:
    """What a reader does that keeps the file: for the control. Stops at 100 MB."""
    kept = bytearray()
    while len(kept) < 100 * 2**20 and (block := source.read(65_536)):
        kept += block
    return {"code": "gelezen", "melding": str(len(kept)), "plek": "-"}


def peak() -> float:
    """Megabytes of this program at its highest; `ru_maxrss` would begin at that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def make(folder: Path) -> None:
    for nr, (_, _, made) in enumerate(CASES.values()):
        source = made()
        if isinstance(source, io.BytesIO):
            (folder / str(nr)).write_bytes(source.getvalue())


def measure(reader: Callable[[str, BinaryIO], dict[str, str]], folder: Path) -> dict[str, Any]:
    outcome("csv", io.BytesIO(HEAD))
    outcome("xlsx", io.BytesIO(workbook(ROWS)))
    before, found = peak(), {}
    for nr, (name, (formaat, _, made)) in enumerate(CASES.items()):
        source, begin = (folder / str(nr)).open("rb") if (folder / str(nr)).exists() else made(), time.perf_counter()
        with source:
            found[name] = {**reader(formaat, source), "seconds": time.perf_counter() - begin, "grown": peak() - before}
    return found


if __name__ == "__main__":
    place = Path(sys.argv[2])
    if sys.argv[1] == "make":
        make(place)
    else:
        sys.stdout.write(json.dumps(measure({"profiles": outcome, "greedy": greedy}[sys.argv[1]], place)))
