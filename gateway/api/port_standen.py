"""What `gateway.api.standen` needs from the house, as a protocol; see `gateway.api.ports`."""

from datetime import date
from typing import Protocol
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.bewijs import Bewijs
from schemas.kwaliteit import Kwaliteit
from schemas.standen import StandEnvelop, StandVerslag
from schemas.types import Oin


class StandenPort(Protocol):
    """What a creditor can do after delivery."""

    def reconcile(self, sender: Sender, trace: Trace, peildatum: date, stand: StandEnvelop) -> StandVerslag:
        """Bring its signals in line with the list; repeated, the first report. Raises Invalid, Conflict, Unavailable."""
        ...

    def prove(self, principal: Oin, id: UUID) -> Bewijs:
        """The proof of one signal. Raises NotFound, Gone, Unavailable."""
        ...

    def quality(self, principal: Oin, van: date, tot: date) -> Kwaliteit:
        """Its own figures over whole months. Raises Invalid."""
        ...
