"""Reads what matching needs of one municipality: the messages around an address, its own history, its objections. No person data.

Match keys live 7 months (rule RT-06); numbered messages only, so that what is shown follows from what a reader could have seen.
Leaves the judgement to `gateway.matching`, and who may ask to the flows.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.core.neighbour import Earlier, Neighbour
from gateway.mailbox.inbox import NAME
from schemas.signaal import Soort
from schemas.types import Sector

TERM = "7 months"


class _Meta(msgspec.Struct, frozen=True, rename="camel"):
    """What matching reads of a message's metadata."""

    bedrag_cent: int


class Shown(msgspec.Struct, frozen=True, rename="camel"):
    """What a melding says of one of its messages."""

    soort: Soort
    sector: Sector
    signaaldatum: date


class Place(NamedTuple):
    """A numbered message and where it belongs: its address pseudonym (None past its term) and its arrival (UTC)."""

    nr: int
    address: bytes | None
    received: datetime


_AMOUNT = msgspec.json.Decoder(_Meta)
_SHOWN = msgspec.json.Decoder(Shown)
_ADDRESS = NAME.format(name="address")
# A message has its name in the leading version first or second: by either, so that none is missed while versions change, and never by both.
_NEIGHBOURS = """
SELECT b.address{n}, b.id, i.nr, coalesce(b.schuldeiser, b.principal), b.contract{n}, b.meta, b.received, i.opgepakt_op,
       CASE WHEN i.state = 'ingetrokken' THEN i.withdrawn_at END
FROM bericht b CROSS JOIN LATERAL
  (SELECT * FROM inbox_item o WHERE o.gemeente = b.gemeente AND o.bericht = b.id LIMIT 1) AS i  -- the limit keeps it on the index
WHERE b.gemeente = %(gemeente)s AND b.address{n} = ANY (%(addresses)s) AND b.received > now() - %(term)s::interval
"""
NEIGHBOURS = _NEIGHBOURS.format(n="") + "UNION ALL" + _NEIGHBOURS.format(n="_2")
PLACES = """
SELECT i.nr, {address}, b.received FROM inbox_item i CROSS JOIN LATERAL (
  SELECT * FROM bericht b WHERE b.gemeente = i.gemeente AND b.id = i.bericht OFFSET 0) b
WHERE i.gemeente = %(gemeente)s AND i.nr > %(after)s ORDER BY i.nr LIMIT %(limit)s
""".replace("{address}", _ADDRESS)
_BEGINNING = """
SELECT {address} FROM bericht b
WHERE b.gemeente = %(gemeente)s AND b.address BETWEEN %(low)s AND %(high)s AND b.received > now() - %(term)s::interval
UNION
SELECT {address} FROM bericht b
WHERE b.gemeente = %(gemeente)s AND b.address_2 BETWEEN %(low)s AND %(high)s AND b.received > now() - %(term)s::interval
""".replace("{address}", _ADDRESS)
_HISTORY = """
SELECT address{n}, principal, contract{n}, day, loaded FROM historie
WHERE gemeente = %(gemeente)s AND address{n} = ANY (%(addresses)s) AND day > (now() - %(term)s::interval)::date
"""
_BOTH_HISTORIES = _HISTORY.format(n="") + "UNION ALL" + _HISTORY.format(n="_2")
_OBJECTIONS = """
SELECT address, person FROM bezwaar
WHERE gemeente = %(gemeente)s AND (address = ANY (%(addresses)s) OR person = ANY (%(persons)s))
UNION ALL
SELECT address_2, person_2 FROM bezwaar
WHERE gemeente = %(gemeente)s AND (address_2 = ANY (%(addresses)s) OR person_2 = ANY (%(persons)s))
"""


def neighbours(connection: psycopg.Connection[Any], gemeente: str, addresses: Sequence[bytes]) -> dict[bytes, list[Neighbour]]:
    """Per address pseudonym the numbered messages of the last 7 months, withdrawn ones included."""
    values = {"gemeente": gemeente, "addresses": list(set(addresses)), "term": TERM}
    found: dict[bytes, list[Neighbour]] = {}
    for address, id, nr, creditor, contract, meta, received, picked_up, gone in connection.execute(NEIGHBOURS, values):
        amount = _AMOUNT.decode(meta).bedrag_cent
        found.setdefault(address, []).append(Neighbour(id, nr, creditor, contract, amount, received, picked_up, gone))
    return found


def history(connection: psycopg.Connection[Any], gemeente: str, addresses: Sequence[bytes]) -> dict[bytes, list[Earlier]]:
    """Per address pseudonym what the municipality told of before."""
    found: dict[bytes, list[Earlier]] = {}
    values = {"gemeente": gemeente, "addresses": list(set(addresses)), "term": TERM}
    for address, *rest in connection.execute(_BOTH_HISTORIES, values):
        found.setdefault(address, []).append(Earlier(*rest))
    return found


def places(connection: psycopg.Connection[Any], gemeente: str, after: int, limit: int) -> list[Place]:
    """The messages with a number above `after`, in order."""
    rows = connection.execute(PLACES, {"gemeente": gemeente, "after": after, "limit": limit}).fetchall()
    return [Place(*row) for row in rows]


def beginning(connection: psycopg.Connection[Any], gemeente: str, low: bytes, high: bytes) -> bytes | None:
    """The one address pseudonym between these bounds, or what the same address is called in the version that leads now."""
    row = connection.execute(_BEGINNING, {"gemeente": gemeente, "low": low, "high": high, "term": TERM}).fetchone()
    return bytes(row[0]) if row else None


def shown(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID]) -> dict[UUID, Shown]:
    """What meldingen say of these messages."""
    rows = connection.execute("SELECT id, meta FROM bericht WHERE gemeente = %s AND id = ANY (%s)", (gemeente, list(berichten)))
    return {id: _SHOWN.decode(meta) for id, meta in rows}


class Objections(NamedTuple):
    """The objections that may touch some messages: (address, person or None)."""

    rows: frozenset[tuple[bytes, bytes | None]]

    def touch(self, address: bytes | None, person: bytes | None) -> bool:
        """Whether an objection holds: of the person anywhere, else of the address; an unnamed person at the address is taken along."""
        return any(whose == person if whose is not None and person is not None else where == address for where, whose in self.rows)


def objections(connection: psycopg.Connection[Any], gemeente: str, addresses: Sequence[bytes], persons: Sequence[bytes]) -> Objections:
    """The objections at these addresses or of these persons."""
    values = {"gemeente": gemeente, "addresses": list(addresses), "persons": list(persons)}
    return Objections(frozenset(connection.execute(_OBJECTIONS, values).fetchall()))
