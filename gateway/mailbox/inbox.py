"""Reads and moves messages in one municipality's inbox. Every statement names the municipality.

Order is the sequencer's number: a serial id or a transaction horizon would skip rows under concurrent writers. Leases run on the database's
clock, so that nodes need not agree on the time. A message is fetched per place (LATERAL … OFFSET 0): a plan made while a partition was
still empty would compare every place with every message of the municipality. Leaves purposes and disclosure entries to `gateway.inboxes`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from gateway.core import ids
from gateway.keys.content import ContentKey
from schemas.inbox import Berichtstaat


class Item(msgspec.Struct, frozen=True):
    """A message with its place and state. `meta` is canonical JSON without person data; `payload` only when asked for."""

    id: UUID
    nr: int
    state: Berichtstaat
    claim: UUID | None
    held: bool
    zaaknummer: str | None
    withdrawn_at: datetime | None
    meta: bytes
    doel: str
    purpose_row: str
    earlier: UUID | None
    received: datetime
    address: bytes | None
    person: bytes | None
    subject: bytes | None
    subject_person: bytes | None
    name_version: int
    content_key: UUID
    storage_key: str
    payload: bytes | None = None


NAME = """CASE WHEN get_byte(b.{name}_2, 0) = (SELECT v.leidend FROM pseudoniem_versie v WHERE v.gemeentecode = %(gemeente)s)
  THEN b.{name}_2 ELSE b.{name} END"""
"""The pseudonym of a message in the version that leads (its first byte): the second one, once that version took over."""
_ITEM = """
SELECT i.bericht AS id, i.nr, i.state, i.claim, coalesce(i.lease_until > now(), false) OR i.state NOT IN ('bezorgd', 'geclaimd') AS held,
       i.zaaknummer, i.withdrawn_at, b.meta, b.doel, b.purpose_row, b.earlier, b.received,
       {address} AS address, {person} AS person, b.subject, b.subject_person, b.name_version,
       b.content_key, b.storage_key,
       {payload} AS payload
FROM inbox_item i CROSS JOIN LATERAL (
  SELECT * FROM bericht b WHERE b.gemeente = i.gemeente AND b.id = i.bericht OFFSET 0) b
WHERE i.gemeente = %(gemeente)s AND {where}
ORDER BY i.nr LIMIT %(limit)s
""".replace("{address}", NAME.format(name="address")).replace("{person}", NAME.format(name="person"))
_TAKE = """
WITH free AS (
  SELECT o.bericht FROM inbox_item o CROSS JOIN LATERAL (
    SELECT doel, meta FROM bericht b WHERE b.gemeente = o.gemeente AND b.id = o.bericht OFFSET 0) b
  WHERE o.gemeente = %(gemeente)s AND b.doel = %(doel)s
    AND o.state IN ('bezorgd', 'geclaimd') AND (o.state = 'bezorgd' OR o.lease_until <= now()) AND o.withdrawn_at IS NULL AND {where}
    AND (%(only)s::uuid[] IS NULL OR o.bericht = ANY (%(only)s))
  ORDER BY o.nr LIMIT %(maximum)s FOR UPDATE OF o SKIP LOCKED)
UPDATE inbox_item i SET state = 'geclaimd', claim = %(claim)s, lease_until = now() + make_interval(secs => %(lease)s),
  geclaimd_op = coalesce(i.geclaimd_op, now())
