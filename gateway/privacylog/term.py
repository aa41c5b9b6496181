"""The term of the log: content older than it goes, its leaf stays, and a signed statement in the log says which numbers that were.

Authority: AVG art. 5 lid 1 onder e (storage limitation) against art. 5 lid 2 and BIO2 8.15.04 (a log lasts as long as its risk);
decision 0031. Statements stay, so that whoever verifies later still finds every missing body explained. Leaves the term itself, but for
a floor, to who calls.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from gateway.privacylog.append import append
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import LogVernietigd
from gateway.store.database import Database
from gateway.store.tenant import task

FLOOR = timedelta(days=731)
ENDING = task("logtermijn")
_STATE = "SELECT vernietigd, coalesce((SELECT max(size) FROM log_checkpoint), 0) FROM log_state FOR UPDATE"
_FIRST = "SELECT nr FROM log_leaf WHERE nr >= %s AND nr < %s AND entry >= %s ORDER BY nr LIMIT 1"


class Destroyed(NamedTuple):
    """From which number up to which (not included), and how many bodies went."""

    begin: int
    end: int
    bodies: int


def destroy(database: Database, signer: CheckpointSigner, frame: Frame, before: datetime) -> Destroyed | None:
    """Destroy the content of entries from before an instant, as far as a checkpoint covers them; role gw_log. None when there is nothing.

    Raises:
        ValueError: `before` is less than `FLOOR` before the frame's instant.
    """
    if before > frame.at - FLOOR:
        raise ValueError("the log keeps its content for at least 24 months")
    with database.transaction(ENDING) as connection:
        begin, covered = connection.execute(_STATE).fetchone() or (0, 0)
        first = connection.execute(_FIRST, (begin, covered, _floor(before))).fetchone()
        end = int(first[0]) if first else int(covered)
        if end <= begin:
            return None
        (bodies,) = connection.execute("SELECT log_vernietig(%s, %s)", (begin, end)).fetchone() or (0,)
        connection.execute("UPDATE log_state SET vernietigd = %s", (end,))
        append(connection, [LogVernietigd(**frame.fields(), van=begin, tot=end, verklaring=signer.destroyed(begin, end))])
    return Destroyed(begin, end, int(bodies))


def _floor(instant: datetime) -> UUID:
    """The lowest UUIDv7 of an instant."""
    return UUID(int=int(instant.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62)
