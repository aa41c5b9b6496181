"""The review: each rule on small facts, the queue in the database, and a synthetic year with planted abuse."""

import os
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.synthetic.toegang import SHARES, Jaar
from gateway.core import ids
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Damaged, Forbidden, NotFound
from gateway.oversight import accesses, queue
from gateway.oversight.evidence import Access, Case, Facts, Since
from gateway.oversight.queue import Period
from gateway.oversight.review import Verdict, judge
from gateway.privacylog.afterwards import ZaakGeopend
from gateway.privacylog.append import append
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.messages import BerichtGeclaimd, BerichtGelezen, SignaalBezorgd
from schemas.toezicht import EigenAdres
from tests.flows.world import CLERK, DOEL, HAARLEM, TRACE, UTRECHT
from tests.oversight.bureau import OFFICER, SECOND, Bureau, address

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MESSAGE, WHO, OTHER, HOME = UUID(int=1), "m1", "m2", "huis"
PROOF = os.environ.get("SEINHUIS_PROOF") == "1"
SIZE, SEEDS = (100_000, (90210, 90211, 90212, 90213, 90214)) if PROOF else (5_000, (41,))


def look(at: datetime = NOON, **changes: Any) -> Access:
    return Access(uuid4(), at, WHO, True, MESSAGE, HOME, UUID(int=9))._replace(**changes)


def facts(**changes: Any) -> Facts:
    """A message that waits since yesterday."""
    return Facts({MESSAGE: Since(NOON - DAY)}, {}, {}, {}, {}, {}, {}, NOON + 30 * DAY)._replace(**changes)


def verdict(access: Access, known: Facts, *more: Access) -> tuple[str | None, tuple[str, ...]]:
    found = judge([access, *more], known)[0]
    return found.explained, found.reasons


EARLIER = {MESSAGE: (NOON - DAY, WHO)}
BEFORE = {MESSAGE: (NOON - HOUR, OTHER)}
HANDLED = {MESSAGE: (NOON + HOUR, WHO)}


@pytest.mark.parametrize(
    ("access", "known", "expected"),
    [
        (look(), facts(handled=HANDLED), ("bericht", ())),
        (look(), facts(), ("bericht", ("niet_behandeld",))),
        (look(), facts(now=NOON + DAY), ("bericht", ())),  # it may still come
        (look(), facts(handled={MESSAGE: (NOON + HOUR, OTHER)}), ("bericht", ("niet_behandeld",))),
        (look(), facts(handled={MESSAGE: (NOON - HOUR, WHO)}), (None, ("geen_verklaring",))),
        (look(), facts(delivered={}), (None, ("geen_verklaring",))),
        (look(), facts(cases={HOME: [Case(Since(NOON - HOUR), None)]}), ("zaak", ())),
        (look(), facts(handled=BEFORE, cases={HOME: [Case(Since(NOON + HOUR), None)]}), (None, ("zaak_na_toegang",))),
        (look(nr=4), facts(cases={HOME: [Case(Since(NOON - HOUR, 3), None)]}), ("zaak", ())),
        (look(nr=4), facts(handled=BEFORE, cases={HOME: [Case(Since(NOON - HOUR, 5), None)]}), (None, ("zaak_na_toegang",))),  # dated back
        (look(nr=4), facts(delivered={MESSAGE: Since(NOON - HOUR, 5)}), (None, ("geen_verklaring",))),
        (look(nr=4, bericht=None, overzicht=MESSAGE), facts(consent={MESSAGE: Since(NOON - HOUR, 5)}), (None, ("geen_verklaring",))),
        (look(), facts(handled={MESSAGE: (NOON - DAY, WHO)}, cases={HOME: [Case(Since(NOON - 90 * DAY), NOON - 20 * DAY)]}), ("zaak", ())),
        (look(), facts(handled=EARLIER, cases={HOME: [Case(Since(NOON - 90 * DAY), NOON - 40 * DAY)]}), (None, ("geen_verklaring",))),
        (look(NOON + 9 * HOUR), facts(handled={MESSAGE: (NOON + DAY, WHO)}), ("bericht", ("buiten_uren",))),
        (look(NOON + 4 * DAY), facts(handled={MESSAGE: (NOON + 5 * DAY, WHO)}), ("bericht", ("buiten_uren",))),  # a Saturday
        (look(NOON + 9 * HOUR), facts(cases={HOME: [Case(Since(NOON - HOUR), None)]}), ("zaak", ())),
        (look(), facts(handled=HANDLED, own={WHO: frozenset({HOME})}), ("bericht", ("eigen_adres",))),
        (look(), facts(cases={HOME: [Case(Since(NOON - HOUR), None)]}, own={WHO: frozenset({HOME})}), ("zaak", ("eigen_adres",))),
        (look(), facts(handled=HANDLED, own={OTHER: frozenset({HOME})}), ("bericht", ("eigen_adres",))),
        (look(), facts(cases={HOME: [Case(Since(NOON - HOUR), None)]}, own={OTHER: frozenset({HOME})}), ("zaak", ())),
        (look(user=WHO), facts(cases={HOME: [Case(Since(NOON - HOUR), None)]}, own={OTHER: frozenset({HOME})}), ("zaak", ("eigen_adres",))),
        (look(bericht=None, overzicht=MESSAGE), facts(consent={MESSAGE: Since(NOON - HOUR)}), ("toestemming", ())),
        (look(bericht=None, overzicht=MESSAGE), facts(consent={MESSAGE: Since(NOON + HOUR)}), (None, ("geen_verklaring",))),
        (look(bericht=None, subject=None, zaak=MESSAGE), facts(case={MESSAGE: Case(Since(NOON - HOUR), None)}), ("zaak", ())),
    ],
)  # fmt: skip
def test_rule(access: Access, known: Facts, expected: tuple[str | None, tuple[str, ...]]) -> None:
    assert verdict(access, known) == expected


