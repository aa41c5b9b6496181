"""What a municipality sets: the rhythm holds back all but crises, history gives the past, objections flag and reach no creditor."""

from datetime import date, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from gateway.core.errors import Invalid, NotFound, Unavailable
from gateway.core.ids import lowest_at
from gateway.mailbox import derivations
from gateway.meldingen import instellingen
from gateway.signals import afterwards, deliveries, reports
from gateway.store.prepare import Dsns
from schemas import strict
from schemas.meldingen import HistorieSignaal
from schemas.signaal import AanleveringEnvelop, IntrekkingAanvraag
from tests.flows.world import CLERK, HAARLEM, LANDLORD, TRACE, UTRECHT
from tests.matching.world import MatchingWorld

CRISIS = {"soort": "ontruiming"}


def claimed(world: MatchingWorld) -> set[Any]:
    return {bericht.id for bericht in world.claim().berichten}


def an_earlier_matching_day(world: MatchingWorld) -> int:
    """The latest day of a month, 1 to 28, that lies before today."""
    yesterday = world.today - timedelta(days=1)
    return min(yesterday.day, 28)


def test_without_a_rhythm_everything_may_be_claimed_at_once(world: MatchingWorld) -> None:
    assert (instellingen.rhythm(HAARLEM, world.matcher).wijze, instellingen.rhythm(HAARLEM, world.matcher).versie) == ("direct", 0)
    assert claimed(world) == set()
    assert claimed(world) | {world.give(world.signal())} == claimed(world)


def test_a_monthly_rhythm_holds_messages_until_the_matching_day_but_no_crisis(world: MatchingWorld) -> None:
    day = an_earlier_matching_day(world)
    world.set_rhythm("maandelijks", day)
    waiting = world.give(world.signal())
    urgent = world.give(world.signal(crisis=CRISIS))
    assert claimed(world) == {urgent}
    assert [b.staat for b in world.page()] == ["bezorgd", "geclaimd"]  # listed all the same
    while world.today.day != day:
        world.clock.advance(timedelta(days=1))
        assert (claimed(world) == {waiting}) is (world.today.day == day)
    (bericht,) = (b for b in world.page() if b.id == waiting)
    assert bericht.staat == "geclaimd"


def test_a_crisis_comes_first_and_the_maximum_holds(world: MatchingWorld) -> None:
    """Everything was made before the last matching day: both branches of the claim have something to give."""
    ids = [world.give(world.signal()) for _ in range(3)]
    urgent = world.give(world.signal(crisis=CRISIS))
    world.set_rhythm("maandelijks", an_earlier_matching_day(world))
    world.clock.advance(timedelta(days=62))
    assert {b.id for b in world.claim(maximum=2).berichten} == {urgent, ids[0]}
    assert {b.id for b in world.claim(maximum=2).berichten} == set(ids[1:])


def test_back_to_at_once_frees_what_waits(world: MatchingWorld) -> None:
    world.set_rhythm("maandelijks", an_earlier_matching_day(world))
    waiting = world.give(world.signal())
    assert claimed(world) == set()
    world.set_rhythm("direct")
    assert claimed(world) == {waiting}
    assert instellingen.rhythm(HAARLEM, world.matcher).versie == 2
    assert world.events().count("ritme.gewijzigd") == 2


def test_the_same_rhythm_again_changes_nothing(world: MatchingWorld) -> None:
    world.set_rhythm("maandelijks", 15)
    world.set_rhythm("maandelijks", 15)
    assert instellingen.rhythm(HAARLEM, world.matcher).versie == 1
    assert world.events().count("ritme.gewijzigd") == 1
    assert instellingen.rhythm(UTRECHT, world.matcher).wijze == "direct"


@pytest.mark.parametrize(("wijze", "dag"), [("maandelijks", None), ("direct", 3)])
def test_a_rhythm_that_is_half_is_refused(world: MatchingWorld, wijze: str, dag: int | None) -> None:
    with pytest.raises(Invalid):
        world.set_rhythm(wijze, dag)


def told(signal: dict[str, Any], day: date, creditor: str = LANDLORD.principal, **more: Any) -> HistorieSignaal:
    """An earlier signal at the address of a signal, spelled in another way."""
    adres = {name: value for name, value in signal["adres"].items() if name in ("postcode", "huisnummer", "huisletter", "toevoeging")}
    if "toevoeging" in adres:
        adres["toevoeging"] = adres["toevoeging"].lower()
    return msgspec.convert({**adres, "sector": "huur", "schuldeiser": creditor, "datum": day.isoformat(), **more}, HistorieSignaal)


