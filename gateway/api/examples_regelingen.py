"""Examples of arrangements, built from the wire types. Persons and organisations are invented; OINs are of the test range."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from schemas.bewijs import Logbewijs
from schemas.inbox import Sleutels
from schemas.regelingen import (
    AfkoelingsperiodeAanvraag,
    Akkoord,
    Benaderde,
    BenaderdeMetGrondslag,
    BenaderdeMetVoorstel,
    BetaalvoorstelAanvraag,
    Bevestigd,
    Feit,
    KennisgevingAanvraag,
    Partijstaat,
    Regeling,
    Regelingbericht,
    Regelingberichten,
    Regelingbewijs,
    RegelingClient,
    Regelingen,
    RegelingIntrekking,
    Regelingpartij,
    Regelingsoort,
    Stiltebewijs,
    Uitspraak,
    Voorstelvordering,
)
from schemas.schuldenoverzicht import OverzichtPersoon, Verzegeld
from schemas.signaal import Adres

_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
_MESSAGE = UUID("019aa2c0-11aa-7c33-8f21-5b7d9e4a2c61")
_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_HASH = "5f1d7a84db00d2fce00b31a7fc73224f5f1d7a84db00d2fce00b31a7fc73224f"
_OIN = "00000099000000001000"
_SIGNED = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImJld2lqcy0xIn0..c2lnbmF0dXVy"
_CURSOR = "AZqitHwee1KdPwxeimsfIA"
_DAYS: Final[dict[Regelingsoort, tuple[date, date]]] = {
    "kennisgeving": (date(2026, 11, 23), date(2027, 5, 23)),
    "betaalvoorstel": (date(2026, 11, 23), date(2026, 12, 7)),
    "afkoelingsperiode": (date(2026, 11, 23), date(2027, 5, 23)),
}
_ANSWERED: Final[dict[Regelingsoort, Partijstaat]] = {
    "kennisgeving": "bevestigd",
    "betaalvoorstel": "akkoord",
    "afkoelingsperiode": "bevestigd",
}
_KENMERK: Final[dict[Regelingsoort, str]] = {
    "kennisgeving": "KG-2026-0001",
    "betaalvoorstel": "BV-2026-0001",
    "afkoelingsperiode": "AP-2026-0001",
}
_WHOSE: dict[str, Any] = {
    "zaaknummer": "ZAAK-2026-0001",
    "client": RegelingClient(
        personen=[OverzichtPersoon(rol="client", voorletters="J.", achternaam="Voorbeeld", geboortedatum=date(1985, 3, 7))],
        adres=Adres(postcode="2011AB", huisnummer=12, woonplaats="Haarlem"),
    ),
}
KENNISGEVING = KennisgevingAanvraag(
    **_WHOSE,
    kenmerk=_KENMERK["kennisgeving"],
    begin=_DAYS["kennisgeving"][0],
    einde=_DAYS["kennisgeving"][1],
    schuldeisers=[BenaderdeMetGrondslag(oin=_OIN, grondslag="convenant", klantnummer="884412")],
)
BETAALVOORSTEL = BetaalvoorstelAanvraag(
    **_WHOSE,
    kenmerk=_KENMERK["betaalvoorstel"],
    soort="SB",
    schuldeisers=[
        BenaderdeMetVoorstel(
            oin=_OIN,
            klantnummer="884412",
            vorderingen=[Voorstelvordering(kenmerk="F-2026-00417", saldo_cent=40_000, percentage_honderdsten=1_250, prognose_cent=5_000)],
        )
    ],
)
AFKOELINGSPERIODE = AfkoelingsperiodeAanvraag(
    **_WHOSE,
    kenmerk=_KENMERK["afkoelingsperiode"],
    begin=_DAYS["afkoelingsperiode"][0],
    einde=_DAYS["afkoelingsperiode"][1],
    uitspraak=Uitspraak(datum=date(2026, 11, 20), ecli="ECLI:NL:RBNHO:2026:1234"),
    schuldeisers=[Benaderde(oin=_OIN, klantnummer="884412")],
)
BEVESTIGD = Bevestigd(klantnummer="884412")
AKKOORD = Akkoord(klantnummer="884412")
INTREKKING = RegelingIntrekking(reden="traject_beeindigd")
STILTE = Stiltebewijs(
    id=_MESSAGE,
    betaalvoorstel=_ID,
    kenmerk=_KENMERK["betaalvoorstel"],
    zaaknummer="ZAAK-2026-0001",
    schuldeiser=_OIN,
    gemeente="0392",
    gemeentenaam="Haarlem",
    voorstel="SB",
    termijn_werkdagen=10,
    uiterlijk=_DAYS["betaalvoorstel"][1],
    feiten=[
        Feit(
            soort="bezorgd",
            op=_AT,
            logblad=_HASH,
            log=Logbewijs(nummer=0, pad=["2a" * 32], controlepunt="seinhuis.example/log\n2\nKioq\n\n— seinhuis.example/log KioqKg==\n"),
        ),
        Feit(soort="geeindigd", op=datetime(2026, 12, 8, 0, 20, tzinfo=UTC), logblad=_HASH),
    ],
    opgemaakt_op=datetime(2026, 12, 8, 9, 0, tzinfo=UTC),
    controleadres="https://seinhuis.example/.well-known/seinhuis-sleutels.json",
    handtekening=_SIGNED,
)


def regeling(soort: Regelingsoort) -> Regeling:
    """One that was sent, and answered."""
    begin, einde = _DAYS[soort]
    proposal = soort == "betaalvoorstel"
    party = Regelingpartij(
        id=_MESSAGE,
        schuldeiser=_OIN,
        staat=_ANSWERED[soort],
        grondslag="convenant" if soort == "kennisgeving" else None,
        afspraak="convenant-2024-3" if soort == "kennisgeving" else None,
        bezorgd_op=_AT,
        beantwoord_op=_AT,
        antwoord=_sealed("antwoord"),
    )
    return Regeling(
        id=_ID,
        soort=soort,
        kenmerk=_KENMERK[soort],
        zaaknummer="ZAAK-2026-0001",
        begin=begin,
        einde=einde,
        termijn_werkdagen=10 if proposal else None,
        voorstel="SB" if proposal else None,
        staat="lopend",
        aangemaakt_op=_AT,
        partijen=[party],
    )


def ingetrokken(soort: Regelingsoort) -> Regeling:
    """The same, withdrawn."""
    found = regeling(soort)
    return msgspec.structs.replace(found, staat="ingetrokken", ingetrokken_op=_AT, partijen=_without(found))


def regelingen(soort: Regelingsoort) -> Regelingen:
    """A page."""
    found = regeling(soort)
    return Regelingen(regelingen=[msgspec.structs.replace(found, partijen=_without(found))], volgende=_CURSOR)


def bericht(soort: Regelingsoort) -> Regelingbericht:
    """A message as its creditor opens it."""
    begin, einde = _DAYS[soort]
    return Regelingbericht(
        id=_MESSAGE,
        soort=soort,
        staat="open",
        bezorgd_op=_AT.date(),
        gemeente="0392",
        grondslag="convenant" if soort == "kennisgeving" else None,
        voorstel="SB" if soort == "betaalvoorstel" else None,
        begin=begin,
        einde=einde,
        inhoud=_sealed("vraag"),
    )


def berichten(soort: Regelingsoort) -> Regelingberichten:
    """A page of messages."""
    return Regelingberichten(berichten=[msgspec.structs.replace(bericht(soort), inhoud=None)], volgende=_CURSOR)


def bewijs(soort: Regelingsoort) -> Regelingbewijs:
    """A receipt."""
    return Regelingbewijs(
        id=_MESSAGE, soort=soort, staat=_ANSWERED[soort], ontvangen_op=_AT, inhoud_hash=_HASH, logblad=_HASH, handtekening=_SIGNED
    )


def _without(found: Regeling) -> list[Regelingpartij]:
    return [msgspec.structs.replace(party, antwoord=None) for party in found.partijen]


def _sealed(groep: str) -> Verzegeld:
    jwe = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.aW5ob3Vk.dGFn"
    kid = f"partij/{_OIN}/1" if groep == "vraag" else "gemeente/0392/1"
    keys = {groep: "q1vS0zv0a9n2c8mJ7f3Xk5T4u6wB1yE2dR8hL9pZ0sQ"}
    return Verzegeld(inhoud=jwe, sleutels=Sleutels(wijze="beheerd", kid=kid, groepssleutels=keys))
