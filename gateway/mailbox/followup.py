"""Leases of follow-up partners and the keys that were shared with them. Apart from the municipality's own claims: both may work.

Every statement names the municipality, and a partner only ever sees its own rows. Leaves which messages are a partner's to
`gateway.triage.baskets`, and purposes and disclosure entries to `gateway.inboxes.followup`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from schemas.inbox import Veldgroep

Shared = dict[Veldgroep, str]


def share(connection: psycopg.Connection[Any], gemeente: str, bericht: UUID, partner: str, keys: Shared, at: datetime) -> None:
    """Keep sealed group keys for a partner; sharing again replaces them."""
    connection.execute(
        """
        INSERT INTO deling (gemeente, bericht, partner, sleutels, gedeeld_op) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (gemeente, bericht, partner) DO UPDATE SET sleutels = excluded.sleutels, gedeeld_op = excluded.gedeeld_op
        """,
        (gemeente, bericht, partner, msgspec.json.encode(keys), at),
    )


def shared(connection: psycopg.Connection[Any], gemeente: str, partner: str, berichten: Sequence[UUID]) -> dict[UUID, Shared]:
    """The sealed group keys that a partner was given, by message."""
    rows = connection.execute(
        "SELECT bericht, sleutels FROM deling WHERE gemeente = %s AND partner = %s AND bericht = ANY (%s)",
        (gemeente, partner, list(berichten)),
    ).fetchall()
    return {bericht: msgspec.json.decode(keys, type=Shared) for bericht, keys in rows}


def busy(connection: psycopg.Connection[Any], gemeente: str, partner: str, berichten: Sequence[UUID]) -> set[UUID]:
    """Messages that this partner is done with, or that one of its leases holds now."""
    rows = connection.execute(
        """
        SELECT bericht FROM opvolging WHERE gemeente = %s AND partner = %s AND bericht = ANY (%s)
          AND (afgerond_op IS NOT NULL OR lease_until > now())
        """,
        (gemeente, partner, list(berichten)),
    ).fetchall()
    return {row[0] for row in rows}


def take(
    connection: psycopg.Connection[Any], gemeente: str, partner: str, claim: UUID, berichten: Sequence[UUID], lease_seconds: int
) -> tuple[set[UUID], datetime]:
    """Lease messages to a partner; returns those that were still free, and until when (UTC)."""
    rows = connection.execute(
        """
        INSERT INTO opvolging (gemeente, bericht, partner, claim, lease_until)
        SELECT %(gemeente)s, wanted, %(partner)s, %(claim)s, now() + make_interval(secs => %(lease)s)
        FROM unnest(%(berichten)s::uuid[]) AS wanted ORDER BY wanted
        ON CONFLICT (gemeente, bericht, partner) DO UPDATE SET claim = excluded.claim, lease_until = excluded.lease_until
        WHERE opvolging.afgerond_op IS NULL AND opvolging.lease_until <= now() RETURNING bericht
        """,
        {"gemeente": gemeente, "partner": partner, "claim": claim, "lease": lease_seconds, "berichten": list(berichten)},
    ).fetchall()
    until = connection.execute("SELECT now() + make_interval(secs => %s)", (lease_seconds,)).fetchone()
    assert until is not None  # noqa: S101 - a SELECT without a table returns one row
    return {row[0] for row in rows}, until[0]


def held(connection: psycopg.Connection[Any], gemeente: str, partner: str, claim: UUID) -> bool:
    """Whether a claim of this partner still knows messages."""
    statement = "SELECT 1 FROM opvolging WHERE gemeente = %s AND partner = %s AND claim = %s LIMIT 1"
    return connection.execute(statement, (gemeente, partner, claim)).fetchone() is not None


def release(connection: psycopg.Connection[Any], gemeente: str, partner: str, claim: UUID) -> int:
    """Give back what the claim holds and is not done; returns how many."""
    statement = """
        UPDATE opvolging SET lease_until = now()
        WHERE gemeente = %s AND partner = %s AND claim = %s AND afgerond_op IS NULL AND lease_until > now()
    """
    return connection.execute(statement, (gemeente, partner, claim)).rowcount


def finish(connection: psycopg.Connection[Any], gemeente: str, partner: str, claim: UUID, at: datetime) -> int:
    """The partner is done with what the claim holds; returns how many."""
    statement = "UPDATE opvolging SET afgerond_op = %s WHERE gemeente = %s AND partner = %s AND claim = %s AND afgerond_op IS NULL"
    return connection.execute(statement, (at, gemeente, partner, claim)).rowcount
