"""The whole road: a creditor delivers at its own door, the desk collects with OpenSSH's `sftp` and opens with its private key."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from joserfc.jwk import ECKey

from gateway.__main__ import run
from gateway.app.audit import open_audit
from gateway.partners.register import Deelnemer
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from tests.canaries import lawful
from tests.gateways import CLOCK, enrol, running
from tests.outlet.profiles import EXAMPLE
from tests.outlet.town import opened, rows
from tests.tools import need

DESK, PARTY, TOWN, OWN = "00000099000000046000", SCHULDEISERS[0], GEMEENTEN[1], GEMEENTEN[0]
PATIENCE = 60
KEY = ECKey.generate_key("P-256")


class Place(NamedTuple):
    """A running installation, its SFTP port, and the folder of who meets it."""

    sandbox: Sandbox
    port: int
    folder: Path

    def sftp(self, login: str, *lines: str) -> subprocess.CompletedProcess[str]:
        """OpenSSH's own client, in batch mode."""
        options = ("IdentitiesOnly=yes", f"UserKnownHostsFile={self.folder / 'bekend'}", "StrictHostKeyChecking=accept-new")
        words = [word for option in options for word in ("-o", option)]
        command = [need("sftp"), "-b", "-", "-P", str(self.port), "-i", str(self.folder / login), *words, f"{login}@127.0.0.1"]
        batch = "\n".join(lines) + "\n"
        return subprocess.run(command, input=batch, capture_output=True, text=True, cwd=self.folder, timeout=120, check=False)

    def said(self, capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
        """A command on the installation."""
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("SEINHUIS_STATE", str(self.sandbox.state))
            environment.setenv("SEINHUIS_PROEF", "true")
            capfd.readouterr()
            status = run(list(words))
        shown = capfd.readouterr()
        return status, shown.out + shown.err

    def states(self) -> list[str]:
        """Of the municipality's messages."""
        connection = self.sandbox.connect(TOWN.oin)
        page = connection.get("/gemeente/v1/inbox/berichten?limiet=500").json()
        connection.close()
        return [bericht["staat"] for bericht in page["berichten"]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("uitlaat")
    for login in (DESK, PARTY.oin):
        subprocess.run([need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(folder / login)], check=True)
    (folder / "loket.pem").write_bytes(KEY.as_pem(private=False))
    with running(folder, SEINHUIS_SFTP_PORT="0") as sandbox, sandbox.beside("sftp") as (_, told):
        yield Place(sandbox, told["klaar"]["sftp"], folder)


def until(found: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found():
            return True
        time.sleep(0.5)
    return False


def test_from_the_creditor_to_the_desk(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    enrol(place.sandbox, Deelnemer(DESK, "Verzonnen loket", frozenset({"verwerker"}), "actief"))
    paper = [str(EXAMPLE), "loket-2026-1", str(place.folder / "loket.pem"), "VO-2026-1", "2026-01-01", "2026-01-01"]
    status, told = place.said(capfd, "uitlaat", "registreer", OWN.code, DESK, *paper)
    assert (status, "EIGEN_SLEUTEL" in told) == (2, True)
    status, told = place.said(capfd, "uitlaat", "registreer", TOWN.code, DESK, *paper)
    assert (status, told) == (0, f"{TOWN.code}: verzonnen-loket versie 1 naar {DESK}, vanaf 2026-01-01\n")
    assert "nog geen SFTP-sleutel" in place.said(capfd, "uitlaat", "toon", TOWN.code)[1]
    for login in (DESK, PARTY.oin):
        assert place.said(capfd, "deelnemer", "sftp-sleutel", login, str(place.folder / f"{login}.pub"))[0] == 0
    deliver(place)
    assert until(lambda: ".jwe" in place.sftp(DESK, "ls -1 uitlaat").stdout)
    assert set(place.states()) == {"geclaimd"}
    name = next(word for word in place.sftp(DESK, "ls -1 uitlaat").stdout.split() if word.endswith(".jwe"))
    assert place.sftp(DESK, f"get {name}").returncode == 0
    found = rows(opened((place.folder / Path(name).name).read_bytes(), KEY))
    assert len(found) == len(place.states())
    assert {row["Bron"] for row in found} == {"SEINHUIS"}
    assert all(row["Achternaam"] and row["Postcode"].startswith("35") for row in found)
    assert ".jwe" not in place.sftp(DESK, "ls -1 uitlaat").stdout
    assert until(lambda: set(place.states()) == {"ontvangen"})
    status, told = place.said(capfd, "uitlaat", "toon", TOWN.code)
    assert f"  1  berichten  {len(found)}  verzonnen-loket/1  opgehaald" in told


def test_creditor_sees_nothing_of_it(place: Place) -> None:
    shown = place.sftp(PARTY.oin, "ls", "-ls uitlaat", "-cd uitlaat")
    assert "uitlaat" not in shown.stdout.replace("-ls uitlaat", "").replace("-cd uitlaat", "")
    assert shown.stderr.count("alleen de mappen in, uit en terugkoppeling") + shown.stderr.count("No such file") >= 1
    connection = place.sandbox.connect(PARTY.oin)
    for path in ("signalen", "terugkoppelingen"):
        told = str(connection.get(f"/schuldeiser/v1/{path}").body)
        assert DESK not in told
        assert "loket" not in told
    connection.close()


def test_switched_off_the_folder_is_gone_and_the_messages_stay(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    assert place.said(capfd, "uitlaat", "zet-uit", TOWN.code) == (0, f"{TOWN.code}: uit\n")
    assert until(lambda: "uitlaat" not in place.sftp(DESK, "ls -1").stdout.replace("ls -1", ""))
    assert place.said(capfd, "uitlaat", "zet-uit", TOWN.code)[0] == 2
    status, told = place.said(capfd, "uitlaat", "toon", TOWN.code)
    assert (status, "geen uitlaat die aan staat" in told) == (0, True)
    with open_audit(place.sandbox.settings, CLOCK) as audit:
        report = audit.verify()
    assert report.ok, report.findings


def deliver(place: Place) -> None:
    """Signals of the creditor for the municipality, one chunk."""
    signals = [s for s in lawful(place.folder, 60, seed=5) if s["handelsnaam"] == PARTY.naam and s["adres"]["postcode"].startswith("35")]
    connection = place.sandbox.connect(PARTY.oin)
    answer = connection.post("/schuldeiser/v1/aanleveringen", {"kenmerk": "UITLAAT-1", "signalen": signals})
    assert answer.status == 201
    assert answer.json()["aantallen"]["bezorgd"] == len(signals) > 3
    connection.close()
