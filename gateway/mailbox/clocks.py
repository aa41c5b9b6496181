"""Milestones of messages, and messages that nobody fetches: what clocks read, and the one thing that they destroy.

Authority: contract, "retention" and "states" (bezorgd -> verlopen). Every statement names the municipality. Leaves which term runs
to `gateway.triage.clocks`, and when to look to `gateway.jobs`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from schemas.termijnen import Mijlpaalsoort

Milestones = dict[Mijlpaalsoort, date]
_LOCK = 0x5E1_4_0A0A


class Waiting(NamedTuple):
    """A message that nobody fetched yet; `received` in UTC."""

    gemeente: str
    bericht: UUID
    purpose_row: str
    received: datetime


def milestones(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID]) -> dict[UUID, Milestones]:
    """The milestones of messages; a message without any is absent."""
    rows = connection.execute(
        "SELECT bericht, soort, dag FROM mijlpaal WHERE gemeente = %s AND bericht = ANY (%s)", (gemeente, list(berichten))
    ).fetchall()
    found: dict[UUID, Milestones] = {}
    for bericht, soort, dag in rows:
        found.setdefault(bericht, {})[soort] = dag
    return found


def reach(connection: psycopg.Connection[Any], gemeente: str, bericht: UUID, days: Mapping[Mijlpaalsoort, date]) -> list[Mijlpaalsoort]:
    """Set milestones of one message; returns the kinds that are new or changed."""
    before = milestones(connection, gemeente, [bericht]).get(bericht, {})
    changed = [soort for soort, dag in days.items() if before.get(soort) != dag]
    for soort in changed:
        connection.execute(
            """
            INSERT INTO mijlpaal (gemeente, bericht, soort, dag) VALUES (%s, %s, %s, %s)
            ON CONFLICT (gemeente, bericht, soort) DO UPDATE SET dag = excluded.dag
            """,
            (gemeente, bericht, soort, days[soort]),
        )
    return changed


def take_back(connection: psycopg.Connection[Any], gemeente: str, bericht: UUID, soort: Mijlpaalsoort) -> bool:
    """Remove a milestone; False when it was not there."""
    statement = "DELETE FROM mijlpaal WHERE gemeente = %s AND bericht = %s AND soort = %s"
    return connection.execute(statement, (gemeente, bericht, soort)).rowcount == 1


def only_one(connection: psycopg.Connection[Any]) -> bool:
    """Whether this transaction is the one that looks after unfetched messages now."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (_LOCK,)).fetchone()
    return bool(row and row[0])


def waiting(connection: psycopg.Connection[Any], before: datetime) -> list[str]:
    """The municipalities with messages received before an instant that nobody holds (role gw_taken)."""
    rows = connection.execute(
        """
        SELECT DISTINCT i.gemeente FROM inbox_item i JOIN bericht b ON b.gemeente = i.gemeente AND b.id = i.bericht
        WHERE i.state IN ('bezorgd', 'geclaimd') AND (i.state = 'bezorgd' OR i.lease_until <= now()) AND b.received < %s ORDER BY 1
        """,
        (before,),
    ).fetchall()
    return [row[0] for row in rows]


def unfetched(connection: psycopg.Connection[Any], before: datetime, after: UUID | None, limit: int) -> list[Waiting]:
    """Messages of this transaction's municipality that came before an instant and nobody holds, oldest first, after the cursor's."""
    rows = connection.execute(
        """
        SELECT i.gemeente, i.bericht, b.purpose_row, b.received FROM inbox_item i
        JOIN bericht b ON b.gemeente = i.gemeente AND b.id = i.bericht
        WHERE i.state IN ('bezorgd', 'geclaimd') AND (i.state = 'bezorgd' OR i.lease_until <= now()) AND b.received < %s
          AND (%s::uuid IS NULL OR b.id > %s)
        ORDER BY b.id LIMIT %s
        """,
        (before, after, after, limit),
    ).fetchall()
    return [Waiting(*row) for row in rows]


def expire(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID]) -> list[UUID]:
    """Move messages to `verlopen` and destroy their content; returns those that moved."""
    return [row[0] for row in connection.execute("SELECT expire(%s, %s)", (gemeente, list(berichten))).fetchall()]


def report(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID], working_days: int) -> int:
    """Note that messages have waited so many working days, once per threshold; returns how many are new."""
    statement = """
        INSERT INTO onopgehaald (gemeente, bericht, werkdagen) SELECT %s, wanted, %s FROM unnest(%s::uuid[]) AS wanted
        ORDER BY wanted ON CONFLICT DO NOTHING
    """
    return connection.execute(statement, (gemeente, working_days, list(berichten))).rowcount
