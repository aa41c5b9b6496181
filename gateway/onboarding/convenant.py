"""The list of a convenant: which creditor has an agreement with which municipality for which sector, and when; taken over as a whole.

Authority: contract, `/beheer/v1` (agreements, bulk import); the purpose register, which says where an agreement is needed. A CSV file in
UTF-8 with the columns below, separated by `;` or `,`. Every fault is told with its line and column, and one fault keeps all of it out.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from gateway.onboarding import registration
from gateway.onboarding.registration import Office
from gateway.partners.register import Overeenkomst, Register
from gateway.partners.rows import sealer
from gateway.partners.source import load
from schemas.types import Gemeentecode, Oin, Sector

COLUMNS = ("schuldeiser", "gemeentecode", "sector", "geldig_van", "geldig_tot")
MOST = 20_000
_FORMS: Mapping[str, tuple[Any, str]] = {
    "schuldeiser": (Oin, "verwacht een OIN van 20 posities"),
    "gemeentecode": (Gemeentecode, "verwacht een CBS-gemeentecode van vier cijfers"),
    "sector": (Sector, "verwacht een sector in kleine letters"),
    "geldig_van": (date, "verwacht een datum als JJJJ-MM-DD"),
    "geldig_tot": (date | None, "verwacht een datum als JJJJ-MM-DD, of niets"),
}


class Fout(NamedTuple):
    """What is wrong, and where: the line of the file (from 1) and the column."""

    regel: int
    kolom: str
    melding: str


class Uitkomst(NamedTuple):
    """What a list means: rows that are new, that give one another end, that are there already; or its faults, and nothing else."""

    nieuw: int
    gewijzigd: int
    gelijk: int
    fouten: tuple[Fout, ...]


def take_over(office: Office, content: bytes, *, dry: bool) -> Uitkomst:
    """Read a list and save all of it, unless it has a fault or this is a dry run."""
    with office.database.transaction() as connection:
        register = load(connection, sealer(office.keys))
    found = list(_read(content, register))
    fouten = tuple(entry for entry in found if isinstance(entry, Fout))
    rows = [entry for entry in found if isinstance(entry, Overeenkomst)]
    if fouten:
        return Uitkomst(0, 0, 0, fouten)
    known = {_key(row): row for row in register.agreements()}
    fresh = [row for row in rows if _key(row) not in known]
    other = [row for row in rows if _key(row) in known and known[_key(row)] != row]
    if not dry and (fresh or other):
        registration.save(office, *fresh, *other)
    return Uitkomst(len(fresh), len(other), len(rows) - len(fresh) - len(other), ())


def _read(content: bytes, register: Register) -> Iterator[Overeenkomst | Fout]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield Fout(1, "", "het bestand is geen UTF-8")
        return
    lines = text.splitlines()
    reader = csv.reader(lines, delimiter=";" if ";" in (lines or [""])[0] else ",", strict=True)
    try:
        header = next(reader, [])
        if tuple(name.strip() for name in header) != COLUMNS:
            yield Fout(1, "", f"verwacht als eerste regel: {';'.join(COLUMNS)}")
            return
        seen: dict[tuple[str, str, str], list[Overeenkomst]] = {}
        for cells in reader:
            if reader.line_num > MOST:
                yield Fout(reader.line_num, "", f"een lijst heeft hoogstens {MOST} regels; splits haar")
                return
            yield from _judged(reader.line_num, cells, register, seen)
    except csv.Error:
        yield Fout(reader.line_num, "", "de aanhalingstekens kloppen niet")


def _judged(
    regel: int, cells: list[str], register: Register, seen: dict[tuple[str, str, str], list[Overeenkomst]]
) -> Iterator[Overeenkomst | Fout]:
    if len(cells) != len(COLUMNS):
        yield Fout(regel, "", f"verwacht {len(COLUMNS)} kolommen, dit zijn er {len(cells)}")
        return
    values, wrong = _converted(regel, cells)
    if wrong:
        yield from wrong
        return
    row = Overeenkomst(**values)
    fouten = list(_faults(regel, row, register, seen.setdefault((row.schuldeiser, row.gemeentecode, row.sector), [])))
    if fouten:
        yield from fouten
    else:
        yield row


def _converted(regel: int, cells: list[str]) -> tuple[dict[str, Any], list[Fout]]:
    values: dict[str, Any] = {}
    wrong: list[Fout] = []
    for name, cell in zip(COLUMNS, cells, strict=True):
        kind, expected = _FORMS[name]
        try:
            values[name] = msgspec.convert(cell.strip() or None, kind)
        except msgspec.ValidationError:
            wrong.append(Fout(regel, name, expected))
    return values, wrong


def _faults(regel: int, row: Overeenkomst, register: Register, earlier: list[Overeenkomst]) -> Iterator[Fout]:
    partner = register.partner(row.schuldeiser)
    if partner is None:
        yield Fout(regel, "schuldeiser", "deze deelnemer is niet ingeschreven")
    elif row.sector not in partner.sectoren:
        yield Fout(regel, "sector", "deze sector is niet van deze deelnemer")
    if row.gemeentecode not in register.gemeenten:
        yield Fout(regel, "gemeentecode", "het loket van deze gemeente is niet geopend")
    if row.geldig_tot is not None and row.geldig_tot < row.geldig_van:
        yield Fout(regel, "geldig_tot", "ligt voor geldig_van")
    if any(_meet(row, other) for other in earlier):
        yield Fout(regel, "geldig_van", "valt samen met een eerdere regel over dezelfde schuldeiser, gemeente en sector")
    earlier.append(row)


def _meet(a: Overeenkomst, b: Overeenkomst) -> bool:
    return (a.geldig_tot or date.max) >= b.geldig_van and (b.geldig_tot or date.max) >= a.geldig_van


def _key(row: Overeenkomst) -> tuple[str, str, str, date]:
    return row.schuldeiser, row.gemeentecode, row.sector, row.geldig_van
