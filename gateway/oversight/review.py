"""Which accesses are explained, and which need a look: every rule of the review, pure.

An access is explained by what was there *before* it: a case of the same resident, a message that waited, consent for an overview. A case or
consent is enough; a message explains only the one who then handles it, at a normal hour, in a normal number. A case that is opened
afterwards explains nothing. An unattended system is judged by its own pattern: its hours, and taking a message once. Own and colleagues'
addresses speak against whoever looks. The review blames nobody: it lists, with reasons, and an officer decides. Authority: AVG art. 32;
law and rules, LG-07; explanation-based auditing (Fabbri and LeFevre). Leaves reading the log to `accesses`.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from gateway.core.clock import dutch, dutch_day
from gateway.core.workdays import is_workday
from schemas.toezicht import Twijfel, Verklaring

AFTER_CASE = timedelta(days=30)
"""A case explains for this long after it was closed (the term of the payload)."""
TO_HANDLE = timedelta(days=14)
HOURS = range(7, 19)
VOLUME_LEAST, VOLUME_TIMES, BUSY = 40, 2, 0.95
"""Much is over twice what one has on a busy day: what 95 of 100 days of a worker stay under."""
ROW_CLAIMS, ROW_TIME = 8, timedelta(minutes=10)
RARE = 0.02
"""An hour with a smaller share of a system's claims is not its habit."""
CLAIMS_MOST = 3


class Access(NamedTuple):
    """Person data went out. `who`: a member of staff, or the party itself; `subject`: the resident, as the log commits to him."""

    entry: UUID
    tijd: datetime
    who: str
    manned: bool
    bericht: UUID | None = None
    subject: str | None = None
    claim: UUID | None = None
    zaak: UUID | None = None
    overzicht: UUID | None = None


class Case(NamedTuple):
    """When a case was opened and closed."""

    opened: datetime
    closed: datetime | None


class Facts(NamedTuple):
    """What was there. `handled`: when a message first was, and by whom; `consent`: since when an overview rests on a request."""

    delivered: Mapping[UUID, datetime]
    handled: Mapping[UUID, tuple[datetime, str]]
    cases: Mapping[str, Sequence[Case]]
    case: Mapping[UUID, Case]
    consent: Mapping[UUID, datetime]
    own: Mapping[str, frozenset[str]]
    now: datetime


class Verdict(NamedTuple):
    """What explains an access, and what speaks against it; it is listed when there is any reason."""

    access: Access
    explained: Verklaring | None
    reasons: tuple[Twijfel, ...]


def judge(accesses: Sequence[Access], facts: Facts) -> list[Verdict]:
    """The verdict on each access, in order."""
    habits = Habits(accesses)
    return [_judge(access, facts, habits) for access in accesses]


class Habits:
    """What is usual: volume per worker and day, rows of claims, the hours of each system."""

    def __init__(self, accesses: Iterable[Access]) -> None:
        days: Counter[tuple[str, object]] = Counter()
        claims: dict[str, dict[UUID, datetime]] = defaultdict(dict)
        self._hours: dict[str, Counter[int]] = defaultdict(Counter)
        self._times: dict[tuple[str, UUID], list[datetime]] = defaultdict(list)
        for one in sorted(accesses, key=lambda one: one.tijd):
            if one.manned:
                days[one.who, dutch_day(one.tijd)] += 1
            if one.claim and one.claim not in claims[one.who]:
                claims[one.who][one.claim] = one.tijd
                if not one.manned:
                    self._hours[one.who][dutch(one.tijd).hour] += 1
            if not one.manned and one.bericht:
                self._times[one.who, one.bericht].append(one.tijd)
        self._days = days
        counts = sorted(days.values())
        self._most = max(VOLUME_LEAST, VOLUME_TIMES * counts[int(BUSY * (len(counts) - 1))] if counts else 0)
        self._starts = {who: sorted(found.values()) for who, found in claims.items()}

    def much(self, access: Access) -> bool:
        """The worker opened far more on this day than anybody does on a busy one."""
        return self._days[access.who, dutch_day(access.tijd)] > self._most

    def in_row(self, access: Access) -> bool:
        """One of many claims of this worker within a few minutes."""
        starts = self._starts.get(access.who, [])
        first, last = bisect_left(starts, access.tijd - ROW_TIME), bisect_left(starts, access.tijd + ROW_TIME)
        here = starts[first:last]
        return any(here[nr + ROW_CLAIMS - 1] - here[nr] <= ROW_TIME for nr in range(len(here) - ROW_CLAIMS + 1))

    def odd(self, access: Access) -> bool:
        """Not how this system works: an hour that it hardly uses, or a message over and over."""
        hours = self._hours[access.who]
        rare = sum(hours.values()) > 1 / RARE and hours[dutch(access.tijd).hour] < RARE * sum(hours.values())
        times = self._times[access.who, access.bericht] if access.bericht else []
        return rare or bisect_left(times, access.tijd) >= CLAIMS_MOST


def _judge(access: Access, facts: Facts, habits: Habits) -> Verdict:
    explained = _explanation(access, facts)
    return Verdict(access, explained, tuple(_reasons(access, explained, facts, habits)))


def _explanation(access: Access, facts: Facts) -> Verklaring | None:
    own = facts.case.get(access.zaak) if access.zaak else None
    if any(_explains(case, access.tijd) for case in (*facts.cases.get(access.subject or "", ()), *([own] if own else ()))):
        return "zaak"
    if access.overzicht and access.overzicht in facts.consent and facts.consent[access.overzicht] <= access.tijd:
        return "toestemming"
    if access.bericht and access.bericht in facts.delivered and facts.delivered[access.bericht] <= access.tijd:
        done = facts.handled.get(access.bericht)
        return "bericht" if done is None or done[0] >= access.tijd else None
    return None


def _explains(case: Case, at: datetime) -> bool:
    return case.opened <= at and (case.closed is None or at <= case.closed + AFTER_CASE)


def _reasons(access: Access, explained: Verklaring | None, facts: Facts, habits: Habits) -> Iterator[Twijfel]:
    if access.subject:
        others = any(access.subject in found for found in facts.own.values())
        if access.subject in facts.own.get(access.who, ()) or (others and access.manned and explained != "zaak"):
            yield "eigen_adres"
    if explained is None:
        later = any(case.opened > access.tijd for case in facts.cases.get(access.subject or "", ()))
        yield "zaak_na_toegang" if later else "geen_verklaring"
    if not access.manned:
        if explained in {None, "bericht"} and habits.odd(access):
            yield "buiten_patroon"
        return
    if explained == "bericht" and not _handles(access, facts):
        yield "niet_behandeld"
    if explained in {None, "bericht"}:
        yield from _unusual(access, habits)


def _unusual(access: Access, habits: Habits) -> Iterator[Twijfel]:
    moment = dutch(access.tijd)
    if moment.hour not in HOURS or not is_workday(moment.date()):
        yield "buiten_uren"
    if habits.much(access):
        yield "volume"
    if habits.in_row(access):
        yield "reeks"


def _handles(access: Access, facts: Facts) -> bool:
    """Whether the one who opened a message also handled it in time; it may still come."""
    done = facts.handled.get(access.bericht) if access.bericht else None
    if done is None:
        return facts.now < access.tijd + TO_HANDLE
    return done[1] == access.who and done[0] <= access.tijd + TO_HANDLE
