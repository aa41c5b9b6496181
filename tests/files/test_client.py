"""The partner's side: what broke off is sent again, a no is a no; and what a file cannot say over the API is said and not sent."""

import csv
import io
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.client import delivering, xml
from adapters.client.connection import Answer
from adapters.client.delivering import Deliverer, Refused
from gateway.__main__ import run
from gateway.core import ids
from gateway.sandbox.parties import SCHULDEISERS
from gateway.sandbox.sandbox import HOST, Sandbox
from schemas.ontvangst import Aanlevering, Bevinding, Verslag, VerslagRegel
from schemas.problem import Problem
from tests.canaries import lawful
from tests.gateways import running
from tests.records import AT

PARTY = SCHULDEISERS[0]
DONE = Aanlevering(id=ids.new(), kenmerk="K-1", status="verwerkt", ontvangen_op=AT)
REPORT = Verslag(aanlevering=DONE.id, kenmerk="K-1", regels=[VerslagRegel(volgnummer=1, status="bezorgd", bevindingen=[])])


class Line:
    """A connection that answers what it is told to; an exception is raised."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.closed = 0

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        self.asked.append((method, path, headers or {}))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.closed += 1


def said(value: Any, status: int = 200) -> Answer:
    return Answer(status, {}, msgspec.json.encode(value))


def deliverer(line: Any, namens: str | None = None) -> tuple[Deliverer, list[float]]:
    waited: list[float] = []
    return Deliverer(lambda: line, namens, waited.append), waited


def test_what_broke_off_is_sent_again_until_it_is_answered() -> None:
    busy = said(Problem(status=503, title="t", detail="Te druk.", code="TE_DRUK"), 503)
    line = Line(ConnectionResetError(), busy, said(DONE, 201), said(REPORT))
    sender, waited = deliverer(line, PARTY.oin)
    done, regels = sender.deliver({"kenmerk": "K-1", "signalen": [{}]})
    assert (done, list(regels)) == (DONE, REPORT.regels)
    assert [method for method, _, _ in line.asked] == ["POST", "POST", "POST", "GET"]
    assert {headers.get("Namens") for _, _, headers in line.asked} == {PARTY.oin}
    assert waited == list(delivering.WAITS[:2])
    assert line.closed == 1


def test_a_no_is_not_asked_again_and_is_told_with_its_reasons() -> None:
    finding = Bevinding(code="VELD_VERPLICHT", oordeel="fout", melding="Dit veld is verplicht.", pointer="/signalen")
    line = Line(said(Problem(status=400, title="t", detail="Ongeldig.", code="INVOER_ONGELDIG", errors=[finding]), 400))
    sender, waited = deliverer(line)
    with pytest.raises(Refused, match=r"INVOER_ONGELDIG.*/signalen"):
        sender.deliver({})
    assert (len(line.asked), waited) == (1, [])


def test_a_gateway_that_stays_away_is_given_up() -> None:
    line = Line(*[OSError("weg")] * 20)
    sender, waited = deliverer(line)
    with pytest.raises(Refused, match="verbinding"):
        sender.deliver({})
    assert waited == list(delivering.WAITS)


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


def test_an_address_that_is_none_is_refused_before_anything_is_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"geen xml")
    words = ["--server", "seinhuis.example", "--ca", str(path), "--certificaat", str(path), "--sleutel", str(path)]
    assert run(["aanleveren", str(path), *words]) == 2
    assert "naam:poort" in capfd.readouterr().err
