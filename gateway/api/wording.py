"""The Dutch words of the OpenAPI documents that stand in no single operation.

Authority: API Design Rules 2.2, /core/doc-language and /core/doc-openapi-contact. Docstrings of the wire types are English, for
those who work on the code; a type without words here fails the build of the document.
"""

from typing import Final

CONTACT: Final = {"name": "Beheer Seinhuis", "email": "koppelvlak@seinhuis.example", "url": "https://seinhuis.example/koppelvlak"}
GENERAL: Final = (
    "\n\nElke fout is application/problem+json en noemt alle bevindingen tegelijk. Een pad met een slash aan het eind geeft 404, "
    "een andere methode 405 met Allow; HEAD kan waar GET kan. Bedragen zijn hele eurocenten, tijdstippen zijn UTC."
)
CERTIFICATE: Final = "PKIoverheid-certificaat met het OIN in subject.serialNumber, geregistreerd bij Seinhuis."
BAD_RECORD: Final = "Wat geen geldig signaal is, komt als geweigerd in het verslag en houdt de andere niet tegen"
ID: Final = "Kenmerk dat Seinhuis heeft toegekend"
ON_BEHALF: Final = "OIN van de organisatie namens wie u handelt; verplicht als dat er meer dan één kan zijn"
TAGS: Final = {
    "Algemeen": "Ingang en sleutels",
    "Signalen": "Eén signaal tegelijk",
    "Aanleveringen": "Veel signalen tegelijk, en het verslag",
    "Dekking": "Welke gemeenten ontvangen",
    "Inbox": "Berichten lezen en afhandelen",
    "Claims": "Berichten voor een tijd vasthouden en openen",
}
QUERY: Final = {
    "cursor": "Plaats om verder te lezen: de waarde van volgende uit het vorige antwoord",
    "limiet": "Hoogste aantal per pagina",
    "soort": "Alleen deze soort",
    "sector": "Alleen deze sector",
    "staat": "Alleen berichten in deze staat",
    "peildatum": "Dag waarvoor de dekking geldt; vandaag als zij ontbreekt",
}
SUCCESS: Final = {200: "Gelukt (of al eerder gelukt)", 201: "Aangemaakt en vastgelegd"}
ERRORS: Final = {
    400: ("Ongeldige invoer", "INVOER_ONGELDIG"),
    401: ("Niet herkend", "CERTIFICAAT_ONBEKEND"),
    403: ("Niet toegestaan", "ROL_ONTBREEKT"),
    404: ("Niet gevonden", "NIET_GEVONDEN"),
    406: ("Antwoordvorm niet beschikbaar", "ANTWOORDVORM_NIET_BESCHIKBAAR"),
    408: ("Te traag", "INHOUD_TE_TRAAG"),
    409: ("Conflict met de huidige stand", "KENMERK_IN_GEBRUIK"),
    410: ("Niet meer beschikbaar", "NIET_MEER_BESCHIKBAAR"),
    413: ("Te groot", "INHOUD_TE_GROOT"),
    414: ("Adres te lang", "DOEL_TE_LANG"),
    415: ("Inhoudstype niet ondersteund", "INHOUDSTYPE_NIET_ONDERSTEUND"),
    429: ("Te veel verbindingen", "TE_VEEL_VERBINDINGEN"),
    431: ("Headers te groot", "HEADERS_TE_GROOT"),
    500: ("Interne fout", "INTERNE_FOUT"),
    503: ("Tijdelijk niet beschikbaar", "LOGBOEK_NIET_BEREIKBAAR"),
}
HEADERS: Final = {
    "API-Version": "Volledige versie van deze API",
    "Cache-Control": "Antwoorden worden niet bewaard",
    "Content-Security-Policy": "Niet in een frame te tonen",
    "Strict-Transport-Security": "Alleen over TLS",
    "X-Content-Type-Options": "Geen raden naar het inhoudstype",
    "X-Frame-Options": "Niet in een frame te tonen",
    "traceparent": "W3C Trace Context; wordt gemaakt als zij ontbreekt of ongeldig is",
    "Fsc-Transaction-Id": "UUIDv7 van de transactie; wordt gemaakt als zij ontbreekt",
    "Location": "Adres van wat is aangemaakt",
    "Retry-After": "Seconden waarna u het opnieuw kunt proberen",
}
TYPES: Final = {
    "Aanlevering": "Eén aanlevering van veel signalen",
    "AanleveringAanvraag": "Veel signalen tegelijk; sector en handelsnaam gelden voor signalen die ze weglaten",
    "Aanleveringen": "Een pagina met aanleveringen, de nieuwste eerst",
    "Aantallen": "Aantallen van één aanlevering; samen gelijk aan aangeboden",
    "Achterstand": "Hoogte en ontstaan van de achterstand",
    "Adres": "Nederlands adres; gemeentecode alleen om een postcode te beslissen die in meer dan één gemeente ligt",
    "Afwijzing": "Afwijzing van een bericht; de reden blijft bij de gemeente",
    "Bericht": "Een bericht in de inbox; het volgnummer slaat niets over en herhaalt zich niet",
    "BerichtStand": "De staat van een bericht na een handeling",
    "Berichten": "Een pagina van de inbox",
    "Bevestiging": "Bevestiging van één bericht",
    "Bevinding": "Eén bevinding: wat, waar, onder welke regel en wat te doen",
    "Claim": "Berichten die tot vervaltOp niemand anders krijgt",
    "ClaimAanvraag": "Verzoek om berichten, voor één doel; medewerker is inhoud en geen bewijs van identiteit",
    "ClaimBevestiging": "Bevestiging van alle berichten van een claim",
    "ClaimStand": "De stand van een claim na een handeling",
    "ClaimVerlenging": "Verlenging van een claim, gerekend vanaf nu",
    "Contact": "Manieren om de persoon te bereiken",
    "Contactmoment": "Eén gedateerde poging tot persoonlijk contact (Bgs art. 2 onder a)",
    "Crisis": "Bedreigende situatie (Wgs art. 4 lid 2)",
    "Dekking": "Gemeenten die uw signalen op één dag ontvangen",
    "DekkingGemeente": "Een gemeente die uw signalen ontvangt",
    "Gegevensdeling": "Het aanbod om gegevens door te geven en de reactie daarop (Bgs art. 2 onder d)",
    "Ingang": "Ingang van de API",
    "Inspanning": "Wat de schuldeiser eerst deed: gedateerde feiten, of een geregistreerde verklaring",
    "Intrekking": "Uitkomst van een intrekking",
    "IntrekkingAanvraag": "Waarom een signaal niet meer geldt",
    "Ontvangstbewijs": "Ondertekend bewijs van één aangenomen signaal",
    "Persoon": "Persoon op het contract",
    "Problem": "Fout volgens RFC 9457; code is blijvend",
    "Schuldeiser": "Wie het signaal leverde",
    "Signaal": "Eén vroegsignaal, zoals aangeleverd",
    "SignaalStand": "Waar een aangenomen signaal nu staat",
    "Sleutel": "Publieke sleutel (RFC 7517)",
    "Sleutelbos": "Publieke sleutels waarmee ontvangstbewijzen te controleren zijn",
    "Sleutels": "Waarmee de verzegelde groepen opengaan: eigen sleutel of beheerde sleutel",
    "Verslag": "Verslag van een aanlevering, een regel per signaal",
    "VerslagRegel": "De uitkomst van één signaal",
    "Voorcontrole": "Uitkomst van de controle vooraf; er is niets bewaard",
}
