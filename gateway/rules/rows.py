"""The rows of the law: dated data in `regels/*.toml`, read and checked at start.

Authority: each row names its article; `docs/regels.md` tells how to add one. A `geldig_tot` is the last day that a row holds.
Checked here: form, dates, message placeholders, and that no two rows of one id and code hold on the same day for the same
sector and kind. What a row's `toets` does is in `checks` and `context`.
"""

import tomllib
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gateway.core.errors import Misconfigured
from schemas.ontvangst import Oordeel
from schemas.signaal import Soort
from schemas.types import Gemeentecode

REGELS = files("gateway.rules") / "regels"
NORMEN = files("gateway.rules") / "normen"
EXPERIMENT_YEARS = 5
ANY = "*"
"""Stands for every sector without a file of its own."""

_Filled = Annotated[str, Meta(min_length=2)]
_Zekerheid = Literal["V", "Vp", "V/I", "S", "I", "K"]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule over one period. `soorten` and `gemeenten` empty means all.

    `op_instructie`: a creditor may ask that this warning refuses. `voorrang`: a message with this finding goes first. `actief`
    false: the row is shown and never judges.
    """

    id: Annotated[str, Meta(pattern=r"^[A-Z]{2}-[0-9]{2}$")]
    code: Annotated[str, Meta(pattern=r"^[A-Z][A-Z_]+$")]
    artikel: _Filled
    geldig_van: date
    geldig_tot: date | None = None
    oordeel: Oordeel
    zekerheid: _Zekerheid
    toets: str
    parameters: dict[str, Any] = {}
    pointer: Annotated[str, Meta(pattern=r"^/")] | None = None
    melding: _Filled
    soorten: tuple[Soort, ...] = ()
    gemeenten: tuple[Gemeentecode, ...] = ()
    op_instructie: bool = False
    voorrang: bool = False
    actief: bool = True

    def holds(self, soort: str, day: date) -> bool:
        """Whether the row is in force for this kind on this day."""
        in_time = self.geldig_van <= day and (self.geldig_tot is None or day <= self.geldig_tot)
        return in_time and (not self.soorten or soort in self.soorten)


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: the sectors it is about and its rows."""

    sectoren: tuple[Annotated[str, Meta(pattern=r"^([*]|[a-z][a-z_]{2,39})$")], ...]
    regel: tuple[Row, ...]


def shipped(own: Path | None = None) -> list[Table]:
    """The rules and norms that come with the product, and the norms in `own` when there is such a folder. Raises Misconfigured."""
    return read(REGELS) + read(NORMEN) + (read(own) if own is not None and own.is_dir() else [])


def read(directory: Traversable | Path = REGELS) -> list[Table]:
    """Every table of a directory, in the order of the file names.

    Raises:
        Misconfigured: no file, not TOML, a missing or unknown field, impossible dates, a message that cannot be written.
    """
    names = sorted((f for f in directory.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    if not names:
        raise Misconfigured(f"Geen regelbestanden in {directory.name}.")
    return [_table(f.name, f.read_bytes()) for f in names]


def _table(name: str, content: bytes) -> Table:
    try:
        table = msgspec.convert(tomllib.loads(content.decode()), Table)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise Misconfigured(f"Regelbestand {name}: {error}") from None
    for row in table.regel:
        _check_row(name, row)
    return table


def _check_row(name: str, row: Row) -> None:
    if row.geldig_tot is not None and row.geldig_tot < row.geldig_van:
        raise Misconfigured(f"{name}: {row.id} {row.code} eindigt voor het begint.")
    if row.op_instructie and row.oordeel != "waarschuwing":
        raise Misconfigured(f"{name}: {row.id} {row.code} weigert al; op_instructie hoort bij een waarschuwing.")
    if row.toets == "experiment":
        _check_experiment(name, row)
    try:
        row.melding.format(waarde="", grens="")
    except (KeyError, IndexError, ValueError):
        raise Misconfigured(f"{name}: de melding van {row.id} {row.code} kent alleen {{waarde}} en {{grens}}.") from None


def _check_experiment(name: str, row: Row) -> None:
    """Wgs art. 10: at most five years, counted from the beginning of the experiment."""
    begun = row.parameters.get("begonnen")
    if not isinstance(begun, date) or row.geldig_tot is None or row.geldig_tot >= begun.replace(year=begun.year + EXPERIMENT_YEARS):
        raise Misconfigured(f"{name}: {row.id} {row.code}: een experiment eindigt binnen {EXPERIMENT_YEARS} jaar na begonnen.")


def by_sector(tables: list[Table]) -> dict[str, list[Row]]:
    """The rows of each sector, those of several files together.

    Raises:
        Misconfigured: two rows of one id and code that hold on the same day.
    """
    rows: dict[str, list[Row]] = {}
    for table in tables:
        for sector in table.sectoren:
            rows.setdefault(sector, []).extend(table.regel)
    for sector, found in rows.items():
        for a, b in combinations(found, 2):
            if _overlap(a, b):
                raise Misconfigured(f"Sector {sector}: twee rijen {a.id} {a.code} gelden op {max(a.geldig_van, b.geldig_van)}.")
    return rows


def _overlap(a: Row, b: Row) -> bool:
    if (a.id, a.code) != (b.id, b.code) or (a.soorten and b.soorten and not set(a.soorten) & set(b.soorten)):
        return False
    if bool(a.gemeenten) != bool(b.gemeenten) or (a.gemeenten and not set(a.gemeenten) & set(b.gemeenten)):
        return False  # what a municipality agreed comes beside what the sector agreed
    return (b.geldig_tot is None or a.geldig_van <= b.geldig_tot) and (a.geldig_tot is None or b.geldig_van <= a.geldig_tot)
