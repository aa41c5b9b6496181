"""Files for the desk of a municipality, and which message stands in which of them: tables `uitlaat_bestand` and `uitlaat_bericht`.

A file is either taken back, or opened by its desk; never both: each is an update of the same row that asks for the other. Every statement
names the desk, or the municipality. Authority: feature F87; decision 0039. Leaves what goes into a file to `gateway.outlet`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from gateway.files.postrows import Outgoing
from gateway.store.database import Connection

FOLDER: Final = "uitlaat"
_WAITING = """
SELECT u.id, u.naam, u.size, u.created, u.collected FROM bestand_uit u JOIN uitlaat_bestand b ON b.id = u.id
WHERE u.party = %s AND u.folder = 'uitlaat' AND b.gemeente = ANY (%s)
"""
_FILE = "id, gemeente, loket, nr, soort, claim, profiel, records, gemaakt, uiterlijk, geopend, opgehaald, afgerond, teruggenomen"


class Deskfile(NamedTuple):
    """A file as the municipality sees it; instants in UTC. `claim`: under which its messages are held, none of withdrawals."""

    id: UUID
    gemeente: str
    loket: str
    nr: int
    soort: str
    claim: UUID | None
    profiel: str
    records: int
    gemaakt: datetime
    uiterlijk: datetime
    geopend: datetime | None = None
    opgehaald: datetime | None = None
    afgerond: datetime | None = None
    teruggenomen: bool = False


class Unfit(NamedTuple):
    """A message that does not fit into the profile, and the column, or what else it is."""

    bericht: UUID
    reden: str


def outgoing(connection: Connection, loket: str, served: Iterable[str]) -> list[Outgoing]:
    """What waits for a desk of the municipalities that it serves now."""
    rows = connection.execute(f"{_WAITING} AND u.collected IS NULL ORDER BY u.naam", (loket, sorted(served))).fetchall()
    return [Outgoing(*row) for row in rows]


def named(connection: Connection, loket: str, served: Iterable[str], naam: str) -> Outgoing | None:
    """A file for a desk by its name, collected or not."""
    row = connection.execute(f"{_WAITING} AND u.naam = %s", (loket, sorted(served), naam)).fetchone()
    return Outgoing(*row) if row else None


def open_for_reading(connection: Connection, id: UUID, at: datetime) -> bool:
    """From here on it can not be taken back any more; False when it was, or its time is over."""
    statement = """
        UPDATE uitlaat_bestand SET geopend = coalesce(geopend, %s) WHERE id = %s AND NOT teruggenomen AND uiterlijk > %s
    """
    return connection.execute(statement, (at, id, at)).rowcount == 1


def places(connection: Connection) -> list[tuple[str, str]]:
    """Municipality and desk of every file that has not ended (role gw_taken)."""
    return connection.execute("SELECT DISTINCT gemeente, loket FROM uitlaat_bestand WHERE afgerond IS NULL ORDER BY 1, 2").fetchall()


def alone(connection: Connection, gemeente: str) -> None:
    """Until the end of the transaction nobody else makes or ends files of this municipality."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"uitlaat\n{gemeente}",))


def unended(connection: Connection, gemeente: str) -> list[Deskfile]:
    """Files of a municipality of which the inbox does not know the end."""
    query = f"SELECT {_FILE} FROM uitlaat_bestand WHERE gemeente = %s AND afgerond IS NULL ORDER BY nr"  # noqa: S608 - names of ours
    return [Deskfile(*row) for row in connection.execute(query, (gemeente,)).fetchall()]


def newest(connection: Connection, gemeente: str, most: int) -> list[Deskfile]:
    """The last files of a municipality."""
    query = f"SELECT {_FILE} FROM uitlaat_bestand WHERE gemeente = %s ORDER BY nr DESC LIMIT %s"  # noqa: S608 - names of ours
    return [Deskfile(*row) for row in connection.execute(query, (gemeente, most)).fetchall()]


def next_number(connection: Connection, gemeente: str) -> int:
    """The number of the next file; the caller is `alone`."""
    row = connection.execute("SELECT coalesce(max(nr), 0) + 1 FROM uitlaat_bestand WHERE gemeente = %s", (gemeente,)).fetchone()
    return int(row[0]) if row else 1


