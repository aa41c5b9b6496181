"""`seinhuis profiel`: what an integrator sees of a profile and of a file, and what stays out of sight."""

import json
import shlex
from pathlib import Path

import pytest

from gateway.__main__ import run
from tests.formats.test_examples import FILES, FOLDER
from tests.formats.test_profile import CSV, VELD


class Shell:
    """Runs commands in this process, in the folder of the examples."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def __call__(self, line: str) -> tuple[int, str, str]:
        status = run(["profiel", *shlex.split(line)])
        shown = self._capfd.readouterr()
        return status, shown.out, shown.err


@pytest.fixture
def shell(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(FOLDER)
    return Shell(capfd)


@pytest.mark.parametrize("name", [name for name in FILES if name != "schuldenknooppunt"])
def test_toets_passes_with_the_golden_file(shell: Shell, name: str) -> None:
    status, out, err = shell(f"toets {name}.toml --voorbeeld {FILES[name]} --verwacht {name}.json")
    assert (status, err) == (0, "")
    assert out.endswith("klopt\n")


def test_toets_names_each_difference(shell: Shell, tmp_path: Path) -> None:
    changed = json.loads((FOLDER / "stand.json").read_text(encoding="utf-8"))
    changed["records"][0]["value"]["adres"]["huisnummer"] = 13
    del changed["records"][1]
    (tmp_path / "anders.json").write_text(json.dumps(changed))
    status, out, _ = shell(f"toets stand.toml --voorbeeld {FILES['stand']} --verwacht {tmp_path}/anders.json")
    assert status == 1
    assert "/records/0/value/adres/huisnummer: verwacht 13, gelezen 12" in out
    assert "/records/2: verwacht niets, gelezen {" in out
    assert out.endswith("maandlijst-csv versie 1: KLOPT NIET\n")


def test_toets_names_what_no_field_fills(shell: Shell) -> None:
    status, out, _ = shell("toets schuldenknooppunt.toml")
    assert status == 1
    assert "geen veld vult /adres/postcode" in out


def test_toets_names_every_error_with_its_line(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(CSV + VELD + '[[velden]]\nnaar = "/bsn"\nuit = "B"\n[[velden]]\nnaar = "/iban"\nuit = "C"\n')
    status, out, err = shell(f"toets {tmp_path}/p.toml")
    assert (status, err, out.count("\n")) == (1, "", 2)
    assert f"{tmp_path}/p.toml, regel 10, velden.2.naar: Een signaal heeft deze plek niet" in out


def test_toets_asks_for_both_files(shell: Shell, tmp_path: Path) -> None:
    assert shell("toets stand.toml --voorbeeld stand.toml")[0] == 2
    (tmp_path / "kapot.json").write_text("{")
    assert "Geen geldige JSON" in shell(f"toets stand.toml --voorbeeld {FILES['stand']} --verwacht {tmp_path}/kapot.json")[2]


def test_proef_shows_the_first_records_and_warns_that_it_does(shell: Shell) -> None:
    status, out, _ = shell(f"proef verhuurder.toml {FILES['verhuurder']} --aantal 1")
    assert status == 0
    assert out.startswith("Hieronder staan persoonsgegevens uit uw eigen bestand.")
    assert "Vries-Testpersoon" in out
    assert "Meer-Testpersoon" not in out
    assert "gelezen als windows-1252, scheidingsteken ';'" in out
    assert "5 records (4 signaal, 1 intrekking), 1 met een bevinding" in out
    assert "1 keer, het eerst op regel 7: /adres/postcode: Kolom 'Postcode': geen postcode" in out


@pytest.mark.parametrize("name", FILES)
def test_proef_of_none_shows_no_person(shell: Shell, name: str) -> None:
    status, out, _ = shell(f"proef {name}.toml {FILES[name]} --aantal 0")
    assert status == 0
    assert " records (" in out
    assert [word for word in ("Testpersoon", "2011", "persoonsgegevens", "884412") if word in out] == []


def test_proef_tells_what_the_gateway_would_say_of_the_form(shell: Shell) -> None:
    _, out, _ = shell(f"proef schuldenknooppunt.toml {FILES['schuldenknooppunt']}")
    assert "/personen: Dit veld is verplicht. (VELD_VERPLICHT)" in out


def test_proef_as_json_is_the_golden_file(shell: Shell) -> None:
    _, out, _ = shell(f"proef stand.toml {FILES['stand']} --json")
    assert json.loads(out) == json.loads((FOLDER / "stand.json").read_text(encoding="utf-8"))


def test_file_that_cannot_be_read_is_one_line(shell: Shell, tmp_path: Path) -> None:
    status, out, err = shell(f"proef stand.toml {FILES['verhuurder']}")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "KOLOM_ONTBREEKT" in err
    assert json.loads(shell(f"proef stand.toml {FILES['verhuurder']} --json")[1])["onleesbaar"]["code"] == "KOLOM_ONTBREEKT"
    (tmp_path / "p.toml").write_text("naam = ")
    status, _, err = shell(f"proef {tmp_path}/p.toml {FILES['stand']}")
    assert (status, err.count("\n")) == (2, 1)
    assert "profiel toets" in err
