"""The partner's side on the command line: what a file cannot say over the API is said and not sent, and a no is told with its reason."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from adapters.client import xml
from gateway.__main__ import run
from gateway.sandbox.parties import SCHULDEISERS
from gateway.sandbox.sandbox import HOST, Sandbox
from tests.canaries import lawful
from tests.gateways import running

PARTY = SCHULDEISERS[0]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with running(tmp_path_factory.mktemp("klant"), SEINHUIS_FILE_WORKERS="0") as sandbox:
        yield sandbox


def send(sandbox: Sandbox, path: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, str, list[dict[str, str]]]:
    pki = sandbox.state / "pki"
    words = ["aanleveren", str(path), "--server", f"{HOST}:{sandbox.ports.mtls}", "--ca", str(pki / "root.pem")]
    words += ["--certificaat", str(pki / f"{PARTY.oin}.chain.pem"), "--sleutel", str(pki / f"{PARTY.oin}.key")]
    capfd.readouterr()
    status = run(words)
    path.unlink()  # the partner's own copy: nothing of it may be left anywhere at the end of the run
    report = path.with_name(f"{path.name}.verslag.csv")
    rows = list(csv.DictReader(io.StringIO(report.read_text(), newline=""))) if report.exists() else []
    return status, capfd.readouterr().err, rows


def write(path: Path, kop: dict[str, Any], records: list[tuple[Any, dict[str, Any]]]) -> Path:
    path.write_bytes(b"".join(xml.write(kop, records)))
    return path


def own(folder: Path, n: int, seed: int) -> list[dict[str, Any]]:
    made = lawful(folder, n * 6, seed=seed)
    return [signal for signal in made if signal["handelsnaam"] == PARTY.naam][:n]


def test_a_withdrawal_by_kenmerk_is_said_and_not_sent(gateway: Sandbox, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (signal,) = own(tmp_path, 1, 1)
    records = [("signaal", signal), ("intrekking", {"kenmerk": signal["kenmerk"], "reden": "betaald"})]
    status, _, rows = send(gateway, write(tmp_path / "mengsel.xml", {}, records), capfd)
    assert status == 1
    assert [row["status"] for row in rows] == ["bezorgd", "geweigerd"]
    assert rows[1]["codes"] == "INTREKKING_NIET_VERSTUURD"


def test_a_stand_goes_as_a_stand(gateway: Sandbox, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    signals = own(tmp_path, 3, 2)
    kop = {"soort": "stand", "sector": PARTY.sector, "handelsnaam": PARTY.naam, "peildatum": signals[0]["signaaldatum"]}
    status, _, rows = send(gateway, write(tmp_path / "stand.xml", kop, [("signaal", signal) for signal in signals]), capfd)
    assert (status, [row["status"] for row in rows][:3]) == (0, ["nieuw"] * 3)


def test_a_no_is_told_in_one_line_with_what_to_do(gateway: Sandbox, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (signal,) = own(tmp_path, 1, 3)
    path = write(tmp_path / "namens.xml", {"namens": SCHULDEISERS[1].oin}, [("signaal", signal)])
    status, err, rows = send(gateway, path, capfd)
    assert (status, rows) == (2, [])
    assert "leverAan: 403 MANDAAT_ONTBREEKT" in err
    assert "Wat al verstuurd is blijft" in err


def test_an_address_that_is_none_is_refused_before_anything_is_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"geen xml")
    words = ["--server", "seinhuis.example", "--ca", str(path), "--certificaat", str(path), "--sleutel", str(path)]
    assert run(["aanleveren", str(path), *words]) == 2
    assert "naam:poort" in capfd.readouterr().err
