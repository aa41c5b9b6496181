"""Signals of every shade between lawful and hopeless, the same for the same seed."""

from datetime import date, timedelta
from random import Random  # noqa: TID251 - seeded
from typing import Any

from tests.rules.build import BSN, EXPERIMENTS, LEGAL, NAME, REFUSED
from tests.rules.engine_more import World

_NAMES = ("Vries", "Jansen", "Bakker B.V.", "Stichting Wonen", "BV", f"Vries {BSN}", "Smit 999.990.343", "Bos 1 999990342", "Visser V.O.F.")
_NUMBERS = ("884412", BSN, "999-990-342", "K 12 9999 90342", "123456789012", f"A{BSN}B", f"1{BSN}", "2026-00012")


def signals(seed: int, count: int) -> list[dict[str, Any]]:
    """That many signals in wire form."""
    r = Random(seed)
    return [_signal(r) for _ in range(count)]


def worlds(seed: int, count: int) -> list[World]:
    """What stands around each of them: mostly a municipality that takes everything."""
    r = Random(seed)
    return [_world(r) for _ in range(count)]


def _world(r: Random) -> World:
    return World(
        formats=frozenset({"klantnummer", "kenmerk"} if r.random() < 0.7 else ()),
        instructions=frozenset({"VS-12", "VS-13"}) if r.random() < 0.2 else frozenset(),
        roles=frozenset(r.sample(("experiment_hypotheek", "experiment_cak", "experiment_belastingdienst"), r.choice((2, 3, 3, 3)))),
        gemeente=r.choice(("0392", "0363", "0599")),
        opened=r.choice(("2021-01-01", "2021-01-01", "2021-01-01", "2026-11-20", "2026-11-21", None)),
        threshold=r.choice((None, 1, 50_000, 150_000)),
        optional=frozenset(r.sample(("geboortedatum", "klantnummer"), r.choice((0, 1, 2, 2)))),
        agreement_needed=r.random() < 0.3,
        agreed=r.random() < 0.7,
        before=r.random() < 0.5,
    )


_GOOD_NAMES = ("Vries", "Jansen")
_WHO = ("schuldeiser", "schuldeiser", "klant")


def _signal(r: Random) -> dict[str, Any]:
    """Half of them are close to lawful, so that the second round is reached often."""
    if r.random() < 0.5:
        return _near_lawful(r)
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


def _near_lawful(r: Random) -> dict[str, Any]:
    day = date(2026, 11, 20) - timedelta(days=r.choice((0, 0, 1, 200, 323, 324, 325, 560, 610)))

    def ago(*days: int) -> str:
        return (day - timedelta(days=r.choice(days))).isoformat()

    soort = r.choice(("vroegsignaal", "vroegsignaal", "actualisering", "eindelevering"))
    signal: dict[str, Any] = {
        "kenmerk": "K-1",
        "soort": soort,
        "sector": r.choice(LEGAL + EXPERIMENTS + EXPERIMENTS),
        "handelsnaam": NAME,
        "signaaldatum": day.isoformat(),
        "achterstand": {
            "bedragCent": r.choice((1, 9_999, 10_000, 59_999, 60_000, 149_999, 150_000)),
            "ontstaansdatum": ago(29, 30, 60, 61, 62, 100, 101, 150, 151, 152, 153, 154, 200),
        },
        "personen": [{"rol": "contractant", "voorletters": "J.", "achternaam": r.choice(_GOOD_NAMES)}],
        "adres": {"postcode": "2011AB", "huisnummer": 12, "woonplaats": "Haarlem"},
        "inspanning": _good_effort(r, ago),
    }
    if soort == "actualisering" or (soort == "eindelevering" and r.random() < 0.5):
        signal["eerderKenmerk"] = "K-0"
    _maybe(r, signal["personen"][0], "geboortedatum", "1985-03-07")
    _maybe(r, signal, "klantnummer", "884412")
    claims = ("wmo", "wmo", "wlz", "inkomstenbelasting", "omzetbelasting", "loonheffingen")
    _maybe(r, signal["achterstand"], "vordering", r.choice(claims), 0.9)
    if r.random() < 0.3:
        kind = "eindelevering" if signal["sector"] in {"elektriciteit", "gas", "warmte"} else "ontruiming"
        signal["crisis"] = {"soort": kind}
        _maybe(r, signal["crisis"], "beoogdeDatum", (day + timedelta(days=r.choice((-1, 0, 5, *range(24, 36), 400)))).isoformat(), 0.9)
    return signal


def _good_effort(r: Random, ago: Any) -> dict[str, Any]:
    offered = {"datum": ago(0, 9), "reactie": "geen"}
    effort: dict[str, Any] = {"wijze": "gegevens", "gewezenOpSchuldhulp": ago(0, 9), "gegevensdelingAangeboden": offered}
    channels = ("telefoon", "telefoon", "brief", "email", "huisbezoek")
    effort["contacten"] = [
        {"kanaal": r.choice(channels), "datum": ago(0, 13, 14, 15, 30), "initiatief": r.choice(_WHO), "bereikt": True}
        for _ in range(r.choice((1, 1, 2)))
    ]
    effort["herinneringen"] = [(ago(13, 14, 20)), ago(28, 30), ago(44, 50)][: r.choice((1, 2, 3, 3, 3))]
    _maybe(r, effort, "kostenInRekeningOp", ago(0, 13, 14, 28, 30, 50), 0.3)
    _maybe(r, effort, "aanmaningOp", ago(0, 5, 10), 0.9)
    _maybe(r, effort, "geenUitstelOp", ago(0, 5, 10), 0.9)
    return effort


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
