"""Which claim holds a message: what somebody at a screen cannot remember, as a case system does. Shows no person data; leaves no entry.

Authority: contract, "/gemeente/v1": an acknowledgement carries the claim's id.
"""

from typing import NamedTuple
from uuid import UUID

from gateway.core.errors import NotFound
from gateway.inboxes.desk import Desk, show
from gateway.mailbox import inbox
from gateway.store.tenant import municipality
from schemas.inbox import Bericht


class Hold(NamedTuple):
    """The claim that holds a message now, its purpose, and the messages that were taken with it."""

    claim: UUID
    doel: str
    samen: int


def hold(gemeente: str, id: UUID, desk: Desk) -> Hold | None:
    """Who holds a message of this inbox; None when nobody does. Raises NotFound."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        item = inbox.find(connection, gemeente, id, payload=False)
        if item is None:
            raise NotFound
        doel = inbox.purpose_of(connection, gemeente, item.claim) if item.claim and item.held else None
        if item.claim is None or doel is None:
            return None
        return Hold(item.claim, doel, len(inbox.of_claim(connection, gemeente, item.claim, payload=False)))


def require(gemeente: str, id: UUID, desk: Desk) -> UUID:
    """The claim that holds a message. Raises NotFound: it is not there, or nobody holds it."""
    found = hold(gemeente, id, desk)
    if found is None:
        raise NotFound
    return found.claim


def claimed(gemeente: str, claim: UUID, desk: Desk) -> tuple[str, list[Bericht]]:
    """The purpose of a claim and what it still holds, without person data. Raises NotFound: no claim of this municipality."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        doel = inbox.purpose_of(connection, gemeente, claim)
        if doel is None:
            raise NotFound
        items = [item for item in inbox.of_claim(connection, gemeente, claim, payload=False) if item.held]
        return doel, show(connection, gemeente, items, desk.seals)
