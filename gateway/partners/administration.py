"""Writes the partner register: who takes part, certificates, mandates, agreements, municipalities and their keys.

Every change raises the register's version by trigger. Leaves gates and life cycle to `gateway.onboarding`, which also logs.
"""

from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from gateway.partners.register import (
    Certificaat,
    Deelnemer,
    GemeenteInstelling,
    Gemeentesleutel,
    Mandaat,
    Overeenkomst,
    Verklaring,
)

Row = Deelnemer | Certificaat | Mandaat | Overeenkomst | GemeenteInstelling | Gemeentesleutel

_TABLES: dict[type, tuple[str, tuple[str, ...]]] = {
    Deelnemer: ("deelnemer", ("oin",)),
    Certificaat: ("certificaat", ("vingerafdruk",)),
    Mandaat: ("mandaat", ("gemachtigde", "principaal", "rol", "geldig_van")),
    Overeenkomst: ("overeenkomst", ("schuldeiser", "gemeentecode", "sector", "geldig_van")),
    GemeenteInstelling: ("gemeente_instelling", ("gemeentecode",)),
    Gemeentesleutel: ("gemeentesleutel", ("gemeentecode", "kid")),
}


def save(connection: psycopg.Connection[Any], row: Row) -> None:
    """Insert or replace one row of the register."""
    table, key = _TABLES[type(row)]
    values = {name: _column(getattr(row, name)) for name in row.__struct_fields__}
    names = ", ".join(values)
    marks = ", ".join(f"%({name})s" for name in values)
    rest = ", ".join(f"{name} = excluded.{name}" for name in values if name not in key)
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}",  # noqa: S608 - names of ours
        values,
    )


def save_declaration(connection: psycopg.Connection[Any], row: Verklaring, document_hash: bytes) -> None:
    """Register a declaration with the SHA-256 of the signed document."""
    connection.execute(
        """
        INSERT INTO verklaring (principaal, id, sector, getekend_op, geldig_van, geldig_tot, document_hash)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        """,
        (row.principaal, row.id, row.sector, row.getekend_op, row.geldig_van, row.geldig_tot, document_hash),
    )


def set_status(connection: psycopg.Connection[Any], oin: str, status: str) -> bool:
    """Change a participant's status; False when it is unknown or has ended (a final state)."""
    return connection.execute("UPDATE deelnemer SET status = %s WHERE oin = %s AND status <> 'beeindigd'", (status, oin)).rowcount == 1


def revoke_certificate(connection: psycopg.Connection[Any], vingerafdruk: bytes, at: datetime) -> bool:
    """Revoke a certificate; False when it is unknown or was revoked before."""
    return (
        connection.execute(
            "UPDATE certificaat SET ingetrokken_op = %s WHERE vingerafdruk = %s AND ingetrokken_op IS NULL", (at, vingerafdruk)
        ).rowcount
        == 1
    )


def _column(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return Jsonb(value) if isinstance(value, dict) else value
