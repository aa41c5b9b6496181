"""Codes of the wire in plain Dutch, dates and numbers as they are read here. Leaves sentences to the templates."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from gateway.core.clock import dutch
from gateway.privacylog.entries import Event

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
    "zekerheid": {"zeker": "Persoon en adres", "mogelijk": "Alleen de persoon", "adres": "Alleen het adres"},
    "bewijs": {"bewezen": "Gecontroleerd", "wacht": "Nog niet te controleren", "mislukt": "Klopt niet"},
    "veldgroep": {"identiteit": "naam en adres", "contact": "telefoon en e-mail", "klant": "klantnummer"},
    "wijze": {"bemand": "door een mens", "onbemand": "door een systeem"},
    "rol": {
        "toezichthouder": "Toezichthouder",
        "gemeente": "Gemeente",
        "schuldeiser": "Schuldeiser",
        "signaalpartner": "Signaalpartner",
        "beheerder": "Beheerder",
    },
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


FILTERS: dict[str, Callable[[Any], str]] = {
    "datum": datum, "moment": moment, "getal": getal, "gebeurtenis": gebeurtenis, "kort": kort,
}  # fmt: skip