def crowd(number: int, step: timedelta) -> tuple[list[Access], Facts]:
    """So many claims of one worker, each of a message of its own that it handles."""
    made = [look(NOON - 2 * HOUR + nr * step, bericht=UUID(int=nr + 1), claim=UUID(int=nr + 1)) for nr in range(number)]
    known = facts(delivered={a.bericht: Since(NOON - DAY) for a in made}, handled={a.bericht: (NOON + 8 * HOUR, WHO) for a in made})
    return made, known


def test_many_claims_in_a_row_and_a_large_volume_are_doubted() -> None:
    made, known = crowd(12, timedelta(seconds=30))
    assert {v.reasons for v in judge(made, known)} == {("reeks",)}
    made, known = crowd(12, timedelta(minutes=8))
    assert {v.reasons for v in judge(made, known)} == {()}
    made, known = crowd(70, timedelta(minutes=2))
    made += [look(NOON + 40 * DAY, bericht=UUID(int=600), claim=UUID(int=600))]  # a known name
    quiet = [look(NOON + nr * DAY, bericht=UUID(int=500 + nr), claim=UUID(int=500 + nr), who=f"x{nr}") for nr in range(30)]
    assert {v.reasons for v in judge([*made, *quiet], known)[:70]} == {("volume",)}
    busy = [look(NOON + nr * DAY, bericht=one.bericht, claim=one.claim, who=f"y{nr}") for nr in range(5) for one in made]
    assert {v.reasons for v in judge([*made, *quiet, *busy], known)[:70]} == {()}


def system(number: int, step: timedelta, begin: datetime = NOON, first: int = 1) -> list[Access]:
    """So many unattended claims, each of a message of its own."""
    made = [(begin + nr * step, UUID(int=first + nr)) for nr in range(number)]
    return [look(at, manned=False, who="systeem", claim=id, bericht=id) for at, id in made]


def received(made: list[Access], **changes: Any) -> Facts:
    """All of it waited and was acknowledged at once."""
    return facts(delivered={a.bericht: Since(NOON - DAY) for a in made}, received={a.bericht: a.tijd for a in made}, **changes)


