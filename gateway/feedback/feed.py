"""The feed of a creditor: released by one hand at a time, read in that order.

A row gets its place when it is committed and due, under a lock, so that a reader's cursor never passes a row that comes later. Numbers
count per creditor and so say nothing of others. What was taken back is not shown again. Authority: contract, `GET terugkoppelingen`; FB-07.
"""

from gateway.core.clock import Clock
from gateway.store.database import Database, Transactions
from gateway.store.tenant import parties, task
from schemas.strict import convert
from schemas.terugkoppeling import Terugkoppeling, Terugkoppelingen

BATCH = 1000


def release(database: Database, clock: Clock) -> int:
    """Give what is due its place (role gw_taken, for a task). Returns how many, at most `BATCH`."""
    with database.transaction(task("terugkoppelen")) as connection:
        row = connection.execute("SELECT number_feedback(%s, %s)", (clock.now(), BATCH)).fetchone()
    return int(row[0]) if row else 0


def page(database: Transactions, principal: str, after: int, limit: int) -> Terugkoppelingen:
    """Feedback on the signals of `principal` with a number above `after` (role gw_ingest); `volgende` is the number to go on from."""
    with database.transaction(parties(principal)) as connection:
        rows = connection.execute("SELECT * FROM feedback_page(%s, %s, %s)", (principal, after, limit)).fetchall()
    found = [seen(kenmerk, code, text, week, pause) for _, kenmerk, code, text, week, pause in rows]
    return Terugkoppelingen(terugkoppelingen=found, volgende=str(rows[-1][0] if rows else after))


def seen(kenmerk: str, code: str, text: str, week: str, pause: object) -> Terugkoppeling:
    """The item as the creditor sees it. Raises schemas.strict.Refused for whatever is not in the closed list."""
    return convert({"kenmerk": kenmerk, "code": code, "omschrijving": text, "week": week, "pauzeTot": pause}, Terugkoppeling)
