"""Twenty municipalities and twenty creditors try each other's ids at the doors: what is another's is as absent as what never was."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random  # noqa: TID251 - seeded

import httpx
import psycopg
import pytest

from gateway.core import ids
from gateway.store.prepare import Dsns
from tests.isolation.hall import LENDERS, TOWNS, Hall, hall

PROOF = os.environ.get("SEINHUIS_PROOF") == "1"
OPERATIONS = 25_000 if PROOF else 400
DOORS = {"gemeente": list(TOWNS), "schuldeiser": list(LENDERS)}
CLAIM = "{claim}"
SINGLE: dict[str, list[tuple[str, str, str, object]]] = {
    "gemeente": [
        ("bericht", "GET", "inbox/berichten/{id}", None),
        ("bericht", "HEAD", "inbox/berichten/{id}", None),
        ("bericht", "PUT", "inbox/berichten/{id}/bevestiging", {"claim": CLAIM, "status": "ontvangen"}),
        ("bericht", "POST", "inbox/berichten/{id}/afwijzing", {"claim": CLAIM, "reden": "geen_inwoner"}),
        ("claim", "PUT", "inbox/claims/{id}", {"leaseSeconden": 3600}),
        ("claim", "POST", "inbox/claims/{id}/_bevestig", {"status": "ontvangen"}),
        ("claim", "DELETE", "inbox/claims/{id}", None),
        ("zaak", "GET", "zaken/{id}", None),
        ("zaak", "GET", "zaken/{id}/contactgegevens", None),
        ("bezwaar", "DELETE", "instellingen/bezwaren/{id}", None),
        ("overzicht", "GET", "schuldenoverzichten/{id}", None),
        ("overzicht", "GET", "schuldenoverzichten/{id}/overzicht", None),
        ("overzicht", "GET", "schuldenoverzichten/{id}/uittreksel", None),
        ("overzicht", "POST", "schuldenoverzichten/{id}/intrekking", {"reden": "onterecht"}),
        ("kennisgeving", "GET", "kennisgevingen/{id}", None),
        ("kennisgeving", "POST", "kennisgevingen/{id}/intrekking", {"reden": "onterecht"}),
        ("betaalvoorstel", "GET", "betaalvoorstellen/{id}", None),
    ],
    "schuldeiser": [
        ("signaal", "GET", "signalen/{id}", None),
        ("signaal", "GET", "signalen/{id}/bewijs", None),
        ("signaal", "POST", "signalen/{id}/intrekking", {"reden": "betaald"}),
        ("aanlevering", "GET", "aanleveringen/{id}", None),
        ("aanlevering", "GET", "aanleveringen/{id}/verslag", None),
        ("saldoverzoek", "GET", "saldoverzoeken/{id}", None),
        ("saldoverzoek", "POST", "saldoverzoeken/{id}/antwoord", {"soort": "klant_onbekend"}),
        ("kennisgeving_bericht", "GET", "kennisgevingen/{id}", None),
        ("kennisgeving_bericht", "POST", "kennisgevingen/{id}/antwoord", {"soort": "klant_onbekend"}),
        ("betaalvoorstel_bericht", "GET", "betaalvoorstellen/{id}", None),
    ],
}
LISTS = {
    "gemeente": {"inbox/berichten": "bericht", "zaken": "zaak", "meldingen": "", "schuldenoverzichten": "overzicht",
                 "kennisgevingen": "kennisgeving", "betaalvoorstellen": "betaalvoorstel", "termijnen": ""},
    "schuldeiser": {"aanleveringen": "aanlevering", "saldoverzoeken": "", "kennisgevingen": "", "betaalvoorstellen": "",
                    "terugkoppelingen": ""},
}  # fmt: skip
NO_CASE_DATA = "zaken/{id}/contactgegevens"


@pytest.fixture
def made(dsns: Dsns, tmp_path: Path) -> Iterator[Hall]:
    with hall(dsns, tmp_path) as found:
        yield found


def run(made: Hall, random: Random, operations: int) -> dict[str, int]:
    """So many requests, at random; how many of which sort."""
    count = {"own": 0, "foreign": 0, "lists": 0, "new": 0}
    end = made.requests + operations
    while made.requests < end:
        door = random.choice(list(DOORS))
        me = random.choice(DOORS[door])
        sort = random.choices(["own", "foreign", "lists", "new"], [3, 6, 2, 1])[0]
        count[sort] += 1
        if sort == "new":
            _new(made, random)
        elif sort == "lists":
            _list(made, me, door, random)
        else:
            _one(made, me, door, random, own=sort == "own")
    return count


def test_random_requests_reach_nothing_of_somebody_else(made: Hall) -> None:
    count = run(made, Random(60), OPERATIONS)
    print(f"{made.requests} requests {count}; ids shown to somebody else 0")  # noqa: T201 - the figures
    assert min(count.values()) > OPERATIONS // 60


WRONG = [
    "DROP POLICY gw_inbox ON inbox_item",
    "DROP POLICY gw_inbox ON bericht",
    "DROP POLICY gw_ingest ON aanlevering",
    "UPDATE inbox_item SET gemeente = CASE gemeente WHEN '0392' THEN '0344' ELSE '0392' END WHERE gemeente IN ('0392', '0344');"
    "UPDATE bericht SET gemeente = CASE gemeente WHEN '0392' THEN '0344' ELSE '0392' END WHERE gemeente IN ('0392', '0344')",
]


@pytest.mark.parametrize("wrong", WRONG if PROOF else WRONG[:1])
def test_control_a_policy_less_or_a_row_in_the_wrong_inbox_is_seen(made: Hall, dsns: Dsns, wrong: str) -> None:
    with psycopg.connect(dsns.owner) as owner:
        owner.execute(wrong.encode())
    with pytest.raises(AssertionError):
        run(made, Random(61), 2_000)


def _new(made: Hall, random: Random) -> None:
    town, lender = random.choice(list(TOWNS)), random.choice(list(LENDERS))
    match random.randrange(4):
        case 0:
            made.deliver(lender, town, batch=random.random() < 0.5)
        case 1:
            made.claim(town)
        case 2:
            made.oppose(town)
        case _:
            made.question(town, lender)


def _list(made: Hall, me: str, door: str, random: Random) -> None:
    path, kind = random.choice(list(LISTS[door].items()))
    size = "?limiet=500"
    answer = made.ask(me, "GET", f"/{door}/v1/{path}{size}")
    assert answer.status_code == 200
    if kind and kind != "bericht":
        assert all(id in answer.text for id in made.things[kind][me][-200:])


def _one(made: Hall, me: str, door: str, random: Random, *, own: bool) -> None:
    kind, method, path, body = random.choice(SINGLE[door])
    other = me if own else random.choice([oin for oin in DOORS[door] if oin != me])
    known = [id for id in made.things[kind][other] if own or me not in made.owners[id]]
    if not known:
        return
    id = random.choice(known)
    body = _filled(body, made.things["claim"][me])
    theirs = made.ask(me, method, f"/{door}/v1/{path}".replace("{id}", id), body)
    if own:
        assert theirs.status_code != 404 or path == NO_CASE_DATA, (method, path, theirs.text)
        if (method, kind) == ("DELETE", "bezwaar"):
            made.things[kind][me].remove(id)  # from now on it is as absent as any
        return
    nobody = made.ask(me, method, f"/{door}/v1/{path}".replace("{id}", str(ids.new())), body)
    assert theirs.status_code == 404, (method, path, theirs.text)
    assert _comparable(theirs) == _comparable(nobody)


def _filled(body: object, claims: list[str]) -> object:
    if isinstance(body, dict) and body.get("claim") == CLAIM:
        return body | {"claim": claims[-1] if claims else str(ids.new())}
    return body


def _comparable(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {k.lower(): v for k, v in answer.headers.items() if k.lower() not in {"traceparent", "fsc-transaction-id", "date"}}
    return answer.status_code, headers, answer.content
