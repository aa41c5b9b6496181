"""A municipality's case system, as good as it should be, and as bad as a fault makes it: each fault is switched on by its name."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from adapters.client.connection import Answer, Connection
from adapters.client.opening import NotOpened, Opener
from schemas.inbox import Bericht, Claim

BASE = "/gemeente/v1"
STEP = 0.2
OVERVIEW = ("00000099000000094000", "00000099000000095000", "00000099000000096000")
CLIENT = {
    "personen": [{"rol": "client", "voorletters": "J.", "achternaam": "Voorbeeld", "geboortedatum": "1985-03-07"}],
    "adres": {"postcode": "3511AB", "huisnummer": 12, "woonplaats": "Utrecht"},
}
FAULTS = {
    "eerste_bladzijde": "inbox_met_cursor",
    "verkeerd_doel": "claim_met_doel",
    "opent_niet": "bericht_geopend",
    "verkeerde_claim": "bevestigt_met_claim",
    "bevestigt_te_laat": "niet_bevestigen_na_verloop",
    "bevestigt_onleesbaar": "onleesbaar_teruggeven",
    "ziet_intrekking_niet": "ingetrokken_na_claim",
    "streng": "nieuw_veld_gemeente",
    "dubbele_zaak": "dubbel_bezorgd",
    "eigen_code": "terugkoppeling_uit_lijst",
    "zonder_resultaat": "zaak_met_resultaat",
    "leest_antwoord_niet": "vraagt_pauze",
    "vraagt_niet": "vraagt_overzicht",
    "vraagt_opnieuw": "weigering_is_een_antwoord",
    "wacht_op_stilte": "stilte_is_geen_antwoord",
}
"""Each fault, and the scenario that is meant for it."""


class Municipality:
    """Reads, claims, opens and acknowledges; asks an overview once; until told to stop."""

    def __init__(self, connection: Connection, faults: frozenset[str] = frozenset(), private_key: Path | None = None) -> None:
        self._http = connection
        self._faults = faults
        self._opener = Opener(private_key.read_bytes() if private_key else None)
        self._cursor: str | None = None
        self._done: set[str] = set()
        self._earlier = ""
        self._overview: dict[str, Any] = {}
        self._paused: dict[str, Any] = {}

    def work(self, stop: threading.Event, day: str) -> None:
        """Until `stop`."""
        self._day = day
        while not stop.is_set():
            self._list()
            self._claim()
            self._pause(day)
            if "vraagt_niet" not in self._faults:
                self._ask(day)
            time.sleep(STEP)

    def _list(self) -> None:
        while True:
            cursor = f"?cursor={self._cursor}" if self._cursor else ""
            page = self._http.get(f"{BASE}/inbox/berichten{cursor}").json()
            if "eerste_bladzijde" in self._faults:
                return
            self._cursor = page["volgende"]
            if not page["berichten"]:
                return

    def _claim(self) -> None:
        doel = "WGS-3-1-a-plan" if "verkeerd_doel" in self._faults else "WGS-3-1-b"
        answer = self._send("POST", f"{BASE}/inbox/claims", {"doel": doel, "maximum": 50, "leaseSeconden": 600, "wijze": "onbemand"})
        if answer.status != 201:
            return
        if "streng" in self._faults and answer.json().keys() - set(Claim.__struct_encode_fields__):
            return
        claim = _known(answer.json())
        for bericht in claim.berichten:
            self._handle(claim, bericht)
        self._http.request("DELETE", f"{BASE}/inbox/claims/{claim.id}")
        self._earlier = str(claim.id)

    def _handle(self, claim: Claim, bericht: Bericht) -> None:
        late = claim.vervalt_op <= datetime.now(UTC)  # noqa: TID251 - a partner's own clock
        if (late and "bevestigt_te_laat" not in self._faults) or (str(bericht.id) in self._done and "dubbele_zaak" not in self._faults):
            return
        if "ziet_intrekking_niet" not in self._faults:
            seen = self._http.get(f"{BASE}/inbox/berichten/{bericht.id}")
            if (seen.status != 200 and "dubbele_zaak" not in self._faults) or "ingetrokkenOp" in seen.json():
                return
        number = self._number(bericht)
        if number is not None:
            self._close(claim, bericht, number)

    def _number(self, bericht: Bericht) -> str | None:
        if "opent_niet" in self._faults:
            return f"ZAAK-{str(bericht.id)[:8]}"
        try:
            return f"ZAAK-{self._opener.open(bericht)['klant']['klantnummer']}"
        except NotOpened:
            return "ZAAK-ONBEKEND" if "bevestigt_onleesbaar" in self._faults else None

    def _close(self, claim: Claim, bericht: Bericht, number: str) -> None:
        if bericht.schuldeiser.handelsnaam == "Toets Verhuur Twee":
            code = "al_eens_gezien" if "eigen_code" in self._faults else "herhaalde_melding"
            self._send("POST", f"{BASE}/terugkoppelingen", {"berichten": [str(bericht.id)], "code": code})
        under = self._earlier if "verkeerde_claim" in self._faults and self._earlier else str(claim.id)
        value = {"claim": under, "status": "verwerkt", "zaaknummer": number}
        self._send("PUT", f"{BASE}/inbox/berichten/{bericht.id}/bevestiging", value)
        self._done.add(str(bericht.id))
        if bericht.schuldeiser.handelsnaam == "Toets Verhuur Drie":
            self._case(str(bericht.id), number)

    def _case(self, id: str, number: str) -> None:
        case = self._send("POST", f"{BASE}/zaken", {"zaaknummer": number, "berichten": [id]}).json()
        attempt = {"kenmerk": "BEL-1", "soort": "telefoon", "bereikt": True, "datum": self._day, "dagdeel": "avond"}
        self._send("POST", f"{BASE}/zaken/{case['id']}/contactpogingen", attempt)
        if "zonder_resultaat" not in self._faults:
            self._send("PUT", f"{BASE}/zaken/{case['id']}/resultaat", {"resultaat": "geen_hulp_nodig", "datum": self._day})

    def _pause(self, day: str) -> None:
        if not self._paused:
            value = {"kenmerk": "KG-1", "zaaknummer": "Z-KG-1", "client": CLIENT, "begin": day, "einde": _later(day)}
            creditors = [{"oin": OVERVIEW[0], "klantnummer": "K-1", "grondslag": "verzoek"}]
            self._paused = self._send("POST", f"{BASE}/kennisgevingen", {**value, "schuldeisers": creditors}).json()
        elif "leest_antwoord_niet" not in self._faults:
            self._http.get(f"{BASE}/kennisgevingen/{self._paused['id']}")

    def _ask(self, day: str) -> None:
        if not self._overview:
            self._overview = self._asked("1", OVERVIEW)
        found = self._http.get(f"{BASE}/schuldenoverzichten/{self._overview['id']}").json()
        states = {question["schuldeiser"]: question["staat"] for question in found["vragen"]}
        if "vraagt_opnieuw" in self._faults and states.get(OVERVIEW[1]) == "geen_medewerking":
            self._asked("2", OVERVIEW[1:2])
        answered = (states.get(OVERVIEW[0]), states.get(OVERVIEW[1])) == ("beantwoord", "geen_medewerking")
        if answered and found["staat"] != "ingetrokken" and "wacht_op_stilte" not in self._faults:
            self._send("POST", f"{BASE}/schuldenoverzichten/{found['id']}/intrekking", {"reden": "traject_beeindigd"})

    def _asked(self, number: str, oins: tuple[str, ...]) -> dict[str, Any]:
        value = {
            "kenmerk": f"SO-{number}", "zaaknummer": f"Z-SO-{number}", "grond": "plan_van_aanpak",
            "client": CLIENT, "schuldeisers": [{"oin": oin} for oin in oins],
        }  # fmt: skip
        answer = self._send("POST", f"{BASE}/schuldenoverzichten", value)
        assert answer.status in {200, 201}, answer.body
        found: dict[str, Any] = answer.json()
        return found

    def _send(self, method: str, path: str, value: dict[str, Any]) -> Answer:
        return self._http.request(method, path, msgspec.json.encode(value))


def _later(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=90)).isoformat()


def _known(claim: dict[str, Any]) -> Claim:
    """What is known of an answer; members of a next version are left out."""
    messages = [{name: one[name] for name in Bericht.__struct_encode_fields__ if name in one} for one in claim["berichten"]]
    whole = {name: claim[name] for name in Claim.__struct_encode_fields__ if name in claim}
    return msgspec.convert({**whole, "berichten": messages}, Claim)
