"""One term of fourteen creditors, day after day, from the question to the morning after the last day.

Days are literals, counted by hand from the Algemene termijnenwet, art. 3 (5 May is one of them in every year); nothing of the gateway's own
table of days is used. They lie in the past, so that the test is the same in every year to come. Answers come at once, in files, after the
first reminder, after the second, and in the last minute.
"""

import time as stopwatch
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from gateway.core.clock import dutch_day
from gateway.sandbox.parties import GEMEENTEN, Gemeente
from tests.e2e.fourteen import CAST, LATE, OINS, SILENT, Sums, answers, expected, one_cent_more
from tests.e2e.town import Made, Town, problem

HAARLEM, UTRECHT = GEMEENTEN[:2]  # with a key of its own, and with one that the gateway keeps
DAY = timedelta(days=1)
NIGHT, JUST_AFTER, JUST_BEFORE = time(0, 30), time(0, 0, 30), time(23, 59, 30)


class Term(NamedTuple):
    """Who asks on a day; the silent are reminded after 5 and 8 working days, the tenth is the last, and they escalate the day after.

    `off`: the days of the law in between. `seed`: of the amounts.
    """

    name: str
    gemeente: Gemeente
    seed: int
    asked: date
    first: date
    second: date
    last: date
    ended: date
    off: frozenset[date]


TERMS = (
    # Mon 11 April; 1 Tue 12, 2 Wed 13, 3 Thu 14, Fri 15 and Mon 18 off, 4 Tue 19, 5 Wed 20, 6 Thu 21, 7 Fri 22, 8 Mon 25, 9 Tue 26,
    # Wed 27 off, 10 Thu 28
    Term(
        "Pasen en Koningsdag 2022", UTRECHT, 1,
        date(2022, 4, 11), date(2022, 4, 20), date(2022, 4, 25), date(2022, 4, 28), date(2022, 4, 29),
        frozenset({date(2022, 4, 15), date(2022, 4, 18), date(2022, 4, 27)}),
    ),
    # Tue 25 April; 1 Wed 26, Thu 27 off, 2 Fri 28, 3 Mon 1 May, 4 Tue 2, 5 Wed 3, 6 Thu 4, Fri 5 off, 7 Mon 8, 8 Tue 9, 9 Wed 10,
    # 10 Thu 11
    Term(
        "Koningsdag en 5 mei 2023", HAARLEM, 1,
        date(2023, 4, 25), date(2023, 5, 3), date(2023, 5, 9), date(2023, 5, 11), date(2023, 5, 12),
        frozenset({date(2023, 4, 27), date(2023, 5, 5)}),
    ),
    # Mon 18 December; 1 Tue 19, 2 Wed 20, 3 Thu 21, 4 Fri 22, Mon 25 and Tue 26 off, 5 Wed 27, 6 Thu 28, 7 Fri 29, Mon 1 January off,
    # 8 Tue 2, 9 Wed 3, 10 Thu 4
    Term(
        "Kerst en Nieuwjaar 2023", UTRECHT, 2,
        date(2023, 12, 18), date(2023, 12, 27), date(2024, 1, 2), date(2024, 1, 4), date(2024, 1, 5),
        frozenset({date(2023, 12, 25), date(2023, 12, 26), date(2024, 1, 1)}),
    ),
)  # fmt: skip
AT_ONCE = ("woning", "energie")
IN_FILES = ("bank", "belasting", "herhaler", "weigeraar", "water", "vreemde")  # on the day before the first reminder
AFTER_FIRST, AFTER_SECOND, IN_THE_LAST_MINUTE = "pakket", "overdrager", "zorg"
FROM_FIRST = (AFTER_FIRST, AFTER_SECOND, IN_THE_LAST_MINUTE, LATE, *SILENT)
"""Who is silent at the first reminder; all but the first of them still are at the second."""


class Seen(NamedTuple):
    """After the jobs of a night: the overview in the municipality's lists, and the last reminder of a silent creditor's open question."""

    staat: str
    escalated: bool
    reminded: dict[str, date]
    open: list[str | None]


