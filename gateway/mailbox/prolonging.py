"""Payloads whose term grew: which, and putting them under the storage key of a later week. No payload is opened here.

People follow a message up when a person claimed it, a follow-up partner took it, or its municipality has such partners; those stay until
their case closed, and so under the week of the longest term. What a lease still holds when its week comes near follows. Authority:
contract, "retention"; architecture, keys. Every statement names the municipality. Leaves encrypting to `gateway.sealing`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

_DUE = """
SELECT b.id, b.received, b.meta, b.storage_key, b.payload FROM bericht b
LEFT JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id
LEFT JOIN claim c ON c.id = i.claim AND c.gemeente = i.gemeente
WHERE b.gemeente = %(gemeente)s AND b.id = ANY (%(berichten)s) AND b.payload IS NOT NULL
  AND opslagweek(b.storage_key) < langste_week(b.received)
  AND (c.wijze = 'bemand' OR opslagweek(b.storage_key) <= %(near)s
    OR EXISTS (SELECT FROM opvolging o WHERE o.gemeente = b.gemeente AND o.bericht = b.id)
    OR EXISTS (SELECT FROM instelling s WHERE s.gemeentecode = b.gemeente AND s.naam = 'opvolgpartners'))
"""
_REPLACE = "SELECT bericht_verleng(%s, %s::uuid[], %s::text[], %s::text[], %s::bytea[])"


class Due(NamedTuple):
    """A message whose payload must outlive its storage key."""

    id: UUID
    received: datetime
    meta: bytes
    storage_key: str
    payload: bytes


class Prolonged(NamedTuple):
    """The same payload under a later key."""

    id: UUID
    was: str
    storage_key: str
    payload: bytes


def due(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID], near: str) -> list[Due]:
    """Of these messages, those whose term is longer than that of their key, or whose key goes in the ISO week `near` or before."""
    rows = connection.execute(_DUE, {"gemeente": gemeente, "berichten": list(berichten), "near": near}).fetchall()
    return [Due(id, received, bytes(meta), key, bytes(payload)) for id, received, meta, key, payload in rows]


def replace(connection: psycopg.Connection[Any], gemeente: str, found: Sequence[Prolonged]) -> int:
    """Put them in place of what was there; what another did meanwhile stays. Returns how many."""
    columns = [list(column) for column in zip(*found, strict=True)] if found else []
    row = connection.execute(_REPLACE, (gemeente, *columns)).fetchone() if found else None
    return int(row[0]) if row else 0
