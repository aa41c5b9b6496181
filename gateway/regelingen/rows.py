"""Rows of arrangements as a municipality reaches them (role gw_inbox); each statement names the municipality, but for the look at terms.

An arrangement is held before one of its messages, everywhere. This role has no sight of what is sealed for a creditor.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from gateway.overviews.envelopes import Stored
from gateway.overviews.rows import Mandate
from gateway.privacylog import append
from gateway.privacylog.arrangements import OverRegelingbericht
from gateway.privacylog.entry import Entry
from schemas.regelingen import Feitsoort, Grondslag, Partijstaat, Regelingsoort, Regelingstaat, Voorstelsoort
from schemas.types import Oin
from schemas.uittreksel import Intrekreden

Link = psycopg.Connection[Any]
_COLUMNS = "id, soort, kenmerk, zaaknummer, begin, einde, werkdagen, voorstel, created, state, ended, withdrawn, content"
_OF = "(%(of)s::text IS NULL OR party = %(of)s::text)"


class WholeRow(msgspec.Struct, frozen=True):
    """An arrangement as stored."""

    id: UUID
    soort: Regelingsoort
    kenmerk: str
    zaaknummer: str
    begin: date
    einde: date
    werkdagen: int | None
    voorstel: Voorstelsoort | None
    created: datetime
    state: Regelingstaat
    ended: datetime | None
    withdrawn: datetime | None
    content: bytes


class PartyRow(msgspec.Struct, frozen=True):
    """A message as its municipality sees it."""

    id: UUID
    regeling: UUID
    schuldeiser: str
    state: Partijstaat
    grondslag: Grondslag | None
    afspraak: str | None
    delivered: datetime | None
    opened: datetime | None
    reminded: datetime | None
    answered: datetime | None
    answer_key: str | None
    answer: bytes | None


class Message(NamedTuple):
    """A new message, sealed for its creditor."""

    id: UUID
    schuldeiser: str
    state: Partijstaat
    grondslag: Grondslag | None
    afspraak: str | None
    stored: Stored


class Moved(NamedTuple):
    """A message that the clock reached, and its arrangement."""

    gemeente: str
    soort: Regelingsoort
    regeling: UUID
    bericht: UUID
    state: Partijstaat


class Fact(NamedTuple):
    """What happened to a message, by the entry that says so."""

    soort: Feitsoort
    entry: OverRegelingbericht


class FactRow(msgspec.Struct, frozen=True):
    """The same as stored."""

    soort: Feitsoort
    at: datetime
    entry: UUID


def record(connection: Link, facts: Sequence[Fact], others: Sequence[Entry] = ()) -> None:
    """Put entries on record, and note beside each message what happened to it."""
    append.append(connection, [*others, *(fact.entry for fact in facts)])
    entries = [fact.entry for fact in facts]
    columns = ([e.gemeente for e in entries], [e.regelingbericht for e in entries], [e.id for e in entries], [f.soort for f in facts])
    connection.execute(
        """
        INSERT INTO regelingfeit (gemeente, bericht, entry, soort, at)
        SELECT * FROM unnest(%b::text[], %b::uuid[], %b::uuid[], %b::text[], %b::timestamptz[])
        """,
        (*columns, [e.tijd for e in entries]),
    )


def add(connection: Link, gemeente: str, party: str, row: WholeRow, mandate: Mandate | None) -> bool:
    """Write a new arrangement down; False when its kenmerk is in use."""
    found = (mandate.soort, mandate.datum, mandate.hash, *mandate.stored) if mandate else (None,) * 5
    values = [getattr(row, name) for name in row.__struct_fields__]
    done = connection.execute(
        f"""
        INSERT INTO regeling ({_COLUMNS}, gemeente, party, machtiging_soort, machtiging_datum, document_hash, document_key, document)
        VALUES ({", ".join(["%s"] * (len(values) + 7))}) ON CONFLICT (gemeente, soort, kenmerk) DO NOTHING
        """.encode(),  # noqa: S608 - names of ours
        (*values, gemeente, party, *found),
    )
    return done.rowcount == 1


def add_messages(connection: Link, gemeente: str, row: WholeRow, messages: Sequence[Message]) -> None:
    """Write the messages of a new arrangement down."""
    columns: list[list[Any]] = [[m.id for m in messages], [m.schuldeiser for m in messages], [m.state for m in messages]]
    columns += [[m.grondslag for m in messages], [m.afspraak for m in messages], [m.stored.storage_key for m in messages]]
    connection.execute(
        """
        INSERT INTO regelingbericht (gemeente, regeling, soort, sent, id, schuldeiser, state, grondslag, afspraak, question_key, question)
        SELECT %s, %s, %s, %s, n.*
        FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bytea[]) AS n
        """,
        (gemeente, row.id, row.soort, row.created, *columns, [m.stored.payload for m in messages]),
    )


def find(
    connection: Link, gemeente: str, soort: Regelingsoort, id: UUID, *, of: Oin | None = None, hold: bool = False
) -> WholeRow | None:
    """One arrangement of this municipality and kind, and of a party when one is given; `hold`: nobody else moves it meanwhile."""
    where = f"id = %(id)s AND {_OF} {'FOR UPDATE' if hold else ''}"
    return next(iter(_wholes(connection, where, {"gemeente": gemeente, "soort": soort, "id": id, "of": of})), None)


def numbered(connection: Link, gemeente: str, soort: Regelingsoort, kenmerk: str) -> WholeRow | None:
    """The arrangement of this kind with this kenmerk."""
    return next(iter(_wholes(connection, "kenmerk = %(kenmerk)s", {"gemeente": gemeente, "soort": soort, "kenmerk": kenmerk})), None)


def page(
    connection: Link, gemeente: str, soort: Regelingsoort, before: UUID | None, limit: int, staat: Regelingstaat | None,
    of: Oin | None = None,
) -> list[WholeRow]:  # fmt: skip
    """Arrangements of one kind older than `before`, newest first; of one party when it is given."""
    where = f"""
    {_OF} AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid) AND (%(staat)s::text IS NULL OR state = %(staat)s::text)
    ORDER BY id DESC LIMIT %(limit)s
    """
    values = {"gemeente": gemeente, "soort": soort, "before": before, "limit": limit, "staat": staat, "of": of}
    return _wholes(connection, where, values)


def on_consent(connection: Link, gemeente: str, zaaknummer: str, of: Oin | None) -> list[tuple[Regelingsoort, UUID]]:
    """What was sent in a case on the client's consent and was not withdrawn; of one party when it is given."""
    query = f"""
    SELECT soort, id FROM regeling WHERE gemeente = %(gemeente)s AND lower(zaaknummer) = lower(%(zaaknummer)s) AND {_OF}
      AND machtiging_soort = 'toestemmingsverklaring' AND withdrawn IS NULL ORDER BY id
    """  # noqa: S608 - names of ours
    return connection.execute(query.encode(), {"gemeente": gemeente, "zaaknummer": zaaknummer, "of": of}).fetchall()


