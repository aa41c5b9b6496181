"""The client of the demo's schuldenoverzicht, invented as every person here, and what each creditor that is asked has to say about it.

Leaves asking and answering to `overview`. Days lie before the day of the demo; amounts are euro cents.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from gateway.sandbox.parties import BEVRAAGDEN, GEMEENTEN, SCHULDEISERS
from schemas.schuldenoverzicht import (
    Beslag,
    Incasso,
    KlantOnbekend,
    Overdracht,
    OverzichtClient,
    OverzichtPersoon,
    Saldoantwoord,
    SaldoContact,
    Schuldvordering,
    Titel,
    Vorderingen,
)
from schemas.signaal import Adres

DESK = GEMEENTEN[1]
LANDLORD, SILENT = SCHULDEISERS[:2]
ENERGY, HEALTH, TELEPHONE, WATER = BEVRAAGDEN
KLANTNUMMERS: Final = {
    LANDLORD.oin: "H-20119", ENERGY.oin: "E-5512", HEALTH.oin: "Z-90881", TELEPHONE.oin: "T-3301", WATER.oin: "W-77", SILENT.oin: "P-412",
}  # fmt: skip
"""Who is asked, and the number that the client knows there."""
CLIENT: Final = OverzichtClient(
    personen=[OverzichtPersoon(rol="client", voorletters="M.", achternaam="Vinkesteijn", geboortedatum=date(1985, 3, 7))],
    adres=Adres(postcode="3511AB", huisnummer=12, woonplaats="Utrecht"),
)
SOLD: Final = Schuldvordering(soort="overgedragen", kenmerk="TEL-3301", overgedragen_aan=Overdracht(naam="Nieuwe Houder Voorbeeld"))


def answers(today: date) -> Mapping[str, Saldoantwoord]:
    """What each creditor (OIN) answers; who is not in it stays silent."""
    return {
        LANDLORD.oin: _landlord(today),
        ENERGY.oin: _energy(today),
        HEALTH.oin: _claims(today, _claim("PREMIE-07", 15_875), replace(_claim("PREMIE-08", 15_875, 12, 4_840), preferent=True)),
        TELEPHONE.oin: _claims(_ago(today, 5), SOLD, _claim("TEL-4410", 9_580, 31, 4_000)),
        WATER.oin: KlantOnbekend(),
    }


def _landlord(today: date) -> Vorderingen:
    judged = replace(
        _claim("HUUR-0881", 185_040, 4_122, 27_756, 30_000),
        ontstaansdatum=_ago(today, 540),
        titel=Titel(soort="vonnis", datum=_ago(today, 250)),
        beslag=Beslag(soort="loon_of_uitkering", sinds=_ago(today, 200)),
    )
    contact = SaldoContact(naam="Team incasso", telefoonnummer="+31201234567", emailadres="incasso@voorbeeld.example")
    return replace(_claims(_ago(today, 2), judged, _claim("HUUR-1402", 64_218)), klantnummer=KLANTNUMMERS[LANDLORD.oin], contact=contact)


def _energy(today: date) -> Vorderingen:
    collector = Incasso(naam="Incassobureau Voorbeeld", soort="incassobureau", dossiernummer="D-2231")
    claim = _claim("EN-77120", 121_007, 1_844, 21_930, 5_000)
    return _claims(today, replace(claim, soort="uit_handen_gegeven", uit_handen_gegeven_aan=collector, ontstaansdatum=_ago(today, 370)))


def _claims(peildatum: date, *claims: Schuldvordering) -> Vorderingen:
    return Vorderingen(peildatum=peildatum, vorderingen=list(claims))


def _claim(kenmerk: str, hoofdsom: int, rente: int = 0, kosten: int = 0, betaald: int = 0) -> Schuldvordering:
    return Schuldvordering(
        soort="openstaand",
        kenmerk=kenmerk,
        hoofdsom_cent=hoofdsom,
        rente_cent=rente,
        kosten_cent=kosten,
        betaald_cent=betaald,
        saldo_cent=hoofdsom + rente + kosten - betaald,
    )


def _ago(today: date, days: int) -> date:
    return today - timedelta(days=days)
