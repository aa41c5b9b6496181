"""What the tests of arrangements share: lawful requests, and the flows in one line each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from gateway.core.chain import Sender
from gateway.overviews.terms import Done
from gateway.partners.agreements import Afspraak
from gateway.partners.register import Certificaat, Deelnemer, Register
from gateway.regelingen import replying, requested, starting, terms
from schemas.regelingen import (
    AfkoelingsperiodeAanvraag,
    Akkoord,
    Benaderde,
    BenaderdeMetGrondslag,
    BenaderdeMetVoorstel,
    BetaalvoorstelAanvraag,
    Bevestigd,
    Geweigerd,
    KennisgevingAanvraag,
    Regeling,
    Regelingaanvraag,
    Regelingantwoord,
    Regelingbericht,
    Regelingbewijs,
    RegelingClient,
    RegelingIntrekking,
    Regelingsoort,
    Uitspraak,
    Voorstelvordering,
    Weigering,
)
from schemas.schuldenoverzicht import OverzichtPersoon
from schemas.signaal import Adres
from tests.overviews.hall import BIRTH, CLERK, HAARLEM, NAME, STREET, TRACE, Hall

INSURER = Sender("00000099000000005500", "00000099000000005500")
FOUND = Bevestigd(klantnummer="K-7781")
AGREED = Akkoord(klantnummer="K-7781")
REFUSED = Geweigerd(redenen=[Weigering(reden="aanbod_te_laag", toelichting="afloscapaciteit_hoger")])
SIGNED = date(2024, 1, 15)
OPEN = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


class Square(Hall):
    """A hall in which municipalities send arrangements; `agree` registers a general agreement. `no_doors`: who has no certificate."""

    no_doors: frozenset[str] = frozenset()

    def agree(self, soort: str, *creditors: Sender, id: str = "afspraak-1", **more: Any) -> None:
        """Register an agreement that binds these creditors."""
        values = {"gemeentecode": None, "getekend_op": SIGNED, "geldig_van": SIGNED, **more}
        made = Afspraak(id, soort, "Vereniging Voorbeeld", frozenset(c.principal for c in creditors), **values)
        self.agreements = [*getattr(self, "agreements", []), made]
        self.register = self._register()

    def _register(self) -> Register:
        old = super()._register()
        insurer = Deelnemer(INSURER.principal, "Zorg", frozenset({"schuldeiser"}), "actief", frozenset({"zorgverzekering"}))
        return Register(
            3,
            deelnemers=[*old.deelnemers.values(), insurer],
            gemeenten=old.gemeenten.values(),
            sleutels=[key for code in (HAARLEM, "0344") if (key := old.sealing_key(code))],
            mandaten=[m for found in old._mandaten.values() for m in found],
            partijsleutels=self.own,
            certificaten=[Certificaat(oin.encode().ljust(32), oin, *OPEN) for oin in old.deelnemers if oin not in self.no_doors],
            afspraken=getattr(self, "agreements", []),
        )

    def pause(self, *creditors: Sender, **more: Any) -> KennisgevingAanvraag:
        """A lawful request to pause, as a request (`verzoek`)."""
        grondslag = more.pop("grondslag", "verzoek")
        named = [BenaderdeMetGrondslag(oin=c.principal, grondslag=grondslag) for c in creditors]
        values = {"kenmerk": "K-1", "begin": self.today, "einde": requested.months_later(self.today, 6), "schuldeisers": named}
        return KennisgevingAanvraag(**{**self._whose(), **values, **more})

    def proposal(self, *creditors: Sender, **more: Any) -> BetaalvoorstelAanvraag:
        """A lawful proposal of 12.5 %."""
        named = [BenaderdeMetVoorstel(oin=c.principal, vorderingen=[offer()]) for c in creditors]
        return BetaalvoorstelAanvraag(**{**self._whose(), "kenmerk": "B-1", "soort": "SB", "schuldeisers": named, **more})

    def cooling(self, *creditors: Sender, **more: Any) -> AfkoelingsperiodeAanvraag:
        """A lawful cooling-off period."""
        values = {
            "kenmerk": "A-1",
            "begin": self.today,
            "einde": requested.months_later(self.today, 6),
            "uitspraak": Uitspraak(datum=self.today - timedelta(days=1), ecli="ECLI:NL:RBNHO:2026:1234"),
            "schuldeisers": [Benaderde(oin=c.principal) for c in creditors],
        }
        return AfkoelingsperiodeAanvraag(**{**self._whose(), **values, **more})

    def send(self, aanvraag: Regelingaanvraag, gemeente: str = HAARLEM, by: Sender = CLERK) -> Regeling:
        """Send it."""
        return starting.start(by, gemeente, TRACE, aanvraag, self.overviews)[0]

    def look(self, sent: Regeling, gemeente: str = HAARLEM, *, disclose: bool = False) -> Regeling:
        """How it stands."""
        return starting.one(CLERK, gemeente, TRACE, sent.soort, sent.id, self.overviews, disclose=disclose)

    def cancel(self, sent: Regeling, gemeente: str = HAARLEM) -> Regeling:
        """Withdraw it."""
        why = RegelingIntrekking(reden="traject_beeindigd")
        return starting.withdraw(CLERK, gemeente, TRACE, sent.soort, sent.id, why, self.overviews)

    def told(self, creditor: Sender, soort: Regelingsoort, staat: Any = None) -> list[Regelingbericht]:
        """A creditor's messages of one kind."""
        return replying.page(creditor.principal, soort, None, 500, staat, self.overviews).berichten

    def opened(self, creditor: Sender, soort: Regelingsoort, id: UUID) -> Regelingbericht:
        """One of them, opened."""
        return replying.message(creditor, TRACE, soort, id, self.overviews, disclose=True)

    def reply(self, creditor: Sender, soort: Regelingsoort, id: UUID, given: Regelingantwoord) -> Regelingbewijs:
        """Answer one."""
        return replying.answer(creditor, TRACE, soort, id, given, self.overviews)[0]

    def tick(self) -> Done:
        """Run the clock's job."""
        return terms.run(self.overviews, CLERK.party, lambda: TRACE)

    def _whose(self) -> dict[str, Any]:
        person = OverzichtPersoon(rol="client", voorletters="K.", achternaam=NAME, geboortedatum=BIRTH)
        adres = Adres(postcode=STREET, huisnummer=12, woonplaats="Haarlem")
        return {"zaaknummer": "ZAAK-1", "client": RegelingClient(personen=[person], adres=adres)}


def offer(**more: Any) -> Voorstelvordering:
    """12.5 % of 400 euros."""
    return Voorstelvordering(**{"kenmerk": "F-1", "saldo_cent": 40_000, "percentage_honderdsten": 1_250, "prognose_cent": 5_000, **more})
