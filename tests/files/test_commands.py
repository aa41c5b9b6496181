"""The commands for who delivers files: keys and profiles are registered, checked and taken back; mistakes are told in one line."""

import io
import subprocess
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from gateway.__main__ import run
from gateway.app.house import open_office
from gateway.app.settings import Settings
from gateway.commands import bestanden
from gateway.core.clock import SystemClock
from gateway.files.overview import Progress
from gateway.partners.register import Register
from gateway.partners.rows import sealer
from gateway.partners.source import load
from schemas.bestandsbewijs import Bestandsaantallen
from tests.architecture.tree import ROOT
from tests.tools import need

ONE = "00000099000000031000"
PROFILE = ROOT / "docs/voorbeelden/profielen/verhuurder.toml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEINHUIS_STATE", str(tmp_path / "s"))
    monkeypatch.setenv("SEINHUIS_PROEF", "true")
    assert run(["sleutels", "maak"]) == 0
    assert run(["deelnemer", "registreer", ONE, "Woning", "--rol", "schuldeiser", "--sector", "huur"]) == 0
    return tmp_path


def register() -> Register:
    with open_office(Settings(), SystemClock()) as office, office.database.transaction() as connection:
        return load(connection, sealer(office.keys))


def made(folder: Path, *words: str) -> Path:
    path = folder / f"sleutel{len(list(folder.iterdir()))}"
    subprocess.run([need("ssh-keygen"), "-q", "-N", "", "-f", str(path), *words], check=True)
    return path.with_suffix(".pub")


def test_an_sftp_key_is_registered_shown_and_taken_back(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = made(folder, "-t", "ed25519")
    capfd.readouterr()
    assert run(["deelnemer", "sftp-sleutel", ONE, str(path)]) == 0
    shown, hexadecimal = capfd.readouterr().out.split()
    known = register().sftp_key(bytes.fromhex(hexadecimal))
    assert known is not None
    assert (known.oin, known.soort, known.ingetrokken_op) == (ONE, "ssh-ed25519", None)
    assert run(["deelnemer", "trek-sftp-sleutel-in", shown]) == 0
    gone = register().sftp_key(bytes.fromhex(hexadecimal))
    assert gone is not None
    assert gone.ingetrokken_op is not None
    assert run(["deelnemer", "trek-sftp-sleutel-in", hexadecimal]) == 2
    assert "SFTP_SLEUTEL_ONBEKEND" in capfd.readouterr().err


def test_a_key_of_another_or_a_revoked_one_is_not_registered(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A public key is public: who hands in another's would lock it out; and a key that leaked must not come back."""
    other = ONE.replace("31000", "32000")
    assert run(["deelnemer", "registreer", other, "Ander", "--rol", "schuldeiser", "--sector", "huur"]) == 0
    path = made(folder, "-t", "ed25519")
    capfd.readouterr()
    for _ in range(2):  # its own partner may hand it in again
        assert run(["deelnemer", "sftp-sleutel", ONE, str(path)]) == 0
    shown, hexadecimal = capfd.readouterr().out.split()[:2]
    assert run(["deelnemer", "sftp-sleutel", other, str(path)]) != 0
    assert run(["deelnemer", "trek-sftp-sleutel-in", shown]) == 0
    assert run(["deelnemer", "sftp-sleutel", ONE, str(path)]) != 0
    known = register().sftp_key(bytes.fromhex(hexadecimal))
    assert known is not None
    assert known.oin == ONE
    assert known.ingetrokken_op is not None
    assert capfd.readouterr().err.count("SFTP_SLEUTEL_GEBRUIKT") == 2


def test_a_weak_key_a_private_key_and_a_stranger_are_refused(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    strong, weak = made(folder, "-t", "ed25519"), made(folder, "-t", "rsa", "-b", "2048")
    for words in ([ONE, str(weak)], [ONE, str(strong.with_suffix(""))], ["00000099000000099000", str(strong)]):
        assert run(["deelnemer", "sftp-sleutel", *words]) == 2
        assert capfd.readouterr().err.count("\n") == 1
    for text in ("SHA256:kort", "zz", "SHA256:" + "A" * 42 + "!"):
        assert run(["deelnemer", "trek-sftp-sleutel-in", text]) == 2


def test_a_profile_is_registered_for_its_own_partner(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = PROFILE.read_text(encoding="utf-8")
    owner = text.partition('partner = "')[2][:20]
    own = folder / "eigen.toml"
    own.write_text(text.replace(owner, ONE), encoding="utf-8")
    assert run(["deelnemer", "profiel", ONE, str(own), "--ingepakt", "gzip", "--patroon", "huur-*.csv"]) == 0
    (found,) = register().profiles(ONE, date(2099, 1, 1))
    assert (found.patroon, found.ingepakt) == ("huur-*.csv", frozenset({"gzip"}))
    assert found.inhoud is not None
    assert ONE in found.inhoud
    assert run(["deelnemer", "profiel", ONE, str(PROFILE)]) == 2
    assert owner in capfd.readouterr().err
    own.write_text("naam = 1", encoding="utf-8")
    assert run(["deelnemer", "profiel", ONE, str(own)]) == 2


def test_without_files_there_is_nothing_to_see(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    assert run(["bestanden", "--json"]) == 0
    assert capfd.readouterr().out == "[]\n"


@pytest.mark.parametrize("naam", ["a[red]b.xml", "[link=x]y.xml", ":smile:.xml", "[/].xml"])
def test_the_name_of_a_file_is_shown_as_it_is(naam: str) -> None:
    found = Progress("1", ONE, naam, "verwerkt", 1, None, None, 1, 1, Bestandsaantallen(aangeboden=1))
    console = Console(width=80, file=io.StringIO())
    console.print(bestanden._table([found]))
    shown = console.file
    assert isinstance(shown, io.StringIO)
    assert naam in shown.getvalue()
