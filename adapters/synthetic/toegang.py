"""A synthetic year of one municipality as its log tells it, with abuse planted in it; for proving the review of accesses.

Knows the wire form of log entries and nothing of who judges them: it imports nothing of the gateway. Staff, messages and addresses are
invented commitments. Each seed draws its own staff, habits and shares. Kinds of abuse: look-ups of acquaintances, a bulk evening, running
through many in a row, own and colleagues' addresses, a slow drip over the year, a mimic that opens a case afterwards, a stolen system
certificate, and a perfect one that works as everybody does (nobody can find it). Authority: security reference (insider abuse, 1 %).
"""

import json
import random  # noqa: TID251 - seeded: the same year from the same seed
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

TOWN, CODE, CREDITOR = "00000099000000003000", "0392", "00000099000000001000"
_FRAME = {"activiteit": "https://seinhuis.example/verwerkingen/ophalen", "traceId": "4b" * 16, "spanId": "a7" * 8, "versie": 1}
_GROUND = {"doel": "WGS-3-1-b", "rij": "WGS-3-1-b/huur/2021", "registerversie": "jaar"}
_FIRST = date(2025, 1, 1)
SHARES = {"bekende": 24, "avond": 19, "reeks": 15, "eigen": 9, "druppel": 15, "nabootser": 10, "systeem": 6, "volmaakt": 2}


class Regel(NamedTuple):
    """One entry: canonical-like JSON; `toegang`: person data went out; `misbruik`: the kind that was planted, None for honest work."""

    tijd: datetime
    body: bytes
    id: UUID
    toegang: bool
    misbruik: str | None


class Bericht(NamedTuple):
    """A message of the year; `vanaf`: since when it waits."""

    id: UUID
    vanaf: datetime
    adres: str


