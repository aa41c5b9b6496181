"""Terms on a real database: the last day by the Dutch clock, reminders, holidays in between, and one sweep over many overviews."""

import os
import time
from datetime import date, datetime, timedelta
from datetime import time as clock

import holidays
import psycopg
import pytest

from gateway.core.errors import Conflict
from gateway.core.workdays import is_workday
from gateway.overviews import answering, asking, terms
from gateway.store.prepare import Dsns
from schemas.schuldenoverzicht import Saldoverzoek
from tests.overviews.hall import CLERK, HAARLEM, LANDLORD, OTHER, TRACE, WATER, Hall, claims

PLACES = [
    (date(2026, 12, 18), date(2027, 1, 5)),  # both days of Christmas and 1 January
    (date(2027, 4, 20), date(2027, 5, 7)),  # King's Day, 5 May and Ascension Day
    (date(2028, 4, 24), date(2028, 5, 10)),  # King's Day and 5 May
    (date(2026, 11, 21), date(2026, 12, 4)),  # asked on a Saturday
]


def by_the_library(day: date, count: int) -> date:
    """The count-th working day after a day, by a library and the three days that it leaves out or leaves open."""
    off = holidays.country_holidays("NL", years=range(day.year, day.year + 2), categories=("public", "optional"))
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in off
    return day


@pytest.mark.parametrize(("asked", "last"), PLACES)
def test_silent_creditor_escalates_on_the_day_after_the_tenth_working_day(hall: Hall, asked: date, last: date) -> None:
    hall.on(asked)
    overview = hall.ask(LANDLORD, OTHER)
    assert overview.uiterlijk == last == by_the_library(asked, 10)
    hall.on(last, clock(23, 59, 59))
    assert hall.sweep().expired == 0
    assert asking.page(CLERK, HAARLEM, None, 10, "verlopen", hall.overviews).schuldenoverzichten == []
    hall.answer(LANDLORD)
    hall.on(last + timedelta(days=1), clock(0))
    assert (hall.sweep().expired, hall.sweep().expired) == (1, 0)
    (late,) = asking.page(CLERK, HAARLEM, None, 10, "verlopen", hall.overviews).schuldenoverzichten
    assert (late.id, [v.staat for v in late.vragen]) == (overview.id, ["beantwoord", "verlopen"])
    assert hall.see(overview.id).vragen[0].antwoord is not None


def test_answer_counts_through_the_last_day_and_not_a_second_longer(hall: Hall) -> None:
    asked = hall.ask(LANDLORD, OTHER)
    hall.on(asked.uiterlijk, clock(23, 59, 59))
    assert hall.question(OTHER).vraag is not None
    given = claims(hall.today)
    hall.answer(LANDLORD, asked.vragen[0].id, given)
    hall.on(asked.uiterlijk + timedelta(days=1), clock(0))
    assert hall.question(OTHER).vraag is None  # nobody looked after it yet
    with pytest.raises(Conflict, match="TERMIJN_VERSTREKEN"):
        hall.answer(OTHER, asked.vragen[1].id)
    hall.sweep()
    with pytest.raises(Conflict, match="TERMIJN_VERSTREKEN"):
        hall.answer(OTHER, asked.vragen[1].id)
    assert hall.answer(LANDLORD, asked.vragen[0].id, given).staat == "beantwoord"  # the same again is no answer after the term
    assert hall.see(asked.id).staat == "verlopen"


def test_reminders_come_at_five_and_eight_working_days_to_who_is_silent(hall: Hall) -> None:
    asked = hall.ask(LANDLORD, OTHER)
    hall.answer(OTHER)
    told: dict[int, date | None] = {}
    days = [hall.today + timedelta(days=n) for n in range(15)]
    for passed, day in enumerate(day for day in days if is_workday(day)):
        hall.on(day)
        hall.sweep()
        (mine,) = hall.mine(LANDLORD, "open")
        told[passed] = mine.herinnerd_op
    assert [passed for passed, day in told.items() if day != told.get(passed - 1)] == [5, 8]
    assert [e.werkdagen for e in hall.entries("saldoverzoek.herinnerd")] == [5, 8]
    assert hall.mine(OTHER, "beantwoord")[0].herinnerd_op is None
    assert hall.see(asked.id).vragen[0].herinnerd_op is not None


