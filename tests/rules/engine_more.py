"""The second engine's judges of experiments, of the end of supply, and of the second round."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import holidays

Signal = dict[str, Any]
Judge = Callable[[Signal, dict[str, Any]], int]
"""A signal and the parameters of a row -> how many findings."""


class World(NamedTuple):
    """What a signal does not say itself."""

    formats: frozenset[str] = frozenset()
    instructions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    gemeente: str = "0392"
    opened: str | None = "2021-01-01"
    threshold: int | None = None
    optional: frozenset[str] = frozenset({"geboortedatum", "klantnummer"})
    agreement_needed: bool = False
    agreed: bool = False
    before: bool = False


_FREE = {
    day
    for day, name in holidays.country_holidays("NL", years=range(2020, 2033), language="en_US").items()
    if name not in {"Easter Sunday", "Pentecost"}
} | {date(year, 5, 5) for year in range(2020, 2033)}


def _too_young(s: Signal, p: dict[str, Any]) -> int:
    """The origin lies after the same day `maanden` months back, or after that month's last day when it has no such day."""
    year, month, day = (int(part) for part in s["signaaldatum"].split("-"))
    for _ in range(p["maanden"]):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    while True:
        try:
            return int(date.fromisoformat(s["achterstand"]["ontstaansdatum"]) > date(year, month, day))
        except ValueError:
            day -= 1


def _too_late(s: Signal, p: dict[str, Any]) -> int:
    planned = s.get("crisis", {}).get("beoogdeDatum")
    day = date.fromisoformat(s["signaaldatum"])
    if planned is None or day > p["today"]:
        return 0
    span = [day + timedelta(days=n) for n in range(1, min(60, (date.fromisoformat(planned) - day).days) + 1)]
    return int(len([d for d in span if d.isoweekday() < 6 and d not in _FREE]) < p["werkdagen"])


def _done(s: Signal) -> list[tuple[str, str]]:
    i = s["inspanning"]
    own = [(c["datum"], c["kanaal"]) for c in i.get("contacten", []) if c["initiatief"] == "schuldeiser"]
    return sorted(e for e in own + [(d, "brief") for d in i.get("herinneringen", [])] if e[0] <= s["signaaldatum"])


def _dated(s: Signal) -> bool:
    return bool(s["inspanning"]["wijze"] == "gegevens")


def _wait(s: Signal, p: dict[str, Any]) -> int:
    found = _done(s)
    if not found or not _dated(s):
        return 0
    return int((date.fromisoformat(s["signaaldatum"]) - date.fromisoformat(found[0][0])).days < p["dagen"])


def _costs_first(s: Signal, _: dict[str, Any]) -> int:
    charged, found = s["inspanning"].get("kostenInRekeningOp"), _done(s)
    return int(_dated(s) and charged is not None and (not found or found[0][0] >= charged))


def _not_taken(s: Signal, p: dict[str, Any]) -> int:
    off = set(p["velden"]) - p["world"].optional if p["world"].opened else set()
    births = sum(1 for q in s["personen"] if "geboortedatum" in q) if "geboortedatum" in off else 0
    return births + int("klantnummer" in off and "klantnummer" in s)


EXPERIMENT: dict[str, Judge] = {
    "experiment": lambda s, p: int(p["rol"] not in p["world"].roles),
    "vordering_bekend": lambda s, p: int(s["achterstand"].get("vordering") not in p["vorderingen"]),
    "vordering_gesloten": lambda s, p: int(s["achterstand"].get("vordering") in p["vorderingen"]),
    "experimentbedrag": lambda s, p: int(
        s["achterstand"].get("vordering") in p["vorderingen"] and s["achterstand"]["bedragCent"] < p["minimum"]
    ),
    "experimentduur": _too_young,
    "aanmaning": lambda s, p: int(s["inspanning"].get("aanmaningOp", "9999") > s["signaaldatum"]),
    "geen_uitstel": lambda s, p: int(
        not s["inspanning"].get("aanmaningOp", "") <= s["inspanning"].get("geenUitstelOp", "9999") <= s["signaaldatum"]
    ),
    "aankondiging": _too_late,
    "crisis_gemeld": lambda s, p: int("crisis" in s and s["crisis"]["soort"] in p["soorten"]),
}
SECOND: dict[str, Judge] = {
    "loket_open": lambda s, p: int((p["world"].opened or "9999") > s["signaaldatum"]),
    "overeenkomst": lambda s, p: int(p["world"].agreement_needed and not p["world"].agreed),
    "drempel": lambda s, p: int(p["world"].opened is not None and s["achterstand"]["bedragCent"] < (p["world"].threshold or 0)),
    "velden_doorgegeven": _not_taken,
    "experimentgemeente": lambda s, p: int(p["world"].gemeente not in p["gemeenten"]),
    "eerder_signaal": lambda s, p: int(not p["world"].before),
    "norm_pogingen": lambda s, p: int(_dated(s) and len(_done(s)) < p["minimum"]),
    "norm_kanalen": lambda s, p: int(_dated(s) and len({channel for _, channel in _done(s)}) < p["minimum"]),
    "norm_tijd": _wait,
    "norm_voor_kosten": _costs_first,
}