def test_system_is_judged_by_its_own_hours_and_by_taking_a_message_once() -> None:
    nights = system(120, DAY, NOON - 9 * HOUR)
    odd = system(1, DAY, first=777)
    known = received([*nights, *odd], now=NOON + 300 * DAY)
    assert [v.reasons for v in judge([*nights, *odd], known)] == [()] * 120 + [("buiten_patroon",)]
    four = [nights[0]._replace(tijd=NOON + (3 + nr) * DAY - 9 * HOUR + timedelta(minutes=1), claim=UUID(int=800 + nr)) for nr in range(4)]
    assert [v.reasons for v in judge([*nights, *four], known)][-4:] == [(), (), ("buiten_patroon",), ("buiten_patroon",)]


def test_system_has_no_habit_of_its_own_making() -> None:
    """A pile at night, the first that is seen of a system, is looked at; once other nights show the hour it is usual."""
    pile = system(20, timedelta(minutes=3), NOON + 14 * HOUR)
    assert {v.reasons for v in judge(pile, received(pile))} == {("buiten_patroon",)}
    more = [one for nr in (1, 2) for one in system(20, timedelta(minutes=3), NOON + 14 * HOUR + nr * DAY, 100 * nr)]
    assert {v.reasons for v in judge([*pile, *more], received([*pile, *more]))} == {()}
    flood = system(400, timedelta(seconds=2), NOON + 14 * HOUR, 1000)
    found = judge([*more, *flood], received([*more, *flood]))
    assert {v.reasons for v in found if v.access in flood} == {("buiten_patroon",)}


def test_what_a_system_takes_and_never_acknowledges_is_listed() -> None:
    nights = system(40, DAY, NOON - 9 * HOUR)
    known = received(nights, now=NOON + 100 * DAY)
    third, fifth = UUID(int=4), UUID(int=6)
    late = {id: at for id, at in known.received.items() if id != fifth} | {third: nights[3].tijd + 15 * DAY}
    found = judge(nights, known._replace(received=late))
    assert [nr for nr, v in enumerate(found) if v.reasons == ("niet_behandeld",)] == [3, 5]
    soon = known._replace(received={}, now=nights[0].tijd + 10 * DAY)
    assert {v.reasons for v in judge(nights, soon)} == {()}  # it may still come


def test_invented_names_hide_no_volume() -> None:
    """Four hundred claims within a quarter of an hour, handled, over names of seven each: of one party it is a row and a volume."""
    names = [f"naam{nr // 7}" for nr in range(400)]
    many = [(who, NOON + nr * timedelta(seconds=2), UUID(int=nr + 1)) for nr, who in enumerate(names)]
    made = [look(at, who=who, bericht=id, claim=id) for who, at, id in many]
    handled = {a.bericht: (NOON + DAY, a.who) for a in made}
    known = facts(delivered={a.bericht: Since(NOON - DAY) for a in made}, handled=handled)
    assert {v.reasons for v in judge(made, known)} == {("volume", "reeks")}
    few = [a._replace(tijd=NOON + nr * 30 * DAY) for nr, a in enumerate(made[::100])]
    assert {v.reasons for v in judge(few[:1], known)} == {()}  # the control


def test_name_of_one_day_is_listed_at_a_party_of_many() -> None:
    usual = [look(NOON + nr * DAY, who="m1", bericht=UUID(int=nr + 1), claim=UUID(int=nr + 1)) for nr in range(3)]
    once = look(NOON + HOUR, who="verzonnen", bericht=UUID(int=50), claim=UUID(int=50))
    made = [*usual, once]
    handled = {a.bericht: (a.tijd + HOUR, a.who) for a in made}
    known = facts(delivered={a.bericht: Since(NOON - DAY) for a in made}, handled=handled)
    assert [v.reasons for v in judge(made, known)] == [(), (), (), ("nieuwe_naam",)]
    again = once._replace(tijd=NOON + DAY + HOUR, claim=UUID(int=51))
    known = facts(delivered=known.delivered, handled={a.bericht: (NOON + 5 * DAY, a.who) for a in made})
    assert {v.reasons for v in judge([*made, again], known)} == {()}


def year(seed: int, size: int) -> tuple[list[Verdict], dict[UUID, str | None]]:
    """Judged, and what was planted."""
    made = Jaar(seed, size)
    regels = made.regels()
    own = {who: frozenset(found) for who, found in made.eigen.items()}
    read = accesses.read(enumerate(decode(one.body) for one in regels), own, datetime(2026, 3, 1, tzinfo=UTC))
    return judge(read.accesses, read.facts), {one.id: one.misbruik for one in regels if one.toegang}


