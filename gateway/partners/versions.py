"""The versions of a municipality's pseudonyms as they stand now, for flows that name what the municipality itself tells.

Authority: rule PR-05 (an overlap in which old and new are both made). Under the seal of the register: a row without it is refused, because
the wrong version would match nothing. The steps go one way, so a row that is gone or earlier than one that was seen before was not put
there by the gateway. Leaves changing them to `gateway.retention.pseudonyms`.
"""

from collections.abc import Iterable
from typing import Any

import psycopg

from gateway.core.errors import Misconfigured
from gateway.keys.names import FIRST, Versions
from gateway.partners.rows import read
from gateway.partners.sealkeys import Pseudoniemversie
from schemas.keyed import Keyed


class Seen:
    """The newest versions that this process saw, by municipality."""

    def __init__(self) -> None:
        self._newest: dict[str, Pseudoniemversie] = {}

    def newest(self, rows: Iterable[Pseudoniemversie]) -> tuple[list[Pseudoniemversie], bool]:
        """The newest of these and of all before; and whether the rows themselves are the newest."""
        found = {row.gemeentecode: row for row in rows}
        for gemeente, row in found.items():
            if gemeente not in self._newest or _step(row) >= _step(self._newest[gemeente]):
                self._newest[gemeente] = row
        return list(self._newest.values()), found == self._newest


def _step(row: Pseudoniemversie) -> tuple[int, bool]:
    return row.leidend, row.volgend is not None


def of(connection: psycopg.Connection[Any], gemeente: str, keyed: Keyed) -> Versions:
    """The versions of one municipality; `keyed` is `rows.sealer`'s. Raises Misconfigured: the row lacks its seal."""
    found = stored(connection, gemeente, keyed)
    return FIRST if found is None else Versions(found.leidend, found.volgend)


def stored(connection: psycopg.Connection[Any], gemeente: str, keyed: Keyed, tail: str = "") -> Pseudoniemversie | None:
    """The row itself; None when nothing was ever changed. Raises as `of`. `tail`: SQL of ours, such as a lock."""
    where = f"WHERE gemeentecode = %(gemeente)s {tail}"
    for row, holds in read(connection, Pseudoniemversie, keyed, where, {"gemeente": gemeente}):
        if not holds:
            raise Misconfigured(f"De pseudoniemversie van gemeente {gemeente} heeft haar zegel niet.")
        return row
    return None
