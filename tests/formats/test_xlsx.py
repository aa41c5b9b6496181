"""XLSX as spreadsheets write it: kinds of cells, dates by their format, the sheet that is meant; and what is no workbook."""

import io
import struct
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats import profile, table, xlsxzip
from adapters.formats.conversions import Cell, Rekenfout
from adapters.formats.mapping import Mapping
from adapters.formats.table import column
from adapters.formats.xlsxbook import Book
from adapters.formats.xlsxfile import XlsxLezing
from schemas.bestand import Onleesbaar
from tests.formats import workbooks
from tests.formats.test_csv import places_told
from tests.formats.test_profile import STAND, XLSX
from tests.formats.workbooks import MAIN, Value, letters, raw, sheet, workbook

FIELDS = (("/klantnummer", "Nr", "tekst"), ("/adres/woonplaats", "Plaats", "tekst"), ("/signaaldatum", "Dag", "datum"))
HEAD = ["Nr", "Plaats", "Dag"]


def lezing(content: bytes, form: str = "", head: str = "") -> XlsxLezing:
    fields = "".join(f'[[velden]]\nnaar = "{naar}"\nuit = "{uit}"\nomzetting = "{how}"\n' for naar, uit, how in FIELDS)
    return XlsxLezing(Mapping(profile.load(f"{XLSX}[bestand]\n{form}\n{head}\n{fields}".encode())), "t.xlsx", io.BytesIO(content))


def values(content: bytes, form: str = "") -> list[dict[str, Any]]:
    return [{k: v for k, v in r.value.items() if k != "soort"} for r in lezing(content, form) if not r.bevindingen]


def refused(content: bytes, form: str = "") -> tuple[str, str]:
    with pytest.raises(Onleesbaar) as caught:
        list(lezing(content, form))
    return caught.value.code, caught.value.plek


def one(xml: str, properties: str = "") -> Cell:
    """What a cell of the first row holds."""
    content = raw(sheet(f'<row r="1">{xml}</row>'), {"xl/sharedStrings.xml": SHARED}, properties=properties)
    return cells(content)[0]


def cells(content: bytes) -> list[Cell]:
    package = xlsxzip.Package(io.BytesIO(content))
    book = Book(package, None)
    return [book.cell(node) for row in workbooks.rows_of(package, book.part) for node in row.children]


SHARED = f"<sst {MAIN}><si><t> een </t></si><si><r><t>tw</t></r><r><rPr/><t>ee</t></r><rPh><t>zwei</t></rPh></si></sst>"
CELLS = [
    ('<c r="A1" t="s"><v>0</v></c>', "een"),
    ('<c r="A1" t="s"><v>1</v></c>', "twee"),
    ('<c r="A1" t="s"><v>2</v></c>', Rekenfout),
    ('<c r="A1" t="s"><v>-1</v></c>', Rekenfout),
    ('<c r="A1" t="s"><v>x</v></c>', Rekenfout),
    ('<c r="A1" t="inlineStr"><is><t>drie</t></is></c>', "drie"),
    ('<c r="A1" t="str"><f>A2&amp;B2</f><v>vier </v></c>', "vier"),
    ('<c r="A1" t="b"><v>1</v></c>', True),
    ('<c r="A1" t="e"><v>#N/A</v></c>', Rekenfout),
    ('<c r="A1" t="d"><v>2026-09-01T00:00:00</v></c>', date(2026, 9, 1)),
    ('<c r="A1"><v>12</v></c>', 12),
    ('<c r="A1"><v>12.0</v></c>', 12),
    ('<c r="A1"><v>1.2E+1</v></c>', 12),
    ('<c r="A1"><v>12.5</v></c>', 12.5),
    ('<c r="A1"><v>twaalf</v></c>', Rekenfout),
    ('<c r="A1"><f>B1*2</f></c>', Rekenfout),
    ('<c r="A1"><f>B1*2</f><v>24</v></c>', 24),
    ('<c r="A1"><f>[1]Blad1!A1</f><v>7</v></c>', 7),
    ('<c r="A1" s="1"/>', ""),
    ('<c r="A1" s="1"><v>46266</v></c>', date(2026, 9, 1)),
    ('<c r="A1" s="2"><v>46266.75</v></c>', date(2026, 9, 1)),
    ('<c r="A1" s="3"><v>46266</v></c>', 46266),
    ('<c r="A1" s="0"><v>46266</v></c>', 46266),
    ('<c r="A1" s="1"><v>59</v></c>', date(1900, 2, 28)),
    ('<c r="A1" s="1"><v>61</v></c>', date(1900, 3, 1)),
    ('<c r="A1" s="1"><v>1e300</v></c>', Rekenfout),
    ('<c r="A1" s="1"><v>-3</v></c>', -3),
    ('<c r="A1"><v>nan</v></c>', Rekenfout),
    ('<c r="A1"><v>inf</v></c>', Rekenfout),
    ('<c r="A1"><v>1_2</v></c>', Rekenfout),
    ('<c r="A1"><v>1e999</v></c>', Rekenfout),
    ('<c r="A1" t="s"><v>0_1</v></c>', Rekenfout),
]


