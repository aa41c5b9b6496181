"""What the doors need for schuldenoverzichten, as protocols; the part of `gateway.api.ports` for this conversation.

Authority: architecture, "the house". The same promises hold: values or `gateway.core.errors`; what is not yours does not exist.
"""

from typing import Protocol
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.schuldenoverzicht import (
    Antwoordbewijs,
    OverzichtIntrekking,
    Overzichtsaanvraag,
    Overzichtstaat,
    Saldoantwoord,
    Saldostaat,
    Saldoverzoek,
    Saldoverzoeken,
    Schuldenoverzicht,
    Schuldenoverzichten,
)
from schemas.types import Gemeentecode, Oin


class OverviewPort(Protocol):
    """Overviews of a municipality."""

    def ask(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: Overzichtsaanvraag) -> tuple[Schuldenoverzicht, bool]:
        """Ask every named creditor; the flag is False for the same question again. Raises Conflict, Invalid, Unavailable."""
        ...

    def page(
        self, caller: Sender, gemeente: Gemeentecode, before: UUID | None, limit: int, staat: Overzichtstaat | None
    ) -> Schuldenoverzichten:
        """Overviews older than `before`, newest first, without answers; `volgende` is `str(id)` of the last one, None at the end."""
        ...

    def one(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, *, disclose: bool) -> Schuldenoverzicht:
        """One overview with its sealed answers; without them, and nothing is logged, when `disclose` is False. Raises NotFound."""
        ...

    def withdraw(
        self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: OverzichtIntrekking
    ) -> Schuldenoverzicht:
        """Withdraw what was asked; again changes nothing. Raises NotFound."""
        ...


class SaldoPort(Protocol):
    """Questions that a creditor was asked."""

    def page(self, principal: Oin, after: UUID | None, limit: int, staat: Saldostaat | None) -> Saldoverzoeken:
        """Questions above `after`, oldest first, without content; `volgende` is `str(id)` of the last one, None at the end."""
        ...

    def one(self, sender: Sender, trace: Trace, id: UUID, *, disclose: bool) -> Saldoverzoek:
        """One question with what is sealed in it; without that, and nothing is logged, when `disclose` is False. Raises NotFound."""
        ...

    def answer(self, sender: Sender, trace: Trace, id: UUID, request: Saldoantwoord) -> tuple[Antwoordbewijs, bool]:
        """Answer; the flag is False for the same answer again. Raises NotFound, Conflict, Invalid."""
        ...
