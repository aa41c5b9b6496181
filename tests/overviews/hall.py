"""A gateway without doors in which a municipality asks for schuldenoverzichten: creditors of several sectors, a counsellor, a trustee."""

import base64
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from joserfc import jwe
from joserfc.jwk import OctKey

from gateway.core.chain import Sender
from gateway.core.clock import dutch_day, dutch_midnight
from gateway.overviews import answering, asking, terms
from gateway.overviews.desk import OverviewDesk
from gateway.overviews.terms import Done
from gateway.partners.register import Bsnregistratie, Deelnemer, Leveringsgebied, Mandaat, Register
from gateway.partners.sealkeys import Partijsleutel, Pseudoniemversie
from gateway.store.prepare import Dsns
from schemas.schuldenoverzicht import (
    Antwoordbewijs,
    GeenMedewerking,
    GevraagdeSchuldeiser,
    KlantOnbekend,
    Machtiging,
    OverzichtClient,
    OverzichtIntrekking,
    OverzichtPersoon,
    Overzichtsaanvraag,
    Saldoantwoord,
    Saldoverzoek,
    Schuldenoverzicht,
    Schuldvordering,
    Verzegeld,
    Vorderingen,
)
from schemas.signaal import Adres
from tests.flows.world import CLERK, HAARLEM, LANDLORD, OTHER, PURPOSES, TRACE, UTRECHT, World

WATER = Sender("00000099000000005000", "00000099000000005000")
TAX = Sender("00000099000000006000", "00000099000000006000")
MORE = [Sender(f"000000990000000{n}000", f"000000990000000{n}000") for n in range(10, 34)]
TRUSTEE = Sender("00000099000000007000", CLERK.principal)
COUNSELLOR = Sender("00000099000000004000", CLERK.principal)
CARRIER = Sender("00000099000000008000", CLERK.principal)
CLERK_UTRECHT = Sender("00000099000000009000", "00000099000000009000")
NAME, BIRTH, STREET = "Kanariepiet", date(1985, 3, 7), "2011AB"
BSN = "999990019"
__all__ = ["CLERK", "COUNSELLOR", "HAARLEM", "LANDLORD", "OTHER", "TRACE", "UTRECHT"]


