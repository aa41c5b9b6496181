"""From `aanmelden` to `actief` on the command line of an installation that is no trial; at every step the ways round are refused."""

import json
import shlex
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.__main__ import run
from gateway.app.grounds import Foundation
from gateway.app.house import open_office
from gateway.app.settings import Settings
from gateway.core import ids
from gateway.core.clock import SystemClock
from gateway.onboarding import toetsen
from gateway.partners import administration
from gateway.partners.dossier import Schaduwproef
from gateway.partners.rows import sealer
from schemas.strict import canonical
from schemas.toets import Scenario, Toetsuitslag
from tests.onboarding.test_papers import csr_of

ONE = "00000099000000071000"
CLOCK = SystemClock()
Said = Callable[[str], tuple[int, str]]


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Said:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEINHUIS_STATE", str(tmp_path / "s"))
    monkeypatch.delenv("SEINHUIS_PROEF", raising=False)

    def command(line: str) -> tuple[int, str]:
        capfd.readouterr()
        status = run(shlex.split(line))
        shown = capfd.readouterr()
        return status, shown.out + shown.err

    return command


def test_way_in_from_the_command_line(said: Said, tmp_path: Path) -> None:
    for line in ("sleutels maak", f"certs dev --oin {ONE}=Woning", "gemeenten open 0392 Haarlem 2021-01-01"):
        assert said(line)[0] == 0
    uses = "--gebruik api/signaal --gebruik api/intrekking"
    new = said(f"deelnemer aanmelden {ONE} Woning --rol schuldeiser --rol signaalpartner --sector huur {uses}")
    assert f"{ONE}: aangemeld" in new[1]
    assert "voor in_test: voor de API: er is geen geldig certificaat" in new[1]
    assert said(f"deelnemer registreer {ONE} Woning --rol schuldeiser --rol signaalpartner --sector huur")[1] == f"{ONE}: aangemeld\n"
    held(said, "deelnemer in-test", "certificaat", "aangemeld")
    assert said(f"deelnemer certificaat {ONE} s/pki/{ONE}.pem")[0] == 0
    assert "UITGIFTE_ALLEEN_IN_PROEF" in said(f"deelnemer certificaat-aanvraag {ONE} {csr(tmp_path)}")[1]
    assert said(f"deelnemer in-test {ONE}") == (0, f"{ONE}: in_test\n")
    held(said, "deelnemer toets", "TOETSUITSLAG_NIET_ECHT", "in_test", f" {result(tmp_path, signed=False)}")
    assert f"{ONE}: getoetst" in said(f"deelnemer toets {ONE} {result(tmp_path)}")[1]
    held(said, "deelnemer schaduw", "verwerkersovereenkomst", "getoetst")
    assert said(f"deelnemer papieren {ONE} verwerkersovereenkomst VO-1 1.0 2026-01-01")[0] == 0
    assert said(f"deelnemer schaduw {ONE}")[0] == 0
    held(said, "deelnemer activeer", "schaduwaanlevering", "schaduw")
    rehearse()
    assert said(f"deelnemer activeer {ONE}") == (0, f"{ONE}: actief\n")
    for line, status in (("schort-op", "opgeschort"), ("activeer", "actief"), ("beeindig", "beeindigd")):
        assert said(f"deelnemer {line} {ONE}") == (0, f"{ONE}: {status}\n")
    assert said(f"deelnemer status {ONE} actief")[0] == 2


def held(said: Said, line: str, reason: str, status: str, more: str = "") -> None:
    """A step is refused for a reason, the other commands lead nowhere either, and nothing changed."""
    refused = said(f"{line} {ONE}{more}")
    assert (refused[0], reason in refused[1]) == (2, True), refused
    assert said(f"deelnemer status {ONE} actief")[0] == 2
    assert said(f"deelnemer activeer {ONE}")[0] == 2
    assert f"{ONE}: {status}\n" in said(f"deelnemer ontbreekt {ONE}")[1]


def result(folder: Path, *, signed: bool = True) -> Path:
    scenarios = [Scenario(naam="goed_bericht", soort=soort, uitkomst="geslaagd") for soort in ("signaal", "intrekking")]
    bare = Toetsuitslag(
        id=ids.new(), deelnemer=ONE, mond="api", soorten=["signaal", "intrekking"], suite="1.0.0", scenarios=scenarios, geslaagd=True,
        getoetst_op=CLOCK.now(), handtekening="e30..AAAA",
    )  # fmt: skip
    with open_office(Settings(), CLOCK) as office:
        found = toetsen.sign(bare, office.keys) if signed else bare
    path = folder / f"uitslag-{signed}.json"
    path.write_bytes(canonical(found))
    assert json.loads(path.read_text())["deelnemer"] == ONE
    return path


def csr(folder: Path) -> Path:
    path = folder / "aanvraag.csr"
    path.write_bytes(csr_of(ec.generate_private_key(ec.SECP256R1()), ONE))
    return path


def rehearse() -> None:
    row = Schaduwproef(ids.new(), ONE, ONE, "api", CLOCK.now(), 1, 1)
    with open_office(Settings(), CLOCK) as office:
        keyed = sealer(office.keys)
    with ExitStack() as stack, psycopg.connect(Foundation(Settings(), stack).dsn) as owner:
        administration.save_rehearsal(owner, row, keyed)
