"""The layout of a desk: what a profile may say, what its cells become, and that no file calculates or loses anything."""

import csv
import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.desk import layout, writing
from adapters.desk.cells import Euros, Layout, Onvulbaar
from adapters.formats import profile, reading
from adapters.formats.mapping import Mapping
from adapters.synthetic.uitlaat import records
from gateway.__main__ import run
from schemas import uitlaat
from schemas.sealed import CONTENT, Klant
from schemas.types import Wire
from schemas.uitlaat import Uitlaatrecord
from tests.architecture.tree import ROOT
from tests.outlet.profiles import EXAMPLE, TEXT, kolom, profiel

DAY = date(2026, 11, 22)
WHOLE, *_ = records(1, DAY)
ALL = tuple(CONTENT)
GUIDE = ROOT / "docs/uitlaat.md"


def written(content: bytes, *found: Uitlaatrecord) -> bytes:
    made = Layout(layout.load(content))
    return b"".join(writing.write(made, [made.row(record) for record in found]))


def named(naam: str) -> Uitlaatrecord:
    """The record with another surname."""
    assert WHOLE.identiteit is not None
    person = msgspec.structs.replace(WHOLE.identiteit.personen[0], achternaam=naam, voorvoegsel=None)
    return msgspec.structs.replace(WHOLE, identiteit=msgspec.structs.replace(WHOLE.identiteit, personen=[person]))


def told(content: bytes) -> list[str]:
    with pytest.raises(profile.Ongeldig) as refused:
        layout.load(content)
    return [f"{fout.plek}: {fout.melding}" for fout in refused.value.fouten]


def test_example_fills_every_column_in_order() -> None:
    made = Layout(layout.load(EXAMPLE.read_bytes()))
    (row,) = csv.reader(io.StringIO(written(EXAMPLE.read_bytes(), WHOLE).decode("utf-8-sig").partition("\r\n")[2]), delimiter=";")
    assert len(row) == len(made.heads) == TEXT.count("[[kolommen]]")
    assert dict(zip(made.heads, row, strict=True)) | {"Bron": "", "Soort": "", "Herhaling": ""} == {
        **dict(zip(made.heads, row, strict=True)), "Bron": "", "Soort": "", "Herhaling": "",
        "Meldingsnummer": str(WHOLE.id), "Bedrag": f"{WHOLE.bedrag_cent // 100},{WHOLE.bedrag_cent % 100:02}", "Crisis": "ontruiming",
        "Datum signaal": f"{WHOLE.signaaldatum:%d-%m-%Y}",
    }  # fmt: skip
    assert "" not in row
    assert list(layout.gaps(made.profiel, ALL)) == []


def test_what_a_message_does_not_have_is_an_empty_cell_or_its_default() -> None:
    _, bare = records(2, DAY)
    row = dict(zip(Layout(layout.load(EXAMPLE.read_bytes())).heads, Layout(layout.load(EXAMPLE.read_bytes())).row(bare), strict=True))
    assert row["Crisis"] == "geen"
    closed = msgspec.structs.replace(bare, contact=None, klant=None)
    assert Layout(layout.load(EXAMPLE.read_bytes())).row(closed)[-3:] == ["", "", ""]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (kolom("A", 'uit = "/nergens"'), "de plek /nergens niet"),
        (kolom("A", 'uit = "/identiteit/personen"'), "niet"),
        (kolom("A"), "Noem één van"),
        (kolom("A", 'uit = "/id"', 'waarde = "x"'), "Noem één van"),
        (kolom("Id", 'uit = "/soort"'), "eerdere kolom"),
        (kolom("A", 'uit = "/soort"', 'omzetting = "datum"', 'patroon = "jjjjmmdd"'), "past niet"),
        (kolom("A", 'uit = "/volgnummer"', 'omzetting = "bedrag"'), "past niet"),
        (kolom("A", 'uit = "/klant/klantnummer"', 'omzetting = "telefoon"'), "past niet"),
        (kolom("A", 'uit = "/signaaldatum"', 'omzetting = "datum"'), "Welke vorm"),
        (kolom("A", 'uit = "/signaaldatum"', 'omzetting = "datum"', 'patroon = "jjjj-mm-dd*"'), "geen *"),
        (kolom("A", 'uit = "/soort"', 'lijst = { vroegsignaal = "N" }'), "hoort bij omzetting waardelijst"),
        (kolom("A", 'uit = "/soort"', 'omzetting = "waardelijst"', 'lijst = { vroeg = "N" }'), "staat nooit"),
        (kolom("A", 'uit = "/soort"', "kleur = 3"), "Dit lid kent een profiel hier niet"),
    ],
)
def test_profile_that_cannot_work_is_refused_at_its_line(columns: str, said: str) -> None:
    (found, *_) = told(profiel(columns))
    assert said in found
    assert found.startswith("regel ")


