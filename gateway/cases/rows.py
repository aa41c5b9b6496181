"""Rows of cases: every statement on the tables of this package. Each names the municipality; a case is held by `lock` before it changes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from schemas.codelijsten import Eindresultaat
from schemas.zaken import Contactpoging, Resultaat, Zaak, ZaakBericht, Zaakstaat


class CaseRow(msgspec.Struct, frozen=True):
    """A case as stored."""

    id: UUID
    zaaknummer: str
    state: Zaakstaat
    opened: datetime
    resultaat: Eindresultaat | None
    resultaatdatum: date | None
    contact_saved: datetime | None


class ContactRow(msgspec.Struct, frozen=True):
    """Sealed contact data as stored, under a storage key of the key store."""

    bron: str
    grondslag: str
    datum: date
    storage_key: str
    gegevens: bytes


_CASE = """
SELECT z.id, z.zaaknummer, z.state, z.opened, z.resultaat, z.resultaatdatum, c.saved AS contact_saved
FROM zaak z LEFT JOIN zaak_contact c ON c.gemeente = z.gemeente AND c.zaak = z.id
WHERE z.gemeente = %(gemeente)s AND {where}
"""
Link = psycopg.Connection[Any]


def add(connection: Link, gemeente: str, id: UUID, zaaknummer: str, party: str, at: datetime) -> bool:
    """Write a new case down; False when the number is in use."""
    done = connection.execute(
        """
        INSERT INTO zaak (gemeente, id, zaaknummer, party, opened, state) VALUES (%s, %s, %s, %s, %s, 'open')
        ON CONFLICT (gemeente, zaaknummer) DO NOTHING
        """,
        (gemeente, id, zaaknummer, party, at),
    )
    return done.rowcount == 1


def add_messages(connection: Link, gemeente: str, zaak: UUID, messages: Sequence[tuple[UUID, str]]) -> bool:
    """Put messages (id, sector) in a case; False when one of them is in a case already."""
    ids, sectors = [id for id, _ in messages], [sector for _, sector in messages]
    done = connection.execute(
        """
        INSERT INTO zaak_bericht (gemeente, bericht, zaak, sector, status)
        SELECT %s, m.id, %s, m.sector, 'opgepakt' FROM unnest(%s::uuid[], %s::text[]) AS m(id, sector) ORDER BY m.id
        ON CONFLICT (gemeente, bericht) DO NOTHING
        """,
        (gemeente, zaak, ids, sectors),
    )
    return done.rowcount == len(messages)


def find(connection: Link, gemeente: str, id: UUID) -> CaseRow | None:
    """One case of this municipality."""
    return next(iter(_cases(connection, "z.id = %(id)s", {"gemeente": gemeente, "id": id})), None)


def numbered(connection: Link, gemeente: str, zaaknummer: str) -> CaseRow | None:
    """The case with this number."""
    return next(iter(_cases(connection, "z.zaaknummer = %(nr)s", {"gemeente": gemeente, "nr": zaaknummer})), None)


def page(connection: Link, gemeente: str, before: UUID | None, limit: int) -> list[CaseRow]:
    """Cases older than `before`, newest first."""
    where = "(%(before)s::uuid IS NULL OR z.id < %(before)s::uuid) ORDER BY z.id DESC LIMIT %(limit)s"
    return _cases(connection, where, {"gemeente": gemeente, "before": before, "limit": limit})


def of_messages(connection: Link, gemeente: str, berichten: Sequence[UUID]) -> list[Zaak]:
    """The cases that hold these messages, with all their messages and attempts."""
    where = "z.id IN (SELECT zaak FROM zaak_bericht WHERE gemeente = %(gemeente)s AND bericht = ANY (%(ids)s)) ORDER BY z.id"
    return shown(connection, gemeente, _cases(connection, where, {"gemeente": gemeente, "ids": list(berichten)}))


def lock(connection: Link, gemeente: str, id: UUID) -> None:
    """Hold a case until the transaction ends."""
    connection.execute("SELECT 1 FROM zaak WHERE gemeente = %s AND id = %s FOR UPDATE", (gemeente, id))


def add_attempt(connection: Link, gemeente: str, zaak: UUID, poging: Contactpoging) -> bool:
    """Write an attempt down; False when its kenmerk is in use in this case."""
    done = connection.execute(
        """
        INSERT INTO contactpoging (gemeente, zaak, kenmerk, soort, dagdeel, bereikt, datum) VALUES (%s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT DO NOTHING
        """,
        (gemeente, zaak, poging.kenmerk, poging.soort, poging.dagdeel, poging.bereikt, poging.datum),
    )
    return done.rowcount == 1


def close(connection: Link, gemeente: str, zaak: UUID, resultaat: Resultaat, at: datetime) -> None:
    """Give a case its result, and the messages named in it their status."""
    connection.execute(
        "UPDATE zaak SET state = 'afgesloten', resultaat = %s, resultaatdatum = %s, closed = %s WHERE gemeente = %s AND id = %s",
        (resultaat.resultaat, resultaat.datum, at, gemeente, zaak),
    )
    for own in resultaat.berichten:
        connection.execute(
            "UPDATE zaak_bericht SET status = %s, grond = %s WHERE gemeente = %s AND zaak = %s AND bericht = %s",
            (own.status, own.grond, gemeente, zaak, own.bericht),
        )


def save_contact(connection: Link, gemeente: str, zaak: UUID, row: ContactRow, at: datetime) -> None:
    """Write sealed contact data down, in the place of what was there."""
    connection.execute(
        """
        INSERT INTO zaak_contact (gemeente, zaak, bron, grondslag, datum, saved, storage_key, gegevens)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (gemeente, zaak) DO UPDATE SET bron = excluded.bron, grondslag = excluded.grondslag, datum = excluded.datum,
          saved = excluded.saved, storage_key = excluded.storage_key, gegevens = excluded.gegevens
        """,
        (gemeente, zaak, row.bron, row.grondslag, row.datum, at, row.storage_key, row.gegevens),
    )


def contact(connection: Link, gemeente: str, zaak: UUID) -> ContactRow | None:
    """The sealed contact data of a case."""
    with connection.cursor(row_factory=class_row(ContactRow)) as cursor:
        cursor.execute(
            "SELECT bron, grondslag, datum, storage_key, gegevens FROM zaak_contact WHERE gemeente = %s AND zaak = %s", (gemeente, zaak)
        )
        return cursor.fetchone()


def shown(connection: Link, gemeente: str, cases: Sequence[CaseRow]) -> list[Zaak]:
    """Cases with their messages and attempts."""
    ids = [case.id for case in cases]
    messages: dict[UUID, list[ZaakBericht]] = {id: [] for id in ids}
    attempts: dict[UUID, list[Contactpoging]] = {id: [] for id in ids}
    rows = connection.execute(
        "SELECT zaak, bericht, status, grond FROM zaak_bericht WHERE gemeente = %s AND zaak = ANY (%s) ORDER BY bericht", (gemeente, ids)
    )
    for zaak, bericht, status, grond in rows:
        messages[zaak].append(ZaakBericht(bericht=bericht, status=status, grond=grond))
    rows = connection.execute(
        """
        SELECT zaak, kenmerk, soort, dagdeel, bereikt, datum FROM contactpoging
        WHERE gemeente = %s AND zaak = ANY (%s) ORDER BY datum, kenmerk
        """,
        (gemeente, ids),
    )
    for zaak, kenmerk, soort, dagdeel, bereikt, datum in rows:
        attempts[zaak].append(Contactpoging(kenmerk=kenmerk, soort=soort, dagdeel=dagdeel, bereikt=bereikt, datum=datum))
    return [_zaak(case, messages[case.id], attempts[case.id]) for case in cases]


def _zaak(case: CaseRow, messages: list[ZaakBericht], attempts: list[Contactpoging]) -> Zaak:
    return Zaak(
        id=case.id,
        zaaknummer=case.zaaknummer,
        staat=case.state,
        geopend_op=case.opened,
        berichten=messages,
        contactpogingen=attempts,
        resultaat=case.resultaat,
        resultaatdatum=case.resultaatdatum,
        contactgegevens_op=case.contact_saved,
    )


def _cases(connection: Link, where: str, values: dict[str, Any]) -> list[CaseRow]:
    with connection.cursor(row_factory=class_row(CaseRow)) as cursor:
        return cursor.execute(_CASE.format(where=where).encode(), values).fetchall()
