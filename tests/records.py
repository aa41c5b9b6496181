"""Records for tests, at any step of the flow; synthetic persons only."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from gateway.core.chain import Fresh, Inbound, Judged, Lawful, Named, Parsed, Routed, Sender, Trace
from gateway.keys.keystore import KeyStore
from gateway.keys.names import FIRST
from gateway.matching.naming import name
from gateway.partners.register import GemeenteInstelling, Register
from gateway.partners.sealkeys import Gemeentesleutel
from schemas.inbox import Bericht, Schuldeiser, Sleutels, Veldgroep
from schemas.ontvangst import Bevinding
from schemas.signaal import Signaal
from schemas.strict import canonical

GROUPS: tuple[Veldgroep, ...] = ("identiteit", "contact", "klant")
CREDITOR = "00000099000000001000"
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 20)
HAARLEM, UTRECHT = "0392", "0344"
DOEL = "WGS-3-1-b"
SIGNAL: dict[str, Any] = {
    "kenmerk": "HUUR-2026-000123",
    "soort": "vroegsignaal",
    "sector": "huur",
    "handelsnaam": "Woningstichting Voorbeeld",
    "signaaldatum": "2026-11-20",
    "achterstand": {"bedragCent": 45012, "ontstaansdatum": "2026-09-01"},
    "personen": [
        {"rol": "hoofdhuurder", "voorletters": "J.", "voorvoegsel": "de", "achternaam": "Vries-Testpersoon", "geboortedatum": "1985-03-07"}
    ],
    "adres": {"postcode": "2011AB", "huisnummer": 12, "huisletter": "A", "toevoeging": "2", "woonplaats": "Haarlem"},
    "contact": {"telefoonnummers": ["+31612345678"], "emailadressen": ["j.testpersoon@example.nl"]},
    "klantnummer": "884412",
    "contractkenmerk": "C-55120",
    "inspanning": {"wijze": "gegevens"},
}


def routed(gemeente: str = HAARLEM, doel: str = DOEL, groups: tuple[Veldgroep, ...] = GROUPS, nr: int = 0, **changes: object) -> Routed:
    """A record after step 4; `changes` are members of the signal, None takes one away."""
    signaal = msgspec.convert({k: v for k, v in {**SIGNAL, **changes}.items() if v is not None}, Signaal)
    sender = Sender(CREDITOR, CREDITOR)
    inbound = Inbound(nr, sender, Trace("4b" * 16, "a7" * 8), AT, f"/signalen/{nr}", None)
    fresh = Fresh(Parsed(inbound, signaal, canonical(signaal)), key=b"k" * 32, content=b"c" * 32, earlier=None)
    return Routed(Lawful(fresh, ()), gemeente, doel, f"{doel}/huur/2021", "v1", "urn:test:activiteit", groups)


def judged(keys: KeyStore, records: list[Routed], findings: tuple[Bevinding, ...] = ()) -> list[Judged]:
    """Records after step 6."""
    named: list[Named] = name(records, keys, lambda _: FIRST)
    return [Judged(record, findings) for record in named]


def register(keys: list[Gemeentesleutel], optional: frozenset[str] = frozenset({"geboortedatum", "klantnummer"})) -> Register:
    """A register with these municipalities."""
    places = [GemeenteInstelling(k.gemeentecode, f"Gemeente {k.gemeentecode}", date(2021, 1, 1), optionele_velden=optional) for k in keys]
    return Register(1, gemeenten=places, sleutels=keys)


def bericht(id: UUID, sealed: dict[Veldgroep, str], sleutels: Sleutels) -> Bericht:
    """A message as a claim returns it."""
    return Bericht(
        id=id,
        volgnummer=0,
        soort="vroegsignaal",
        sector="huur",
        schuldeiser=Schuldeiser(oin=CREDITOR, handelsnaam="Woningstichting Voorbeeld"),
        signaaldatum=DAY,
        ontvangen_op=AT,
        bedrag_cent=45012,
        staat="geclaimd",
        indeling="enkelvoudig",
        adrespseudoniem="",
        bevindingen=[],
        persoonsgegevens=sealed,
        sleutels=sleutels,
    )
