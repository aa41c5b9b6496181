"""Signals of every shade between lawful and hopeless, the same for the same seed."""

from datetime import date, timedelta
from random import Random  # noqa: TID251 - seeded
from typing import Any

from tests.rules.build import BSN, LEGAL, NAME, REFUSED

_NAMES = ("Vries", "Jansen", "Bakker B.V.", "Stichting Wonen", "BV", f"Vries {BSN}", "Smit 999.990.343", "Bos 1 999990342", "Visser V.O.F.")
_NUMBERS = ("884412", BSN, "999-990-342", "K 12 9999 90342", "123456789012", f"A{BSN}B", f"1{BSN}", "2026-00012")


def signals(seed: int, count: int) -> list[dict[str, Any]]:
    """That many signals in wire form."""
    r = Random(seed)
    return [_signal(r) for _ in range(count)]


def _signal(r: Random) -> dict[str, Any]:
    day = date(2026, 11, 20) - timedelta(days=r.choice((-5, 0, 0, 0, 1, 30, 324, 325, 400, 700, 729, 731, 800, 2150, 2200)))

    def near() -> str:
        return (day - timedelta(days=r.choice((-1, 0, 1, 13, 14, 15, 28, 40)))).isoformat()

    signal: dict[str, Any] = {
        "kenmerk": r.choice(("K-1", "K-2", f"K-{BSN}", "HUUR-2026-000123")),
        "soort": r.choice(("vroegsignaal", "vroegsignaal", "actualisering", "eindelevering")),
        "sector": r.choice(LEGAL if r.random() < 0.9 else REFUSED),
        "handelsnaam": NAME if r.random() < 0.95 else "Ander",
        "signaaldatum": day.isoformat(),
        "achterstand": {
            "bedragCent": r.randint(1, 200_000),
            "ontstaansdatum": (day - timedelta(days=r.choice((-1, 0, 29, 30, 31, 100, 101)))).isoformat(),
        },
        "personen": [_person(r, near) for _ in range(r.choice((1, 1, 2)))],
        "adres": {"postcode": "2011AB", "huisnummer": 12, "woonplaats": "Haarlem" if r.random() < 0.95 else f"Haarlem {BSN}"},
        "inspanning": _effort(r, near),
    }
    _maybe(r, signal, "eerderKenmerk", r.choice(("K-1", "K-2", "K-3")))
    _maybe(r, signal, "klantnummer", r.choice(_NUMBERS))
    _maybe(r, signal, "contractkenmerk", r.choice(_NUMBERS))
    _maybe(r, signal, "crisis", {"soort": r.choice(("ontruiming", "eindelevering", "afsluiting", "einde_verzekering"))})
    phones = r.choice((["+31612345678"], [f"+{BSN}"], [f"+31{BSN}"], ["+31699999034", "+4915112345678"]))
    _maybe(r, signal, "contact", {"telefoonnummers": phones, "emailadressen": [r.choice(("j@example.nl", f"{BSN}@example.nl"))]})
    return signal


def _person(r: Random, near: Any) -> dict[str, Any]:
    names = _NAMES if r.random() < 0.3 else _NAMES[:2]
    person = {"rol": "contractant", "voorletters": r.choice(("J.", "B.V.")), "achternaam": r.choice(names)}
    _maybe(r, person, "geboortedatum", near() if r.random() < 0.1 else "1985-03-07")
    return person


def _effort(r: Random, near: Any) -> dict[str, Any]:
    effort: dict[str, Any] = {"wijze": "gegevens" if r.random() < 0.8 else "verklaring"}
    contacts = [
        {"kanaal": "telefoon", "datum": near(), "initiatief": r.choice(("schuldeiser", "klant")), "bereikt": r.random() < 0.5}
        for _ in range(r.choice((0, 1, 1, 2, 3)))
    ]
    _maybe(r, effort, "contacten", contacts, 0.9)
    _maybe(r, effort, "herinneringen", [near() for _ in range(r.choice((0, 1, 2, 3, 4, 5)))], 0.9)
    _maybe(r, effort, "gewezenOpSchuldhulp", near(), 0.9)
    _maybe(r, effort, "kostenInRekeningOp", near(), 0.1)
    reaction = r.choice(("geen", "geen", "niet_afwijzend", "akkoord", "afwijzend"))
    _maybe(r, effort, "gegevensdelingAangeboden", {"datum": near(), "reactie": reaction}, 0.9)
    _maybe(r, effort, "betalingsregeling", r.choice(("geen", "lopend", "niet_nagekomen")))
    _maybe(r, effort, "klantrelatieActief", r.random() < 0.9)
    _maybe(r, effort, "verklaring", r.choice(("V-1", "V-2")))
    return effort


def _maybe(r: Random, target: dict[str, Any], name: str, value: Any, share: float = 0.5) -> None:
    if r.random() < share:
        target[name] = value
