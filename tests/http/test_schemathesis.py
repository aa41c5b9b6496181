"""The contract, fuzzed: what the OpenAPI documents promise holds against a real gateway over mTLS, for thousands of requests.

All checks of Schemathesis run on every API. Where random valid data is unlawful (`unlawful.toml`), the check that it is accepted
is replaced by one on lawful requests. A small run by default; `SEINHUIS_PROOF=1` makes it five times as large in all.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from gateway.core.clock import dutch_day
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import HOST
from tests.e2e.officers import OFFICERS
from tests.gateways import CLOCK
from tests.http import fuzzworld
from tests.http.fuzzworld import World
from tests.http.lawful import CBS, LAWFUL, QUESTION

HERE = Path(__file__).parent
DOCUMENTS = HERE.parents[1] / "openapi"
UNLAWFUL: dict[str, dict[str, str]] = tomllib.loads((HERE / "unlawful.toml").read_text("utf-8"))
PROOF = os.environ.get("SEINHUIS_PROOF") == "1"
LEAST = 5_000 if PROOF else 1_000
EXCUSED = '\n[[operations]]\ninclude-operation-id = "{}"\nchecks.positive_data_acceptance.enabled = false\n'


class Run(NamedTuple):
    """One API as one party uses it. `random` is per operation; the edges of each schema come on top, whatever the number."""

    api: str
    caller: str
    random: int


class Fuzzed(NamedTuple):
    """The exit status, the number of examples, per operation how many valid ones were accepted, and what was printed."""

    status: int
    examples: int
    accepted: dict[str, int]
    said: str


RUNS = {
    "schuldeiser": Run("schuldeiser", SCHULDEISERS[0].oin, 600 if PROOF else 10),
    "gemeente": Run("gemeente", GEMEENTEN[0].oin, 400 if PROOF else 5),
    "toezicht": Run("toezicht", OFFICERS[0], 300 if PROOF else 20),
    "ddas": Run("ddas", CBS, 2_500 if PROOF else 450),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with fuzzworld.world(tmp_path_factory.mktemp("fuzz")) as made:
        yield made


@pytest.fixture(scope="module")
def fuzzed(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fuzzed]:
    """Every run, side by side: they share the gateway and not its parties."""
    folders = [tmp_path_factory.mktemp(name) for name in RUNS]
    documents = [DOCUMENTS / f"{run.api}.yaml" for run in RUNS.values()]
    with ThreadPoolExecutor(len(RUNS)) as pool:
        return dict(zip(RUNS, pool.map(partial(fuzz, world), RUNS.values(), documents, folders), strict=True))


def fuzz(world: World, run: Run, document: Path, folder: Path, *more: str) -> Fuzzed:
    """Run Schemathesis in a process of its own."""
    for name, values in world.dictionaries.items():
        (folder / f"{name}.dict").write_text("".join(f'"{value}"\n' for value in values), "utf-8")
    excused = "".join(EXCUSED.format(name) for name in UNLAWFUL)
    (folder / "schemathesis.toml").write_text((HERE / "schemathesis.toml").read_text("utf-8") + excused, "utf-8")
    pki, report = world.gateway.state / "pki", folder / "report.json"
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run", str(document), "--no-color"]
    command += ["-u", f"https://{HOST}:{world.gateway.ports.mtls}/{run.api}/v1", "--tls-verify", str(pki / "root.pem")]
    command += ["--request-cert", str(pki / f"{run.caller}.chain.pem"), "--request-cert-key", str(pki / f"{run.caller}.key")]
    command += ["--seed", "20261122", "-n", str(run.random), "--report", "json", "--report-json-path", str(report), *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=3000, check=False)
    assert report.stat().st_size > 0, (done.stdout + done.stderr)[-8000:]
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    accepted = {name: sum(phase["accepted"] for phase in phases.values()) for name, phases in found["valid_rates"].items()}
    return Fuzzed(done.returncode, int(found["test_cases"]["generated"]), accepted, done.stdout + done.stderr)


@pytest.mark.parametrize("name", RUNS)
def test_contract_holds_for_random_requests(fuzzed: dict[str, Fuzzed], name: str) -> None:
    done = fuzzed[name]
    print(f"{name}: {done.examples} examples")  # noqa: T201 - the figure that shows how much was tried
    assert done.status == 0, done.said[-8000:]
    assert done.examples >= LEAST


@pytest.mark.parametrize("name", RUNS)
def test_most_operations_accept_random_valid_requests(fuzzed: dict[str, Fuzzed], name: str) -> None:
    """Valid data may meet a 404 or a 409; not so often that nothing is left that works."""
    accepted = fuzzed[name].accepted
    assert len(accepted) > 0
    assert [operation for operation, n in accepted.items() if n == 0][len(accepted) // 4 :] == []


def test_fuzzing_finds_a_promise_that_is_not_kept(world: World, tmp_path: Path) -> None:
    document = yaml.safe_load((DOCUMENTS / "schuldeiser.yaml").read_text("utf-8"))
    document["components"]["schemas"]["Aanleveringen"]["required"].append("aantal")
    changed = tmp_path / "changed.yaml"
    changed.write_text(yaml.safe_dump(document), "utf-8")
    done = fuzz(world, RUNS["schuldeiser"], changed, tmp_path, "--include-operation-id", "lijstAanleveringen")
    assert done.status == 1
    assert "aantal" in done.said


def test_list_of_unlawful_operations_is_short_and_has_reasons() -> None:
    assert len(UNLAWFUL) <= 8
    assert all(entry["reden"] for entry in UNLAWFUL.values())
    assert set(UNLAWFUL) == {"leverSignaal", *LAWFUL}  # each has its run on lawful requests below


def test_lawful_signals_are_all_accepted(world: World) -> None:
    with closing(world.gateway.connect(SCHULDEISERS[0].oin)) as sender:
        assert len(world.signals) >= 200
        assert {sender.post("/schuldeiser/v1/signalen", signal).status for signal in world.signals} == {201}
        assert {sender.post("/schuldeiser/v1/signalen", signal).status for signal in world.signals[:20]} == {200}


@pytest.mark.parametrize("name", LAWFUL)
def test_lawful_requests_are_all_accepted(world: World, name: str) -> None:
    fuzzworld.switch_on(world)
    lawful, questions = LAWFUL[name], fuzzworld.questions(world)
    with closing(world.gateway.connect(lawful.caller)) as caller:
        for path, body in islice(lawful.requests(607, dutch_day(CLOCK.now())), 100):
            there = path.replace(QUESTION, next(questions)) if QUESTION in path else path
            answer = caller.request(lawful.method, there, None if body is None else fuzzworld.encoded(body))
            assert answer.status in (200, 201), (path, body, answer.body)
