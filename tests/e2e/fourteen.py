"""Fourteen creditors, how each works and what it claims; their answers as JSON and in columns; and what all of it adds up to.

The sums are made here from what is generated here, with `sum` alone, and with nothing of the gateway or of `schemas`.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date
from random import Random  # noqa: TID251 - seeded
from typing import Any, Literal, NamedTuple

from tests.architecture.tree import ROOT

Road = Literal["api", "json", "skp", "eigen"]
Claim = dict[str, Any]
Sums = dict[str, tuple[int, ...]]
AMOUNTS = ("hoofdsomCent", "renteCent", "kostenCent", "betaaldCent", "saldoCent")
OPEN, AWAY, SOLD, UNKNOWN = "openstaand", "uit_handen_gegeven", "overgedragen", "onbekend"
EXAMPLES = ROOT / "docs/voorbeelden/saldoantwoorden"
PARTNER = "00000099000000001000"
EXTRA = {"W": "renteCent", "X": "kostenCent", "Y": "betaaldCent", "Z": "saldoCent"}
"""Columns of the creditor's own behind those of the Schuldenknooppunt (docs/schuldenknooppunt.md)."""
TYPES = {OPEN: "openstaande schuld", AWAY: "uit handen gegeven", SOLD: "overgedragen schuld", UNKNOWN: "onbekende schuld bij SE"}
OWN_HEAD = (
    "saldoverzoek", "peildatum", "schuldtype", "factuurnummer", "ontstaan", "hoofdsom", "rente", "kosten", "betaald", "saldo",
    "incasso door", "soort incasso", "dossier", "klant onbekend", "klantnummer", "contact", "telefoon", "e-mail", "standaard akkoord",
    "overgedragen aan", "geen medewerking",
)  # fmt: skip


class Creditor(NamedTuple):
    """A name, how it is asked and answers, and the kinds of its claims."""

    naam: str
    road: Road
    kinds: tuple[str, ...] = ()


CAST = {
    "woning": Creditor("Woning Wielewaal", "api", (OPEN, OPEN)),
    "energie": Creditor("Energie Eider", "api", (OPEN, UNKNOWN)),
    "zorg": Creditor("Zorg Zilverreiger", "api", (AWAY, OPEN)),
    "overdrager": Creditor("Telecom Tureluur", "api", (SOLD,)),
    "late": Creditor("Krediet Kluut", "api", (OPEN,)),
    "zwijger": Creditor("Winkel Wulp", "api"),
    "bank": Creditor("Bank Boomvalk", "json", (OPEN, OPEN, OPEN)),
    "belasting": Creditor("Heffingen Havik", "json", (OPEN, AWAY)),
    "herhaler": Creditor("Post Putter", "json", (OPEN,)),
    "weigeraar": Creditor("Fonds Fuut", "json"),
    "water": Creditor("Water Waterral", "skp", (OPEN, OPEN)),
    "vreemde": Creditor("School Scholekster", "skp"),
    "zwijgbus": Creditor("Zwembad Zwaluw", "skp"),
    "pakket": Creditor("Pakket Patrijs", "eigen", (AWAY, OPEN, UNKNOWN)),
}
OINS = {role: f"00000099{81 + nr:09}000" for nr, role in enumerate(CAST)}
SILENT, LATE = ("zwijger", "zwijgbus"), "late"


def profile(role: str) -> str | None:
    """The mapping profile of a creditor that answers in columns, as it would have it made from the example."""
    road = CAST[role].road
    if road not in ("skp", "eigen"):
        return None
    name = "schuldenknooppunt.toml" if road == "skp" else "eigen.toml"
    text = (EXAMPLES / name).read_text(encoding="utf-8").replace(PARTNER, OINS[role])
    if role != "water":
        return text
    more = (f'\n[[velden]]\nnaar = "/vordering/{name}"\nuit = "{column}"\nomzetting = "bedrag"\n' for column, name in EXTRA.items())
    return text + "".join(more)


def answers(seed: int, day: date) -> dict[str, Any]:
    """What each of them answers about one client, but for the silent."""
    draw = Random(seed)
    made = {role: [_claim(role, nr, kind, day, draw) for nr, kind in enumerate(one.kinds)] for role, one in CAST.items() if one.kinds}
    given = {role: {"soort": "vorderingen", "peildatum": day.isoformat(), "vorderingen": claims} for role, claims in made.items()}
    return {**given, "vreemde": {"soort": "klant_onbekend"}, "weigeraar": {"soort": "geen_medewerking", "reden": "finale_kwijting"}}