@pytest.mark.parametrize(("xml", "expected"), CELLS)
def test_cell_is_what_the_sheet_shows(xml: str, expected: Any) -> None:
    found = one(xml)
    if expected is Rekenfout:
        assert isinstance(found, Rekenfout)
    else:
        assert (found, type(found)) == (expected, type(expected))


def test_workbook_of_1904_counts_from_there() -> None:
    assert one('<c r="A1" s="1"><v>44804</v></c>', '<workbookPr date1904="1"/>') == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("form", "is_date"),
    [
        ("dd/mm/yyyy", True), ("d mmm yy", True), ("[$-413]d mmmm yyyy;@", True), ("yyyy\\-mm\\-dd", True), ("[h]:mm:ss", False),
        ("0.00", False), ('"dag "0', False), ('0" jaar"', False), ("#,##0.00 [$€-413]", False), ("[Red]0", False), ("General", False),
        ("\\d0", False),
    ],
)  # fmt: skip
def test_number_is_a_date_when_its_format_shows_a_day(form: str, is_date: bool) -> None:
    styles = workbooks.STYLES.replace('formatCode="[$-413]dd\\-mm\\-yyyy"', f'formatCode="{form.replace(chr(34), "&quot;")}"')
    content = raw(sheet('<row r="1"><c r="A1" s="1"><v>46266</v></c></row>'), {"xl/styles.xml": styles})
    assert isinstance(cells(content)[0], date) is is_date


def test_rows_give_records_with_their_number() -> None:
    days = date(2026, 9, 1), date(2026, 9, 2)
    rows: list[list[Value]] = [["titel"], [*HEAD], [1, "Haarlem", days[0]], [None, None, None], ["2", " Utrecht ", days[1]]]
    found = list(lezing(workbook(rows), "kopregel = 2"))
    assert [r.plek for r in found] == ["blad Blad1, rij 3", "blad Blad1, rij 5"]
    assert [r.value["adres"]["woonplaats"] for r in found] == ["Haarlem", "Utrecht"]


def test_cells_without_addresses_and_rows_without_numbers_are_counted() -> None:
    inline = ['<c t="inlineStr"><is><t>' + text + "</t></is></c>" for text in (*HEAD, "1", "H")]
    body = f"<row>{''.join(inline[:3])}</row><row>{''.join(inline[3:])}</row>"
    assert values(raw(sheet(body))) == [{"klantnummer": "1", "adres": {"woonplaats": "H"}}]


def test_sheet_is_found_by_name() -> None:
    content = workbook([HEAD, [1, "H", None]], name="Open posten")
    assert lezing(content, 'blad = "Open posten"').blad == "Open posten"
    assert lezing(content).blad == "Open posten"
    assert refused(content, 'blad = "Ander"') == ("BLAD_ONTBREEKT", "het werkboek")


def test_day_of_a_stand_may_stand_above() -> None:
    rows: list[list[Value]] = [["Peildatum", date(2026, 11, 1)], [*HEAD], [1, "H", None]]
    found = lezing(workbook(rows), "kopregel = 2", STAND + '[kop.peildatum]\ncel = "B1"')
    assert (found.kop.peildatum, len(list(found))) == (date(2026, 11, 1), 1)


def test_column_that_is_missing_is_told() -> None:
    assert refused(workbook([["Nr", "Plaats"], [1, "H"]])) == ("KOLOM_ONTBREEKT", "blad Blad1, rij 1")
    assert refused(workbook([HEAD]), "kopregel = 2") == ("BESTAND_LEEG", "blad Blad1")
    assert refused(workbook([["", *(f"k{n}" for n in range(table.COLUMNS)), *HEAD]])) == ("TE_VEEL_KOLOMMEN", "blad Blad1")


