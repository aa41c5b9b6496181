"""Working days in the Netherlands: every day but Saturday, Sunday and the days of the Algemene termijnenwet.

Authority: Algemene termijnenwet art. 3 lid 1 (1 January, Easter Monday, Ascension Day, Whit Monday, both days of Christmas, the
King's birthday as celebrated, 5 May in every year) and lid 2 (Good Friday counts as one). Days that a royal decree adds under
lid 3 are not in the table until the decree has been read: a term then ends a day early, never late. The table is dated, so that
a year nobody looked at fails loudly. Leaves which term runs to the flows.
"""

from datetime import date, timedelta

from gateway.core.errors import Misconfigured

_EASTER = {  # Easter Sunday: month, day
    2020: (4, 12), 2021: (4, 4), 2022: (4, 17), 2023: (4, 9), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5),
    2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21), 2031: (4, 13), 2032: (3, 28),
}  # fmt: skip
_FROM_EASTER = (-2, 1, 39, 50)  # Good Friday, Easter Monday, Ascension Day, Whit Monday
_FIXED = ((1, 1), (5, 5), (12, 25), (12, 26))
_DAY = timedelta(days=1)


def _kings_day(year: int) -> date:
    """27 April, or the day before when that is a Sunday."""
    day = date(year, 4, 27)
    return day - _DAY if day.weekday() == 6 else day


def _year(year: int) -> frozenset[date]:
    easter = date(year, *_EASTER[year])
    moving = {easter + timedelta(days=days) for days in _FROM_EASTER}
    return frozenset(moving | {date(year, *day) for day in _FIXED} | {_kings_day(year)})


HOLIDAYS = {year: _year(year) for year in _EASTER}
"""The days of the law per year, weekends included when they fall there."""


def is_workday(day: date) -> bool:
    """Whether a day is a working day. Raises Misconfigured: a year outside the table."""
    if day.weekday() >= 5:
        return False
    if day.year not in HOLIDAYS:
        raise Misconfigured(f"De feestdagen van {day.year} staan niet in de tabel (gateway/core/workdays.py).")
    return day not in HOLIDAYS[day.year]


def add_workdays(day: date, count: int) -> date:
    """The `count`-th working day after `day` (the day itself does not count). Raises Misconfigured."""
    while count > 0:
        day += _DAY
        count -= is_workday(day)
    return day


def workdays_between(first: date, last: date, most: int = 10_000) -> int:
    """How many working days lie after `first` up to and with `last`, counted no further than `most`. Raises Misconfigured."""
    found = 0
    while first < last and found < most:
        first += _DAY
        found += is_workday(first)
    return found
