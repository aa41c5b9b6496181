"""Time is an argument: nothing below the wiring asks the system for it.

Instants are aware UTC; business days are Dutch calendar days (Europe/Amsterdam).
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_NL = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place


class FixedClock:
    """A clock that stands still until it is moved; for tests, and for the synthetic month of the demo."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at

    def advance(self, step: timedelta) -> None:
        """Move on by `step`."""
        self.at += step


def dutch_day(at: datetime) -> date:
    """The calendar day in the Netherlands at an instant."""
    return at.astimezone(_NL).date()


def dutch(at: datetime) -> datetime:
    """The same instant on Dutch clocks."""
    return at.astimezone(_NL)


def dutch_midnight(day: date) -> datetime:
    """The instant at which a calendar day begins in the Netherlands."""
    return datetime.combine(day, time(), _NL)
