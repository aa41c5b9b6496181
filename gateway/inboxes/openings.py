"""What a screen shows of a message the gateway opens itself, with the key that it keeps: counted towards the ceiling of a day first.

The disclosure is on record already, in the flow that gave the sealed groups. Authority: `gateway.mailbox.reversals`; decision 0032. Leaves
opening to whoever shows it; what an own key seals is opened by nobody here, and not counted.
"""

from collections.abc import Sequence

from gateway.core.chain import Sender
from gateway.core.clock import dutch_day
from gateway.inboxes.desk import Desk
from gateway.mailbox import reversals
from gateway.store.tenant import municipality
from schemas.inbox import Bericht


def require_room(caller: Sender, gemeente: str, many: int, desk: Desk) -> None:
    """Before they are claimed: a claim that may not be opened would hold them for nothing. Raises TooMany."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        left = reversals.left(connection, caller, gemeente, dutch_day(desk.clock.now()), "opening", desk.openings)
    if left < many:
        raise reversals.spent("opening", desk.openings)


def note(caller: Sender, gemeente: str, berichten: Sequence[Bericht], desk: Desk) -> None:
    """These are about to be opened. Raises TooMany: more than the ceiling; then nothing may be opened."""
    many = sum(1 for bericht in berichten if bericht.sleutels is not None and bericht.sleutels.groepssleutels)
    if many:
        with desk.database.transaction(municipality(gemeente)) as connection:
            reversals.count(connection, caller, gemeente, dutch_day(desk.clock.now()), "opening", many, desk.openings)
