"""The whole road: a partner's own `sftp` puts XML, the workers deliver it, receipt and report come back; and the same over the API."""

import hashlib
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from adapters.client import xml
from adapters.client.receipts import verify_receipt
from adapters.synthetic.generator import Creditor
from gateway.__main__ import run
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import HOST, Sandbox
from schemas.bestandsbewijs import Bestandsontvangst
from schemas.strict import parse
from tests.canaries import lawful
from tests.gateways import running
from tests.tools import need

PARTY = SCHULDEISERS[0]


class Running(NamedTuple):
    sandbox: Sandbox
    port: int
    folder: Path

    def sftp(self, *lines: str) -> subprocess.CompletedProcess[str]:
        """OpenSSH's own client, in batch mode."""
        command = [need("sftp"), "-b", "-", "-P", str(self.port), "-i", str(self.folder / "sleutel"), "-o", "IdentitiesOnly=yes"]
        trust = ["-o", f"UserKnownHostsFile={self.folder / 'bekend'}", "-o", "StrictHostKeyChecking=accept-new"]
        words, batch = [*command, *trust, f"{PARTY.oin}@127.0.0.1"], "\n".join(lines) + "\n"
        return subprocess.run(words, input=batch, capture_output=True, text=True, cwd=self.folder, timeout=120, check=False)

    def signals(self, n: int, seed: int) -> list[dict[str, Any]]:
        return lawful(self.folder, n, seed=seed, creditors=[Creditor(PARTY.oin, PARTY.sector, PARTY.naam)])

    def cli(self, capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
        """A command in this process, on the running installation."""
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("SEINHUIS_STATE", str(self.sandbox.state))
            environment.setenv("SEINHUIS_PROEF", "true")
            capfd.readouterr()
            status = run(list(words))
        return status, capfd.readouterr().out


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("bestanden")
    subprocess.run([need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "sleutel")], check=True)
    with running(folder, SEINHUIS_SFTP_PORT="0") as sandbox, sandbox.beside("sftp") as (_, told):
        yield Running(sandbox, told["klaar"]["sftp"], folder)


def xml_file(path: Path, signals: list[dict[str, Any]]) -> None:
    path.write_bytes(b"".join(xml.write({}, (("signaal", signal) for signal in signals))))


def test_a_partner_comes_in_once_its_key_is_registered(house: Running, capfd: pytest.CaptureFixture[str]) -> None:
    assert house.sftp("ls").returncode != 0
    status, shown = house.cli(capfd, "deelnemer", "sftp-sleutel", PARTY.oin, str(house.folder / "sleutel.pub"))
    assert (status, shown.startswith("SHA256:")) == (0, True)
    for _ in range(50):
        if house.sftp("ls").returncode == 0:
            break
        time.sleep(0.1)
    assert house.sftp("ls").stdout.split() == ["sftp>", "ls", "in", "terugkoppeling", "uit"]


def test_a_file_goes_in_and_receipt_and_report_come_back(house: Running, capfd: pytest.CaptureFixture[str]) -> None:
    signals = house.signals(300, seed=1)
    signals[7] = {**signals[7], "onbekend": 1}
    xml_file(house.folder / "november.xml", signals)
    done = house.sftp("put november.xml in/november.xml.part", "rename in/november.xml.part in/november.xml")
    assert done.returncode == 0, done.stderr
    (house.folder / "november.xml").unlink()  # the partner's own copy: nothing of it may be left anywhere at the end of the run
    for _ in range(200):
        if "november.xml.verslag.csv" in house.sftp("ls -1 uit").stdout:
            break
        time.sleep(0.1)
    done = house.sftp("get uit/november.xml.*", "ls -1 uit")
    assert done.returncode == 0, done.stderr
    assert "november" not in done.stdout.partition("ls -1 uit")[2]  # collected
    receipt = parse((house.folder / "november.xml.ontvangst.json").read_bytes(), Bestandsontvangst)
    assert (receipt.status, receipt.aantal) == ("aanvaard", 300)
    connection = house.sandbox.connect(PARTY.oin)
    verify_receipt(receipt, connection.get("/schuldeiser/v1/sleutels").json())
    connection.close()
    rows = (house.folder / "november.xml.verslag.csv").read_text().splitlines()
    assert len(rows) == 301
    assert [line.count('"bezorgd"') for line in rows[1:]] == [1] * 7 + [0] + [1] * 292
    assert "VELD_NIET_TOEGESTAAN" in rows[8]
    assert inbox(house) >= {signal["kenmerk"] for nr, signal in enumerate(signals) if nr != 7}
    status, shown = house.cli(capfd, "bestanden", "--json")
    (found,) = [row for row in json.loads(shown) if row["naam"] == "november.xml"]
    assert (status, found["state"], found["aangeboden"], found["bezorgd"], found["geweigerd"]) == (0, "verwerkt", 300, 299, 1)
    shown = house.cli(capfd, "bestanden")[1]
    assert [word in shown for word in ("november.xml", PARTY.oin, "300 van 300", "299 bezorgd", "1 geweigerd")] == [True] * 5


