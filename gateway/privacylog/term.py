"""The term of the log: content whose profile's term is over goes, its leaf stays, and a signed statement says exactly which numbers.

Profiles: what names no municipality is kept as audit record, what names one as its record of processing, for as long as that municipality
keeps its files. What is old, and whose, is not asked of a table that its owner can write: the content is read, must be its leaf's, and says
its own time and municipality; the leaves must be those under a checkpoint that this log signed. What misses its content without an earlier
statement stops it. How far a profile is, is remembered to save reading: it can keep content, and never let it go.

Authority: AVG art. 5 lid 1 onder e (storage limitation) against art. 5 lid 2 and BIO2 8.15.04 (a log lasts as long as its risk);
decision 0031. Statements stay, so that whoever verifies later still finds every missing body explained. Leaves the terms, but for a floor
under all of them, to `gateway.retention.terms`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, LiteralString, NamedTuple

import msgspec
import psycopg

from gateway.core.errors import Misconfigured
from gateway.privacylog.append import append
from gateway.privacylog.checkpoint import CheckpointSigner, Destruction, NoteVerifier, Untrusted
from gateway.privacylog.entries import Event, decode
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import LogtermijnGewijzigd, LogVernietigd
from gateway.privacylog.tree import Frontier, leaf_hash
from gateway.store.database import Database
from gateway.store.tenant import task
from schemas.types import Gemeentecode

Connection = psycopg.Connection[Any]
FLOOR = timedelta(days=731)
ENDING = task("logtermijn")
AUDIT, FILES = "", "*"
"""Profiles: of no municipality; of every municipality without a term of its own. A third is a municipality's code."""
CHUNK = 50_000
"""Numbers under one statement, at most."""
BLOCK = 5000
_OWN = "SELECT profiel, maanden FROM log_termijn WHERE maanden IS NOT NULL"
_STATE = "SELECT profiel, tot FROM log_termijn ORDER BY profiel FOR UPDATE"
_DONE = "UPDATE log_termijn SET tot = %s WHERE profiel = ANY (%s)"
_SET = """
INSERT INTO log_termijn (profiel, maanden) VALUES (%s, %s) ON CONFLICT (profiel) DO UPDATE SET maanden = excluded.maanden, tot = 0
"""
_NOTES = "SELECT note FROM log_checkpoint ORDER BY size DESC"
_LEAVES = "SELECT leaf FROM log_leaf WHERE nr < %s ORDER BY nr"
_BODIES = """
SELECT l.nr, l.leaf, e.body FROM log_leaf l LEFT JOIN log_entry e ON e.id = l.entry WHERE l.nr >= %s AND l.nr < %s ORDER BY l.nr
"""
_TOLD = "SELECT body FROM log_entry WHERE event = 'log.vernietigd'"


class Log(NamedTuple):
    """The database (role gw_log) and the key that signs for the log."""

    database: Database
    signer: CheckpointSigner


class Group(NamedTuple):
    """Profiles that are equally far and have the same bound, so that their numbers are read once. `own`: who has a term of its own."""

    low: int
    before: datetime
    profiles: frozenset[str]
    own: frozenset[str]

    def has(self, entry: Event) -> bool:
        """Whether this entry goes with these profiles; statements go with none."""
        gemeente = getattr(entry, "gemeente", None)
        profile = AUDIT if gemeente is None else gemeente if gemeente in self.own else FILES
        return profile in self.profiles and not isinstance(entry, LogVernietigd)


def own(connection: Connection) -> dict[Gemeentecode, int]:
    """Municipalities with a term of their own, in months."""
    return {str(code): int(months) for code, months in connection.execute(_OWN)}


def choose(log: Log, frame: Frame, gemeente: Gemeentecode, months: int) -> None:
    """The term that a municipality as controller wants for the records of its processing; counts from the next round on."""
    with log.database.transaction() as connection:
        connection.execute(_SET, (gemeente, months))
        append(connection, [LogtermijnGewijzigd(**frame.fields(), gemeente=gemeente, maanden=months)])


def destroy(log: Log, frame: Frame, bounds: Mapping[str, datetime]) -> int:
    """Destroy the content of entries from before the bound of their profile, as far as a checkpoint covers them; how many.

    All of it or nothing, in one transaction; numbering goes on meanwhile.

    Raises:
        ValueError: a bound is less than `FLOOR` before the frame's instant.
        Misconfigured: the log is not as it was signed, so nothing of it is destroyed.
    """
    if any(before > frame.at - FLOOR for before in bounds.values()):
        raise ValueError("the log keeps its content for at least 24 months")
    with log.database.transaction(ENDING) as connection:
        groups = [group for group in _groups(connection, bounds) if not _nothing(connection, group)]
        covered = _covered(connection, log.signer.verifier) if groups else 0
        return sum(_end(connection, log.signer, frame, group, covered) for group in groups)


