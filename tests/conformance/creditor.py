"""A creditor's system, as good as it should be, and as bad as a fault makes it: each fault is switched on by its name, alone or with
others."""

import http.client
import threading
import time
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import msgspec

from adapters.client.connection import Answer, Connection
from adapters.client.opening import Opener
from adapters.client.receipts import NotGenuine, verify_receipt
from gateway.conformance.cards import Kaart
from schemas.ontvangst import Aanlevering, Ontvangstbewijs
from schemas.regelingen import Regelingbericht
from schemas.schuldenoverzicht import Saldoverzoek

BASE = "/schuldeiser/v1"
TRIES = 5
STEP = 0.2
FAULTS = {
    "nieuw_kenmerk": "zelfde_kenmerk_na_verlies",
    "geen_geduld": "wacht_bij_503",
    "laat_geweigerd_liggen": "herstelt_geweigerd_signaal",
    "kiest_geen_gemeente": "lost_meerduidige_postcode_op",
    "euros": "bedrag_in_centen",
    "trekt_niet_in": "trekt_in_na_betaling",
    "alles_opnieuw": "herhaalt_alleen_het_geweigerde",
    "gelooft_elk_bewijs": "onechte_handtekening",
    "antwoordt_niet": "saldo_op_tijd",
    "pauzeert_niet": "pauze_bevestigd",
    "halve_stand": "hele_stand",
    "eerste_bladzijde": "terugkoppeling_met_cursor",
    "streng": "nieuw_veld_schuldeiser",
}
"""Each fault, and the scenario that is meant for it."""
SALDO = {"hoofdsomCent": 120_050, "renteCent": 1_210, "kostenCent": 4_000, "betaaldCent": 20_000, "saldoCent": 105_260}


