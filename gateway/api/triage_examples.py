"""Examples for settings, clocks and follow-up partners in the OpenAPI document, built from the wire types. Invented throughout."""

from datetime import UTC, date, datetime
from uuid import UUID

from schemas.inbox import Sleutels
from schemas.instellingen import (
    Drempels,
    DrempelsStand,
    Inhaalslag,
    InhaalslagStand,
    Opvolgpartner,
    Opvolgpartners,
    OpvolgpartnersStand,
    Standaardwerkbak,
    Termijnregels,
    TermijnregelsStand,
    Velden,
    VeldenStand,
    Voorwaarden,
    Werkbak,
    Werkbakken,
    Werkbakkenproef,
    WerkbakkenStand,
    Werkbaktelling,
    Wijk,
    Zegelsleutel,
)
from schemas.opvolging import Deling, Delingstand, OpvolgBericht, OpvolgBerichten, OpvolgClaim, OpvolgClaimAanvraag, OpvolgStand
from schemas.termijnen import Bedreigend, Mijlpaalstand, Mijlpalen, Termijn, Termijnen

_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
_CLAIM = UUID("019aa2c0-11aa-7c33-8f21-5b7d9e4a2c61")
_OP = datetime(2026, 11, 20, 9, 30, 0, tzinfo=UTC)
_PARTNER = "00000099000000004000"
_TOKEN = "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00ifQ.c2xldXRlbA.aXY.aW5ob3Vk.dGFn"  # noqa: S105 - not a secret
_KEY = Zegelsleutel(
    kty="EC",
    crv="P-256",
    kid="belteam-1",
    x="f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    y="x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
)
INHAALSLAG = InhaalslagStand(versie=1, gewijzigd_op=_OP, instelling=Inhaalslag(per_dag=50))
DREMPELS = DrempelsStand(versie=2, gewijzigd_op=_OP, instelling=Drempels(drempels={"huur": 10_000}))
VELDEN = VeldenStand(versie=1, gewijzigd_op=_OP, instelling=Velden(optionele_velden=["geboortedatum"], triage=["postcode4", "ouderdom"]))
WERKBAKKEN = WerkbakkenStand(
    versie=3,
    gewijzigd_op=_OP,
    instelling=Werkbakken(
        standaard=Standaardwerkbak(code="algemeen", naam="Algemeen", kanaal="brief"),
        werkbakken=[
            Werkbak(code="crisis", naam="Bedreigend", kanaal="telefoon", voorwaarden=Voorwaarden(crisis=True)),
            Werkbak(
                code="bezoek-noord",
                naam="Huisbezoek Noord",
                kanaal="huisbezoek",
                voorwaarden=Voorwaarden(indelingen=["meervoudig"], bedrag_vanaf_cent=50_000, wijken=["wk-0392-01"]),
                opvolgpartner=_PARTNER,
            ),
        ],
        wijken=[Wijk(code="wk-0392-01", postcodes=["2011", "2012"])],
    ),
)
OPVOLGPARTNERS = OpvolgpartnersStand(
    versie=1,
    gewijzigd_op=_OP,
    instelling=Opvolgpartners(
        opvolgpartners=[Opvolgpartner(oin=_PARTNER, naam="Belteam Voorbeeld", veldgroepen=["identiteit", "contact"], sleutel=_KEY)]
    ),
)
TERMIJNREGELS = TermijnregelsStand(versie=0, instelling=Termijnregels())
PROEF = Werkbakkenproef(
    van=date(2026, 10, 1),
    tot=date(2026, 10, 31),
    totaal=120,
    werkbakken=[
        Werkbaktelling(code="crisis", aantal=4, voldoet=4),
        Werkbaktelling(code="bezoek-noord", aantal=11, voldoet=12),
        Werkbaktelling(code="algemeen", aantal=105, voldoet=120),
    ],
)
BEDREIGEND = Bedreigend(bedreigend=True, sinds=date(2026, 11, 20))
MIJLPALEN = Mijlpalen(eerste_contact=date(2026, 11, 21))
MIJLPAALSTAND = Mijlpaalstand(bericht=_ID, mijlpalen={"bedreigend": date(2026, 11, 20), "eerste_contact": date(2026, 11, 21)})
TERMIJNEN = Termijnen(
    peildatum=date(2026, 11, 20),
    termijnen=[Termijn(bericht=_ID, soort="bedreigend", vanaf=date(2026, 11, 20), uiterlijk=date(2026, 11, 25), stand="lopend")],
    volgende="AAAAAAAAABE",
)
DELING = Deling(opvolgpartner=_PARTNER, sleutels={"contact": _TOKEN})
DELINGSTAND = Delingstand(bericht=_ID, opvolgpartner=_PARTNER, veldgroepen=["contact"], gedeeld_op=_OP)
_BERICHT = OpvolgBericht(
    id=_ID,
    volgnummer=17,
    soort="vroegsignaal",
    sector="huur",
    signaaldatum=date(2026, 11, 20),
    werkbak="bezoek-noord",
    kanaal="huisbezoek",
    gedeeld=True,
)
OPVOLGBERICHTEN = OpvolgBerichten(berichten=[_BERICHT], volgende="AAAAAAAAABE")
OPVOLGCLAIM_AANVRAAG = OpvolgClaimAanvraag(doel="WGS-3-1-b", maximum=20, lease_seconden=3600, wijze="bemand")
OPVOLGCLAIM = OpvolgClaim(
    id=_CLAIM,
    doel="WGS-3-1-b",
    vervalt_op=_OP,
    berichten=[
        OpvolgBericht(
            **{name: getattr(_BERICHT, name) for name in _BERICHT.__struct_fields__ if name not in {"persoonsgegevens", "sleutels"}},
            persoonsgegevens={"contact": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.aW5ob3Vk.dGFn"},
            sleutels=Sleutels(wijze="gedeeld", kid=_KEY.kid, groepssleutels={"contact": _TOKEN}),
        )
    ],
    zegelsleutel=_KEY,
)
OPVOLGSTAND = OpvolgStand(id=_CLAIM, aantal=1)
