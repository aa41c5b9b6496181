"""Reading an inbox: pages of metadata, and one message.

A page shows pseudonymous metadata and leaves no entry; a message that a claim holds shows its person data again, for the
purpose of that claim, and that is a disclosure. Authority: architecture, "the inbox".
"""

from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.core.errors import Gone, NotFound
from gateway.inboxes import disclosure
from gateway.inboxes.desk import Desk, newest_checkpoint, require_log, show
from gateway.inboxes.disclosure import Claimed
from gateway.inboxes.placing import baskets_of, require_basket
from gateway.mailbox import inbox
from gateway.mailbox.states import FINAL
from gateway.store.tenant import municipality
from schemas.inbox import Bericht, Berichten, Berichtstaat
from schemas.signaal import Soort


def page(  # noqa: PLR0913 - the filters of the inbox
    gemeente: str,
    desk: Desk,
    *,
    after: int,
    limit: int,
    soort: Soort | None = None,
    sector: str | None = None,
    staat: Berichtstaat | None = None,
    werkbak: str | None = None,
) -> Berichten:
    """Messages with a number above `after`, in the order of the sequencer; `volgende` never goes back.

    A basket is no column: with `werkbak` the page looks through `limit` messages and shows those of the basket, perhaps none.
    Raises Conflict: no such basket.
    """
    with desk.database.transaction(municipality(gemeente)) as connection:
        if werkbak is not None:
            require_basket(baskets_of(connection, gemeente, desk.seals), werkbak)
        items = inbox.page(connection, gemeente, after=after, limit=limit, soort=soort, sector=sector, staat=staat)
        berichten = [bericht for bericht in show(connection, gemeente, items, desk.seals) if werkbak in (None, bericht.werkbak)]
        note = newest_checkpoint(connection)
    return Berichten(berichten=berichten, volgende=str(items[-1].nr if items else after), controlepunt=note)


def message(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: Desk, *, disclose: bool) -> Bericht:
    """One message; with its person data when `disclose` and a claim of this municipality holds it.

    Raises:
        NotFound: not in this inbox. Gone: in a final state, so the ground to read it has ended. Unavailable: the log is behind.
    """
    with desk.database.transaction(municipality(gemeente)) as connection:
        item = inbox.find(connection, gemeente, id, payload=disclose)
        if item is None:
            raise NotFound
        if item.state in FINAL:
            raise Gone("BERICHT_VERNIETIGD", "Dit bericht is afgehandeld, ingetrokken of verlopen en wordt niet meer verstrekt.")
        (bericht,) = show(connection, gemeente, [item], desk.seals)
        if not disclose or item.claim is None or not item.held:
            return bericht
        doel = inbox.purpose_of(connection, gemeente, item.claim)
        if doel is None:
            return bericht
        require_log(connection)
        (opened,) = disclosure.disclose(connection, desk, Claimed(caller, gemeente, trace, item.claim, doel, None), [(item, bericht)])
    return opened
