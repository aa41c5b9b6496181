"""The rows of the mailboxes: files that come in, until they are read, and files that wait to be collected.

Every statement names the partner or an id that was found through it. Leaves what a worker does with a file to `workrows`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from adapters.sftp.port import Folder
from gateway.store.database import Connection

_INCOMING = "SELECT id, naam, state, size, modified FROM bestand WHERE party = %s AND state IN ('schrijvend', 'klaargezet', 'ontvangen')"
_NAMED = """
SELECT id, naam, state, size, modified FROM bestand
WHERE party = %s AND naam = %s AND state IN ('schrijvend', 'klaargezet', 'ontvangen', 'in_verwerking')
"""
_OUTGOING = "SELECT id, naam, size, created, collected FROM bestand_uit WHERE party = %s AND folder = %s"


class Waiting(NamedTuple):
    """A file that came in and is not yet processed; `modified` in UTC."""

    id: UUID
    naam: str
    state: str
    size: int
    modified: datetime


class Outgoing(NamedTuple):
    """A file for a partner. `collected`: it is gone."""

    id: UUID
    naam: str
    size: int
    created: datetime
    collected: datetime | None


class Delivered(NamedTuple):
    """A file of a partner, whatever became of it; `result` is the signed result (JSON) once there is one."""

    naam: str
    state: str
    soort: str | None
    result: bytes | None


def delivered(connection: Connection, party: str) -> list[Delivered]:
    """Every file that a partner brought and that is still known, oldest first."""
    rows = connection.execute("SELECT naam, state, soort, result FROM bestand WHERE party = %s ORDER BY id", (party,)).fetchall()
    return [Delivered(*row) for row in rows]


def gone(connection: Connection, party: str, folder: Folder) -> set[str]:
    """The names of what a partner collected or removed from a folder."""
    query = "SELECT naam FROM bestand_uit WHERE party = %s AND folder = %s AND collected IS NOT NULL"
    return {row[0] for row in connection.execute(query, (party, folder)).fetchall()}


def alone(connection: Connection, party: str) -> None:
    """Until the end of the transaction nobody else changes this partner's mailbox."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"bestanden\n{party}",))


def incoming(connection: Connection, party: str) -> list[Waiting]:
    """What stands in `in`."""
    return [Waiting(*row) for row in connection.execute(f"{_INCOMING} ORDER BY naam", (party,)).fetchall()]


def named(connection: Connection, party: str, naam: str) -> Waiting | None:
    """The file of this name that is not yet processed."""
    row = connection.execute(_NAMED, (party, naam)).fetchone()
    return Waiting(*row) if row else None


def stored(connection: Connection, party: str) -> tuple[int, int]:
    """How many files of a partner are not yet processed, and their bytes."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(size), 0)::bigint FROM bestand WHERE party = %s AND state NOT IN ('verwerkt', 'geweigerd')", (party,)
    ).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def uncollected_of(connection: Connection, party: str) -> tuple[int, int]:
    """How many files wait for a partner in `uit`, and their bytes."""
    query = "SELECT count(*), coalesce(sum(size), 0)::bigint FROM bestand_uit WHERE party = %s AND folder = 'uit' AND collected IS NULL"
    row = connection.execute(query, (party,)).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def begin(connection: Connection, id: UUID, party: str, naam: str, at: datetime) -> None:
    """A file that is being written."""
    statement = "INSERT INTO bestand (id, party, naam, state, modified) VALUES (%s, %s, %s, 'schrijvend', %s)"
    connection.execute(statement, (id, party, naam, at))


def close(connection: Connection, id: UUID, size: int, hash: bytes, at: datetime) -> bool:
    """It was written to its end; False when it was replaced meanwhile."""
    statement = "UPDATE bestand SET state = 'klaargezet', size = %s, hash = %s, modified = %s WHERE id = %s AND state = 'schrijvend'"
    return connection.execute(statement, (size, hash, at, id)).rowcount == 1


def complete(connection: Connection, party: str, naam: str, at: datetime, trace_id: str, hash: bytes | None) -> bool:
    """From now on it is the gateway's. False when there is no such file that waits for it, or not with this hash."""
    statement = """
        UPDATE bestand SET state = 'ontvangen', received = %s, trace_id = %s
        WHERE party = %s AND naam = %s AND state = 'klaargezet' AND hash = coalesce(%b, hash)
    """
    return connection.execute(statement, (at, trace_id, party, naam, hash)).rowcount == 1


