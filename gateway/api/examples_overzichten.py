"""Examples of the schuldenoverzicht, built from the wire types. Persons and organisations are invented; OINs are of the test range."""

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec

from schemas.inbox import Sleutels
from schemas.schuldenoverzicht import (
    Antwoordbewijs,
    GevraagdeSchuldeiser,
    OverzichtClient,
    OverzichtIntrekking,
    OverzichtPersoon,
    Overzichtsaanvraag,
    Overzichtsvraag,
    SaldoContact,
    Saldoverzoek,
    Saldoverzoeken,
    Schuldenoverzicht,
    Schuldenoverzichten,
    Schuldvordering,
    Verzegeld,
    Vorderingen,
)
from schemas.signaal import Adres

_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
_ASKED = UUID("019aa2c0-11aa-7c33-8f21-5b7d9e4a2c61")
_OP = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_HASH = "5f1d7a84db00d2fce00b31a7fc73224f5f1d7a84db00d2fce00b31a7fc73224f"
_OIN = "00000099000000001000"
_CURSOR = "AZqitHwee1KdPwxeimsfIA"
_KEY = "q1vS0zv0a9n2c8mJ7f3Xk5T4u6wB1yE2dR8hL9pZ0sQ"
_JWE = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.aW5ob3Vk.dGFn"


def _sealed(groep: str) -> Verzegeld:
    return Verzegeld(inhoud=_JWE, sleutels=Sleutels(wijze="beheerd", kid=f"partij/{_OIN}/1", groepssleutels={groep: _KEY}))


AANVRAAG = Overzichtsaanvraag(
    kenmerk="SO-2026-0001",
    zaaknummer="ZAAK-2026-0001",
    grond="plan_van_aanpak",
    client=OverzichtClient(
        personen=[OverzichtPersoon(rol="client", voorletters="J.", achternaam="Voorbeeld", geboortedatum=date(1985, 3, 7))],
        adres=Adres(postcode="2011AB", huisnummer=12, woonplaats="Haarlem"),
    ),
    schuldeisers=[GevraagdeSchuldeiser(oin=_OIN, klantnummer="884412", factuurnummers=["F-2026-00417"])],
)
_VRAAG = Overzichtsvraag(id=_ASKED, schuldeiser=_OIN, staat="open", gesteld_op=_OP)
OVERZICHT = Schuldenoverzicht(
    id=_ID,
    kenmerk=AANVRAAG.kenmerk,
    zaaknummer=AANVRAAG.zaaknummer,
    grond=AANVRAAG.grond,
    uiterlijk=date(2026, 12, 7),
    staat="open",
    aangemaakt_op=_OP,
    vragen=[_VRAAG],
)
OVERZICHT_VOLLEDIG = msgspec.structs.replace(
    OVERZICHT,
    staat="volledig",
    vragen=[msgspec.structs.replace(_VRAAG, staat="beantwoord", beantwoord_op=_OP, antwoord=_sealed("antwoord"))],
)
OVERZICHT_INGETROKKEN = msgspec.structs.replace(
    OVERZICHT, staat="ingetrokken", ingetrokken_op=_OP, vragen=[msgspec.structs.replace(_VRAAG, staat="ingetrokken")]
)
OVERZICHTEN = Schuldenoverzichten(schuldenoverzichten=[OVERZICHT], volgende=_CURSOR)
INTREKKING = OverzichtIntrekking(reden="traject_beeindigd")
VERZOEK = Saldoverzoek(
    id=_ASKED, staat="open", gesteld_op=date(2026, 11, 23), gemeente="0392", grond=AANVRAAG.grond, uiterlijk=date(2026, 12, 7)
)
VERZOEK_OPEN = msgspec.structs.replace(VERZOEK, vraag=_sealed("vraag"))
VERZOEKEN = Saldoverzoeken(saldoverzoeken=[VERZOEK], volgende=_CURSOR)
ANTWOORD = Vorderingen(
    peildatum=date(2026, 11, 23),
    klantnummer="884412",
    contact=SaldoContact(naam="Afdeling incasso", telefoonnummer="+31201234567"),
    vorderingen=[
        Schuldvordering(
            soort="openstaand",
            kenmerk="F-2026-00417",
            ontstaansdatum=date(2026, 4, 1),
            hoofdsom_cent=40_000,
            rente_cent=1_200,
            kosten_cent=4_800,
            betaald_cent=6_000,
            saldo_cent=40_000,
        )
    ],
)
BEWIJS = Antwoordbewijs(
    id=_ASKED,
    staat="beantwoord",
    ontvangen_op=_OP,
    inhoud_hash=_HASH,
    logblad=_HASH,
    handtekening="eyJhbGciOiJFUzI1NiIsImtpZCI6ImJld2lqcy0xIn0..c2lnbmF0dXVy",
)