class Story:
    """What everybody did and saw in one term."""

    def __init__(self, town: Town, term: Term) -> None:
        self.town, self.term, self.given = town, term, answers(term.seed, term.asked)
        self.nights: dict[date, Seen] = {}
        self.second: list[tuple[int | str, str]] = []
        self.late: list[tuple[int, str]] = []
        self.mailbox: dict[date, list[str]] = {}
        self.answered: dict[str, date] = {}
        begin = stopwatch.perf_counter()
        self.early = self._begin()
        for day in (term.asked + DAY * nr for nr in range(1, (term.ended - term.asked).days + 1)):
            self._night(day)
            self._noon(day)
        self.made = self._made()
        self.took = stopwatch.perf_counter() - begin

    @property
    def sums(self) -> Sums:
        """What the answers add up to that came in time."""
        return expected({role: answer for role, answer in self.given.items() if role != LATE})

    def _begin(self) -> Made:
        """Noon of the first day: asked, told in files, and answered by some at once."""
        self.town.clock.move(self.term.asked)
        self.asked = self.town.ask(self.term.gemeente, f"SO-{self.term.asked}", *CAST)
        self.town.work()
        for role in AT_ONCE:
            self._answer(role, self.term.asked)
        return self._made()

    def _made(self) -> Made:
        return self.town.made(self.term.gemeente, self.asked["id"])

    @cached_property
    def ids(self) -> dict[str, str]:
        """The question of each."""
        found = {vraag["schuldeiser"]: vraag["id"] for vraag in self.asked["vragen"]}
        return {role: found[oin] for role, oin in OINS.items()}

    def _night(self, day: date) -> None:
        """Half past midnight the jobs run; after the last day the late one comes just before, and once more after them."""
        if day == self.term.ended:
            self.town.clock.move(day, JUST_AFTER)
            self.late.append(problem(self.town.answer(LATE, self.ids[LATE], self.given[LATE])))
        self.town.clock.move(day, NIGHT)
        self.town.work()
        self.nights[day] = self._look()
        if day == self.term.ended:
            self.late.append(problem(self.town.answer(LATE, self.ids[LATE], self.given[LATE])))

    def _noon(self, day: date) -> None:
        self.town.clock.move(day)
        if day in (self.term.first, self.term.last, self.term.ended):
            self.mailbox[day] = self.town.buses["zwijgbus"].waiting()
        if day == self.term.first - DAY:
            self._answer_in_files(day)
            self._answer_again()
        elif day == self.term.first:
            self._accepted(AFTER_FIRST, self._bring(AFTER_FIRST, day), day)
        elif day == self.term.second:
            self._answer(AFTER_SECOND, day)
        elif day == self.term.last:
            self.town.clock.move(day, JUST_BEFORE)
            self._answer(IN_THE_LAST_MINUTE, day)

    def _answer(self, role: str, day: date) -> None:
        answer = self.town.answer(role, self.town.read(role), self.given[role])
        assert answer.status == 201, answer.body
        self.answered[role] = day

    def _answer_in_files(self, day: date) -> None:
        """Everybody brings a file before anybody looks for its report."""
        names = {role: self._bring(role, self.term.asked) for role in IN_FILES}
        for role, name in names.items():
            self._accepted(role, name, day)

    def _answer_again(self) -> None:
        """Another answer to what was answered, in a file and at the door."""
        role, other = "herhaler", one_cent_more(self.given["herhaler"])
        name = self.town.put(role, f"twee-{self.term.asked}", self.ids[role], [], other)
        self.second = [*self.town.report(role, name), problem(self.town.answer(role, self.ids[role], other))]

    def _bring(self, role: str, told: date) -> str:
        """To the question in the file of a day."""
        id, asked = self.town.collect(role, told)
        assert id == self.ids[role]
        return self.town.put(role, f"een-{self.term.asked}", id, asked, self.given[role])

    def _accepted(self, role: str, name: str, day: date) -> None:
        given = self.given[role]["soort"]
        assert self.town.report(role, name) == [("beantwoord" if given == "vorderingen" else given, "")]
        self.answered[role] = day

    def _look(self) -> Seen:
        mine = self.town.listed(self.term.gemeente)[0]
        assert mine["id"] == self.asked["id"]
        at = {vraag["schuldeiser"]: vraag.get("herinnerdOp") for vraag in mine["vragen"]}
        return Seen(
            mine["staat"],
            self.asked["id"] in [one["id"] for one in self.town.listed(self.term.gemeente, "verlopen")],
            {role: dutch_day(datetime.fromisoformat(at[oin])) for role, oin in OINS.items() if at[oin]},
            [line.get("herinnerdOp") for line in self.town.open("zwijger")],
        )


def expected_night(term: Term, day: date) -> Seen:
    """What the days of a term say that is to be seen in a night after the first day."""
    last = term.second if day >= term.second else term.first if day >= term.first else None
    reminded = dict.fromkeys(FROM_FIRST, last) | {AFTER_FIRST: term.first} if last else {}
    over = day >= term.ended
    return Seen("verlopen" if over else "deels", over, reminded, [] if over else [last.isoformat() if last else None])
