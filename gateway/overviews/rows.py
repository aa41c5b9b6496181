"""Rows of overviews as a municipality reaches them (role gw_inbox); each statement names the municipality, but for the look at terms.

An overview is held before one of its questions, everywhere. This role has no sight of what is sealed for a creditor.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from gateway.overviews.envelopes import Stored
from gateway.overviews.states import RUNNING
from schemas.schuldenoverzicht import Machtigingsoort, Overzichtgrond, Overzichtstaat, Saldostaat
from schemas.types import Oin
from schemas.uittreksel import Intrekreden

Link = psycopg.Connection[Any]
_COLUMNS = "id, kenmerk, zaaknummer, grond, uiterlijk, created, state, withdrawn, content"
_OF = "(%(of)s::text IS NULL OR party = %(of)s::text)"


class OverviewRow(msgspec.Struct, frozen=True):
    """An overview as stored."""

    id: UUID
    kenmerk: str
    zaaknummer: str
    grond: Overzichtgrond
    uiterlijk: date
    created: datetime
    state: Overzichtstaat
    withdrawn: datetime | None
    content: bytes


class QuestionRow(msgspec.Struct, frozen=True):
    """A question as its municipality sees it."""

    id: UUID
    overzicht: UUID
    schuldeiser: str
    state: Saldostaat
    asked: datetime
    reminded: datetime | None
    answered: datetime | None
    answer_key: str | None
    answer: bytes | None


class Mandate(NamedTuple):
    """The document that a question rests on: SHA-256, and the document as sealed."""

    soort: Machtigingsoort
    datum: date
    hash: bytes
    stored: Stored


class Question(NamedTuple):
    """A new question, sealed for its creditor."""

    id: UUID
    schuldeiser: str
    stored: Stored


class Moved(NamedTuple):
    """A question that the clock moved, and its overview."""

    gemeente: str
    overzicht: UUID
    grond: Overzichtgrond
    saldoverzoek: UUID


def hold_case(connection: Link, gemeente: str, zaaknummer: str) -> frozenset[Oin]:
    """Who was ever asked, or sent an arrangement, under a zaaknummer, in whatever case it is written.

    Nobody else asks or sends under it until the transaction ends.
    """
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s || ' ' || lower(%s), 0))", (gemeente, zaaknummer))
    query = """
    SELECT s.schuldeiser FROM schuldenoverzicht o JOIN saldoverzoek s ON s.gemeente = o.gemeente AND s.overzicht = o.id
    WHERE o.gemeente = %(gemeente)s AND lower(o.zaaknummer) = lower(%(zaaknummer)s)
    UNION
    SELECT b.schuldeiser FROM regeling r JOIN regelingbericht b ON b.gemeente = r.gemeente AND b.regeling = r.id
    WHERE r.gemeente = %(gemeente)s AND lower(r.zaaknummer) = lower(%(zaaknummer)s)
    """
    found = connection.execute(query, {"gemeente": gemeente, "zaaknummer": zaaknummer}).fetchall()
    return frozenset(oin for (oin,) in found)


def on_consent(connection: Link, gemeente: str, zaaknummer: str, of: Oin | None) -> list[UUID]:
    """What was asked in a case on the client's consent and was not withdrawn; of one party when it is given."""
    query = f"""
    SELECT id FROM schuldenoverzicht WHERE gemeente = %(gemeente)s AND lower(zaaknummer) = lower(%(zaaknummer)s) AND {_OF}
      AND machtiging_soort = 'toestemmingsverklaring' AND withdrawn IS NULL ORDER BY id
    """  # noqa: S608 - names of ours
    values = {"gemeente": gemeente, "zaaknummer": zaaknummer, "of": of}
    return [id for (id,) in connection.execute(query.encode(), values).fetchall()]


