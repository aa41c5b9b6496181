"""Rows of an outlet profile to the bytes of a file, as a stream: CSV, XLSX or XML.

Decides nothing about content. Text that a spreadsheet would calculate gets an apostrophe before it, in CSV and in XLSX (ASVS 1.2.10), as in
every file that we write. Authority: RFC 4180; ECMA-376 part 1, 18.3 (sheets), 18.8 (styles); XML 1.0. Leaves sealing to the caller.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from xml.sax.saxutils import escape

from adapters.desk.cells import Cell, Euros, Layout
from adapters.desk.layout import codec_of
from adapters.formats import writing

ENDINGS = {"csv": ".csv", "xlsx": ".xlsx", "xml": ".xml"}
_SOME = 64 * 1024
"""Bytes that wait at most."""
_EPOCH = date(1899, 12, 30)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
        '<xf numFmtId="2" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
    ),
}


def write(layout: Layout, rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    """The file in parts, to write one after the other."""
    return {"csv": _csv, "xlsx": _xlsx, "xml": _xml}[layout.profiel.formaat](layout, rows)


def _csv(layout: Layout, rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    form, codec = layout.profiel.bestand, codec_of(layout.profiel)
    yield b"\xef\xbb\xbf" if form.codering == "utf-8-bom" else b""
    if form.kopregel:
        yield "".join(writing.lines([layout.heads], form.scheiding)).encode(codec)
    for line in writing.lines(rows, form.scheiding):
        yield line.encode(codec)


def _xml(layout: Layout, rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    form = layout.profiel.bestand
    yield f'<?xml version="1.0" encoding="{form.codering.upper()}"?>\n<{form.wortel}>\n'.encode(form.codering)
    for row in rows:
        yield f"<{form.record}>{''.join(_elements(layout.heads, row))}</{form.record}>\n".encode(form.codering)
    yield f"</{form.wortel}>\n".encode(form.codering)


def _elements(heads: list[str], row: list[Cell]) -> Iterator[str]:
    """What is empty is left out; an element with others inside stands once around them."""
    around: list[str] = []
    for head, cell in zip(heads, row, strict=True):
        if cell == "":
            continue
        *wanted, name = head.split("/")
        same = next((n for n, (a, b) in enumerate(zip(around, wanted, strict=False)) if a != b), min(len(around), len(wanted)))
        yield "".join(f"</{part}>" for part in reversed(around[same:])) + "".join(f"<{part}>" for part in wanted[same:])
        yield f"<{name}>{escape(str(cell))}</{name}>"
        around = wanted
    yield "".join(f"</{part}>" for part in reversed(around))


class _Sink(io.RawIOBase):
    """Where the archive is written to, and taken from as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        """It is; it cannot go back."""
        return True

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]  # as the archive calls it
        """Keep bytes until they are taken."""
        self._waiting += data
        return len(data)

    @property
    def waiting(self) -> int:
        """Bytes to take."""
        return len(self._waiting)

    def take(self) -> bytes:
        """What was written since the last time."""
        found = bytes(self._waiting)
        self._waiting.clear()
        return found


def _xlsx(layout: Layout, rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    form, sink = layout.profiel.bestand, _Sink()
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{form.blad}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_PARTS, "xl/workbook.xml": book}.items():
            archive.writestr(_named(name), _HEAD + text, zipfile.ZIP_DEFLATED)
        with archive.open(_named("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            if form.kopregel:
                sheet.write(_sheet_row(list(layout.heads)).encode())
            for row in rows:
                sheet.write(_sheet_row(row).encode())
                if sink.waiting > _SOME:
                    yield sink.take()
            sheet.write(b"</sheetData></worksheet>")
    yield sink.take()


def _named(name: str) -> zipfile.ZipInfo:
    """Without the moment of writing, which is nobody's business."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _sheet_row(row: list[Cell]) -> str:
    return f"<row>{''.join(map(_sheet_cell, row))}</row>"


def _sheet_cell(cell: Cell) -> str:
    if isinstance(cell, Euros):
        return f'<c s="1"><v>{cell.cents // 100}.{cell.cents % 100:02}</v></c>'
    if isinstance(cell, date):
        return f'<c s="2"><v>{(cell - _EPOCH).days}</v></c>'
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(writing.harmless(cell))}</t></is></c>' if cell else "<c/>"
