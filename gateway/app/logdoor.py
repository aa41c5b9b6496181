"""Proofs of the log behind their port. Authority: `gateway.api.logbewijzen` says what each promises."""

from gateway.app.house import House
from gateway.core.errors import NotFound
from gateway.privacylog import proofs
from gateway.signals.turns import Turns
from schemas.bewijs import Bladbewijs, Controlepunt, Logbewijs

PROOFS = 1
"""At once, at each of two doors; the log has five connections: one for the sequencer, two for proofs of delivery."""


class LogDoor:
    """`gateway.api.logbewijzen.LogPort`."""

    def __init__(self, house: House) -> None:
        self._log = house.log
        self._turns = Turns(PROOFS)

    def checkpoint(self, kept: int, size: int | None) -> Controlepunt:
        """A checkpoint, grown from a kept one."""
        with self._turns.turn(), self._log.transaction() as connection:
            found = proofs.grow(connection, kept, size)
        if found is None:
            raise NotFound
        return Controlepunt(omvang=found.size, controlepunt=found.note, bewaard=kept, pad=[part.hex() for part in found.path])

    def leaf(self, number: int) -> Bladbewijs:
        """One leaf."""
        with self._turns.turn(), self._log.transaction() as connection:
            found = proofs.prove(connection, number)
        if found is None:
            raise NotFound
        path = [part.hex() for part in found.path]
        log = None if found.note is None else Logbewijs(nummer=number, pad=path, controlepunt=found.note)
        return Bladbewijs(nummer=number, logblad=found.leaf.hex(), log=log)
