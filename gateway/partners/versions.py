"""The versions of a municipality's pseudonyms as they stand now, for flows that name what the municipality itself tells.

Authority: rule PR-05 (an overlap in which old and new are both made). Under the seal of the register: a row without it is refused, because
the wrong version would match nothing. Leaves changing them to `gateway.retention.pseudonyms`.
"""

from typing import Any

import psycopg

from gateway.core.errors import Misconfigured
from gateway.keys.names import FIRST, Versions
from gateway.partners.rows import read
from gateway.partners.sealkeys import Pseudoniemversie
from schemas.keyed import Keyed


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
