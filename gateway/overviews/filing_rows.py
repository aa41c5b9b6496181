"""Rows of what a party was told of a creditor's questions (role gw_ingest); through functions that name the asker."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from gateway.core.chain import Sender
from gateway.overviews.desk import Link
from schemas.schuldenoverzicht import Overzichtgrond, Saldostaat


class NewsRow(msgspec.Struct, frozen=True):
    """A question of which something is new; `stand` says what, in a word of ours."""

    gemeente: str
    id: UUID
    overzicht: UUID
    grond: Overzichtgrond
    uiterlijk: date
    state: Saldostaat
    asked: datetime
    reminded: datetime | None
    withdrawn: datetime | None
    question_key: str
    question: bytes | None
    stand: str


def news(connection: Link, reader: Sender, today: date, withdrawn_since: datetime, most: int) -> list[NewsRow]:
    """What is new to the party about its principal's questions, held until the transaction ends."""
    with connection.cursor(row_factory=class_row(NewsRow)) as cursor:
        cursor.execute("SELECT * FROM saldo_news(%s, %s, %s, %s, %s)", (reader.party, reader.principal, today, withdrawn_since, most))
        return cursor.fetchall()


def tell(connection: Link, reader: Sender, told: Sequence[tuple[UUID, str]], day: date) -> None:
    """Note what was told in the file of a day."""
    connection.execute(
        """
        INSERT INTO saldobestand_vraag (party, principal, dag, saldoverzoek, stand)
        SELECT %s, %s, %s, u.* FROM unnest(%b::uuid[], %b::text[]) AS u
        ON CONFLICT (party, saldoverzoek, dag) DO UPDATE SET principal = excluded.principal, stand = excluded.stand
        """,
        (reader.party, reader.principal, day, [id for id, _ in told], [stand for _, stand in told]),
    )


def begin(connection: Link, reader: Sender, day: date) -> bool:
    """The file of a day is begun; False when there is one already. Whoever comes second waits for the first."""
    done = connection.execute(
        """
        INSERT INTO saldobestand AS t (party, principal, dag) VALUES (%s, %s, %s)
        ON CONFLICT (party, principal) DO UPDATE SET dag = excluded.dag WHERE t.dag < excluded.dag
        """,
        (reader.party, reader.principal, day),
    )
    return done.rowcount == 1


def ended(connection: Link, reader: Sender) -> set[date]:
    """The days of files that tell of a question as open which has ended; each is told once."""
    return {row[0] for row in connection.execute("SELECT dag FROM saldo_ended(%s, %s)", (reader.party, reader.principal)).fetchall()}


def untell(connection: Link, reader: Sender, day: date) -> None:
    """The file of a day was taken back: what is open or withdrawn in it comes again, at once when it was the last."""
    values = (reader.party, reader.principal, day)
    again = "UPDATE saldobestand_vraag SET stand = 'voorbij' WHERE party = %s AND principal = %s AND dag = %s AND stand = 'ingetrokken'"
    connection.execute(again, values)
    connection.execute("DELETE FROM saldobestand_vraag WHERE party = %s AND principal = %s AND dag = %s AND stand LIKE 'open%%'", values)
    connection.execute("UPDATE saldobestand SET dag = dag - 1 WHERE party = %s AND principal = %s AND dag = %s", values)
