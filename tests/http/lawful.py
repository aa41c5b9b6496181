"""Lawful requests for the operations of `unlawful.toml`: random within what the schema allows, and right in what no schema can say.

Each maker gives an endless row of (path with query, body or None) for one operation; every one of them must be accepted.
"""

import random  # noqa: TID251 - seeded, for invented requests
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS

CBS = "00000099000000051000"
FOLLOWER = "00000099000000052000"
_X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
_Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
QUESTION = "{saldoverzoek}"
"""In a path: the id of a question that nobody answered yet."""
POINT = {"kty": "EC", "crv": "P-256", "x": _X, "y": _Y}
_WORDS = "abcdefghijklmnopqrstuvwxyz"


class Request(NamedTuple):
    """What to send."""

    path: str
    body: Any = None


class Lawful(NamedTuple):
    """How an operation is called, by whom, and its lawful requests."""

    method: str
    caller: str
    make: Callable[[random.Random, date], Request]

    def requests(self, seed: int, today: date) -> Iterator[Request]:
        """An endless row; equal seeds give equal rows."""
        draw = random.Random(seed)
        while True:
            yield self.make(draw, today)


def _word(draw: random.Random, least: int = 3, most: int = 12) -> str:
    return "".join(draw.choices(_WORDS, k=draw.randint(least, most)))


def _words(draw: random.Random, most: int) -> list[str]:
    return sorted({_word(draw) for _ in range(draw.randint(0, most))})


def _some(draw: random.Random, values: list[Any], least: int = 1) -> list[Any]:
    return draw.sample(values, draw.randint(least, len(values)))


def _days(draw: random.Random, longest: int) -> tuple[date, date]:
    first = date(1900, 1, 1) + timedelta(days=draw.randint(0, 100_000))
    return first, first + timedelta(days=draw.choice((0, 1, longest, draw.randint(0, longest))))


def _query(path: str, van: date, tot: date) -> Request:
    return Request(f"{path}?{urlencode({'van': van.isoformat(), 'tot': tot.isoformat()})}")


def effort(draw: random.Random, _today: date) -> Request:
    """Any period of at most two years."""
    return _query("/schuldeiser/v1/inspanningsverslag", *_days(draw, 732))


def quality(draw: random.Random, _today: date) -> Request:
    """Any period of at most 24 months."""
    return _query("/schuldeiser/v1/kwaliteit", *_days(draw, 700))


def reach(draw: random.Random, today: date) -> Request:
    """Whole months that are over."""
    last = today.replace(day=1) - timedelta(days=draw.randint(1, 3000))
    first = last - timedelta(days=draw.randint(0, 900))
    return _query("/gemeente/v1/bereik", first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1]))


def data(draw: random.Random, _today: date) -> Request:
    """No period, or both days of one of at most a year."""
    van, tot = _days(draw, 365)
    period = {"aanleverperiodeStartdatum": van.isoformat(), "aanleverperiodeEinddatum": tot.isoformat()}
    body = {"page": draw.randint(1, 9), "pageSize": draw.randint(1, 25_000), **(period if draw.random() < 0.9 else {})}
    return Request("/ddas/v1/gegevens", body)


def balance(draw: random.Random, today: date) -> Request:
    """Claims of every kind, whose amounts add up, to a question that is still open."""
    claims = [_claim(draw, kenmerk, today) for kenmerk in _words(draw, 5) or ["los"]]
    body = {"soort": "vorderingen", "peildatum": _past(draw, today), "vorderingen": claims}
    return Request(f"/schuldeiser/v1/saldoverzoeken/{QUESTION}/antwoord", body)


