"""The holiday table against the law, and against a library, whose differences are named."""

from datetime import date, timedelta

import holidays
import pytest

from gateway.core.errors import Misconfigured
from gateway.core.workdays import HOLIDAYS, add_workdays, is_workday, workdays_between

YEARS = range(2020, 2033)


@pytest.mark.parametrize(
    "day",
    [
        *("2026-01-01", "2026-04-03", "2026-04-06", "2026-04-27", "2026-05-05", "2026-05-14", "2026-05-25", "2026-12-25"),
        *("2031-04-26", "2027-05-05"),
    ],
)
def test_day_of_the_law_is_a_holiday(day: str) -> None:
    assert date.fromisoformat(day) in HOLIDAYS[int(day[:4])]


@pytest.mark.parametrize("day", ["2026-04-05", "2026-05-04", "2026-12-24", "2031-04-27", "2026-12-31", "2026-05-15"])
def test_other_day_is_none(day: str) -> None:
    assert date.fromisoformat(day) not in HOLIDAYS[int(day[:4])]


def library(year: int) -> set[date]:
    return set(holidays.country_holidays("NL", years=year, categories=("public",)))


def known_differences(year: int) -> set[date]:
    """The library lists the two Sundays as days of their own; the law counts 5 May each year, not in lustrum years only."""
    easter = max(day for day, name in holidays.country_holidays("NL", years=year, language="en_US").items() if name == "Easter Sunday")
    return {easter, easter + timedelta(days=49)} | (set() if year % 5 == 0 else {date(year, 5, 5)})


@pytest.mark.parametrize("year", YEARS)
def test_table_differs_from_the_library_only_where_the_law_does(year: int) -> None:
    assert HOLIDAYS[year] ^ library(year) == known_differences(year)


def test_wrong_table_would_be_noticed() -> None:
    assert (HOLIDAYS[2026] - {date(2026, 5, 25)}) ^ library(2026) != known_differences(2026)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-12-24", 1, "2026-12-28"),
        ("2026-05-04", 1, "2026-05-06"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-11-02", 20, "2026-11-30"),
        ("2026-12-31", 1, "2027-01-04"),
    ],
)
def test_term_ends_on_the_working_day(start: str, count: int, end: str) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert add_workdays(first, count) == last
    assert workdays_between(first, last) == count


def test_counting_stops_where_it_is_enough_and_never_goes_back() -> None:
    assert workdays_between(date(2026, 1, 1), date(2026, 12, 31), 20) == 20
    assert workdays_between(date(2026, 11, 20), date(2026, 11, 10)) == 0
    assert workdays_between(date(2026, 1, 1), date(9999, 12, 31), 20) == 20


def test_year_outside_the_table_is_refused() -> None:
    assert not is_workday(date(2033, 1, 1))  # a Saturday needs no table
    with pytest.raises(Misconfigured, match="2033"):
        is_workday(date(2033, 1, 3))
