"""The slow second engine: reads the same rows, shares no code with the first, and works on the wire form of a signal.

What is not in the signal comes as a `World`. The judges of the second round and of experiments are in `engine_more`.
"""

import calendar
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.rules import build
from tests.rules.engine_more import EXPERIMENT, SECOND, Judge, Signal, World

_FILES = Path(__file__).parents[2] / "gateway" / "rules"
_TABLES = [tomllib.loads(p.read_text()) for folder in ("regels", "normen") for p in sorted((_FILES / folder).glob("*.toml"))]


def verdict(signal: Signal, today: date, world: World) -> tuple[str, list[str]]:
    """Status, and the findings of both rounds as sorted `id code verdict`; the second round follows when the first lets pass."""
    found: list[str] = []
    for judges in (_JUDGES, SECOND):
        if not _refused(found):
            found += [text for row in _rows(signal) if row["toets"] in judges for text in _judged(judges, row, signal, today, world)]
    return ("geweigerd" if _refused(found) else "verder"), sorted(found)


def _judged(judges: dict[str, Judge], row: dict[str, Any], signal: Signal, today: date, world: World) -> list[str]:
    if not row.get("actief", True) or world.gemeente not in row.get("gemeenten", [world.gemeente]):
        return []
    severity = "fout" if row.get("op_instructie") and row["id"] in world.instructions else row["oordeel"]
    given = {**row.get("parameters", {}), "today": today, "formats": world.formats, "world": world}
    return [f"{row['id']} {row['code']} {severity}"] * judges[row["toets"]](signal, given)


def _refused(found: list[str]) -> bool:
    return any(f.endswith(("fout", "fataal")) for f in found)


def _rows(signal: Signal) -> list[dict[str, Any]]:
    day = date.fromisoformat(signal["signaaldatum"])

    def of(sector: str) -> list[dict[str, Any]]:
        rows = [r for t in _TABLES if sector in t["sectoren"] for r in t["regel"]]
        rows = [r for r in rows if r["geldig_van"] <= day <= r.get("geldig_tot", date.max)]
        return [r for r in rows if signal["soort"] in r.get("soorten", [signal["soort"]])]

    own = of(signal["sector"])
    if any(r["id"] in {"VS-01", "VS-02", "VS-03"} for r in own):
        return own
    return [r for t in _TABLES if "*" in t["sectoren"] for r in t["regel"]]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _by_declaration(s: Signal) -> bool:
    return bool(s["inspanning"]["wijze"] == "verklaring")


def _late(s: Signal) -> int:
    i = s["inspanning"]
    dates = [c["datum"] for c in i.get("contacten", [])] + i.get("herinneringen", [])
    dates += [i.get(name) for name in ("gewezenOpSchuldhulp", "kostenInRekeningOp", "aanmaningOp", "geenUitstelOp")]
    dates += [i.get("gegevensdelingAangeboden", {}).get("datum")]
    return sum(1 for d in dates if d and d > s["signaaldatum"])


def _reminders(s: Signal, p: dict[str, Any]) -> int:
    days = sorted(d for d in map(_day, s["inspanning"].get("herinneringen", [])) if d and d.isoformat() <= s["signaaldatum"])
    gap = timedelta(days=p.get("dagen_ertussen", 1))
    kept: list[date] = []
    for d in days:
        if not kept or d - kept[-1] >= gap:
            kept.append(d)
    return int(not _by_declaration(s) and len(kept) < p["minimum"])


def _too_old(s: Signal, p: dict[str, Any]) -> int:
    today = p["today"]
    year = today.year - p["maanden"] // 12  # whole years only: enough for the rows that exist
    last = calendar.monthrange(year, today.month)[1]
    return int(s["signaaldatum"] < date(year, today.month, min(today.day, last)).isoformat())


def _age(s: Signal, p: dict[str, Any]) -> int:
    days = date.fromisoformat(s["signaaldatum"]).toordinal() - date.fromisoformat(s["achterstand"]["ontstaansdatum"]).toordinal()
    return int(not p["minimum"] <= days <= p.get("maximum", 10**6))