def _groups(connection: Connection, bounds: Mapping[str, datetime]) -> list[Group]:
    reached = {str(profile): int(low) for profile, low in connection.execute(_STATE)}
    terms, alike = frozenset(own(connection)), defaultdict[tuple[int, datetime], set[str]](set)
    for profile, before in bounds.items():
        alike[reached.get(profile, 0), before.replace(microsecond=0)].add(profile)
    return [Group(low, before, frozenset(profiles), terms) for (low, before), profiles in alike.items()]


def _nothing(connection: Connection, group: Group) -> bool:
    """The first content that is left is not old. It saves reading the log, no more."""
    row = connection.execute(_BODIES, (group.low, group.low + 1), binary=True).fetchone()
    return row is None or (row[2] is not None and decode(row[2]).tijd >= group.before)


def _end(connection: Connection, signer: CheckpointSigner, frame: Frame, group: Group, covered: int) -> int:
    """Let go what is old of these profiles, with a statement per chunk of numbers. Raises Misconfigured."""
    total, high = 0, group.low
    for _, part in groupby(_old(connection, signer.verifier, group, covered), key=lambda found: found[0] // CHUNK):
        read = list(part)
        high = read[-1][0] + 1
        if due := [nr for nr, goes in read if goes]:
            connection.execute("SELECT log_vernietig(%s)", (due,))
            said = signer.destroyed(Destruction(due, group.before))
            append(connection, [LogVernietigd(**frame.fields(), van=due[0], tot=due[-1] + 1, aantal=len(due), verklaring=said)])
            total += len(due)
    connection.execute(_DONE, (high, list(group.profiles)))
    return total


def _old(connection: Connection, verifier: NoteVerifier, group: Group, covered: int) -> Iterator[tuple[int, bool]]:
    """Numbers from where the profiles are up to the first of its time: is it theirs? Each is there as signed, or explained.

    Raises Misconfigured.
    """
    explained = _explained(connection, verifier, group.low)
    for expected, (nr, leaf, body) in enumerate(_read(connection, "regels", _BODIES, group.low, covered), group.low):
        if nr != expected or not (explained(nr) if body is None else leaf_hash(body) == leaf):
            raise Misconfigured(f"De log is veranderd bij regel {expected}: controleer hem (seinhuis log verify); er is niets vernietigd.")
        entry = None if body is None else decode(body)
        if entry is not None and entry.tijd >= group.before:
            return
        yield nr, entry is not None and group.has(entry)


def _covered(connection: Connection, verifier: NoteVerifier) -> int:
    """How many leaves the newest checkpoint is over that this log signed and that these leaves have. Raises Misconfigured."""
    for (note,) in _read(connection, "controlepunten", _NOTES):
        try:
            size, root = verifier.checkpoint(str(note))
        except Untrusted:
            continue
        tree = Frontier()
        tree.extend(row[0] for row in _read(connection, "bladen", _LEAVES, size))
        if (tree.size, tree.root()) != (size, root):
            raise Misconfigured("De log past niet bij zijn controlepunt: controleer hem (seinhuis log verify); er is niets vernietigd.")
        return size
    return 0


def _explained(connection: Connection, verifier: NoteVerifier, low: int) -> Callable[[int], bool]:
    """Whether an earlier statement that this log signed says that a number's content went; to be asked in order, once for a number."""
    found = (_told(bytes(row[0])) for row in _read(connection, "verklaringen", _TOLD))
    waiting = sorted((entry for entry in found if entry and entry.tot > low), key=lambda entry: -entry.van)
    said: set[int] = set()

    def explained(nr: int) -> bool:
        while waiting and waiting[-1].van <= nr:
            with suppress(Untrusted):
                said.update(gone for gone in verifier.destroyed(waiting.pop().verklaring).gone if gone >= nr)
        known = nr in said
        said.discard(nr)
        return known

    return explained


def _told(body: bytes) -> LogVernietigd | None:
    with suppress(msgspec.DecodeError):
        entry = decode(body)
        return entry if isinstance(entry, LogVernietigd) else None
    return None


def _read(connection: Connection, name: str, query: LiteralString, *values: object) -> Iterator[tuple[Any, ...]]:
    """Rows in blocks: a log does not fit in memory."""
    with closing(connection.cursor(name=name, binary=True)) as cursor:
        cursor.itersize = BLOCK
        cursor.execute(query, values)
        yield from cursor
