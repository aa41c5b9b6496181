"""`seinhuis toets`, as an operator runs it, with a partner that has the assignments and nothing else."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from gateway.__main__ import run
from gateway.api.tls import OPENSSL_CONFIG
from gateway.conformance.cards import Kaart
from gateway.conformance.play import Begin
from tests.architecture.tree import ROOT
from tests.conformance.creditor import Creditor
from tests.conformance.world import CREDITOR, MANAGED, Hall


@pytest.fixture
def here(hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEINHUIS_STATE", str(hall.sandbox.state))
    monkeypatch.setenv("SEINHUIS_PROEF", "true")
    return tmp_path


def test_command_writes_assignments_report_and_a_result_that_is_taken_in(hall: Hall, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    stop, port = threading.Event(), free_port()
    partner = threading.Thread(target=follow, args=(hall, here / "toets-opdrachten.json", port, stop))
    partner.start()
    try:
        assert run(shlex.split(f"toets --deelnemer {CREDITOR} --port {port} --duur 150 --verslag toets.html --verslag toets.md")) == 0
    finally:
        stop.set()
        partner.join(30)
    assert "geslaagd, 14 van 14 scenario's." in capfd.readouterr().out
    assert "<h1>" in (here / "toets.html").read_text()
    assert (here / "toets.md").read_text().count("| geslaagd |") == 14
    assert run(["deelnemer", "toets", CREDITOR, "toets-uitslag.json"]) == 0
    assert f"{CREDITOR}: toets van api geslaagd" in capfd.readouterr().out
    assert run(["deelnemer", "toets", MANAGED.oin, "toets-uitslag.json"]) == 2
    assert "TOETSUITSLAG_VAN_ANDER" in capfd.readouterr().err


def test_command_ends_with_1_when_nobody_came_and_says_what_to_mend(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split(f"toets --deelnemer {CREDITOR} --port 0 --duur 1 --soort intrekking")) == 1
    said = capfd.readouterr().out
    assert "gezakt, 0 van 1 scenario's." in said
    assert "herstel: Koppel betalingen" in said
    assert not json.loads((here / "toets-uitslag.json").read_bytes())["geslaagd"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_that_is_broken_off_leaves_no_key_and_no_data(hall: Hall, here: Path, number: signal.Signals) -> None:
    stage, program = hall.sandbox.state / "toets", [sys.executable, "-m", "gateway"]
    words = shlex.split(f"toets --deelnemer {CREDITOR} --port 0 --duur 100")
    environment = {**os.environ, "OPENSSL_CONF": str(OPENSSL_CONFIG), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([*program, *words], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert b"De toetsdeur is open" in process.stdout.readline()
        assert (stage / "pki").exists()  # the control
        process.send_signal(number)
        process.wait(60)
    assert process.returncode != 0
    assert not stage.exists()


def test_run_that_fails_leaves_no_key_and_no_data(hall: Hall) -> None:
    stage = hall.sandbox.state / "toets"

    def fall(_: Begin) -> None:
        assert (stage / "pki").exists()  # the control
        raise ValueError("own")

    with pytest.raises(ValueError, match="own"):
        hall.begun(CREDITOR, fall)
    assert not stage.exists()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (f"toets --deelnemer {CREDITOR} --soort ddas", "TOETS_ONBEKEND"),
        ("toets --deelnemer 00000099000000088000", "DEELNEMER_ONBEKEND"),
        (f"toets --deelnemer {CREDITOR} --mond post", "kies uit api, bestand"),
        (f"toets --deelnemer {CREDITOR} --verslag x.pdf", ".html"),
    ],
)
def test_command_that_cannot_be_says_why(here: Path, capfd: pytest.CaptureFixture[str], line: str, word: str) -> None:
    assert run(shlex.split(line)) == 2
    assert word in capfd.readouterr().err


def follow(hall: Hall, path: Path, port: int, stop: threading.Event) -> None:
    """A partner that waits for its assignments and works by them alone."""
    while not path.exists() or not path.read_bytes().endswith(b"}"):
        if stop.wait(0.1):
            return
    cards = json.loads(path.read_bytes())["kaarten"]
    deck = {name: Kaart(name, card["bedrag"], card["signaal"], card.get("verbeterd")) for name, card in cards.items()}
    today = date.today().isoformat()  # noqa: DTZ011 - as a partner's own system would
    hall.partner(lambda connection: Creditor(connection, deck).work(stop, today), CREDITOR, port)


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
