"""The parts of a workbook that give cells their meaning: its sheets, its shared texts, and which number formats are dates.

Authority: ECMA-376 part 1: 18.2 (workbook), 18.4 (shared strings), 18.8 (styles, built-in formats in 18.8.30), 18.17.4 (dates). Nothing is
calculated. Leaves rows to `xlsxfile` and XML itself to `untrusted`.
"""

import posixpath
import re
from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import BinaryIO, cast

from adapters.formats.conversions import Cell, Rekenfout
from adapters.formats.gate import Limits, Node
from adapters.formats.table import FIELD
from adapters.formats.untrusted import nodes
from adapters.formats.xlsxzip import MEMBER, MEMBERS, Package, refuse
from schemas.bestand import Onleesbaar

TEXTS = 16 * 2**20
"""Bytes of all shared texts together at most; a cell refers to one by its number, so they are kept in memory."""
COUNT = 2_000_000
NAME = 31
"""Characters of the name of a sheet, as spreadsheets have it; it stands in the place of every record."""
FORMATS = 10_000
"""Number formats of the workbook's own that are looked at; spreadsheets make at most 250."""
_LIMITS = Limits(size=MEMBER, record=512 * 1024, elements=20_000_000)
_SMALL = Limits(size=16 * 2**20, record=16 * 1024, elements=200_000)
"""Of a part that is kept: sheets, relations, styles."""
_BUILT_IN = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58})
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DAY = re.compile("[dy]", re.IGNORECASE)
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_REAL = re.compile(r"-?[0-9]{0,20}\.?[0-9]{1,25}([eE][+-]?[0-9]{1,2})?")
_TEXT = {"t", "r"}


def parts(package: Package, name: str, *paths: tuple[str, ...], limits: Limits = _LIMITS) -> Iterator[Node]:
    """The elements of a part at any of these paths. Raises Onleesbaar, with the part in its place."""
    lengths = {len(path) for path in paths}
    stream = cast(BinaryIO, package.open(name))
    try:
        yield from nodes(stream, lambda path: len(path) in lengths and tuple(path) in paths, limits)
    except Onleesbaar as error:
        raise Onleesbaar(error.code, error.melding, f"{name}, {error.plek}") from None


class Texts:
    """The shared texts, as bytes in one piece: a list of texts would take several times as much."""

    def __init__(self, package: Package) -> None:
        """Raises Onleesbaar."""
        self._bytes = bytearray()
        self._ends = array("I", [0])
        for node in parts(package, "xl/sharedStrings.xml", ("sst", "si")) if "xl/sharedStrings.xml" in package.names else ():
            self._bytes += text_of(node).encode()
            self._ends.append(len(self._bytes))
            if len(self._bytes) > TEXTS or len(self._ends) > COUNT:
                refuse("XLSX_TE_GROOT", "Het blad heeft te veel verschillende teksten; lever het als CSV of XML.", "xl/sharedStrings.xml")

    def at(self, number: str) -> str:
        """The text that a cell refers to. Raises ValueError: there is none."""
        place = int(number) if _WHOLE.fullmatch(number) else -1
        if not 0 <= place < len(self._ends) - 1:
            raise ValueError(number)
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode().strip()


def text_of(node: Node) -> str:
    """The text of a shared or inline text, with or without runs; how it is pronounced is left out."""
    own = node.text if node.name == "t" else ""
    return own + "".join(text_of(child) for child in node.children if child.name in _TEXT)