def _claim(role: str, nr: int, kind: str, day: date, draw: Random) -> Claim:
    made: Claim = {"soort": kind, "kenmerk": f"{role}-F-{nr}"}
    if kind == SOLD:
        return made | {"overgedragenAan": {"naam": "Inkoop IJsvogel"}}
    if kind == UNKNOWN:
        return made
    hoofdsom, rente, kosten = draw.randint(1, 1_999_999), draw.randint(0, 99_999), draw.randint(0, 49_999)
    betaald = draw.randint(0, hoofdsom)
    made |= dict(zip(AMOUNTS, (hoofdsom, rente, kosten, betaald, hoofdsom + rente + kosten - betaald), strict=True))
    if kind == AWAY:
        bailiff = role == "belasting"
        made["uitHandenGegevenAan"] = {
            "naam": "Deurwaarder Draaihals" if bailiff else "Incasso Ibis",
            "soort": "gerechtsdeurwaarder" if bailiff else "incassobureau",
            "dossiernummer": f"D-{role}",
        }
    if role in ("energie", "belasting"):
        made |= {"ontstaansdatum": day.replace(year=day.year - 1).isoformat(), "titel": {"soort": "vonnis", "datum": day.isoformat()}}
    return made


def one_cent_more(answer: Any) -> Any:
    """The same answer with one cent more of principal, and so of balance, in its first claim."""
    first, *rest = answer["vorderingen"]
    return answer | {"vorderingen": [first | {name: first[name] + 1 for name in ("hoofdsomCent", "saldoCent")}, *rest]}


# What it adds up to


def expected(given: Mapping[str, Any]) -> Sums:
    """By creditor, by kind and in all: how many claims have amounts, and the sum of each amount; interest and costs also together."""
    claims = [(role, claim) for role, answer in given.items() for claim in answer.get("vorderingen", []) if "saldoCent" in claim]
    groups: dict[str, list[Claim]] = {"totaal": [claim for _, claim in claims]}
    for role, claim in claims:
        groups.setdefault(OINS[role], []).append(claim)
        groups.setdefault(claim["soort"], []).append(claim)
    return {name: _sums(found) for name, found in groups.items()}


def shown(overzicht: Any) -> Sums:
    """The same of an overview as it was made from the answers."""
    found = {"totaal": overzicht["totaal"]} | {deel["schuldeiser"]: deel.get("totaal") for deel in overzicht["schuldeisers"]}
    found |= {deel["soort"]: deel.get("totaal") for deel in overzicht["soorten"]}
    names = ("vorderingen", *AMOUNTS, "bijkomendCent")
    return {name: tuple(totaal[one] for one in names) for name, totaal in found.items() if totaal is not None}


def differing(one: Sums, other: Sums) -> set[str]:
    """Where they are not equal to the cent."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _sums(claims: Iterable[Claim]) -> tuple[int, ...]:
    rows = [[claim[name] for name in AMOUNTS] for claim in claims]
    added = [sum(column) for column in zip(*rows, strict=True)]
    return (len(rows), *added, added[1] + added[2])


# In a file


def file(role: str, id: str, asked: list[str], answer: Any) -> tuple[str, bytes]:
    """The answer as this creditor brings it: the ending of the name, and the bytes. `asked`: the row of the question in a CSV."""
    if CAST[role].road == "json":
        return ".json", json.dumps({"antwoorden": [{"id": id, "antwoord": answer}]}).encode()
    if CAST[role].road == "eigen":
        return ".csv", _table(",", OWN_HEAD, ([row.get(name, "") for name in OWN_HEAD] for row in _own_rows(id, answer)))
    head = "ABCDEFGHIJKLMNOPQRSTUV" + ("".join(EXTRA) if role == "water" else "")
    return ".csv", _table(";", head, ([*asked, *cells][: len(head)] for cells in _skp_rows(answer)))


def _skp_rows(answer: Any) -> Iterable[list[str]]:
    """L to V, and what this creditor put behind it."""
    if answer["soort"] == "klant_onbekend":
        return [[*[""] * 4, "Ja", *[""] * 6]]
    day = dutch(answer["peildatum"])
    amounts = ("hoofdsomCent", *EXTRA.values())
    return [
        [*[""] * 6, day, TYPES[claim["soort"]], claim["kenmerk"], "", *(euros(claim[name]) for name in amounts)]
        for claim in answer["vorderingen"]
    ]


def _own_rows(id: str, answer: Any) -> Iterable[dict[str, str]]:
    for claim in answer["vorderingen"]:
        row = {"saldoverzoek": id, "peildatum": dutch(answer["peildatum"])}
        row |= {"schuldtype": TYPES[claim["soort"]], "factuurnummer": claim["kenmerk"]}
        row |= {name.removesuffix("Cent"): euros(claim[name]) for name in AMOUNTS if name in claim}
        if collector := claim.get("uitHandenGegevenAan"):
            row |= {"incasso door": collector["naam"], "soort incasso": collector["soort"], "dossier": collector["dossiernummer"]}
        yield row


def euros(cents: int) -> str:
    """As a Dutch file writes an amount."""
    return f"{cents // 100},{cents % 100:02}"


def grouped(cents: int) -> str:
    """As a page writes it."""
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02}"


def dutch(day: str) -> str:
    """dd-mm-jjjj."""
    return "-".join(reversed(day.split("-")))


def _table(sign: str, head: Iterable[str], rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sign).writerows([list(head), *rows])
    return text.getvalue().encode()
