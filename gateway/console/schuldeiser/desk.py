"""What the pages of a creditor work with: the flows behind `/schuldeiser/v1`, and nothing beside them. Made by the composition root."""

from collections.abc import Callable
from typing import NamedTuple

from gateway.core.chain import Inbound, Outcome
from gateway.files.mailbox import Mailroom
from gateway.overviews.desk import OverviewDesk
from gateway.signals.proof import Notary
from gateway.signals.receive import Steps
from gateway.signals.turns import Turns


class SchuldeiserDesk(NamedTuple):
    """`post` brings one record through the flow and returns after COMMIT; `turns` bounds how many proofs are made at once. `room` has the
    mailboxes of all parties, with the quota of this door.
    """

    steps: Steps
    post: Callable[[Inbound], Outcome]
    notary: Notary
    overviews: OverviewDesk
    turns: Turns
    room: Mailroom

    def name_of(self, gemeente: str) -> str:
        """A municipality as people call it; its code when nobody knows it."""
        return self.notary.name_of(gemeente) or gemeente
