"""When messages may be claimed: at once, or from the municipality's own matching day of the month. Pure.

A message waits for the first matching day on or after the day it came (Dutch days); a crisis never waits. Authority: the
municipality's own setting (rule: monthly batches, matching per month). Leaves the setting itself to `gateway.mailbox`.
"""

from datetime import date, datetime, timedelta

from gateway.core.clock import dutch_midnight


def open_until(day_of_month: int | None, today: date) -> datetime | None:
    """Messages made before this instant may be claimed today; None: all of them. `day_of_month` is 1 to 28, None: at once."""
    if day_of_month is None or day_of_month == today.day:
        return None
    last = today.replace(day=1) if day_of_month < today.day else today.replace(day=1) - timedelta(days=1)
    return dutch_midnight(last.replace(day=day_of_month) + timedelta(days=1))
