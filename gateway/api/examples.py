"""Examples in the OpenAPI documents, built from the wire types, so that they cannot drift from them.

Authority: `docs/contract.md`. Persons and organisations are invented; OINs are of the test range.
"""

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec

from schemas.inbox import (
    Afwijzing,
    Bericht,
    Berichten,
    BerichtStand,
    Bevestiging,
    Claim,
    ClaimAanvraag,
    ClaimStand,
    Schuldeiser,
    Sleutels,
)
from schemas.ontvangst import (
    Aanlevering,
    Aanleveringen,
    Aantallen,
    Bevinding,
    Dekking,
    DekkingGemeente,
    Intrekking,
    Ontvangstbewijs,
    SignaalStand,
    Verslag,
    VerslagRegel,
    Voorcontrole,
)
from schemas.problem import Problem
from schemas.signaal import (
    AanleveringAanvraag,
    Achterstand,
    Adres,
    Contact,
    Contactmoment,
    Gegevensdeling,
    Inspanning,
    Persoon,
    Signaal,
)

_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
_CLAIM = UUID("019aa2c0-11aa-7c33-8f21-5b7d9e4a2c61")
_OP = datetime(2026, 11, 20, 9, 30, 0, tzinfo=UTC)
_HASH = "q1vS0zv0a9n2c8mJ7f3Xk5T4u6wB1yE2dR8hL9pZ0sQ"
_OIN = "00000099000000001000"
_WAARSCHUWING = Bevinding(
    code="VELD_NIET_DOORGEGEVEN",
    oordeel="waarschuwing",
    melding="Deze gemeente ontvangt dit veld niet; het is weggelaten.",
    pointer="/personen/0/geboortedatum",
)
_VERPLICHT = Bevinding(code="VELD_VERPLICHT", oordeel="fout", melding="Dit veld is verplicht.", pointer="/adres/postcode")

