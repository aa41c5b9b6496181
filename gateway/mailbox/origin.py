"""Where messages of an inbox came from: for feedback and cases, which answer the sender or count by sector.

The sender of a feedback is never named by a municipality; it is who sent the message (rule FB-02: an earlier signal of that person).
Every statement names the municipality.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from schemas.inbox import Berichtstaat


class Origin(msgspec.Struct, frozen=True):
    """A numbered message: whose it was, the sender's own kenmerk, its state. `meta` is canonical JSON without person data."""

    id: UUID
    principal: str
    kenmerk: str
    sector: str
    state: Berichtstaat
    withdrawn_at: datetime | None
    meta: bytes


def origins(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID]) -> dict[UUID, Origin]:
    """Those of `berichten` that stand in this inbox, held until the transaction ends, in one order, so that callers never deadlock."""
    with connection.cursor(row_factory=class_row(Origin)) as cursor:
        cursor.execute(
            """
            SELECT b.id, b.principal, b.kenmerk, b.sector, i.state, i.withdrawn_at, b.meta
            FROM inbox_item i CROSS JOIN LATERAL (
              SELECT * FROM bericht b WHERE b.gemeente = i.gemeente AND b.id = i.bericht OFFSET 0) b
            WHERE i.gemeente = %(gemeente)s AND i.bericht = ANY (%(ids)s)
            ORDER BY i.bericht FOR UPDATE OF i
            """,
            {"gemeente": gemeente, "ids": list(set(berichten))},
        )
        return {row.id: row for row in cursor.fetchall()}
