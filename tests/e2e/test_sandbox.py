"""`seinhuis sandbox` as an integrator meets it: the whole table comes out, and every command of `docs/zandbak.md` works as printed."""

import csv
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from adapters.client.schuldeiser import Schuldeiser
from gateway.sandbox import practice, trial
from gateway.sandbox.parties import SCHULDEISERS
from gateway.sandbox.trial import Practice
from schemas.ontvangst import SignaalStand
from tests.architecture.tree import ROOT
from tests.gateways import CLOCK
from tests.tools import need

START_SECONDS = 180


class Liar(Schuldeiser):
    """A creditor's client that takes every signal to be rejected."""

    def state(self, id: object) -> SignaalStand:
        stand = super().state(id)  # type: ignore[arg-type]
        return SignaalStand(**{n: getattr(stand, n) for n in stand.__struct_fields__} | {"status": "afgewezen"})


class Integrator:
    """Somebody with the document and a sandbox that runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = (ROOT / "docs" / "zandbak.md").read_text(encoding="utf-8")
        self.blocks = re.findall(r"<!-- test: zandbak -->\n```\n(.*?)```", text, re.DOTALL)
        (folder / "docs").symlink_to(ROOT / "docs")
        (folder / "bin").mkdir()
        program = folder / "bin" / "python"
        program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} "$@"\n')
        program.chmod(0o755)

    def run(self, part: str) -> str:
        """Run the block that has this in it; what it printed."""
        (block,) = [block for block in self.blocks if part in block]
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euc", block], cwd=self.folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
            timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def integrator(ports_of_the_demo: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Integrator]:
    for program in ("bash", "curl", "jq", "sftp"):
        need(program)
    folder = tmp_path_factory.mktemp("zandbak")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEINHUIS_")}
    command = [sys.executable, "-m", "gateway", "sandbox"]
    with (folder / "uitvoer").open("w") as output:
        sandbox = subprocess.Popen(command, cwd=folder, env={**environment, "PYTHONPATH": str(ROOT)}, stdout=output, stderr=output)
    try:
        for _ in range(START_SECONDS * 4):
            if "De zandbak draait" in (folder / "uitvoer").read_text():
                break
            threading.Event().wait(0.25)
        yield Integrator(folder)
    finally:
        sandbox.send_signal(signal.SIGINT)
        assert sandbox.wait(60) == 0


def test_curl_delivers_a_signal(integrator: Integrator) -> None:
    printed = integrator.run("/schuldeiser.sh")
    assert '"handtekening"' in printed
    assert '"kenmerk":"HUUR-' in printed.replace(" ", "")


def test_the_client_delivers_and_sees_its_feedback(integrator: Integrator) -> None:
    printed = integrator.run("/schuldeiser.py")
    assert "ontvangen: HUUR-" in printed
    assert ": herhaalde_melding" in printed
    assert "stand: afgewezen" in printed
    assert "saldoverzoek over klant UW-KLANT-1: klant_onbekend" in printed


def test_sftp_delivers_a_file_and_gets_its_report(integrator: Integrator) -> None:
    printed = integrator.run("sftp")
    rows = list(csv.DictReader(printed.splitlines()[-4:]))
    assert [row["status"] for row in rows] == ["bezorgd", "bezorgd", "geweigerd"], printed
    assert (integrator.folder / "aanlevering.xml.ontvangst.json").exists()


def test_a_municipality_collects_with_curl_and_with_the_client(integrator: Integrator) -> None:
    printed = integrator.run("/gemeente.sh")
    assert printed.splitlines()[0] == "5"
    kept = [path for path in integrator.folder.glob("*.json") if '"persoonsgegevens"' in path.read_text()]
    assert len(kept) == 5
    assert integrator.run("/gemeente.py") == ""  # everything was acknowledged


def test_a_municipality_asks_and_adds_up(integrator: Integrator) -> None:
    printed = integrator.run("schuldenoverzicht.py")
    assert "00000099000000014000: beantwoord, 65160 cent" in printed
    assert "00000099000000015000: klant_onbekend, 0 cent" in printed
    assert "totaal: 65160 cent; ontbreekt: 1" in printed


@pytest.fixture(scope="module")
def running(ports_of_the_demo: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    with practice.opened(tmp_path_factory.mktemp("tabel") / "state", CLOCK, Console(), late=1) as found:
        yield found


def test_every_row_of_the_table_comes_out_and_a_wrong_one_would_be_seen(running: Practice) -> None:
    client = practice.invented(running.signals[0])
    console = Console(record=True, width=120)
    assert trial.go_through(running, console, client)
    assert "zandbak: OK" in console.export_text()
    assert SCHULDEISERS[0].oin not in running.creditors
    liar = Liar(running.you.access)
    with liar:
        assert not trial.go_through(running._replace(you=liar), console, client, patience=1)
    assert "MISLUKT: Proefverwerkt, Proefontvangen" in console.export_text()
