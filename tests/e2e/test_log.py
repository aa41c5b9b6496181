"""The log as an outsider meets it: a running gateway, its published key, what its answers gave, and an export on the command line."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.client.logcheck import Held, Signed
from adapters.client.proofs import climb
from adapters.client.witness import Witness
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from schemas.bewijs import Bladbewijs, Controlepunt
from tests.canaries import lawful
from tests.gateways import seconds_until

TOWN, CREDITOR = GEMEENTEN[0], SCHULDEISERS[0]
PAGE = "/gemeente/v1/inbox/berichten?limiet=500"


@pytest.fixture(scope="module")
def kept(gateway: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """What a creditor and a municipality kept: a receipt, a claim with leaves, a page with numbers."""
    signals = lawful(tmp_path_factory.mktemp("canaries"), 60, seed=711)
    signal = next(s for s in signals if s["handelsnaam"] == CREDITOR.naam and int(s["adres"]["postcode"][:4]) in TOWN.postcodes)
    with closing(gateway.connect(CREDITOR.oin)) as sender, closing(gateway.connect(TOWN.oin)) as reader:
        receipt = sender.post("/schuldeiser/v1/signalen", signal).json()
        path = f"/gemeente/v1/inbox/berichten/{receipt['id']}"
        assert seconds_until(200, lambda: reader.get(path).status) < 10
        claim = reader.post("/gemeente/v1/inbox/claims", {"doel": "WGS-3-1-b", "maximum": 5, "leaseSeconden": 60, "wijze": "onbemand"})
        return [receipt, claim.json(), reader.get(PAGE).json()]


def key_of(gateway: Sandbox) -> str:
    with closing(gateway.connect(CREDITOR.oin)) as sender:
        return str(sender.get("/schuldeiser/v1/sleutels").json()["logsleutel"])


def run(gateway: Sandbox, *words: str, state: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SEINHUIS_STATE": str(gateway.state) if state else "/nergens"}
    command = [sys.executable, "-m", "gateway", "log", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_what_answers_gave_is_in_an_export_that_verifies_without_the_gateway(
    gateway: Sandbox, kept: list[object], tmp_path: Path
) -> None:
    file, held = tmp_path / "log.jsonl", tmp_path / "bewaard.json"
    held.write_text(json.dumps(kept))
    assert all(bericht["logblad"] for bericht in kept[1]["berichten"])  # type: ignore[index]
    assert len(Held.of(*kept).leaves) >= 2
    made = run(gateway, "uitvoer", str(file))
    assert (made.returncode, key_of(gateway) in made.stdout) == (0, True), made.stderr
    words = ("verify", "--bestand", str(file), "--sleutel", key_of(gateway), "--controlepunt", str(held))
    good = run(gateway, *words, state=False)
    assert (good.returncode, good.stdout.startswith("log: klopt")) == (0, True), good.stderr + good.stdout
    file.write_bytes(file.read_bytes().replace(TOWN.code.encode(), b"0344", 1))
    assert run(gateway, *words, state=False).returncode == 1
    beside = run(gateway, "verify", "--controlepunt", str(held))
    assert (beside.returncode, beside.stdout.startswith("log: klopt")) == (0, True), beside.stdout
    assert run(gateway, "verify", "--volledig").returncode == 0
    assert run(gateway, *words, "--volledig").returncode == 2
    held.write_text(json.dumps([*kept, {"logblad": "00" * 32}]))
    assert run(gateway, "verify", "--controlepunt", str(held)).returncode == 1


def test_there_is_a_record_of_processing_and_of_access_for_each_entry(gateway: Sandbox, kept: list[object], tmp_path: Path) -> None:
    spans: list[Any] = []
    records: list[Any] = []
    for form, found in (("ldv", spans), ("audit", records)):
        assert run(gateway, "uitvoer", str(tmp_path / form), "--vorm", form, "--gemeente", TOWN.code).returncode == 0
        found += [json.loads(line) for line in (tmp_path / form).read_text().splitlines()]
    one = [span["resourceSpans"][0]["scopeSpans"][0]["spans"][0] for span in spans]
    other = [record["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0] for record in records]
    joined = {(span["traceId"], span["spanId"]) for span in one}
    assert len(joined) == len(one)
    assert {(record["traceId"], record["spanId"]) for record in other} >= joined  # read a little later
    assert {"bericht geclaimd", "signaal bezorgd"} <= {span["name"] for span in one}
    assert {"bericht.geclaimd", "signaal.bezorgd"} <= {record["eventName"] for record in other}


@pytest.mark.parametrize(("oin", "door"), [(TOWN.oin, "gemeente"), (CREDITOR.oin, "schuldeiser")])
def test_a_witness_follows_the_log_at_either_door(gateway: Sandbox, kept: list[object], tmp_path: Path, oin: str, door: str) -> None:
    witness = Witness(tmp_path / "controlepunt", key_of(gateway))
    with closing(gateway.connect(oin)) as connection:

        def ask(old: int, size: int) -> Controlepunt:
            answer = connection.get(f"/{door}/v1/log/controlepunt?bewaard={old}&omvang={size}")
            return msgspec.json.decode(answer.body, type=Controlepunt)

        newest = msgspec.json.decode(connection.get(f"/{door}/v1/log/controlepunt").body, type=Controlepunt)
        assert witness.see(newest.controlepunt, ask) == newest.omvang
        assert connection.get(f"/{door}/v1/log/controlepunt?omvang=999999999").status == 404
        found = msgspec.json.decode(connection.get(f"/{door}/v1/log/blad").body, type=Bladbewijs)
    assert found.log is not None
    size, root = Signed(key_of(gateway)).checkpoint(found.log.controlepunt)
    assert climb(bytes.fromhex(found.logblad), 0, size, [bytes.fromhex(part) for part in found.log.pad]) == root


def test_municipality_chooses_a_term_of_two_years_at_least(gateway: Sandbox, kept: list[object]) -> None:
    said = run(gateway, "termijn", TOWN.code, "--maanden", "84")
    assert (said.stdout, said.stderr) == (f"gemeente {TOWN.code}: inhoud van de log 84 maanden\n", "")
    assert run(gateway, "termijn", TOWN.code, "--maanden", "23").returncode == 2
    assert run(gateway, "uitvoer", "/tmp/x", "--gemeente", TOWN.code).returncode == 2
