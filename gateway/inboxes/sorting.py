"""Working with baskets: the free messages of one basket, and how a month would have been divided by other baskets.

Authority: contract, "/gemeente/v1"; the division is computed and never kept, and nothing is ever left out of every basket. The trial
run shows counts only: no message, no person. Leaves taking to `gateway.inboxes.claiming`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from gateway.core.clock import dutch_day, dutch_midnight
from gateway.inboxes.desk import Desk, show
from gateway.inboxes.placing import baskets_of, fact_of, require_basket
from gateway.mailbox import inbox
from gateway.mailbox.inbox import Item
from gateway.sealing.sealing import Meta
from gateway.store.tenant import municipality
from gateway.triage.baskets import Baskets
from schemas.inbox import Bericht, ClaimAanvraag
from schemas.instellingen import Werkbakken, Werkbakkenproef, Werkbaktelling
from schemas.keyed import Keyed

PAGE = 500
MOST_PAGES = 40
_META = msgspec.json.Decoder(Meta)
Next = Callable[[int, int], list[Item]]


def walk(connection: psycopg.Connection[Any], gemeente: str, following: Next, keyed: Keyed) -> Iterator[tuple[Item, Bericht]]:
    """Messages with their metadata, page by page; `following` gives the items after a number, at most so many. Bounded."""
    after = 0
    for _ in range(MOST_PAGES):
        items = following(after, PAGE)
        yield from zip(items, show(connection, gemeente, items, keyed), strict=True)
        if len(items) < PAGE:
            return
        after = items[-1].nr


def free_in(
    connection: psycopg.Connection[Any],
    gemeente: str,
    request: ClaimAanvraag,
    werkbak: str,
    until: datetime | None,
    keyed: Keyed,
    late: int | None = None,
) -> list[UUID]:
    """The oldest free messages of one basket, at most `request.maximum`; `until` and `late` as in `inbox.take`.

    Raises Conflict: no such basket.
    """
    require_basket(baskets_of(connection, gemeente, keyed), werkbak)
    found = free_that(lambda bericht: bericht.werkbak == werkbak, connection, gemeente, request.doel, request.maximum, until, keyed, late)
    return [item.id for item, _ in found]


def free_that(  # noqa: PLR0913, PLR0917 - which, whose, how many
    wanted: Callable[[Bericht], bool],
    connection: psycopg.Connection[Any],
    gemeente: str,
    doel: str,
    most: int,
    until: datetime | None,
    keyed: Keyed,
    late: int | None = None,
) -> list[tuple[Item, Bericht]]:
    """The oldest free messages of a purpose that are wanted; `until` and `late` as in `inbox.take`."""

    def following(after: int, limit: int) -> list[Item]:
        return inbox.free(connection, gemeente, doel, after=after, limit=limit, until=until)

    found: list[tuple[Item, Bericht]] = []
    for item, bericht in walk(connection, gemeente, following, keyed):
        waits = late is not None and bericht.inhaalslag is True and bericht.crisis is None
        if wanted(bericht) and not (waits and late == 0):
            late = late - 1 if waits and late is not None else late
            found.append((item, bericht))
            if len(found) == most:
                break
    return found


def trial(gemeente: str, setting: Werkbakken, desk: Desk) -> Werkbakkenproef:
    """How the previous calendar month would have been divided by `setting`."""
    until = dutch_day(desk.clock.now()).replace(day=1)
    since = (until - timedelta(days=1)).replace(day=1)
    baskets = Baskets(setting)
    taken: Counter[str] = Counter()
    meets: Counter[str] = Counter()
    with desk.database.transaction(municipality(gemeente)) as connection:

        def following(after: int, limit: int) -> list[Item]:
            return inbox.received_between(connection, gemeente, dutch_midnight(since), dutch_midnight(until), after=after, limit=limit)

        for item, bericht in walk(connection, gemeente, following, desk.seals):
            if bericht.vervangen_door is not None:
                continue  # the newest counts
            fact = fact_of(_META.decode(item.meta), bericht.indeling, baskets)
            taken[baskets.place(fact).code] += 1
            meets.update(baskets.matching(fact))
    meets[setting.standaard.code] = taken.total()
    counts = [Werkbaktelling(code=code, aantal=taken[code], voldoet=meets[code]) for code in (b.code for b in setting.all())]
    return Werkbakkenproef(van=since, tot=until - timedelta(days=1), totaal=taken.total(), werkbakken=counts)
