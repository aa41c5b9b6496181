"""Messages that nobody fetches: reported after 5 and 10 working days, expired at their term, told to both sides.

Days count from when a message could be fetched: its arrival, or the municipality's matching day after it. Authority: contract,
"retention" (the purpose row names the term; 20 working days). The municipality sees it in its inbox and its log, the creditor in the
state of its signal, and may then offer the same kenmerk again. One node at a time; a run may be repeated or cut short without harm.
Leaves when to run to `gateway.jobs`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day, dutch_midnight
from gateway.core.workdays import workdays_between
from gateway.inboxes.desk import Desk
from gateway.mailbox import clocks, instellingen
from gateway.mailbox.clocks import Waiting
from gateway.privacylog import append
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.messages import BerichtVerlopen, OnopgehaaldGemeld
from gateway.store.database import Database
from gateway.store.tenant import municipality, task
from gateway.triage.clocks import REPORTS, opened, working_days_ago

BATCH = 500
EXPIRED = 0
"""In place of a number of working days: the term is over."""


class Done(NamedTuple):
    """What one run did: messages reported and messages expired."""

    reported: int
    expired: int


def run(desk: Desk, tasks: Database, operator: str, trace: Callable[[], Trace]) -> Done:
    """Look after everything that waits; `tasks` (role gw_taken) sees where something does.

    Raises:
        Unavailable, Misconfigured: a year without known holidays.
    """
    today = dutch_day(desk.clock.now())
    frame = Frame(Sender(operator, operator), trace(), desk.clock.now(), desk.activity("bewaken"))
    before = dutch_midnight(working_days_ago(today, min(REPORTS)) + timedelta(days=1))
    entries: list[Entry] = []
    with tasks.transaction(task("onopgehaald")) as connection:
        waiting = clocks.waiting(connection, before)
    for gemeente in waiting:
        after: UUID | None = None
        while page := _some(desk, gemeente, frame, before, after, entries):
            after = page[-1].bericht
    if entries:
        desk.committed()
    reported = sum(entry.aantal for entry in entries if isinstance(entry, OnopgehaaldGemeld))
    return Done(reported, sum(isinstance(entry, BerichtVerlopen) for entry in entries))


def _some(
    desk: Desk, gemeente: str, frame: Frame, before: datetime, after: UUID | None, entries: list[Entry]
) -> list[Waiting]:
    """One batch in one transaction; what was done is added to `entries`. Empty at the end, or when another node is at it."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        page = clocks.unfetched(connection, before, after, BATCH) if clocks.only_one(connection) else []
        done = list(_entries(connection, frame, _due(connection, desk, page, dutch_day(frame.at))))
        append.append(connection, done)
    entries += done
    return page


def _due(connection: psycopg.Connection[Any], desk: Desk, page: list[Waiting], today: date) -> dict[tuple[str, int], list[UUID]]:
    """(municipality, threshold) -> messages."""
    days = {gemeente: instellingen.ritme(connection, gemeente).dag for gemeente in {message.gemeente for message in page}}
    found: dict[tuple[str, int], list[UUID]] = defaultdict(list)
    for message in page:
        waited = workdays_between(opened(dutch_day(message.received), days[message.gemeente]), today)
        if waited >= desk.purposes.retention(message.purpose_row).onopgehaald_werkdagen:
            found[message.gemeente, EXPIRED].append(message.bericht)
        for threshold in REPORTS:
            if waited >= threshold:
                found[message.gemeente, threshold].append(message.bericht)
    return found


def _entries(connection: psycopg.Connection[Any], frame: Frame, due: dict[tuple[str, int], list[UUID]]) -> Iterator[Entry]:
    for (gemeente, threshold), berichten in sorted(due.items()):
        if threshold == EXPIRED:
            for id in clocks.expire(connection, gemeente, berichten):
                yield BerichtVerlopen(**frame.fields(), gemeente=gemeente, bericht=id)
        elif new := clocks.report(connection, gemeente, berichten, threshold):
            yield OnopgehaaldGemeld(**frame.fields(), gemeente=gemeente, werkdagen=threshold, aantal=new)
