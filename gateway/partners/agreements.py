"""General agreements of creditors, or of the sector body that binds them, with a municipality or with all: what they are, and which holds.

Authority: NVVK covenants (MR-01), collectief schuldregelen (SO-13: agreement beforehand only under a dated one). Both ends of a
period count; null is open-ended. Leaves loading to `source`.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from schemas.types import Gemeentecode, Oin


class Afspraak(msgspec.Struct, frozen=True):
    """A dated general agreement of `partij` (a creditor, or the sector body that binds `schuldeisers`) with a municipality, or with all.

    `soort`: `convenant` (suspend collection during a pause) or `akkoord_vooraf` (agree beforehand with settlements).
    """

    id: str
    soort: str
    partij: str
    schuldeisers: frozenset[Oin]
    gemeentecode: Gemeentecode | None
    getekend_op: date
    geldig_van: date
    geldig_tot: date | None = None


def counts(row: Afspraak, day: date) -> bool:
    """Whether an agreement counts on a day: signed, begun, and not over."""
    return max(row.getekend_op, row.geldig_van) <= day and (row.geldig_tot is None or day <= row.geldig_tot)


def newest(rows: Iterable[Afspraak], soort: str, oin: Oin, gemeentecode: Gemeentecode, day: date) -> Afspraak | None:
    """Of the agreements of this kind that bind a creditor towards a municipality on a day, the one that began last."""
    found = [
        row
        for row in rows
        if row.soort == soort and oin in row.schuldeisers and row.gemeentecode in {None, gemeentecode} and counts(row, day)
    ]
    return max(found, key=lambda row: (row.geldig_van, row.id), default=None)
