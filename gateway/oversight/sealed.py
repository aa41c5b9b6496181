"""Rows of oversight that decide what goes out, under a seal as the register's rows: whoever has the database alone makes none.

Authority: `docs/trust-model.md`. A seal covers one row: an earlier state of it that is put back has one too, so what may happen once is
asked of the log as well. Leaves the tables to who owns them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.core.errors import Misconfigured, NotFound
from gateway.oversight.desk import OversightDesk
from gateway.partners import rows
from gateway.partners.rows import sealer


def seal(table: str, values: Mapping[str, object], desk: OversightDesk) -> bytes:
    """The seal (32 bytes) of a row of these values."""
    return rows.stamp(table, values, sealer(desk.keys))


def opened(table: str, columns: Sequence[str], row: Sequence[Any] | None, desk: OversightDesk) -> dict[str, Any]:
    """The values of a stored row, whose seal comes last. Raises NotFound: there is none. Misconfigured: it has not its seal."""
    if row is None:
        raise NotFound
    values = dict(zip(columns, row, strict=False))
    if not rows.fits(row[len(columns)], table, values, sealer(desk.keys)):
        raise Misconfigured(f"Een rij van {table} heeft haar zegel niet; vraag opnieuw aan.")
    return values