def taken_back(connection: Link, gemeente: str, document: bytes) -> bool:
    """Whether something that rested on a document (SHA-256) was withdrawn because the client took its consent back."""
    query = """
    SELECT EXISTS (SELECT FROM schuldenoverzicht WHERE gemeente = %(gemeente)s AND document_hash = %(document)s
        AND intrekreden = 'toestemming_ingetrokken')
      OR EXISTS (SELECT FROM regeling WHERE gemeente = %(gemeente)s AND document_hash = %(document)s
        AND intrekreden = 'toestemming_ingetrokken')
    """
    (found,) = connection.execute(query, {"gemeente": gemeente, "document": document}).fetchall()
    return bool(found[0])


def add(connection: Link, gemeente: str, party: str, row: OverviewRow, mandate: Mandate | None) -> bool:
    """Write a new overview down; False when its kenmerk is in use."""
    found = (mandate.soort, mandate.datum, mandate.hash, *mandate.stored) if mandate else (None,) * 5
    done = connection.execute(
        """
        INSERT INTO schuldenoverzicht (gemeente, party, id, kenmerk, zaaknummer, grond, uiterlijk, created, state, content,
          machtiging_soort, machtiging_datum, document_hash, document_key, document)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (gemeente, kenmerk) DO NOTHING
        """,
        (gemeente, party, row.id, row.kenmerk, row.zaaknummer, row.grond, row.uiterlijk, row.created, row.state, row.content, *found),
    )
    return done.rowcount == 1


def add_questions(connection: Link, gemeente: str, overzicht: UUID, at: datetime, questions: Sequence[Question]) -> None:
    """Write the questions of a new overview down."""
    columns = [[q.id for q in questions], [q.schuldeiser for q in questions]]
    connection.execute(
        """
        INSERT INTO saldoverzoek (gemeente, overzicht, asked, state, id, schuldeiser, question_key, question)
        SELECT %s, %s, %s, 'open', n.* FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::bytea[]) AS n
        """,
        (gemeente, overzicht, at, *columns, [q.stored.storage_key for q in questions], [q.stored.payload for q in questions]),
    )


def find(connection: Link, gemeente: str, id: UUID, *, of: Oin | None = None, hold: bool = False) -> OverviewRow | None:
    """One overview of this municipality, and of a party when one is given; with `hold` nobody else moves it until the transaction ends."""
    where = f"id = %(id)s AND {_OF} {'FOR UPDATE' if hold else ''}"
    return next(iter(_overviews(connection, where, {"gemeente": gemeente, "id": id, "of": of})), None)


def numbered(connection: Link, gemeente: str, kenmerk: str) -> OverviewRow | None:
    """The overview with this kenmerk."""
    return next(iter(_overviews(connection, "kenmerk = %(kenmerk)s", {"gemeente": gemeente, "kenmerk": kenmerk})), None)


def page(
    connection: Link, gemeente: str, before: UUID | None, limit: int, staat: Overzichtstaat | None, of: Oin | None = None
) -> list[OverviewRow]:
    """Overviews older than `before`, newest first; of one party when it is given."""
    where = f"""
    {_OF} AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid) AND (%(staat)s::text IS NULL OR state = %(staat)s::text)
    ORDER BY id DESC LIMIT %(limit)s
    """
    return _overviews(connection, where, {"gemeente": gemeente, "before": before, "limit": limit, "staat": staat, "of": of})


def questions(connection: Link, gemeente: str, overviews: Sequence[UUID], *, answers: bool = False) -> list[QuestionRow]:
    """The questions of overviews, in order of their creditors; what was answered only when asked for."""
    sealed = "answer_key, answer" if answers else "NULL AS answer_key, NULL AS answer"
    with connection.cursor(row_factory=class_row(QuestionRow)) as cursor:
        cursor.execute(
            f"""
            SELECT id, overzicht, schuldeiser, state, asked, reminded, answered, {sealed} FROM saldoverzoek
            WHERE gemeente = %s AND overzicht = ANY (%s) ORDER BY schuldeiser
            """.encode(),  # noqa: S608 - names of ours
            (gemeente, list(overviews)),
        )
        return cursor.fetchall()