def _claim(draw: random.Random, kenmerk: str, today: date) -> dict[str, Any]:
    soort = draw.choice(("openstaand", "uit_handen_gegeven", "overgedragen", "onbekend"))
    claim: dict[str, Any] = {"soort": soort, "kenmerk": kenmerk, "ontstaansdatum": _past(draw, today)}
    if soort == "overgedragen":
        claim["overgedragenAan"] = {"naam": _word(draw)}
    if soort == "uit_handen_gegeven":
        claim["uitHandenGegevenAan"] = {"naam": _word(draw), "soort": "gerechtsdeurwaarder", "dossiernummer": _word(draw)}
    if soort in ("openstaand", "uit_handen_gegeven"):
        owed = [draw.randint(0, 99_999_999) for _ in range(3)]
        paid = draw.randint(0, sum(owed))
        claim |= dict(zip(("hoofdsomCent", "renteCent", "kostenCent"), owed, strict=True))
        claim |= {"betaaldCent": paid, "saldoCent": sum(owed) - paid}
    return claim


def _past(draw: random.Random, today: date) -> str:
    return (today - timedelta(days=draw.randint(0, 3000))).isoformat()


def followers(draw: random.Random, _today: date) -> Request:
    """The partner that has a mandate, with a key, or nobody."""
    groups = _some(draw, ["identiteit", "contact"])
    row = {"oin": FOLLOWER, "naam": _word(draw), "veldgroepen": groups, "sleutel": {**POINT, "kid": _word(draw)}}
    return Request("/gemeente/v1/instellingen/opvolgpartners", {"opvolgpartners": [row] if draw.random() < 0.9 else []})


def baskets(draw: random.Random, _today: date) -> Request:
    """Codes once, districts that are drawn and do not meet, amounts with room between them, attributes that are switched on."""
    postcodes = [str(code) for code in draw.sample(range(1000, 10_000), 40)]
    districts = [{"code": code, "postcodes": [postcodes.pop() for _ in range(draw.randint(1, 3))]} for code in _words(draw, 10)]
    drawn = [district["code"] for district in districts]
    rows = [_basket(draw, code) | {"voorwaarden": _criteria(draw, drawn)} for code in _words(draw, 12)]
    return Request("/gemeente/v1/instellingen/werkbakken", {"standaard": _basket(draw, "rest-"), "werkbakken": rows, "wijken": districts})


def _basket(draw: random.Random, code: str) -> dict[str, Any]:
    return {"code": code, "naam": _word(draw), "kanaal": draw.choice(("brief", "sms", "telefoon", "huisbezoek", "mail"))}


def _criteria(draw: random.Random, districts: list[Any]) -> dict[str, Any]:
    above = draw.randint(1, 99_999_998)
    given: dict[str, Any] = {
        "soorten": _some(draw, ["vroegsignaal", "actualisering", "eindelevering"]),
        "sectoren": [_word(draw)],
        "bedragVanafCent": above,
        "bedragTotCent": draw.randint(above + 1, 99_999_999),
        "indelingen": _some(draw, ["enkelvoudig", "meervoudig", "opeenvolgend", "herhaald"]),
        "ouderdom": _some(draw, ["tot_30_dagen", "tot_90_dagen", "tot_180_dagen", "vanaf_180_dagen"]),
        "schuldeisers": _some(draw, [s.oin for s in SCHULDEISERS]),
        "crisis": draw.random() < 0.5,
        **({"wijken": _some(draw, districts)} if districts else {}),
    }
    return {name: given[name] for name in _some(draw, sorted(given), least=0)}


LAWFUL = {
    "leesInspanningsverslag": Lawful("GET", SCHULDEISERS[0].oin, effort),
    "leesKwaliteit": Lawful("GET", SCHULDEISERS[0].oin, quality),
    "leesBereik": Lawful("GET", GEMEENTEN[0].oin, reach),
    "haalGegevens": Lawful("POST", CBS, data),
    "beantwoordSaldoverzoek": Lawful("POST", SCHULDEISERS[0].oin, balance),
    "wijzigWerkbakken": Lawful("PUT", GEMEENTEN[0].oin, baskets),
    "wijzigOpvolgpartners": Lawful("PUT", GEMEENTEN[0].oin, followers),
}
"""Every operation of the list but `leverSignaal`, whose lawful bodies are those of `tests.canaries`."""
