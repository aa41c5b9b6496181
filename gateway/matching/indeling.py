"""The indeling of a signal among its neighbours at one address: enkelvoudig, meervoudig or opeenvolgend.

Authority: Divosa monitor vroegsignalering (definitions of 2023): more than one creditor at one address in one month is
meervoudig; an earlier signal within six months is opeenvolgend. Computed from committed rows whenever a message is shown,
never fixed at arrival: concurrent deliveries do not see each other. `herhaald` needs claims and amounts and is not decided here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from gateway.core.clock import dutch_day
from schemas.inbox import Indeling

Neighbour = tuple[UUID, str, datetime]
WINDOW_MONTHS = 6


def indeling(message: UUID, neighbours: Sequence[Neighbour]) -> Indeling:
    """Classify `message`; `neighbours` are all committed messages at its address (id, creditor, received in UTC), itself included."""
    own = next((n for n in neighbours if n[0] == message), None)
    if own is None:
        return "enkelvoudig"
    month = _month(dutch_day(own[2]))
    months = [(n, _month(dutch_day(n[2]))) for n in neighbours]
    if len({n[1] for n, m in months if m == month}) > 1:
        return "meervoudig"
    if any(month - WINDOW_MONTHS <= m < month for n, m in months if n[0] != message):
        return "opeenvolgend"
    return "enkelvoudig"


def _month(day: date) -> int:
    return day.year * 12 + day.month