@pytest.mark.parametrize("seed", SEEDS)
def test_year_with_planted_abuse_is_explained_and_the_abuse_is_in_the_queue(seed: int) -> None:
    verdicts, planted = year(seed, SIZE)
    assert {v.access.entry for v in verdicts} == planted.keys()
    listed = [v for v in verdicts if v.reasons]
    abuse = [v for v in verdicts if planted[v.access.entry]]
    caught = [v for v in abuse if v.reasons]
    figures = {
        "seed": seed, "toegangen": len(verdicts), "misbruik": len(abuse), "verklaard": 1 - len(listed) / len(verdicts),
        "gevonden": len(caught) / len(abuse), "wachtrij": len(listed) / len(verdicts), "precisie": len(caught) / len(listed),
    }  # fmt: skip
    print(figures)  # noqa: T201 - Must show 6: precision is printed
    assert figures["verklaard"] >= 0.94
    assert figures["gevonden"] >= 0.95
    assert figures["wachtrij"] <= 0.06
    assert {planted[v.access.entry] for v in abuse} == set(SHARES)  # the slow drip and the mimic among them
    assert len(abuse) / len(verdicts) == pytest.approx(0.01, abs=0.002 if PROOF else 0.02)


def test_positive_control_without_the_order_in_time_the_mimic_goes_free() -> None:
    """A review that lets any case explain, whenever it was opened, misses who opens one to cover a look."""
    made = Jaar(SEEDS[0], 5_000)
    regels = made.regels()
    read = accesses.read(enumerate(decode(one.body) for one in regels), {}, datetime(2026, 3, 1, tzinfo=UTC))
    mimics = {one.id for one in regels if one.misbruik == "nabootser"}
    careless = read.facts._replace(cases={who: [Case(Since(datetime.min.replace(tzinfo=UTC)), None)] for who in read.facts.cases})
    for known, expected in ((read.facts, 1.0), (careless, 0.0)):
        found = [v for v in judge(read.accesses, known) if v.access.entry in mimics]
        assert sum(bool(v.reasons) for v in found) / len(found) == expected


def test_same_seed_makes_the_same_year() -> None:
    assert [one.body for one in Jaar(3, 500).regels()] == [one.body for one in Jaar(3, 500).regels()]
    assert Counter(one.misbruik for one in Jaar(3, 500).regels()) != Counter(one.misbruik for one in Jaar(4, 500).regels())


# --- the queue in the database -------------------------------------------------------------------------------------------------


def waiting(bureau: Bureau, *, signed: bool = False, gemeente: str = HAARLEM) -> list[tuple[str | None, list[str], str | None]]:
    bureau.number()
    found = queue.queue(OFFICER, gemeente, TRACE, Period(bureau.today - 20 * DAY, 21, signed), bureau.oversight)
    return [(one.regel.medewerker, list(one.redenen), one.oordeel) for one in found.gevallen]


def test_queue_lists_what_was_opened_and_not_handled_with_who_until_it_is_signed_off(bureau: Bureau) -> None:
    mine, _ = bureau.delivered(bureau.of(12), bureau.of(14, "Bakker"))
    claim = bureau.take("m.jansen")
    bureau.acknowledge(claim, mine, "Z-1")
    assert waiting(bureau) == []  # there is still time
    bureau.clock.advance(timedelta(days=15))
    assert waiting(bureau) == [("m.jansen", ["niet_behandeld"], None)]
    found = queue.queue(OFFICER, HAARLEM, TRACE, Period(bureau.today - 20 * DAY, 21), bureau.oversight)
    assert (found.toegangen, found.verklaard) == (2, {"bericht": 1})
    id = found.gevallen[0].regel.id
    queue.sign_off(OFFICER, HAARLEM, TRACE, id, "in_onderzoek", bureau.oversight)
    assert waiting(bureau) == [("m.jansen", ["niet_behandeld"], "in_onderzoek")]
    bureau.clock.advance(HOUR)
    queue.sign_off(OFFICER, HAARLEM, TRACE, id, "in_orde", bureau.oversight)
    assert (waiting(bureau), waiting(bureau, signed=True)) == ([], [("m.jansen", ["niet_behandeld"], "in_orde")])
    assert [one.resultaat for one in bureau.entries("toegang.beoordeeld")] == ["in_onderzoek", "in_orde"]
    assert waiting(bureau, gemeente=UTRECHT) == []


