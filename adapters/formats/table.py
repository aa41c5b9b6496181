"""From rows to records: what CSV, XLSX and partner XML have in common once each of them gives its rows.

Authority: `schemas.bestand` (Lezing), `docs/profielen.md`, peildatum. Leaves bytes to `csvfile`, `xlsxfile` and `partnerxml`, and the row
itself to `mapping`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import NamedTuple

from adapters.formats import conversions
from adapters.formats.conversions import Cell, Onjuist
from adapters.formats.evidence import finding
from adapters.formats.mapping import Mapping
from schemas.bestand import Kop, Onleesbaar, Record
from schemas.ontvangst import Bevinding
from schemas.profiel import Profiel

COLUMNS = 1_000
"""Columns of a row at most."""
FIELD = 8_192
"""Characters of a cell at most."""
ROWS = 5_000_000
"""Rows of a file at most, empty ones included."""
_LOOK_AHEAD = 1_000


class Row(NamedTuple):
    """One row: where it is, its cells in the order of `Mapping.sources`, or why there are none."""

    plek: str
    cells: Sequence[Cell]
    fout: Bevinding | None = None


class Tabel:
    """A file of rows being read (`schemas.bestand.Lezing`)."""

    def __init__(self, mapping: Mapping, naam: str, rows: Iterator[Row], codering: Callable[[], str], cel: Cell = "") -> None:
        """`naam` is the name of the file, `cel` the cell that the profile names for the peildatum. Raises Onleesbaar."""
        self._mapping = mapping
        self._rows = rows
        self._codering = codering
        self._of_row = _day_of_row(mapping)
        self._day = self._found_day(naam, cel)

    @property
    def kop(self) -> Kop:
        """What the profile and the file say as a whole; `codering` may still change while the first records are ASCII only."""
        kop = self._mapping.profiel.kop
        return Kop(
            soort=kop.soort,
            namens=kop.namens,
            sector=kop.sector,
            handelsnaam=kop.handelsnaam,
            profiel=kop.profiel,
            peildatum=self._day if kop.soort == "stand" else None,
            reden_vervallen=kop.reden_vervallen,
            inhaalslag=kop.inhaalslag,
            codering=self._codering(),
        )

    def __iter__(self) -> Iterator[Record]:
        """Every record; rows that the profile skips have no number."""
        nr, translate, day = 0, self._mapping.translate, self._day
        closes, closed = self._mapping.closes, self._mapping.closes is None
        for read, (plek, cells, fout) in enumerate(self._rows):
            if read >= ROWS:
                raise Onleesbaar("TE_VEEL_REGELS", f"Een bestand heeft hoogstens {ROWS:,} rijen; splits het.".replace(",", "."), plek)
            if fout is not None:
                yield Record(nr, plek, "signaal", {}, (fout,))
                nr += 1
            elif (made := translate(cells, day)) is not None:
                other = self._other_day(cells) if self._of_row else ()
                yield Record(nr, plek, made.soort, made.value, (*made.bevindingen, *other))
                nr += 1
            elif closes is not None and closes(cells):
                closed = True
        if not closed:
            raise Onleesbaar("BESTAND_AFGEBROKEN", "De slotregel van het profiel ontbreekt; het bestand is niet heel.", "het einde")

    def _found_day(self, naam: str, cel: Cell) -> date | None:
        source, form = self._mapping.profiel.kop.peildatum, self._mapping.profiel.bestand.datum
        if source is None:
            return None
        try:
            if source.bestandsnaam is not None:
                return _in_name(source.bestandsnaam, naam)
            text = self._first_day() if self._of_row else conversions.datum(source.patroon or form)(cel)
        except Onjuist as wrong:
            where = (source.bestandsnaam and "de bestandsnaam") or source.cel or f"kolom {source.uit!r}"
            raise Onleesbaar("PEILDATUM_ONTBREEKT", f"De peildatum is {wrong.melding}.", where) from None
        return date.fromisoformat(str(text))

    def _first_day(self) -> str:
        """The day of the first record; what was read to find it is read again."""
        seen: list[Row] = []
        for row in islice(self._rows, _LOOK_AHEAD):
            found = row.fout is None and self._mapping.translate(row.cells, date.min) is not None
            if found or row.fout is not None or (self._mapping.closes and self._mapping.closes(row.cells)):
                seen.append(row)  # what the profile skips is not kept: a row may be large
            if found and self._of_row:
                self._rows = chain(seen, self._rows)
                return self._of_row(row.cells)
        raise Onjuist("PEILDATUM_ONTBREEKT", "in geen enkel record te vinden")

    def _other_day(self, cells: Sequence[Cell]) -> tuple[Bevinding, ...]:
        """A finding when this row is of another day than the first."""
        try:
            same = self._of_row is None or self._day is None or self._of_row(cells) == self._day.isoformat()
        except Onjuist:
            same = False
        return () if same else (finding("PEILDATUM_ONJUIST", "Dit record heeft een andere peildatum dan het eerste.", ""),)


def _day_of_row(mapping: Mapping) -> Callable[[Sequence[Cell]], str] | None:
    source = mapping.profiel.kop.peildatum
    if source is None or source.uit is None:
        return None
    place, convert = mapping.sources.index(source.uit), conversions.datum(source.patroon or mapping.profiel.bestand.datum)
    return lambda cells: str(convert(cells[place]))


def _in_name(pattern: str, naam: str) -> date:
    before, _, rest = pattern.partition("{")
    form, _, after = rest.partition("}")
    found = re.fullmatch(_glob(before) + conversions.date_form(form) + _glob(after), naam, re.DOTALL)
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"])) if found else _none(pattern)
    except ValueError:
        return _none(pattern)


def _none(pattern: str) -> date:
    raise Onjuist("PEILDATUM_ONTBREEKT", f"niet te vinden; verwacht een naam als {pattern}")


def _glob(part: str) -> str:
    return re.escape(part).replace(r"\*", ".*")


def column(letters: str) -> int:
    """The place (from 0) of a column by its letters: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def places(mapping: Mapping, header: Sequence[Cell], where: str) -> list[int]:
    """Where in a row each source stands. Raises Onleesbaar: a column is missing, or its name is there twice."""
    if mapping.profiel.bestand.kolommen == "letters":
        return [column(source) for source in mapping.sources]
    names = [named(cell) for cell in header]
    found = [[place for place, name in enumerate(names) if name == named(source)] for source in mapping.sources]
    if not any(found):
        why = "In deze rij staat geen enkele kolom van het profiel; klopt het nummer van de kopregel, en het scheidingsteken?"
        raise Onleesbaar("KOLOM_ONTBREEKT", why, where)
    for code, fault, many in (("KOLOM_ONTBREEKT", "ontbreekt", range(1)), ("KOLOM_DUBBEL", "staat er twee keer", range(2, COLUMNS + 1))):
        wrong = [source for source, at in zip(mapping.sources, found, strict=True) if len(at) in many]
        if wrong:
            raise Onleesbaar(code, f"In de kopregel {fault}: {', '.join(map(repr, wrong))}.", where)
    return [at[0] for at in found]


def named(cell: Cell) -> str:
    """A name of a column as it is compared: without regard to capitals or white space."""
    return " ".join(conversions.shown(cell).split()).casefold()


def expected_cell(profiel: Profiel) -> tuple[int, int] | None:
    """Row (from 1) and place of the cell that holds the peildatum."""
    cel = profiel.kop.peildatum.cel if profiel.kop.peildatum else None
    if cel is None:
        return None
    letters = cel.rstrip("0123456789")
    return int(cel[len(letters) :]), column(letters)
