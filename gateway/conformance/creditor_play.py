"""The director of a creditor at the API: who is busy when, which answer is lost, who asks, and who tells something back.

Counterparties are two municipalities whose keys the gateway keeps. Authority: contract, "/schuldeiser/v1". What it plants is named after
the scenario that it is for.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from adapters.client.opening import Opener
from gateway.conformance import judging_creditor as names
from gateway.conformance.cast import GEMEENTEN
from gateway.conformance.director import get, post
from gateway.conformance.observed import Bestand, Feit, Uitwisseling
from gateway.conformance.plants import Bezet, Json, Past, Plan, Verlies, Wijzig, new_field
from gateway.conformance.recording import digest
from gateway.conformance.stage import Stage
from gateway.feedback import feed
from gateway.inboxes import reading
from schemas.regelingen import BenaderdeMetGrondslag, KennisgevingAanvraag, Regeling, RegelingClient
from schemas.schuldenoverzicht import (
    GevraagdeSchuldeiser,
    OverzichtClient,
    OverzichtPersoon,
    Overzichtsaanvraag,
    Schuldenoverzicht,
    Verzegeld,
)
from schemas.signaal import Adres

SALDO_KLANT = "K-40417"
SALDO = {"hoofdsomCent": 120_050, "renteCent": 1_210, "kostenCent": 4_000, "betaaldCent": 20_000, "saldoCent": 105_260}
"""What the card of the balance request says, in cents."""
_CLIENT = OverzichtPersoon(rol="client", voorletters="T.", achternaam="Proefkonijn", geboortedatum=date(1985, 3, 7))
_HOME = Adres(postcode="3511AB", huisnummer=99, woonplaats=GEMEENTEN[0].naam)
_DELIVERS = frozenset({"signaal", "aanleveren"})
_TOLD = "herhaalde_melding"
_MANY = 500
_ALWAYS = 1_000_000


class Schuldeiserregie:
    """See `director.Regisseur`."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._oin = stage.kandidaat.row.oin
        self._asked: str | None = None
        self._pause: str | None = None
        self._told = False
        self.plans = _plans()

    def stap(self) -> None:
        """Ask once, at the start; tell something back once the signals of the series are there."""
        if self._asked is None:
            self._asked, self._pause = self._ask(), self._ask_pause()
        if not self._told and len(taken := self._series()) >= len(names.REEKS) - 1:
            self._tell(taken)
            self._told = True

    def berichten(self) -> Mapping[str, tuple[Feit, ...]]:
        """All messages of this creditor, by municipality."""
        return {town.code: tuple(self._messages(town.code)) for town in GEMEENTEN}

    def bestanden(self) -> tuple[Bestand, ...]:
        """None at this mouth."""
        return ()

    def uitkomsten(self) -> Mapping[str, tuple[str, ...]]:
        """What the asking municipality got, and what the feed has."""
        return {
            "saldo_op_tijd": (self._answer(),),
            "pauze_bevestigd": (self._paused(),),
            "terugkoppeling_met_cursor": self._feed(),
        }

    def _messages(self, code: str) -> list[Feit]:
        found = reading.page(code, self._stage.house.desk, after=0, limit=_MANY).berichten
        return [Feit(str(one.id), one.staat, one.bedrag_cent) for one in found if one.schuldeiser.oin == self._oin]

    def _ask(self) -> str:
        creditor = GevraagdeSchuldeiser(oin=self._oin, klantnummer=SALDO_KLANT)
        client = OverzichtClient(personen=[_CLIENT], adres=_HOME)
        value = Overzichtsaanvraag(
            kenmerk="TOETS-SO-1", zaaknummer="ZAAK-T1", grond="plan_van_aanpak", client=client, schuldeisers=[creditor]
        )
        return self._posted("/gemeente/v1/schuldenoverzichten", value)

    def _ask_pause(self) -> str:
        creditor = BenaderdeMetGrondslag(oin=self._oin, klantnummer=SALDO_KLANT, grondslag="verzoek")
        value = KennisgevingAanvraag(
            kenmerk="TOETS-KG-1",
            zaaknummer="ZAAK-T1",
            client=RegelingClient(personen=[_CLIENT], adres=_HOME),
            begin=self._stage.today,
            einde=self._stage.today + timedelta(days=90),
            schuldeisers=[creditor],
        )
        return self._posted("/gemeente/v1/kennisgevingen", value)

    def _posted(self, path: str, value: object) -> str:
        with self._stage.connect(GEMEENTEN[0]) as desk:
            return str(post(desk, path, value)["id"])

    def _answer(self) -> str:
        """`beantwoord` when it was answered as on the card; else what the municipality sees."""
        with self._stage.connect(GEMEENTEN[0]) as desk:
            found = msgspec.convert(get(desk, f"/gemeente/v1/schuldenoverzichten/{self._asked}"), Schuldenoverzicht)
        (question,) = found.vragen
        said = _opened(question.id, question.antwoord)
        if said is None:
            return "nog geen antwoord" if question.staat == "open" else question.staat
        claims: list[dict[str, Any]] = said.get("vorderingen", [])
        right = len(claims) == 1 and all(claims[0].get(name) == value for name, value in SALDO.items())
        return "beantwoord" if right else "een antwoord met andere bedragen dan op de kaart"

    def _paused(self) -> str:
        """`bevestigd` when the pause was confirmed with the customer's number; else what the municipality sees."""
        with self._stage.connect(GEMEENTEN[0]) as desk:
            found = msgspec.convert(get(desk, f"/gemeente/v1/kennisgevingen/{self._pause}"), Regeling)
        (party,) = found.partijen
        said = _opened(party.id, party.antwoord)
        if said is None or party.staat != "bevestigd":
            return "nog geen antwoord" if party.staat == "open" else party.staat
        return "bevestigd" if said.get("klantnummer") == SALDO_KLANT else "een bevestiging zonder het klantnummer van de opdracht"

    def _series(self) -> set[str]:
        """The messages of the cards that belong together, as far as they stand in the inbox."""
        seen = self._stage.door.seen if self._stage.door else []
        mine = {regel.id for one in seen for regel in one.regels if regel.kaart in names.REEKS and regel.id}
        return mine & {feit.id for feit in self._messages(GEMEENTEN[0].code)}

    def _tell(self, wanted: set[str]) -> None:
        """Reject these, so that there is feedback."""
        claim: dict[str, Any] = {"doel": "WGS-3-1-b", "maximum": _MANY, "leaseSeconden": 60, "wijze": "onbemand"}
        with self._stage.connect(GEMEENTEN[0]) as desk:
            taken = post(desk, "/gemeente/v1/inbox/claims", claim)
            for one in taken["berichten"]:
                if one["id"] in wanted:
                    post(desk, f"/gemeente/v1/inbox/berichten/{one['id']}/afwijzing", {"claim": taken["id"], "reden": _TOLD})
            desk.request("DELETE", f"/gemeente/v1/inbox/claims/{taken['id']}")

    def _feed(self) -> tuple[str, ...]:
        """What the partner can read, as the door records it."""
        found = feed.page(self._stage.house.ingest, self._oin, 0, _MANY).terugkoppelingen if self._told else []
        return tuple(f"{digest(one.kenmerk)}/{one.code}" for one in found)


