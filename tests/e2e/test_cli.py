"""The command line as an operator meets it: what each command does, and one Dutch line that says what to do when it cannot.

Most commands run in this process, with the same function as the program; a few as the program itself.
"""

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gateway.__main__ import run
from gateway.app.house import open_office
from gateway.app.settings import Settings
from gateway.commands.running import app, serve_command
from gateway.core.clock import SystemClock
from gateway.partners.register import Register
from gateway.partners.rows import sealer
from gateway.partners.source import load
from tests.architecture.tree import ROOT

ONE, OTHER = "00000099000000031000", "00000099000000032000"
TOWN = "00000099000000041000"
Cli = Callable[[str], str]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty state folder, as the settings of this process name it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEINHUIS_STATE", str(tmp_path / "s"))
    monkeypatch.setenv("SEINHUIS_PROEF", "true")
    return tmp_path / "s"


@pytest.fixture
def cli(state: Path, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Run one command that must succeed; returns what it printed."""

    def succeed(line: str) -> str:
        assert run(shlex.split(line)) == 0, capfd.readouterr().err
        shown = capfd.readouterr()
        assert shown.err == ""
        return shown.out

    return succeed


@pytest.fixture
def refused(state: Path, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Run one command that must be refused; returns its one line."""

    def fail(line: str) -> str:
        assert run(shlex.split(line)) != 0
        shown = capfd.readouterr()
        assert shown.out == ""
        assert shown.err.startswith("seinhuis: ")
        assert shown.err.count("\n") == 1
        return shown.err

    return fail


def register() -> Register:
    with open_office(Settings(), SystemClock()) as office, office.database.transaction() as connection:
        return load(connection, sealer(office.keys))


def test_installation_from_nothing_to_a_registered_partner(cli: Cli, state: Path) -> None:
    cli("sleutels maak")
    assert f"{ONE}: " in cli(f"certs dev --oin {ONE}=Woning --oin '{TOWN}=Gemeente Haarlem'")
    cli(f"deelnemer registreer {ONE} Woning --rol schuldeiser --rol signaalpartner --sector huur --nummerformaat klantnummer")
    cli(f"deelnemer registreer {OTHER} Incasso --rol schuldeiser")
    cli(f"deelnemer registreer {TOWN} 'Gemeente Haarlem' --rol gemeente --gemeentecode 0392")
    thumbprint = cli(f"deelnemer certificaat {ONE} s/pki/{ONE}.pem").strip()
    cli(f"deelnemer mandaat {OTHER} {ONE} schuldeiser 2026-01-01 2026-12-31")
    cli(f"deelnemer overeenkomst {ONE} 0392 warmte 2026-01-01")
    cli("gemeenten open 0392 Haarlem 2021-01-01 --drempel-cent 5000")
    cli(f"deelnemer status {OTHER} opgeschort")
    before = register()
    cli(f"deelnemer trek-certificaat-in {thumbprint}")
    after = register()
    found = after.partner(ONE)
    assert found is not None
    assert sorted(found.rollen) == ["schuldeiser", "signaalpartner"]
    assert (sorted(found.handelsnamen), sorted(found.nummerformaten)) == (["Woning"], ["klantnummer"])
    assert [d.status for d in (after.partner(ONE), after.partner(OTHER)) if d] == ["actief", "opgeschort"]
    assert after.gemeenten["0392"].drempel_cent == 5000
    assert (key := after.sealing_key("0392")) is not None
    assert key.wijze == "beheerd"
    states = [r.certificate(bytes.fromhex(thumbprint)) for r in (before, after)]
    assert [c.ingetrokken_op is not None for c in states if c] == [False, True]
    assert cli("log verify").startswith("log: klopt (0 regels")  # nothing numbers them until the gateway runs


def test_own_key_replaces_the_managed_one_and_a_declaration_is_kept_by_its_hash(cli: Cli, refused: Cli, state: Path) -> None:
    cli("sleutels maak")
    cli("gemeenten open 0392 Haarlem 2021-01-01")
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    Path("geheim.pem").write_bytes(pem)
    Path("publiek.pem").write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    Path("zwak.pem").write_bytes(
        ec.generate_private_key(ec.SECP384R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    assert "geheime sleutel" in refused("gemeenten sleutel 0392 haarlem-1 geheim.pem")
    assert "P-256" in refused("gemeenten sleutel 0392 haarlem-1 zwak.pem")
    cli("gemeenten sleutel 0392 haarlem-1 publiek.pem")
    assert (key := register().sealing_key("0392")) is not None
    assert (key.kid, key.wijze, "d" in key.publiek) == ("haarlem-1", "eigen", False)
    cli(f"deelnemer registreer {ONE} Woning --rol schuldeiser --rol experiment_cak --sector huur")
    cli(f"deelnemer verklaring {ONE} SIV-2026 huur 2025-12-01 2026-01-01 2026-12-31 publiek.pem")
    assert "ligt voor de eerste dag" in refused(f"deelnemer verklaring {ONE} SIV-2027 huur 2025-12-01 2026-01-01 2025-12-31 publiek.pem")


def test_registering_again_does_not_lift_a_suspension(cli: Cli) -> None:
    cli("sleutels maak")
    cli(f"deelnemer registreer {ONE} Woning --rol schuldeiser")
    cli(f"deelnemer status {ONE} opgeschort")
    assert cli(f"deelnemer registreer {ONE} 'Woning Nieuw' --rol schuldeiser") == f"{ONE}: opgeschort\n"


def test_second_key_is_refused_and_the_first_stays(cli: Cli, refused: Cli, state: Path) -> None:
    path = state / "sleutels" / "hoofdsleutel"
    cli("sleutels maak")
    first = path.read_bytes()
    assert "blijft staan" in refused("sleutels maak")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (first, 0o600)


def test_openapi_writes_both_documents_as_committed(cli: Cli, tmp_path: Path) -> None:
    cli("openapi uit")
    for name in ("schuldeiser.yaml", "gemeente.yaml"):
        assert (tmp_path / "uit" / name).read_bytes() == (ROOT / "openapi" / name).read_bytes()


def test_official_postcode_file_is_taken_into_use(cli: Cli, state: Path, tmp_path: Path) -> None:
    (tmp_path / "cbs.csv").write_text("PC6;Huisnummer;Buurt;Wijk;Gemeente\n2011AB;1;1;1;392\n")
    assert "postcodes.csv" in cli("gemeenten laad cbs.csv")
    assert (state / "postcodes.csv").read_bytes() == (tmp_path / "cbs.csv").read_bytes()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("zomaar", "opdracht"),
        ("deelnemer status", "OIN ontbreekt"),
        (f"deelnemer status {ONE} actief extra", "te veel woorden"),
        (f"deelnemer status {ONE} vrolijk", "kies uit actief, opgeschort, beeindigd"),
        ("deelnemer status 123 actief", "OIN van 20 posities"),
        (f"deelnemer registreer {ONE} x --rol baas", "kies uit schuldeiser"),
        (f"deelnemer registreer {ONE} x", "--rol ontbreekt"),
        (f"deelnemer registreer {ONE} '' --rol schuldeiser", "verwacht een naam"),
        (f"deelnemer registreer {ONE} x --rol schuldeiser --sector Huur", "sector in kleine letters"),
        (f"deelnemer registreer {ONE} x --rol schuldeiser --nummerformaat bsn", "kies uit kenmerk"),
        (f"deelnemer registreer {ONE} x --rol gemeente", "--gemeentecode"),
        (f"deelnemer registreer {ONE} x --rol schuldeiser --gemeentecode 0392", "--gemeentecode"),
        (f"deelnemer registreer {ONE} x --rol schuldeiser --kleur rood", "optie --kleur"),
        (f"deelnemer mandaat {ONE} {OTHER} schuldeiser 2026-02-30", "JJJJ-MM-DD"),
        (f"deelnemer mandaat {ONE} {OTHER} schuldeiser 20260201", "JJJJ-MM-DD"),
        (f"deelnemer mandaat {ONE} {OTHER} schuldeiser 2026-02-01 2026-01-01", "draai ze om"),
        (f"deelnemer mandaat {ONE} {OTHER} bewoner 2026-02-01", "kies uit"),
        (f"deelnemer overeenkomst {ONE} 392 warmte 2026-01-01", "vier cijfers"),
        (f"deelnemer overeenkomst {ONE} 0392 warmte 2026-01-01 gisteren", "JJJJ-MM-DD"),
        ("deelnemer trek-certificaat-in zz", "64 hexadecimale tekens"),
        (f"deelnemer certificaat {ONE} nergens.pem", "geen leesbaar bestand"),
        (f"deelnemer certificaat {ONE} .", "geen leesbaar bestand"),
        (f"deelnemer status {ONE} actief", "sleutels maak"),
        ("gemeenten open 9999 Nergens 2026-01-01", "geen bestaande gemeente"),
        ("gemeenten open 0392 Haarlem 2026-01-01 --drempel-cent 12,50", "eurocenten"),
        ("gemeenten laad nergens.csv", "geen leesbaar bestand"),
        ("certs dev --oin 123=Woning", "OIN van 20 posities"),
        ("log verify", "sleutels maak"),
        ("log verify --controlepunt nergens", "geen leesbaar bestand"),
        ("serve", "sleutels maak"),
        ("bench --only hardlopen", "kies uit batch"),
        ("console beeindig", "--wie"),
        ("console beeindig --wie anne --alle", "--alle"),
        ("console beeindig --alle", "sleutels maak"),
    ],
)
def test_bad_input_gives_one_line_that_says_what_to_do(refused: Cli, line: str, said: str) -> None:
    assert said in refused(line)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "veel"), ("OPERATOR", "ik"), ("DATABASE_URL", "onzin"), ("TLS12", "soms")],
)
def test_bad_setting_is_named(refused: Cli, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"SEINHUIS_{name}", value)
    line = refused("serve")
    assert f"SEINHUIS_{name}" in line
    assert value not in line


