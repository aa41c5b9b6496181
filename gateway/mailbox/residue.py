"""Keeps the residue for the statistics, and what a municipality set for them. Every statement names the municipality.

Authority: contract, retention (DDAS residue): only for a municipality that lets the gateway deliver DDAS, until the period is accepted.
Leaves encryption to `gateway.sealing.residue`, the export to `gateway.ddas`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from schemas.ddas import Organisatie, StatistiekInstelling
from schemas.inbox import Berichtstaat

Link = psycopg.Connection[Any]
_KEEP = """
INSERT INTO ddas_residu (gemeente, bericht, signaaldatum, storage_key, content)
SELECT * FROM unnest(%b::text[], %b::uuid[], %b::date[], %b::text[], %b::bytea[])
"""
_PERIOD = """
SELECT r.bericht, r.signaaldatum, r.storage_key, r.content, b.sector, b.meta, coalesce(i.state, 'bezorgd'), i.rejected_reason
FROM ddas_residu r
CROSS JOIN LATERAL (SELECT * FROM bericht b WHERE b.gemeente = r.gemeente AND b.id = r.bericht OFFSET 0) b
LEFT JOIN LATERAL (SELECT * FROM inbox_item i WHERE i.gemeente = r.gemeente AND i.bericht = r.bericht OFFSET 0) i ON true
WHERE r.gemeente = %s AND r.signaaldatum BETWEEN %s AND %s AND coalesce(i.state, '') <> 'ingetrokken'
ORDER BY r.bericht
"""
_SET = """
INSERT INTO statistiek_instelling (gemeente, levering, organisatie, gewijzigd_op) VALUES (%s, %s, %s, %s)
ON CONFLICT (gemeente) DO UPDATE SET levering = excluded.levering, organisatie = excluded.organisatie, gewijzigd_op = excluded.gewijzigd_op
"""


class Found(NamedTuple):
    """A message of the period with its residue. `meta` is canonical JSON without person data."""

    bericht: UUID
    signaaldatum: date
    storage_key: str
    content: bytes
    sector: str
    meta: bytes
    state: Berichtstaat
    reason: str | None


def wanted(connection: Link, gemeenten: Sequence[str]) -> frozenset[str]:
    """Those of `gemeenten` that let the gateway deliver DDAS."""
    rows = connection.execute(
        "SELECT gemeente FROM statistiek_instelling WHERE levering = 'gateway' AND gemeente = ANY (%s)", (list(gemeenten),)
    ).fetchall()
    return frozenset(row[0] for row in rows)


def keep(connection: Link, rows: Sequence[tuple[str, UUID, date, str, bytes]]) -> None:
    """Insert residues, in the transaction that delivers their messages."""
    if rows:
        connection.execute(_KEEP, [list(column) for column in zip(*rows, strict=True)])


def period(connection: Link, gemeente: str, van: date, tot: date) -> list[Found]:
    """The messages with a residue and a signal date in the period (both days count), withdrawn ones left out."""
    return [Found(*row) for row in connection.execute(_PERIOD, (gemeente, van, tot)).fetchall()]


def without(connection: Link, gemeente: str, van: date, tot: date) -> int:
    """How many messages that arrived on these days have no residue: of before the setting, or forwarded to this municipality."""
    row = connection.execute(
        """
        SELECT count(*) FROM bericht b WHERE b.gemeente = %s AND b.received >= %s AND b.received < %s::date + 1
          AND NOT EXISTS (SELECT FROM ddas_residu r WHERE r.gemeente = b.gemeente AND r.bericht = b.id)
        """,
        (gemeente, van, tot),
    ).fetchone()
    return int(row[0]) if row else 0


def drop(connection: Link, gemeente: str, tot: date) -> int:
    """Remove the residues with a signal date up to and with `tot`; returns how many."""
    return connection.execute("DELETE FROM ddas_residu WHERE gemeente = %s AND signaaldatum <= %s", (gemeente, tot)).rowcount


def setting(connection: Link, gemeente: str) -> StatistiekInstelling:
    """What a municipality set; its case system delivers when it set nothing."""
    row = connection.execute("SELECT levering, organisatie FROM statistiek_instelling WHERE gemeente = %s", (gemeente,)).fetchone()
    if row is None:
        return StatistiekInstelling(levering="zaaksysteem")
    organisatie = None if row[1] is None else msgspec.json.decode(row[1], type=Organisatie)
    return StatistiekInstelling(levering=row[0], organisatie=organisatie)


def delivering(connection: Link) -> dict[str, Organisatie]:
    """Every municipality that lets the gateway deliver, with who answers for the data."""
    rows = connection.execute("SELECT gemeente, organisatie FROM statistiek_instelling WHERE levering = 'gateway' ORDER BY gemeente")
    return {gemeente: msgspec.json.decode(organisatie, type=Organisatie) for gemeente, organisatie in rows}


def save_setting(connection: Link, gemeente: str, value: StatistiekInstelling, at: datetime) -> None:
    """Replace the setting."""
    organisatie = None if value.organisatie is None else msgspec.json.encode(value.organisatie)
    connection.execute(_SET, (gemeente, value.levering, organisatie, at))
