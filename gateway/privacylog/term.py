"""The term of the log: content older than it goes, its leaf stays, and a signed statement in the log says which numbers that were.

What is old is not asked of a table that its owner can write: the content is read, must be its leaf's, and says its own time; the
leaves must be those under a checkpoint that this log signed. What misses its content without an earlier statement stops it.

Authority: AVG art. 5 lid 1 onder e (storage limitation) against art. 5 lid 2 and BIO2 8.15.04 (a log lasts as long as its risk);
decision 0031. Statements stay, so that whoever verifies later still finds every missing body explained. Leaves the term itself, but for
a floor, to who calls.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, LiteralString, NamedTuple

import msgspec
import psycopg

from gateway.core.errors import Misconfigured
from gateway.privacylog.append import append
from gateway.privacylog.checkpoint import CheckpointSigner, Destruction, NoteVerifier, Untrusted
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import LogVernietigd
from gateway.privacylog.tree import Frontier, leaf_hash
from gateway.store.database import Database
from gateway.store.tenant import task

FLOOR = timedelta(days=731)
ENDING = task("logtermijn")
BLOCK = 5000
_STATE = "SELECT vernietigd FROM log_state"
_ALONE = "UPDATE log_state SET vernietigd = %s WHERE vernietigd = %s"
_NOTES = "SELECT note FROM log_checkpoint ORDER BY size DESC"
_LEAVES = "SELECT leaf FROM log_leaf WHERE nr < %s ORDER BY nr"
_BODIES = """
SELECT l.nr, l.leaf, e.body FROM log_leaf l LEFT JOIN log_entry e ON e.id = l.entry WHERE l.nr >= %s AND l.nr < %s ORDER BY l.nr
"""
_TOLD = "SELECT body FROM log_entry WHERE event = 'log.vernietigd'"


class Destroyed(NamedTuple):
    """From which number up to which (not included), and how many bodies went."""

    begin: int
    end: int
    bodies: int


def destroy(database: Database, signer: CheckpointSigner, frame: Frame, before: datetime) -> Destroyed | None:
    """Destroy the content of entries from before an instant, as far as a checkpoint covers them; role gw_log. None when there is nothing.

    Raises:
        ValueError: `before` is less than `FLOOR` before the frame's instant.
        Misconfigured: the log is not as it was signed, so nothing of it is destroyed.
    """
    if before > frame.at - FLOOR:
        raise ValueError("the log keeps its content for at least 24 months")
    before = before.replace(microsecond=0)
    with database.transaction(ENDING) as connection:  # what takes long comes before the lock that numbering needs too
        (stored,) = connection.execute(_STATE).fetchone() or (0,)
        if _nothing(connection, int(stored), before):
            return None
        begin, end = _old(connection, signer.verifier, before)
        if end <= begin or connection.execute(_ALONE, (end, stored)).rowcount != 1:
            return None
        (bodies,) = connection.execute("SELECT log_vernietig(%s, %s)", (begin, end)).fetchone() or (0,)
        told = signer.destroyed(Destruction(range(begin, end), before))
        append(connection, [LogVernietigd(**frame.fields(), van=begin, tot=end, verklaring=told)])
    return Destroyed(begin, end, int(bodies))


def _nothing(connection: psycopg.Connection[Any], begin: int, before: datetime) -> bool:
    """The first content that is left is not old. It saves reading the log, no more."""
    row = connection.execute(_BODIES, (begin, begin + 1), binary=True).fetchone()
    return row is None or (row[2] is not None and decode(row[2]).tijd >= before)


def _old(connection: psycopg.Connection[Any], verifier: NoteVerifier, before: datetime) -> tuple[int, int]:
    """From which number up to which (not included) everything is there, as signed, and from before an instant. Raises Misconfigured."""
    covered, begin = _covered(connection, verifier), 0
    told = [gone for row in connection.execute(_TOLD, binary=True) if (gone := _told(bytes(row[0]), verifier))]
    for gone in sorted(told, key=lambda gone: gone.start):
        begin = max(begin, gone.stop) if gone.start <= begin else begin
    end = begin
    for nr, leaf, body in _read(connection, "regels", _BODIES, begin, covered):
        if nr != end or body is None or leaf_hash(body) != leaf:
            raise Misconfigured(f"De log is veranderd bij regel {end}: controleer hem (seinhuis log verify); er is niets vernietigd.")
        if decode(body).tijd >= before:
            break
        end = nr + 1
    return begin, end


def _covered(connection: psycopg.Connection[Any], verifier: NoteVerifier) -> int:
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


def _told(body: bytes, verifier: NoteVerifier) -> range | None:
    """The numbers of an earlier statement, if this log signed it."""
    try:
        entry = decode(body)
        return verifier.destroyed(entry.verklaring).gone if isinstance(entry, LogVernietigd) else None
    except (msgspec.DecodeError, Untrusted):
        return None


def _read(connection: psycopg.Connection[Any], name: str, query: LiteralString, *values: object) -> Iterator[tuple[Any, ...]]:
    """Rows in blocks: a log does not fit in memory."""
    with closing(connection.cursor(name=name, binary=True)) as cursor:
        cursor.itersize = BLOCK
        cursor.execute(query, values)
        yield from cursor