WHERE i.gemeente = %(gemeente)s AND i.bericht = ANY (ARRAY(SELECT bericht FROM free))
"""
LATE = """position('"inhaalslag":true'::bytea IN b.meta) > 0"""
_CRISIS = """position('"crisis":{'::bytea IN b.meta) > 0"""


def page(
    connection: psycopg.Connection[Any],
    gemeente: str,
    *,
    after: int,
    limit: int,
    soort: str | None = None,
    sector: str | None = None,
    staat: str | None = None,
) -> list[Item]:
    """Messages with a number above `after`, in order; never a payload."""
    where = "i.nr > %(after)s"
    where += " AND b.soort = %(soort)s" if soort else ""
    where += " AND b.sector = %(sector)s" if sector else ""
    where += " AND i.state = %(staat)s" if staat else ""
    values = {"gemeente": gemeente, "after": after, "limit": limit, "soort": soort, "sector": sector, "staat": staat}
    return _items(connection, _ITEM.format(payload="NULL::bytea", where=where), values)


def find(connection: psycopg.Connection[Any], gemeente: str, bericht: UUID, *, payload: bool) -> Item | None:
    """One message, or None when this municipality has no such message."""
    text = _ITEM.format(payload="b.payload" if payload else "NULL::bytea", where="i.bericht = %(id)s")
    return next(iter(_items(connection, text, {"gemeente": gemeente, "id": bericht, "limit": 1})), None)


def find_all(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID]) -> list[Item]:
    """These messages, as far as this municipality has them, in order of their numbers; never a payload."""
    text = _ITEM.format(payload="NULL::bytea", where="i.bericht = ANY (%(ids)s)")
    return _items(connection, text, {"gemeente": gemeente, "ids": list(berichten), "limit": len(berichten)})


def free(connection: psycopg.Connection[Any], gemeente: str, doel: str, *, after: int, limit: int, until: datetime | None) -> list[Item]:
    """Messages of one purpose with a number above `after` that nobody holds, in order; never a payload, and nothing is held.

    `until` as in `take`.
    """
    where = "i.nr > %(after)s AND b.doel = %(doel)s AND i.state IN ('bezorgd', 'geclaimd')"
    where += " AND (i.state = 'bezorgd' OR i.lease_until <= now()) AND i.withdrawn_at IS NULL"
    where += "" if until is None else f" AND (i.bericht < %(until)s OR {_CRISIS})"
    bound = None if until is None else ids.lowest_at(until)
    values = {"gemeente": gemeente, "doel": doel, "after": after, "limit": limit, "until": bound}
    return _items(connection, _ITEM.format(payload="NULL::bytea", where=where), values)


def followable(
    connection: psycopg.Connection[Any], gemeente: str, *, after: int, limit: int, since: datetime, until: datetime | None = None
) -> list[Item]:
    """Messages with content and a number above `after` that are neither closed nor withdrawn, in order; never a payload.

    `since`: none made before this instant. `until` as in `take`.
    """
    where = "i.nr > %(after)s AND i.bericht >= %(since)s AND b.payload IS NOT NULL AND i.withdrawn_at IS NULL"
    where += " AND i.state IN ('bezorgd', 'geclaimd', 'ontvangen', 'verwerkt')"
    where += "" if until is None else f" AND (i.bericht < %(until)s OR {_CRISIS})"
    values = {"gemeente": gemeente, "after": after, "limit": limit, "since": ids.lowest_at(since)}
    values["until"] = None if until is None else ids.lowest_at(until)
    return _items(connection, _ITEM.format(payload="NULL::bytea", where=where), values)


def received_between(
    connection: psycopg.Connection[Any], gemeente: str, since: datetime, until: datetime, *, after: int, limit: int
) -> list[Item]:
    """Messages received in a period (until not included) with a number above `after`, in order; never a payload."""
    where = "i.nr > %(after)s AND b.received >= %(since)s AND b.received < %(until)s"
    values = {"gemeente": gemeente, "since": since, "until": until, "after": after, "limit": limit}
    return _items(connection, _ITEM.format(payload="NULL::bytea", where=where), values)


def take(  # noqa: PLR0913, PLR0917 - whose, which, how many, how long
    connection: psycopg.Connection[Any],
    gemeente: str,
    claim: UUID,
    doel: str,
    maximum: int,
    lease_seconds: int,
    until: datetime | None = None,
    only: Sequence[UUID] | None = None,
    late: int | None = None,
) -> list[Item]:
    """As `hold`; returns them with their payloads."""
    hold(connection, gemeente, claim, doel, maximum, lease_seconds, until, only, late)
    return of_claim(connection, gemeente, claim, payload=True)


def hold(  # noqa: PLR0913, PLR0917 - as `take`
    connection: psycopg.Connection[Any],
    gemeente: str,
    claim: UUID,
    doel: str,
    maximum: int,
    lease_seconds: int,
    until: datetime | None = None,
    only: Sequence[UUID] | None = None,
    late: int | None = None,
) -> None:
    """Move up to `maximum` free messages of one purpose to `geclaimd` under `claim`, oldest first.

    `until`: only messages made before this instant, and crises, which come first; None: all. `only`: no others than these.
    `late`: at most so many catch-up messages that nobody claimed before, apart from crises; None: all. Withdrawn messages whose lease
    ended lapse first: nobody gets them any more.
    """
    connection.execute(
        """
        UPDATE inbox_item SET state = 'ingetrokken'
        WHERE gemeente = %s AND state = 'geclaimd' AND lease_until <= now() AND withdrawn_at IS NOT NULL
        """,
        (gemeente,),
    )
    values: dict[str, Any] = {"gemeente": gemeente, "claim": claim, "doel": doel, "maximum": maximum, "lease": lease_seconds}
    values["only"] = None if only is None else list(only)
    values["until"] = None if until is None else ids.lowest_at(until)
    bound = "true" if until is None else "o.bericht < %(until)s"
    runs = [] if until is None and late is None else [(_CRISIS, maximum)]
    if late is None:
        runs.append((bound, maximum))
    else:
        runs += [(f"{bound} AND (NOT {LATE} OR o.geclaimd_op IS NOT NULL)", maximum), (f"{bound} AND {LATE}", late)]
    left = maximum
    for where, most in runs:
        left -= connection.execute(_TAKE.format(where=where).encode(), {**values, "maximum": min(left, most)}).rowcount


def of_claim(
    connection: psycopg.Connection[Any], gemeente: str, claim: UUID, *, payload: bool, after: int = 0, limit: int = 1000
) -> list[Item]:
    """Messages that `claim` holds, with a number above `after`, in order."""
    text = _ITEM.format(payload="b.payload" if payload else "NULL::bytea", where="i.claim = %(claim)s AND i.nr > %(after)s")
    return _items(connection, text, {"gemeente": gemeente, "claim": claim, "after": after, "limit": limit})


def save_claim(
    connection: psycopg.Connection[Any], gemeente: str, claim: UUID, *, party: str, doel: str, wijze: str, lease_seconds: int
) -> datetime:
    """Write a claim down; returns when its lease ends (UTC)."""
    row = connection.execute(
        """
        INSERT INTO claim (id, gemeente, party, doel, wijze, lease_until)
        VALUES (%s, %s, %s, %s, %s, now() + make_interval(secs => %s)) RETURNING lease_until
        """,
        (claim, gemeente, party, doel, wijze, lease_seconds),
    ).fetchone()
    assert row is not None  # noqa: S101 - INSERT … RETURNING returns its row
    until: datetime = row[0]
    return until


def purpose_of(connection: psycopg.Connection[Any], gemeente: str, claim: UUID) -> str | None:
    """The purpose of a claim of this municipality; that of its desk is nobody's to use at a door."""
    query = "SELECT doel FROM claim WHERE id = %s AND gemeente = %s AND wijze <> 'uitlaat'"
    row = connection.execute(query, (claim, gemeente)).fetchone()
    return str(row[0]) if row else None