def test_profile_without_the_id_is_refused_because_no_withdrawal_could_be_told() -> None:
    assert any("intrekking" in line for line in told(profiel().replace(b'"/id"', b'"/soort"')))


def test_elements_of_one_element_stand_together() -> None:
    inside = kolom("Klant/Naam", 'uit = "/identiteit/personen/0/achternaam"')
    assert told(profiel(inside, kolom("Los", 'waarde = "x"'), kolom("Klant/Nr", 'uit = "/klant/klantnummer"'), formaat="xml"))
    assert told(profiel(inside, kolom("Klant", 'waarde = "x"'), formaat="xml"))
    layout.load(profiel(inside, kolom("Klant/Nr", 'uit = "/klant/klantnummer"'), kolom("Los", 'waarde = "x"'), formaat="xml"))


def test_what_may_not_travel_and_what_no_list_names_are_gaps() -> None:
    listed = kolom("S", 'uit = "/soort"', 'omzetting = "waardelijst"', 'lijst = { vroegsignaal = "N" }')
    found = layout.load(profiel(kolom("N", 'uit = "/klant/klantnummer"'), listed))
    assert layout.needs(found) == {"klant"}
    gaps = list(layout.gaps(found, ["identiteit"]))
    assert ["klant" in gap for gap in gaps] == [True, False]
    assert "actualisering, eindelevering" in gaps[1]
    assert list(layout.doubts(layout.load(profiel(kolom("T", 'uit = "/contact/telefoonnummers/0"', "verplicht = true")))))


@pytest.mark.parametrize(
    ("column", "why"),
    [
        (kolom("A", 'uit = "/identiteit/personen/1/geboortedatum"', "verplicht = true"), "verplicht"),
        (kolom("A", 'uit = "/identiteit/personen/0/achternaam"', "lengte = 3"), "langer dan 3"),
        (kolom("A", 'uit = "/soort"', 'omzetting = "waardelijst"', 'lijst = { eindelevering = "E" }'), "niet in de lijst"),
    ],
)
def test_message_that_does_not_fit_gives_no_row(column: str, why: str) -> None:
    person = msgspec.structs.replace(named("Jansen"))
    with pytest.raises(Onvulbaar) as refused:
        written(profiel(column), person)
    assert why in refused.value.melding
    assert "Jansen" not in refused.value.melding


def test_letter_that_the_desk_cannot_read_gives_no_row() -> None:
    column = kolom("A", 'uit = "/identiteit/personen/0/achternaam"')
    with pytest.raises(Onvulbaar, match="A"):
        written(profiel(column, form='codering = "windows-1252"'), named("Şahin"))
    assert "Müller".encode("windows-1252") in written(profiel(column, form='codering = "windows-1252"'), named("Müller"))


@pytest.mark.parametrize(
    ("form", "formaat", "naam", "right"),
    [
        ('codering = "iso-8859-1"', "csv", "Naam \u2013 klant", False),
        ('codering = "windows-1252"', "csv", "Naam \u2013 klant", True),
        ('codering = "iso-8859-1"\nkopregel = false', "csv", "Naam \u2013 klant", True),
        ("", "csv", "Naam \u2013 klant", True),
        ("", "xlsx", "Naam \uffff klant", False),
        ("", "xlsx", "Naam \u2013 klant", True),
    ],
)
def test_head_that_cannot_be_written_is_refused(form: str, formaat: str, naam: str, right: bool) -> None:
    content = profiel(kolom(naam, 'uit = "/soort"'), form=form, formaat=formaat)
    if right:
        assert written(content, WHOLE)
    else:
        assert "een teken dat" in told(content)[0]


@pytest.mark.parametrize("formaat", ["xml", "xlsx"])
@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1f", "\ufffe"])
def test_sign_that_xml_does_not_have_gives_no_row(formaat: str, sign: str) -> None:
    content = profiel(kolom("Nr", 'uit = "/klant/klantnummer"'), formaat=formaat)
    with pytest.raises(Onvulbaar, match="Nr"):
        written(content, msgspec.structs.replace(WHOLE, klant=Klant(klantnummer=f"K{sign}")))
    assert written(content, msgspec.structs.replace(WHOLE, klant=Klant(klantnummer="K\t1")))  # the control


