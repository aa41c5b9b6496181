"""The contract, fuzzed: what the OpenAPI documents promise holds against a real gateway over mTLS, for thousands of requests.

All checks of Schemathesis run on both APIs. Where random valid data is unlawful (`unlawful.toml`), the check that it is accepted
is replaced by one on lawful signals. A small run by default; `SEINHUIS_PROOF=1` makes it five times as large.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from adapters.client.connection import Connection
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import HOST, Sandbox
from tests.canaries import lawful
from tests.gateways import running, seconds_until

HERE = Path(__file__).parent
DOCUMENTS = HERE.parents[1] / "openapi"
UNLAWFUL: dict[str, dict[str, str]] = tomllib.loads((HERE / "unlawful.toml").read_text("utf-8"))
EXAMPLES = 300 if os.environ.get("SEINHUIS_PROOF") == "1" else 60
LEAST = 1_000
CALLERS = {"schuldeiser": SCHULDEISERS[0].oin, "gemeente": GEMEENTEN[0].oin}
EXCUSED = '\n[[operations]]\ninclude-operation-id = "{}"\nchecks.positive_data_acceptance.enabled = false\n'
INBOX = "/gemeente/v1/inbox"


class World(NamedTuple):
    gateway: Sandbox
    signals: list[dict[str, Any]]
    dictionaries: dict[str, list[str]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A gateway of its own with signals, deliveries, messages and claims, so that ids in requests do exist."""
    folder = tmp_path_factory.mktemp("fuzz")
    own = [s for s in lawful(folder, 900, seed=601) if s["handelsnaam"] == SCHULDEISERS[0].naam]
    with running(folder) as gateway, ExitStack() as stack:
        sender, reader = (stack.enter_context(closing(gateway.connect(CALLERS[name]))) for name in ("schuldeiser", "gemeente"))
        yield World(gateway, own[60:], _existing(sender, reader, own[:60]))


def _existing(sender: Connection, reader: Connection, signals: list[dict[str, Any]]) -> dict[str, list[str]]:
    posted = [sender.post("/schuldeiser/v1/signalen", signal) for signal in signals[:20]]
    batches = [{"kenmerk": f"VAST-{nr}", "signalen": signals[nr : nr + 10]} for nr in range(20, 60, 10)]
    delivered = [sender.post("/schuldeiser/v1/aanleveringen", batch) for batch in batches]
    assert {answer.status for answer in (*posted, *delivered)} == {201}
    assert seconds_until(5, lambda: len(reader.get(f"{INBOX}/berichten?limiet=5").json()["berichten"])) < 5
    request = {"doel": "WGS-3-1-b", "maximum": 3, "leaseSeconden": 3600, "wijze": "onbemand"}
    claims = [reader.post(f"{INBOX}/claims", request).json() for _ in range(3)]
    return {
        "signaal": [answer.json()["id"] for answer in posted],
        "aanlevering": [answer.json()["id"] for answer in delivered],
        "bericht": [bericht["id"] for claim in claims for bericht in claim["berichten"]],
        "claim": [claim["id"] for claim in claims],
    }


def fuzz(world: World, api: str, document: Path, folder: Path, *more: str) -> tuple[int, int, str]:
    """Run Schemathesis in a process of its own: its exit status, the number of examples, and what it printed."""
    for name, values in world.dictionaries.items():
        (folder / f"{name}.dict").write_text("".join(f'"{value}"\n' for value in values), "utf-8")
    excused = "".join(EXCUSED.format(name) for name in UNLAWFUL)
    (folder / "schemathesis.toml").write_text((HERE / "schemathesis.toml").read_text("utf-8") + excused, "utf-8")
    pki, report = world.gateway.state / "pki", folder / "report.json"
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run", str(document), "--no-color"]
    command += ["-u", f"https://{HOST}:{world.gateway.ports.mtls}/{api}/v1", "--tls-verify", str(pki / "root.pem")]
    command += ["--request-cert", str(pki / f"{CALLERS[api]}.chain.pem"), "--request-cert-key", str(pki / f"{CALLERS[api]}.key")]
    command += ["--seed", "20261122", "--report", "json", "--report-json-path", str(report), *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=3000, check=False)
    return done.returncode, _examples(report), done.stdout + done.stderr


def _examples(report: Path) -> int:
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return int(found["test_cases"]["generated"])


@pytest.mark.parametrize("api", CALLERS)
def test_contract_holds_for_random_requests(world: World, api: str, tmp_path: Path) -> None:
    status, examples, said = fuzz(world, api, DOCUMENTS / f"{api}.yaml", tmp_path, "-n", str(EXAMPLES))
    print(f"{api}: {examples} examples")  # noqa: T201 - the figure that shows how much was tried
    assert status == 0, said[-8000:]
    assert examples >= LEAST


def test_fuzzing_finds_a_promise_that_is_not_kept(world: World, tmp_path: Path) -> None:
    document = yaml.safe_load((DOCUMENTS / "schuldeiser.yaml").read_text("utf-8"))
    document["components"]["schemas"]["Aanleveringen"]["required"].append("aantal")
    changed = tmp_path / "changed.yaml"
    changed.write_text(yaml.safe_dump(document), "utf-8")
    status, _, said = fuzz(world, "schuldeiser", changed, tmp_path, "-n", "5", "--include-operation-id", "lijstAanleveringen")
    assert status == 1
    assert "aantal" in said


def test_list_of_unlawful_operations_is_short_and_has_reasons() -> None:
    assert len(UNLAWFUL) <= 8
    assert all(entry["reden"] for entry in UNLAWFUL.values())
    assert set(UNLAWFUL) == {"leverSignaal"}  # each has its run on lawful bodies below


def test_lawful_signals_are_all_accepted(world: World) -> None:
    with closing(world.gateway.connect(CALLERS["schuldeiser"])) as sender:
        assert len(world.signals) >= 200
        assert {sender.post("/schuldeiser/v1/signalen", signal).status for signal in world.signals} == {201}
        assert {sender.post("/schuldeiser/v1/signalen", signal).status for signal in world.signals[:20]} == {200}