def extend(connection: psycopg.Connection[Any], gemeente: str, claim: UUID, lease_seconds: int) -> tuple[int, datetime]:
    """Extend the lease of what the claim still holds; returns how many and until when (UTC)."""
    done = connection.execute(
        """
        UPDATE inbox_item SET lease_until = now() + make_interval(secs => %s)
        WHERE gemeente = %s AND claim = %s AND state = 'geclaimd' AND withdrawn_at IS NULL
        """,
        (lease_seconds, gemeente, claim),
    )
    row = connection.execute(
        "UPDATE claim SET lease_until = now() + make_interval(secs => %s) WHERE id = %s AND gemeente = %s RETURNING lease_until",
        (lease_seconds, claim, gemeente),
    ).fetchone()
    assert row is not None  # noqa: S101 - the caller found the claim in this transaction
    return done.rowcount, row[0]


def release(connection: psycopg.Connection[Any], gemeente: str, claim: UUID, only: Sequence[UUID] | None = None) -> list[UUID]:
    """Give back what the claim holds and has not acknowledged, or `only` these; what was withdrawn meanwhile lapses."""
    rows = connection.execute(
        """
        UPDATE inbox_item SET claim = NULL, lease_until = NULL,
          state = CASE WHEN withdrawn_at IS NULL THEN 'bezorgd' ELSE 'ingetrokken' END
        WHERE gemeente = %s AND claim = %s AND state = 'geclaimd' AND (%s::uuid[] IS NULL OR bericht = ANY (%s)) RETURNING bericht
        """,
        (gemeente, claim, *[None if only is None else list(only)] * 2),
    ).fetchall()
    return [row[0] for row in rows]


def lock(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID]) -> None:
    """Hold these messages until the transaction ends, in one order, so that two callers never deadlock."""
    connection.execute(
        "SELECT 1 FROM inbox_item WHERE gemeente = %s AND bericht = ANY (%s) ORDER BY bericht FOR UPDATE", (gemeente, list(berichten))
    )


def move(
    connection: psycopg.Connection[Any],
    gemeente: str,
    berichten: Sequence[UUID],
    state: Berichtstaat,
    *,
    at: datetime,
    zaaknummer: str | None = None,
    reden: str | None = None,
) -> None:
    """Set the state of messages that `lock` holds, `at` an instant in UTC; which state may follow which is in `states`."""
    connection.execute(
        """
        UPDATE inbox_item SET state = %s, zaaknummer = coalesce(%s, zaaknummer), rejected_reason = coalesce(%s, rejected_reason),
          opgepakt_op = CASE WHEN %s IN ('ontvangen', 'verwerkt') THEN coalesce(opgepakt_op, %s) ELSE opgepakt_op END,
          afgewezen_op = CASE WHEN %s IN ('afgewezen', 'doorgezonden') THEN coalesce(afgewezen_op, %s) ELSE afgewezen_op END
        WHERE gemeente = %s AND bericht = ANY (%s)
        """,
        (state, zaaknummer, reden, state, at, state, at, gemeente, list(berichten)),
    )


def content_keys(connection: psycopg.Connection[Any], gemeente: str, ids: Sequence[UUID]) -> dict[UUID, ContentKey]:
    """The wrapped content keys of this municipality by id."""
    with connection.cursor(row_factory=class_row(ContentKey)) as cursor:
        cursor.execute(
            "SELECT id, gemeente, kid, wijze, wrapped FROM content_key WHERE gemeente = %s AND id = ANY (%s)", (gemeente, list(set(ids)))
        )
        return {row.id: row for row in cursor.fetchall()}


def _items(connection: psycopg.Connection[Any], text: str, values: dict[str, Any]) -> list[Item]:
    with connection.cursor(row_factory=class_row(Item)) as cursor:
        return cursor.execute(text.encode(), values).fetchall()
