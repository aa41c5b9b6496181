"""The register's rows in their tables, each under a seal: an HMAC that somebody with the database alone cannot make.

Decides which rows count. Authority: `docs/trust-model.md` (the database administrator makes nobody a partner); `docs/crypto.md`.
A seal covers one row: it does not show that a row was deleted, or that one sealed before was put back. Settings that say which data
travel, to whom, or in which words, stand under the same seal (`stamp`, `fits`). Leaves writing to `administration` and to who owns the
table, and what a row that does not count means to its readers.
"""

import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
import psycopg
from psycopg.rows import dict_row

from gateway.keys import names
from gateway.keys.keystore import KeyStore
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
from gateway.partners.sealkeys import Gemeentesleutel, Partijsleutel, Pseudoniemversie
from schemas.keyed import Keyed

Row = (
    Deelnemer | Certificaat | Mandaat | Overeenkomst | Verklaring | GemeenteInstelling | Gemeentesleutel | SftpSleutel | Bestandsprofiel
    | Partijsleutel | Bsnregistratie | Leveringsgebied | Ophaaladres | Afspraak | Pseudoniemversie
    | Aansluiting | Stuk | Certificaatinhoud | Toets | Schaduwproef | Proeftoelating | Uitlaat
)  # fmt: skip
R = TypeVar("R", bound=Row)

TABLES: dict[type[Any], str] = {
    Deelnemer: "deelnemer",
    Certificaat: "certificaat",
    Mandaat: "mandaat",
    Overeenkomst: "overeenkomst",
    Verklaring: "verklaring",
    GemeenteInstelling: "gemeente_instelling",
    Gemeentesleutel: "gemeentesleutel",
    SftpSleutel: "sftp_sleutel",
    Bestandsprofiel: "bestandsprofiel",
    Partijsleutel: "partijsleutel",
    Bsnregistratie: "bsnregistratie",
    Leveringsgebied: "leveringsgebied",
    Ophaaladres: "ophaaladres",
    Afspraak: "afspraak",
    Pseudoniemversie: "pseudoniem_versie",
    Uitlaat: "uitlaat",
    Aansluiting: "aansluiting",
    Stuk: "deelnemer_stuk",
    Certificaatinhoud: "certificaat_inhoud",
    Toets: "toetsuitslag",
    Schaduwproef: "schaduwproef",
    Proeftoelating: "proeftoelating",
}
_ENCODER = msgspec.json.Encoder(order="sorted")


def sealer(keys: KeyStore) -> Keyed:
    """What makes and checks seals. Raises Misconfigured when the key does not open."""
    return Keyed(keys.key(names.REGISTER))


def seal(row: Row, keyed: Keyed) -> bytes:
    """The row's seal (32 bytes), over its table and its values: sets in order, moments in UTC."""
    return stamp(TABLES[type(row)], {name: getattr(row, name) for name in row.__struct_fields__}, keyed)


def stamp(table: str, values: Mapping[str, object], keyed: Keyed) -> bytes:
    """The seal (32 bytes) of a row of any table: over the table's name and what its columns hold."""
    return keyed.digest(_ENCODER.encode([table, {name: _plain(value) for name, value in values.items()}]))


def fits(zegel: bytes | None, table: str, values: Mapping[str, object], keyed: Keyed) -> bool:
    """Whether a stored seal is that of these values; a row without one never has it."""
    return hmac.compare_digest(zegel or b"", stamp(table, values, keyed))


def read(
    connection: psycopg.Connection[Any], kind: type[R], keyed: Keyed, tail: str = "", parameters: Mapping[str, object] | None = None
) -> Iterator[tuple[R, bool]]:
    """The rows of one table and whether each has its seal. `tail` is SQL of ours after the table, with its `parameters`."""
    query = f"SELECT {', '.join(kind.__struct_fields__)}, zegel FROM {TABLES[kind]} {tail}"  # noqa: S608 - names of ours
    with connection.cursor(row_factory=dict_row) as cursor:
        for found in cursor.execute(query, parameters):
            zegel = found.pop("zegel") or b""
            values: dict[str, Any] = {name: frozenset(value) if isinstance(value, list) else value for name, value in found.items()}
            row = kind(**values)
            yield row, hmac.compare_digest(zegel, seal(row, keyed))


def _plain(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