class Creditor:
    """Does every card once, and then looks at its questions and its feed until told to stop."""

    def __init__(self, connection: Connection, deck: Mapping[str, Kaart], faults: frozenset[str] = frozenset()) -> None:
        self._http = connection
        self._deck = deck
        self._faults = faults
        self._cursor: str | None = None
        self._answered: set[str] = set()
        self._keys: dict[str, Any] = {}

    def work(self, stop: threading.Event, today: str) -> None:
        """Until `stop`."""
        self._today = today
        self._keys = self._http.get(f"{BASE}/sleutels").json()
        for name, card in self._deck.items():
            if not name.startswith(("reeks", "stand")):
                self._single(card)
        self._stand([card for name, card in self._deck.items() if name.startswith("stand")])
        self._series([card for name, card in self._deck.items() if name.startswith("reeks")])
        while not stop.is_set():
            self._questions()
            self._pauses()
            self._feed()
            time.sleep(STEP)

    def _single(self, card: Kaart) -> None:
        answer = self._delivered(self._signal(card, card.signaal))
        if answer.status == 400 and card.verbeterd and not self._gives_up(answer):
            answer = self._delivered(self._signal(card, card.verbeterd))
        if card.naam == "betaald" and answer.status < 300 and "trekt_niet_in" not in self._faults:
            self._send("POST", f"{BASE}/signalen/{answer.json()['id']}/intrekking", {"reden": "betaald"})

    def _gives_up(self, answer: Answer) -> bool:
        ambiguous = any(one["code"] == "POSTCODE_MEERDUIDIG" for one in answer.json()["errors"])
        return ("kiest_geen_gemeente" if ambiguous else "laat_geweigerd_liggen") in self._faults

    def _series(self, deck: list[Kaart]) -> None:
        records = [self._signal(card, card.signaal) for card in deck]
        answer = self._send("POST", f"{BASE}/aanleveringen", {"kenmerk": "REEKS-1", "signalen": records})
        verify_receipt(msgspec.json.decode(answer.body, type=Aanlevering), self._keys)
        lines = self._http.get(f"{BASE}/aanleveringen/{answer.json()['id']}/verslag").json()["regels"]
        again = [self._signal(card, card.verbeterd or card.signaal) for card, line in zip(deck, lines, strict=True) if not line.get("id")]
        if "alles_opnieuw" in self._faults:
            again = [self._signal(card, card.verbeterd or card.signaal) for card in deck]
        self._send("POST", f"{BASE}/aanleveringen", {"kenmerk": "REEKS-2", "signalen": again})

    def _stand(self, deck: list[Kaart]) -> None:
        records = [self._signal(card, card.signaal) for card in deck[: 1 if "halve_stand" in self._faults else None]]
        value = {"sector": records[0]["sector"], "handelsnaam": records[0]["handelsnaam"], "signalen": records}
        self._send("PUT", f"{BASE}/standen/{self._today}", value)

    def _pauses(self) -> None:
        for pause in self._http.get(f"{BASE}/kennisgevingen?staat=open").json()["berichten"]:
            found = msgspec.json.decode(self._http.get(f"{BASE}/kennisgevingen/{pause['id']}").body, type=Regelingbericht)
            if found.inhoud is not None and "pauzeert_niet" not in self._faults:
                asked = Opener().unseal(found.inhoud.inhoud, found.inhoud.sleutels, found.id, "vraag")
                value = {"soort": "bevestigd", "klantnummer": asked["klantnummer"]}
                self._send("POST", f"{BASE}/kennisgevingen/{found.id}/antwoord", value)

    def _signal(self, card: Kaart, record: Mapping[str, Any]) -> dict[str, Any]:
        signal = {"kenmerk": f"T-{card.naam}", **deepcopy(dict(record))}
        euros, cents = card.bedrag.replace(".", "").split(",")
        signal["achterstand"]["bedragCent"] = int(euros) if "euros" in self._faults else int(euros) * 100 + int(cents)
        return signal

    def _delivered(self, signal: dict[str, Any]) -> Answer:
        """Until there is a genuine receipt or a refusal."""
        for _ in range(TRIES):
            answer = self._send("POST", f"{BASE}/signalen", signal)
            if answer.status >= 300 or "gelooft_elk_bewijs" in self._faults:
                return answer
            try:
                verify_receipt(msgspec.json.decode(answer.body, type=Ontvangstbewijs), self._keys)
            except NotGenuine:
                continue
            return answer
        raise AssertionError("no receipt")

    def _send(self, method: str, path: str, value: dict[str, Any]) -> Answer:
        for _ in range(TRIES):
            try:
                answer = self._http.request(method, path, msgspec.json.encode(value))
            except (OSError, http.client.HTTPException):
                if "nieuw_kenmerk" in self._faults and "kenmerk" in value:
                    value = {**value, "kenmerk": f"{value['kenmerk']}-2"}
                continue
            if answer.status != 503:
                return answer
            time.sleep(0.1 if "geen_geduld" in self._faults else float(answer.headers["retry-after"]))
        raise AssertionError("no answer")

    def _questions(self) -> None:
        cursor = ""
        while True:
            page = self._http.get(f"{BASE}/saldoverzoeken?staat=open{cursor}").json()
            if "streng" in self._faults and page.keys() - {"saldoverzoeken", "volgende"}:
                return
            for question in page["saldoverzoeken"]:
                self._reply(question["id"])
            if not page.get("volgende"):
                return
            cursor = f"&cursor={page['volgende']}"

    def _reply(self, id: str) -> None:
        question = msgspec.json.decode(self._http.get(f"{BASE}/saldoverzoeken/{id}").body, type=Saldoverzoek)
        if question.vraag is None or "antwoordt_niet" in self._faults or id in self._answered:
            return
        asked = Opener().unseal(question.vraag.inhoud, question.vraag.sleutels, question.id, "vraag")
        claim = {"soort": "openstaand", "kenmerk": asked["klantnummer"], **SALDO}
        value = {"soort": "vorderingen", "peildatum": self._today, "vorderingen": [claim]}
        self._send("POST", f"{BASE}/saldoverzoeken/{id}/antwoord", value)
        self._answered.add(id)

    def _feed(self) -> None:
        while True:
            cursor = f"?cursor={self._cursor}" if self._cursor and "eerste_bladzijde" not in self._faults else ""
            page = self._http.get(f"{BASE}/terugkoppelingen{cursor}").json()
            self._cursor = page["volgende"]
            if not page["terugkoppelingen"] or "eerste_bladzijde" in self._faults:
                return
