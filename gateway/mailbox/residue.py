"""Keeps the residue for the statistics, and what a municipality set for them. Every statement names the municipality.

Authority: contract, retention (DDAS residue): only for a municipality that lets the gateway deliver DDAS, until the period is accepted.
The setting stands under a seal (`gateway.partners.rows`): it decides whether addresses and birth dates are kept and go out. Leaves
encryption to `gateway.sealing.residue`, the export to `gateway.ddas`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.partners.rows import fits, stamp
from schemas.ddas import Organisatie, StatistiekInstelling
from schemas.inbox import Berichtstaat
from schemas.keyed import Keyed

Link = psycopg.Connection[Any]
TABLE = "statistiek_instelling"
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
INSERT INTO statistiek_instelling (gemeente, levering, organisatie, zegel, gewijzigd_op) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (gemeente) DO UPDATE SET levering = excluded.levering, organisatie = excluded.organisatie, zegel = excluded.zegel,
  gewijzigd_op = excluded.gewijzigd_op
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


def wanted(connection: Link, gemeenten: Sequence[str], keyed: Keyed) -> frozenset[str]:
    """Those of `gemeenten` that let the gateway deliver DDAS; `keyed` (`rows.sealer`) checks the seal."""
    return frozenset(row.gemeente for row in _settings(connection, keyed, gemeenten) if row.sealed and row.levering == "gateway")


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


def setting(connection: Link, gemeente: str, keyed: Keyed) -> StatistiekInstelling | None:
    """What a municipality set; its case system delivers when it set nothing. None: what is stored lacks its seal."""
    row = next(iter(_settings(connection, keyed, [gemeente])), None)
    if row is None:
        return StatistiekInstelling(levering="zaaksysteem")
    return StatistiekInstelling(levering=row.levering, organisatie=_organisation(row.organisatie)) if row.sealed else None


def delivering(connection: Link, keyed: Keyed) -> dict[str, Organisatie]:
    """Every municipality that lets the gateway deliver, with who answers for the data. One without its seal delivers nothing."""
    rows = (row for row in _settings(connection, keyed) if row.sealed and row.levering == "gateway")
    found = {row.gemeente: _organisation(row.organisatie) for row in rows}
    return {gemeente: organisation for gemeente, organisation in found.items() if organisation is not None}


def save_setting(connection: Link, gemeente: str, value: StatistiekInstelling, at: datetime, keyed: Keyed) -> None:
    """Replace the setting, under its seal."""
    organisatie = None if value.organisatie is None else msgspec.json.encode(value.organisatie)
    zegel = stamp(TABLE, _values(gemeente, value.levering, organisatie), keyed)
    connection.execute(_SET, (gemeente, value.levering, organisatie, zegel, at))


class _Setting(NamedTuple):
    gemeente: str
    levering: Literal["gateway", "zaaksysteem"]
    organisatie: bytes | None
    sealed: bool


def _settings(connection: Link, keyed: Keyed, gemeenten: Sequence[str] | None = None) -> list[_Setting]:
    """The settings of these municipalities, or of all, each with whether it has its seal."""
    rows = connection.execute(
        """
        SELECT gemeente, levering, organisatie, zegel FROM statistiek_instelling
        WHERE %s::text[] IS NULL OR gemeente = ANY (%s) ORDER BY gemeente
        """,
        (gemeenten, gemeenten),
    ).fetchall()
    return [_Setting(place, by, who, fits(zegel, TABLE, _values(place, by, who), keyed)) for place, by, who, zegel in rows]


def _values(gemeente: str, levering: str, organisatie: bytes | None) -> dict[str, object]:
    return {"gemeente": gemeente, "levering": levering, "organisatie": organisatie}


def _organisation(stored: bytes | None) -> Organisatie | None:
    return None if stored is None else msgspec.json.decode(stored, type=Organisatie)
