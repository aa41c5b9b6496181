"""The rows that workers share: who is at which file or chunk, and what is done. Work is claimed with a lease, never waited for.

A claim is a short transaction of its own (`FOR UPDATE SKIP LOCKED`). Of two workers that believe they hold one thing, the one whose lease
was replaced keeps nothing. Authority: decision 0025. Leaves the mailboxes to `postrows`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, LiteralString, NamedTuple
from uuid import UUID

from gateway.files.flow import Files, Lost
from gateway.store.database import Connection, Transactions
from gateway.store.tenant import Tenant, parties
from schemas.bestand import Kop

_FIELDS: LiteralString = "id, party, naam, size, hash, received, trace_id, principal, soort, kop, records, chunks, attempts, lease_until"
_CLAIM: LiteralString = """
UPDATE bestand SET lease_until = %(until)s, attempts = attempts + 1 WHERE id = (
  SELECT id FROM bestand b WHERE (lease_until IS NULL OR lease_until <= %(now)s) AND {}
  ORDER BY received FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING {}
"""
_OPEN: LiteralString = "EXISTS (SELECT FROM bestand_deel d WHERE d.bestand = b.id AND d.done IS NULL)"
_READING: LiteralString = (  # one of a partner at a time: who sends a hundred slow files delays nobody but itself
    "EXISTS (SELECT FROM bestand r WHERE r.party = b.party AND r.state = 'ontvangen' AND r.lease_until > %(now)s AND r.attempts > 0)"
)
_KINDS: dict[str, LiteralString] = {
    "ontvangen": f"state = 'ontvangen' AND NOT {_READING}",
    "stand": f"state = 'in_verwerking' AND soort = 'stand' AND {_OPEN}",
    "klaar": f"state = 'in_verwerking' AND NOT {_OPEN}",
}
_PART = """
UPDATE bestand_deel SET lease_until = %(until)s, attempts = attempts + 1 WHERE (bestand, nr) = (
  SELECT d.bestand, d.nr FROM bestand_deel d JOIN bestand b ON b.id = d.bestand
  WHERE d.done IS NULL AND (d.lease_until IS NULL OR d.lease_until <= %(now)s) AND b.soort <> 'stand'
    AND NOT (d.na AND EXISTS (SELECT FROM bestand_deel e WHERE e.bestand = d.bestand AND e.nr < d.nr AND e.done IS NULL))
  ORDER BY d.nr, d.bestand FOR UPDATE OF d SKIP LOCKED LIMIT 1)
RETURNING bestand, nr, position, size, records, attempts
"""
_WAITING: LiteralString = """
SELECT party FROM bestand b WHERE (lease_until IS NULL OR lease_until <= %(now)s) AND {} GROUP BY party ORDER BY min(received)
"""
_WAITING_PARTS = """
SELECT b.party FROM bestand_deel d JOIN bestand b ON b.id = d.bestand
WHERE d.done IS NULL AND (d.lease_until IS NULL OR d.lease_until <= %(now)s) AND b.soort <> 'stand'
  AND NOT (d.na AND EXISTS (SELECT FROM bestand_deel e WHERE e.bestand = d.bestand AND e.nr < d.nr AND e.done IS NULL))
GROUP BY b.party ORDER BY min(d.nr), min(d.bestand::text)
"""
_PARTS = """
INSERT INTO bestand_deel (bestand, nr, na, position, size, records)
SELECT %s, u.* FROM unnest(%s::int[], %s::boolean[], %s::bigint[], %s::int[], %s::int[]) AS u
"""
_ACCEPT = """
UPDATE bestand
SET state = 'in_verwerking', principal = %s, soort = %s, kop = %s, records = %s, chunks = %s, lease_until = NULL, attempts = 0
WHERE id = %s AND state = 'ontvangen' AND lease_until = %s
"""
_END = """
UPDATE bestand SET state = %s, principal = coalesce(principal, %s), result = %b, finished = %s, chunks = NULL, lease_until = NULL
WHERE id = %s AND state IN ('ontvangen', 'in_verwerking') AND lease_until = %s
"""
_DONE = """
UPDATE bestand_deel SET done = %s, lines = %b, bezorgd = %s, eerder = %s, geweigerd = %s, quarantaine = %s, ingetrokken = %s
WHERE bestand = %s AND nr = %s AND done IS NULL
"""
Kind = Literal["ontvangen", "stand", "klaar"]
State = Literal["verwerkt", "geweigerd"]


class Work(NamedTuple):
    """A file that a worker holds. What is None is known once it was read."""

    id: UUID
    party: str
    naam: str
    size: int
    hash: bytes
    received: datetime
    trace_id: str
    principal: str | None
    soort: str | None
    kop: bytes | None
    records: int | None
    chunks: UUID | None
    attempts: int
    lease: datetime


class Head(NamedTuple):
    """What is known of an accepted file as a whole: what it says, and whether its party is in shadow, which the gateway adds."""

    kop: Kop = Kop()
    schaduw: bool = False


class Span(NamedTuple):
    """Where a chunk stands in the chunk spool. `na`: it waits for all before it."""

    na: bool
    position: int
    size: int
    records: int


class Part(NamedTuple):
    """A chunk that a worker holds."""

    bestand: UUID
    nr: int
    position: int
    size: int
    records: int
    attempts: int


class Counts(NamedTuple):
    """Outcomes of records."""

    bezorgd: int = 0
    eerder: int = 0
    geweigerd: int = 0
    quarantaine: int = 0
    ingetrokken: int = 0


def tenant(work: Work) -> Tenant:
    """Whose rows work on a file touches: the party's that delivered it, and its principal's."""
    return parties(work.party, work.principal or work.party)


def waiting(connection: Connection, kind: Kind | None, now: datetime) -> list[str]:
    """The parties with a file that waits for this kind of work (None: with a chunk), who waited longest first. For a task."""
    query = _WAITING_PARTS if kind is None else _WAITING.format(_KINDS[kind])
    return [row[0] for row in connection.execute(query, {"now": now}).fetchall()]


def claim(connection: Connection, kind: Kind, now: datetime, until: datetime) -> Work | None:
    """Take the oldest file of this party that waits for this kind of work."""
    row = connection.execute(_CLAIM.format(_KINDS[kind], _FIELDS), {"now": now, "until": until}).fetchone()
    return Work(*row) if row else None


def claim_part(connection: Connection, now: datetime, until: datetime) -> tuple[Part, Work] | None:
    """Take a chunk of this party's, of its files in turn."""
    row = connection.execute(_PART, {"now": now, "until": until}).fetchone()
    if row is None:
        return None
    part = Part(*row)
    found = connection.execute(f"SELECT {_FIELDS} FROM bestand WHERE id = %s", (part.bestand,)).fetchone()  # noqa: S608 - names of ours
    return (part, Work(*found)) if found else None


def extend(connection: Connection, work: Work, until: datetime) -> Work:
    """Go on holding a file. Raises Lost."""
    held = connection.execute("UPDATE bestand SET lease_until = %s WHERE id = %s AND lease_until = %s", (until, work.id, work.lease))
    if not held.rowcount:
        raise Lost
    return work._replace(lease=until)


def hold(files: Files, work: Work) -> Work:
    """Extend the lease once a third of it has passed. Raises Lost."""
    now = files.steps.clock.now()
    if work.lease - now > files.lease * 2 / 3:
        return work
    with files.steps.database.transaction(tenant(work)) as connection:
        return extend(connection, work, now + files.lease)


def accept(connection: Connection, work: Work, principal: str, soort: str, kop: bytes, chunks: UUID, spans: Sequence[Span]) -> None:
    """The file was read to its end and is in progress from now on. Raises Lost."""
    values = (principal, soort, kop, sum(span.records for span in spans), chunks, work.id, work.lease)
    if not connection.execute(_ACCEPT, values).rowcount:
        raise Lost
    columns = [list(column) for column in zip(*spans, strict=True)] or [[]] * 4
    connection.execute(_PARTS, (work.id, list(range(len(spans))), *columns))


def finish_part(connection: Connection, part: Part, lines: bytes, counts: Counts, now: datetime) -> None:
    """A chunk is done, in the transaction that did it. Raises Lost: it was done already."""
    if not connection.execute(_DONE, (now, lines, *counts, part.bestand, part.nr)).rowcount:
        raise Lost


def end(connection: Connection, work: Work, state: State, principal: str, result: bytes, now: datetime) -> None:
    """The file has come to its end; its chunks are gone. Raises Lost."""
    if not connection.execute(_END, (state, principal, result, now, work.id, work.lease)).rowcount:
        raise Lost
    connection.execute("DELETE FROM bestand_deel WHERE bestand = %s", (work.id,))


def let_go(connection: Connection, work: Work) -> None:
    """This much is done: the next may begin. Raises Lost."""
    if not connection.execute("UPDATE bestand SET lease_until = NULL WHERE id = %s AND lease_until = %s", (work.id, work.lease)).rowcount:
        raise Lost


def release(connection: Connection, work: Work, until: datetime) -> None:
    """Give a file back, for somebody to try again at `until`; this try does not count."""
    statement = "UPDATE bestand SET lease_until = %s, attempts = attempts - 1 WHERE id = %s AND lease_until = %s"
    connection.execute(statement, (until, work.id, work.lease))


def release_part(connection: Connection, part: Part, until: datetime) -> None:
    """Give a chunk back, as `release`."""
    statement = "UPDATE bestand_deel SET lease_until = %s, attempts = attempts - 1 WHERE bestand = %s AND nr = %s AND done IS NULL"
    connection.execute(statement, (until, part.bestand, part.nr))


def parts(connection: Connection, bestand: UUID) -> list[tuple[Part, bool]]:
    """Every chunk of a file in order, and whether it waited for those before it."""
    rows = connection.execute(
        "SELECT bestand, nr, position, size, records, attempts, na FROM bestand_deel WHERE bestand = %s ORDER BY nr", (bestand,)
    ).fetchall()
    return [(Part(*row[:6]), row[6]) for row in rows]


def lines(database: Transactions, work: Work, numbers: Sequence[int]) -> Iterator[bytes]:
    """The report lines of these chunks, a chunk at a time."""
    for nr in numbers:
        with database.transaction(tenant(work)) as connection:
            row = connection.execute("SELECT lines FROM bestand_deel WHERE bestand = %s AND nr = %s", (work.id, nr)).fetchone()
        if row is None:
            raise Lost
        yield row[0] or b"[]"


def counts(connection: Connection, bestand: UUID) -> Counts:
    """The outcomes of a whole file."""
    row = connection.execute(
        """
        SELECT coalesce(sum(bezorgd), 0)::int, coalesce(sum(eerder), 0)::int, coalesce(sum(geweigerd), 0)::int,
               coalesce(sum(quarantaine), 0)::int, coalesce(sum(ingetrokken), 0)::int
        FROM bestand_deel WHERE bestand = %s
        """,
        (bestand,),
    ).fetchone()
    return Counts(*row) if row else Counts()


def same_before(connection: Connection, work: Work) -> UUID | None:
    """The first file with the same content that this party delivered and that was taken."""
    row = connection.execute(
        """
        SELECT id FROM bestand WHERE party = %s AND hash = %s AND id <> %s AND state IN ('in_verwerking', 'verwerkt')
        ORDER BY received LIMIT 1
        """,
        (work.party, work.hash, work.id),
    ).fetchone()
    return row[0] if row else None