class Hall(World):
    """A world with parties for overviews. `start` is the day it begins on; noon in the Netherlands. `officers` have a mandate as such."""

    officers: tuple[Sender, ...] = ()

    def __init__(self, dsns: Dsns, folder: Path, start: date | None = None) -> None:
        super().__init__(dsns, folder, size=4)
        self.on(start or date(2026, 11, 23))
        self.own: list[Partijsleutel] = []
        self.versions: list[Pseudoniemversie] = []
        self.register = self._register()
        self.overviews = OverviewDesk(
            inbox=self.inbox,
            ingest=self.ingest,
            tasks=self.tasks,
            keys=self.keys,
            register=lambda: self.register,
            purposes=PURPOSES,
            clock=self.clock,
            signer=self.receipts,
            committed=self._wake,
        )

    def on(self, day: date, at: time = time(12)) -> None:
        """Set the clock to an hour of a Dutch day."""
        self.clock.at = (dutch_midnight(day) + timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)).astimezone(UTC)

    def request(self, *creditors: Sender | GevraagdeSchuldeiser, **more: Any) -> Overzichtsaanvraag:
        """A lawful request to these creditors, but for what `more` puts in its place."""
        named = [one if isinstance(one, GevraagdeSchuldeiser) else GevraagdeSchuldeiser(oin=one.principal) for one in creditors]
        values = {"kenmerk": "SO-1", "zaaknummer": "ZAAK-1", "grond": "plan_van_aanpak", "client": client()}
        return Overzichtsaanvraag(**{**values, "schuldeisers": named, **more})

    def ask(self, *creditors: Sender | GevraagdeSchuldeiser, by: Sender = CLERK, gemeente: str = HAARLEM, **more: Any) -> Schuldenoverzicht:
        """Ask these creditors."""
        return asking.ask(by, gemeente, TRACE, self.request(*creditors, **more), self.overviews)[0]

    def see(self, id: UUID, gemeente: str = HAARLEM, *, disclose: bool = True) -> Schuldenoverzicht:
        """The overview as its municipality reads it."""
        return asking.one(CLERK, gemeente, TRACE, id, self.overviews, disclose=disclose)

    def mine(self, creditor: Sender, staat: Any = None) -> list[Saldoverzoek]:
        """The questions of a creditor."""
        return answering.page(creditor.principal, None, 500, staat, self.overviews).saldoverzoeken

    def question(self, creditor: Sender, nr: int = -1) -> Saldoverzoek:
        """One of its open questions, opened."""
        return answering.question(creditor, TRACE, self.mine(creditor, "open")[nr].id, self.overviews, disclose=True)

    def answer(self, creditor: Sender, id: UUID | None = None, given: Saldoantwoord | None = None) -> Antwoordbewijs:
        """Answer a question of a creditor (its last open one)."""
        found = id or self.mine(creditor, "open")[-1].id
        return answering.answer(creditor, TRACE, found, given or claims(self.today), self.overviews)[0]

    def withdraw(self, id: UUID, gemeente: str = HAARLEM) -> Schuldenoverzicht:
        """Withdraw an overview."""
        return asking.withdraw(CLERK, gemeente, TRACE, id, OverzichtIntrekking(reden="traject_beeindigd"), self.overviews)

    def sweep(self) -> Done:
        """Run the clock's job."""
        return terms.run(self.overviews, CLERK.party, lambda: TRACE)

    def open(self, sealed: Verzegeld | None, id: UUID, group: str) -> dict[str, Any]:
        """What a receiver with a managed key reads."""
        assert sealed is not None
        key = base64.urlsafe_b64decode((sealed.sleutels.groepssleutels or {})[group] + "=")
        opened = jwe.decrypt_compact(sealed.inhoud, OctKey.import_key(key), algorithms=["dir", "A256GCM"])
        assert opened.protected["kid"] == f"{id}.{group}"
        return msgspec.json.decode(opened.plaintext or b"", type=dict[str, Any])

    def _register(self) -> Register:
        old = self.register
        day = date(2020, 1, 1)
        creditor = frozenset({"schuldeiser"})
        parties = [
            *old.deelnemers.values(),
            Deelnemer(WATER.principal, "Waterbedrijf", creditor, "actief", frozenset({"drinkwater"})),
            Deelnemer(TAX.principal, "Belastingen", creditor, "actief", nummerformaten=frozenset({"klantnummer", "factuurnummer"})),
            *(Deelnemer(one.principal, "Nog een", creditor, "actief") for one in MORE),
            Deelnemer(CLERK.principal, "Haarlem", frozenset({"gemeente"}), "actief", gemeentecode=HAARLEM),
            Deelnemer(CLERK_UTRECHT.principal, "Utrecht", frozenset({"gemeente"}), "actief", gemeentecode=UTRECHT),
            Deelnemer(TRUSTEE.party, "Bewind", frozenset({"bewindvoerder"}), "actief"),
            Deelnemer(COUNSELLOR.party, "Schuldhulp", frozenset({"schuldhulpverlener"}), "actief"),
            Deelnemer(CARRIER.party, "Kredietbank", frozenset({"uitvoerder", "schuldhulpverlener"}), "actief"),
            *(Deelnemer(one.party, "Functionaris", frozenset({"toezichthouder"}), "actief") for one in self.officers),
        ]
        return Register(
            2,
            deelnemers=parties,
            gemeenten=old.gemeenten.values(),
            sleutels=[key for code in (HAARLEM, UTRECHT) if (key := old.sealing_key(code))],
            mandaten=[
                Mandaat(CARRIER.party, CLERK.principal, "uitvoerder", day),
                *(Mandaat(one.party, one.principal, "toezichthouder", day) for one in self.officers),
            ],
            partijsleutels=self.own,
            bsnregistraties=[Bsnregistratie(TAX.principal, "Invorderingswet 1990", day)],
            gebieden=[Leveringsgebied(WATER.principal, frozenset({"2011-2037", "1431"}), day)],
            pseudoniemversies=self.versions,
        )


def client(**more: Any) -> OverzichtClient:
    """An invented client."""
    person = OverzichtPersoon(rol="client", voorletters="K.", achternaam=NAME, geboortedatum=BIRTH)
    adres = Adres(postcode=STREET, huisnummer=12, woonplaats="Haarlem")
    return OverzichtClient(**{"personen": [person], "adres": adres, **more})


def document(soort: Any, content: bytes = b"%PDF-1.7 getekend", datum: date = date(2026, 11, 20)) -> Machtiging:
    """A mandate document."""
    return Machtiging(soort=soort, datum=datum, document=base64.b64encode(content).decode())


def claim(**more: Any) -> Schuldvordering:
    """One open claim whose sum is right."""
    amounts = {"hoofdsom_cent": 40_000, "rente_cent": 1_200, "kosten_cent": 4_000, "betaald_cent": 5_200, "saldo_cent": 40_000}
    return Schuldvordering(**{"soort": "openstaand", "kenmerk": "F-1", **amounts, **more})


def claims(today: date, *given: Schuldvordering, **more: Any) -> Vorderingen:
    """An answer with claims."""
    return Vorderingen(peildatum=today, vorderingen=list(given) or [claim()], **more)


UNKNOWN = KlantOnbekend()
REFUSED = GeenMedewerking(reden="finale_kwijting")


def day_of(at: datetime) -> date:
    """The Dutch day of an instant."""
    return dutch_day(at)
