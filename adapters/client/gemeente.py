"""A municipality's client: its inbox. Take messages under a lease, open them here, acknowledge, reject, send on, tell the sender.

A lease counts on this client's own clock from before the question was sent, so that it never seems longer than it is; what goes with a
claim is repeated only while it stands. `inbox.Inbox` goes through the inbox message by message. Authority: contract, "/gemeente/v1";
`openapi/gemeente.yaml`. Leaves cases to `zaken`, debt overviews and arrangements to `overzichten`, settings to the console.
"""

from typing import Literal
from uuid import UUID

from adapters.client.calling import Call, Op, Repeat
from adapters.client.overzichten import Overzichten
from adapters.client.zaken import Zaken
from schemas.doorzending import Doorzending, Gemeentesleutels
from schemas.inbox import (
    Afwijzing,
    Bericht,
    Berichten,
    Berichtstaat,
    BerichtStand,
    Bevestiging,
    Claim,
    ClaimAanvraag,
    ClaimBevestiging,
    ClaimStand,
    ClaimVerlenging,
)
from schemas.opvolging import Deling, Delingstand
from schemas.signaal import Soort
from schemas.termijnen import Bedreigend, Mijlpaalstand, Mijlpalen, Termijnen, Termijnsoort, Termijnstand
from schemas.terugkoppeling import TerugkoppelAanvraag, TerugkoppelUitkomsten

MESSAGES = Op("lijstBerichten", "GET", "/inbox/berichten", Berichten)
MESSAGE = Op("leesBericht", "GET", "/inbox/berichten/{id}", Bericht)
CLAIM = Op("claimBerichten", "POST", "/inbox/claims", Claim, Repeat.UNDONE)
EXTEND = Op("verlengClaim", "PUT", "/inbox/claims/{id}", ClaimStand, Repeat.LEASED)
RELEASE = Op("geefClaimVrij", "DELETE", "/inbox/claims/{id}", ClaimStand)
ACKNOWLEDGE_CLAIM = Op("bevestigClaim", "POST", "/inbox/claims/{id}/_bevestig", ClaimStand, Repeat.LEASED)
ACKNOWLEDGE = Op("bevestigBericht", "PUT", "/inbox/berichten/{id}/bevestiging", BerichtStand, Repeat.LEASED)
REJECT = Op("wijsBerichtAf", "POST", "/inbox/berichten/{id}/afwijzing", BerichtStand, Repeat.LEASED)
FORWARD = Op("zendBerichtDoor", "POST", "/inbox/berichten/{id}/doorzending", BerichtStand, Repeat.LEASED)
SHARE = Op("deelBericht", "POST", "/inbox/berichten/{id}/delingen", Delingstand, Repeat.UNDONE)
THREATENING = Op("meldBedreigend", "PUT", "/inbox/berichten/{id}/bedreigend", Mijlpaalstand)
MILESTONES = Op("meldMijlpalen", "PUT", "/inbox/berichten/{id}/mijlpalen", Mijlpaalstand)
TERMS = Op("lijstTermijnen", "GET", "/termijnen", Termijnen)
TOWN_KEYS = Op("lijstGemeentesleutels", "GET", "/gemeentesleutels", Gemeentesleutels)
TELL = Op("geefTerugkoppeling", "POST", "/terugkoppelingen", TerugkoppelUitkomsten, Repeat.UNDONE)
PREVIEW = Op("toonTerugkoppeling", "POST", "/terugkoppelingen/_voorbeeld", TerugkoppelUitkomsten)
Status = Literal["ontvangen", "verwerkt"]
Afwijsreden = Literal["geen_inwoner", "onterecht_signaal", "herhaalde_melding", "onleesbaar", "andere_reden"]


