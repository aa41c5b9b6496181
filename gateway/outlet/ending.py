"""How a file for a desk ends: collected, so its messages are received; or taken back, so they are free in the inbox again.

A file is taken back when nobody opened it and its time is over, something in it was withdrawn, or the desk may no longer have it. Once
opened it is not: a withdrawal is told in a file of its own, and what was never read to its end stays in the inbox and goes out no more.
Authority: contract, "states"; decision 0039. Leaves telling of withdrawals to `withdrawals`.
"""

from gateway.core.chain import Sender
from gateway.files import deskrows
from gateway.files.deskrows import Deskfile
from gateway.inboxes import claiming
from gateway.mailbox import inbox
from gateway.outlet.desk import GRACE, KIND, OutletDesk
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import ClaimVrijgegeven
from gateway.store.database import Connection
from gateway.store.tenant import municipality

PAGE = 500


def end(desk: OutletDesk, gemeente: str, loket: str, *, allowed: bool) -> int:
    """Bring the inbox up to date with the files of one desk. Returns how many ended. Raises Unavailable."""
    ended = list[Deskfile]()
    with desk.inbox.database.transaction(municipality(gemeente, loket)) as connection:
        deskrows.alone(connection, gemeente)
        for file in deskrows.unended(connection, gemeente):
            if file.loket == loket and _ended(connection, desk, file, allowed=allowed):
                ended.append(file)
    for file in ended:
        desk.files.spool.remove(file.id)
    if ended:
        desk.inbox.committed()
    return len(ended)


def _ended(connection: Connection, desk: OutletDesk, file: Deskfile, *, allowed: bool) -> bool:
    if file.opgehaald is not None:
        return _received(connection, desk, file)
    over = desk.now >= file.uiterlijk
    if file.geopend is None:
        due = over or not allowed or (file.soort == "berichten" and deskrows.withdrawn(connection, file.id))
        if not due or not deskrows.take_back(connection, file, desk.now):
            return False
    elif desk.now < file.uiterlijk + GRACE or not deskrows.end(connection, file, desk.now):
        return False
    else:
        deskrows.let_go(connection, file)
    _free(connection, desk, file)
    return True


def _received(connection: Connection, desk: OutletDesk, file: Deskfile) -> bool:
    """Its messages are received, as far as they are still held; what was withdrawn meanwhile too: the desk has it."""
    if not deskrows.end(connection, file, desk.now):
        return False
    after = 0
    while file.claim and (items := inbox.of_claim(connection, file.gemeente, file.claim, payload=False, after=after, limit=PAGE)):
        held = [item.id for item in items if item.state == "geclaimd"]
        sender = _frame(desk, file).sender
        claiming.move(connection, sender, file.gemeente, desk.trace(), held, file.claim, "receive", desk.inbox)
        after = items[-1].nr
    return True


def _free(connection: Connection, desk: OutletDesk, file: Deskfile) -> None:
    if file.claim is not None:
        inbox.release(connection, file.gemeente, file.claim)
        append.append(connection, [ClaimVrijgegeven(**_frame(desk, file).fields(), gemeente=file.gemeente, claim=file.claim)])


def _frame(desk: OutletDesk, file: Deskfile) -> Frame:
    """The desk, for the municipality as far as the register still says who that is."""
    register = desk.register()
    own = next((d.oin for d in register.deelnemers.values() if d.gemeentecode == file.gemeente), file.loket)
    return Frame(Sender(file.loket, own), desk.trace(), desk.now, desk.inbox.activity(KIND))