SIGNAAL = Signaal(
    kenmerk="HUUR-2026-000123",
    soort="vroegsignaal",
    sector="huur",
    handelsnaam="Woningstichting Voorbeeld",
    signaaldatum=date(2026, 11, 20),
    achterstand=Achterstand(bedrag_cent=45012, ontstaansdatum=date(2026, 9, 1)),
    personen=[Persoon(rol="hoofdhuurder", voorletters="J.", voorvoegsel="de", achternaam="Voorbeeld", geboortedatum=date(1985, 3, 7))],
    adres=Adres(postcode="2011AB", huisnummer=12, huisletter="A", toevoeging="2", woonplaats="Haarlem"),
    contact=Contact(telefoonnummers=["+31612345678"], emailadressen=["j@example.nl"]),
    klantnummer="884412",
    contractkenmerk="C-55120",
    inspanning=Inspanning(
        wijze="gegevens",
        contacten=[Contactmoment(kanaal="telefoon", datum=date(2026, 10, 28), initiatief="schuldeiser", bereikt=False)],
        herinneringen=[date(2026, 10, 5)],
        gewezen_op_schuldhulp=date(2026, 10, 5),
        gegevensdeling_aangeboden=Gegevensdeling(datum=date(2026, 10, 5), reactie="geen"),
        betalingsregeling="geen",
        klantrelatie_actief=True,
    ),
)
ONTVANGSTBEWIJS = Ontvangstbewijs(
    id=_ID,
    kenmerk=SIGNAAL.kenmerk,
    gemeente="0392",
    sector="huur",
    ontvangen_op=_OP,
    status="bezorgd",
    bevindingen=[_WAARSCHUWING],
    inhoud_hash=_HASH,
    logblad=_HASH,
    handtekening="eyJhbGciOiJFUzI1NiIsImtpZCI6ImJld2lqcy0xIn0..c2lnbmF0dXVy",
)
SIGNAALSTAND = SignaalStand(id=_ID, kenmerk=SIGNAAL.kenmerk, gemeente="0392", sector="huur", status="bezorgd", ontvangen_op=_OP)
INTREKKING = Intrekking(id=_ID, status="ingetrokken", ingetrokken_op=_OP)
AANLEVERING_AANVRAAG = AanleveringAanvraag(kenmerk="LEVERING-2026-11", signalen=[SIGNAAL])
AANLEVERING = Aanlevering(
    id=_ID,
    kenmerk="LEVERING-2026-11",
    status="verwerkt",
    resultaat="deels",
    ontvangen_op=_OP,
    aantallen=Aantallen(aangeboden=2, bezorgd=1, eerder_ontvangen=0, geweigerd=1, in_quarantaine=0),
    bladen_hash=_HASH,
    handtekening=ONTVANGSTBEWIJS.handtekening,
)
AANLEVERINGEN = Aanleveringen(aanleveringen=[AANLEVERING], volgende="AZqitHwee1KdPwxeimsfIA")
_REGELS = [
    VerslagRegel(
        volgnummer=0,
        status="bezorgd",
        bevindingen=[],
        kenmerk=SIGNAAL.kenmerk,
        id=_ID,
        gemeente="0392",
        ontvangen_op=_OP,
        inhoud_hash=_HASH,
        logblad=_HASH,
    ),
    VerslagRegel(volgnummer=1, status="geweigerd", bevindingen=[_VERPLICHT], kenmerk="HUUR-2026-000124"),
]
VERSLAG = Verslag(aanlevering=_ID, kenmerk="LEVERING-2026-11", regels=_REGELS)
VOORCONTROLE = Voorcontrole(kenmerk="LEVERING-2026-11", regels=[_REGELS[1]])
DEKKING = Dekking(
    schuldeiser=_OIN,
    peildatum=date(2026, 11, 20),
    gemeenten=[
        DekkingGemeente(
            gemeentecode="0392",
            naam="Haarlem",
            sectoren=["huur"],
            sinds=date(2021, 1, 1),
            postcodes=["2011-2037"],
            sleutel="eigen",
            optionele_velden=["geboortedatum"],
        )
    ],
)
SLEUTELBOS = {
    "keys": [
        {
            "kty": "EC",
            "crv": "P-256",
            "kid": "bewijs-1",
            "use": "sig",
            "alg": "ES256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }
    ],
    "logsleutel": "seinhuis.example/log+0a1b2c3d+AVdRWcuFqmkCqZ0tBLXUHhZQPY+3JfEn5wDYOIsGkVq9",
}
BERICHT = Bericht(
    id=_ID,
    volgnummer=17,
    soort="vroegsignaal",
    sector="huur",
    schuldeiser=Schuldeiser(oin=_OIN, handelsnaam="Woningstichting Voorbeeld"),
    signaaldatum=date(2026, 11, 20),
    ontvangen_op=_OP,
    bedrag_cent=45012,
    staat="bezorgd",
    indeling="enkelvoudig",
    adrespseudoniem=_HASH,
    bevindingen=[],
)
BERICHT_OPEN = msgspec.structs.replace(
    BERICHT,
    staat="geclaimd",
    persoonsgegevens={"identiteit": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.aW5ob3Vk.dGFn"},
    sleutels=Sleutels(wijze="beheerd", kid="0392-1", groepssleutels={"identiteit": _HASH}),
    logblad="6c" * 32,
)
BERICHTEN = Berichten(berichten=[BERICHT], volgende="AAAAAAAAABE")
CLAIM_AANVRAAG = ClaimAanvraag(doel="WGS-3-1-b", maximum=50, lease_seconden=600, wijze="onbemand")
CLAIM = Claim(id=_CLAIM, doel="WGS-3-1-b", vervalt_op=_OP, berichten=[BERICHT_OPEN])
CLAIMSTAND = ClaimStand(id=_CLAIM, aantal=1, vervalt_op=_OP)
CLAIMSTAND_VRIJ = ClaimStand(id=_CLAIM, aantal=0)
BEVESTIGING = Bevestiging(claim=_CLAIM, status="verwerkt", zaaknummer="ZAAK-2026-0001")
BERICHTSTAND = BerichtStand(id=_ID, staat="verwerkt", zaaknummer="ZAAK-2026-0001")
AFWIJZING = Afwijzing(claim=_CLAIM, reden="geen_inwoner")
BERICHTSTAND_AFGEWEZEN = BerichtStand(id=_ID, staat="afgewezen")
PROBLEM = Problem(
    status=400,
    title="Ongeldige invoer",
    detail="De invoer voldoet niet aan het schema; zie errors.",
    code="INVOER_ONGELDIG",
    errors=[_VERPLICHT],
)
