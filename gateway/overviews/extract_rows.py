"""What an extract needs besides `rows`: who asked and by which document, what was withdrawn, and the log's entries (role gw_inbox)."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from gateway.overviews.desk import Link
from schemas.schuldenoverzicht import Machtigingsoort


class Asked(NamedTuple):
    """Who asked, and the document that it rests on."""

    party: str
    soort: Machtigingsoort | None
    datum: date | None


def asked(connection: Link, gemeente: str, overzicht: UUID) -> Asked:
    """Who asked for an overview that is there."""
    query = "SELECT party, machtiging_soort, machtiging_datum FROM schuldenoverzicht WHERE gemeente = %s AND id = %s"
    (found,) = connection.execute(query, (gemeente, overzicht)).fetchall()
    return Asked(*found)


def withdrawn(connection: Link, gemeente: str, overzicht: UUID) -> dict[UUID, datetime]:
    """When questions of an overview were withdrawn, by their id; the others are not in it."""
    query = "SELECT id, withdrawn FROM saldoverzoek WHERE gemeente = %s AND overzicht = %s AND withdrawn IS NOT NULL"
    return dict(connection.execute(query, (gemeente, overzicht)).fetchall())


def log(connection: Link, gemeente: str, overzicht: UUID) -> list[bytes]:
    """The bodies of the log's entries about asking, reading and withdrawing one overview, oldest first."""
    return [bytes(row[0]) for row in connection.execute("SELECT body FROM overzicht_log(%s, %s)", (gemeente, overzicht)).fetchall()]
