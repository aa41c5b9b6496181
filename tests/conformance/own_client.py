"""A municipality's case system on our own client: what a partner gets that builds with `adapters.client` and follows its guide."""

import threading
import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from adapters.client.base import pages
from adapters.client.failures import Unavailable, Unreachable
from adapters.client.gemeente import Gemeente
from adapters.client.inbox import Inbox, Item
from adapters.client.opening import NotOpened
from schemas.regelingen import KennisgevingAanvraag, Regeling
from schemas.schuldenoverzicht import Overzichtsaanvraag, Schuldenoverzicht
from schemas.terugkoppeling import TerugkoppelAanvraag
from schemas.zaken import Contactpoging, Resultaat, ZaakAanvraag
from tests.conformance.municipality import CLIENT, OVERVIEW, STEP

DOEL = "WGS-3-1-b"


class OwnClient:
    """Goes through the inbox, and asks one overview and one pause; until told to stop or the door closes."""

    def __init__(self, seinhuis: Gemeente, today: date) -> None:
        self._seinhuis = seinhuis
        self._today = today
        self._cursor: str | None = None
        self._pause: Regeling | None = None
        self._overview: Schuldenoverzicht | None = None

    def work(self, stop: threading.Event) -> None:
        """Until `stop`."""
        try:
            while not stop.is_set():
                self._list()
                self._claim()
                self._paused()
                self._asked()
                time.sleep(STEP)
        except (Unreachable, Unavailable):  # the door closed: the run is over
            if not stop.wait(5):
                raise

    def _list(self) -> None:
        for page in pages(self._seinhuis.messages, self._cursor):
            self._cursor = page.volgende

    def _claim(self) -> None:
        with Inbox(self._seinhuis, DOEL) as inbox:
            for item in inbox:
                if self._seinhuis.message(item.bericht.id).ingetrokken_op is None:
                    self._handle(item)

    def _handle(self, item: Item) -> None:
        try:
            number = f"ZAAK-{item.open()['klant']['klantnummer']}"
        except NotOpened:
            return
        if item.bericht.schuldeiser.handelsnaam == "Toets Verhuur Twee":
            self._seinhuis.tell(TerugkoppelAanvraag(berichten=[item.bericht.id], code="herhaalde_melding"))
        item.processed(number)
        if item.bericht.schuldeiser.handelsnaam == "Toets Verhuur Drie":
            self._case(item.bericht.id, number)

    def _case(self, bericht: UUID, number: str) -> None:
        case = self._seinhuis.open_case(ZaakAanvraag(zaaknummer=number, berichten=[bericht]))
        attempt = Contactpoging(kenmerk="BEL-1", soort="telefoon", bereikt=True, datum=self._today, dagdeel="avond")
        self._seinhuis.attempt(case.id, attempt)
        self._seinhuis.result(case.id, Resultaat(resultaat="geen_hulp_nodig", datum=self._today))

    def _paused(self) -> None:
        if self._pause is not None:
            self._seinhuis.regeling("kennisgeving", self._pause.id)
            return
        creditors = [{"oin": OVERVIEW[0], "klantnummer": "K-1", "grondslag": "verzoek"}]
        days = {"begin": self._today.isoformat(), "einde": (self._today + timedelta(days=90)).isoformat()}
        value = {"kenmerk": "KG-1", "zaaknummer": "Z-KG-1", "client": CLIENT, "schuldeisers": creditors, **days}
        self._pause = self._seinhuis.send(msgspec.convert(value, KennisgevingAanvraag))

    def _asked(self) -> None:
        if self._overview is None:
            self._overview = self._seinhuis.ask(msgspec.convert(_question(), Overzichtsaanvraag))
        found = self._seinhuis.overview(self._overview.id)
        states = {question.schuldeiser: question.staat for question in found.vragen}
        if (states[OVERVIEW[0]], states[OVERVIEW[1]]) == ("beantwoord", "geen_medewerking") and found.staat != "ingetrokken":
            self._seinhuis.withdraw_overview(found.id, "traject_beeindigd")


def _question() -> Mapping[str, Any]:
    creditors = [{"oin": oin} for oin in OVERVIEW]
    return {"kenmerk": "SO-1", "zaaknummer": "Z-SO-1", "grond": "plan_van_aanpak", "client": CLIENT, "schuldeisers": creditors}
