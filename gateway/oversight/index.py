"""Where in the log something stands: one row per numbered entry of a municipality, made here and not in the flows.

Filled before each search, in the order of the numbers, so that it is complete up to the log's end and costs a delivery nothing. It is an
index: what is shown is parsed from the entry's own bytes, and `compare` makes every row anew and says what differs. Authority:
architecture, the log (search columns are an index). Runs as gw_toezicht.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from gateway.oversight.desk import Link, OversightDesk, require_log
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Entry, name_of
from gateway.store.database import Database
from gateway.store.tenant import task

CHUNK = 5_000
INDEXING = task("zoekindex")
"""In whose name the log of everybody is read, to make or to compare the index."""
ADDRESS, PERSON, STAFF, MESSAGE, CASE = "adres", "persoon", "medewerker", "bericht", "zaak"
_ABOUT = {
    "bericht": MESSAGE, "zaak": CASE, "claim": "claim", "overzicht": "overzicht", "regeling": "regeling",
    "betrokkene": ADDRESS, "persoon": PERSON, "medewerker": STAFF,
}  # fmt: skip
_NEXT = """
SELECT l.nr, e.body FROM log_leaf l LEFT JOIN log_entry e ON e.id = l.entry WHERE l.nr >= %s AND l.nr < %s ORDER BY l.nr
"""
_INSERT = """
INSERT INTO toezicht_regel (nr, entry, gemeente, tijd, event, activiteit, partij, principaal, onderwerpen)
SELECT u.nr, u.entry, u.gemeente, u.tijd, u.event, u.activiteit, u.partij, u.principaal, string_to_array(u.about, ' ')
FROM unnest(%b::bigint[], %b::uuid[], %b::text[], %b::timestamptz[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[])
  AS u(nr, entry, gemeente, tijd, event, activiteit, partij, principaal, about)
"""
_ROWS = """
SELECT nr, entry, gemeente, tijd, event, activiteit, partij, principaal, array_to_string(onderwerpen, ' ')
FROM toezicht_regel WHERE nr >= %s AND nr < %s ORDER BY nr
"""


class Row(NamedTuple):
    """One entry in the index. `about` are its subjects (`bericht:…`, `adres:…`), with spaces between them."""

    nr: int
    entry: Any
    gemeente: str
    tijd: Any
    event: str
    activiteit: str
    partij: str
    principaal: str
    about: str


def refresh(desk: OversightDesk) -> None:
    """Number what is committed and take it up, so that what just happened is found. Raises Unavailable: the log is behind."""
    while desk.number():
        pass
    catch_up(desk.database)
    with desk.database.transaction() as connection:
        require_log(connection)


def catch_up(database: Database) -> int:
    """Take up every entry that was numbered since. Returns how many numbers."""
    total = 0
    while done := _chunk(database):
        total += done
    return total


def row(nr: int, entry: Entry) -> Row | None:
    """How an entry stands in the index; None when it is of no municipality."""
    gemeente = getattr(entry, "gemeente", None)
    if gemeente is None:
        return None
    about = (f"{kind}:{value}" for name, kind in _ABOUT.items() if (value := getattr(entry, name, None)) is not None)
    return Row(nr, entry.id, gemeente, entry.tijd, name_of(entry), entry.activiteit, entry.partij, entry.principaal, " ".join(about))


def compare(database: Database) -> list[str]:
    """What in the index differs from the log, by number; nothing when all is as it must be."""
    with database.transaction(INDEXING) as connection:
        return _compared(connection)


def _compared(connection: Link) -> list[str]:
    (until,) = connection.execute("SELECT tot FROM toezicht_stand").fetchone() or (0,)
    found = []
    for low in range(0, until, CHUNK):
        stored = {line[0]: Row(*line) for line in connection.execute(_ROWS, (low, low + CHUNK))}
        bodies = connection.execute(_NEXT, (low, min(low + CHUNK, until))).fetchall()
        made = {one.nr: one for one in _rows(bodies)}
        kept = {nr for nr, body in bodies if body is None}  # destroyed at its term: nothing to compare with
        wrong = [nr for nr in sorted((stored.keys() | made.keys()) - kept) if stored.get(nr) != made.get(nr)]
        found += [f"zoekregel {nr} past niet bij de log" for nr in wrong]
    beyond = connection.execute("SELECT count(*) FROM toezicht_regel WHERE nr >= %s", (until,)).fetchone()
    return found + (["zoekregels voorbij de stand"] if beyond and beyond[0] else [])


def _chunk(database: Database) -> int:
    with database.transaction(INDEXING) as connection:
        (low,) = connection.execute("SELECT tot FROM toezicht_stand FOR UPDATE").fetchone() or (0,)
        bodies = connection.execute(_NEXT, (low, low + CHUNK), binary=True).fetchall()
        if not bodies:
            return 0
        made = list(_rows(bodies))
        if made:
            connection.execute(_INSERT, tuple(list(column) for column in zip(*made, strict=True)))
        connection.execute("UPDATE toezicht_stand SET tot = %s", (bodies[-1][0] + 1,))
    return len(bodies)


def _rows(bodies: list[tuple[Any, ...]]) -> Iterator[Row]:
    for nr, body in bodies:
        if body is not None and (made := row(nr, decode(bytes(body)))):
            yield made