def test_look_at_a_colleagues_address_is_listed_and_the_address_is_a_commitment(bureau: Bureau) -> None:
    bureau.delivered(bureau.of(12))
    said = EigenAdres(medewerker="m.jansen", adres=address(12))
    assert queue.lives(OFFICER, HAARLEM, TRACE, said, bureau.oversight).aantal == 1
    assert queue.lives(OFFICER, HAARLEM, TRACE, said, bureau.oversight).aantal == 1
    bureau.take("p.smit")
    assert waiting(bureau) == [("p.smit", ["eigen_adres"], None)]
    assert bureau.events().count("toezicht.eigen_adres") == 1


def test_what_is_no_access_here_cannot_be_signed_off(bureau: Bureau) -> None:
    bureau.delivered(bureau.of())
    bureau.take()
    lines = {line.gebeurtenis: line.id for line in bureau.look().regels}
    for gemeente, id in ((HAARLEM, lines["signaal.bezorgd"]), (UTRECHT, lines["bericht.geclaimd"]), (HAARLEM, ids.new())):
        with pytest.raises(NotFound):
            queue.sign_off(OFFICER, gemeente, TRACE, id, "in_orde", bureau.oversight)


@pytest.mark.parametrize(("van", "days"), [(date.max, 62), (date.max, 1)])
def test_period_at_the_end_of_the_calendar_is_empty(bureau: Bureau, van: date, days: int) -> None:
    bureau.delivered(bureau.of())
    bureau.take()
    assert queue.queue(OFFICER, HAARLEM, TRACE, Period(van, days), bureau.oversight).toegangen == 0


@pytest.mark.parametrize("at", [datetime(2026, 11, 24, 22, 59, tzinfo=UTC), datetime(2026, 10, 26, 22, 30, tzinfo=UTC)])
def test_queue_goes_back_62_days_and_no_further_however_large_the_log(bureau: Bureau, at: datetime) -> None:
    """At the last moment of a day too, and of one whose quarter had a day of 25 hours."""
    bureau.clock.advance(at - bureau.clock.now())
    bureau.delivered(bureau.of())
    bureau.take()
    oldest = dutch_day(at) - 61 * DAY
    assert queue.queue(OFFICER, HAARLEM, TRACE, Period(oldest, 62), bureau.oversight).toegangen == 1  # the control
    for van, days in ((oldest - DAY, 1), (oldest - DAY, 63), (date.min, 1)):
        with pytest.raises(Conflict, match="PERIODE_TE_OUD") as refused:
            queue.queue(OFFICER, HAARLEM, TRACE, Period(van, days), bureau.oversight)
        assert "62 dagen" in refused.value.detail
    assert bureau.events().count("toezicht.wachtrij_gelezen") == 1


def unhandled(bureau: Bureau, medewerker: str = "m.jansen") -> UUID:
    """One message that somebody of the staff opened and nobody handled; the entry of that."""
    bureau.delivered(bureau.of(12))
    bureau.take(medewerker)
    bureau.clock.advance(15 * DAY)
    (line,) = bureau.look(gebeurtenis="bericht.geclaimd").regels
    return line.id