def test_history_makes_a_first_signal_consecutive_and_is_loaded_once(world: MatchingWorld) -> None:
    signal = world.signal()
    before = told(signal, world.today - timedelta(days=62))
    assert world.tell(before, before) == (1, 1, 0)
    assert world.tell(before) == (0, 1, 0)
    world.give(signal)
    assert [m.indeling for m in world.meldingen()] == ["opeenvolgend"]
    assert world.entries("historie.geladen")[0].aantal == 1
    assert world.events().count("historie.geladen") == 1


def test_history_leaves_an_entry_for_each_address_it_tells_of(world: MatchingWorld) -> None:
    """A signal told of one address shows which message of the inbox is of that address: that must not go unseen."""
    first, second = world.signals(2)
    day = world.today - timedelta(days=62)
    assert world.tell(told(first, day), told(first, day - timedelta(days=1)), told(second, day)) == (3, 0, 0)
    entries = world.entries("historie.geladen")
    assert sorted(entry.aantal for entry in entries) == [1, 2]
    world.give(first)
    (delivered,) = world.entries("signaal.bezorgd")
    assert [entry.aantal for entry in entries if entry.betrokkene == delivered.betrokkene] == [2]


def test_history_of_another_municipality_or_address_changes_nothing(world: MatchingWorld) -> None:
    signal = world.signal()
    before = told(signal, world.today - timedelta(days=62))
    world.tell(before, gemeente=UTRECHT)
    world.tell(msgspec.structs.replace(before, huisnummer=before.huisnummer + 1000))
    world.give(signal)
    assert [m.indeling for m in world.meldingen()] == ["enkelvoudig"]


def test_history_beyond_seven_months_or_to_come_is_counted_and_dropped(world: MatchingWorld) -> None:
    signal = world.signal()
    days = (world.today - timedelta(days=220), world.today + timedelta(days=1), world.today - timedelta(days=200))
    assert world.tell(*(told(signal, day) for day in days)) == (1, 0, 2)


def test_history_is_kept_as_pseudonyms_only(world: MatchingWorld) -> None:
    signal = world.signal()
    world.tell(told(signal, world.today, contractkenmerk="CONTRACT-1"))
    (row,) = world.rows("SELECT h::text FROM historie h")
    assert not [word for word in (signal["adres"]["postcode"], "CONTRACT-1", "CONTRACT") if word in row[0]]
    assert row[0].count("\\x") == 3


def test_an_objection_flags_every_message_of_the_address_and_holds_nothing_back(world: MatchingWorld) -> None:
    signal = world.signal()
    world.give(signal)
    world.give(world.signal())
    id, new = world.oppose(signal["adres"])
    assert (new, world.oppose(signal["adres"])) == (True, (id, False))
    assert world.flagged() == [True, False]
    assert [bool(m.bezwaar_loopt) for m in world.meldingen()] == [True, False]
    assert [bool(b.bezwaar_loopt) for b in world.claim().berichten] == [True, False]
    assert instellingen.objections(HAARLEM, None, 10, world.matcher).bezwaren[0].id == id
    instellingen.end_objection(CLERK, HAARLEM, TRACE, id, world.matcher)
    assert world.flagged() == [False, False]
    with pytest.raises(NotFound):
        instellingen.end_objection(CLERK, HAARLEM, TRACE, id, world.matcher)
    assert [e for e in world.events() if e.startswith("bezwaar")] == ["bezwaar.vastgelegd", "bezwaar.beeindigd"]


def test_an_objection_of_a_person_follows_the_person_and_not_the_neighbours(world: MatchingWorld) -> None:
    signal = world.signal()
    person = signal["personen"][0]
    world.oppose(signal["adres"], achternaam=person["achternaam"], geboortedatum=person["geboortedatum"])
    unnamed = {name: value for name, value in person.items() if name != "geboortedatum"}
    housemate = {**person, "geboortedatum": "1971-01-01"}
    moved = {**world.signal()["adres"], "huisnummer": 999}
    for people, adres in (([person], signal["adres"]), ([person], moved), ([housemate], signal["adres"]), ([unnamed], signal["adres"])):
        world.give({**world.signal(), "personen": people, "adres": adres})
    assert world.flagged() == [True, True, False, True]


