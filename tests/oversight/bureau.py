"""A gateway without doors whose log an officer looks at: signals of known persons, a clerk of Haarlem, two officers."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from gateway.cases import casework
from gateway.core import ids
from gateway.core.chain import Sender
from gateway.inboxes import claiming, reading
from gateway.oversight import access, search
from gateway.oversight.desk import OversightDesk
from gateway.partners.sealkeys import Pseudoniemversie
from gateway.regelingen import extract
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from schemas.inbox import Claim, ClaimAanvraag
from schemas.toezicht import (
    Adresvraag,
    InzageAanvraag,
    InzageBevestiging,
    Inzageuittreksel,
    Inzageverzoek,
    Logregels,
    LogVraag,
    Persoonsvraag,
)
from schemas.zaken import ZaakAanvraag
from tests.flows.world import CLERK, DOEL, HAARLEM, TRACE
from tests.overviews.hall import Hall
from tests.tenants import SIGNER

OFFICER = Sender("00000099000000061000", CLERK.principal)
SECOND = Sender("00000099000000062000", CLERK.principal)
ABROAD = Sender("00000099000000063000", "00000099000000009000")
BIRTH = date(1985, 3, 7)


class Bureau(Hall):
    """A hall with a desk of oversight."""

    officers = (OFFICER, SECOND, ABROAD)

    def __init__(self, dsns: Dsns, folder: Path) -> None:
        super().__init__(dsns, folder)
        self.toezicht = Database(dsns.toezicht, name="toezicht", size=4, signer=SIGNER)
        self.oversight = OversightDesk(
            database=self.toezicht,
            keys=self.keys,
            register=lambda: self.register,
            purposes=self.desk.purposes,
            clock=self.clock,
            committed=self._wake,
            number=self.number,
            overview=lambda caller, gemeente, id: extract.extract(caller, gemeente, id, self.overviews),
            vkey=self.checkpoints.verifier.vkey,
        )

    def name_in(self, leading: int, following: int | None = None) -> None:
        """Go on with these versions of Haarlem's pseudonyms."""
        self.versions = [Pseudoniemversie(HAARLEM, leading, following, self.clock.now())]
        self.register = self._register()

    def close(self) -> None:
        self.toezicht.close()
        super().close()

    def of(self, huisnummer: int = 12, achternaam: str = "Vries", born: date | None = BIRTH, **changes: Any) -> dict[str, Any]:
        """A signal of one person at one address in Haarlem."""
        made = self.signal(**changes)
        person = {**made["personen"][0], "achternaam": achternaam, "geboortedatum": born.isoformat() if born else None}
        return {**made, "personen": [person], "adres": {"postcode": "2011AB", "huisnummer": huisnummer, "woonplaats": "Haarlem"}}

    def take(self, medewerker: str | None = "m.jansen", maximum: int = 10, gemeente: str = HAARLEM) -> Claim:
        """A clerk takes messages by hand."""
        request = ClaimAanvraag(doel=DOEL, maximum=maximum, lease_seconden=600, wijze="bemand", medewerker=medewerker)
        return claiming.claim(CLERK, gemeente, TRACE, request, self.desk)

    def read_again(self, id: UUID) -> None:
        """A look inside the claim that holds a message."""
        reading.message(CLERK, HAARLEM, TRACE, id, self.desk, disclose=True)

    def open_case(self, *berichten: UUID, zaaknummer: str = "Z-1") -> None:
        """A case over messages in hand."""
        casework.open_case(CLERK, HAARLEM, TRACE, ZaakAanvraag(zaaknummer=zaaknummer, berichten=list(berichten)), self.cases)

    def look(self, caller: Sender = OFFICER, gemeente: str = HAARLEM, **asked: Any) -> Logregels:
        """What the officer finds once all is numbered."""
        self.number()
        return search.search(caller, gemeente, TRACE, LogVraag(**asked), self.oversight)

    def inquire(self, *adressen: Adresvraag, persoon: Persoonsvraag | None = None, gemeente: str = HAARLEM) -> Inzageverzoek:
        """A resident's request."""
        self.number()
        asked = InzageAanvraag(kenmerk=f"AVG-{ids.new()}", persoon=persoon or person(), adressen=list(adressen) or [address()])
        return access.ask(OFFICER, gemeente, TRACE, asked, self.oversight)

    def confirmed(self, made: Inzageverzoek, *overzichten: UUID) -> Inzageuittreksel:
        """The municipality confirms every hit that it may, and the extract is made."""
        sure = [hit.bericht for hit in made.treffers if hit.zekerheid != "adres"]
        access.confirm(CLERK, HAARLEM, TRACE, made.id, InzageBevestiging(berichten=sure, overzichten=list(overzichten)), self.oversight)
        self.number()
        return access.extract(OFFICER, HAARLEM, TRACE, made.id, self.oversight)


def person(achternaam: str = "Vries", born: date = BIRTH) -> Persoonsvraag:
    return Persoonsvraag(achternaam=achternaam, geboortedatum=born)


def address(huisnummer: int = 12) -> Adresvraag:
    return Adresvraag(postcode="2011AB", huisnummer=huisnummer)
