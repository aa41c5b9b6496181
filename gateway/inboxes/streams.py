"""Where the signals of a period went: from sector through basket to where each stands now; counts only, nothing is kept.

A basket is the one that takes a message by the setting of today. The oldest of the period are counted, at most so many, and the first of
them is found by halving: numbers grow with the time of arrival but for seconds, so that the cost does not grow with the inbox. Authority:
F35; decision 0008. Leaves pictures to the console.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

import psycopg

from gateway.core.clock import dutch_midnight
from gateway.inboxes.desk import Desk
from gateway.inboxes.sorting import walk
from gateway.mailbox import inbox
from gateway.mailbox.inbox import Item
from gateway.store.tenant import municipality
from schemas.inbox import Bericht, Berichtstaat

MOST = 1_000
SLACK = timedelta(hours=1)
"""How much later a message may be numbered than one that came after it."""


class Stream(NamedTuple):
    """How many messages of a sector came into a basket (its code) and stand so now."""

    sector: str
    werkbak: str
    staat: Berichtstaat
    aantal: int


def streams(gemeente: str, since: date, until: date, desk: Desk, most: int = MOST) -> list[Stream]:
    """Of the messages received from one Dutch day up to another (not included), the first `most`; the largest streams first."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        found = islice(_between(connection, gemeente, dutch_midnight(since), dutch_midnight(until), desk), most)
        counts = Counter((b.sector, b.werkbak or "", b.staat) for b in found if b.vervangen_door is None)  # the newest counts
    return [Stream(*key, count) for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def _between(connection: psycopg.Connection[Any], gemeente: str, since: datetime, until: datetime, desk: Desk) -> Iterator[Bericht]:
    start = _before(connection, gemeente, since - SLACK)

    def following(after: int, limit: int) -> list[Item]:
        return inbox.page(connection, gemeente, after=max(after, start), limit=limit)

    for item, bericht in walk(connection, gemeente, following, desk.seals):
        if item.received >= until + SLACK:
            return
        if since <= item.received < until:
            yield bericht


def _before(connection: psycopg.Connection[Any], gemeente: str, at: datetime) -> int:
    """A number after which every message of `at` and later stands, and hardly one from before it."""

    def earlier(nr: int) -> bool:
        return any(item.received < at for item in inbox.page(connection, gemeente, after=nr, limit=1))

    low, high = 0, 1
    while earlier(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if earlier(middle) else (low, middle)
    return low
