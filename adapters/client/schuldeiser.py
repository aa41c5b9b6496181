"""A creditor's client: deliver signals and keep their receipts, see what became of them, answer what municipalities ask.

Every receipt is verified before it is handed on: the signature against the gateway's published keys, and that it is about what was sent.
Authority: contract, "/schuldeiser/v1"; `openapi/schuldeiser.yaml`. Leaves files over SFTP to the partner's own `sftp`.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Literal, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from adapters.client.base import Client
from adapters.client.calling import Call, Op
from adapters.client.opening import NotOpened
from adapters.client.receipts import NotGenuine, Receipt, verify_receipt
from schemas.bewijs import Bewijs
from schemas.inspanning import Inspanningsverslag
from schemas.kwaliteit import Kwaliteit
from schemas.ontvangst import (
    Aanlevering,
    Aanleveringen,
    Dekking,
    Intrekking,
    Ontvangstbewijs,
    SignaalStand,
    Verslag,
    Voorcontrole,
)
from schemas.regelingen import Regelingantwoord, Regelingbericht, Regelingberichten, Regelingbewijs, Regelingsinhoud, Regelingsoort
from schemas.schuldenoverzicht import Antwoordbewijs, Saldoantwoord, Saldostaat, Saldoverzoek, Saldoverzoeken, Saldovraag, Verzegeld
from schemas.signaal import AanleveringAanvraag, AanleveringEnvelop, IntrekkingAanvraag, Signaal
from schemas.standen import StandAanvraag, StandEnvelop, StandVerslag
from schemas.strict import canonical
from schemas.terugkoppeling import Terugkoppelingen
from schemas.types import Wire

W = TypeVar("W", bound=Wire)
R = TypeVar("R", bound=Receipt | Regelingbewijs)
Keys = Mapping[str, Any]
DELIVER = Op("leverSignaal", "POST", "/signalen", Ontvangstbewijs)
STATE = Op("leesSignaal", "GET", "/signalen/{id}", SignaalStand)
WITHDRAW = Op("trekSignaalIn", "POST", "/signalen/{id}/intrekking", Intrekking)
PROOF = Op("leesBewijs", "GET", "/signalen/{id}/bewijs", Bewijs)
DELIVER_MANY = Op("leverAan", "POST", "/aanleveringen", Aanlevering)
VALIDATE = Op("valideerAanlevering", "POST", "/aanleveringen/_valideer", Voorcontrole)
DELIVERIES = Op("lijstAanleveringen", "GET", "/aanleveringen", Aanleveringen)
DELIVERY = Op("leesAanlevering", "GET", "/aanleveringen/{id}", Aanlevering)
REPORT = Op("leesVerslag", "GET", "/aanleveringen/{id}/verslag", Verslag)
COVERAGE = Op("leesDekking", "GET", "/dekking", Dekking)
KEYS: Op[dict[str, Any]] = Op("leesSleutels", "GET", "/sleutels", dict)
EFFORT = Op("leesInspanningsverslag", "GET", "/inspanningsverslag", Inspanningsverslag)
RECONCILE = Op("leverStand", "PUT", "/standen/{peildatum}", StandVerslag)
QUALITY = Op("leesKwaliteit", "GET", "/kwaliteit", Kwaliteit)
FEEDBACK = Op("lijstTerugkoppelingen", "GET", "/terugkoppelingen", Terugkoppelingen)
QUESTIONS = Op("lijstSaldoverzoeken", "GET", "/saldoverzoeken", Saldoverzoeken)
QUESTION = Op("leesSaldoverzoek", "GET", "/saldoverzoeken/{id}", Saldoverzoek)
ANSWER = Op("beantwoordSaldoverzoek", "POST", "/saldoverzoeken/{id}/antwoord", Antwoordbewijs)
ARRANGED: dict[Regelingsoort, tuple[Op[Regelingberichten], Op[Regelingbericht], Op[Regelingbewijs]]] = {
    "kennisgeving": (
        Op("lijstKennisgevingen", "GET", "/kennisgevingen", Regelingberichten),
        Op("leesKennisgeving", "GET", "/kennisgevingen/{id}", Regelingbericht),
        Op("beantwoordKennisgeving", "POST", "/kennisgevingen/{id}/antwoord", Regelingbewijs),
    ),
    "betaalvoorstel": (
        Op("lijstBetaalvoorstellen", "GET", "/betaalvoorstellen", Regelingberichten),
        Op("leesBetaalvoorstel", "GET", "/betaalvoorstellen/{id}", Regelingbericht),
        Op("beantwoordBetaalvoorstel", "POST", "/betaalvoorstellen/{id}/antwoord", Regelingbewijs),
    ),
    "afkoelingsperiode": (
        Op("lijstAfkoelingsperioden", "GET", "/afkoelingsperioden", Regelingberichten),
        Op("leesAfkoelingsperiode", "GET", "/afkoelingsperioden/{id}", Regelingbericht),
        Op("beantwoordAfkoelingsperiode", "POST", "/afkoelingsperioden/{id}/antwoord", Regelingbewijs),
    ),
}


class Levering(NamedTuple):
    """A delivery: its verified receipt, and the report with a line per signal."""

    aanlevering: Aanlevering
    verslag: Verslag


class Schuldeiser(Client):
    """A creditor. Every method raises ClientError; what else it raises stands with it."""

    ROOT = "/schuldeiser/v1"
    _jwks: Keys | None = None

    def deliver(self, signaal: Signaal) -> Ontvangstbewijs:
        """Deliver one signal; again gives the same receipt. Raises NotGenuine: the receipt is not the gateway's, or of something else."""
        receipt = self._caller.ask(DELIVER, Call(body=signaal))
        self._about(receipt.inhoud_hash, signaal, right=receipt.kenmerk == signaal.kenmerk)
        return self._verified(receipt)

    def state(self, id: UUID) -> SignaalStand:
        """Where a signal stands."""
        return self._caller.ask(STATE, Call(id))

    def withdraw(self, id: UUID, reden: Literal["betaald", "betalingsregeling", "bezwaar", "onterecht"]) -> Intrekking:
        """Withdraw a signal; again gives the first answer."""
        return self._caller.ask(WITHDRAW, Call(id, body=IntrekkingAanvraag(reden=reden)))

    def proof(self, id: UUID) -> Bewijs:
        """The proof for a court. Raises NotGenuine: also of another signal."""
        return self._of(self._caller.ask(PROOF, Call(id)), id)

    def deliver_many(self, aanvraag: AanleveringAanvraag | AanleveringEnvelop) -> Levering:
        """Deliver up to 5,000 signals and read the report; a bad one harms no other. Raises NotGenuine: also a report with other leaves."""
        done = self._verified(self._caller.ask(DELIVER_MANY, Call(body=aanvraag)))
        verslag = self.report(done.id)
        if done.kenmerk != aanvraag.kenmerk or leaves_hash(verslag) != done.bladen_hash or len(verslag.regels) != len(aanvraag.signalen):
            raise NotGenuine("the report is not of this delivery")
        return Levering(done, verslag)

    def validate(self, aanvraag: AanleveringAanvraag | AanleveringEnvelop) -> Voorcontrole:
        """The same checks; nothing is kept or delivered."""
        return self._caller.ask(VALIDATE, Call(body=aanvraag))

    def deliveries(self, cursor: str | None = None, limiet: int = 100) -> Aanleveringen:
        """A page of deliveries, newest first."""
        return self._caller.ask(DELIVERIES, Call(query={"cursor": cursor, "limiet": limiet}))

    def delivery(self, id: UUID) -> Aanlevering:
        """One delivery. Raises NotGenuine: also of another delivery."""
        return self._of(self._caller.ask(DELIVERY, Call(id)), id)

    def report(self, id: UUID) -> Verslag:
        """The report of a delivery."""
        return self._caller.ask(REPORT, Call(id))

    def coverage(self, peildatum: date | None = None) -> Dekking:
        """Which municipalities take your signals."""
        return self._caller.ask(COVERAGE, Call(query={"peildatum": _day(peildatum)}))

    def keys(self) -> Keys:
        """The gateway's published keys (a JWK set, and the log's verifier key)."""
        return self._caller.ask(KEYS)

    def effort(self, van: date | None = None, tot: date | None = None) -> Inspanningsverslag:
        """What was delivered about effort for personal contact."""
        return self._caller.ask(EFFORT, Call(query={"van": _day(van), "tot": _day(tot)}))

    def reconcile(self, peildatum: date, stand: StandAanvraag | StandEnvelop) -> StandVerslag:
        """All open signals of one series on a day; again gives the same report and goes on where it broke off."""
        return self._caller.ask(RECONCILE, Call(peildatum.isoformat(), body=stand))

    def quality(self, van: date | None = None, tot: date | None = None) -> Kwaliteit:
        """The quality of your own data."""
        return self._caller.ask(QUALITY, Call(query={"van": _day(van), "tot": _day(tot)}))

    def feedback(self, cursor: str | None = None, limiet: int = 100) -> Terugkoppelingen:
        """A page of feedback; keep `volgende` and go on there next time (`base.pages` goes to the end)."""
        return self._caller.ask(FEEDBACK, Call(query={"cursor": cursor, "limiet": limiet}))

    def saldoverzoeken(self, cursor: str | None = None, limiet: int = 100, staat: Saldostaat | None = None) -> Saldoverzoeken:
        """A page of balance requests, oldest first; without `staat` those that need attention."""
        return self._caller.ask(QUESTIONS, Call(query={"cursor": cursor, "limiet": limiet, "staat": staat}))

    def saldoverzoek(self, id: UUID) -> Saldoverzoek:
        """One balance request with its sealed question, which goes on record; `question` opens it."""
        return self._caller.ask(QUESTION, Call(id))

    def question(self, verzoek: Saldoverzoek) -> Saldovraag:
        """Open the question of a balance request. Raises NotOpened: wrong key, or nothing to open (any more)."""
        return self._opened(verzoek.id, verzoek.vraag, Saldovraag)

    def answer(self, id: UUID, antwoord: Saldoantwoord) -> Antwoordbewijs:
        """Answer a balance request, once; the same again gives the same receipt. Raises NotGenuine."""
        receipt = self._caller.ask(ANSWER, Call(id, body=antwoord))
        self._about(receipt.inhoud_hash, antwoord, right=receipt.id == id)
        return self._verified(receipt)

    def regelingberichten(
        self, soort: Regelingsoort, cursor: str | None = None, limiet: int = 100, staat: str | None = None
    ) -> Regelingberichten:
        """A page of messages of one kind (pause, proposal, cooling-off period), oldest first."""
        return self._caller.ask(ARRANGED[soort][0], Call(query={"cursor": cursor, "limiet": limiet, "staat": staat}))

    def regelingbericht(self, soort: Regelingsoort, id: UUID) -> Regelingbericht:
        """One message with its sealed content, which goes on record; `content` opens it."""
        return self._caller.ask(ARRANGED[soort][1], Call(id))

    def content(self, bericht: Regelingbericht) -> Regelingsinhoud:
        """Open the content of a message. Raises NotOpened."""
        return self._opened(bericht.id, bericht.inhoud, Regelingsinhoud)

    def answer_regeling(self, soort: Regelingsoort, id: UUID, antwoord: Regelingantwoord) -> Regelingbewijs:
        """Answer a message, once; the same again gives the same receipt. Raises NotGenuine."""
        receipt = self._caller.ask(ARRANGED[soort][2], Call(id, body=antwoord))
        self._about(receipt.inhoud_hash, antwoord, right=receipt.id == id)
        return self._verified(receipt)

    def _opened(self, id: UUID, sealed: Verzegeld | None, kind: type[W]) -> W:
        if sealed is None:
            raise NotOpened("there is nothing to open")
        try:
            return msgspec.convert(self.opener.unseal(sealed.inhoud, sealed.sleutels, id, "vraag"), kind)
        except msgspec.ValidationError:
            raise NotOpened("vraag: not what the agreement says") from None

    @staticmethod
    def _about(inhoud_hash: str, sent: Wire, *, right: bool) -> None:
        if not right or inhoud_hash != sha256(canonical(sent)).hexdigest():
            raise NotGenuine("the receipt is of something else")

    def _of(self, receipt: R, id: UUID) -> R:
        if receipt.id != id:
            raise NotGenuine("the receipt is of something else")
        return self._verified(receipt)

    def _verified(self, receipt: R) -> R:
        """A receipt whose signature holds; keys are fetched once, and once more for a key that is new."""
        try:
            verify_receipt(receipt, self._published())
        except NotGenuine:
            self._jwks = None
            verify_receipt(receipt, self._published())
        return receipt

    def _published(self) -> Keys:
        if self._jwks is None:
            self._jwks = self.keys()
        return self._jwks



def leaves_hash(verslag: Verslag) -> str:
    """What the receipt of a delivery commits to: SHA-256 over the leaf hashes in the order of the report. Raises NotGenuine: no hash."""
    try:
        return sha256(b"".join(bytes.fromhex(regel.logblad) for regel in verslag.regels if regel.logblad)).hexdigest()
    except ValueError:
        raise NotGenuine("a leaf of the report is no hash") from None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
