"""Examples of the officer's door, for the document; invented throughout."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from schemas.bewijs import Logbewijs
from schemas.inbox import Sleutels
from schemas.toezicht import (
    Adresvraag,
    Beoordeeld,
    Beoordeling,
    Controlepunten,
    EigenAdres,
    EigenAdressen,
    Gebeurtenistelling,
    GetekendControlepunt,
    InzageAanvraag,
    InzageBevestiging,
    Inzageuittreksel,
    Inzageverzoek,
    Lekrapport,
    LekVraag,
    Logregel,
    Logregels,
    LogVraag,
    OntzegelAanvraag,
    OntzegelBesluit,
    Ontzegeld,
    Ontzegeling,
    Persoonsvraag,
    Regelbewijs,
    Treffer,
    Twijfelgeval,
    Verwerking,
    Wachtrij,
)
from schemas.verwerkingsregister import Doelrij, Verwerkingsactiviteit, Verwerkingsregister

ID: Final = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
AT: Final = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DAY: Final = date(2026, 11, 20)
TOWN, CREDITOR, OFFICER, SECOND = (f"0000009900000000{n}000" for n in (3, 1, 6, 7))
NOTE: Final = "seinhuis.example/log\n1204\nq1Zk0y8uE5rD7n3o2m1l0k9j8h7g6f5d4s3a2p1o0i8=\n\n— seinhuis.example/log 5fQ=\n"
PERSOON: Final = Persoonsvraag(achternaam="Vries", geboortedatum=date(1985, 3, 7))
ADRES: Final = Adresvraag(postcode="2011AB", huisnummer=12, huisletter="A")
VRAAG: Final = LogVraag(persoon=PERSOON, adressen=[ADRES], van=date(2026, 11, 1), tot=date(2026, 11, 30), maximum=100)
REGEL: Final = Logregel(
    id=ID,
    nummer=1203,
    tijd=AT,
    gebeurtenis="bericht.geclaimd",
    stroom="ophalen",
    partij=TOWN,
    principaal=TOWN,
    partijnaam="Gemeente Haarlem",
    bericht=ID,
    claim=ID,
    doel="WGS-3-1-b",
    artikel="Wgs art. 3 lid 1 onder b",
    wijze="bemand",
    medewerker="m.jansen",
    veldgroepen=["identiteit"],
    herkend="zeker",
)
REGELS: Final = Logregels(regels=[REGEL], volgende=1203)
BEWIJS: Final = Regelbewijs(
    regel=REGEL, inhoud='{"activiteit":"…"}', logblad="ab" * 32, log=Logbewijs(nummer=1203, pad=["cd" * 32], controlepunt=NOTE)
)
CONTROLEPUNTEN: Final = Controlepunten(
    controlepunten=[GetekendControlepunt(omvang=1204, getekend_op=AT, controlepunt=NOTE)], sleutel="seinhuis.example/log+5fd01122+AQ…"
)
INZAGE: Final = InzageAanvraag(kenmerk="AVG-2026-17", persoon=PERSOON, adressen=[ADRES])
VERZOEK: Final = Inzageverzoek(
    id=ID,
    kenmerk="AVG-2026-17",
    gevraagd_op=AT,
    treffers=[Treffer(bericht=ID, zekerheid="zeker", ontvangen_op=AT, schuldeiser=CREDITOR)],
)
BEVESTIGING: Final = InzageBevestiging(berichten=[ID])
UITTREKSEL: Final = Inzageuittreksel(
    id=ID,
    kenmerk="AVG-2026-17",
    gemeente="0392",
    opgemaakt_op=AT,
    verwerkingen=[
        Verwerking(
            nummer=1203,
            tijd=AT,
            organisatie=TOWN,
            organisatienaam="Gemeente Haarlem",
            wat="bericht.geclaimd",
            waarom="Berichten tonen en persoonsgegevens verstrekken aan de gemeente",
            artikel="Wgs art. 3 lid 1 onder b",
            veldgroepen=["identiteit"],
        )
    ],
    overzichten=[],
)
LEKVRAAG: Final = LekVraag(van=date(2026, 11, 1), tot=date(2026, 11, 30), deelnemer=CREDITOR)
LEK: Final = Lekrapport(
    betrokkenen=31,
    berichten=34,
    zonder_naam=0,
    gebeurtenissen=[Gebeurtenistelling(gebeurtenis="signaal.bezorgd", aantal=34)],
    veldgroepen=["identiteit"],
    eerste_op=AT,
    laatste_op=AT,
)
WACHTRIJ: Final = Wachtrij(
    van=date(2026, 11, 1),
    tot=date(2026, 11, 30),
    toegangen=812,
    verklaard={"zaak": 400, "bericht": 390},
    gevallen=[Twijfelgeval(regel=REGEL, redenen=["geen_verklaring", "buiten_uren"])],
)
OORDEEL: Final = Beoordeling(oordeel="in_orde")
BEOORDEELD: Final = Beoordeeld(regel=ID, oordeel="in_orde", beoordeeld_op=AT)
EIGEN: Final = EigenAdres(medewerker="m.jansen", adres=ADRES)
EIGENEN: Final = EigenAdressen(aantal=12)
ONTZEGELVRAAG: Final = OntzegelAanvraag(bericht=ID, reden="klacht", kenmerk="KL-2026-4")
BESLUIT: Final = OntzegelBesluit(besluit="goedgekeurd")
ONTZEGELING: Final = Ontzegeling(
    id=ID,
    bericht=ID,
    reden="klacht",
    kenmerk="KL-2026-4",
    staat="goedgekeurd",
    gevraagd_door=OFFICER,
    gevraagd_op=AT,
    besloten_door=SECOND,
    besloten_op=AT,
)
ONTZEGELD: Final = Ontzegeld(
    ontzegeling=ID,
    bericht=ID,
    persoonsgegevens={"identiteit": "eyJ…"},
    sleutels=Sleutels(wijze="beheerd", kid="gemeente/0392/1", groepssleutels={"identiteit": "w1Z…"}),
)
REGISTER: Final = Verwerkingsregister(
    registerversie="5f" * 32,
    verwerkingen=(
        Verwerkingsactiviteit(
            stroom="bezorgen",
            uri="https://seinhuis.example/verwerkingen/bezorgen",
            doel="WGS-3-1-b",
            grondslag="Wgs art. 3 lid 1 onder b",
            omschrijving="Signalen van schuldeisers bij de gemeente bezorgen.",
            verantwoordelijken=("schuldeiser", "gemeente"),
            verwerker="Seinhuis",
            betrokkenen=("inwoners met een betalingsachterstand",),
            gegevens=("naam en adres", "achterstand"),
            ontvangers=("gemeente",),
            bewaring="Tot verwerkt, of 10 werkdagen na ontvangst",
            doorgifte="Geen doorgifte buiten de EER",
            beveiliging="Verzegeling per gemeente",
            bewerkingen=("POST /schuldeiser/v1/signalen",),
            rijen=(
                Doelrij(
                    id="VS-HUUR",
                    artikel="Bgs art. 2",
                    van=date(2021, 1, 1),
                    afzender="schuldeiser",
                    ontvanger="gemeente",
                    sectoren=("huur",),
                    berichtsoorten=("vroegsignaal",),
                    velden=("/identiteit/adres/postcode",),
                ),
            ),
        ),
    ),
)
