"""Writes the partner register: who takes part, certificates, mandates, agreements, municipalities and their keys.

Every row is written with its seal (`rows`), every change raises the register's version by trigger. `keyed` is `rows.sealer`'s.
Leaves gates and life cycle to `gateway.onboarding`, which also logs.
"""

from datetime import datetime
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from gateway.partners.agreements import Afspraak
from gateway.partners.mailroom import Bestandsprofiel, Ophaaladres, SftpSleutel
from gateway.partners.register import (
    Bsnregistratie,
    Certificaat,
    Deelnemer,
    GemeenteInstelling,
    Gemeentesleutel,
    Leveringsgebied,
    Mandaat,
    Overeenkomst,
    Partijsleutel,
    Pseudoniemversie,
    Verklaring,
)
from gateway.partners.rows import TABLES, read, seal
from schemas.keyed import Keyed

Row = (
    Deelnemer | Certificaat | Mandaat | Overeenkomst | GemeenteInstelling | Gemeentesleutel | SftpSleutel | Bestandsprofiel
    | Partijsleutel | Bsnregistratie | Leveringsgebied | Ophaaladres | Afspraak | Pseudoniemversie
)  # fmt: skip

_KEYS: dict[type[Any], tuple[str, ...]] = {
    Deelnemer: ("oin",),
    Certificaat: ("vingerafdruk",),
    Mandaat: ("gemachtigde", "principaal", "rol", "geldig_van"),
    Overeenkomst: ("schuldeiser", "gemeentecode", "sector", "geldig_van"),
    GemeenteInstelling: ("gemeentecode",),
    Gemeentesleutel: ("gemeentecode", "kid"),
    SftpSleutel: ("vingerafdruk",),
    Bestandsprofiel: ("oin", "naam", "geldig_van"),
    Partijsleutel: ("oin", "kid"),
    Bsnregistratie: ("oin", "geldig_van"),
    Leveringsgebied: ("oin", "geldig_van"),
    Ophaaladres: ("oin",),
    Afspraak: ("id",),
    Pseudoniemversie: ("gemeentecode",),
}


def save(connection: psycopg.Connection[Any], row: Row, keyed: Keyed) -> None:
    """Insert or replace one row of the register."""
    table, key = TABLES[type(row)], _KEYS[type(row)]
    values = {name: _column(getattr(row, name)) for name in row.__struct_fields__} | {"zegel": seal(row, keyed)}
    names = ", ".join(values)
    marks = ", ".join(f"%({name})s" for name in values)
    rest = ", ".join(f"{name} = excluded.{name}" for name in values if name not in key)
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}",  # noqa: S608 - names of ours
        values,
    )


def save_declaration(connection: psycopg.Connection[Any], row: Verklaring, document_hash: bytes, keyed: Keyed) -> None:
    """Register a declaration with the SHA-256 of the signed document."""
    connection.execute(
        """
        INSERT INTO verklaring (principaal, id, sector, getekend_op, geldig_van, geldig_tot, document_hash, zegel)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (row.principaal, row.id, row.sector, row.getekend_op, row.geldig_van, row.geldig_tot, document_hash, seal(row, keyed)),
    )


def set_status(connection: psycopg.Connection[Any], oin: str, status: str, keyed: Keyed) -> bool:
    """Change a participant's status; False when it is unknown, lacks its seal or has ended (a final state)."""
    tail = "WHERE oin = %(oin)s AND status <> 'beeindigd' FOR UPDATE"
    rows = [row for row, holds in read(connection, Deelnemer, keyed, tail, {"oin": oin}) if holds]
    for row in rows:
        save(connection, msgspec.structs.replace(row, status=status), keyed)
    return bool(rows)


def sftp_key(connection: psycopg.Connection[Any], vingerafdruk: bytes, keyed: Keyed) -> SftpSleutel | None:
    """A key as it stands in the register, sealed or not, revoked or not."""
    tail = "WHERE vingerafdruk = %(vingerafdruk)s FOR UPDATE"
    return next((row for row, _ in read(connection, SftpSleutel, keyed, tail, {"vingerafdruk": vingerafdruk})), None)


def revoke_certificate(connection: psycopg.Connection[Any], vingerafdruk: bytes, at: datetime, keyed: Keyed) -> bool:
    """Revoke a certificate; False when it is unknown, lacks its seal or was revoked before."""
    return _revoke(connection, Certificaat, vingerafdruk, at, keyed)


def revoke_sftp_key(connection: psycopg.Connection[Any], vingerafdruk: bytes, at: datetime, keyed: Keyed) -> bool:
    """Revoke an SFTP key; False as of a certificate."""
    return _revoke(connection, SftpSleutel, vingerafdruk, at, keyed)


def revoke_remote(connection: psycopg.Connection[Any], oin: str, at: datetime, keyed: Keyed) -> bool:
    """Take back where a partner's files are fetched; False as of a certificate."""
    return _revoke(connection, Ophaaladres, oin, at, keyed)


def _revoke(
    connection: psycopg.Connection[Any],
    kind: type[Certificaat] | type[SftpSleutel] | type[Ophaaladres],
    key: bytes | str,
    at: datetime,
    keyed: Keyed,
) -> bool:
    tail = f"WHERE {_KEYS[kind][0]} = %(key)s AND ingetrokken_op IS NULL FOR UPDATE"
    rows = [row for row, holds in read(connection, kind, keyed, tail, {"key": key}) if holds]
    for row in rows:
        save(connection, msgspec.structs.replace(row, ingetrokken_op=at), keyed)
    return bool(rows)


def _column(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return Jsonb(value) if isinstance(value, dict) else value
