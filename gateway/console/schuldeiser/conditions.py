"""What the law asks before a signal, per sector and day, in plain Dutch: each sentence comes from a row of the rules, with its article.

A row that changes or ends changes the page with it; a check without a sentence here is not about what somebody fills in. Authority: the
rows (`gateway.rules.regels`), Bgs art. 2. Pure. Leaves every verdict to `gateway.rules`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from gateway.rules.rows import Row
from gateway.rules.rulebook import Rulebook

Given = Mapping[str, Any]


class Condition(NamedTuple):
    """One sentence; `must`: without it the signal is refused, else there is a warning."""

    tekst: str
    artikel: str
    must: bool


def _reminders(given: Given) -> str:
    count, apart = given["minimum"], given.get("dagen_ertussen")
    text = "minstens één schriftelijke herinnering" if count == 1 else f"minstens {count} schriftelijke herinneringen"
    return f"U hebt {text} gestuurd" + (f", met steeds {apart} dagen ertussen." if apart else ".")


def _age(given: Given) -> str:
    most = given.get("maximum")
    return f"De achterstand bestaat minstens {given['minimum']} dagen" + (f" en hoogstens {most}." if most else ".")


def _says(text: str) -> Callable[[Given], str]:
    return lambda _: text


SENTENCES: Final[Mapping[str, Callable[[Given], str]]] = {
    "contactpoging": _says("U hebt zelf contact met de klant gezocht, bijvoorbeeld gebeld, gemaild of aan de deur geweest."),
    "gewezen_op_schuldhulp": _says("U hebt de klant gewezen op de schuldhulpverlening van de gemeente."),
    "herinneringen": _reminders,
    "aanbod_gegevensdeling": _says("U hebt de klant aangeboden zijn gegevens aan de gemeente door te geven."),
    "geen_bezwaar": _says("De klant heeft dat niet afgewezen. Zei hij nee, dan mag u geen signaal geven."),
    "leeftijd": _age,
    "klantrelatie_actief": _says("De klant is nog uw klant."),
    "geen_lopende_regeling": _says("Er loopt geen betalingsregeling die de klant nakomt."),
    "aanmaning": _says("U hebt een aanmaning gestuurd."),
    "geen_uitstel": _says("Er loopt geen uitstel van betaling."),
}


def conditions(rulebook: Rulebook, sector: str, day: date) -> list[Condition]:
    """What holds for an early signal of a sector on a day; what must come first."""
    found = dict.fromkeys(_of(rulebook.rows_on(sector, "vroegsignaal", day)))
    return sorted(found, key=lambda one: not one.must)


def _of(rows: Iterable[Row]) -> Iterable[Condition]:
    for row in rows:
        sentence = SENTENCES.get(row.toets)
        if sentence is not None and row.actief and not row.gemeenten:
            yield Condition(sentence(row.parameters), row.artikel, row.oordeel == "fout")
