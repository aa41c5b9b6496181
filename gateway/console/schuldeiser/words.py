"""Codes that a creditor meets, in plain Dutch. Leaves sentences to the templates."""

from collections.abc import Mapping

_CONTACT = {f"contact-{nr}-{part}": f"Contact {nr}, {word}" for nr in range(1, 4) for part, word in (
    ("kanaal", "hoe"), ("datum", "wanneer"), ("initiatief", "wie begon"), ("bereikt", "bereikt"))}  # fmt: skip
_CLAIM = {f"{naam}-{nr}": f"Vordering {nr}, {woord}" for nr in range(1, 5) for naam, woord in (
    ("kenmerk", "kenmerk"), ("soort", "soort"), ("ontstaan", "ontstaan op"), ("hoofdsom", "hoofdsom"), ("rente", "rente"),
    ("kosten", "kosten"), ("betaald", "al betaald"), ("saldo", "blijft over"), ("titel", "titel"), ("titeldatum", "datum van de titel"),
    ("beslag", "beslag"), ("beslagdatum", "beslag sinds"), ("incasso", "wie int"), ("incassosoort", "soort incasso"),
    ("dossier", "dossiernummer"), ("houder", "overgedragen aan"))}  # fmt: skip
PERSON = ("voorletters", "voorvoegsel", "achternaam", "geboortedatum")
TABLES: Mapping[str, Mapping[str, str]] = {
    "veld": {
        **_CONTACT,
        **{f"herinnering-{nr}": f"Herinnering {nr}" for nr in range(1, 5)},
        **{f"{naam}-2": f"{naam.capitalize()} van de tweede persoon" for naam in PERSON},
        "ontstaan": "Sinds wanneer er een achterstand is",
        "signaaldatum": "Datum van het signaal",
        "email": "E-mail",
        "eerder": "Kenmerk van het eerdere signaal",
        "gemeentecode": "Gemeente",
        "schuldhulp": "Gewezen op schuldhulp",
        "aanbod": "Aangeboden gegevens door te geven",
        "reactie": "Reactie van de klant",
        "regeling": "Betalingsregeling",
        "klantrelatie": "Nog klant",
        "crisisdatum": "Beoogde datum",
        "antwoord": "Wat u antwoordt",
        **_CLAIM,
    },
    "sector": {
        "huur": "Huur",
        "elektriciteit": "Elektriciteit",
        "gas": "Gas",
        "warmte": "Warmte",
        "drinkwater": "Drinkwater",
        "zorgverzekering": "Zorgverzekering",
        "hypotheek": "Hypotheek",
        "cak_eigen_bijdrage": "Eigen bijdrage CAK",
        "belastingdienst": "Belastingdienst",
        "telecom": "Telecom",
    },
    "contactkanaal": {
        "telefoon": "Telefoon", "huisbezoek": "Huisbezoek", "email": "E-mail", "sms": "Sms", "whatsapp": "WhatsApp", "brief": "Brief",
        "balie": "Aan de balie", "portaal": "Via het portaal",
    },
    "initiatief": {"schuldeiser": "Wij", "klant": "De klant"},
    "reactie": {
        "geen": "Geen reactie", "niet_afwijzend": "Niet afgewezen", "akkoord": "Akkoord", "afwijzend": "Afgewezen",
    },
    "regeling": {"geen": "Geen", "lopend": "Loopt", "niet_nagekomen": "Niet nagekomen"},
    "vordering": {
        "wmo": "Wmo", "wlz": "Wlz", "inkomstenbelasting": "Inkomstenbelasting", "omzetbelasting": "Omzetbelasting",
        "loonheffingen": "Loonheffingen",
    },
    "signaalstatus": {
        "bezorgd": "Bezorgd", "geclaimd": "Bij de gemeente", "ontvangen": "Bij de gemeente", "verwerkt": "Bij de gemeente",
        "afgewezen": "Afgesloten", "doorgezonden": "Bij de gemeente", "ingetrokken": "Ingetrokken", "verlopen": "Verlopen",
        "geweigerd": "Geweigerd", "in_quarantaine": "Niet bezorgd",
    },
    "intrekking": {
        "betaald": "De klant heeft betaald", "betalingsregeling": "Er is een betalingsregeling", "bezwaar": "De klant maakt bezwaar",
        "onterecht": "Het signaal was niet terecht",
    },
    "vraagstaat": {
        "open": "Open", "beantwoord": "Beantwoord", "klant_onbekend": "Klant onbekend", "geen_medewerking": "Geen medewerking",
        "verlopen": "Verlopen", "ingetrokken": "Ingetrokken door de gemeente",
    },
    "grond": {"aanvraag": "Aanvraag van schuldhulpverlening", "plan_van_aanpak": "Plan van aanpak"},
    "clientrol": {"client": "Klant", "partner": "Partner"},
    "machtiging": {"toestemmingsverklaring": "Toestemmingsverklaring", "beschikking": "Beschikking"},
    "antwoord": {
        "vorderingen": "Dit staat er open", "klant_onbekend": "Deze klant kennen wij niet", "geen_medewerking": "Wij werken niet mee",
    },
    "weigergrond": {
        "finale_kwijting": "Er is finale kwijting", "recent_gestabiliseerd": "De klant is pas gestabiliseerd",
        "geen_samenwerking": "Wij werken met deze partij niet samen",
    },
    "antwoordsoort": {
        "openstaand": "Staat bij ons open", "uit_handen_gegeven": "Uit handen gegeven voor incasso", "overgedragen": "Overgedragen",
        "onbekend": "Dit nummer kennen wij niet",
    },
    "titel": {
        "vonnis": "Vonnis", "dwangbevel": "Dwangbevel", "notariele_akte": "Notariële akte", "beschikking": "Beschikking",
        "anders": "Anders",
    },
    "beslag": {
        "loon_of_uitkering": "Loon of uitkering", "bankrekening": "Bankrekening", "toeslag": "Toeslag", "roerende_zaken": "Roerende zaken",
        "onroerende_zaak": "Onroerende zaak", "anders": "Anders",
    },
    "incasso": {"incassobureau": "Incassobureau", "gerechtsdeurwaarder": "Gerechtsdeurwaarder"},
    "gemeld": {
        "geen_inwoner": "Geen inwoner", "onterecht_signaal": "Onterecht signaal", "herhaalde_melding": "Herhaalde melding",
        "telefoon_onbruikbaar": "Telefoonnummer klopte niet", "email_onbruikbaar": "E-mailadres klopte niet",
    },
    "bestandstand": {"ontvangen": "Wacht om te worden gelezen", "in_verwerking": "Wordt verwerkt"},
    "verslagdeel": {
        "ontvangst": "Ontvangstbewijs van het bestand (JSON)", "csv": "Verslag voor een spreadsheet (CSV)",
        "xml": "Verslag voor een systeem (XML)", "bewijzen": "Bewijzen van de antwoorden (JSON)",
    },
    "resultaat": {"volledig": "Alles is verwerkt", "deels": "Een deel is geweigerd", "geen": "Niets is verwerkt"},
}  # fmt: skip
