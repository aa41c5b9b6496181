"""What a resident's extract needs of the arrangements of a case, and the log's entries about them (role gw_inbox)."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from gateway.regelingen.rows import Link
from schemas.regelingen import Partijstaat, Regelingsoort
from schemas.types import Oin


class SentRow(msgspec.Struct, frozen=True):
    """A message of an arrangement, with what its arrangement says."""

    regeling: UUID
    soort: Regelingsoort
    schuldeiser: str
    state: Partijstaat
    sent: datetime
    einde: date
    reminded: datetime | None
    answered: datetime | None
    withdrawn: datetime | None


def sent(connection: Link, gemeente: str, zaaknummer: str, of: Oin | None) -> list[SentRow]:
    """What was sent in a case, oldest first; of one party when it is given."""
    with connection.cursor(row_factory=class_row(SentRow)) as cursor:
        cursor.execute(
            """
            SELECT r.id AS regeling, r.soort, b.schuldeiser, b.state, b.sent, r.einde, b.reminded, b.answered, r.withdrawn
            FROM regeling r JOIN regelingbericht b ON b.gemeente = r.gemeente AND b.regeling = r.id
            WHERE r.gemeente = %(gemeente)s AND lower(r.zaaknummer) = lower(%(zaaknummer)s)
              AND (%(of)s::text IS NULL OR r.party = %(of)s::text)
            ORDER BY r.id, b.schuldeiser
            """,
            {"gemeente": gemeente, "zaaknummer": zaaknummer, "of": of},
        )
        return cursor.fetchall()


def log(connection: Link, gemeente: str, regeling: UUID) -> list[bytes]:
    """The bodies of the log's entries about reading one arrangement, oldest first."""
    return [bytes(row[0]) for row in connection.execute("SELECT body FROM regeling_log(%s, %s)", (gemeente, regeling)).fetchall()]
