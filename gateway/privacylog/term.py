"""The term of the log: content whose profile's term is over goes, its leaf stays, and a signed statement says exactly which numbers.

Profiles: what names no municipality is kept as audit record, what names one as its record of processing, for as long as that municipality
keeps its files. Authority: AVG art. 5 lid 1 onder e (storage limitation) against art. 5 lid 2 and BIO2 8.15.04 (a log lasts as long as its
risk); decision 0031. Statements stay, so that whoever verifies later still finds every missing body explained. Leaves the terms to
`gateway.retention.terms`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from gateway.privacylog.append import append
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.entry import Frame
from gateway.privacylog.sequencer import Transactions
from gateway.privacylog.settings import LogtermijnGewijzigd, LogVernietigd
from schemas.types import Gemeentecode

Connection = psycopg.Connection[Any]
AUDIT, FILES = "", "*"
"""Profiles: of no municipality; of every municipality without a term of its own. A third is a municipality's code."""
CHUNK = 50_000
"""Numbers under one statement."""
_OWN = "SELECT profiel, maanden FROM log_termijn WHERE maanden IS NOT NULL"
_STATE = """
SELECT t.tot, coalesce((SELECT max(size) FROM log_checkpoint), 0) FROM log_termijn t WHERE t.profiel = %s FOR UPDATE
"""
_FIRST = "SELECT nr FROM log_leaf WHERE nr >= %s AND nr < %s AND entry >= %s ORDER BY nr LIMIT 1"
_DUE = """
SELECT nr FROM (
  SELECT l.nr, convert_from(e.body, 'UTF8')::json ->> 'gemeente' AS gemeente FROM log_leaf l JOIN log_entry e ON e.id = l.entry
  WHERE l.nr >= %(low)s AND l.nr < %(high)s AND e.event <> 'log.vernietigd'
) AS found
WHERE CASE %(profile)s WHEN '' THEN gemeente IS NULL WHEN '*' THEN gemeente <> ALL (%(own)s::text[]) ELSE gemeente = %(profile)s END
ORDER BY nr
"""
_SET = """
INSERT INTO log_termijn (profiel, maanden) VALUES (%s, %s) ON CONFLICT (profiel) DO UPDATE SET maanden = excluded.maanden, tot = 0
"""


class Log(NamedTuple):
    """The database (role gw_log) and the key that signs for the log."""

    database: Transactions
    signer: CheckpointSigner


def own(connection: Connection) -> dict[Gemeentecode, int]:
    """Municipalities with a term of their own, in months."""
    return {str(code): int(months) for code, months in connection.execute(_OWN)}


def choose(log: Log, frame: Frame, gemeente: Gemeentecode, months: int) -> None:
    """The term that a municipality as controller wants for the records of its processing; counts from the next round on."""
    with log.database.transaction() as connection:
        connection.execute(_SET, (gemeente, months))
        append(connection, [LogtermijnGewijzigd(**frame.fields(), gemeente=gemeente, maanden=months)])


def destroy(log: Log, frame: Callable[[], Frame], bounds: Mapping[str, datetime]) -> int:
    """Destroy the content of entries from before the bound of their profile, as far as a checkpoint covers them; how many."""
    total = 0
    for profile, before in bounds.items():
        while (done := _chunk(log, frame(), profile, before)) is not None:
            total += done
    return total


def _chunk(log: Log, frame: Frame, profile: str, before: datetime) -> int | None:
    """Some numbers of one profile. None: the end is reached."""
    with log.database.transaction() as connection:
        low, covered = connection.execute(_STATE, (profile,)).fetchone() or (0, 0)
        first = connection.execute(_FIRST, (low, covered, _floor(before))).fetchone()
        high = min(first[0] if first else covered, low + CHUNK)
        if high <= low:
            return None
        values = {"low": low, "high": high, "profile": profile, "own": list(own(connection))}
        due = [int(nr) for (nr,) in connection.execute(_DUE, values)]
        if due:
            connection.execute("SELECT log_vernietig(%s)", (due,))
            said = log.signer.destroyed(due)
            append(connection, [LogVernietigd(**frame.fields(), van=due[0], tot=due[-1] + 1, aantal=len(due), verklaring=said)])
        connection.execute("UPDATE log_termijn SET tot = %s WHERE profiel = %s", (high, profile))
    return len(due)


def _floor(instant: datetime) -> UUID:
    """The lowest UUIDv7 of an instant."""
    return UUID(int=int(instant.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62)
