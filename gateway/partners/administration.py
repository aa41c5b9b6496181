"""Writes the partner register: who takes part, certificates, mandates, agreements, municipalities and their keys.

Every row is written with its seal (`rows`), every change raises the register's version by trigger. `keyed` is `rows.sealer`'s.
Leaves gates and life cycle to `gateway.onboarding`, which also logs.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from gateway.partners.agreements import Afspraak
from gateway.partners.dossier import Aansluiting, Certificaatinhoud, Proeftoelating, Schaduwproef, Stuk, Toets
from gateway.partners.mailroom import Bestandsprofiel, Ophaaladres, SftpSleutel, Uitlaat
from gateway.partners.register import (
    Bsnregistratie,
    Certificaat,
    Deelnemer,
    GemeenteInstelling,
    Leveringsgebied,
    Mandaat,
    Overeenkomst,
    Verklaring,
)
from gateway.partners.rows import TABLES, read, seal
from gateway.partners.sealkeys import Gemeentesleutel, Partijsleutel, Pseudoniemversie
from schemas.keyed import Keyed

Row = (
    Deelnemer | Certificaat | Mandaat | Overeenkomst | GemeenteInstelling | Gemeentesleutel | SftpSleutel | Bestandsprofiel
    | Partijsleutel | Bsnregistratie | Leveringsgebied | Ophaaladres | Afspraak | Pseudoniemversie
    | Aansluiting | Stuk | Certificaatinhoud | Toets | Proeftoelating | Uitlaat
)  # fmt: skip
R = TypeVar("R", bound=Certificaat | SftpSleutel | Gemeentesleutel | Partijsleutel | Afspraak | Bestandsprofiel | Stuk)

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
    Uitlaat: ("gemeentecode",),
    Aansluiting: ("oin",),
    Stuk: ("oin", "soort", "geldig_van"),
    Certificaatinhoud: ("vingerafdruk",),
    Toets: ("oin", "id"),
    Proeftoelating: ("oin",),
}
_ABOUT: dict[type[Any], str] = {
    Deelnemer: "oin = %(oin)s",
    Aansluiting: "oin = %(oin)s",
    Stuk: "oin = %(oin)s",
    Toets: "oin = %(oin)s",
    Schaduwproef: "%(oin)s IN (partij, principaal)",
    Proeftoelating: "oin = %(oin)s",
    Certificaat: "oin = %(oin)s",
    Certificaatinhoud: "oin = %(oin)s",
    SftpSleutel: "oin = %(oin)s",
    Mandaat: "%(oin)s IN (gemachtigde, principaal)",
    Overeenkomst: "schuldeiser = %(oin)s",
    Verklaring: "principaal = %(oin)s",
    Bestandsprofiel: "oin = %(oin)s",
    Ophaaladres: "oin = %(oin)s",
    Partijsleutel: "oin = %(oin)s",
    Bsnregistratie: "oin = %(oin)s",
    Leveringsgebied: "oin = %(oin)s",
    Afspraak: "%(oin)s = ANY (schuldeisers)",
    Uitlaat: "loket = %(oin)s",
}
"""Where the register speaks of a participant, in the order in which it is shown."""


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


def save_rehearsal(connection: psycopg.Connection[Any], row: Schaduwproef, keyed: Keyed) -> None:
    """Keep the counts of a shadow delivery: the one row of the register that a flow writes, and only adds."""
    values = msgspec.structs.astuple(row)
    connection.execute(
        "INSERT INTO schaduwproef (id, partij, principaal, mond, tijd, aangeboden, in_orde, zegel) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (*values, seal(row, keyed)),
    )


def partner(connection: psycopg.Connection[Any], oin: str, keyed: Keyed) -> Deelnemer | None:
    """A participant that has its seal, held until the transaction ends."""
    return next((row for row, holds in read(connection, Deelnemer, keyed, "WHERE oin = %(oin)s FOR UPDATE", {"oin": oin}) if holds), None)


def stored(connection: psycopg.Connection[Any], row: R, keyed: Keyed) -> R | None:
    """What stands in the register in the place of a row, sealed or not, revoked or not."""
    key = _KEYS[type(row)]
    tail = f"WHERE {' AND '.join(f'{name} = %({name})s' for name in key)} FOR UPDATE"
    return next((found for found, _ in read(connection, type(row), keyed, tail, {name: getattr(row, name) for name in key})), None)


def about(connection: psycopg.Connection[Any], oin: str, keyed: Keyed) -> Iterator[tuple[str, Any, bool]]:
    """All that the register has of a participant, over or not: the table, the row, and whether it has its seal."""
    for kind, which in _ABOUT.items():
        tail = f"WHERE {which} ORDER BY {', '.join(_KEYS.get(kind, ('id',)))}"
        yield from ((TABLES[kind], row, sealed) for row, sealed in read(connection, kind, keyed, tail, {"oin": oin}))


def agreements(connection: psycopg.Connection[Any], keyed: Keyed, id: str | None = None) -> Iterator[tuple[Afspraak, bool]]:
    """Every general agreement, or the one with this id, and whether it has its seal."""
    return read(connection, Afspraak, keyed, "WHERE %(id)s::text IS NULL OR id = %(id)s ORDER BY geldig_van, id", {"id": id})


def certificate_of(connection: psycopg.Connection[Any], oin: str, vingerafdruk: bytes, keyed: Keyed) -> bool:
    """Whether this participant has a certificate with this thumbprint."""
    rows = read(connection, Certificaat, keyed, "WHERE oin = %(oin)s AND vingerafdruk = %(print)s", {"oin": oin, "print": vingerafdruk})
    return any(sealed for _, sealed in rows)


def revoke_certificate(connection: psycopg.Connection[Any], vingerafdruk: bytes, at: datetime, keyed: Keyed) -> bool:
    """Revoke a certificate; False when it is unknown, lacks its seal or was revoked before."""
    return _revoke(connection, Certificaat, vingerafdruk, at, keyed)


def revoke_sftp_key(connection: psycopg.Connection[Any], vingerafdruk: bytes, at: datetime, keyed: Keyed) -> bool:
    """Revoke an SFTP key; False as of a certificate."""
    return _revoke(connection, SftpSleutel, vingerafdruk, at, keyed)


def end_party_key(connection: psycopg.Connection[Any], oin: str, kid: str, at: datetime, keyed: Keyed) -> bool:
    """Take back a key of a party; False when it is unknown, lacks its seal or was taken back before."""
    tail = "WHERE oin = %(oin)s AND kid = %(kid)s AND geldig_tot IS NULL FOR UPDATE"
    rows = [row for row, holds in read(connection, Partijsleutel, keyed, tail, {"oin": oin, "kid": kid}) if holds]
    for row in rows:
        save(connection, msgspec.structs.replace(row, geldig_tot=at), keyed)
    return bool(rows)


def revoke_remote(connection: psycopg.Connection[Any], oin: str, at: datetime, keyed: Keyed) -> bool:
    """Take back where a partner's files are fetched; False as of a certificate."""
    return _revoke(connection, Ophaaladres, oin, at, keyed)


def end_outlet(connection: psycopg.Connection[Any], gemeentecode: str, at: datetime, keyed: Keyed) -> bool:
    """Hand a municipality's messages on no more; False as of a certificate."""
    return _revoke(connection, Uitlaat, gemeentecode, at, keyed)


def _revoke(
    connection: psycopg.Connection[Any],
    kind: type[Certificaat] | type[SftpSleutel] | type[Ophaaladres] | type[Uitlaat],
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