def forget(connection: Connection, id: UUID) -> None:
    """A file that never became the gateway's."""
    connection.execute("DELETE FROM bestand WHERE id = %s AND state IN ('schrijvend', 'klaargezet')", (id,))


def outgoing(connection: Connection, party: str, folder: Folder) -> list[Outgoing]:
    """What waits in a folder."""
    rows = connection.execute(f"{_OUTGOING} AND collected IS NULL ORDER BY naam", (party, folder)).fetchall()
    return [Outgoing(*row) for row in rows]


def outgoing_named(connection: Connection, party: str, folder: Folder, naam: str) -> Outgoing | None:
    """A file that waits in a folder; without one, the last one of this name that was collected."""
    row = connection.execute(f"{_OUTGOING} AND naam = %s ORDER BY collected DESC NULLS FIRST LIMIT 1", (party, folder, naam)).fetchone()
    return Outgoing(*row) if row else None


def waits(connection: Connection, party: str, namen: Sequence[str]) -> bool:
    """Whether any file of these names still waits in `uit`."""
    query = "SELECT EXISTS (SELECT FROM bestand_uit WHERE party = %s AND folder = 'uit' AND naam = ANY (%s) AND collected IS NULL)"
    row = connection.execute(query, (party, list(namen))).fetchone()
    return bool(row and row[0])


def collect(connection: Connection, id: UUID, at: datetime) -> None:
    """It is gone from its folder."""
    connection.execute("UPDATE bestand_uit SET collected = %s WHERE id = %s AND collected IS NULL", (at, id))


def fetched(connection: Connection, id: UUID, at: datetime) -> None:
    """Its partner read it to its end; kept with what was told in it, also when the partner removes the file at once."""
    collect(connection, id, at)
    connection.execute("UPDATE saldobestand_vraag SET collected = %s WHERE bestand = %s", (at, id))
    connection.execute("UPDATE uitlaat_bestand SET opgehaald = coalesce(opgehaald, %s) WHERE id = %s", (at, id))


def drop(connection: Connection, id: UUID) -> None:
    """Its name is free again."""
    connection.execute("DELETE FROM bestand_uit WHERE id = %s", (id,))


def put_out(connection: Connection, id: UUID, party: str, folder: Folder, naam: str, size: int, at: datetime) -> UUID | None:
    """Put a file into a folder; returns the id of an older one of this name that it replaces."""
    old = outgoing_named(connection, party, folder, naam)
    replaced = old.id if old is not None and old.collected is None else None
    if replaced is not None:
        drop(connection, replaced)
    statement = "INSERT INTO bestand_uit (id, party, folder, naam, size, created) VALUES (%s, %s, %s, %s, %s, %s)"
    connection.execute(statement, (id, party, folder, naam, size, at))
    return replaced


def uncollected(connection: Connection) -> list[tuple[UUID, datetime]]:
    """Everything that waits for anybody but a desk, and since when."""
    return connection.execute("SELECT id, created FROM bestand_uit WHERE collected IS NULL AND folder <> 'uitlaat'").fetchall()


def forget_old(connection: Connection, *, unfinished: datetime, collected: datetime, finished: datetime) -> None:
    """Rows of uploads not touched, files collected and files ended before these moments."""
    connection.execute("DELETE FROM bestand WHERE state IN ('schrijvend', 'klaargezet') AND modified < %s", (unfinished,))
    connection.execute("DELETE FROM bestand_uit WHERE collected < %s", (collected,))
    connection.execute("DELETE FROM bestand WHERE finished < %s", (finished,))


def needed(connection: Connection) -> set[UUID]:
    """Every id in the spool that something still points to."""
    rows = connection.execute(
        """
        SELECT id FROM bestand WHERE finished IS NULL UNION ALL SELECT chunks FROM bestand WHERE chunks IS NOT NULL
        UNION ALL SELECT id FROM bestand_uit WHERE collected IS NULL
        """
    ).fetchall()
    return {row[0] for row in rows}
