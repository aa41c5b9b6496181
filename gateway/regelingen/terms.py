"""Terms of arrangements: reminders at 5 and 8 working days, and the end of the last day, which reaches every creditor that got the start.

A pause ends by itself; a proposal that was not answered by then is `geen_reactie`, never an agreement. Authority: contract, section on
arrangements (MR-05, SO-13); Fw art. 287a. Set based: any number of nodes may run it, and a run may be repeated or cut short without harm.
Leaves when to run to `gateway.jobs`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from gateway.core.chain import Sender, Trace
from gateway.overviews.desk import OverviewDesk
from gateway.overviews.terms import REMINDERS, Done, quiet_since
from gateway.privacylog.arrangements import OverRegelingbericht, RegelingberichtGeeindigd, RegelingberichtHerinnerd, RegelingBijgewerkt
from gateway.privacylog.entry import Entry, Frame
from gateway.regelingen import kinds, rows
from gateway.regelingen.rows import Fact, Link, Moved
from gateway.store.tenant import Tenant, municipality, task
from schemas.regelingen import SOORTEN, Feitsoort

WHOLES, MESSAGES = 500, 5_000
"""Per transaction."""
Frames = dict[str, Frame]
Says = Callable[[Frames, Moved], OverRegelingbericht]


def run(desk: OverviewDesk, operator: str, trace: Callable[[], Trace]) -> Done:
    """Look after every arrangement. Raises Unavailable, Misconfigured (a year without known holidays)."""
    sender, at = Sender(operator, operator), trace()
    frames: Frames = {soort: kinds.frame(soort, sender, at, desk) for soort in SOORTEN}
    ended = reminded = 0
    with desk.tasks.transaction(task("regelingen")) as connection:
        due = rows.due(connection, desk.today, quiet_since(desk.today, min(days for _, days in REMINDERS)))
    for gemeente in due:
        tenant = municipality(gemeente)
        move = partial(rows.end, today=desk.today, at=desk.clock.now(), most=WHOLES)
        ended += _all(desk, tenant, move, "geeindigd", partial(_ended, frames), partial(_wholes, frames))
        for number, days in REMINDERS:
            move = partial(rows.remind, before=quiet_since(desk.today, days), number=number, at=desk.clock.now(), most=MESSAGES)
            reminded += _all(desk, tenant, move, "herinnerd", partial(_reminded, frames, days), lambda _: iter(()))
    if ended or reminded:
        desk.committed()
    return Done(ended, reminded)


def _all(
    desk: OverviewDesk,
    tenant: Tenant,
    move: Callable[[Link], Sequence[Moved]],
    soort: Feitsoort,
    says: Callable[[Moved], OverRegelingbericht],
    others: Callable[[Sequence[Moved]], Iterator[Entry]],
) -> int:
    """Batch after batch, each one transaction with its entries, until nothing moves."""
    total = 0
    while True:
        with desk.inbox.transaction(tenant) as connection:
            moved = move(connection)
            rows.record(connection, [Fact(soort, says(one)) for one in moved], list(others(moved)))
        if not moved:
            return total
        total += len(moved)


def _ended(frames: Frames, one: Moved) -> OverRegelingbericht:
    return RegelingberichtGeeindigd(
        **frames[one.soort].fields(), gemeente=one.gemeente, soort=one.soort, regeling=one.regeling, regelingbericht=one.bericht,
        resultaat=one.state,
    )  # fmt: skip


def _reminded(frames: Frames, days: int, one: Moved) -> OverRegelingbericht:
    return RegelingberichtHerinnerd(
        **frames[one.soort].fields(), gemeente=one.gemeente, soort=one.soort, regeling=one.regeling, regelingbericht=one.bericht,
        werkdagen=days,
    )  # fmt: skip


def _wholes(frames: Frames, moved: Sequence[Moved]) -> Iterator[Entry]:
    for gemeente, soort, regeling in {(one.gemeente, one.soort, one.regeling) for one in moved}:
        yield RegelingBijgewerkt(**frames[soort].fields(), gemeente=gemeente, soort=soort, regeling=regeling, resultaat="geeindigd")
