"""What `gateway.api.logbewijzen` needs from the house, as a protocol; see `gateway.api.ports`."""

from typing import Protocol

from schemas.bewijs import Bladbewijs, Controlepunt


class LogPort(Protocol):
    """Proofs of the log."""

    def checkpoint(self, kept: int, size: int | None) -> Controlepunt:
        """The checkpoint over `size` leaves (the newest by default), with its growth from one over `kept`. Raises NotFound."""
        ...

    def leaf(self, number: int) -> Bladbewijs:
        """One leaf and where it stands. Raises NotFound."""
        ...