class Jaar:
    """The year of one seed with about `toegangen` accesses. `eigen`: addresses of staff, by whom."""

    def __init__(self, seed: int, toegangen: int, misbruik: float = 0.01) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a synthetic year, no secret
        self._regels: list[Regel] = []
        self._number = 0
        self._planted = round(toegangen * misbruik)
        self._honest = toegangen - self._planted
        self._accesses = 0
        draw = self._random
        self.staff = [f"m{nr:02}-{seed}".ljust(43, "x") for nr in range(draw.randint(14, 26))]
        self._starts = {who: draw.uniform(7.7, 9.4) for who in self.staff}
        self.eigen = {who: [self._address(f"eigen-{who}")] for who in self.staff}
        self._nightly = draw.uniform(0.30, 0.50)
        self._hour = draw.randint(1, 4)
        self._closed: list[tuple[Bericht, datetime]] = []  # handled, and since when
        self._open: list[Bericht] = []  # waiting: taken later by somebody who does not know of it
        self._busy: set[str] = set()  # addresses with a case of an honest worker
        self._claims: set[UUID] = set()

    def regels(self) -> list[Regel]:
        """Every entry of the year in order of time."""
        while self._accesses < self._honest * self._nightly:
            self._night(self._random.randint(8, 40))
        while self._accesses < self._honest:
            self._morning()
        for kind, share in SHARES.items():
            goal = self._accesses + max(1, round(self._planted * share / sum(SHARES.values())))
            deed: Callable[[str], None] = getattr(self, f"_{kind}")
            while self._accesses < goal:
                deed(kind)
        return sorted(self._regels, key=lambda one: one.tijd)

    # --- honest work ---------------------------------------------------------------------------------------------------------

    def _night(self, count: int) -> None:
        """The case system takes what came in; now and then it is late, after a failure."""
        day = self._day(weekdays=False)
        hour = self._random.randint(9, 21) if self._random.random() < 0.008 else self._hour
        at = self._at(day, hour + self._random.uniform(0.1, 0.8))
        claim = self._id(at)
        for _ in range(count):
            message = self._message(at - timedelta(hours=self._random.uniform(1, 30)))
            self._access("bericht.geclaimd", at, message, claim, None, None)
            self._tell("bericht.bevestigd", at + timedelta(minutes=5), bericht=str(message.id), resultaat="ontvangen")

    def _morning(self) -> None:
        """A worker takes some messages and works through them in the weeks that follow."""
        who = self._random.choice(self.staff)
        late = self._random.random() < 0.015
        day = self._day()
        at = self._at(day, self._random.uniform(19.2, 21.5) if late else self._starts[who] + self._random.uniform(0, 6.5))
        claim = self._id(at)
        for _ in range(self._random.randint(3, 14)):
            message = self._message(at - timedelta(hours=self._random.uniform(2, 90)))
            self._access("bericht.geclaimd", at, message, claim, who, None)
            self._work(message, who, claim, at)

    def _work(self, message: Bericht, who: str, claim: UUID, at: datetime) -> None:
        luck = self._random.random()
        if luck < 0.012:  # forgotten
            return
        if luck < 0.03:  # given back, a colleague takes it
            self._tell("claim.vrijgegeven", at + timedelta(hours=3), claim=str(claim))
            other = self._random.choice(self.staff)
            at = self._later(at, other, 1, 3)
            claim, who = self._id(at), other
            self._access("bericht.geclaimd", at, message, claim, who, None)
        if self._random.random() < 0.12:  # looks again before deciding
            again = at + timedelta(minutes=self._random.uniform(5, 60))
            self._access("bericht.gelezen", again, message, claim, who, None)
            at = again
        if luck < 0.22:  # no case: rejected
            done = self._later(at, who, 0, 4)
            self._tell("bericht.afgewezen", done, bericht=str(message.id))
            self._closed.append((message, done))
            if self._random.random() < 0.04:  # somebody phones about it afterwards
                self._access("bericht.gelezen", self._later(done, who, 2, 40), message, claim, who, None)
            return
        self._case(message, who, claim, at)

    def _case(self, message: Bericht, who: str, claim: UUID, at: datetime) -> None:
        opened = self._later(at, who, 0, 5)
        zaak = self._id(opened)
        self._busy.add(message.adres)
        self._tell("zaak.geopend", opened, bericht=str(message.id), zaak=str(zaak))
        length = self._random.uniform(5, 90)
        for _ in range(self._random.randint(0, 5)):
            again = self._later(opened, who, 0, max(1, int(length)))
            self._access("bericht.gelezen", max(again, opened + timedelta(minutes=5)), message, claim, who, None)
        closed = opened + timedelta(days=length + 1)
        self._tell("zaak.afgesloten", closed, zaak=str(zaak))
        if self._random.random() < 0.1:  # a call after it was closed; sometimes long after
            self._access("bericht.gelezen", self._later(closed, who, 1, 45), message, claim, who, None)
        self._closed.append((message, opened))

    # --- abuse ---------------------------------------------------------------------------------------------------------------

    def _bekende(self, kind: str) -> None:
        """Somebody looks an acquaintance up a few times, in office hours."""
        who, message = self._random.choice(self.staff), self._old()
        at = self._later(message.vanaf + timedelta(days=8), who, 1, 150)
        for _ in range(self._random.randint(1, 4)):
            self._access("bericht.gelezen", at, message, self._id(at), who, kind)
            at = self._later(at, who, 1, 20)

    def _avond(self, kind: str) -> None:
        """An evening or Saturday with many messages that wait, one by one, given back afterwards."""
        who, at = self._random.choice(self.staff), self._at(self._day(weekdays=self._random.random() < 0.6), self._random.uniform(20, 22.5))
        for _ in range(self._random.randint(15, 60)):
            at += timedelta(seconds=self._random.uniform(20, 120))
            self._given_back(at, who, kind)

    def _reeks(self, kind: str) -> None:
        """Runs through many within half an hour of a working day; colleagues handle them later."""
        who = self._random.choice(self.staff)
        at = self._at(self._day(), self._random.uniform(9.5, 15.5))
        for _ in range(self._random.randint(15, 50)):
            at += timedelta(seconds=self._random.uniform(8, 45))
            self._given_back(at, who, kind)

    def _eigen(self, kind: str) -> None:
        """A look at the own address, or at a colleague's; sometimes worked off as if it were anybody's."""
        who = self._random.choice(self.staff)
        whose = who if self._random.random() < 0.7 else self._random.choice(self.staff)
        at = self._at(self._day(), self._starts[who] + self._random.uniform(0.5, 7))
        message, claim = self._message(at - timedelta(days=1), self.eigen[whose][0]), self._id(at)
        self._access("bericht.geclaimd", at, message, claim, who, kind)
        if self._random.random() < 0.5:
            self._tell("bericht.afgewezen", at + timedelta(hours=1), bericht=str(message.id))

    def _druppel(self, kind: str) -> None:
        """One or two a week, all year long, never many, always at normal hours."""
        who, day = self._random.choice(self.staff), _FIRST + timedelta(days=self._random.randint(30, 60))
        last = _FIRST + timedelta(days=360)
        while day < last:
            at = self._at(self._workday(day), self._starts[who] + self._random.uniform(0.5, 7))
            if self._random.random() < 0.5:
                self._given_back(at, who, kind)
            else:
                message = self._old(before=at)
                self._access("bericht.gelezen", at, message, self._id(at), who, kind)
            day += timedelta(days=self._random.randint(3, 9))

    def _nabootser(self, kind: str) -> None:
        """Looks at somebody who is dealt with, and opens a case some days later to cover it."""
        who, message = self._random.choice(self.staff), self._old()
        at = self._later(message.vanaf + timedelta(days=20), who, 1, 100)
        self._access("bericht.gelezen", at, message, self._id(at), who, kind)
        cover = self._later(at, who, 1, 5)
        self._tell("zaak.geopend", cover, bericht=str(message.id), zaak=str(self._id(cover)))

    def _systeem(self, kind: str) -> None:
        """A stolen certificate takes a pile at an hour that the case system never does."""
        hour = (self._hour + self._random.randint(8, 14)) % 24
        at = self._at(self._day(weekdays=False), hour + self._random.uniform(0.1, 0.8))
        claim = self._id(at)
        for _ in range(self._random.randint(10, 50)):
            self._access("bericht.geclaimd", at, self._message(at - timedelta(hours=20)), claim, None, kind)

    def _volmaakt(self, kind: str) -> None:
        """Takes a waiting message at a normal hour and works it off: the log says nothing against it."""
        who = self._random.choice(self.staff)
        at = self._at(self._day(), self._starts[who] + self._random.uniform(0.5, 7))
        message, claim = self._message(at - timedelta(days=1)), self._id(at)
        self._access("bericht.geclaimd", at, message, claim, who, kind)
        done = at + timedelta(hours=2)
        self._tell("zaak.geopend", done, bericht=str(message.id), zaak=str(self._id(done)))

    # --- pieces --------------------------------------------------------------------------------------------------------------

    def _given_back(self, at: datetime, who: str, kind: str) -> None:
        """A waiting message is opened and given back; mostly a colleague takes it later and works it off."""
        message, claim = self._message(at - timedelta(hours=self._random.uniform(2, 60))), self._id(at)
        self._access("bericht.geclaimd", at, message, claim, who, kind)
        self._tell("claim.vrijgegeven", at + timedelta(seconds=15), claim=str(claim))
        if self._random.random() < 0.8:
            other = self._random.choice([one for one in self.staff if one != who])
            later = self._later(at + timedelta(hours=1), other, 1, 4)
            self._tell_claim(later, message, other)
            self._tell("bericht.afgewezen", later + timedelta(hours=1), bericht=str(message.id))

    def _tell_claim(self, at: datetime, message: Bericht, who: str) -> None:
        """An honest claim that is not counted among the year's accesses to reach."""
        self._access("bericht.geclaimd", at, message, self._id(at), who, None)
        self._accesses -= 1

    def _old(self, before: datetime | None = None) -> Bericht:
        """A message that somebody else dealt with without a case that would explain a look."""
        for _ in range(200):
            message, done = self._random.choice(self._closed)
            if message.adres not in self._busy and (before is None or done < before):
                return message
        return self._closed[0][0]

    def _message(self, at: datetime, adres: str | None = None) -> Bericht:
        message = Bericht(self._id(at), at, adres or self._address(f"adres-{self._number}"))
        values: dict[str, Any] = {"bericht": str(message.id), "betrokkene": message.adres, "inhoud": "y" * 43, **_GROUND}
        self._tell("signaal.bezorgd", at, partij=CREDITOR, **values)
        return message

    def _access(self, event: str, at: datetime, message: Bericht, claim: UUID, who: str | None, kind: str | None) -> None:
        values: dict[str, Any] = {"bericht": str(message.id), "claim": str(claim), "veldgroepen": ["identiteit"], **_GROUND}
        values["betrokkene"] = message.adres
        if event == "bericht.geclaimd" or claim not in self._claims:  # the claim says who it is
            event = "bericht.geclaimd"
            values |= {"wijze": "bemand", "medewerker": who} if who else {"wijze": "onbemand"}
            self._claims.add(claim)
        self._accesses += 1
        self._tell(event, at, toegang=True, misbruik=kind, **values)

    def _tell(
        self, event: str, at: datetime, *, toegang: bool = False, misbruik: str | None = None, partij: str = TOWN, **values: object
    ) -> None:
        id = self._id(at)
        whole = {**_FRAME, "id": str(id), "tijd": at.isoformat().replace("+00:00", "Z"), "gebeurtenis": event, "gemeente": CODE, **values}
        body = json.dumps({**whole, "partij": partij, "principaal": partij}, sort_keys=True).encode()
        self._regels.append(Regel(at, body, id, toegang, misbruik))

    def _id(self, at: datetime) -> UUID:
        self._number += 1
        return UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | self._number)

    def _address(self, name: str) -> str:
        return name.ljust(43, "z")[:43]

    def _day(self, *, weekdays: bool = True) -> date:
        day = _FIRST + timedelta(days=self._random.randint(20, 330))
        return self._workday(day) if weekdays else day

    def _workday(self, day: date) -> date:
        while day.weekday() > 4:
            day += timedelta(days=1)
        return day

    def _at(self, day: date, hour: float) -> datetime:
        """The instant at an hour of the clock in winter time; summer is an hour later on the wall, as habits are."""
        summer = 1 if 3 < day.month < 11 else 0
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 1 - summer, seconds=self._random.randint(0, 59))

    def _later(self, at: datetime, who: str, low: int, high: int) -> datetime:
        """A working hour of somebody, some days later; never before `at`."""
        day = self._workday((at + timedelta(days=self._random.randint(low, max(low, high)))).date())
        found = self._at(day, self._starts[who] + self._random.uniform(0.2, 7.5))
        return found if found > at else at + timedelta(minutes=self._random.uniform(10, 90))
