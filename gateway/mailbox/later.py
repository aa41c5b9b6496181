"""What came later: messages that another one replaced, and how many of a catch-up were claimed. No person data.

An update replaces what it updates as long as it is not withdrawn, rejected or expired itself; counts go by the newest only. Authority:
feature F04 (actualise through to inbox, baskets and statistics), F14 (catch-up). Every statement names the municipality.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from gateway.mailbox.inbox import LATE

_REPLACED = """
SELECT DISTINCT ON (b.earlier) b.earlier, b.id
FROM bericht b CROSS JOIN LATERAL (
  SELECT * FROM inbox_item i WHERE i.gemeente = b.gemeente AND i.bericht = b.id OFFSET 0) i
WHERE b.gemeente = %(gemeente)s AND b.earlier = ANY (%(ids)s)
  AND i.withdrawn_at IS NULL AND i.state NOT IN ('ingetrokken', 'verlopen', 'afgewezen')
ORDER BY b.earlier, b.id DESC
"""
_CLAIMED = """
SELECT count(*) FROM bericht b CROSS JOIN LATERAL (
  SELECT * FROM inbox_item i WHERE i.gemeente = b.gemeente AND i.bericht = b.id OFFSET 0) i
WHERE b.gemeente = %(gemeente)s AND {late} AND i.geclaimd_op >= %(since)s
"""


def replaced(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID]) -> dict[UUID, UUID]:
    """Those of `berichten` that a later message replaced, each with the newest one that did."""
    rows = connection.execute(_REPLACED, {"gemeente": gemeente, "ids": list(berichten)}) if berichten else ()
    return {earlier: later for earlier, later in rows}


def late_claimed(connection: psycopg.Connection[Any], gemeente: str, since: datetime) -> int:
    """How many catch-up messages were first claimed since an instant; holds the count until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"inhaalslag/{gemeente}",))
    row = connection.execute(_CLAIMED.format(late=LATE).encode(), {"gemeente": gemeente, "since": since}).fetchone()
    return int(row[0]) if row else 0