GOOD = workbook([HEAD, [1, "H", None]])
NO_BOOK = {
    "nothing": (b"", "BESTAND_LEEG"),
    "text": (b"Nr;Plaats;Dag\n", "XLSX_ONGELDIG"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "XLSX_ONGELDIG"),
    "half": (GOOD[: len(GOOD) // 2], "XLSX_ONGELDIG"),
    "another zip": (raw("", {}).replace(b"xl/", b"xx/"), "XLSX_ONGELDIG"),
    "sheet elsewhere": (raw("", {"xl/_rels/workbook.xml.rels": "<Relationships><Relationship Id='rId1' TargetMode='External' Target='http://x/'/>"
                                 "</Relationships>"}), "XLSX_ONGELDIG"),
    "sheet outside": (raw("", {"xl/_rels/workbook.xml.rels": "<Relationships><Relationship Id='rId1' Target='../../../etc/passwd'/>"
                               "</Relationships>"}), "XLSX_ONGELDIG"),
    "no relations": (raw("", {"xl/_rels/workbook.xml.rels": "<Relationships/>"}), "XLSX_ONGELDIG"),
    "no sheets": (raw("", {"xl/workbook.xml": f"<workbook {MAIN}/>"}), "BLAD_ONTBREEKT"),
    "doctype": (raw('<!DOCTYPE x [<!ENTITY a "b">]>' + sheet("&a;")), "XML_DOCTYPE"),
    "doctype in the texts": (raw(sheet(""), {"xl/sharedStrings.xml": '<!DOCTYPE x SYSTEM "http://x/"><sst/>'}), "XML_DOCTYPE"),
    "half a sheet": (raw(sheet("")[:-9]), "XML_ONGELDIG"),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_BOOK)
def test_what_is_no_workbook_is_refused(case: str) -> None:
    content, code = NO_BOOK[case]
    assert refused(content)[0] == code


def test_damaged_part_is_refused() -> None:
    at = GOOD.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    spoiled = GOOD[: at + 20] + bytes(b ^ 0xFF for b in GOOD[at + 20 : at + 40]) + GOOD[at + 40 :]
    assert refused(spoiled)[0] in {"XLSX_ONGELDIG", "XML_ONGELDIG"}


def test_encrypted_part_and_odd_packing_are_refused() -> None:
    for offset, value in ((8, 1), (10, zipfile.ZIP_LZMA)):  # flags and method, in the table of contents
        changed, at = bytearray(GOOD), 0
        while (at := GOOD.find(b"PK\x01\x02", at)) >= 0:
            struct.pack_into("<H", changed, at + offset, value)
            at += 1
        assert refused(bytes(changed))[0] == "XLSX_ONGELDIG"


def test_positive_control_the_same_workbook_unspoiled_is_read() -> None:
    assert values(GOOD) == [{"klantnummer": "1", "adres": {"woonplaats": "H"}}]


def test_what_a_workbook_says_takes_no_more_room_than_spreadsheets_give_it() -> None:
    """The name of a sheet is in the place of every record, and every cell may refer to one long text."""
    book = {"xl/sharedStrings.xml": f"<sst {MAIN}><si><t>{'x' * 9_000}</t></si></sst>"}
    content = raw(sheet('<row r="1"><c t="s"><v>0</v></c></row>'), book, name="n" * 10_000)
    found = Book(xlsxzip.Package(io.BytesIO(content)), None)
    assert found.blad == "n" * 31
    assert isinstance(cells(content)[0], Rekenfout)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8)
DAYS, NUMBERS = st.dates(date(1901, 1, 1), date(2200, 1, 1)), st.integers(-(10**12), 10**12)


@given(st.lists(st.one_of(st.none(), NUMBERS, st.booleans(), DAYS, TEXT), max_size=6))
def test_cells_come_back(row: list[Any]) -> None:
    assert cells(workbook([row])) == ["" if cell is None else cell.strip() if isinstance(cell, str) else cell for cell in row]


@given(st.integers(0, 16_383))
def test_column_letters_count(place: int) -> None:
    assert column(letters(place)) == place


@given(st.binary(max_size=200), st.integers(0, len(GOOD)), st.integers(0, 50))
def test_no_bytes_break_the_reader(noise: bytes, at: int, over: int) -> None:
    """Records, or Onleesbaar, and never another error."""
    assert all(places_told(lambda: lezing(GOOD[:at] + noise + GOOD[at + over :])))
