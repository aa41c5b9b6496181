"""First and last days of the two registers that decide beside the rules: the purpose register and the feedback policy.

Found by mutation: a day more or less on a row, or two rows that touch, went unnoticed.
"""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from gateway.core.errors import Misconfigured
from gateway.feedback.policy import FeedbackPolicy
from gateway.policy.register import DOELEN, PurposeRegister

POLICY = FeedbackPolicy.load()
FIRST = POLICY.rows[0]
FROM_2022 = {"schuldhulpverlening_loopt", "schuldhulpverlening_beeindigd"}


def test_feedback_holds_from_the_first_day_of_the_law() -> None:
    """Bgs since 2021; a code of its own article may begin later, never before."""
    held = {row.code for row in POLICY.rows if row.holds(date(2021, 1, 1))}
    assert {row.code for row in POLICY.rows} - held <= FROM_2022
    assert not any(row.holds(date(2020, 12, 31)) for row in POLICY.rows)


def _again(**changes: object) -> list[object]:
    return [msgspec.structs.replace(FIRST, **{"geldig_van": date(2022, 1, 1), "geldig_tot": date(2022, 1, 1), **changes})]


def test_row_of_one_day_holds_on_that_day() -> None:
    (row,) = FeedbackPolicy(_again()).rows  # type: ignore[arg-type]
    assert [row.holds(date(2022, 1, day)) for day in (1, 2)] == [True, False]
    assert not row.holds(date(2021, 12, 31))


@pytest.mark.parametrize(
    ("van", "tot", "fine"),
    [
        ("2021-01-01", "2021-12-31", True),
        ("2021-01-01", "2022-01-01", False),
        ("2022-01-02", "2022-12-31", True),
        ("2022-01-01", "2022-12-31", False),
    ],
)
def test_two_rows_of_one_code_may_touch_and_not_meet(van: str, tot: str, fine: bool) -> None:
    other = _again(id="TK-98", geldig_van=date.fromisoformat(van), geldig_tot=date.fromisoformat(tot))
    for rows in (_again() + other, other + _again()):
        if fine:
            FeedbackPolicy(rows)  # type: ignore[arg-type]
        else:
            with pytest.raises(Misconfigured, match="tegelijk"):
                FeedbackPolicy(rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("doel", "rol", "first"),
    [("WGS-3-1-b", rol, date(2021, 1, 1)) for rol in ("gemeente", "uitvoerder", "verwerker")],
)
def test_reading_begins_on_the_day_of_the_law(doel: str, rol: str, first: date) -> None:
    register = PurposeRegister.load()
    assert register.groups_for(doel, rol, first)
    assert not register.groups_for(doel, rol, date(2020, 12, 31))


HUUR = """[[rij]]
id = "WGS-3-1-b/huur/2021"
artikel = "Bgs art. 2 en 3"
geldig_van = 2021-01-01
"""


@pytest.mark.parametrize(
    ("van", "tot", "fine"),
    [
        ("2020-01-01", "2020-12-31", True),
        ("2020-01-01", "2021-01-01", False),
        ("2020-12-31", "2020-12-31", True),
        ("2021-01-01", "2021-01-01", False),
    ],
)
def test_two_purpose_rows_may_touch_and_not_meet(tmp_path: Path, van: str, tot: str, fine: bool) -> None:
    texts = {file.name: file.read_text() for file in DOELEN.iterdir() if file.name.endswith(".toml")}
    text = texts["WGS-3-1-b.toml"]
    begin = text.index(HUUR)
    row = text[begin : text.index("[[rij]]", begin + 1)]
    other = row.replace("huur/2021", "huur/2020").replace("geldig_van = 2021-01-01", f"geldig_van = {van}\ngeldig_tot = {tot}")
    for name, content in texts.items():
        (tmp_path / name).write_text(content)
    for both in (text + "\n" + other, text.replace(row, other + "\n") + "\n" + row):
        (tmp_path / "WGS-3-1-b.toml").write_text(both)
        if fine:
            PurposeRegister.load(tmp_path)
        else:
            with pytest.raises(Misconfigured, match="tegelijk"):
                PurposeRegister.load(tmp_path)