def test_serve_without_certificates_names_them(cli: Cli, refused: Cli) -> None:
    cli("sleutels maak")
    line = refused("serve")
    assert "crl.pem" in line
    assert "certs dev" in line


def test_key_that_others_can_read_is_refused(cli: Cli, refused: Cli, state: Path) -> None:
    cli("sleutels maak")
    (state / "sleutels" / "hoofdsleutel").chmod(0o640)
    assert "0600" in refused(f"deelnemer status {ONE} actief")


def test_the_retention_round_and_a_new_key_encryption_key(cli: Cli, state: Path) -> None:
    assert "nooit langer dan 26 weken" in cli("bewaring --toon")
    cli("sleutels maak")
    cli(f"deelnemer registreer {ONE} 'Woningstichting Voorbeeld' --rol schuldeiser --sector huur")
    before = (state / "sleutels" / "hoofdsleutel").read_bytes()
    assert cli("bewaring") == ""
    assert "hoofdsleutel" in cli("sleutels wissel")
    assert (state / "sleutels" / "hoofdsleutel").read_bytes() != before
    cli(f"deelnemer registreer {OTHER} 'Andere Stichting' --rol schuldeiser --sector huur")


def test_sessions_of_the_console_are_ended(cli: Cli, refused: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("sleutels maak")
    assert "SEINHUIS_OIDC_ISSUER" in refused("console beeindig --alle")
    monkeypatch.setenv("SEINHUIS_OIDC_ISSUER", "https://login.example")
    assert [cli(f"console beeindig {whose}") for whose in ("--alle", "--wie anne")] == ["sessies beëindigd: 0\n"] * 2


def test_port_in_use_is_told(cli: Cli, refused: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("sleutels maak")
    cli("certs dev")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("SEINHUIS_PORT", str(taken.getsockname()[1]))
        monkeypatch.setenv("SEINHUIS_PUBLIC_PORT", "0")
        monkeypatch.setenv("SEINHUIS_INNER_PORT", "0")
        assert f"Poort {taken.getsockname()[1]}" in refused("serve")


def test_files_of_the_wrong_kind_and_unknown_parties_are_refused(cli: Cli, refused: Cli, tmp_path: Path) -> None:
    (tmp_path / "tekst").write_text("zomaar\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    cli("sleutels maak")
    cli(f"certs dev --oin {ONE}=Woning")
    cli(f"deelnemer registreer {TOWN} Haarlem --rol gemeente --gemeentecode 0392")
    assert "BEGIN CERTIFICATE" in refused(f"deelnemer certificaat {ONE} tekst")
    assert f"is van {ONE}, niet van {OTHER}" in refused(f"deelnemer certificaat {OTHER} s/pki/{ONE}.pem")
    assert "subject.serialNumber" in refused(f"deelnemer certificaat {ONE} s/pki/root.pem")
    assert "deelnemer registreer" in refused(f"deelnemer certificaat {ONE} s/pki/{ONE}.pem")
    assert "deelnemer registreer" in refused(f"deelnemer mandaat {ONE} {OTHER} schuldeiser 2026-01-01")
    assert "al een andere deelnemer" in refused(f"deelnemer registreer {OTHER} Ander --rol gemeente --gemeentecode 0392")
    assert "DEELNEMER_ONBEKEND" in refused(f"deelnemer status {ONE} actief")
    assert "CERTIFICAAT_ONBEKEND" in refused(f"deelnemer trek-certificaat-in {'00' * 32}")
    assert "PC6" in refused("gemeenten laad tekst")
    assert "onleesbaar" in refused("gemeenten laad bytes")
    assert "geen tekst" in refused("log verify --controlepunt bytes")


def commands() -> list[str]:
    """Every command and group, by its words."""
    root = typer.main.get_command(app)
    found = [""]
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        found += [name, *(f"{name} {verb}" for verb in getattr(command, "commands", {}))]
    return found


@pytest.mark.parametrize("words", commands())
def test_help_is_dutch_and_explains_every_word(cli: Cli, words: str) -> None:
    shown = cli(f"{words} --help")
    assert shown.startswith("Gebruik: seinhuis")
    assert [word for word in ("Usage", "Options", "Arguments", "Commands", "Show this") if word in shown] == []
    rows = [line.strip() for line in shown.partition("\n\n")[2].partition("\n\n")[2].splitlines() if re.match(r"  \S", line)]
    assert rows
    assert [row for row in rows if len(re.split(r"  +", row)) != 2] == []


def test_nothing_asked_shows_the_help(state: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run([]) != 0
    assert capfd.readouterr().err.startswith("Gebruik: seinhuis OPDRACHT")


def test_program_ends_with_a_status_and_without_a_stack(tmp_path: Path) -> None:
    """Once as the program itself, which may start itself again for its TLS suites."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SEINHUIS_STATE": str(tmp_path / "s")}
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "serve"], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "sleutels maak" in done.stderr


def test_positive_control_a_mistake_of_ours_is_not_hidden(state: Path) -> None:
    """What is no operator's mistake keeps its stack: the one line above is not a blanket over everything."""
    with pytest.raises(TypeError):
        serve_command(timedelta(1))  # type: ignore[call-arg]