def _opened(id: UUID, answer: Verzegeld | None) -> dict[str, Any] | None:
    """What a sealed answer says; None without one."""
    return None if answer is None else Opener().unseal(answer.inhoud, answer.sleutels, id, "antwoord")


def _plans() -> list[Plan]:
    return [
        Bezet("bezet", "wacht_bij_503", _offered(names.WACHTEN), seconds=int(names.WACHTTIJD)),
        Verlies("verloren antwoord", "zelfde_kenmerk_na_verlies", _taken(names.VERLOREN)),
        Wijzig("onechte handtekening", "onechte_handtekening", _taken(names.ONECHT), _forged),
        Wijzig("nieuw veld", "nieuw_veld_schuldeiser", _questions, new_field, keren=_ALWAYS),
    ]


def _questions(one: Uitwisseling) -> bool:
    return one.handeling == "saldoverzoeken_lezen" and bool(one.berichten)


def _offered(kaart: str) -> Past:
    return lambda one: not one.status and one.handeling in _DELIVERS and kaart in one.kaarten()


def _taken(kaart: str) -> Past:
    def fits(one: Uitwisseling) -> bool:
        return one.gelukt and any(regel.kaart == kaart and regel.uitkomst == "bezorgd" for regel in one.regels)

    return fits


def _forged(receipt: Json) -> Json:
    """The same receipt, under a signature that is not over it."""
    head, gap, signature = str(receipt.get("handtekening", "")).partition("..")
    other = "A" if signature[:1] != "A" else "B"
    return {**receipt, "handtekening": f"{head}{gap}{other}{signature[1:]}"}
