"""What we write as CSV is read back as it was, and no spreadsheet calculates any of it."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats import writing

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def read(text: str) -> list[list[str]]:
    return list(csv.reader([text], strict=True))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "=cmd|' /C calc'!A0", "\uff1d1"])
def test_formula_gets_an_apostrophe(cell: str) -> None:
    ((found,),) = read("".join(writing.lines([[cell]])))
    assert found == "'" + cell


@pytest.mark.parametrize("sign", [";", "\t", "|", "; ", '";"'])
def test_no_cell_begins_with_a_formula_where_another_separator_is_expected(sign: str) -> None:
    (line,) = writing.lines([["Jansen", f"x{sign}=1+1"]])
    assert f"{sign}=".replace('"', '""') not in line
    assert "'=1+1" in line


@pytest.mark.parametrize("cell", ["Jansen", "a; b", "a;b-c", "1+1", "a@b.nl", "", "'", "06-12345678"])
def test_plain_text_stays(cell: str) -> None:
    assert list(writing.lines([[cell]])) == [f'"{cell}"\r\n']


def test_nothing_and_numbers_stay_what_they_are() -> None:
    assert list(writing.lines([[None, -5, 1.5, True]])) == ['"","-5","1.5","True"\r\n']


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_row_comes_back(row: list[str]) -> None:
    (found,) = read("".join(writing.lines([row])))
    assert [cell.replace("'", "") for cell in found] == [cell.replace("'", "") for cell in row]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in found)


def test_positive_control_the_standard_writer_lets_a_formula_through() -> None:
    assert read('"=1+1"\r\n') == [["=1+1"]]
