"""Where the signals of a month went: from sector through basket to where each stands now; counts only, nothing is kept.

A basket is the one that takes a message by the setting of today. The oldest of the month are counted, at most so many. Authority: F35;
decision 0008. Leaves pictures to the console.
"""

from collections import Counter
from datetime import date
from itertools import islice
from typing import NamedTuple

from gateway.core.clock import dutch_midnight
from gateway.inboxes.desk import Desk
from gateway.inboxes.sorting import walk
from gateway.mailbox import inbox
from gateway.mailbox.inbox import Item
from gateway.store.tenant import municipality
from schemas.inbox import Berichtstaat

MOST = 2_000


class Stream(NamedTuple):
    """How many messages of a sector came into a basket (its code) and stand so now."""

    sector: str
    werkbak: str
    staat: Berichtstaat
    aantal: int


def streams(gemeente: str, since: date, until: date, desk: Desk, most: int = MOST) -> list[Stream]:
    """Of the messages received from one Dutch day up to another (not included), the first `most`; the largest streams first."""
    with desk.database.transaction(municipality(gemeente)) as connection:

        def following(after: int, limit: int) -> list[Item]:
            return inbox.received_between(connection, gemeente, dutch_midnight(since), dutch_midnight(until), after=after, limit=limit)

        found = islice(walk(connection, gemeente, following, desk.seals), most)
        counts = Counter((b.sector, b.werkbak or "", b.staat) for _, b in found if b.vervangen_door is None)  # the newest counts
    return [Stream(*key, count) for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
