"""Keeps what a municipality set for its matching: rhythm, history, objections. Keyed pseudonyms only.

Authority: contract, "/gemeente/v1" (historie, instellingen). Everything may be repeated: the same row is kept once. Leaves
naming and the log to the flow.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg


class Ritme(NamedTuple):
    """`dag`: day of the month, None: at once. `versie` counts the changes; 0 and no date: never set."""

    dag: int | None = None
    versie: int = 0
    gewijzigd_op: datetime | None = None


class HistoryRow(NamedTuple):
    """One earlier signal: keyed names (32 bytes), the creditor's OIN, the day. `key` names the whole, so that it is kept once."""

    key: bytes
    address: bytes
    principal: str
    contract: bytes | None
    day: date
    address_2: bytes | None = None
    contract_2: bytes | None = None


class Whose(NamedTuple):
    """Address and person (None: the address itself) in the leading version, and during an overlap in the next one.

    `subject` and `subject_person` name address and person for the log.
    """

    address: bytes
    person: bytes | None
    subject: bytes
    address_2: bytes | None = None
    person_2: bytes | None = None
    subject_person: bytes | None = None


class Objection(NamedTuple):
    """One objection as it is listed."""

    id: UUID
    of_person: bool
    sinds: datetime


_SET = """
INSERT INTO ritme (gemeente, dag, gewijzigd_op) VALUES (%s, %s, %s)
ON CONFLICT (gemeente) DO UPDATE SET dag = excluded.dag, versie = ritme.versie + 1, gewijzigd_op = excluded.gewijzigd_op
WHERE ritme.dag IS DISTINCT FROM excluded.dag
"""
_LOAD = """
INSERT INTO historie (gemeente, loaded, key, address, principal, contract, day, address_2, contract_2)
SELECT %s, %s, r.* FROM unnest(%s::bytea[], %s::bytea[], %s::text[], %s::bytea[], %s::date[], %s::bytea[], %s::bytea[])
  AS r (key, address, principal, contract, day, address_2, contract_2)
ORDER BY r.key ON CONFLICT DO NOTHING RETURNING address
"""
_OBJECT = """
INSERT INTO bezwaar (gemeente, id, address, person, sinds, subject, address_2, person_2)
VALUES (%(gemeente)s, %(id)s, %(address)s, %(person)s, %(at)s, %(subject)s, %(address_2)s, %(person_2)s) ON CONFLICT DO NOTHING
"""
# put on the list again during an overlap: the one that was there gets its name in the next version
_AGAIN = """
UPDATE bezwaar SET address_2 = coalesce(%(address_2)s, address_2), person_2 = coalesce(%(person_2)s, person_2)
WHERE gemeente = %(gemeente)s AND (address = %(address)s AND person IS NOT DISTINCT FROM %(person)s
  OR address_2 = %(address)s AND person_2 IS NOT DISTINCT FROM %(person)s)
RETURNING id, person IS NOT NULL, sinds
"""
_PAGE = """
SELECT id, person IS NOT NULL, sinds FROM bezwaar WHERE gemeente = %s AND (%s::uuid IS NULL OR id < %s) ORDER BY id DESC LIMIT %s
"""


def ritme(connection: psycopg.Connection[Any], gemeente: str) -> Ritme:
    """The rhythm of a municipality; at once when it set none."""
    row = connection.execute("SELECT dag, versie, gewijzigd_op FROM ritme WHERE gemeente = %s", (gemeente,)).fetchone()
    return Ritme(*row) if row else Ritme()


def set_ritme(connection: psycopg.Connection[Any], gemeente: str, dag: int | None, at: datetime) -> bool:
    """Set the rhythm; whether that changed anything."""
    return connection.execute(_SET, (gemeente, dag, at)).rowcount == 1


def load(connection: psycopg.Connection[Any], gemeente: str, rows: Sequence[HistoryRow], at: datetime) -> list[bytes]:
    """Keep earlier signals; returns the address pseudonym of each that was new."""
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * len(HistoryRow._fields)
    return [bytes(row[0]) for row in connection.execute(_LOAD, (gemeente, at, *columns)).fetchall()]


def oppose(connection: psycopg.Connection[Any], gemeente: str, id: UUID, names: Whose, at: datetime) -> tuple[Objection, bool]:
    """Put an objection on the list; the one that is there already when it is the same. The flag tells whether it is new."""
    values = {"gemeente": gemeente, "id": id, "at": at, **names._asdict()}
    row = connection.execute(_AGAIN, values).fetchone()
    if row is not None:
        return Objection(*row), False
    new = connection.execute(_OBJECT, values).rowcount == 1
    row = connection.execute(_AGAIN, values).fetchone()
    assert row is not None  # noqa: S101 - it was just inserted, or there already
    return Objection(*row), new


def objection_page(connection: psycopg.Connection[Any], gemeente: str, before: UUID | None, limit: int) -> list[Objection]:
    """The objection list, newest first, before the one that the cursor names."""
    return [Objection(*row) for row in connection.execute(_PAGE, (gemeente, before, before, limit)).fetchall()]


def withdraw_objection(connection: psycopg.Connection[Any], gemeente: str, id: UUID) -> tuple[Objection, bytes] | None:
    """Take an objection off the list; returns it with its address as the log names it, or None when there is no such objection."""
    row = connection.execute(
        "DELETE FROM bezwaar WHERE gemeente = %s AND id = %s RETURNING id, person IS NOT NULL, sinds, subject", (gemeente, id)
    ).fetchone()
    return (Objection(*row[:3]), row[3]) if row else None
