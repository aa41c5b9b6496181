"""Arrangements behind the ports of the edges: only calls, no decisions. Authority: `gateway.api.regelingports`."""

from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.overviews.desk import OverviewDesk
from gateway.regelingen import consent, replying, silence, starting
from gateway.signals.proof import Notary
from gateway.signals.turns import Turns
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


class RegelingDoor:
    """`gateway.api.regelingports.RegelingPort`. Proofs take turns: the sequencer needs the log's connections too."""

    def __init__(self, desk: OverviewDesk, notary: Notary) -> None:
        self._desk = desk
        self._notary = notary
        self._proofs = Turns(1)

    def start(self, caller: Sender, gemeente: str, trace: Trace, request: Regelingaanvraag) -> tuple[Regeling, bool]:
        """Send."""
        return starting.start(caller, gemeente, trace, request, self._desk)

    def page(
        self, caller: Sender, gemeente: str, soort: Regelingsoort, before: UUID | None, limit: int, staat: Regelingstaat | None
    ) -> Regelingen:
        """A page of one kind."""
        return starting.page(caller, gemeente, soort, before, limit, staat, self._desk)

    def one(self, caller: Sender, gemeente: str, trace: Trace, soort: Regelingsoort, id: UUID, *, disclose: bool) -> Regeling:
        """One arrangement."""
        return starting.one(caller, gemeente, trace, soort, id, self._desk, disclose=disclose)

    def withdraw(
        self, caller: Sender, gemeente: str, trace: Trace, soort: Regelingsoort, id: UUID, request: RegelingIntrekking
    ) -> Regeling:
        """Withdraw."""
        return consent.withdraw_regeling(caller, gemeente, trace, soort, id, request, self._desk)

    def prove(self, caller: Sender, gemeente: str, id: UUID) -> Stiltebewijs:
        """Evidence of silence."""
        with self._proofs.turn():
            return silence.prove(caller, gemeente, id, self._desk, self._notary)


class BerichtDoor:
    """`gateway.api.regelingports.BerichtPort`."""

    def __init__(self, desk: OverviewDesk) -> None:
        self._desk = desk

    def page(self, principal: str, soort: Regelingsoort, after: UUID | None, limit: int, staat: Partijstaat | None) -> Regelingberichten:
        """A page of one kind."""
        return replying.page(principal, soort, after, limit, staat, self._desk)

    def one(self, sender: Sender, trace: Trace, soort: Regelingsoort, id: UUID, *, disclose: bool) -> Regelingbericht:
        """One message."""
        return replying.message(sender, trace, soort, id, self._desk, disclose=disclose)

    def answer(
        self, sender: Sender, trace: Trace, soort: Regelingsoort, id: UUID, request: Regelingantwoord
    ) -> tuple[Regelingbewijs, bool]:
        """Answer."""
        return replying.answer(sender, trace, soort, id, request, self._desk)