HOSTILE = ["=1+1", "+cmd|'/C calc'!A0", "-2+3", "@SUM(A1)", "x;=1+1", 'a"b', "<x>&", "\uff1d1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_calculated_and_nothing_breaks_out(text: str) -> None:
    column = kolom("Naam", 'uit = "/identiteit/personen/0/achternaam"')
    person = named(f"{text}Z" if not any(c.isalpha() for c in text) else text)
    assert person.identiteit is not None
    wanted = person.identiteit.personen[0].achternaam
    (_, row) = csv.reader(io.StringIO(written(profiel(column), person).decode()), delimiter=";", strict=True)
    sheet = sheet_rows(written(profiel(column, formaat="xlsx"), person))
    for cell in (row[1], sheet[1][1]):
        assert cell.replace("'", "") == wanted.replace("'", "")
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))
    tree = ET.fromstring(written(profiel(column, formaat="xml"), person))  # noqa: S314 - our own file
    assert tree.findtext("Signaal/Naam") == wanted


def sheet_rows(content: bytes) -> list[list[str]]:
    """The texts of the sheet as they stand in the archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        root = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert list(root.iter(f"{space}f")) == []
    return [["".join(cell.itertext()) for cell in row] for row in root.iter(f"{space}row")]


SHEET = """naam = "terug"
versie = 1
geldigVan = 2026-01-01
partner = "00000099000000001000"
formaat = "xlsx"
[bestand]
blad = "Signalen"
[[velden]]
naar = "/kenmerk"
uit = "Id"
[[velden]]
naar = "/signaaldatum"
uit = "Datum"
omzetting = "datum"
[[velden]]
naar = "/achterstand/bedragCent"
uit = "Bedrag"
omzetting = "bedrag"
"""


def test_sheet_has_real_dates_and_amounts_that_our_own_reader_reads_back() -> None:
    dated = kolom("Datum", 'uit = "/signaaldatum"', 'omzetting = "datum"')
    amount = kolom("Bedrag", 'uit = "/bedragCent"', 'omzetting = "bedrag"')
    bare = msgspec.structs.replace(WHOLE, werkbak=None)
    content = written(profiel(dated, amount, kolom("Leeg", 'uit = "/werkbak"'), formaat="xlsx"), WHOLE, bare)
    assert Layout(layout.load(profiel(amount, formaat="xlsx"))).row(WHOLE)[1] == Euros(WHOLE.bedrag_cent)
    found = [record.value for record in reading.lezer(Mapping(profile.load(SHEET.encode())), "x.xlsx")(io.BytesIO(content))]
    assert [row[3] for row in sheet_rows(content)] == ["Leeg", "overig", ""]
    wanted = (str(WHOLE.id), WHOLE.signaaldatum.isoformat(), {"bedragCent": WHOLE.bedrag_cent})
    assert [(row["kenmerk"], row["signaaldatum"], row["achterstand"]) for row in found] == [wanted] * 2


@given(st.binary(max_size=60))
def test_no_bytes_break_the_loader(junk: bytes) -> None:
    for content in (junk, TEXT.encode() + junk):
        with suppress(profile.Ongeldig):
            layout.load(content)


def test_command_shows_a_row_and_says_what_cannot_be_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["uitlaat", "toets", str(EXAMPLE)]) == 0
    told = capsys.readouterr().out
    assert "Bedrag: " in told
    assert "verzonnen-loket versie 1: klopt" in told
    wrong = tmp_path / "p.toml"
    for change, said in (((', herhaald = "4"', ""), "herhaald"), (("/bedragCent", "/bedrag"), "regel ")):
        wrong.write_text(TEXT.replace(*change))
        assert run(["uitlaat", "toets", str(wrong)]) == 1
        assert said in capsys.readouterr().out


def test_example_is_named_as_invented() -> None:
    assert TEXT.startswith("# VERZONNEN VOORBEELD")
    assert layout.load(EXAMPLE.read_bytes()).naam.startswith("verzonnen")


def test_every_word_of_a_profile_is_explained() -> None:
    kinds = [kind for kind in vars(uitlaat).values() if _of_profile(kind)]
    words = [*get_args(uitlaat.Omzetting), *(name for kind in kinds for name in kind.__struct_encode_fields__)]
    assert len(kinds) == 3
    guide = GUIDE.read_text(encoding="utf-8")
    assert [word for word in words if f"`{word}`" not in guide] == []


def _of_profile(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Wire) and kind.__module__ == "schemas.uitlaat" and kind is not Uitlaatrecord
