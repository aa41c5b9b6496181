"""The rounds of the outlet: over every municipality that handed on, or may. Any node may run one at any time.

First what ended, then what was withdrawn, then what is new: a layout that fails keeps nobody from hearing of a withdrawal (AVG art. 19).
Where nothing may leave (`gateway.partners.outlets`) only the first is done, and the messages stay in the inbox. Whatever fails for one
municipality, the others have their turn. Authority: feature F87. Leaves when to run, and telling the operator, to `gateway.jobs`.
"""

from datetime import timedelta

from gateway.core.errors import Conflict
from gateway.files import deskrows
from gateway.outlet import ending, handing, withdrawals
from gateway.outlet.desk import OutletDesk
from gateway.outlet.desk import handing as handing_of
from gateway.partners.outlets import Outlet, outlet
from gateway.sealing.sealing import RETENTION
from gateway.store.tenant import municipality, task

KEPT = RETENTION + timedelta(days=7)
"""Which message went into which file; the content of none lives longer."""
FILES = 20
"""Of a municipality in a round."""


def run(desk: OutletDesk) -> int:
    """One round. Returns how many messages went into files.

    Raises:
        Exception: of the first municipality where it failed, once all others had their turn.
    """
    with desk.tasks.transaction(task("uitlaat")) as connection:
        waiting = deskrows.places(connection)
    chosen = [(u.gemeentecode, u.loket) for u in desk.register().outlets.values()]
    total, failed = 0, list[Exception]()
    for gemeente in sorted({gemeente for gemeente, _ in (*waiting, *chosen)}):
        try:
            total += _round(desk, gemeente, [loket for place, loket in waiting if place == gemeente])
        except Exception as error:  # noqa: BLE001 - what fails for one municipality stops no other; the loop tells its kind
            failed.append(error)
    if failed:
        raise failed[0]
    return total


def _round(desk: OutletDesk, gemeente: str, lokketten: list[str]) -> int:
    allowed = _allowed(desk, gemeente)
    for loket in lokketten:
        ending.end(desk, gemeente, loket, allowed=allowed is not None and allowed.uitlaat.loket == loket)
    with desk.inbox.database.transaction(municipality(gemeente)) as connection:
        deskrows.forget(connection, gemeente, desk.now - KEPT)
    if allowed is None:
        return 0
    found, total = handing_of(desk, allowed), 0
    withdrawals.tell(found)
    for _ in range(FILES):
        made = handing.hand(found)
        total += made.records
        if made.records + made.unfit < desk.most:
            break
    return total


def _allowed(desk: OutletDesk, gemeente: str) -> Outlet | None:
    try:
        return outlet(desk.register(), gemeente, desk.today)
    except Conflict:
        return None