def withdraw(connection: Link, gemeente: str, overzicht: UUID, state: Overzichtstaat, at: datetime, why: Intrekreden) -> list[UUID]:
    """Withdraw a held overview, whatever its state, and everything sealed with it. Returns the questions: every creditor is told."""
    connection.execute(
        "UPDATE schuldenoverzicht SET state = %s, withdrawn = %s, intrekreden = %s, document = NULL WHERE gemeente = %s AND id = %s",
        (state, at, why, gemeente, overzicht),
    )
    rows = connection.execute(
        """
        UPDATE saldoverzoek SET withdrawn = %s, state = CASE WHEN state = 'open' THEN 'ingetrokken' ELSE state END
        WHERE gemeente = %s AND overzicht = %s RETURNING id
        """,
        (at, gemeente, overzicht),
    ).fetchall()
    return sorted(row[0] for row in rows)


def due(connection: Link, today: date, asked_before: datetime) -> list[str]:
    """The municipalities with overviews whose last day is past, or open questions that were asked before an instant (role gw_taken)."""
    rows = connection.execute(
        """
        SELECT gemeente FROM schuldenoverzicht WHERE state = ANY (%s) AND uiterlijk < %s
        UNION SELECT gemeente FROM saldoverzoek WHERE state = 'open' AND reminders < 2 AND asked < %s ORDER BY 1
        """,
        (sorted(RUNNING), today, asked_before),
    ).fetchall()
    return [row[0] for row in rows]


def expire(connection: Link, today: date, most: int) -> list[Moved]:
    """End its overviews whose last day is past, with all their open questions; what somebody holds waits for the next look."""
    rows = connection.execute(
        """
        WITH due AS (
          SELECT gemeente, id, grond FROM schuldenoverzicht WHERE state = ANY (%s) AND uiterlijk < %s
          ORDER BY uiterlijk, gemeente, id LIMIT %s FOR UPDATE SKIP LOCKED
        ), ended AS (
          UPDATE schuldenoverzicht o SET state = 'verlopen' FROM due d WHERE o.gemeente = d.gemeente AND o.id = d.id
        )
        UPDATE saldoverzoek s SET state = 'verlopen' FROM due d
        WHERE s.gemeente = d.gemeente AND s.overzicht = d.id AND s.state = 'open' RETURNING d.gemeente, d.id, d.grond, s.id
        """,
        (sorted(RUNNING), today, most),
    ).fetchall()
    return [Moved(*row) for row in rows]


def remind(connection: Link, before: datetime, number: int, at: datetime, most: int) -> list[Moved]:
    """Remind creditors of this municipality's open questions that were asked before an instant and got fewer than `number` reminders."""
    rows = connection.execute(
        """
        WITH due AS (
          SELECT gemeente, id FROM saldoverzoek WHERE state = 'open' AND reminders < 2 AND reminders < %s AND asked < %s
          ORDER BY asked LIMIT %s FOR UPDATE SKIP LOCKED
        )
        UPDATE saldoverzoek s SET reminders = %s, reminded = %s FROM due d, schuldenoverzicht o
        WHERE s.gemeente = d.gemeente AND s.id = d.id AND o.gemeente = s.gemeente AND o.id = s.overzicht
        RETURNING s.gemeente, s.overzicht, o.grond, s.id
        """,
        (number, before, most, number, at),
    ).fetchall()
    return [Moved(*row) for row in rows]


def _overviews(connection: Link, where: str, values: dict[str, Any]) -> list[OverviewRow]:
    with connection.cursor(row_factory=class_row(OverviewRow)) as cursor:
        query = f"SELECT {_COLUMNS} FROM schuldenoverzicht WHERE gemeente = %(gemeente)s AND {where}"  # noqa: S608 - names of ours
        return cursor.execute(query.encode(), values).fetchall()
