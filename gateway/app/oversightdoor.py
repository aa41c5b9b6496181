"""The flows behind `gateway.api.port_toezicht.OversightPort`: only calls, no decisions."""

from datetime import date
from uuid import UUID

from gateway.api import openapi
from gateway.app.house import House
from gateway.core.chain import Sender, Trace
from gateway.meldingen import instellingen
from gateway.oversight import access, breach, persons, queue, search, unsealing
from gateway.oversight.queue import Period
from gateway.policy import art30
from schemas.meldingen import Bezwaar, BezwaarAanvraag
from schemas.toezicht import (
    Adresvraag,
    Beoordeeld,
    Beoordeling,
    Controlepunten,
    EigenAdres,
    EigenAdressen,
    InzageAanvraag,
    InzageBevestiging,
    Inzageuittreksel,
    Inzageverzoek,
    Lekrapport,
    LekVraag,
    Logregels,
    LogVraag,
    OntzegelAanvraag,
    OntzegelBesluit,
    Ontzegeld,
    Ontzegeling,
    Persoonsvraag,
    Regelbewijs,
    Wachtrij,
)
from schemas.verwerkingsregister import Verwerkingsregister


class OversightDoor:
    """`gateway.api.port_toezicht.OversightPort`."""

    def __init__(self, house: House) -> None:
        self._desk = house.oversight
        self._matcher = house.matcher

    def search(self, caller: Sender, gemeente: str, trace: Trace, vraag: LogVraag) -> Logregels:
        """A page of the log."""
        return search.search(caller, gemeente, trace, vraag, self._desk)

    def entry(self, caller: Sender, gemeente: str, trace: Trace, id: UUID) -> Regelbewijs:
        """One entry with its proof."""
        return search.entry(caller, gemeente, trace, id, self._desk)

    def checkpoints(self) -> Controlepunten:
        """The newest checkpoints."""
        return search.checkpoints(self._desk)

    def processings(self) -> Verwerkingsregister:
        """The register of processing activities."""
        return art30.register(self._desk.purposes, openapi.activities())

    def ask_access(self, caller: Sender, gemeente: str, trace: Trace, aanvraag: InzageAanvraag) -> Inzageverzoek:
        """Find the messages of a resident."""
        return access.ask(caller, gemeente, trace, aanvraag, self._desk)

    def access(self, gemeente: str, id: UUID) -> Inzageverzoek:
        """One request."""
        return access.one(gemeente, id, self._desk)

    def confirm_access(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, said: InzageBevestiging) -> Inzageverzoek:
        """The municipality confirms."""
        return access.confirm(caller, gemeente, trace, id, said, self._desk)

    def extract(self, caller: Sender, gemeente: str, trace: Trace, id: UUID) -> Inzageuittreksel:
        """What the resident gets."""
        return access.extract(caller, gemeente, trace, id, self._desk)

    def oppose(self, caller: Sender, gemeente: str, trace: Trace, request: BezwaarAanvraag) -> tuple[Bezwaar, bool]:
        """An objection on the municipality's list. What the officer has named counts as a search: its entry commits to the address."""
        adres = Adresvraag(
            postcode=request.postcode, huisnummer=request.huisnummer, huisletter=request.huisletter, toevoeging=request.toevoeging
        )
        who = request.persoon
        whom = Persoonsvraag(achternaam=who.achternaam, geboortedatum=who.geboortedatum) if who else None
        persons.admit_address(caller, gemeente, whom, adres, self._desk)
        return instellingen.oppose(caller, gemeente, trace, request, self._matcher)

    def breach(self, caller: Sender, gemeente: str, trace: Trace, vraag: LekVraag) -> Lekrapport:
        """Who was touched, as counts."""
        return breach.report(caller, gemeente, trace, vraag, self._desk)

    def queue(self, caller: Sender, gemeente: str, trace: Trace, van: date, days: int, *, signed: bool) -> Wachtrij:
        """Accesses that need a look."""
        return queue.queue(caller, gemeente, trace, Period(van, days, signed), self._desk)

    def sign_off(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, said: Beoordeling) -> Beoordeeld:
        """A word on an access."""
        return queue.sign_off(caller, gemeente, trace, id, said.oordeel, self._desk)

    def lives(self, caller: Sender, gemeente: str, trace: Trace, said: EigenAdres) -> EigenAdressen:
        """Where one of the staff lives."""
        return queue.lives(caller, gemeente, trace, said, self._desk)

    def ask_unsealing(self, caller: Sender, gemeente: str, trace: Trace, request: OntzegelAanvraag) -> Ontzegeling:
        """Ask for a name."""
        return unsealing.ask(caller, gemeente, trace, request, self._desk)

    def unsealing(self, gemeente: str, id: UUID) -> Ontzegeling:
        """Where it stands."""
        return unsealing.one(gemeente, id, self._desk)

    def decide(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, said: OntzegelBesluit) -> Ontzegeling:
        """The second person."""
        return unsealing.decide(caller, gemeente, trace, id, said, self._desk)

    def unseal(self, caller: Sender, gemeente: str, trace: Trace, id: UUID) -> Ontzegeld:
        """What opens the name."""
        return unsealing.unseal(caller, gemeente, trace, id, self._desk)
