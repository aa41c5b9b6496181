"""The matching day: what may be claimed on a day, by hand from the calendar."""

from datetime import UTC, date, datetime

import pytest

from gateway.matching.ritme import open_until


@pytest.mark.parametrize(
    ("dag", "today", "until"),
    [
        (None, date(2026, 11, 20), None),
        (20, date(2026, 11, 20), None),  # on the day itself: all
        (15, date(2026, 11, 20), datetime(2026, 11, 15, 23, tzinfo=UTC)),  # up to and with the 15th, Dutch time
        (21, date(2026, 11, 20), datetime(2026, 10, 21, 22, tzinfo=UTC)),  # summer time
        (28, date(2027, 1, 1), datetime(2026, 12, 28, 23, tzinfo=UTC)),
        (1, date(2026, 3, 31), datetime(2026, 3, 1, 23, tzinfo=UTC)),
    ],
)
def test_messages_are_open_up_to_the_last_matching_day(dag: int | None, today: date, until: datetime | None) -> None:
    assert open_until(dag, today) == until