class Book:
    """A workbook: which part is the wanted sheet, and what its cells mean."""

    def __init__(self, package: Package, blad: str | None) -> None:
        """`blad` None is the first sheet. Raises Onleesbaar."""
        relations = parts(package, "xl/_rels/workbook.xml.rels", ("Relationships", "Relationship"), limits=_SMALL)
        targets = {node.attributes.get("Id"): node for node in islice(relations, MEMBERS)}
        sheets: dict[str, str | None] = {}
        self._epoch = date(1899, 12, 30)
        for node in parts(package, "xl/workbook.xml", ("workbook", "workbookPr"), ("workbook", "sheets", "sheet"), limits=_SMALL):
            if node.name == "workbookPr":
                self._epoch = date(1904, 1, 1) if node.attributes.get("date1904") in {"1", "true"} else self._epoch
            else:
                relation = next((value for name, value in node.attributes.items() if name.endswith(" id")), None)
                sheets[node.attributes.get("name", "")] = relation
        if not sheets or (blad is not None and blad not in sheets):
            refuse("BLAD_ONTBREEKT", f"Het werkboek heeft geen blad {blad or ''!r}.", "het werkboek")
        name = next(iter(sheets)) if blad is None else blad
        self.blad = name[:NAME]
        self.part = _part(targets.get(sheets[name]))
        self._texts = Texts(package)
        self._dates = frozenset(_date_styles(package)) if "xl/styles.xml" in package.names else frozenset[str]()

    def cell(self, node: Node) -> Cell:
        """What a `c` element holds; an empty text when it holds nothing."""
        cell = self._cell(node)
        return Rekenfout(f"een cel van meer dan {FIELD} tekens") if isinstance(cell, str) and len(cell) > FIELD else cell

    def _cell(self, node: Node) -> Cell:
        value = formula = None
        for child in node.children:
            if child.name == "v":
                value = child.text
            elif child.name == "f":
                formula = child
            elif child.name == "is":
                return text_of(child).strip()
        if value is None or value == "":
            return Rekenfout("een formule die niet is uitgerekend; open en bewaar het blad in Excel") if formula is not None else ""
        try:
            return self._value(node.attributes.get("t", "n"), value, node.attributes.get("s", "0"))
        except (ValueError, OverflowError):
            return Rekenfout("een cel die niet te lezen is")

    def _value(self, kind: str, value: str, style: str) -> Cell:
        if kind == "s":
            return self._texts.at(value)
        if kind == "n":
            return self._number(value, style)
        if kind == "b":
            return value == "1"
        if kind == "d":
            return date.fromisoformat(value[:10])
        return Rekenfout("een rekenfout van het blad") if kind == "e" else value.strip()

    def _number(self, value: str, style: str) -> Cell:
        if not _REAL.fullmatch(value):
            raise ValueError(value)
        number = int(value) if _WHOLE.fullmatch(value) else float(value)
        if style in self._dates and 1 <= number < 2_958_466:
            days = int(number)
            if days < 60 and self._epoch.year == 1899:  # Excel counts a 29 February 1900
                days += 1
            return self._epoch + timedelta(days)
        return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 2**53 else number


def _part(relation: Node | None) -> str:
    if relation is None or relation.attributes.get("TargetMode") == "External":
        refuse("XLSX_ONGELDIG", "Het blad zit niet in dit bestand.", "het werkboek")
    target = relation.attributes.get("Target", "")
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")


def _date_styles(package: Package) -> Iterator[str]:
    """The styles (as cells name them) whose number format shows a day or a year."""
    own: dict[str, bool] = {}
    for style, node in _styles(package):
        if style is None and len(own) < FORMATS:
            own[node.attributes.get("numFmtId", "")] = bool(_DAY.search(_LITERAL.sub("", node.attributes.get("formatCode", ""))))
        elif style is not None:
            number = node.attributes.get("numFmtId", "0")
            if own.get(number, number.isdecimal() and int(number) in _BUILT_IN):
                yield str(style)


def _styles(package: Package) -> Iterator[tuple[int | None, Node]]:
    """Number formats (without a number), then cell formats with theirs."""
    style = 0
    for node in parts(package, "xl/styles.xml", ("styleSheet", "numFmts", "numFmt"), ("styleSheet", "cellXfs", "xf"), limits=_SMALL):
        yield (None if node.name == "numFmt" else style), node
        style += node.name == "xf"
