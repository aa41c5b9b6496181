"""What the parts of a municipality's client share: until when each claim surely stands, on this client's own clock.

A lease is what was asked or what `vervaltOp` says, whichever is the shorter. How long `vervaltOp` leaves is read from the gateway's own
clock alone: a claim's id (UUIDv7) holds the moment at which it was made. So a partner's clock need not be right.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from adapters.client.base import Client


class Leased(Client):
    """A client that holds claims."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - those of Client
        super().__init__(*arguments, **named)
        self._leases: dict[UUID, float] = {}
        self._asked: dict[UUID, float] = {}

    def now(self) -> float:
        """Seconds on the clock that leases are counted on."""
        return self._caller.timing.now()

    def lease_end(self, claim: UUID) -> float | None:
        """When the lease of a claim ends, on `now`; None for a claim that this client did not make or gave back."""
        return self._leases.get(claim)

    def _leased(self, claim: UUID, begun: float, seconds: int, until: datetime | None) -> None:
        """Note a lease of `seconds` that was asked at `begun`, and that ends at `until` on the gateway's clock."""
        end = begun + seconds
        asked = self._asked.setdefault(claim, begun)
        if until is not None and claim.version == 7:
            end = min(end, asked + (until - _made(claim)).total_seconds())
        self._leases[claim] = end

    def _given_back(self, claim: UUID) -> None:
        self._leases.pop(claim, None)
        self._asked.pop(claim, None)


def _made(id: UUID) -> datetime:
    """The moment in a UUIDv7 (RFC 9562, 5.7)."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)