def test_an_objection_of_another_municipality_flags_nothing(world: MatchingWorld) -> None:
    signal = world.signal()
    id, _ = world.oppose(signal["adres"], gemeente=UTRECHT)
    world.give(signal)
    assert world.flagged() == [False]
    with pytest.raises(NotFound):
        instellingen.end_objection(CLERK, HAARLEM, TRACE, id, world.matcher)


def creditor_sees(world: MatchingWorld, signal: dict[str, Any]) -> dict[str, Any]:
    """Everything that a creditor can ask about a signal, without what differs between any two signals."""
    outcome = world.outcome(signal)
    world.number()
    assert outcome.id is not None
    envelop = AanleveringEnvelop(kenmerk=f"L-{signal['kenmerk']}", signalen=[signal])
    delivered, _ = deliveries.deliver(LANDLORD, TRACE, envelop, world.steps, world.receipts)
    answers = {
        "receipt": reports.receipt(outcome, world.receipts),
        "preflight": deliveries.preflight(LANDLORD, TRACE, AanleveringEnvelop(kenmerk="V", signalen=[signal]), world.steps),
        "delivery": delivered,
        "report": deliveries.report(LANDLORD.principal, delivered.id, world.steps),
        "state": afterwards.state(LANDLORD.principal, outcome.id, world.steps),
        "withdrawal": afterwards.withdraw(LANDLORD, TRACE, outcome.id, IntrekkingAanvraag(reden="betaald"), world.steps, world.number),
    }
    text = b"".join(strict.canonical(answer) for answer in answers.values())
    assert b"ezwaar" not in text.replace(b'"reden":"bezwaar"', b"")
    return {name: _shape(msgspec.to_builtins(answer)) for name, answer in answers.items()}


def _shape(value: Any) -> Any:
    """Member names and words; ids, hashes, instants and references are only there or not."""
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shape(part) for part in value]
    return value if isinstance(value, str) and value.isalpha() and value.islower() else type(value).__name__


def test_no_answer_to_a_creditor_tells_of_an_objection_or_of_a_match(world: MatchingWorld) -> None:
    plain, objected = world.signal(), world.signal()
    world.oppose(objected["adres"])
    world.tell(told(objected, world.today - timedelta(days=40)))
    world.give(world.signal(sector="drinkwater"), "00000099000000005000", adres=objected["adres"])
    assert creditor_sees(world, objected) == creditor_sees(world, plain)


def test_positive_control_the_comparison_sees_a_difference(world: MatchingWorld) -> None:
    plain, warned = world.signal(), world.signal()
    warned = {**warned, "inspanning": {**warned["inspanning"], "klantrelatieActief": False}}
    assert creditor_sees(world, warned) != creditor_sees(world, plain)


@pytest.mark.parametrize("table", ["bezwaar", "historie", "ritme"])
def test_the_role_of_a_creditors_door_cannot_read_what_a_municipality_set(dsns: Dsns, table: str) -> None:
    with psycopg.connect(dsns.ingest) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"SELECT FROM {table}")
    with psycopg.connect(dsns.inbox) as connection:  # the control
        connection.execute(f"SELECT FROM {table}")


def test_a_message_is_as_old_as_its_id(world: MatchingWorld) -> None:
    """What the matching day compares with: an id of the instant at which the message was sealed."""
    id = world.give(world.signal())
    now = world.clock.now()
    assert lowest_at(now - timedelta(minutes=5)) < id < lowest_at(now + timedelta(minutes=5))


def test_naming_addresses_is_bounded_per_municipality_and_day(world: MatchingWorld) -> None:
    adres = {"postcode": "2011AB", "huisnummer": 12}
    world.oppose(adres)
    world.run("UPDATE afleiding SET aantal = %s", derivations.DAILY)
    with pytest.raises(Unavailable) as refused:
        world.oppose({**adres, "huisnummer": 13})
    assert refused.value.code == "AFLEIDINGEN_OP"
    assert world.count("bezwaar") == 1
    assert world.oppose(adres, gemeente=UTRECHT)[1]
    world.clock.advance(timedelta(days=1))
    assert world.oppose({**adres, "huisnummer": 13})[1]
