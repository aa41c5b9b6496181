"""A day at a glance: who opened person data in which hour, and how the log stands.

Judges nothing: what is unusual is for `queue`. Authority: AVG art. 32; LG-07. That it was looked at is an entry, because it names staff.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import LiteralString, NamedTuple

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch, dutch_midnight
from gateway.oversight import accesses, index
from gateway.oversight.accesses import ACCESS
from gateway.oversight.desk import Link, OversightDesk
from gateway.privacylog import append, staff
from gateway.privacylog.oversight import DagbeeldGelezen
from gateway.store.tenant import municipality

_ENTRIES: LiteralString = "r.event = ANY (%(events)s) AND r.tijd >= %(begin)s AND r.tijd < %(end)s ORDER BY r.tijd, r.nr"
_CHAIN = "SELECT size, at FROM log_checkpoint ORDER BY size DESC LIMIT 1"


class Chain(NamedTuple):
    """The log: entries under the newest signed checkpoint and since when; seconds that the oldest entry without a number waits."""

    size: int
    at: datetime | None
    behind: float


class Day(NamedTuple):
    """Accesses by hour (Dutch clocks) and name, of staff or of a system; names in order of how many they opened."""

    day: date
    names: tuple[str, ...]
    counts: Counter[tuple[int, str]]
    chain: Chain

    @property
    def total(self) -> int:
        """All of them."""
        return self.counts.total()


def look(caller: Sender, gemeente: str, trace: Trace, day: date, desk: OversightDesk) -> Day:
    """The day. Raises Unavailable: the log is behind."""
    index.refresh(desk)
    begin, end = dutch_midnight(day), dutch_midnight(day + timedelta(days=1))
    with desk.database.transaction(municipality(gemeente)) as connection:
        kept = index.read(connection, gemeente, _ENTRIES, events=list(ACCESS), begin=begin, end=end)
        found = accesses.read(((line.nr, line.entry) for line in kept), {}, desk.clock.now()).accesses
        names = staff.names(connection, gemeente, desk.keys)
        counts = Counter((dutch(one.tijd).hour, _name(one.who, names, desk)) for one in found)
        append.append(connection, [DagbeeldGelezen(**desk.frame(caller, trace).fields(), gemeente=gemeente, aantal=len(found))])
        seen = Day(day, _busiest(counts), counts, _chain(connection))
    desk.committed()
    return seen


def _name(who: str, names: dict[str, str], desk: OversightDesk) -> str:
    party = desk.register().partner(who)
    return names.get(who) or (party.naam if party else who)


def _busiest(counts: Counter[tuple[int, str]]) -> tuple[str, ...]:
    per: Counter[str] = Counter()
    for (_, name), count in counts.items():
        per[name] += count
    return tuple(name for name, _ in sorted(per.items(), key=lambda pair: (-pair[1], pair[0])))


def _chain(connection: Link) -> Chain:
    size, at = connection.execute(_CHAIN).fetchone() or (0, None)
    (behind,) = connection.execute("SELECT log_lag_seconds()").fetchone() or (0.0,)
    return Chain(size, at, float(behind or 0))
