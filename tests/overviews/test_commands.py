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
from gateway.core.clock import SystemClock
from gateway.partners.register import Register
from gateway.partners.rows import sealer
from gateway.partners.source import load

ONE = "00000099000000031000"
DAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEINHUIS_STATE", str(tmp_path / "s"))
    assert run(["sleutels", "maak"]) == 0
    assert run(["deelnemer", "registreer", ONE, "Water", "--rol", "schuldeiser", "--sector", "drinkwater"]) == 0
    return tmp_path


def register() -> Register:
    with open_office(Settings(), SystemClock()) as office, office.database.transaction() as connection:
        return load(connection, sealer(office.keys))


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
