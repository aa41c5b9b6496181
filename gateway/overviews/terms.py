"""Terms of questions: reminders at 5 and 8 working days, and the end of the last day.

What was not answered by then is `verlopen`, and so is its overview: the municipality's list of what it must follow up. Working days are
those of `gateway.core.workdays`. Authority: contract, section on the schuldenoverzicht (SO-05: 10 working days; the gateway only tells).
Set based: any number of nodes may run it, and a run may be repeated or cut short without harm. Leaves when to run to `gateway.jobs`.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_midnight
from gateway.overviews import rows
from gateway.overviews.desk import Link, OverviewDesk
from gateway.overviews.rows import Moved
from gateway.privacylog import append
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.overviews import SaldoverzoekHerinnerd, SaldoverzoekVerlopen, SchuldenoverzichtBijgewerkt
from gateway.store.tenant import Tenant, municipality, task
from gateway.triage.clocks import working_days_ago

REMINDERS: Final = ((2, 8), (1, 5))
"""Which reminder, after how many working days; the later first, so that a question that missed one gets one."""


class Batch(NamedTuple):
    """How many overviews end, and questions are reminded of, in one transaction."""

    overviews: int = 500
    questions: int = 5_000


class Done(NamedTuple):
    """What one run did: questions expired and reminded."""

    expired: int
    reminded: int


def run(desk: OverviewDesk, operator: str, trace: Callable[[], Trace], batch: Batch = Batch()) -> Done:  # noqa: B008 - immutable
    """Look after every open question. Raises Unavailable, Misconfigured (a year without known holidays)."""
    sender, at = Sender(operator, operator), trace()
    expired = reminded = 0
    with desk.tasks.transaction(task("schuldenoverzichten")) as connection:
        due = rows.due(connection, desk.today, quiet_since(desk.today, min(days for _, days in REMINDERS)))
    for gemeente in due:
        tenant = municipality(gemeente)
        expired += _all(desk, tenant, lambda link: rows.expire(link, desk.today, batch.overviews), partial(_expired, desk, sender, at))
        for number, days in REMINDERS:
            before = quiet_since(desk.today, days)
            move = partial(rows.remind, before=before, number=number, at=desk.clock.now(), most=batch.questions)
            reminded += _all(desk, tenant, move, partial(_reminded, desk, sender, at, days))
    if expired or reminded:
        desk.committed()
    return Done(expired, reminded)


def quiet_since(today: date, days: int) -> datetime:
    """What was asked before this instant has waited so many working days."""
    return dutch_midnight(working_days_ago(today, days) + timedelta(days=1))


def _all(
    desk: OverviewDesk, tenant: Tenant, move: Callable[[Link], Sequence[Moved]], entries: Callable[[Sequence[Moved]], Iterator[Entry]]
) -> int:
    """Batch after batch, each one transaction with its entries, until nothing moves."""
    total = 0
    while True:
        with desk.inbox.transaction(tenant) as connection:
            moved = move(connection)
            append.append(connection, list(entries(moved)))
        if not moved:
            return total
        total += len(moved)


def _expired(desk: OverviewDesk, sender: Sender, trace: Trace, moved: Sequence[Moved]) -> Iterator[Entry]:
    frames = _frames(desk, sender, trace, moved)
    for one in moved:
        fields = frames[one.grond].fields()
        yield SaldoverzoekVerlopen(**fields, gemeente=one.gemeente, overzicht=one.overzicht, saldoverzoek=one.saldoverzoek)
    for gemeente, overzicht, grond in {(one.gemeente, one.overzicht, one.grond) for one in moved}:
        yield SchuldenoverzichtBijgewerkt(**frames[grond].fields(), gemeente=gemeente, overzicht=overzicht, resultaat="verlopen")


def _reminded(desk: OverviewDesk, sender: Sender, trace: Trace, days: int, moved: Sequence[Moved]) -> Iterator[Entry]:
    frames = _frames(desk, sender, trace, moved)
    for one in moved:
        yield SaldoverzoekHerinnerd(
            **frames[one.grond].fields(), gemeente=one.gemeente, overzicht=one.overzicht, saldoverzoek=one.saldoverzoek, werkdagen=days
        )


def _frames(desk: OverviewDesk, sender: Sender, trace: Trace, moved: Sequence[Moved]) -> dict[str, Frame]:
    return {grond: desk.frame(sender, trace, grond) for grond in {one.grond for one in moved}}