def test_a_file_that_a_checksum_completes_goes_the_same_road(house: Running) -> None:
    signals = house.signals(5, seed=4)
    xml_file(house.folder / "december.xml", signals)
    digest = hashlib.sha256((house.folder / "december.xml").read_bytes()).hexdigest()
    (house.folder / "december.xml.sha256").write_text(f"{digest}  december.xml\n")
    put = "put december.xml in/december.xml.part"
    (house.folder / "fout.sha256").write_text(f"{'0' * 64}\n")
    assert house.sftp(put, "put fout.sha256 in/december.xml.sha256").returncode == 1
    assert "december.xml.part" in house.sftp("ls -1 in").stdout
    done = house.sftp(put, "put december.xml.sha256 in/december.xml.sha256")
    assert done.returncode == 0, done.stderr
    (house.folder / "december.xml").unlink()
    for _ in range(200):
        if "december.xml.verslag.csv" in house.sftp("ls -1 uit").stdout:
            break
        time.sleep(0.1)
    assert house.sftp("get uit/december.xml.verslag.csv", "rm uit/december.xml.*").returncode == 0
    assert (house.folder / "december.xml.verslag.csv").read_text().count('"bezorgd"') == 5
    assert inbox(house) >= {signal["kenmerk"] for signal in signals}


def inbox(house: Running) -> set[str]:
    """The creditor's own kenmerken of what the municipalities can list."""
    ids = set()
    for gemeente in GEMEENTEN:
        connection = house.sandbox.connect(gemeente.oin)
        page = connection.get("/gemeente/v1/inbox/berichten?limiet=500").json()
        ids |= {bericht["id"] for bericht in page["berichten"]}
        connection.close()
    connection = house.sandbox.connect(PARTY.oin)
    found = {connection.get(f"/schuldeiser/v1/signalen/{id}").json().get("kenmerk") for id in ids}
    connection.close()
    return found


def test_the_same_file_over_the_api_gives_the_same_receipts(house: Running, capfd: pytest.CaptureFixture[str]) -> None:
    signals = house.signals(40, seed=2)
    xml_file(house.folder / "api.xml", signals)
    pki = house.sandbox.state / "pki"
    words = ["aanleveren", str(house.folder / "api.xml"), "--server", f"{HOST}:{house.sandbox.ports.mtls}", "--ca", str(pki / "root.pem")]
    words += ["--certificaat", str(pki / f"{PARTY.oin}.chain.pem"), "--sleutel", str(pki / f"{PARTY.oin}.key")]
    status, shown = house.cli(capfd, *words)
    assert status == 0
    assert "40 records, 0 geweigerd" in shown
    report = house.folder / "api.xml.verslag.csv"
    first = report.read_text()
    assert first.count('"bezorgd"') == 40
    assert house.cli(capfd, *words)[0] == 0  # again: the same delivery
    assert report.read_text() == first
    xml_file(house.folder / "api.xml", [*signals, {**signals[0], "klantnummer": "7"}])
    status, shown = house.cli(capfd, *words)
    assert status == 1
    assert report.read_text().count("eerder_ontvangen") == 40
    assert "KENMERK_IN_GEBRUIK" in report.read_text()
    (house.folder / "api.xml").unlink()


def test_a_file_that_cannot_be_read_is_not_sent(house: Running, capfd: pytest.CaptureFixture[str]) -> None:
    path = house.folder / "stuk.xml"
    xml_file(path, house.signals(3, seed=3))
    path.write_bytes(path.read_bytes()[:-30])
    words = ["--server", "localhost:1", "--ca", str(path), "--certificaat", str(path), "--sleutel", str(path)]
    status, shown = house.cli(capfd, "aanleveren", str(path), *words)
    assert (status, shown) == (2, "")
    path.unlink()


def test_a_key_that_is_revoked_is_out_within_five_seconds(house: Running, capfd: pytest.CaptureFixture[str]) -> None:
    listing = subprocess.run(
        [need("ssh-keygen"), "-l", "-f", str(house.folder / "sleutel.pub")], capture_output=True, text=True, check=True
    ).stdout.split()
    begun = time.monotonic()
    assert house.cli(capfd, "deelnemer", "trek-sftp-sleutel-in", listing[1])[0] == 0
    while house.sftp("ls").returncode == 0:
        assert time.monotonic() - begun < 10
    assert time.monotonic() - begun < 8  # five, and what starting the clients took