def test_one_late_sweep_reminds_once(hall: Hall) -> None:
    asked = hall.ask(LANDLORD)
    hall.on(asked.uiterlijk)
    assert hall.sweep() == terms.Done(0, 1)
    assert hall.sweep() == terms.Done(0, 0)
    assert [e.werkdagen for e in hall.entries("saldoverzoek.herinnerd")] == [8]


def test_expired_question_is_destroyed_told_to_both_sides_and_stays(hall: Hall) -> None:
    asked = hall.ask(LANDLORD, WATER)
    hall.on(asked.uiterlijk + timedelta(days=1))
    assert hall.sweep().expired == 2
    assert hall.rows("SELECT count(question) FROM saldoverzoek") == [(0,)]
    (mine,) = hall.mine(LANDLORD, "verlopen")
    shown = answering.question(LANDLORD, TRACE, mine.id, hall.overviews, disclose=True)
    assert (shown.vraag, shown.staat) == (None, "verlopen")
    assert isinstance(mine, Saldoverzoek)
    assert len(hall.entries("saldoverzoek.verlopen")) == 2
    assert [e.resultaat for e in hall.entries("schuldenoverzicht.bijgewerkt")] == ["verlopen"]
    for statement in ("UPDATE schuldenoverzicht SET state = 'volledig'", "UPDATE saldoverzoek SET state = 'open'"):
        with pytest.raises(psycopg.errors.CheckViolation):  # not by hand either
            hall.run(statement)


def fill(dsns: Dsns, overviews: int, questions: int, at: datetime, last: date) -> None:
    """Open overviews as the flow leaves them, but for what is sealed."""
    with psycopg.connect(dsns.owner) as owner:
        owner.execute(
            """
            INSERT INTO schuldenoverzicht (gemeente, id, kenmerk, zaaknummer, party, grond, uiterlijk, created, state, content)
            SELECT '0392', md5('o' || n)::uuid, 'V-' || n, 'Z', 'P', 'aanvraag', %s, %s, 'open', sha256('x')
            FROM generate_series(1, %s) AS n
            """,
            (last, at, overviews),
        )
        owner.execute(
            """
            INSERT INTO saldoverzoek (gemeente, id, overzicht, schuldeiser, state, asked, question_key, question)
            SELECT '0392', md5(o.id::text || n)::uuid, o.id, 'S-' || n, 'open', %s, 'k', '\\x00'
            FROM schuldenoverzicht o, generate_series(1, %s) AS n
            """,
            (at, questions),
        )


def test_sweep_goes_past_every_batch_and_leaves_nothing(hall: Hall) -> None:
    fill(hall.dsns, 40, 3, hall.clock.now() - timedelta(days=12), hall.today)
    small = terms.Batch(overviews=7, questions=11)
    assert terms.run(hall.overviews, CLERK.party, lambda: TRACE, small) == terms.Done(0, 120)
    hall.on(hall.today + timedelta(days=1))
    assert terms.run(hall.overviews, CLERK.party, lambda: TRACE, small) == terms.Done(120, 0)
    assert hall.rows("SELECT DISTINCT state FROM schuldenoverzicht") == [("verlopen",)]
    assert len({entry.saldoverzoek for entry in hall.entries("saldoverzoek.verlopen")}) == 120


@pytest.mark.skipif(os.environ.get("SEINHUIS_PROOF") != "1", reason="fills 140,000 questions; SEINHUIS_PROOF=1 runs it")
def test_sweep_over_ten_thousand_overviews_takes_less_than_a_minute(hall: Hall) -> None:
    fill(hall.dsns, 10_000, 14, hall.clock.now() - timedelta(days=12), hall.today)
    for expected in (terms.Done(0, 140_000), terms.Done(140_000, 0)):
        begin = time.perf_counter()
        assert hall.sweep() == expected
        took = time.perf_counter() - begin
        print(f"{expected}: {took:.1f} s")  # noqa: T201 - the figure
        assert took < 60
        hall.on(hall.today + timedelta(days=1))
