"""Small XLSX files from cells, and odd ones from raw XML. Made after ECMA-376; `zorgverzekeraar.xlsx` is the work of another writer."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from adapters.formats.gate import Node
from adapters.formats.xlsxbook import parts
from adapters.formats.xlsxzip import Package

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<styleSheet {MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="[$-413]dd\\-mm\\-yyyy"/>'
    '<numFmt numFmtId="165" formatCode="&quot;dag &quot;0"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)
Value = str | int | float | bool | date | None


def letters(place: int) -> str:
    """0 is A, 26 is AA."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell(place: int, row: int, value: Value, shared: dict[str, int]) -> str:
    """One `c` element."""
    at = f'<c r="{letters(place)}{row}"'
    if value is None:
        return at + ' s="1"/>'
    if isinstance(value, bool):
        return f'{at} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'{at} s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, str):
        return f'{at} t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'
    return f"{at}><v>{value!r}</v></c>"


def workbook(rows: Iterable[Sequence[Value]], **changes: str) -> bytes:
    """A workbook with one sheet."""
    shared: dict[str, int] = {}
    body = "".join(
        f'<row r="{nr}">{"".join(cell(place, nr, value, shared) for place, value in enumerate(row))}</row>'
        for nr, row in enumerate(rows, start=1)
    )
    texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    return raw(sheet(body), {"xl/sharedStrings.xml": f"<sst {MAIN}>{texts}</sst>"}, **changes)


def sheet(body: str) -> str:
    """The XML of a sheet from that of its rows."""
    return f"<worksheet {MAIN}><sheetData>{body}</sheetData></worksheet>"


def raw(sheet: str | bytes, more: Mapping[str, str | bytes] | None = None, name: str = "Blad1", properties: str = "") -> bytes:
    """A workbook from the XML of its sheet; `more` adds or replaces parts."""
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELS}">{properties}<sheets><sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": sheet,
        **(more or {}),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in content.items():
            package.writestr(part, data)
    return held.getvalue()


def rows_of(package: Package, part: str) -> Iterator[Node]:
    """The rows of a sheet."""
    return parts(package, part, ("worksheet", "sheetData", "row"))
