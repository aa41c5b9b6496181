"""The flows after delivery behind their port: only calls. Authority: `gateway.api.standen` says what each promises."""

from datetime import date
from uuid import UUID

from gateway.api.public import KEYS
from gateway.app.house import House
from gateway.core.chain import Sender, Trace
from gateway.signals import proof, quality, schaduwstand
from gateway.signals.proof import Notary
from gateway.signals.turns import Turns
from schemas.bewijs import Bewijs
from schemas.kwaliteit import Kwaliteit
from schemas.standen import StandEnvelop, StandVerslag

LISTS, PROOFS = 2, 2
"""At once: deliveries take four of the eight connections of intake, the sequencer one of the three of the log."""


def notary(house: House) -> Notary:
    """What proofs are made with."""
    address = f"https://{house.settings.log_origin.partition('/')[0]}{KEYS}"
    return Notary(house.log, house.signer, house.municipalities.naam, address, house.number)


class StandenDoor:
    """`gateway.api.standen.StandenPort`. Lists and proofs take turns of their own: the pools behind them serve others too."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lists, self._proofs = Turns(LISTS), Turns(PROOFS)
        self._notary = notary(house)

    def reconcile(self, sender: Sender, trace: Trace, peildatum: date, stand: StandEnvelop) -> StandVerslag:
        """A list of open signals."""
        with self._lists.turn():
            return schaduwstand.reconcile(sender, trace, peildatum, stand, self._house.steps, self._house.number)

    def prove(self, principal: str, id: UUID) -> Bewijs:
        """The proof of one signal."""
        with self._proofs.turn():
            return proof.prove(principal, id, self._house.steps, self._notary)

    def quality(self, principal: str, van: date, tot: date) -> Kwaliteit:
        """The creditor's own figures."""
        return quality.report(principal, van, tot, self._house.ingest)
