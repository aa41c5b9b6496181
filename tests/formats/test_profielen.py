"""`seinhuis profiel`: what an integrator sees of a profile and of a file, and what stays out of sight."""

import json
import re
import shlex
from pathlib import Path

import pytest

from gateway.__main__ import run
from tests.architecture.tree import ROOT
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


WHOLE = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/profielen.md").read_text(encoding="utf-8"), re.DOTALL)[0]
HEADS = "Signaalnummer;Datum;Bedrag;Open sinds;Voorletters;Achternaam;Postcode;Huisnummer;Plaats\r\n"
PER_RECORD = '[[velden]]\nnaar = "/sector"\nuit = "S"\nomzetting = "waardelijst"\nlijst = {G = "gass"}\n'
ROW = "1;20-11-2026;450,12;01-09-2026;J.;Testpersoon;2011 AB;12A-2;Haarlem\r\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('[bewijs]\nverklaring = "MIJN-VERKLARING"', "", "/inspanning/wijze, dat elk signaal heeft; maak [bewijs], of een veld met"),
        ('sector = "huur"', "", "/sector, dat elk signaal heeft; noem haar in [kop]"),
        ('naar = "/kenmerk"', 'naar = "/klantnummer"', "heeft; heeft u geen eigen nummer, maak het dan met [kenmerk]"),
        ('sector = "huur"', 'sector = "water"', "de regels kennen sector 'water' niet; aangewezen zijn drinkwater, elektriciteit,"),
        ("[bewijs]", PER_RECORD + "[bewijs]", "de regels kennen sector 'gass' niet"),
    ],
)
def test_toets_says_what_to_do(shell: Shell, tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in WHOLE
    (tmp_path / "p.toml").write_text(WHOLE.replace(old, new))
    status, out, _ = shell(f"toets {tmp_path}/p.toml")
    assert (status, said in out) == (1, True), out


def test_first_profile_of_the_guide_reads_a_file_with_its_columns(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(WHOLE)
    (tmp_path / "f.csv").write_text(HEADS + ROW)
    assert shell(f"toets {tmp_path}/p.toml")[0] == 0
    assert "1 records (1 signaal), 0 met een bevinding" in shell(f"proef {tmp_path}/p.toml {tmp_path}/f.csv")[1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('uit = "Open sinds"\nomzetting = "datum"', 'uit = "Open sinds"', "(jjjj-mm-dd). Bron: kolom 'Open sinds'. (VORM"),
        ('uit = "Plaats"', 'uit = "Plaats"\nleeg = ["Haarlem"]', "Dit veld is verplicht. Bron: kolom 'Plaats'. (VELD_VERPLICHT)"),
        ('waarde = "hoofdhuurder"', 'waarde = "hoofdhuurder"\nals = {uit = "Plaats", gelijk = ["X"]}', "Bron: waarde 'hoofdhuurder'"),
    ],
)
def test_finding_of_the_form_names_what_fills_the_place(shell: Shell, tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in WHOLE
    (tmp_path / "p.toml").write_text(WHOLE.replace(old, new))
    (tmp_path / "f.csv").write_text(HEADS + ROW)
    assert said in shell(f"proef {tmp_path}/p.toml {tmp_path}/f.csv")[1]


def test_what_moves_up_in_a_list_names_each_column_it_may_be_of(shell: Shell, tmp_path: Path) -> None:
    mails = "".join(f'[[velden]]\nnaar = "/contact/emailadressen/{nr}"\nuit = "Mail {nr}"\n' for nr in (0, 1))
    (tmp_path / "p.toml").write_text(WHOLE.replace("[bewijs]", mails + "[bewijs]"))
    (tmp_path / "f.csv").write_text(HEADS.strip() + ";Mail 0;Mail 1\r\n" + ROW.strip() + ";;geen adres\r\n")
    out = shell(f"proef {tmp_path}/p.toml {tmp_path}/f.csv --aantal 0")[1]
    assert "Bron: kolom 'Mail 0' of kolom 'Mail 1'." in out


def test_toets_cuts_a_long_difference(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "leeg.json").write_text("[]")
    out = shell(f"toets stand.toml --voorbeeld {FILES['stand']} --verwacht {tmp_path}/leeg.json")[1]
    assert out.startswith('/: verwacht [], gelezen {"kop"')
    assert max(map(len, out.splitlines())) < 300


def test_proef_names_the_reason_as_the_profile_does(shell: Shell) -> None:
    assert "redenVervallen betaald" in shell(f"proef stand.toml {FILES['stand']} --aantal 0")[1]


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
