"""Schuldenoverzichten behind the ports of the edges: only calls, no decisions. Authority: `gateway.api.overviewports`."""

from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.overviews import answering, asking
from gateway.overviews.desk import OverviewDesk
from gateway.regelingen import consent
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


class OverviewDoor:
    """`gateway.api.overviewports.OverviewPort`."""

    def __init__(self, desk: OverviewDesk) -> None:
        self._desk = desk

    def ask(self, caller: Sender, gemeente: str, trace: Trace, request: Overzichtsaanvraag) -> tuple[Schuldenoverzicht, bool]:
        """Ask."""
        return asking.ask(caller, gemeente, trace, request, self._desk)

    def page(self, caller: Sender, gemeente: str, before: UUID | None, limit: int, staat: Overzichtstaat | None) -> Schuldenoverzichten:
        """A page of overviews."""
        return asking.page(caller, gemeente, before, limit, staat, self._desk)

    def one(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> Schuldenoverzicht:
        """One overview."""
        return asking.one(caller, gemeente, trace, id, self._desk, disclose=disclose)

    def withdraw(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: OverzichtIntrekking) -> Schuldenoverzicht:
        """Withdraw."""
        return consent.withdraw_overview(caller, gemeente, trace, id, request, self._desk)


class SaldoDoor:
    """`gateway.api.overviewports.SaldoPort`."""

    def __init__(self, desk: OverviewDesk) -> None:
        self._desk = desk

    def page(self, principal: str, after: UUID | None, limit: int, staat: Saldostaat | None) -> Saldoverzoeken:
        """A page of questions."""
        return answering.page(principal, after, limit, staat, self._desk)

    def one(self, sender: Sender, trace: Trace, id: UUID, *, disclose: bool) -> Saldoverzoek:
        """One question."""
        return answering.question(sender, trace, id, self._desk, disclose=disclose)

    def answer(self, sender: Sender, trace: Trace, id: UUID, request: Saldoantwoord) -> tuple[Antwoordbewijs, bool]:
        """Answer."""
        return answering.answer(sender, trace, id, request, self._desk)
