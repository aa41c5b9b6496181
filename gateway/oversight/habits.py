"""What is usual, for the review: volume and rows of claims per worker and per connecting party, the hours of each system, known names.

Nobody makes his own habit: a day is compared with the other days. Without any other day the least bound holds, so that a first day is
looked at until others show that it was usual. Pure. Authority: as `review`. Leaves what follows from it to `review`.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

from gateway.core.clock import dutch, dutch_day
from gateway.oversight.evidence import Access

VOLUME_LEAST, TIMES, BUSY = 40, 2, 0.95
"""Much is over twice what one has on a busy day: what 95 of 100 other days stay under."""
ROW_CLAIMS, ROW_TIME = 8, timedelta(minutes=10)
PARTY = 2
"""A party is more than one worker: its least bounds are so many times those of one."""
RARE = 0.02
"""An hour on a smaller share of a system's other days is not its habit."""
CLAIMS_MOST = 3
K = TypeVar("K")


class Lane(NamedTuple):
    """What one certificate does attended, or unattended."""

    party: str
    manned: bool


class Habits:
    """What is usual among these accesses; `weighed` are those that no case or consent explains: what a party does is judged of them."""

    def __init__(self, accesses: Iterable[Access], weighed: Iterable[Access]) -> None:
        whole = sorted(accesses, key=lambda one: one.tijd)
        manned, systems = [one for one in whole if one.manned], [one for one in whole if not one.manned]
        self._seen: dict[str, set[date]] = defaultdict(set)
        for one in manned:
            self._seen[one.who].add(dutch_day(one.tijd))
        self._hours: dict[str, dict[int, set[date]]] = defaultdict(lambda: defaultdict(set))
        self._times: dict[tuple[str, UUID], list[datetime]] = defaultdict(list)
        for one in systems:
            self._hours[one.who][dutch(one.tijd).hour].add(dutch_day(one.tijd))
            if one.bericht:
                self._times[one.who, one.bericht].append(one.tijd)
        self._active = {who: set[date]().union(*hours.values()) for who, hours in self._hours.items()}
        self._worker = Counter((one.who, dutch_day(one.tijd)) for one in manned)
        self._busy_worker = sorted(self._worker.values())
        self._worker_starts = _starts((one.who, one) for one in manned)
        self._parties(sorted(weighed, key=lambda one: one.tijd))

    def _parties(self, weighed: Sequence[Access]) -> None:
        """What a party does beside what one name accounts for by itself."""
        rest = [one for one in weighed if not (one.manned and (self._much_alone(one) or self._row_alone(one)))]
        self._lane = Counter((_lane(one), dutch_day(one.tijd)) for one in rest)
        self._busy_lane = _sorted(self._lane)
        self._starts = _starts((_lane(one), one) for one in rest)
        self._peaks = {where: _peaks(starts) for where, starts in self._starts.items()}
        self._busy_peaks = {where: sorted(found.values()) for where, found in self._peaks.items()}

    def much(self, access: Access) -> bool:
        """The worker opened far more on this day than anybody does on a busy one, or the party far more than on its own busy days."""
        where = _lane(access)
        whole = self._lane[where, dutch_day(access.tijd)]
        return self._much_alone(access) or whole > _bound(self._busy_lane.get(where, ()), whole, PARTY * VOLUME_LEAST)

    def in_row(self, access: Access) -> bool:
        """One of many claims within a few minutes: of this worker, or of this party when it is more than on its own busy days."""
        where = _lane(access)
        peak = self._peaks.get(where, {}).get(dutch_day(access.tijd), 0)
        most = _bound(self._busy_peaks.get(where, ()), peak, PARTY * ROW_CLAIMS - 1)
        return self._row_alone(access) or (peak > most and _crowded(self._starts[where], access.tijd, most + 1))

    def _much_alone(self, access: Access) -> bool:
        own = self._worker[access.who, dutch_day(access.tijd)]
        return access.manned and own > _bound(self._busy_worker, own, VOLUME_LEAST)

    def _row_alone(self, access: Access) -> bool:
        return access.manned and _crowded(self._worker_starts.get(access.who, ()), access.tijd, ROW_CLAIMS)

    def odd(self, access: Access) -> bool:
        """Not how this system works: an hour that it hardly uses on other days, or a message over and over."""
        day, hours = dutch_day(access.tijd), self._hours[access.who]
        rare = len(hours[dutch(access.tijd).hour] - {day}) <= RARE * (len(self._active[access.who]) - 1)
        times = self._times[access.who, access.bericht] if access.bericht else []
        return rare or bisect_left(times, access.tijd) >= CLAIMS_MOST

    def unknown(self, access: Access) -> bool:
        """A name of this day only, at a party that was here on other days."""
        return len(self._seen[access.who]) == 1 and len(self._busy_lane.get(_lane(access), ())) > 1


def _lane(access: Access) -> Lane:
    return Lane(access.party, access.manned)


def _starts(claimed: Iterable[tuple[K, Access]]) -> dict[K, list[datetime]]:
    """When each claim of each began; `claimed` in order of time."""
    found: dict[K, dict[UUID, datetime]] = defaultdict(dict)
    for who, one in claimed:
        if one.claim:
            found[who].setdefault(one.claim, one.tijd)
    return {who: sorted(claims.values()) for who, claims in found.items()}


def _sorted(days: Mapping[tuple[Lane, date], int]) -> dict[Lane, list[int]]:
    found: dict[Lane, list[int]] = defaultdict(list)
    for (where, _), count in days.items():
        found[where].append(count)
    return {where: sorted(counts) for where, counts in found.items()}


def _bound(counts: Sequence[int], own: int, least: int) -> int:
    """Twice what 95 of 100 of the other counts stay under; `counts` are in order and have `own` among them."""
    if len(counts) < 2:
        return least
    place = int(BUSY * (len(counts) - 2))
    return max(least, TIMES * counts[place + (place >= bisect_left(counts, own))])


def _peaks(starts: Sequence[datetime]) -> dict[date, int]:
    """Per day, the most claims within a few minutes."""
    found: dict[date, int] = {}
    for nr, start in enumerate(starts):
        day = dutch_day(start)
        found[day] = max(found.get(day, 0), bisect_right(starts, start + ROW_TIME, nr) - nr)
    return found


def _crowded(starts: Sequence[datetime], at: datetime, many: int) -> bool:
    """Whether so many starts lie within a few minutes around an instant."""
    here = starts[bisect_left(starts, at - ROW_TIME) : bisect_right(starts, at + ROW_TIME)]
    return any(here[nr + many - 1] - here[nr] <= ROW_TIME for nr in range(len(here) - many + 1))
