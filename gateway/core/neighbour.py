"""What matching sees of a message at one address: no person data, no address, nothing but keyed names, amounts and instants.

`gateway.mailbox` reads it, `gateway.matching` judges it; it stands here because those two do not know each other.
"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


class Neighbour(NamedTuple):
    """A numbered message. Amount in euro cents, instants in UTC.

    `contract` is the keyed name of creditor and contract (None: not told). `picked_up` is when the municipality first
    acknowledged it; `gone` is when the creditor withdrew it before anybody had claimed it.
    """

    id: UUID
    nr: int
    creditor: str
    contract: bytes | None
    amount: int
    received: datetime
    picked_up: datetime | None = None
    gone: datetime | None = None


class Earlier(NamedTuple):
    """A signal of before this gateway, as the municipality itself told at go-live. `loaded` is when (UTC)."""

    creditor: str
    contract: bytes | None
    day: date
    loaded: datetime
