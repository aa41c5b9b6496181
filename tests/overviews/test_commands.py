"""The commands for who is asked: an own key, the ground for the BSN, where a water company delivers; mistakes are told in one line."""

from contextlib import ExitStack
from datetime import date
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.__main__ import run
from gateway.app.grounds import Foundation
from gateway.app.house import open_office
from gateway.app.settings import Settings
from gateway.core.clock import SystemClock, dutch_day
from gateway.partners.register import Register
from gateway.partners.rows import sealer
from gateway.partners.source import load

ONE, OTHER, TOWN = "00000099000000031000", "00000099000000032000", "0392"
DAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEINHUIS_STATE", str(tmp_path / "s"))
    monkeypatch.setenv("SEINHUIS_PROEF", "true")
    assert run(["sleutels", "maak"]) == 0
    assert run(["deelnemer", "registreer", ONE, "Water", "--rol", "schuldeiser", "--sector", "drinkwater"]) == 0
    return tmp_path


def register() -> Register:
    with open_office(Settings(), SystemClock()) as office, office.database.transaction() as connection:
        return load(connection, sealer(office.keys))


def told(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command that must succeed prints."""
    capfd.readouterr()
    assert run(words) == 0
    return capfd.readouterr().out


def public(folder: Path, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> str:
    path = folder / "publiek.pem"
    path.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return str(path)


def test_what_a_party_may_be_asked_is_registered_with_its_days(folder: Path) -> None:
    assert register().party_key(ONE) is None
    key = public(folder, ec.generate_private_key(ec.SECP256R1()).public_key())
    assert run(["deelnemer", "sleutel", ONE, "water-2026-1", key]) == 0
    assert run(["deelnemer", "bsn", ONE, "Invorderingswet 1990", "2026-11-23", "2026-12-31"]) == 0
    assert run(["deelnemer", "leveringsgebied", ONE, "2026-11-23", "--postcodes", "2011-2037", "--postcodes", "1431"]) == 0
    found = register()
    known = found.party_key(ONE)
    assert known is not None
    assert (known.kid, known.wijze, known.publiek["kty"]) == ("water-2026-1", "eigen", "EC")
    days = (date(2026, 11, 22), DAY, date(2026, 12, 31), date(2027, 1, 1))
    assert [found.may_use_bsn(ONE, day) for day in days] == [False, True, True, False]
    assert [found.supplies(ONE, postcode, DAY) for postcode in ("2011AB", "2037ZZ", "2038AA", "1431AA")] == [True, True, False, True]
    assert not found.supplies(ONE, "2011AB", date(2026, 11, 22))


def test_what_a_party_may_be_asked_is_shown_and_ended(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["deelnemer", "bsn", ONE, "Invorderingswet 1990", "2026-11-23"]) == 0
    assert run(["deelnemer", "leveringsgebied", ONE, "2026-11-23", "--postcodes", "2011-2037"]) == 0
    assert run(["deelnemer", "bsn", ONE, "Invorderingswet 1990", "2026-11-23", "2026-12-31"]) == 0
    assert run(["deelnemer", "leveringsgebied", ONE, "2026-11-23", "2026-11-30", "--postcodes", "2011-2037"]) == 0
    found = register()
    assert [found.may_use_bsn(ONE, date(2027, 1, 1)), found.supplies(ONE, "2011AB", date(2026, 12, 1))] == [False, False]
    assert [found.may_use_bsn(ONE, DAY), found.supplies(ONE, "2011AB", DAY)] == [True, True]  # the control
    words = ["deelnemer", "registreer", ONE, "Water", "--rol", "schuldeiser", "--sector", "drinkwater"]
    assert run([*words, "--nummerformaat", "klantnummer", "--nummerformaat", "factuurnummer"]) == 0
    shown = told(capfd, "deelnemer", "toon", ONE)
    assert shown.splitlines() == [
        "deelnemer: naam Water, rollen schuldeiser, status actief, sectoren drinkwater, handelsnamen Water, "
        "nummerformaten factuurnummer + klantnummer",
        "proeftoelating: zonder stukken toegelaten",
        "bsnregistratie: grond Invorderingswet 1990, geldig_van 2026-11-23, geldig_tot 2026-12-31",
        "leveringsgebied: postcodes 2011-2037, geldig_van 2026-11-23, geldig_tot 2026-11-30",
    ]
    assert run(words) == 0
    assert "nummerformaten" not in told(capfd, "deelnemer", "toon", ONE)
    assert run(["deelnemer", "toon", OTHER]) == 2


def test_own_key_that_was_taken_back_counts_no_more_and_its_name_is_not_used_again(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for kid in ("water-1", "water-2"):
        assert run(["deelnemer", "sleutel", ONE, kid, public(folder, ec.generate_private_key(ec.SECP256R1()).public_key())]) == 0
    assert run(["deelnemer", "sleutel", ONE, "water-2", str(folder / "publiek.pem")]) == 0  # the same again changes nothing
    for kid, left in (("water-2", "water-1"), ("water-1", None)):
        assert (key := register().party_key(ONE)) is not None
        assert key.kid == kid
        assert run(["deelnemer", "trek-sleutel-in", ONE, kid]) == 0
        assert (key.kid if (key := register().party_key(ONE)) else None) == left
    assert run(["deelnemer", "trek-sleutel-in", ONE, "water-1"]) == 2
    assert run(["deelnemer", "sleutel", ONE, "water-2", str(folder / "publiek.pem")]) == 2
    assert "SLEUTELNAAM_GEBRUIKT" in capfd.readouterr().err
    shown = told(capfd, "deelnemer", "toon", ONE)
    assert shown.count("partijsleutel: kid water-") == shown.count("geldig_tot 20") == 2
    assert "publiek" not in shown


def test_general_agreement_is_registered_shown_and_ended(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["deelnemer", "registreer", OTHER, "Energie", "--rol", "schuldeiser"]) == 0
    words = ["afspraak", "registreer", "akkoord-1", "akkoord_vooraf", "Vereniging Voorbeeld", "2026-01-15", "2026-02-01"]
    bound = ["--schuldeiser", ONE, "--schuldeiser", OTHER]
    assert run([*words, *bound]) == 0
    assert run([*words, *bound]) == 0  # the same again changes nothing
    pause = ["afspraak", "registreer", "pauze-1", "convenant", "Water", "2020-01-15", "2020-02-01"]
    assert run([*pause, "--schuldeiser", ONE, "--gemeentecode", TOWN]) == 0
    assert (found := register().general_agreement("akkoord_vooraf", OTHER, "0344", DAY)) is not None
    assert (found.id, found.partij, found.schuldeisers) == ("akkoord-1", "Vereniging Voorbeeld", frozenset({ONE, OTHER}))
    assert register().general_agreement("akkoord_vooraf", ONE, TOWN, date(2026, 1, 31)) is None
    assert run(["afspraak", "beeindig", "akkoord-1", "2026-11-22"]) == 0
    assert register().general_agreement("akkoord_vooraf", OTHER, TOWN, DAY) is None
    assert [register().general_agreement("convenant", ONE, code, DAY) is not None for code in (TOWN, "0344")] == [True, False]
    over = "geldt" if dutch_day(SystemClock().now()) <= date(2026, 11, 22) else "geldt vandaag niet"
    assert told(capfd, "afspraak", "toon").splitlines() == [
        f"pauze-1: convenant van Water met gemeente {TOWN}, getekend 2020-01-15, vanaf 2020-02-01, voor {ONE}; geldt",
        "akkoord-1: akkoord_vooraf van Vereniging Voorbeeld met alle gemeenten, getekend 2026-01-15, vanaf 2026-02-01 tot en met "
        f"2026-11-22, voor {ONE}, {OTHER}; {over}",
    ]
    assert "afspraak: id akkoord-1" in told(capfd, "deelnemer", "toon", OTHER)


def test_agreement_is_never_changed_extended_or_made_with_nobody(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["afspraak", "registreer", "akkoord-1", "akkoord_vooraf", "Water", "2026-01-15", "2026-02-01"]
    assert run([*words, "2026-12-31", "--schuldeiser", ONE]) == 0
    for wrong, why in (
        ([*words, "2027-12-31", "--schuldeiser", ONE], "AFSPRAAK_BESTAAT"),
        (["afspraak", "beeindig", "akkoord-1", "2027-12-31"], "AFSPRAAK_EINDIGT_EERDER"),
        (["afspraak", "beeindig", "akkoord-2", "2027-12-31"], "AFSPRAAK_ONBEKEND"),
        ([*words[:2], "akkoord-3", *words[3:], "--schuldeiser", OTHER], "geen ingeschreven schuldeiser"),
        ([*words[:2], "akkoord-3", "iets", *words[4:], "--schuldeiser", ONE], "kies uit convenant, akkoord_vooraf"),
        ([*words[:2], "akkoord-3", *words[3:], "2026-01-01", "--schuldeiser", ONE], "draai ze om"),
        (words, "--schuldeiser"),
    ):
        capfd.readouterr()
        assert run(wrong) == 2
        (line,) = capfd.readouterr().err.strip().splitlines()
        assert why in line
    assert (found := register().general_agreement("akkoord_vooraf", ONE, TOWN, DAY)) is not None
    assert (found.id, found.geldig_tot) == ("akkoord-1", date(2026, 12, 31))
    assert run(["afspraak", "beeindig", "akkoord-1", "2026-01-31"]) == 0  # before its first day: undone
    assert register().general_agreement("akkoord_vooraf", ONE, TOWN, DAY) is None


def test_agreement_that_was_written_past_the_gateway_is_shown_as_such(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["afspraak", "registreer", "pauze-1", "convenant", "Water", "2020-01-15", "2020-02-01", "--schuldeiser", ONE]) == 0
    assert "TELT NIET" not in told(capfd, "afspraak", "toon")
    with ExitStack() as stack, psycopg.connect(Foundation(Settings(), stack).dsn) as owner:
        owner.execute("UPDATE afspraak SET soort = 'akkoord_vooraf'")
    assert "akkoord_vooraf van Water" in (shown := told(capfd, "afspraak", "toon"))
    assert "TELT NIET" in shown
    assert "TELT NIET" in told(capfd, "deelnemer", "toon", ONE)
    assert run(["afspraak", "beeindig", "pauze-1", "2027-01-01"]) == 2


def test_a_weak_key_a_wrong_range_and_a_turned_period_are_refused(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    weak = public(folder, rsa.generate_private_key(65537, 2048).public_key())
    for words in (
        ["sleutel", ONE, "k", weak],
        ["bsn", ONE, "grond", "2026-11-23", "2026-11-22"],
        ["leveringsgebied", ONE, "2026-11-23", "--postcodes", "2037-2011"],
        ["leveringsgebied", ONE, "2026-11-23", "--postcodes", "0999"],
    ):
        capfd.readouterr()
        assert run(["deelnemer", *words]) == 2
        assert len(capfd.readouterr().err.strip().splitlines()) == 1
    assert register().party_key(ONE) is None


def test_held_number_fields_are_shown_and_released(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["deelnemer", "geef-nummerveld-vrij", ONE, "klantnummer"]) == 2
    assert "wordt niet aangehouden" in capfd.readouterr().err
    with ExitStack() as stack, psycopg.connect(Foundation(Settings(), stack).dsn) as owner:
        owner.execute("INSERT INTO nummer_telling VALUES (%s, 'klantnummer', current_date, 1, 60, 58)", (ONE,))
        owner.execute("INSERT INTO nummer_aangehouden VALUES (%s, 'klantnummer', now())", (ONE,))
    capfd.readouterr()
    assert run(["deelnemer", "nummervelden"]) == 0
    assert f"{ONE} klantnummer: 58 van 60 voldoen aan de elfproef; aangehouden sinds 20" in capfd.readouterr().out
    assert run(["deelnemer", "geef-nummerveld-vrij", ONE, "klantnummer", "2999-12-31"]) == 0
    assert run(["deelnemer", "nummervelden"]) == 0
    assert "klantnummer: 0 van 0 voldoen aan de elfproef; vrij tot en met 2999-12-31" in capfd.readouterr().out