def parties(connection: Link, gemeente: str, wholes: Sequence[UUID], *, answers: bool = False) -> list[PartyRow]:
    """The messages of arrangements, in order of their creditors; what was answered only when asked for."""
    sealed = "answer_key, answer" if answers else "NULL AS answer_key, NULL AS answer"
    with connection.cursor(row_factory=class_row(PartyRow)) as cursor:
        cursor.execute(
            f"""
            SELECT id, regeling, schuldeiser, state, grondslag, afspraak, opened, reminded, answered, {sealed},
              (SELECT min(f.at) FROM regelingfeit f WHERE f.gemeente = b.gemeente AND f.bericht = b.id AND f.soort = 'bezorgd') AS delivered
            FROM regelingbericht b WHERE gemeente = %s AND regeling = ANY (%s) ORDER BY schuldeiser
            """.encode(),  # noqa: S608 - names of ours
            (gemeente, list(wholes)),
        )
        return cursor.fetchall()


def party(connection: Link, gemeente: str, id: UUID) -> PartyRow | None:
    """One message of this municipality, without its answer."""
    row = connection.execute("SELECT regeling FROM regelingbericht WHERE gemeente = %s AND id = %s", (gemeente, id)).fetchone()
    return next((found for found in parties(connection, gemeente, [row[0]]) if found.id == id), None) if row else None


