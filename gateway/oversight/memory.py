"""What the review knows of each municipality, kept between two looks: the log only grows, so each look takes up what is new.

In the memory of this process alone, taken from entries that make their leaf (`index.read`), so that nobody else can write in it; a restart
begins anew. A small log is judged anew at each look. Of a large one the verdicts may be `STALE` old, so that a page does not wait for a
year of accesses. Authority: decision 0033. Leaves the rules to `review`.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import LiteralString, NamedTuple

from gateway.core.clock import Clock, dutch_day
from gateway.oversight import index
from gateway.oversight.accesses import ACCESS, CONTEXT, Gathered
from gateway.oversight.desk import Link, Own
from gateway.oversight.review import Verdict, judge
from schemas.toezicht import WACHTRIJ_DAGEN

CONTEXT_DAYS = timedelta(days=400)
"""So much before a period explains what is in it, and shows what is usual."""
BACK = timedelta(days=WACHTRIJ_DAGEN + 1)
"""No period begins longer ago; a day more, since the clocks go back on one."""
SMALL, STALE = 5_000, timedelta(minutes=10)
MOST = 500_000
"""Accesses kept, of all municipalities together; whoever was looked at longest ago goes first."""
_ENTRIES: LiteralString = "r.event = ANY (%(events)s) AND r.nr >= %(low)s AND r.nr < %(high)s AND r.tijd >= %(begin)s ORDER BY r.nr"


class _Judged(NamedTuple):
    """Verdicts, when they were given, and on what: so many entries, these addresses."""

    at: datetime
    taken: int
    own: Own
    verdicts: list[Verdict]


class Past:
    """One municipality, from `begin` on, as far as the log was taken up."""

    def __init__(self, gemeente: str, begin: datetime, small: int = SMALL) -> None:
        self.begin = begin
        self.lock = Lock()
        self._small = small
        self._gemeente = gemeente
        self._high = 0
        self._gathered = Gathered()
        self._taken = 0
        self._judged: _Judged | None = None

    def __len__(self) -> int:
        """How many accesses."""
        return len(self._gathered.accesses)

    def verdicts(self, connection: Link, own: Own, now: datetime) -> Sequence[Verdict]:
        """The verdict on each access, in the order of the log. Raises Damaged."""
        self._take_up(connection)
        if self._judged is None or not self._holds(self._judged, own, now):
            verdicts = judge(self._gathered.accesses, self._gathered.facts(own, now))
            self._judged = _Judged(now, self._taken, {who: set(found) for who, found in own.items()}, verdicts)
        return self._judged.verdicts

    def _take_up(self, connection: Link) -> None:
        (high,) = connection.execute("SELECT tot FROM toezicht_stand").fetchone() or (0,)
        events = [*ACCESS, *CONTEXT]
        for line in index.read(connection, self._gemeente, _ENTRIES, events=events, low=self._high, high=high, begin=self.begin):
            self._gathered.take(line.nr, line.entry)
            self._high, self._taken = line.nr + 1, self._taken + 1  # a look that breaks off goes on from here
        self._high = high

    def _holds(self, judged: _Judged, own: Own, now: datetime) -> bool:
        """Whether what was judged then is near enough to what would be judged now."""
        same = judged.own == own and dutch_day(judged.at) == dutch_day(now)
        return len(self) > self._small and same and (judged.taken == self._taken or now - judged.at < STALE)


class Memory:
    """What this process knows of the municipalities whose officers look."""

    def __len__(self) -> int:
        """Of how many."""
        return len(self._pasts)

    def __init__(self, clock: Clock, small: int = SMALL, most: int = MOST) -> None:
        """`small` and `most` are numbers of accesses: judged anew at each look, and kept in all."""
        self._clock = clock
        self._small, self._most = small, most
        self._pasts: OrderedDict[str, Past] = OrderedDict()
        self._lock = Lock()

    def verdicts(self, connection: Link, gemeente: str, begin: datetime, own: Own) -> Sequence[Verdict]:
        """The verdicts on all accesses from `begin` on, at most `BACK` ago, and on earlier ones. Raises Damaged."""
        now = self._clock.now()
        with self._lock:
            past = self._past(gemeente, begin, now)
        with past.lock:  # of this municipality: another one does not wait for its log
            return past.verdicts(connection, own, now)

    def _past(self, gemeente: str, begin: datetime, now: datetime) -> Past:
        past = self._pasts.get(gemeente)
        if past is None or not now - 2 * BACK - CONTEXT_DAYS <= past.begin <= begin - CONTEXT_DAYS:
            past = self._pasts[gemeente] = Past(gemeente, now - BACK - CONTEXT_DAYS, self._small)
        self._pasts.move_to_end(gemeente)
        while len(self._pasts) > 1 and sum(map(len, self._pasts.values())) > self._most:
            self._pasts.popitem(last=False)
        return past
