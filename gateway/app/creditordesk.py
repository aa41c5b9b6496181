"""The flows behind the console's pages of a creditor: those of `/schuldeiser/v1`, with places of their own. Authority: decision 0035."""

from gateway.app.house import House
from gateway.app.standen import notary
from gateway.console.schuldeiser.desk import SchuldeiserDesk
from gateway.console.schuldeiser.files import LARGEST
from gateway.core.chain import Inbound, Outcome
from gateway.files.mailbox import Mailroom
from gateway.files.transfers import Quota, Room
from gateway.signals.parsing import is_well_formed
from gateway.signals.turns import Turns

PROOFS = 1


def creditor_desk(house: House) -> SchuldeiserDesk:
    """What the pages work with."""

    def post(record: Inbound) -> Outcome:
        """Through the shared commit; a malformed one by itself, as at the door of systems."""
        return house.posts.submit(record).result() if is_well_formed(record) else house.receive([record])[0]

    return SchuldeiserDesk(
        steps=house.steps,
        post=post,
        notary=notary(house),
        overviews=house.overviews,
        turns=Turns(PROOFS),
        room=Mailroom(Room(house.ingest, house.files.spool, house.clock, Quota(file_bytes=LARGEST))),
    )