def add(connection: Connection, file: Deskfile, berichten: Sequence[UUID]) -> None:
    """A file with its messages. Raises psycopg.errors.UniqueViolation: one of them is in another file."""
    connection.execute(
        """
        INSERT INTO uitlaat_bestand (id, gemeente, loket, nr, soort, claim, profiel, records, gemaakt, uiterlijk)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        file[:10],
    )
    if file.soort == "intrekkingen":
        statement = "UPDATE uitlaat_bericht SET ingetrokken = %s WHERE gemeente = %s AND bericht = ANY (%s)"
        connection.execute(statement, (file.id, file.gemeente, list(berichten)))
        return
    connection.execute(
        "DELETE FROM uitlaat_bericht WHERE gemeente = %s AND bericht = ANY (%s) AND bestand IS NULL", (file.gemeente, list(berichten))
    )
    connection.execute(
        """
        INSERT INTO uitlaat_bericht (gemeente, bericht, bestand, profiel, gemaakt)
        SELECT %s, wanted, %s, %s, %s FROM unnest(%s::uuid[]) AS wanted ORDER BY wanted
        """,
        (file.gemeente, file.id, file.profiel, file.gemaakt, list(berichten)),
    )


def set_aside(connection: Connection, gemeente: str, profiel: str, unfit: Sequence[Unfit], at: datetime) -> None:
    """Messages that stay in the inbox as long as this profile holds."""
    connection.execute(
        """
        INSERT INTO uitlaat_bericht AS u (gemeente, bericht, profiel, reden, gemaakt)
        SELECT %s, wanted, %s, why, %s FROM unnest(%s::uuid[], %s::text[]) AS w(wanted, why) ORDER BY wanted
        ON CONFLICT (gemeente, bericht) DO UPDATE SET profiel = excluded.profiel, reden = excluded.reden, gemaakt = excluded.gemaakt
        WHERE u.bestand IS NULL
        """,
        (gemeente, profiel, at, [one.bericht for one in unfit], [one.reden for one in unfit]),
    )


def passed(connection: Connection, gemeente: str, profiel: str) -> set[UUID]:
    """Of the messages that wait in the inbox, those that went out once, or do not fit into this profile."""
    query = """
        SELECT u.bericht FROM uitlaat_bericht u JOIN inbox_item i ON i.gemeente = u.gemeente AND i.bericht = u.bericht
        WHERE u.gemeente = %s AND (u.bestand IS NOT NULL OR u.profiel = %s) AND i.state IN ('bezorgd', 'geclaimd')
    """
    return {row[0] for row in connection.execute(query, (gemeente, profiel)).fetchall()}


def aside(connection: Connection, gemeente: str) -> list[tuple[str, str, int]]:
    """Profile, reason and number of messages that stay in the inbox because they do not fit, and stand there still."""
    return connection.execute(
        """
        SELECT u.profiel, u.reden, count(*) FROM uitlaat_bericht u JOIN inbox_item i ON i.gemeente = u.gemeente AND i.bericht = u.bericht
        WHERE u.gemeente = %s AND u.bestand IS NULL AND i.state IN ('bezorgd', 'geclaimd') GROUP BY 1, 2 ORDER BY 1, 2
        """,
        (gemeente,),
    ).fetchall()


def untold(connection: Connection, gemeente: str, loket: str, most: int) -> list[tuple[UUID, datetime, int]]:
    """Withdrawn messages that went out to this desk and whose withdrawal was not told: id, when, and the number of their file."""
    return connection.execute(
        """
        SELECT u.bericht, i.withdrawn_at, f.nr FROM uitlaat_bericht u
          JOIN uitlaat_bestand f ON f.id = u.bestand JOIN inbox_item i ON i.gemeente = u.gemeente AND i.bericht = u.bericht
        WHERE u.gemeente = %s AND f.loket = %s AND f.geopend IS NOT NULL AND u.ingetrokken IS NULL AND i.withdrawn_at IS NOT NULL
        ORDER BY u.bericht LIMIT %s
        """,
        (gemeente, loket, most),
    ).fetchall()


def withdrawn(connection: Connection, file: UUID) -> bool:
    """Whether something in a file was withdrawn since."""
    row = connection.execute(
        """
        SELECT EXISTS (SELECT FROM uitlaat_bericht u JOIN inbox_item i ON i.gemeente = u.gemeente AND i.bericht = u.bericht
          WHERE u.bestand = %s AND i.withdrawn_at IS NOT NULL)
        """,
        (file,),
    ).fetchone()
    return bool(row and row[0])


def take_back(connection: Connection, file: Deskfile, at: datetime) -> bool:
    """Nobody can open it from here on, and what was in it may go out again; False when its desk opened it meanwhile."""
    statement = "UPDATE uitlaat_bestand SET teruggenomen = true, afgerond = %s WHERE id = %s AND geopend IS NULL AND afgerond IS NULL"
    if connection.execute(statement, (at, file.id)).rowcount != 1:
        return False
    connection.execute("DELETE FROM bestand_uit WHERE id = %s", (file.id,))
    connection.execute("DELETE FROM uitlaat_bericht WHERE gemeente = %s AND bestand = %s", (file.gemeente, file.id))
    _tell_again(connection, file)
    return True


def end(connection: Connection, file: Deskfile, at: datetime) -> bool:
    """The inbox knows what became of it; False when another round was first."""
    return connection.execute("UPDATE uitlaat_bestand SET afgerond = %s WHERE id = %s AND afgerond IS NULL", (at, file.id)).rowcount == 1


def let_go(connection: Connection, file: Deskfile) -> None:
    """It was opened and never read to its end, and its time is over: it goes. Messages in it do not go out again, withdrawals do."""
    connection.execute("DELETE FROM bestand_uit WHERE id = %s", (file.id,))
    _tell_again(connection, file)


def _tell_again(connection: Connection, file: Deskfile) -> None:
    connection.execute("UPDATE uitlaat_bericht SET ingetrokken = NULL WHERE gemeente = %s AND ingetrokken = %s", (file.gemeente, file.id))


def forget(connection: Connection, gemeente: str, before: datetime) -> None:
    """Rows of messages whose content cannot be there any more."""
    connection.execute("DELETE FROM uitlaat_bericht WHERE gemeente = %s AND gemaakt < %s", (gemeente, before))
    connection.execute("DELETE FROM uitlaat_bestand WHERE gemeente = %s AND gemaakt < %s AND afgerond IS NOT NULL", (gemeente, before))
