"""A municipality's client: ask creditors what a client owes, assemble the answers, and send pauses, proposals and cooling-off periods.

The sum is made here from the opened answers (`assembled`), or by the gateway where it keeps your key (`assembled_there`). Authority:
contract, "Schuldenoverzicht"; `openapi/gemeente.yaml`. Leaves the inbox to `gemeente`.
"""

from typing import Literal
from uuid import UUID

import msgspec

from adapters.client import overview
from adapters.client.calling import Call, Op
from adapters.client.leased import Leased
from adapters.client.opening import NotOpened
from schemas.overzicht import Overzicht
from schemas.regelingen import (
    ANTWOORDEN,
    AfkoelingsperiodeAanvraag,
    BetaalvoorstelAanvraag,
    KennisgevingAanvraag,
    Regeling,
    Regelingaanvraag,
    Regelingantwoord,
    Regelingen,
    RegelingIntrekking,
    Regelingpartij,
    Regelingsoort,
    Regelingstaat,
    Stiltebewijs,
)
from schemas.schuldenoverzicht import OverzichtIntrekking, Overzichtsaanvraag, Overzichtstaat, Schuldenoverzicht, Schuldenoverzichten
from schemas.uittreksel import Uittreksel

ASK = Op("vraagSchuldenoverzicht", "POST", "/schuldenoverzichten", Schuldenoverzicht)
OVERVIEWS = Op("lijstSchuldenoverzichten", "GET", "/schuldenoverzichten", Schuldenoverzichten)
OVERVIEW = Op("leesSchuldenoverzicht", "GET", "/schuldenoverzichten/{id}", Schuldenoverzicht)
WITHDRAW = Op("trekSchuldenoverzichtIn", "POST", "/schuldenoverzichten/{id}/intrekking", Schuldenoverzicht)
ASSEMBLED = Op("maakSchuldenoverzicht", "GET", "/schuldenoverzichten/{id}/overzicht", Overzicht)
EXTRACT = Op("leesUittreksel", "GET", "/schuldenoverzichten/{id}/uittreksel", Uittreksel)
SILENCE = Op("leesStiltebewijs", "GET", "/partijen/{id}/bewijs", Stiltebewijs)
SENT: dict[Regelingsoort, tuple[Op[Regeling], Op[Regelingen], Op[Regeling], Op[Regeling]]] = {
    "kennisgeving": (
        Op("stuurKennisgeving", "POST", "/kennisgevingen", Regeling),
        Op("lijstKennisgevingen", "GET", "/kennisgevingen", Regelingen),
        Op("leesKennisgeving", "GET", "/kennisgevingen/{id}", Regeling),
        Op("trekKennisgevingIn", "POST", "/kennisgevingen/{id}/intrekking", Regeling),
    ),
    "betaalvoorstel": (
        Op("stuurBetaalvoorstel", "POST", "/betaalvoorstellen", Regeling),
        Op("lijstBetaalvoorstellen", "GET", "/betaalvoorstellen", Regelingen),
        Op("leesBetaalvoorstel", "GET", "/betaalvoorstellen/{id}", Regeling),
        Op("trekBetaalvoorstelIn", "POST", "/betaalvoorstellen/{id}/intrekking", Regeling),
    ),
    "afkoelingsperiode": (
        Op("stuurAfkoelingsperiode", "POST", "/afkoelingsperioden", Regeling),
        Op("lijstAfkoelingsperioden", "GET", "/afkoelingsperioden", Regelingen),
        Op("leesAfkoelingsperiode", "GET", "/afkoelingsperioden/{id}", Regeling),
        Op("trekAfkoelingsperiodeIn", "POST", "/afkoelingsperioden/{id}/intrekking", Regeling),
    ),
}
_KIND: dict[type[Regelingaanvraag], Regelingsoort] = {
    KennisgevingAanvraag: "kennisgeving",
    BetaalvoorstelAanvraag: "betaalvoorstel",
    AfkoelingsperiodeAanvraag: "afkoelingsperiode",
}
Reden = Literal["toestemming_ingetrokken", "traject_beeindigd", "onterecht"]


class Overzichten(Leased):
    """The part of the client about debts. Every method raises ClientError; what else it raises stands with it."""

    def ask(self, aanvraag: Overzichtsaanvraag) -> Schuldenoverzicht:
        """Ask named creditors what they claim; again gives the same overview."""
        return self._caller.ask(ASK, Call(body=aanvraag))

    def overviews(self, cursor: str | None = None, limiet: int = 100, staat: Overzichtstaat | None = None) -> Schuldenoverzichten:
        """A page of overviews, newest first, without answers."""
        return self._caller.ask(OVERVIEWS, Call(query={"cursor": cursor, "limiet": limiet, "staat": staat}))

    def overview(self, id: UUID) -> Schuldenoverzicht:
        """One overview with its sealed answers, which goes on record."""
        return self._caller.ask(OVERVIEW, Call(id))

    def withdraw_overview(self, id: UUID, reden: Reden) -> Schuldenoverzicht:
        """The questions no longer stand."""
        return self._caller.ask(WITHDRAW, Call(id, body=OverzichtIntrekking(reden=reden)))

    def assembled(self, id: UUID) -> Overzicht:
        """Fetch an overview, open its answers here and add them up. Raises NotOpened."""
        return overview.assembled(self.overview(id), self.opener)

    def assembled_there(self, id: UUID) -> Overzicht:
        """The same, made by the gateway that keeps your key. Raises Conflict: you have a key of your own."""
        return self._caller.ask(ASSEMBLED, Call(id))

    def extract(self, id: UUID) -> Uittreksel:
        """The resident's extract: what was asked of whom, and who looked."""
        return self._caller.ask(EXTRACT, Call(id))

    def send(self, aanvraag: Regelingaanvraag) -> Regeling:
        """Send a pause, a proposal or a cooling-off period; again gives the same."""
        return self._caller.ask(SENT[_KIND[type(aanvraag)]][0], Call(body=aanvraag))

    def regelingen(
        self, soort: Regelingsoort, cursor: str | None = None, limiet: int = 100, staat: Regelingstaat | None = None
    ) -> Regelingen:
        """A page of one kind, newest first, without answers."""
        return self._caller.ask(SENT[soort][1], Call(query={"cursor": cursor, "limiet": limiet, "staat": staat}))

    def regeling(self, soort: Regelingsoort, id: UUID) -> Regeling:
        """One of them with its sealed answers, which goes on record; `reply` opens one."""
        return self._caller.ask(SENT[soort][2], Call(id))

    def reply(self, soort: Regelingsoort, partij: Regelingpartij) -> Regelingantwoord:
        """Open what one creditor answered. Raises NotOpened: wrong key, or there is no answer."""
        if partij.antwoord is None:
            raise NotOpened("there is no answer")
        clear = self.opener.unseal(partij.antwoord.inhoud, partij.antwoord.sleutels, partij.id, "antwoord")
        try:
            found: Regelingantwoord = msgspec.convert(clear, ANTWOORDEN[soort])
        except msgspec.ValidationError:
            raise NotOpened("antwoord: not what the agreement says") from None
        return found

    def withdraw_regeling(self, soort: Regelingsoort, id: UUID, reden: Reden) -> Regeling:
        """It no longer stands."""
        return self._caller.ask(SENT[soort][3], Call(id, body=RegelingIntrekking(reden=reden)))

    def silence(self, partij: UUID) -> Stiltebewijs:
        """Evidence for a court that a creditor did not answer a proposal (`receipts.verify_receipt` checks it)."""
        return self._caller.ask(SILENCE, Call(partij))