class Gemeente(Zaken, Overzichten):
    """A municipality. Every method raises ClientError; what else it raises stands with it."""

    ROOT = "/gemeente/v1"

    def messages(
        self,
        cursor: str | None = None,
        limiet: int = 100,
        *,
        soort: Soort | None = None,
        sector: str | None = None,
        staat: Berichtstaat | None = None,
        werkbak: str | None = None,
    ) -> Berichten:
        """A page of metadata; keep `volgende` and go on there next time (`base.pages` goes to the end)."""
        query = {"cursor": cursor, "limiet": limiet, "soort": soort, "sector": sector, "staat": staat, "werkbak": werkbak}
        return self._caller.ask(MESSAGES, Call(query=query))

    def message(self, id: UUID) -> Bericht:
        """One message; with person data while your claim holds it, which goes on record."""
        return self._caller.ask(MESSAGE, Call(id))

    def claim(self, aanvraag: ClaimAanvraag) -> Claim:
        """Take messages under a lease, for a purpose. Never sent twice: a lost answer leaves them to their lease."""
        begun = self.now()
        claim = self._caller.ask(CLAIM, Call(body=aanvraag))
        self._leased(claim.id, begun, aanvraag.lease_seconden, claim.vervalt_op)
        return claim

    def extend(self, claim: UUID, lease_seconden: int) -> ClaimStand:
        """Extend a lease, counted from now. Raises Conflict: the claim holds nothing any more."""
        begun = self.now()
        found = self._caller.ask(EXTEND, Call(claim, body=ClaimVerlenging(lease_seconden=lease_seconden), until=self.lease_end(claim)))
        self._leased(claim, begun, lease_seconden, found.vervalt_op)
        return found

    def release(self, claim: UUID) -> ClaimStand:
        """Give back what was not acknowledged."""
        found = self._caller.ask(RELEASE, Call(claim))
        self._given_back(claim)
        return found

    def acknowledge_claim(self, claim: UUID, status: Status, zaaknummer: str | None = None) -> ClaimStand:
        """Acknowledge every message of a claim, all or none."""
        body = ClaimBevestiging(status=status, zaaknummer=zaaknummer)
        return self._caller.ask(ACKNOWLEDGE_CLAIM, Call(claim, body=body, until=self.lease_end(claim)))

    def acknowledge(self, bericht: UUID, claim: UUID, status: Status, zaaknummer: str | None = None) -> BerichtStand:
        """Acknowledge a message; *verwerkt* carries a case number. Raises Conflict: another claim holds it."""
        body = Bevestiging(claim=claim, status=status, zaaknummer=zaaknummer)
        return self._caller.ask(ACKNOWLEDGE, Call(bericht, body=body, until=self.lease_end(claim)))

    def reject(self, bericht: UUID, claim: UUID, reden: Afwijsreden) -> BerichtStand:
        """Reject a message; the reason stays with the municipality."""
        return self._caller.ask(REJECT, Call(bericht, body=Afwijzing(claim=claim, reden=reden), until=self.lease_end(claim)))

    def forward(self, bericht: UUID, doorzending: Doorzending) -> BerichtStand:
        """Send a message on to the municipality where the resident lives (`resealing.reseal` makes the body)."""
        return self._caller.ask(FORWARD, Call(bericht, body=doorzending, until=self.lease_end(doorzending.claim)))

    def share(self, bericht: UUID, deling: Deling) -> Delingstand:
        """Give a follow-up partner keys to groups of a message (`sealing.share` makes the body)."""
        return self._caller.ask(SHARE, Call(bericht, body=deling))

    def threatening(self, bericht: UUID, bedreigend: Bedreigend) -> Mijlpaalstand:
        """Say that a situation is threatening, or no longer: its terms follow."""
        return self._caller.ask(THREATENING, Call(bericht, body=bedreigend))

    def milestones(self, bericht: UUID, mijlpalen: Mijlpalen) -> Mijlpaalstand:
        """Say what happened on which day: its terms follow."""
        return self._caller.ask(MILESTONES, Call(bericht, body=mijlpalen))

    def terms(
        self, cursor: str | None = None, limiet: int = 100, termijn: Termijnsoort | None = None, stand: Termijnstand | None = None
    ) -> Termijnen:
        """A page of terms that run or have passed."""
        return self._caller.ask(TERMS, Call(query={"cursor": cursor, "limiet": limiet, "termijn": termijn, "stand": stand}))

    def town_keys(self, gemeentecode: str | None = None) -> Gemeentesleutels:
        """Public keys of municipalities, to send a message on to."""
        return self._caller.ask(TOWN_KEYS, Call(query={"gemeentecode": gemeentecode}))

    def tell(self, aanvraag: TerugkoppelAanvraag) -> TerugkoppelUitkomsten:
        """Tell the senders of messages a code, as far as the policy lets it; says what each will see."""
        return self._caller.ask(TELL, Call(body=aanvraag))

    def preview(self, aanvraag: TerugkoppelAanvraag) -> TerugkoppelUitkomsten:
        """What each sender would see; nothing is sent."""
        return self._caller.ask(PREVIEW, Call(body=aanvraag))
