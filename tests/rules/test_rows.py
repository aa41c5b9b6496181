"""The rows are refused at start when they cannot be right."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from gateway.core.errors import Misconfigured
from gateway.rules import rows
from gateway.rules.rulebook import Rulebook
from tests.rules import build
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
        ('zekerheid = "V"', 'zekerheid = "V"\ngemeenten = ["0392"]', "gemeente"),
        ('zekerheid = "V"', 'zekerheid = "V"\ngemeenten = ["Haarlem"]', "gemeenten"),
        ('toets = "niet_aangewezen"', 'toets = "experiment"\nparameters = { begonnen = 2021-01-01, rol = "x" }', "binnen 5 jaar"),
        ('toets = "niet_aangewezen"', 'toets = "experiment"\ngeldig_tot = 2025-12-31\nparameters = { rol = "x" }', "binnen 5 jaar"),
        (
            'toets = "niet_aangewezen"',
            'toets = "experiment"\ngeldig_tot = 2026-01-01\nparameters = { begonnen = 2021-01-01, rol = "x" }',
            "binnen 5 jaar",
        ),
    ],
)
def test_bad_row_refuses_to_start(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(Misconfigured, match=says):
        _load(tmp_path, GOOD.replace(old, new, 1))


def test_experiment_of_five_years_is_taken(tmp_path: Path) -> None:
    row = 'toets = "experiment"\ngeldig_tot = 2025-12-31\nparameters = { begonnen = 2021-01-01, rol = "x" }'
    assert _load(tmp_path, GOOD.replace('toets = "niet_aangewezen"', row)).rows_on("x", "vroegsignaal", date(2025, 12, 31))


AGREED = """
sectoren = ["huur"]
[[regel]]
id = "NC-01"
code = "ONDER_AFGESPROKEN_NORM"
artikel = "Afsprakenkader van een gemeente"
geldig_van = 2026-06-01
oordeel = "waarschuwing"
zekerheid = "I"
gemeenten = ["0392"]
toets = "norm_pogingen"
parameters = { minimum = 5 }
melding = "Er zijn {waarde} pogingen; afgesproken zijn er {grens}."
"""


@pytest.mark.parametrize(
    ("gemeente", "day", "warns"),
    [("0392", "2026-06-01", True), ("0344", "2026-06-01", False), ("0392", "2026-05-31", False)],
)
def test_norm_of_one_municipality_comes_beside_that_of_the_sector(tmp_path: Path, gemeente: str, day: str, warns: bool) -> None:
    (tmp_path / "eigen.toml").write_text(AGREED)
    book = Rulebook(rows.shipped() + rows.read(tmp_path), lambda row: False)
    register = build.register(gemeenten=(build.desk(gemeentecode=gemeente),))
    efforts = {"inspanning.contacten.0.datum": "2026-01-01", "inspanning.herinneringen": ["2026-02-01", "2026-03-01"]}
    result = book.judge_context(build.named(build.wire({"signaaldatum": day, **efforts}), gemeente), register)
    assert [f.melding for f in result.findings] == (["Er zijn 3 pogingen; afgesproken zijn er 5."] if warns else [])  # type: ignore[union-attr]


@pytest.mark.parametrize(("first", "second", "fine"), [("0392", "0392", False), ("0392", "0344", True)])
def test_two_norms_of_one_municipality_may_not_meet(tmp_path: Path, first: str, second: str, fine: bool) -> None:
    for name, code in (("a", first), ("b", second)):
        (tmp_path / f"{name}.toml").write_text(AGREED.replace("0392", code))
    if fine:
        Rulebook(rows.shipped() + rows.read(tmp_path), lambda row: False)
    else:
        with pytest.raises(Misconfigured, match="twee rijen NC-01"):
            Rulebook(rows.shipped() + rows.read(tmp_path), lambda row: False)


def test_row_that_is_switched_off_is_shown_and_never_judges(tmp_path: Path) -> None:
    book = Rulebook.load(lambda row: False)
    shown = [r for r in book.rows_on("huur", "vroegsignaal", date(2026, 11, 20)) if r.id == "VS-27"]
    assert [r.actief for r in shown] == [False]
    signal = build.fresh(build.wire({"crisis": {"soort": "ontruiming"}}))
    assert build.outcome(book.judge(signal, build.register()))[1] == set()
    plain = build.fresh(build.wire())
    on = [rows.Table(t.sectoren, tuple(msgspec.structs.replace(r, actief=True) for r in t.regel)) for t in rows.shipped()]
    assert build.outcome(Rulebook(on, lambda row: False).judge(signal, build.register()))[1] == {"VS-27 ONTRUIMING_AANGEKONDIGD"}
    assert build.outcome(Rulebook(on, lambda row: False).judge(plain, build.register()))[1] == set()


def test_row_of_one_day_holds_on_that_day_alone(tmp_path: Path) -> None:
    row = GOOD.split("[[regel]]")[1].replace('zekerheid = "V"', 'zekerheid = "V"\ngeldig_tot = 2021-01-01')
    (tmp_path / "a.toml").write_text(GOOD)
    (tmp_path / "b.toml").write_text(f'sectoren = ["proef"]\n[[regel]]{row.replace("Niet aangewezen.", "Die dag.")}')
    book = Rulebook.load(lambda row: False, tmp_path)
    days = (date(2020, 12, 31), date(2021, 1, 1), date(2021, 1, 2))
    said = [book.rows_on("proef", "vroegsignaal", day)[0].melding for day in days]
    assert said == ["Niet aangewezen.", "Die dag.", "Niet aangewezen."]
    assert book.sectors() == ["proef"]


def test_norm_that_is_switched_off_never_warns(tmp_path: Path) -> None:
    (tmp_path / "eigen.toml").write_text(AGREED.replace("minimum = 5 }", "minimum = 5 }\nactief = false"))
    book = Rulebook(rows.shipped(tmp_path), lambda row: False)
    result = book.judge_context(build.named(build.wire()), build.register())
    assert result.findings == ()  # type: ignore[union-attr]


def test_own_norms_come_with_the_shipped_rows(tmp_path: Path) -> None:
    plain = len(rows.shipped())
    assert len(rows.shipped(tmp_path / "geen")) == plain
    (tmp_path / "eigen.toml").write_text(AGREED)
    assert len(rows.shipped(tmp_path)) == plain + 1


def test_empty_folder_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Rulebook.load(lambda row: False, tmp_path)


@pytest.mark.parametrize(
    ("first", "second", "fine"),
    [
        ("geldig_tot = 2025-12-31", "geldig_van = 2026-01-01", True),
        ("geldig_tot = 2026-01-01", "geldig_van = 2026-01-01", False),
        ("", "geldig_van = 2026-01-01", False),
        ("", "geldig_van = 2020-01-01\ngeldig_tot = 2021-01-01", False),
        ("", "geldig_van = 2020-01-01\ngeldig_tot = 2020-12-31", True),
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
    for table in rows.shipped():
        for row in table.regel:
            assert len(row.artikel) > 5
            assert row.melding.endswith(".")


@pytest.mark.parametrize("sector", LEGAL)
def test_rules_that_part_one_needs_hold_today(sector: str) -> None:
    held = {r.id for r in Rulebook.load(lambda row: False).rows_on(sector, "vroegsignaal", date(2026, 11, 22))}
    expected = {f"VS-{n:02d}" for n in (1, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 20, 21, 23)} | {f"NC-0{n}" for n in range(1, 5)}
    assert expected <= held


def test_a_row_that_ends_has_left_the_day_after() -> None:
    book = Rulebook.load(lambda row: False)
    old = [r for r in book.rows_on("gas", "vroegsignaal", date(2025, 12, 31)) if r.code == "GEEN_CONTACTPOGING"]
    new = [r for r in book.rows_on("gas", "vroegsignaal", date(2026, 1, 1)) if r.code == "GEEN_CONTACTPOGING"]
    assert [r.geldig_tot for r in old + new] == [date(2025, 12, 31), None]