def facts(connection: Link, gemeente: str, bericht: UUID) -> list[FactRow]:
    """What happened to a message, in order."""
    with connection.cursor(row_factory=class_row(FactRow)) as cursor:
        query = "SELECT soort, at, entry FROM regelingfeit WHERE gemeente = %s AND bericht = %s ORDER BY at, entry"
        return cursor.execute(query, (gemeente, bericht)).fetchall()


def withdraw(
    connection: Link, gemeente: str, id: UUID, state: Regelingstaat, at: datetime, why: Intrekreden
) -> list[tuple[UUID, Partijstaat]]:
    """Withdraw a held arrangement, whatever its state, and everything sealed with it. Returns every message and its state after it."""
    connection.execute(
        "UPDATE regeling SET state = %s, withdrawn = %s, intrekreden = %s, document = NULL WHERE gemeente = %s AND id = %s",
        (state, at, why, gemeente, id),
    )
    rows = connection.execute(
        """
        UPDATE regelingbericht SET answer = NULL, question = NULL, state = CASE WHEN state = 'open' THEN 'ingetrokken' ELSE state END
        WHERE gemeente = %s AND regeling = %s RETURNING id, state
        """,
        (gemeente, id),
    ).fetchall()
    return sorted(rows)


def due(connection: Link, today: date, sent_before: datetime) -> list[str]:
    """The municipalities with arrangements whose last day is past, or open messages that were sent before an instant (role gw_taken)."""
    rows = connection.execute(
        """
        SELECT gemeente FROM regeling WHERE state = 'lopend' AND einde < %s
        UNION SELECT gemeente FROM regelingbericht WHERE state = 'open' AND reminders < 2 AND sent < %s ORDER BY 1
        """,
        (today, sent_before),
    ).fetchall()
    return [row[0] for row in rows]


def end(connection: Link, today: date, at: datetime, most: int) -> list[Moved]:
    """End its arrangements whose last day is past: every message is reached; what somebody holds waits for the next look."""
    rows = connection.execute(
        """
        WITH due AS (
          SELECT gemeente, id, soort FROM regeling WHERE state = 'lopend' AND einde < %s
          ORDER BY einde, gemeente, id LIMIT %s FOR UPDATE SKIP LOCKED
        ), ended AS (
          UPDATE regeling r SET state = 'geeindigd', ended = %s FROM due d WHERE r.gemeente = d.gemeente AND r.id = d.id
        )
        UPDATE regelingbericht b SET question = NULL, state = CASE WHEN b.state = 'open' THEN 'geen_reactie' ELSE b.state END FROM due d
        WHERE b.gemeente = d.gemeente AND b.regeling = d.id RETURNING d.gemeente, d.soort, d.id, b.id, b.state
        """,
        (today, most, at),
    ).fetchall()
    return [Moved(*row) for row in rows]


def remind(connection: Link, before: datetime, number: int, at: datetime, most: int) -> list[Moved]:
    """Remind creditors of this municipality's open messages that were sent before an instant and got fewer than `number` reminders."""
    rows = connection.execute(
        """
        WITH due AS (
          SELECT gemeente, id FROM regelingbericht WHERE state = 'open' AND reminders < 2 AND reminders < %s AND sent < %s
          ORDER BY sent LIMIT %s FOR UPDATE SKIP LOCKED
        )
        UPDATE regelingbericht b SET reminders = %s, reminded = %s FROM due d WHERE b.gemeente = d.gemeente AND b.id = d.id
        RETURNING b.gemeente, b.soort, b.regeling, b.id, b.state
        """,
        (number, before, most, number, at),
    ).fetchall()
    return [Moved(*row) for row in rows]


def _wholes(connection: Link, where: str, values: dict[str, Any]) -> list[WholeRow]:
    with connection.cursor(row_factory=class_row(WholeRow)) as cursor:
        query = f"SELECT {_COLUMNS} FROM regeling WHERE gemeente = %(gemeente)s AND soort = %(soort)s AND {where}"  # noqa: S608 - names of ours
        return cursor.execute(query.encode(), values).fetchall()
