"""Where in the log something stands: one row per numbered entry of a municipality, made here and not in the flows.

Filled before each search, in the order of the numbers, so that it is complete up to the log's end and costs a delivery nothing. It is an
index: `read` is the one way to what it points at, and gives an entry only when its bytes make its leaf and its row anew. A row that is
gone shows in `compare` only, which makes every row anew. Authority: architecture, the log (search columns are an index). Runs as
gw_toezicht.
"""

from collections.abc import Iterator
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from gateway.core.errors import Damaged
from gateway.core.stopping import GoOn, always
from gateway.oversight.desk import Link, OversightDesk, require_log
from gateway.privacylog.entries import Event, decode
from gateway.privacylog.entry import Entry, name_of
from gateway.privacylog.tree import leaf_hash
from gateway.store.database import Database
from gateway.store.tenant import task

CHUNK = 5_000
INDEXING = task("zoekindex")
"""In whose name the log of everybody is read, to make or to compare the index."""
ADDRESS, PERSON, STAFF, MESSAGE, CASE, UNSEALING = "adres", "persoon", "medewerker", "bericht", "zaak", "ontzegeling"
_ABOUT = {
    "bericht": MESSAGE, "zaak": CASE, "claim": "claim", "ontzegeling": UNSEALING, "overzicht": "overzicht", "regeling": "regeling",
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
_READ: LiteralString = """
SELECT e.body, l.leaf, r.nr, r.entry, r.gemeente, r.tijd, r.event, r.activiteit, r.partij, r.principaal, array_to_string(r.onderwerpen, ' ')
FROM toezicht_regel r JOIN log_leaf l ON l.nr = r.nr JOIN log_entry e ON e.id = r.entry WHERE r.gemeente = %(gemeente)s AND
"""
ABOUT: LiteralString = "r.nr = ANY (ARRAY(SELECT regels_over(%(about)s::text[])))"
"""For `read`: about any of these subjects. An array, so that no plan goes over all of the municipality instead."""


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


class Found(NamedTuple):
    """An entry of the log that is what the index says: its number (from 0) and subjects (`bericht:…`, `adres:…`)."""

    nr: int
    entry: Event
    about: list[str]
    body: bytes

    def subjects(self, *kinds: str) -> list[str]:
        """Its subjects of these kinds, in the order of the kinds."""
        return [one for kind in kinds for one in self.about if one.startswith(f"{kind}:")]


def read(connection: Link, gemeente: str, where: LiteralString, **values: object) -> Iterator[Found]:
    """The entries of one municipality that `where` (SQL of ours over `toezicht_regel r`, with `values`) points at.

    Raises Damaged: the bytes of an entry are not those of its leaf, or the index says of it what they do not.
    """
    # planned for these values: a plan for any of them would take the whole of the municipality for a little
    for body, leaf, *stored in connection.execute(_READ + where, {"gemeente": gemeente, **values}, prepare=False):
        raw, said = bytes(body), Row(*stored)
        entry = decode(raw) if leaf_hash(raw) == bytes(leaf) else None
        if entry is None or said != row(said.nr, entry):
            told = f"Logregel {said.nr} past niet bij haar blad of bij de zoekindex; laat de beheerder de log controleren met --volledig."
            raise Damaged("LOG_BESCHADIGD", told)
        yield Found(said.nr, entry, said.about.split(), raw)


def one(connection: Link, gemeente: str, entry: UUID) -> Found | None:
    """One entry of a municipality; None for another's and for an absent one. Raises Damaged as `read`."""
    return next(read(connection, gemeente, "r.entry = %(entry)s", entry=entry), None)


def refresh(desk: OversightDesk) -> None:
    """Number what is committed and take it up, so that what just happened is found. Raises Unavailable: the log is behind."""
    while desk.number():
        pass
    catch_up(desk.database)
    with desk.database.transaction() as connection:
        require_log(connection)


def catch_up(database: Database, go_on: GoOn = always) -> int:
    """Take up every entry that was numbered since; `go_on` is asked before each chunk. Returns how many numbers. Raises Cut."""
    total = 0
    while done := _chunk(database, go_on):
        total += done
    return total


def row(nr: int, entry: Entry) -> Row | None:
    """How an entry stands in the index; None when it is of no municipality."""
    gemeente = getattr(entry, "gemeente", None)
    if gemeente is None:
        return None
    about = [f"{kind}:{value}" for name, kind in _ABOUT.items() if (value := getattr(entry, name, None)) is not None]
    about += getattr(entry, "gezocht", ())  # whom an officer looked for: subjects as they stand
    return Row(nr, entry.id, gemeente, entry.tijd, name_of(entry), entry.activiteit, entry.partij, entry.principaal, " ".join(about))


def compare(database: Database, go_on: GoOn = always) -> list[str]:
    """What in the index differs from the log, by number; nothing when all is as it must be. Raises Cut: not all was compared."""
    with database.transaction(INDEXING) as connection:
        return _compared(connection, go_on)


def _compared(connection: Link, go_on: GoOn) -> list[str]:
    (until,) = connection.execute("SELECT tot FROM toezicht_stand").fetchone() or (0,)
    found = []
    for low in range(0, until, CHUNK):
        go_on()
        stored = {line[0]: Row(*line) for line in connection.execute(_ROWS, (low, low + CHUNK))}
        bodies = connection.execute(_NEXT, (low, min(low + CHUNK, until))).fetchall()
        made = {one.nr: one for one in _rows(bodies)}
        kept = {nr for nr, body in bodies if body is None}  # destroyed at its term: nothing to compare with
        wrong = [nr for nr in sorted((stored.keys() | made.keys()) - kept) if stored.get(nr) != made.get(nr)]
        found += [f"zoekregel {nr} past niet bij de log" for nr in wrong]
    beyond = connection.execute("SELECT count(*) FROM toezicht_regel WHERE nr >= %s", (until,)).fetchone()
    return found + (["zoekregels voorbij de stand"] if beyond and beyond[0] else [])


def _chunk(database: Database, go_on: GoOn) -> int:
    go_on()
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
