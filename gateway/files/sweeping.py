"""What nobody needs any more goes: reports after 5 working days, uploads that were never finished, and what a crash left in the spool.

Authority: contract, files and retention. Any node may run it at any time. Leaves inbound files to `ending`, which destroys them with their
report.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from gateway.core.clock import dutch_day
from gateway.core.workdays import add_workdays
from gateway.files import postrows
from gateway.files.flow import Files
from gateway.store.tenant import task

WORKING_DAYS = 5
UNFINISHED = timedelta(days=7)
KEPT = timedelta(days=731)
"""The row of a file (name, hash, counts), after its end: as long as a kenmerk is held."""
ORPHAN = timedelta(days=1)


def sweep(files: Files) -> int:
    """Returns how many files left the spool. Raises Unavailable, Misconfigured (a year without known holidays)."""
    now = files.steps.clock.now()
    with files.tasks.transaction(task("bestanden")) as connection:
        for id, created in postrows.uncollected(connection):
            if _over(created, dutch_day(now)):
                postrows.collect(connection, id, now)
        postrows.forget_old(connection, unfinished=now - UNFINISHED, collected=now - ORPHAN, finished=now - KEPT)
    with files.tasks.transaction(task("bestanden")) as connection:
        needed = postrows.needed(connection)
    gone = [id for id in _old(files, now) if id not in needed]
    for id in gone:
        files.spool.remove(id)
    return len(gone)


def _over(created: datetime, today: date) -> bool:
    return add_workdays(dutch_day(created), WORKING_DAYS) < today


def _old(files: Files, now: datetime) -> list[UUID]:
    """What was last written over a day ago: nobody is writing it, and who wrote it has told of it by now."""
    return [id for id, written in files.spool.ids() if now.timestamp() - written > ORPHAN.total_seconds()]
