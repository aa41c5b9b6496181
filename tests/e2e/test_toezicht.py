"""The officer's door over mTLS: who may come in, who confirms, who is the second person; and a resident's extract of what the demo did."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console

from adapters.synthetic.generator import Generator
from gateway.__main__ import run
from gateway.core.clock import dutch_day
from gateway.demo import demo
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS, creditors, places
from gateway.sandbox.sandbox import HOST, Sandbox
from gateway.store.embedded import EmbeddedPostgres
from tests.canaries import lawful
from tests.e2e.officers import BASE, OFFICERS, appoint, put, resident, wait
from tests.gateways import CLOCK, FREE_PORTS, seconds_until

UTRECHT = GEMEENTEN[1]


class Parties:
    """A creditor, the municipality and both officers, connected."""

    def __init__(self, gateway: Sandbox, stack: ExitStack) -> None:
        self.creditor, self.town, self.officer, self.second = (
            stack.enter_context(closing(gateway.connect(oin))) for oin in (SCHULDEISERS[0].oin, UTRECHT.oin, *OFFICERS)
        )


@pytest.fixture(scope="module")
def parties(gateway: Sandbox) -> Iterator[Parties]:
    appoint(gateway, UTRECHT.oin)
    with ExitStack() as stack:
        made = Parties(gateway, stack)
        wait(made.second)
        yield made


def delivered(parties: Parties, folder: Path) -> tuple[dict[str, Any], str]:
    """One signal to Utrecht that its clerk opened."""
    made = [s for s in lawful(folder, 200, seed=717) if s["handelsnaam"] == SCHULDEISERS[0].naam and s["adres"]["woonplaats"] == "Utrecht"]
    answer = parties.creditor.post("/schuldeiser/v1/signalen", made[0])
    assert answer.status == 201
    bericht = answer.json()["id"]
    claim = {"doel": "WGS-3-1-b", "maximum": 100, "leaseSeconden": 600, "wijze": "bemand", "medewerker": "m.jansen"}

    def claimed() -> int:
        taken = parties.town.post("/gemeente/v1/inbox/claims", claim).json()["berichten"]
        return int(bericht in [one["id"] for one in taken])  # beside what other tests left

    assert seconds_until(1, claimed) < 10
    return made[0], bericht


def test_door_opens_for_an_officer_under_mandate_and_for_nobody_else(parties: Parties) -> None:
    assert parties.officer.get(f"{BASE}/").status == 200
    for connection in (parties.creditor, parties.town):
        answer = connection.post(f"{BASE}/logregels/_zoek", {})
        assert (answer.status, answer.json()["code"]) == (403, "ROL_ONTBREEKT")
    assert parties.officer.get("/gemeente/v1/inbox/berichten").status == 403
    answer = parties.officer.request("GET", f"{BASE}/", headers={"Namens": GEMEENTEN[0].oin})
    assert (answer.status, answer.json()["code"]) == (403, "MANDAAT_ONTBREEKT")


def test_extract_needs_the_municipality_and_a_name_needs_a_second_officer(parties: Parties, tmp_path: Path, gateway: Sandbox) -> None:
    signal, bericht = delivered(parties, tmp_path)
    found = parties.officer.post(f"{BASE}/logregels/_zoek", resident(signal)).json()["regels"]
    assert [(line["gebeurtenis"], line["herkend"]) for line in found] == [("signaal.bezorgd", "zeker"), ("bericht.geclaimd", "zeker")]
    made = parties.officer.post(f"{BASE}/inzageverzoeken", {"kenmerk": "AVG-1", **resident(signal)}).json()
    path, said = f"{BASE}/inzageverzoeken/{made['id']}", {"berichten": [bericht]}
    assert parties.officer.get(f"{path}/uittreksel").status == 409
    assert parties.officer.post(f"{path}/_bevestig", said).status == 403
    assert parties.town.post(f"{path}/_bevestig", said).status == 200
    given = parties.officer.get(f"{path}/uittreksel").json()["verwerkingen"]
    assert [line["wat"] for line in given] == ["signaal.bezorgd", "bericht.geclaimd", "toezicht.gezocht", "inzage.verzocht"]

    asked = parties.officer.post(f"{BASE}/ontzegelingen", {"bericht": bericht, "reden": "klacht", "kenmerk": "KL-1"}).json()
    path, yes = f"{BASE}/ontzegelingen/{asked['id']}", {"besluit": "goedgekeurd"}
    assert put(parties.officer, f"{path}/besluit", yes).status == 403
    assert put(parties.second, f"{path}/besluit", yes).status == 200
    assert [parties.officer.request("POST", f"{path}/_open").status for _ in range(2)] == [200, 409]


def test_command_line_is_the_same_door(parties: Parties, gateway: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question, pki = tmp_path / "vraag.json", gateway.state / "pki"
    question.write_text('{"gebeurtenis": "toezicht.gezocht"}')
    own = [str(pki / name) for name in ("root.pem", f"{OFFICERS[0]}.chain.pem", f"{OFFICERS[0]}.key")]
    words = ["toezicht", "--server", f"{HOST}:{gateway.ports.mtls}", "--ca", own[0], "--certificaat", own[1], "--sleutel", own[2]]
    assert run([*words, "zoek", str(question)]) == 0
    assert "regels" in capsys.readouterr().out
    assert run([*words, "wachtrij", "2026-01-31", "--dagen", "367"]) == 2
    assert "--dagen" in capsys.readouterr().err
    assert run(["toezicht", "zoek", str(question)]) == 2


def known(today: Any) -> tuple[dict[str, Any], int]:
    """From the generator alone: a resident of Utrecht with several good signals, and how many processings the demo makes of them."""
    records = list(Generator(demo.SEED, places(), today, creditors()).with_defects(demo.SIGNALS, demo.DEFECTS))
    by: dict[str, list[tuple[dict[str, Any], str | None]]] = {}
    for signal, code in records:
        at = {name: part for name, part in signal["adres"].items() if name != "gemeentecode"}
        by.setdefault(json.dumps(at, sort_keys=True), []).append((signal, code))
    good = [
        group for group in by.values()
        if group[0][0]["adres"]["woonplaats"] == "Utrecht"
        and all(code is None and s["personen"][0].get("geboortedatum") for s, code in group)
        and len({json.dumps(resident(s)) for s, _ in group}) == 1
    ]  # fmt: skip
    chosen = max(good, key=len)
    times = Counter(signal["kenmerk"] for signal, _ in chosen)
    assert len(times) > 1
    return chosen[0][0], sum(4 + again - 1 for again in times.values())  # delivered, claimed, received, handled; and once per repeat


@pytest.mark.usefixtures("ports_of_the_demo")
def test_extract_of_one_resident_lists_every_processing_that_the_demo_did(tmp_path: Path) -> None:
    """Must show 8."""
    state = tmp_path / "demo"
    today = dutch_day(CLOCK.now())
    assert demo.run(state, CLOCK, Console(file=io.StringIO()), once=True)
    signal, expected = known(today)
    gateway = Sandbox(state, CLOCK, **FREE_PORTS)
    gateway.start()
    try:
        appoint(gateway, UTRECHT.oin)
        with ExitStack() as stack:
            parties = Parties(gateway, stack)
            wait(parties.officer)
            made = parties.officer.post(f"{BASE}/inzageverzoeken", {"kenmerk": "AVG-DEMO", **resident(signal)}).json()
            sure = [hit["bericht"] for hit in made["treffers"] if hit["zekerheid"] == "zeker"]
            assert parties.town.post(f"{BASE}/inzageverzoeken/{made['id']}/_bevestig", {"berichten": sure}).status == 200
            got = parties.officer.get(f"{BASE}/inzageverzoeken/{made['id']}/uittreksel").json()["verwerkingen"]
    finally:
        gateway.stop()
    assert got.pop()["wat"] == "inzage.verzocht"
    assert len(got) == expected == _stored(state, sure)


def _stored(state: Path, berichten: list[str]) -> int:
    """As the owner of the database counts: entries whose text names one of these messages."""
    postgres = EmbeddedPostgres(state)
    try:
        with psycopg.connect(postgres.start()) as owner:
            query = "SELECT count(*) FROM log_entry WHERE convert_from(body, 'UTF8')::json ->> 'bericht' = ANY (%s)"
            (count,) = owner.execute(query, (berichten,)).fetchone() or (0,)
            return int(count)
    finally:
        postgres.stop()