def test_word_counts_only_as_the_log_has_it(bureau: Bureau) -> None:
    """Who has the database alone cannot write a word: what the index points at must be what it says."""
    id = unhandled(bureau)
    bureau.run(
        "INSERT INTO toezicht_regel SELECT 1000000, %s, gemeente, tijd, 'toegang.beoordeeld', activiteit, partij, principaal, onderwerpen "
        "FROM toezicht_regel WHERE event = 'signaal.bezorgd' LIMIT 1", ids.new(),
    )  # fmt: skip
    assert waiting(bureau) == [("m.jansen", ["niet_behandeld"], None)]  # points at nothing
    queue.sign_off(OFFICER, HAARLEM, TRACE, id, "in_onderzoek", bureau.oversight)
    assert waiting(bureau) == [("m.jansen", ["niet_behandeld"], "in_onderzoek")]  # the control
    body = bytes(bureau.rows("SELECT body FROM log_entry WHERE event = 'toegang.beoordeeld'")[0][0])
    bureau.run("UPDATE log_entry SET body = %b WHERE event = 'toegang.beoordeeld'", body.replace(b"in_onderzoek", b"in_orde"))
    with pytest.raises(Damaged):
        waiting(bureau)


def test_case_that_is_dated_back_explains_nothing(bureau: Bureau) -> None:
    (mine,) = bureau.delivered(bureau.of(12))
    bureau.clock.advance(2 * HOUR)
    bureau.take("m.jansen")
    bureau.clock.advance(15 * DAY)
    assert waiting(bureau) == [("m.jansen", ["niet_behandeld"], None)]
    frame = Frame(CLERK, TRACE, bureau.clock.now() - 15 * DAY - HOUR, "urn:x")
    with bureau.inbox.transaction() as connection:
        append(connection, [ZaakGeopend(**frame.fields(), gemeente=HAARLEM, bericht=mine, zaak=ids.new())])
    assert [who for who, _, _ in waiting(bureau)] == ["m.jansen"]


def test_case_is_of_a_resident_from_when_his_message_came_into_it() -> None:
    """Somebody looks, and puts the message into a case of somebody else that was there long before."""
    ground: dict[str, Any] = {"doel": DOEL, "rij": "r", "registerversie": "1"}
    old, mine, zaak, claim = ids.new(), ids.new(), ids.new(), ids.new()

    def at(hours: int) -> dict[str, Any]:
        return {**Frame(CLERK, TRACE, NOON + hours * HOUR, "urn:x").fields(), "gemeente": HAARLEM}

    entries: list[Entry] = [
        SignaalBezorgd(**at(0), **ground, bericht=old, betrokkene="een", inhoud=""),
        SignaalBezorgd(**at(0), **ground, bericht=mine, betrokkene="ander", inhoud=""),
        ZaakGeopend(**at(1), bericht=old, zaak=zaak),
        BerichtGeclaimd(**at(2), **ground, bericht=mine, claim=claim, veldgroepen=(), betrokkene="ander", wijze="bemand", medewerker="m"),
        ZaakGeopend(**at(3), bericht=mine, zaak=zaak),
        BerichtGelezen(**at(4), **ground, bericht=mine, claim=claim, veldgroepen=(), betrokkene="ander"),
    ]
    read = accesses.read(enumerate(entries), {}, NOON + DAY)
    assert [v.explained for v in judge(read.accesses, read.facts)] == ["bericht", "zaak"]


def test_nobody_signs_off_his_own_access(bureau: Bureau) -> None:
    id = unhandled(bureau)
    with pytest.raises(Forbidden, match="OORDEEL_EIGEN_TOEGANG"):
        queue.sign_off(CLERK, HAARLEM, TRACE, id, "in_orde", bureau.oversight)
    assert len(waiting(bureau)) == 1
    queue.sign_off(OFFICER, HAARLEM, TRACE, id, "in_orde", bureau.oversight)  # the control
    assert waiting(bureau) == []


def test_look_at_an_address_of_staff_takes_two_officers(bureau: Bureau) -> None:
    queue.lives(OFFICER, HAARLEM, TRACE, EigenAdres(medewerker="m.jansen", adres=address(12)), bureau.oversight)
    id = unhandled(bureau)
    both = ("m.jansen", ["eigen_adres", "niet_behandeld"])
    for officer, expected in ((OFFICER, [(*both, "in_orde")]), (OFFICER, [(*both, "in_orde")]), (SECOND, [])):
        queue.sign_off(officer, HAARLEM, TRACE, id, "in_orde", bureau.oversight)
        assert waiting(bureau) == expected
    queue.sign_off(SECOND, HAARLEM, TRACE, id, "in_onderzoek", bureau.oversight)
    assert len(waiting(bureau)) == 1
