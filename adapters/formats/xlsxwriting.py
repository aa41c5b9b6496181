"""A workbook that we write: one sheet, every cell a text or a whole number, so that nothing in it can be a formula.

A text stands as an inline string, which a spreadsheet never calculates; no styles, no links, no names. Small by design: what is written
here fits in memory. Authority: ECMA-376 part 1: 18.3.1.53 (`is`), 18.18.11 (`inlineStr`); part 2 (packages); ASVS 1.2.10. Leaves reading to
`xlsxfile`.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PARTS: dict[str, str] = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
}


def workbook(rows: Iterable[Sequence[object]]) -> bytes:
    """The file; the same rows give the same bytes. None is an empty cell, a whole number stays a number, all else is text."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, content in {**_PARTS, "xl/worksheets/sheet1.xml": _sheet(rows)}.items():
            package.writestr(ZipInfo(name, _EPOCH), _HEAD + content, ZIP_DEFLATED)
    return out.getvalue()


def _sheet(rows: Iterable[Sequence[object]]) -> str:
    lines = "".join(f'<row r="{nr}">{"".join(_cells(row))}</row>' for nr, row in enumerate(rows, start=1))
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cells(row: Sequence[object]) -> Iterator[str]:
    for cell in row:
        if cell is None:
            yield "<c/>"
        elif isinstance(cell, int) and not isinstance(cell, bool):
            yield f"<c><v>{cell}</v></c>"
        else:
            text = escape(_NO_XML.sub("\ufffd", str(cell)))
            yield f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
