"""Clocks: which terms of a message run or are overdue on a day. Pure: facts in, terms out.

Authority: Wgs art. 4 lid 1 (4 weeks to the first talk) and lid 2 (3 working days when threatening), art. 4a lid 3 (at most 8 weeks),
the sector rules on ending supply (20 working days), Algemene termijnenwet art. 1 (a legal term in weeks does not end on a day off).
Only a worker makes a situation threatening; a signal of ending supply does not. Leaves storing facts to `gateway.mailbox.clocks`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from gateway.core.workdays import add_workdays, is_workday, workdays_between
from schemas.inbox import Berichtstaat
from schemas.instellingen import Termijnregels
from schemas.termijnen import Mijlpaalsoort, Termijn, Termijnsoort

THREATENING, END_OF_SUPPLY = 3, 20
FIRST_TALK = timedelta(weeks=4)
REPORTS = (5, 10)
"""Working days after which a message that nobody fetched is reported."""
ENDED: frozenset[Berichtstaat] = frozenset({"afgewezen", "doorgezonden", "ingetrokken", "verlopen"})
_DAY = timedelta(days=1)


class Facts(NamedTuple):
    """What clocks see of a message. `received` is a Dutch day, `opened` the one from which it could be fetched; `keep` is how many working
    days it waits unfetched.
    """

    bericht: UUID
    received: date
    state: Berichtstaat
    crisis: str | None
    end_of_supply: date | None
    milestones: Mapping[Mijlpaalsoort, date]
    keep: int
    opened: date


def running(facts: Facts, rules: Termijnregels, today: date) -> list[Termijn]:
    """Every term that has begun and not been met. A message that is closed has none."""
    if facts.state in ENDED:
        return []
    return [
        Termijn(bericht=facts.bericht, soort=kind, vanaf=begin, uiterlijk=due, stand="overschreden" if today > due else "lopend")
        for kind, begin, due in _terms(facts, rules)
    ]


def _terms(facts: Facts, rules: Termijnregels) -> Iterator[tuple[Termijnsoort, date, date]]:
    yield from _statutory(facts, rules)
    if facts.state == "verwerkt":  # the case system has it: the municipality's own clocks run there
        return
    got, done = facts.received, facts.milestones
    if facts.crisis in {"eindelevering", "afsluiting"}:
        yield "einde_levering", got, facts.end_of_supply or add_workdays(got, END_OF_SUPPLY)
    if "eerste_contact" not in done:
        yield "eerste_contact", got, got + timedelta(days=rules.eerste_contact_dagen)
    if "analyse" not in done:
        yield "analyse", got, got + timedelta(days=rules.analyse_dagen)
    if facts.state == "bezorgd":
        yield "onopgehaald", facts.opened, add_workdays(facts.opened, facts.keep)


def _statutory(facts: Facts, rules: Termijnregels) -> Iterator[tuple[Termijnsoort, date, date]]:
    done = facts.milestones
    talked = done.get("eerste_gesprek")
    if talked is None and "bedreigend" in done:
        yield "bedreigend", done["bedreigend"], add_workdays(done["bedreigend"], THREATENING)
    if talked is None and "hulp_geaccepteerd" in done:
        yield "eerste_gesprek", done["hulp_geaccepteerd"], on_a_working_day(done["hulp_geaccepteerd"] + FIRST_TALK)
    if talked is not None and "besluit" not in done:
        yield "besluit", talked, on_a_working_day(talked + timedelta(weeks=rules.besluit_weken))


def opened(received: date, matching_day: int | None) -> date:
    """The day from which a message could be fetched: the first matching day (of the month) on or after its arrival."""
    if matching_day is None or received.day == matching_day:
        return received
    month = received.replace(day=1)
    if received.day > matching_day:
        month = (month + timedelta(days=31)).replace(day=1)
    return month.replace(day=matching_day)


def on_a_working_day(day: date) -> date:
    """The day itself, or the first working day after it."""
    return day if is_workday(day) else add_workdays(day, 1)


def working_days_ago(today: date, count: int) -> date:
    """The last day from which at least `count` working days have passed."""
    day = today - timedelta(days=count)
    while workdays_between(day, today) < count:
        day -= _DAY
    return day
