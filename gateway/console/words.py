"""Codes of the wire in plain Dutch, dates and numbers as they are read here. Leaves sentences to the templates."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from gateway.console.gemeente import words as gemeente
from gateway.console.schuldeiser.words import TABLES as CREDITOR
from gateway.core.clock import dutch
from gateway.privacylog.entries import Event
from schemas.paper import euro

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
TABLES: Mapping[str, Mapping[str, str]] = {
    "twijfel": {
        "geen_verklaring": "Geen zaak, bericht of toestemming die dit verklaart",
        "zaak_na_toegang": "De zaak is pas ná de toegang geopend",
        "niet_behandeld": "Wie het bericht opende, handelde het niet af",
        "buiten_uren": "Buiten kantooruren",
        "volume": "Veel meer dan gewoon op één dag",
        "reeks": "Veel kort na elkaar",
        "eigen_adres": "Een adres van een eigen medewerker",
        "buiten_patroon": "Anders dan dit systeem gewoonlijk werkt",
        "nieuwe_naam": "Een naam die hier op geen andere dag werkte",
    },
    "oordeel": {"in_orde": "In orde", "in_onderzoek": "In onderzoek", "misbruik": "Misbruik"},
    "verklaring": {"zaak": "een zaak", "bericht": "een bericht dat wachtte", "toestemming": "toestemming voor een schuldenoverzicht"},
    "reden": {
        "klacht": "Klacht",
        "misbruik": "Vermoeden van misbruik",
        "datalek": "Datalek",
        "inzageverzoek": "Verzoek om inzage",
        "vordering": "Vordering door politie of justitie",
    },
    "staat": {"gevraagd": "Wacht op een collega", "goedgekeurd": "Goedgekeurd", "afgewezen": "Afgewezen", "geopend": "Geopend"},
    "regelingsoort": {"kennisgeving": "Verzoek om een pauze", "betaalvoorstel": "Betaalvoorstel", "afkoelingsperiode": "Afkoelingsperiode"},
    "partijstaat": {
        "open": "Wacht op antwoord", "bevestigd": "Bevestigd", "klant_onbekend": "Klant onbekend", "geen_medewerking": "Geen medewerking",
        "akkoord": "Akkoord", "akkoord_vooraf": "Akkoord vooraf", "geweigerd": "Geweigerd", "geen_reactie": "Geen reactie",
        "ingetrokken": "Ingetrokken door de gemeente",
    },
    "inzagesoort": {
        "vraag_gelezen": "Las de vraag", "antwoorden_opgehaald": "Haalde antwoorden op", "overzicht_gemaakt": "Maakte het overzicht",
        "bericht_klaargezet": "Zette een bericht klaar", "bericht_gelezen": "Las een bericht", "reacties_opgehaald": "Haalde reacties op",
    },
    "zekerheid": {"zeker": "Persoon en adres", "mogelijk": "Alleen de persoon", "adres": "Alleen het adres"},
    "bewijs": {"bewezen": "Gecontroleerd", "wacht": "Nog niet te controleren", "mislukt": "Klopt niet"},
    "veldgroep": {"identiteit": "naam en adres", "contact": "telefoon en e-mail", "klant": "klantnummer"},
    "wijze": {"bemand": "door een mens", "onbemand": "door een systeem"},
    "stand": {
        "aangemeld": "Aangemeld",
        "in_test": "In test",
        "getoetst": "Getoetst",
        "schaduw": "Schaduw",
        "actief": "Actief",
        "opgeschort": "Opgeschort",
        "beeindigd": "Beëindigd",
    },
    "stap": {
        "in_test": "Zet in test",
        "getoetst": "Zet op getoetst",
        "schaduw": "Zet in schaduw",
        "opgeschort": "Schort op",
        "beeindigd": "Beëindig voorgoed",
    },
    "mond": {"api": "API", "bestand": "Bestanden"},
    "berichtsoort": {
        "signaal": "signalen aanleveren",
        "intrekking": "signalen intrekken",
        "stand": "volledige stand aanleveren",
        "saldoantwoord": "saldoverzoeken beantwoorden",
        "regelingantwoord": "regelingen beantwoorden",
        "bericht": "berichten ophalen",
        "terugkoppeling": "terugkoppelen",
        "zaak": "zaken bijhouden",
        "overzicht": "schuldenoverzichten vragen",
        "regeling": "regelingen voorstellen",
        "toezicht": "toezicht",
        "ddas": "statistiek (DDAS)",
    },
    "deelnemerrol": {
        "schuldeiser": "Schuldeiser",
        "signaalpartner": "Signaalpartner",
        "gemeente": "Gemeente",
        "uitvoerder": "Uitvoerder voor een gemeente",
        "gerechtsdeurwaarder": "Gerechtsdeurwaarder",
        "bewindvoerder": "Bewindvoerder",
        "toezichthouder": "Toezichthouder",
        "schuldhulpverlener": "Schuldhulpverlener",
        "kredietverstrekker": "Kredietverstrekker",
        "cbs": "CBS",
        "experiment_hypotheek": "Experiment hypotheek",
        "experiment_cak": "Experiment CAK",
        "experiment_belastingdienst": "Experiment Belastingdienst",
    },
    "mandaatrol": {
        "schuldeiser": "Schuldeiser (beantwoordt en volgt)",
        "signaalpartner": "Signaalpartner (levert aan)",
        "uitvoerder": "Uitvoerder (voor een gemeente)",
        "toezichthouder": "Toezichthouder (voor een gemeente)",
    },
    "papier": {"verwerkersovereenkomst": "Verwerkersovereenkomst", "dpia": "DPIA van de gemeente"},
    "verzoek": {
        "aanmelden": "Nieuwe deelnemer", "mandaat": "Mandaat", "overeenkomsten": "Overeenkomsten", "activering": "Actief maken",
        "profiel": "Mappingprofiel",
    },
    "verzoekstaat": {"gevraagd": "Wacht op een tweede persoon", "goedgekeurd": "Goedgekeurd", "afgewezen": "Afgewezen"},
    "besluit": {"goedgekeurd": "Goedkeuren", "afgewezen": "Afwijzen"},
    "bestandstand": {
        "schrijvend": "Wordt geschreven", "klaargezet": "Klaargezet", "ontvangen": "Wacht op verwerking", "in_verwerking": "In verwerking",
        "verwerkt": "Verwerkt", "geweigerd": "Geweigerd",
    },
    "veld": {
        "oin": "OIN", "geldigVan": "Eerste dag", "geldigTot": "Laatste dag", "rollen": "Rollen", "gebruik": "Gebruik",
        "geen": "Berichten van deze inwoner", "uitslag": "Toetsuitslag", "lijst": "Lijst", "aanvraag": "Certificaataanvraag",
    },
    "rol": {
        "integrator": "Integrator",
        "toezichthouder": "Toezichthouder",
        "gemeente": "Gemeente",
        "schuldeiser": "Schuldeiser",
        "signaalpartner": "Signaalpartner",
        "beheerder": "Beheerder",
    },
    **gemeente.TABLES,
    **CREDITOR,
}

EVENTS = sorted(str(kind.__struct_config__.tag) for kind in Event.__args__)


def datum(day: date) -> str:
    """22 november 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment(instant: datetime | None) -> str:
    """22 november 2026, 14:05 (Dutch clocks)."""
    if instant is None:
        return "nog niet"
    local = dutch(instant)
    return f"{datum(local.date())}, {local:%H:%M}"


def getal(number: int) -> str:
    """1.234.567."""
    return f"{number:,}".replace(",", ".")


def gebeurtenis(name: str) -> str:
    """`bericht.geclaimd` as words: Bericht geclaimd."""
    return name.replace(".", " ").replace("_", " ").capitalize()


def kort(id: object) -> str:
    """The end of an id, enough to tell two apart on one page."""
    return f"…{str(id)[-8:]}"


def procent(share: float) -> str:
    """92,5 % of 0.925."""
    return f"{share * 100:.1f}".replace(".", ",") + " %"


FILTERS: dict[str, Callable[[Any], str]] = {
    "datum": datum, "moment": moment, "getal": getal, "gebeurtenis": gebeurtenis, "kort": kort,
    "euro": euro, "procent": procent,
}  # fmt: skip
