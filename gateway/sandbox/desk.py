"""The canned municipality of the sandbox: takes what comes in, and does with each message what the table says for its person.

It works with the client as a partner would. Authority: `scenarios`. Leaves what the integrator's own municipality gets to `creditors`.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import msgspec

from adapters.client.base import pages
from adapters.client.gemeente import Gemeente
from adapters.client.inbox import Inbox, Item
from gateway.sandbox.scenarios import BEHANDELINGEN, LEASE_SECONDS
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, OverzichtClient, Overzichtsaanvraag
from schemas.sealed import Identiteit

DOEL = "WGS-3-1-b"
_HELD = 86_400
_BY_NAME = {row.achternaam: row for row in BEHANDELINGEN}


class Desk:
    """One municipality; `look` does one round."""

    def __init__(self, gemeente: Gemeente, today: date, now: Callable[[], float]) -> None:
        """`now`: seconds, on any clock that goes on."""
        self.gemeente = gemeente
        self._today = today
        self._cursor: str | None = None
        self._now = now
        self._seen: set[UUID] = set()
        self._again: dict[UUID, float] = {}

    def look(self) -> list[str]:
        """Handle what is new. Returns what was done, one line each, without person data. Raises ClientError, NotOpened."""
        fresh = 0
        for page in pages(self.gemeente.messages, self._cursor):
            fresh += len(page.berichten)
            self._cursor = page.volgende
        due = {id for id, at in self._again.items() if at <= self._now()}
        if not fresh and not due:
            return []
        with Inbox(self.gemeente, DOEL, maximum=1, lease_seconden=_HELD) as inbox:
            return [self._handle(item) for item in inbox if item.bericht.id not in self._seen - due]

    def ask(self, kenmerk: str, client: OverzichtClient, creditor: str, klantnummer: str) -> None:
        """Ask one creditor what it claims. Raises ClientError."""
        named = GevraagdeSchuldeiser(oin=creditor, klantnummer=klantnummer)
        self.gemeente.ask(
            Overzichtsaanvraag(kenmerk=kenmerk, zaaknummer=kenmerk, grond="plan_van_aanpak", client=client, schuldeisers=[named])
        )

    def _handle(self, item: Item) -> str:
        if self._again.pop(item.bericht.id, None) is not None:
            item.processed("ZANDBAK-OPNIEUW")
            return f"signaal {item.bericht.id}: de gemeente haalt het opnieuw op"
        self._seen.add(item.bericht.id)
        name = msgspec.convert(item.open()["identiteit"], Identiteit).personen[0].achternaam
        row = _BY_NAME.get(name, BEHANDELINGEN[0])
        row.handeling(self.gemeente, item, self._today)
        if row.opnieuw:
            self._again[item.bericht.id] = self._now() + LEASE_SECONDS + 1
        return f"signaal {item.bericht.id}: de gemeente {row.doet}"
