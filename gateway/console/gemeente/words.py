"""What the pages of a municipality say in words: codes of the wire, and what was done. Leaves sentences to the templates."""

from collections.abc import Iterable, Mapping

from schemas.codelijsten import BERICHTSTATUS, CONTACTSOORT, DAGDEEL, EINDRESULTAAT
from schemas.overzichtspagina import GAPS, KINDS


def _plain(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(words)


NOTES: Mapping[str, str] = {
    "bevestigd": "Het bericht staat op ontvangen.",
    "verwerkt": "Het bericht is verwerkt. Het staat niet meer in uw inbox.",
    "afgewezen": "Het bericht is afgewezen.",
    "teruggegeven": "U houdt deze berichten niet meer vast. Een collega kan ze oppakken.",
    "zaak": "De zaak is geopend.",
    "zaken": "Voor elk bericht is een zaak geopend.",
    "poging": "De contactpoging is vastgelegd.",
    "resultaat": "Het resultaat staat vast.",
    "teruggekoppeld": "De terugkoppeling is vastgelegd.",
    "gevraagd_overzicht": "De schuldeisers zijn gevraagd.",
    "ingetrokken": "De vraag is ingetrokken.",
    "inzage_bevestigd": "Uw bevestiging is vastgelegd. Uw functionaris gegevensbescherming kan het uittreksel maken.",
    "instelling": "De instelling is vastgelegd.",
    "bezwaar": "Het bezwaar staat op de lijst.",
    "bezwaar_af": "Het bezwaar is van de lijst gehaald.",
}
TABLES: Mapping[str, Mapping[str, str]] = {
    "soort": {"vroegsignaal": "Vroegsignaal", "actualisering": "Nieuwe stand", "eindelevering": "Einde levering"},
    "indeling": {
        "enkelvoudig": "Eén signaal",
        "meervoudig": "Meer schuldeisers",
        "opeenvolgend": "Ook vorige maand",
        "herhaald": "Zelfde schuldeiser opnieuw",
    },
    "berichtstaat": {
        "bezorgd": "Wacht",
        "geclaimd": "In behandeling genomen",
        "ontvangen": "Ontvangen",
        "verwerkt": "Verwerkt",
        "afgewezen": "Afgewezen",
        "doorgezonden": "Doorgezonden",
        "ingetrokken": "Ingetrokken door de schuldeiser",
        "verlopen": "Verlopen",
    },
    "crisis": {
        "ontruiming": "Ontruiming dreigt",
        "eindelevering": "Levering stopt",
        "afsluiting": "Afsluiting dreigt",
        "einde_verzekering": "Verzekering stopt",
    },
    "vorm": {"xlsx": "Spreadsheet (XLSX)", "csv": "Tekst met puntkomma's (CSV)"},
    "briefkanaal": {"brief": "Brief", "mail": "Mail", "sms": "Sms"},
    "kanaal": {"brief": "Brief", "mail": "Mail", "sms": "Sms", "telefoon": "Telefoon", "huisbezoek": "Huisbezoek"},
    "afwijsreden": {
        "geen_inwoner": "Geen inwoner (meer)",
        "onterecht_signaal": "Onterecht signaal",
        "herhaalde_melding": "Herhaalde melding",
        "onleesbaar": "Niet leesbaar",
        "andere_reden": "Andere reden",
    },
    "contactsoort": _plain(CONTACTSOORT.items()),
    "dagdeel": _plain(DAGDEEL.items()),
    "eindresultaat": _plain(EINDRESULTAAT.items()),
    "berichtstatus": _plain(BERICHTSTATUS.items()),
    "terugkoppelcode": {
        "herhaalde_melding": "Dit signaal kwam al eerder",
        "onterecht_signaal": "Het signaal voldoet niet aan de voorwaarden",
        "geen_inwoner": "De persoon woont niet (meer) in onze gemeente",
        "niet_opgepakt": "Wij pakken het signaal niet op",
        "schuldhulpverlening_loopt": "De klant krijgt schuldhulpverlening",
        "schuldhulpverlening_beeindigd": "De schuldhulpverlening is beëindigd",
        "hulp_geaccepteerd": "De klant heeft hulp aangenomen",
        "afgerond_zonder_detail": "Wij hebben het signaal afgerond",
    },
    "onterechtgrond": {"onder_drempel": "Onder onze drempel", "termijn": "Te vroeg of te laat", "rechtspersoon": "Geen natuurlijk persoon"},
    "onthouden": {
        "GEEN_TERUGKOPPELING": "Bij deze uitkomst hoort geen terugkoppeling.",
        "AL_AFGESLOTEN": "De schuldeiser hoorde al dat dit signaal is afgesloten.",
        "BERICHT_DOORGEZONDEN": "Een andere gemeente zond dit bericht door; dan hoort de schuldeiser niets meer.",
        "SIGNAAL_INGETROKKEN": "De schuldeiser trok het signaal in.",
        "ONTVANGER_NIET_BEVOEGD": "Deze organisatie mag geen terugkoppeling krijgen.",
        "TERUGKOPPELING_STAAT_UIT": "Uw gemeente heeft deze terugkoppeling niet aangezet.",
        "ALLEEN_SCHULDHULPVERLENER": "Alleen een schuldhulpverlener mag dit terugkoppelen.",
        "AL_TERUGGEKOPPELD": "De schuldeiser heeft dit al gehoord.",
        "NIETS_TE_BEEINDIGEN": "De schuldeiser heeft nooit gehoord dat er schuldhulpverlening loopt.",
        "DREMPEL_GELDT_NIET": "Het bedrag ligt niet onder uw drempel.",
    },
    "termijn": {
        "bedreigend": "Eerste gesprek bij een bedreigende situatie",
        "eerste_gesprek": "Eerste gesprek",
        "besluit": "Besluit",
        "einde_levering": "Einde levering",
        "eerste_contact": "Eerste contact",
        "analyse": "Eerste analyse",
        "onopgehaald": "Niet opgehaald",
    },
    "overzichtgrond": {"aanvraag": "De inwoner vraagt hulp", "plan_van_aanpak": "Voor een plan van aanpak"},
    "overzichtstaat": {
        "open": "Nog geen antwoord",
        "deels": "Deels beantwoord",
        "volledig": "Alles beantwoord",
        "verlopen": "Termijn voorbij",
        "ingetrokken": "Ingetrokken",
    },
    "saldostaat": {
        "open": "Wacht op antwoord",
        "beantwoord": "Beantwoord",
        "klant_onbekend": "Kent deze klant niet",
        "geen_medewerking": "Werkt niet mee",
        "verlopen": "Geen antwoord op tijd: bel deze schuldeiser",
        "ingetrokken": "Ingetrokken",
    },
    "intrekreden": {
        "toestemming_ingetrokken": "De inwoner trok zijn toestemming in",
        "traject_beeindigd": "Het traject is beëindigd",
        "onterecht": "De vraag was niet terecht",
    },
    "ontbreekt": _plain(GAPS.items()),
    "schuldsoort": _plain(KINDS.items()),
    "ouderdom": {
        "tot_30_dagen": "Korter dan 30 dagen",
        "tot_90_dagen": "30 tot 90 dagen",
        "tot_180_dagen": "90 tot 180 dagen",
        "vanaf_180_dagen": "180 dagen en langer",
    },
    "janee": {"ja": "Ja", "nee": "Nee"},
    "bezwaarsoort": {"adres": "Een adres", "persoon": "Een persoon"},
    "sleutelwijze": {"eigen": "Eigen sleutel van uw gemeente", "beheerd": "Beheerde sleutel, in de sleutelkluis van de gateway"},
    "zaakstaat": {"open": "Open", "afgesloten": "Afgesloten"},
}
