"""XLSX under a mapping profile: the rows of one sheet as a stream.

Authority: ECMA-376 part 1, 18.3 (worksheets). Read here and not by a library: of the two that are kept, one aborts the process on a cell
in the last corner of a sheet, the other builds a whole row before it counts. Formulas are not calculated: what they last gave is read. A
number is a date when its format says so. Leaves the zip to `xlsxzip`, the meaning of cells to `xlsxbook`.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import BinaryIO

from adapters.formats import table
from adapters.formats.conversions import Cell
from adapters.formats.gate import Node
from adapters.formats.mapping import Mapping
from adapters.formats.table import COLUMNS, Row, Tabel
from adapters.formats.xlsxbook import Book, parts
from adapters.formats.xlsxzip import Package, refuse
from schemas.bestand import Onleesbaar

_ROW = ("worksheet", "sheetData", "row")
_column = lru_cache(maxsize=COLUMNS)(table.column)


class XlsxLezing(Tabel):
    """A sheet being read; `blad` is its name."""

    def __init__(self, mapping: Mapping, naam: str, stream: BinaryIO) -> None:
        """Reads up to the header. Raises Onleesbaar."""
        package, form = Package(stream), mapping.profiel.bestand
        book = Book(package, form.blad)
        self.blad = book.blad
        numbered = _numbered(parts(package, book.part, _ROW), book.blad)
        cel, header = _head(numbered, book, mapping)
        places = {place: slot for slot, place in enumerate(table.places(mapping, header, f"blad {book.blad}, rij {form.kopregel}"))}
        super().__init__(mapping, naam, _rows(numbered, book, places, len(mapping.sources)), lambda: "utf-8", cel)


def _numbered(rows: Iterator[Node], blad: str) -> Iterator[tuple[int, Node]]:
    nr = 0
    try:
        for row in rows:
            given = row.attributes.get("r", "")
            nr = int(given) if given.isdecimal() and len(given) < 8 else nr + 1
            yield nr, row
    except Onleesbaar as error:
        raise Onleesbaar(error.code, error.melding, f"blad {blad}, na rij {nr}") from None


def _head(rows: Iterator[tuple[int, Node]], book: Book, mapping: Mapping) -> tuple[Cell, Sequence[Cell]]:
    """The cell that the profile names, and the row with the names."""
    kopregel, expected = mapping.profiel.bestand.kopregel, table.expected_cell(mapping.profiel)
    cel: Cell = ""
    if not kopregel:
        return cel, ()
    for nr, row in rows:
        cells = _all(row, book)
        if expected and nr == expected[0] and expected[1] < len(cells):
            cel = cells[expected[1]]
        if nr >= kopregel:
            return cel, cells if nr == kopregel else ()
    return refuse("BESTAND_LEEG", "Het blad eindigt voor de kopregel.", f"blad {book.blad}")


def _all(row: Node, book: Book) -> list[Cell]:
    """Every cell of a row, at its place. Raises Onleesbaar: too many columns."""
    cells: list[Cell] = []
    for place, node in _placed(row):
        cell = book.cell(node)
        if place >= COLUMNS and cell != "":
            refuse("TE_VEEL_KOLOMMEN", f"Een rij heeft hoogstens {COLUMNS} kolommen.", f"blad {book.blad}")
        if place < COLUMNS:
            cells += [""] * (place + 1 - len(cells))
            cells[place] = cell
    return cells


def _placed(row: Node) -> Iterator[tuple[int, Node]]:
    place = -1
    for node in row.children:
        given = node.attributes.get("r")
        place = _column(given.rstrip("0123456789")) if given else place + 1
        yield place, node


def _rows(rows: Iterator[tuple[int, Node]], book: Book, places: dict[int, int], width: int) -> Iterator[Row]:
    """Only the wanted cells are looked at."""
    for nr, row in rows:
        cells: list[Cell] = [""] * width
        for place, node in _placed(row):
            if (slot := places.get(place)) is not None:
                cells[slot] = book.cell(node)
        yield Row(f"blad {book.blad}, rij {nr}", cells)
