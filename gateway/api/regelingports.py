"""What the doors need for arrangements, as protocols; the part of `gateway.api.ports` for this conversation.

Authority: architecture, "the house". The same promises hold: values or `gateway.core.errors`; what is not yours does not exist.
"""

from typing import Protocol
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.regelingen import (
    Partijstaat,
    Regeling,
    Regelingaanvraag,
    Regelingantwoord,
    Regelingbericht,
    Regelingberichten,
    Regelingbewijs,
    Regelingen,
    RegelingIntrekking,
    Regelingsoort,
    Regelingstaat,
    Stiltebewijs,
)
from schemas.types import Gemeentecode, Oin


class RegelingPort(Protocol):
    """Arrangements of a municipality."""

    def start(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: Regelingaanvraag) -> tuple[Regeling, bool]:
        """Send it to every named creditor; the flag is False for the same again. Raises Conflict, Invalid, Unavailable."""
        ...

    def page(
        self, caller: Sender, gemeente: Gemeentecode, soort: Regelingsoort, before: UUID | None, limit: int, staat: Regelingstaat | None
    ) -> Regelingen:
        """Those older than `before`, newest first, without answers; `volgende` is `str(id)` of the last one, None at the end."""
        ...

    def one(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, soort: Regelingsoort, id: UUID, *, disclose: bool) -> Regeling:
        """One with its sealed answers; without them, and nothing is logged, when `disclose` is False. Raises NotFound."""
        ...

    def withdraw(
        self, caller: Sender, gemeente: Gemeentecode, trace: Trace, soort: Regelingsoort, id: UUID, request: RegelingIntrekking
    ) -> Regeling:
        """Withdraw it; again changes nothing. Raises NotFound."""
        ...

    def prove(self, caller: Sender, gemeente: Gemeentecode, id: UUID) -> Stiltebewijs:
        """The evidence that a creditor did not answer its message of a proposal. Raises NotFound, Conflict, Unavailable."""
        ...


class BerichtPort(Protocol):
    """Messages of arrangements that a creditor got."""

    def page(
        self, principal: Oin, soort: Regelingsoort, after: UUID | None, limit: int, staat: Partijstaat | None
    ) -> Regelingberichten:
        """Those of one kind above `after`, oldest first, without content; `volgende` is `str(id)` of the last one, None at the end."""
        ...

    def one(self, sender: Sender, trace: Trace, soort: Regelingsoort, id: UUID, *, disclose: bool) -> Regelingbericht:
        """One with what is sealed in it; without that, and nothing is logged, when `disclose` is False. Raises NotFound."""
        ...

    def answer(
        self, sender: Sender, trace: Trace, soort: Regelingsoort, id: UUID, request: Regelingantwoord
    ) -> tuple[Regelingbewijs, bool]:
        """Answer; the flag is False for the same answer again. Raises NotFound, Conflict, Invalid."""
        ...
