"""What the parts of a municipality's client share: until when each claim surely stands, on this client's own clock."""

from typing import Any
from uuid import UUID

from adapters.client.base import Client


class Leased(Client):
    """A client that holds claims."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - those of Client
        super().__init__(*arguments, **named)
        self._leases: dict[UUID, float] = {}

    def now(self) -> float:
        """Seconds on the clock that leases are counted on."""
        return self._caller.timing.now()

    def lease_end(self, claim: UUID) -> float | None:
        """When the lease of a claim ends, on `now`; None for a claim that this client did not make or gave back."""
        return self._leases.get(claim)
