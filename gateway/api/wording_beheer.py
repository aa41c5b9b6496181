"""Dutch of the integrator's door in its OpenAPI document."""

from typing import Final

OIN: Final = "OIN van een deelnemer waarvoor u een mandaat als integrator hebt"
TAGS: Final = {
    "Deelnemers": "Uw deelnemers: wat zij lieten zien, wat nog ontbreekt, en de volgende stap",
    "Certificaten": "Registreren, uitgeven in een proef, intrekken",
    "Overeenkomsten": "De lijst van een convenant",
    "Mappingprofielen": "Hoe een eigen bestand signalen wordt",
    "Verzoeken": "Wat op een tweede persoon van de beheerder wacht",
}
TYPES: Final = {
    "AanmeldVerzoek": "Een nieuwe deelnemer, met het kenmerk van de machtiging waarmee hij u laat handelen",
    "AansluitingAanvraag": "Welke monden en berichtsoorten een deelnemer gebruikt; leeg: anderen handelen voor hem",
    "ActiveringVerzoek": "Een deelnemer actief maken, ook na een opschorting; de poorten worden bij het besluit beoordeeld",
    "CertificaatAanvraag": "Een certificaat van de deelnemer, of in een proefopstelling een aanvraag (PKCS #10); precies een van beide",
    "CertificaatIntrekking": "Een certificaat intrekken; werkt binnen vijf seconden",
    "Certificaatstand": "Een geregistreerd certificaat, en waarom het niet bruikbaar is",
    "Certificaatuitgifte": "Het geregistreerde certificaat; met de keten als het hier is uitgegeven",
    "Deelnemerdossier": "Alles wat een deelnemer liet zien, wat nog ontbreekt, en welke stappen u nu kunt zetten",
    "Deelnemerkaart": "Een deelnemer in het kort; ontbreekt telt wat voor de volgende stappen nog nodig is",
    "Deelnemers": "De deelnemers waarvoor u handelt",
    "Gemis": "Een poort die nog dicht is, en met welke opdracht zij opengaat",
    "LijstAanvraag": "Een lijst van overeenkomsten om te bekijken",
    "Lijstfout": "Wat er niet klopt in een lijst, en waar",
    "Lijstuitkomst": "Wat een lijst zou veranderen, of haar fouten",
    "Mandaatstand": "Wie namens wie handelt",
    "MandaatVerzoek": "Een partij namens uw deelnemer laten handelen",
    "Overeenkomststand": "Een overeenkomst met een gemeente",
    "OvereenkomstenVerzoek": "Een lijst overnemen, geheel of niet",
    "ProefAanvraag": "Een mappingprofiel en enkele regels met verzonnen personen; er wordt niets bewaard",
    "Proefrecord": "Hoe een regel gelezen wordt, en wat er niet aan klopt",
    "Proefuitkomst": "Wat een profiel van een voorbeeld maakt",
    "ProfielVerzoek": "Een mappingprofiel vastleggen van een deelnemer die actief of opgeschort is",
    "ProfielAanvraag": "Een mappingprofiel vastleggen voor bestanden met deze namen",
    "Profielstand": "Een vastgelegd mappingprofiel",
    "Scenario": "Een scenario van de toets en hoe het afliep",
    "Schaduwstand": "Een schaduwaanlevering in aantallen",
    "StapAanvraag": "De volgende stap van de levenscyclus",
    "StukAanvraag": "Een verwerkersovereenkomst of DPIA, met het kenmerk waaronder de eigenaar haar bewaart",
    "Stukstand": "Een vastgelegd papier",
    "Toetsstand": "Een toetsuitslag; telt zegt of haar handtekening hier telt",
    "Toetsuitslag": "De ondertekende uitslag van de toets",
    "Verzoek": "Iets waarover een persoon van de beheerder besluit",
    "VerzoekAanvraag": "Wat u niet alleen mag",
    "Verzoeken": "Uw verzoeken, de nieuwste eerst",
}
