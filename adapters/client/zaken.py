"""A municipality's client: meldingen, cases, contact attempts and results, the reach figures, and letters where the gateway keeps the key.

Authority: contract, "/gemeente/v1"; `openapi/gemeente.yaml`. Leaves the inbox to `gemeente`, and letters with an own key to `letters`.
"""

from datetime import date
from uuid import UUID

from adapters.client.calling import Call, Op, Repeat
from adapters.client.leased import Leased
from schemas.brieven import BrievenAanvraag, Brievenbestand
from schemas.inbox import Indeling
from schemas.meldingen import Historie, HistorieAanvraag, Melding, Meldingen
from schemas.signaal import Soort
from schemas.zaken import Bereik, Contactgegevens, Contactpoging, Resultaat, Zaak, ZaakAanvraag
from schemas.zaken import Zaken as Zakenlijst

MELDINGEN = Op("lijstMeldingen", "GET", "/meldingen", Meldingen)
MELDING = Op("leesMelding", "GET", "/meldingen/{id}", Melding)
HISTORY = Op("laadHistorie", "POST", "/historie", Historie)
OPEN_CASE = Op("openZaak", "POST", "/zaken", Zaak)
CASES = Op("lijstZaken", "GET", "/zaken", Zakenlijst)
CASE = Op("leesZaak", "GET", "/zaken/{id}", Zaak)
ATTEMPT = Op("legContactpogingVast", "POST", "/zaken/{id}/contactpogingen", Zaak)
RESULT = Op("geefResultaat", "PUT", "/zaken/{id}/resultaat", Zaak)
KEEP_CONTACT = Op("bewaarContactgegevens", "PUT", "/zaken/{id}/contactgegevens", Zaak)
CONTACT = Op("leesContactgegevens", "GET", "/zaken/{id}/contactgegevens", Contactgegevens)
REACH = Op("leesBereik", "GET", "/bereik", Bereik)
LETTERS = Op("maakBrievenbestand", "POST", "/meldingen/_brievenbestand", Brievenbestand, Repeat.UNDONE)


class Zaken(Leased):
    """The part of the client about cases. Every method raises ClientError."""

    def meldingen(
        self,
        cursor: str | None = None,
        limiet: int = 100,
        *,
        indeling: Indeling | None = None,
        sector: str | None = None,
        soort: Soort | None = None,
        periode: str | None = None,
    ) -> Meldingen:
        """A page of meldingen: signals of one address in one period, taken together."""
        query = {"cursor": cursor, "limiet": limiet, "indeling": indeling, "sector": sector, "soort": soort, "periode": periode}
        return self._caller.ask(MELDINGEN, Call(query=query))

    def melding(self, id: UUID) -> Melding:
        """One melding as it is now."""
        return self._caller.ask(MELDING, Call(id))

    def history(self, aanvraag: HistorieAanvraag) -> Historie:
        """At go-live: your own signals of the last 7 months."""
        return self._caller.ask(HISTORY, Call(body=aanvraag))

    def open_case(self, aanvraag: ZaakAanvraag) -> Zaak:
        """Open a case with messages; again gives the same case."""
        return self._caller.ask(OPEN_CASE, Call(body=aanvraag))

    def cases(self, cursor: str | None = None, limiet: int = 100) -> Zakenlijst:
        """A page of cases."""
        return self._caller.ask(CASES, Call(query={"cursor": cursor, "limiet": limiet}))

    def case(self, id: UUID) -> Zaak:
        """One case."""
        return self._caller.ask(CASE, Call(id))

    def attempt(self, zaak: UUID, poging: Contactpoging) -> Zaak:
        """Record an attempt to make contact; its kenmerk says that it is the same."""
        return self._caller.ask(ATTEMPT, Call(zaak, body=poging))

    def result(self, zaak: UUID, resultaat: Resultaat) -> Zaak:
        """Close a case with its result."""
        return self._caller.ask(RESULT, Call(zaak, body=resultaat))

    def keep_contact(self, zaak: UUID, gegevens: Contactgegevens) -> Zaak:
        """Keep contact data that were found (`sealing.seal_contact` seals them)."""
        return self._caller.ask(KEEP_CONTACT, Call(zaak, body=gegevens))

    def contact(self, zaak: UUID) -> Contactgegevens:
        """The contact data of a case, sealed (`sealing.open_contact` opens them)."""
        return self._caller.ask(CONTACT, Call(zaak))

    def reach(self, van: date | None = None, tot: date | None = None) -> Bereik:
        """How many people were reached, per channel and part of day."""
        days = {"van": van.isoformat() if van else None, "tot": tot.isoformat() if tot else None}
        return self._caller.ask(REACH, Call(query=days))

    def letters(self, aanvraag: BrievenAanvraag) -> Brievenbestand:
        """A merge file of claimed messages, made by the gateway that keeps your key."""
        return self._caller.ask(LETTERS, Call(body=aanvraag))
