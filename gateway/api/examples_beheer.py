"""Examples of the integrator's door: invented organisations, and no person."""

from datetime import UTC, date, datetime
from uuid import UUID

from schemas.beheer import (
    AansluitingAanvraag,
    ActiveringVerzoek,
    CertificaatAanvraag,
    CertificaatIntrekking,
    Certificaatstand,
    Certificaatuitgifte,
    Deelnemerdossier,
    Deelnemerkaart,
    Deelnemers,
    Gemis,
    LijstAanvraag,
    Lijstuitkomst,
    StapAanvraag,
    StukAanvraag,
    Stukstand,
    Verzoek,
    Verzoeken,
)
from schemas.profielproef import ProefAanvraag, Proefrecord, Proefuitkomst, ProfielAanvraag
from schemas.toets import Scenario, Toetsuitslag

_OIN, _PRINT = "00000099000000001000", "9f" * 32
_AT, _END = datetime(2026, 11, 20, 9, 30, tzinfo=UTC), datetime(2027, 11, 20, 9, 30, tzinfo=UTC)
_ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f21")
_PEM = "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"
_GEMIS = Gemis(
    poort="toets",
    voor="getoetst",
    ontbreekt="geen geslaagde toets van signaal door de mond api",
    opdracht=f"seinhuis deelnemer toets {_OIN} UITSLAG.json",
)
DEELNEMERS = Deelnemers(
    deelnemers=[
        Deelnemerkaart(
            oin=_OIN,
            naam="Woningstichting Voorbeeld",
            status="in_test",
            rollen=["schuldeiser", "signaalpartner"],
            ontbreekt=1,
            volgende="getoetst",
            certificaat_tot_op=_END,
        )
    ]
)
DOSSIER = Deelnemerdossier(
    oin=_OIN,
    naam="Woningstichting Voorbeeld",
    status="in_test",
    rollen=["schuldeiser", "signaalpartner"],
    sectoren=["huur"],
    gebruik=["api/signaal"],
    stappen=["getoetst"],
    ontbreekt=[_GEMIS],
    certificaten=[Certificaatstand(vingerafdruk=_PRINT, geldig_van_op=_AT, geldig_tot_op=_END, dagen=365)],
    stukken=[Stukstand(soort="verwerkersovereenkomst", kenmerk="VO-2026-7", versie="1.0", geldig_van=date(2026, 11, 1))],
    mandaten=[],
    overeenkomsten=[],
    toetsen=[],
    schaduwproeven=[],
    profielen=[],
)
AANSLUITING = AansluitingAanvraag(gebruik=["api/signaal", "api/intrekking"])
STUK = StukAanvraag(soort="verwerkersovereenkomst", kenmerk="VO-2026-7", versie="1.0", geldig_van=date(2026, 11, 1))
CERTIFICAAT = CertificaatAanvraag(certificaat=_PEM)
UITGIFTE = Certificaatuitgifte(vingerafdruk=_PRINT, geldig_tot_op=_END)
INTREKKING = CertificaatIntrekking(vingerafdruk=_PRINT)
UITSLAG = Toetsuitslag(
    id=_ID,
    deelnemer=_OIN,
    mond="api",
    soorten=["signaal"],
    suite="1.0.0",
    scenarios=[Scenario(naam="goed_bericht", soort="signaal", uitkomst="geslaagd")],
    geslaagd=True,
    getoetst_op=_AT,
    handtekening="eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl",
)
PROFIEL = ProfielAanvraag(patroon="*.csv", profiel='naam = "huur"\n…\n')
STAP = StapAanvraag(naar="getoetst")
LIJST = LijstAanvraag(lijst=f"schuldeiser;gemeentecode;sector;geldig_van;geldig_tot\n{_OIN};0392;cak_eigen_bijdrage;2026-01-01;\n")
LIJSTUITKOMST = Lijstuitkomst(nieuw=1, gewijzigd=0, gelijk=0, fouten=[])
PROEF = ProefAanvraag(profiel='naam = "huur"\n…\n', voorbeeld="Nr;Bedrag\nA-1;12,50\n")
PROEFUITKOMST = Proefuitkomst(
    records=[Proefrecord(plek="regel 2", soort="signaal", record={"kenmerk": "A-1"}, bevindingen=[])], fouten=[], meer=False
)
VRAAG = ActiveringVerzoek(oin=_OIN)
VERZOEK = Verzoek(id=_ID, soort="activering", betreft=_OIN, gevraagd_door="00000099000000002000", gevraagd_op=_AT, staat="gevraagd")
VERZOEKEN = Verzoeken(verzoeken=[VERZOEK])