def _eleven(text: str) -> bool:
    """Any nine digits between non-digits, up to three separators inside, that pass the eleven-test."""
    groups: list[tuple[str, int]] = []  # digits, and how far the next group is (-1: not joined)
    at = 0
    while at < len(text):
        end = at
        while end < len(text) and text[end].isdecimal():
            end += 1
        if end > at:
            gap = end
            while gap < len(text) and not text[gap].isalnum():
                gap += 1
            joined = gap - end <= 3 and gap < len(text) and text[gap].isdecimal()
            groups.append((text[at:end], 1 if joined else -1))
        at = max(end, at + 1)
    for start in range(len(groups)):
        digits = ""
        for part, link in groups[start:]:
            digits += part
            if len(digits) == 9:
                total = sum(int(c) * w for c, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
                if total % 11 == 0 and int(digits) > 0:
                    return True
            if link < 0 or len(digits) >= 9:
                break
    return False


def _numbers(s: Signal, p: dict[str, Any]) -> int:
    texts = [s["adres"].get("toevoeging", ""), s["adres"]["woonplaats"], s["handelsnaam"]]
    texts += [person.get(name, "") for person in s["personen"] for name in ("voorletters", "voorvoegsel", "achternaam")]
    contact = s.get("contact", {})
    texts += contact.get("emailadressen", [])
    for phone in contact.get("telefoonnummers", []):
        national = phone.removeprefix("+31").lstrip("0") if phone.startswith("+31") else phone
        subscriber = phone.startswith("+31") and len(national) == 9 and not national.startswith("9")
        texts.append("" if subscriber else national)
    own = {
        "kenmerk": [s["kenmerk"], s.get("eerderKenmerk", ""), s["inspanning"].get("verklaring", "")],
        "klantnummer": [s.get("klantnummer", "")],
        "contractkenmerk": [s.get("contractkenmerk", "")],
    }
    texts += [text for name, values in own.items() if name not in p["formats"] for text in values]
    return sum(map(_eleven, texts))


def _reference(s: Signal, _: dict[str, Any]) -> int:
    earlier = s.get("eerderKenmerk")
    wrong = {"vroegsignaal": earlier is not None, "actualisering": earlier is None}.get(s["soort"], False)
    return int(wrong or earlier == s["kenmerk"])


def _legal_person(s: Signal, p: dict[str, Any]) -> int:
    count = 0
    for person in s["personen"]:
        name = person["achternaam"].lower().strip()
        words = name.replace(",", " ").replace(". ", ".").split()
        last = words[-1].replace(".", "") if words else ""
        count += last in {e.lower() for e in p["aan_eind"]} or any(name == b or name.startswith(b + " ") for b in p["aan_begin"])
    return count


_JUDGES: dict[str, Judge] = EXPERIMENT | {
    "niet_aangewezen": lambda s, p: 1,
    "sector_geregistreerd": lambda s, p: int(s["sector"] not in build.LEGAL),
    "handelsnaam_geregistreerd": lambda s, p: int(s["handelsnaam"] != build.NAME),
    "verklaring_geldt": lambda s, p: int(
        _by_declaration(s)
        and not (s["inspanning"].get("verklaring") == "V-1" and s["sector"] == "huur" and "2026-01-01" <= s["signaaldatum"] <= "2026-12-31")
    ),
    "contactpoging": lambda s, p: int(
        not _by_declaration(s)
        and not [
            c
            for c in s["inspanning"].get("contacten", [])
            if c["datum"] <= s["signaaldatum"] and (c["bereikt"] or c["initiatief"] != "klant")
        ]
    ),
    "gewezen_op_schuldhulp": lambda s, p: int(
        not _by_declaration(s) and s["inspanning"].get("gewezenOpSchuldhulp", "9999") > s["signaaldatum"]
    ),
    "herinneringen": _reminders,
    "aanbod_gegevensdeling": lambda s, p: int(
        not _by_declaration(s) and s["inspanning"].get("gegevensdelingAangeboden", {"datum": "9999"})["datum"] > s["signaaldatum"]
    ),
    "geen_bezwaar": lambda s, p: int(s["inspanning"].get("gegevensdelingAangeboden", {}).get("reactie") == "afwijzend"),
    "natuurlijk_persoon": _legal_person,
    "klantrelatie_actief": lambda s, p: int(s["inspanning"].get("klantrelatieActief", True) is False),
    "geen_lopende_regeling": lambda s, p: int(s["inspanning"].get("betalingsregeling") == "lopend"),
    "leeftijd": _age,
    "bedrag": lambda s, p: int(s["achterstand"]["bedragCent"] < p["minimum"]),
    "niet_in_toekomst": lambda s, p: int(date.fromisoformat(s["signaaldatum"]) > p["today"]),
    "niet_ouder_dan": _too_old,
    "verwijzing_past": _reference,
    "bewijs_niet_na_signaal": lambda s, p: _late(s),
    "ontstaan_niet_na_signaal": lambda s, p: int(s["achterstand"]["ontstaansdatum"] > s["signaaldatum"]),
    "geboren_voor_signaal": lambda s, p: sum(1 for q in s["personen"] if q.get("geboortedatum", "0001") >= s["signaaldatum"]),
    "geen_bsn": _numbers,
    "crisis_past": lambda s, p: int("crisis" in s and s["crisis"]["soort"] not in p["soorten"]),
}
