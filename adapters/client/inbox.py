"""Going through an inbox message by message: claims are made, renewed and given back as needed, and only what you finish is acknowledged.

    with Inbox(gemeente, doel="WGS-3-1-b") as inbox:
        for item in inbox:
            zaak = own_system.save(item.open())       # fails here: not acknowledged, comes back later
            item.processed(zaak)

A message that is not finished when the loop goes on stays unacknowledged; its claim is kept until the end, so that it does not come back at
once, and then given back. A lease that has ended is not used for anything: the rest of that claim is dropped unseen. No message comes twice
in a round. Authority: contract, the inbox. Leaves waiting for new messages to the caller: the loop ends when the inbox has no more, or when
of a whole claim nothing could be used.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Literal, Self
from uuid import UUID

from adapters.client.failures import ClientError, Conflict, NotFound
from adapters.client.gemeente import Afwijsreden, Gemeente
from schemas.inbox import Bericht, BerichtStand, Claim, ClaimAanvraag, Veldgroep


class Item:
    """One message that is held."""

    def __init__(self, inbox: "Inbox", claim: UUID, bericht: Bericht) -> None:
        self._inbox = inbox
        self.claim = claim
        self.bericht = bericht
        self.finished = False

    def __repr__(self) -> str:
        """Its id only."""
        return f"Item({self.bericht.id})"

    def open(self) -> dict[Veldgroep, dict[str, Any]]:
        """The person data, by group. Raises NotOpened."""
        return self._inbox.gemeente.opener.open(self.bericht)

    def received(self) -> BerichtStand:
        """It came over and is safe here. Raises ClientError; Conflict: somebody else holds it by now."""
        return self._done(self._inbox.gemeente.acknowledge(self.bericht.id, self._held(), "ontvangen"))

    def processed(self, zaaknummer: str) -> BerichtStand:
        """It is in a case of yours. Raises ClientError; Conflict: somebody else holds it by now."""
        return self._done(self._inbox.gemeente.acknowledge(self.bericht.id, self._held(), "verwerkt", zaaknummer))

    def rejected(self, reden: Afwijsreden) -> BerichtStand:
        """It is not for you, or wrong. Raises ClientError; Conflict: somebody else holds it by now."""
        return self._done(self._inbox.gemeente.reject(self.bericht.id, self._held(), reden))

    def keep(self) -> None:
        """Somebody is still at work on it: its claim is not given back at the end of the round, but ends with its lease."""
        self._inbox.keep(self.claim)

    def _held(self) -> UUID:
        self._inbox.renew(self.claim)
        return self.claim

    def _done(self, stand: BerichtStand) -> BerichtStand:
        self.finished = True
        return stand


class Inbox:
    """One round through an inbox; iterate once."""

    def __init__(
        self,
        gemeente: Gemeente,
        doel: str,
        *,
        maximum: int = 100,
        lease_seconden: int = 600,
        wijze: Literal["bemand", "onbemand"] = "onbemand",
        werkbak: str | None = None,
        medewerker: str | None = None,
    ) -> None:
        self.gemeente = gemeente
        self._asked = ClaimAanvraag(
            doel=doel, maximum=maximum, lease_seconden=lease_seconden, wijze=wijze, werkbak=werkbak, medewerker=medewerker
        )
        self._open: list[UUID] = []
        self._seen: set[UUID] = set()

    def __enter__(self) -> Self:
        """The inbox itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give back what was not finished, as far as the gateway can be reached; else the lease ends it."""
        for claim in self._open:
            with suppress(ClientError):
                self.gemeente.release(claim)
        self._open.clear()

    def __iter__(self) -> Iterator[Item]:
        """Every message that can be claimed. Raises ClientError."""
        while True:
            claim = self.gemeente.claim(self._asked)
            if claim.berichten:
                self._open.append(claim.id)
            before = len(self._seen)
            yield from self._items(claim)
            if len(self._seen) == before:
                return

    def keep(self, claim: UUID) -> None:
        """Do not give this claim back at the end."""
        if claim in self._open:
            self._open.remove(claim)

    def renew(self, claim: UUID) -> None:
        """Extend a lease of which less than half is left. Raises ClientError; Conflict or NotFound: the claim holds nothing any more."""
        end = self.gemeente.lease_end(claim)
        if end is None or end - self.gemeente.now() < self._asked.lease_seconden / 2:
            self.gemeente.extend(claim, self._asked.lease_seconden)

    def _items(self, claim: Claim) -> Iterator[Item]:
        left = {bericht.id for bericht in claim.berichten}
        for bericht in claim.berichten:
            if bericht.id in self._seen:
                continue
            try:
                self.renew(claim.id)
            except (Conflict, NotFound):
                return
            self._seen.add(bericht.id)
            item = Item(self, claim.id, bericht)
            yield item
            if item.finished:
                left.remove(bericht.id)
        if not left:
            self.keep(claim.id)
