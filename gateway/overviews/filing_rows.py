"""Rows of what a party was told of a creditor's questions and messages (role gw_ingest); through functions that name the asker."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from gateway.core.chain import Sender
from gateway.overviews.creditor_rows import OneRow
from gateway.overviews.desk import Link

Soort = Literal["saldoverzoeken", "regelingen"]
MOST = 5_000
"""Rows of what was collected, a transaction."""


class Folder(NamedTuple):
    """Where files of a kind go: to a party, about its principal."""

    party: str
    principal: str
    soort: Soort


class Told(NamedTuple):
    """What a file tells: how it stands, in a word of ours, and whether its content is in it."""

    id: UUID
    stand: str
    opened: bool


class CollectedRow(msgspec.Struct, frozen=True):
    """What a party read in a file, and when it had it whole."""

    vraag: UUID
    collected: datetime


class NewsRow(OneRow, frozen=True):
    """A question of which something is new; `stand` says what, in a word of ours."""

    stand: str


def news(connection: Link, reader: Sender, today: date, withdrawn_since: datetime, most: int) -> list[NewsRow]:
    """What is new to the party about its principal's questions, held until the transaction ends."""
    with connection.cursor(row_factory=class_row(NewsRow)) as cursor:
        cursor.execute("SELECT * FROM saldo_news(%s, %s, %s, %s, %s)", (reader.party, reader.principal, today, withdrawn_since, most))
        return cursor.fetchall()


def tell(connection: Link, place: Folder, told: Sequence[Told], day: date, bestand: UUID) -> None:
    """Note what was told in the file of a day; `bestand` is that file."""
    connection.execute(
        """
        INSERT INTO saldobestand_vraag (party, principal, soort, dag, vraag, stand, bestand)
        SELECT %s, %s, %s, %s, u.id, u.stand, CASE WHEN u.opened THEN %s::uuid END
        FROM unnest(%b::uuid[], %b::text[], %b::boolean[]) AS u (id, stand, opened)
        ON CONFLICT (party, vraag, dag) DO UPDATE SET principal = excluded.principal, stand = excluded.stand, bestand = excluded.bestand
        """,
        (*place, day, bestand, *map(list, zip(*told, strict=True))),
    )


def begin(connection: Link, place: Folder, day: date) -> bool:
    """The file of a day is begun; False when there is one already. Whoever comes second waits for the first."""
    done = connection.execute(
        """
        INSERT INTO saldobestand AS t (party, principal, soort, dag) VALUES (%s, %s, %s, %s)
        ON CONFLICT (party, principal, soort) DO UPDATE SET dag = excluded.dag WHERE t.dag < excluded.dag
        """,
        (*place, day),
    )
    return done.rowcount == 1


def ended(connection: Link, reader: Sender) -> set[tuple[Soort, date]]:
    """The kinds and days of files that tell something as open which has ended; each is told once."""
    return set(connection.execute("SELECT soort, dag FROM saldo_ended(%s, %s)", (reader.party, reader.principal)).fetchall())


def untell(connection: Link, place: Folder, day: date) -> None:
    """The file of a day was taken back: what is open, ended or withdrawn in it comes again, at once when it was the last."""
    values, where = (*place, day), "party = %s AND principal = %s AND soort = %s AND dag = %s"
    again = f"UPDATE saldobestand_vraag SET stand = 'voorbij' WHERE {where} AND stand NOT LIKE 'open%%'"  # noqa: S608 - names of ours
    connection.execute(again, values)
    connection.execute(f"DELETE FROM saldobestand_vraag WHERE {where} AND stand LIKE 'open%%'", values)  # noqa: S608 - names of ours
    connection.execute(f"UPDATE saldobestand SET dag = dag - 1 WHERE {where}", values)  # noqa: S608 - names of ours


def collectors(connection: Link, soort: Soort) -> list[Sender]:
    """Who read files of a kind to their end (role gw_taken)."""
    query = "SELECT DISTINCT party, principal FROM saldobestand_vraag WHERE collected IS NOT NULL AND soort = %s"
    return [Sender(*row) for row in connection.execute(query, (soort,)).fetchall()]


def collected(connection: Link, reader: Sender, soort: Soort) -> list[CollectedRow]:
    """What a reader was told in files of a kind that it read to their end; each once, unless the transaction fails."""
    with connection.cursor(row_factory=class_row(CollectedRow)) as cursor:
        cursor.execute(
            """
            WITH found AS (
              SELECT party, vraag, dag, collected FROM saldobestand_vraag
              WHERE collected IS NOT NULL AND soort = %s AND party = %s AND principal = %s
              ORDER BY collected LIMIT %s FOR UPDATE SKIP LOCKED
            )
            UPDATE saldobestand_vraag v SET collected = NULL, bestand = NULL FROM found f
            WHERE (v.party, v.vraag, v.dag) = (f.party, f.vraag, f.dag) RETURNING v.vraag, f.collected
            """,
            (soort, reader.party, reader.principal, MOST),
        )
        return cursor.fetchall()
