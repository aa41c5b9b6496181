"""The rows are refused at start when they cannot be right."""

from datetime import date
from pathlib import Path

import pytest

from gateway.core.errors import Misconfigured
from gateway.rules import rows
from gateway.rules.rulebook import Rulebook
from tests.rules.build import LEGAL

GOOD = """
sectoren = ["*"]
[[regel]]
id = "VS-01"
code = "SECTOR_NIET_AANGEWEZEN"
artikel = "Wgs art. 3"
geldig_van = 2021-01-01
oordeel = "fout"
zekerheid = "V"
toets = "niet_aangewezen"
melding = "Niet aangewezen."
"""


def _load(folder: Path, text: str) -> Rulebook:
    (folder / "a.toml").write_text(text)
    return Rulebook.load(lambda row: False, folder)


def test_good_file_is_taken(tmp_path: Path) -> None:
    assert [r.id for r in _load(tmp_path, GOOD).rows_on("x", "vroegsignaal", date(2026, 1, 1))] == ["VS-01"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('artikel = "Wgs art. 3"\n', "", "artikel"),
        ('artikel = "Wgs art. 3"', 'artikel = ""', "artikel"),
        ('toets = "niet_aangewezen"', 'toets = "bestaat_niet"', "bestaat_niet"),
        ('toets = "niet_aangewezen"', 'toets = "leeftijd"', "minimum"),
        ('toets = "niet_aangewezen"', 'toets = "leeftijd"\nparameters = { minimum = "30" }', "int"),
        ('toets = "niet_aangewezen"', 'toets = "leeftijd"\nparameters = { minimum = 30, teveel = 1 }', "teveel"),
        ('"fout"', '"streng"', "oordeel"),
        ('"Niet aangewezen."', '"Voor {naam}."', "waarde"),
        ("geldig_van = 2021-01-01", "geldig_van = 2021-01-01\ngeldig_tot = 2020-12-31", "eindigt"),
        ('zekerheid = "V"', 'zekerheid = "V"\nonbekend = 1', "onbekend"),
        ('zekerheid = "V"', 'zekerheid = "V"\nop_instructie = true', "op_instructie"),
        ('sectoren = ["*"]', 'sectoren = ["huur"]', "onbekende sector"),
        ("[[regel]]", "[[regel", "a.toml"),
    ],
)
def test_bad_row_refuses_to_start(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(Misconfigured, match=says):
        _load(tmp_path, GOOD.replace(old, new, 1))


def test_empty_folder_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Rulebook.load(lambda row: False, tmp_path)


@pytest.mark.parametrize(
    ("first", "second", "fine"),
    [
        ("geldig_tot = 2025-12-31", "geldig_van = 2026-01-01", True),
        ("geldig_tot = 2026-01-01", "geldig_van = 2026-01-01", False),
        ("", "geldig_van = 2026-01-01", False),
        ('soorten = ["vroegsignaal"]', 'geldig_van = 2021-01-01\nsoorten = ["actualisering"]', True),
        ('soorten = ["vroegsignaal"]', "geldig_van = 2021-01-01", False),
    ],
)
def test_rows_of_one_rule_may_not_overlap(tmp_path: Path, first: str, second: str, fine: bool) -> None:
    row = GOOD.split("[[regel]]")[1]
    text = f"{GOOD}{first}\n[[regel]]{row.replace('geldig_van = 2021-01-01', second)}"
    if fine:
        _load(tmp_path, text)
    else:
        with pytest.raises(Misconfigured, match="twee rijen VS-01"):
            _load(tmp_path, text)


def test_every_row_names_an_article_and_every_message_is_a_sentence() -> None:
    for table in rows.read():
        for row in table.regel:
            assert len(row.artikel) > 5
            assert row.melding.endswith(".")


@pytest.mark.parametrize("sector", LEGAL)
def test_rules_that_part_one_needs_hold_today(sector: str) -> None:
    held = {r.id for r in Rulebook.load(lambda row: False).rows_on(sector, "vroegsignaal", date(2026, 11, 22))}
    expected = {f"VS-{n:02d}" for n in (1, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 20, 21)}
    assert expected <= held


def test_a_row_that_ends_has_left_the_day_after() -> None:
    book = Rulebook.load(lambda row: False)
    old = [r for r in book.rows_on("gas", "vroegsignaal", date(2025, 12, 31)) if r.code == "GEEN_CONTACTPOGING"]
    new = [r for r in book.rows_on("gas", "vroegsignaal", date(2026, 1, 1)) if r.code == "GEEN_CONTACTPOGING"]
    assert [r.geldig_tot for r in old + new] == [date(2025, 12, 31), None]
