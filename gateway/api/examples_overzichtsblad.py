"""Examples of a made overview and of an extract, built from the wire types. Organisations are invented; OINs are of the test range."""

from datetime import UTC, date, datetime
from uuid import UUID

from schemas.assembling import assemble
from schemas.schuldenoverzicht import (
    Incasso,
    Overzichtsvraag,
    Schuldenoverzicht,
    Schuldvordering,
    Vorderingen,
)
from schemas.uittreksel import Inzageregel, Uittreksel, Uittrekselbericht, Uittrekselpartij, Uittrekselvraag

_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
_ASKED, _OTHER = UUID("019aa2c0-11aa-7c33-8f21-5b7d9e4a2c61"), UUID("019aa2c0-11aa-7c33-8f21-5b7d9e4a2c62")
_AT, _DAY, _LAST = datetime(2026, 11, 23, 9, 30, tzinfo=UTC), date(2026, 11, 23), date(2026, 12, 7)
_LANDLORD = Uittrekselpartij(oin="00000099000000001000", naam="Woningstichting Voorbeeld")
_SHOP = Uittrekselpartij(oin="00000099000000002000", naam="Webwinkel Voorbeeld")
_TOWN = Uittrekselpartij(oin="00000099000000003000", naam="Gemeente Haarlem")
_ANSWER = Vorderingen(
    peildatum=_DAY,
    klantnummer="884412",
    vorderingen=[
        Schuldvordering(
            soort="uit_handen_gegeven",
            kenmerk="F-2026-00417",
            ontstaansdatum=date(2026, 4, 1),
            hoofdsom_cent=40_000,
            rente_cent=1_200,
            kosten_cent=4_800,
            betaald_cent=6_000,
            saldo_cent=40_000,
            uit_handen_gegeven_aan=Incasso(naam="Bureau Voorbeeld", soort="incassobureau", dossiernummer="D-7001"),
        )
    ],
)
OVERZICHT = assemble(
    Schuldenoverzicht(
        id=_ID,
        kenmerk="SO-2026-0001",
        zaaknummer="ZAAK-2026-0001",
        grond="plan_van_aanpak",
        uiterlijk=_LAST,
        staat="deels",
        aangemaakt_op=_AT,
        vragen=[
            Overzichtsvraag(id=_ASKED, schuldeiser=_LANDLORD.oin, staat="beantwoord", gesteld_op=_AT, beantwoord_op=_AT),
            Overzichtsvraag(id=_OTHER, schuldeiser=_SHOP.oin, staat="open", gesteld_op=_AT),
        ],
    ),
    {_ASKED: _ANSWER},
)
UITTREKSEL = Uittreksel(
    id=_ID,
    kenmerk="SO-2026-0001",
    zaaknummer="ZAAK-2026-0001",
    gemeente="0392",
    gemeentenaam="Haarlem",
    gevraagd_door=_TOWN,
    grond="plan_van_aanpak",
    doel="WGS-3-1-a-plan",
    grondslag="Wgs art. 3 lid 1 onder a, art. 4a en art. 8 lid 1",
    gevraagd_op=_DAY,
    uiterlijk=_LAST,
    staat="deels",
    vragen=[
        Uittrekselvraag(schuldeiser=_LANDLORD, staat="beantwoord", gevraagd_op=_DAY, met_bsn=False, beantwoord_op=_DAY),
        Uittrekselvraag(schuldeiser=_SHOP, staat="open", gevraagd_op=_DAY, met_bsn=False),
    ],
    berichten=[
        Uittrekselbericht(
            soort="kennisgeving", schuldeiser=_LANDLORD, staat="bevestigd", verstuurd_op=_DAY, einde=date(2027, 5, 23), beantwoord_op=_DAY
        )
    ],
    inzage=[
        Inzageregel(organisatie=_LANDLORD, wat="vraag_gelezen", aantal=1, eerst_op=_DAY, laatst_op=_DAY),
        Inzageregel(organisatie=_TOWN, wat="overzicht_gemaakt", aantal=2, eerst_op=_DAY, laatst_op=_LAST),
    ],
)
