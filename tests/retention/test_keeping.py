"""The retention round: each part goes at its term and not a day before, with an entry, and no row is read."""

from datetime import date, timedelta
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest

from gateway.core.clock import FixedClock, dutch_day, dutch_midnight
from gateway.core.errors import Misconfigured
from gateway.core.workdays import add_workdays
from gateway.inboxes import claiming
from gateway.keys import names
from gateway.privacylog import term
from gateway.privacylog.destroying import BewaartermijnToegepast, SleutelVernietigd
from gateway.retention import keeping, terms
from gateway.retention.keeper import KEEPING
from gateway.retention.keeping import Round
from gateway.sealing.sealing import FIRST
from gateway.store.tenant import Tenant, municipality, parties, task
from schemas.inbox import Claim, ClaimAanvraag
from tests.flows.world import CLERK, DOEL, HAARLEM, TRACE
from tests.retention.world import KeptWorld


def round_at(world: KeptWorld, day: date) -> Round:
    """A round as it would be on that day."""
    clock = FixedClock(dutch_midnight(day) + (world.clock.now() - dutch_midnight(world.today)))  # summer time begins in between
    done = keeping.run(world.keeper._replace(clock=clock), again=True)
    assert done is not None
    return done


def has_payload(world: KeptWorld, id: UUID) -> bool:
    return bool(world.rows("SELECT payload IS NOT NULL FROM bericht WHERE id = %s", id)[0][0])


def claimed_by_a_person(world: KeptWorld, maximum: int = 1) -> Claim:
    request = ClaimAanvraag(doel=DOEL, maximum=maximum, lease_seconden=600, wijze="bemand")
    return claiming.claim(CLERK, HAARLEM, TRACE, request, world.desk)


def test_a_message_that_a_case_system_processed_is_emptied_at_once(world: KeptWorld) -> None:
    done, waiting = world.delivered(*world.signals(2))
    world.acknowledge(world.claim(), done, zaaknummer="Z-1")
    assert round_at(world, world.today).rows == {"inhoud": 1}
    assert (has_payload(world, done), has_payload(world, waiting)) == (False, True)


def test_a_message_that_was_received_only_is_emptied_after_ten_working_days(world: KeptWorld) -> None:
    (id,) = world.delivered(world.signal())
    world.acknowledge(world.claim(), id)
    last = add_workdays(world.today, 10)
    assert not round_at(world, last - timedelta(days=1)).rows
    assert has_payload(world, id)
    assert round_at(world, last).rows == {"inhoud": 1}
    assert not has_payload(world, id)


def test_a_message_that_a_person_claimed_stays_until_thirty_days_after_its_case_closed(world: KeptWorld) -> None:
    (id,) = world.delivered(world.signal())
    world.acknowledge(claimed_by_a_person(world), id, zaaknummer="Z-1")
    world.run("INSERT INTO zaak VALUES (%s, %s, 'Z-1', 'p', now(), 'open')", HAARLEM, UUID(int=1))
    world.run("INSERT INTO zaak_bericht VALUES (%s, %s, %s, 'huur', 'opgepakt')", HAARLEM, id, UUID(int=1))
    assert not round_at(world, world.today + timedelta(days=60)).rows
    world.run("UPDATE zaak SET state = 'afgesloten', resultaat = 'x', closed = %s", world.clock.now())
    assert not round_at(world, world.today + timedelta(days=30)).rows
    assert round_at(world, world.today + timedelta(days=31)).rows == {"inhoud": 1}


def test_no_payload_is_older_than_26_weeks_and_its_key_goes_with_the_week(world: KeptWorld) -> None:
    (id,) = world.delivered(world.signal())
    claimed_by_a_person(world)
    day = world.today + timedelta(weeks=26)
    early = round_at(world, day)
    assert not early.rows
    assert early.keys == [names.storage(HAARLEM, names.iso_week(world.today + FIRST))]
    assert has_payload(world, id)
    over = round_at(world, day + timedelta(days=1))
    assert over.rows["inhoud"] == 1
    assert over.keys + round_at(world, day + timedelta(days=7)).keys == [names.storage(HAARLEM, names.iso_week(day))]
    entry = world.entries("sleutel.vernietigd")[-1]
    assert isinstance(entry, SleutelVernietigd)
    assert (entry.soort, entry.gemeente, entry.periode) == ("opslag", HAARLEM, names.iso_week(day))


def test_a_destroyed_key_is_never_made_again(world: KeptWorld) -> None:
    world.delivered(world.signal())
    week = names.storage(HAARLEM, names.iso_week(world.today + timedelta(weeks=26)))
    held = world.keys.key(week)
    round_at(world, world.today + timedelta(weeks=27))
    assert held
    with pytest.raises(Misconfigured, match="vernietigd"):
        world.keys.key(week)


@pytest.mark.parametrize(
    ("column", "part", "months"),
    [(column, "adres", 7) for column in ("address", "person", "subject", "subject_person")] + [("contract", "contract", 15)],
)
def test_pseudonyms_go_at_their_term(world: KeptWorld, column: str, part: str, months: int) -> None:
    world.delivered(*world.signals(3, contractkenmerk="C-1"))
    received = dutch_day(world.clock.now())
    query = f"SELECT count(*) FROM bericht WHERE {column} IS NOT NULL"
    before = world.rows(query)
    assert before == [(3,)]
    days = next(d for d in range(600) if terms.months_back(received + timedelta(days=d), months) == received + timedelta(days=1))
    round_at(world, received + timedelta(days=days - 1))
    assert world.rows(query) == before
    assert part in round_at(world, received + timedelta(days=days + 1)).rows
    assert world.rows(query) == [(0,)]


def test_the_rest_of_the_table_goes_at_its_term(world: KeptWorld) -> None:
    world.delivered(world.signal())
    world.run("INSERT INTO quarantine VALUES (%s, 'p', 'k', 'c', %s)", UUID(int=1), world.clock.now())
    world.run("INSERT INTO historie VALUES (%s, %s, %s, 'p', NULL, %s, now())", HAARLEM, b"k" * 32, b"a" * 32, world.today)
    counts = {"fingerprint": 1, "quarantine": 1, "historie": 1, "content_key": 1}
    assert {table: world.count(table) for table in counts} == counts
    assert not round_at(world, world.today).rows
    rows = round_at(world, world.today + timedelta(days=800)).rows
    assert {"vingerafdruk", "quarantaine", "historie", "inhoudssleutel", "adres", "inhoud"} <= set(rows)
    assert not any(world.count(table) for table in counts)


def test_tables_of_oversight_have_terms_too(world: KeptWorld) -> None:
    id, now, today = UUID(int=7), world.clock.now(), world.today
    world.run("INSERT INTO toezicht_persoon VALUES ('p', %s, 'adres:x')", today)
    world.run("INSERT INTO inzageverzoek VALUES (%s, %s, 'AVG-1', 'p', %s, '[]', NULL, NULL, NULL, '')", HAARLEM, id, now)
    world.run("INSERT INTO ontzegeling VALUES (%s, %s, %s, 'klacht', 'KL-1', 'p', %s, NULL, NULL, NULL, NULL, '')", HAARLEM, id, id, now)
    world.run("INSERT INTO medewerker_naam VALUES (%s, 'm', 'x', %s)", HAARLEM, today)
    terms = {
        "zoekvraag": ("toezicht_persoon", 7), "inzageverzoek": ("inzageverzoek", 731),
        "ontzegeling": ("ontzegeling", 1826), "medewerker_naam": ("medewerker_naam", 1826),
    }  # fmt: skip
    assert {table: world.count(table) for table, _ in terms.values()} == {table: 1 for table, _ in terms.values()}
    for days in sorted({days for _, days in terms.values()}):
        due = {part: 1 for part, (_, end) in terms.items() if end == days}
        assert not round_at(world, today + timedelta(days=days)).rows
        assert round_at(world, today + timedelta(days=days + 1)).rows == due
    assert not any(world.count(table) for table, _ in terms.values())


def test_what_was_destroyed_is_on_record_by_part_and_number(world: KeptWorld) -> None:
    done = round_at(world, world.today)
    assert done == Round({}, [], replaced=False, unopened=0, entries=0)
    (id,) = world.delivered(world.signal())
    world.acknowledge(world.claim(), id, zaaknummer="Z-1")
    round_at(world, world.today)
    (entry,) = world.entries("bewaartermijn.toegepast")
    assert isinstance(entry, BewaartermijnToegepast)
    assert (entry.onderdeel, entry.aantal) == ("inhoud", 1)
    world.number()
    assert world.verify().ok


def test_content_of_the_log_goes_by_its_profile_and_a_verifier_finds_it_explained(world: KeptWorld) -> None:
    world.delivered(world.signal())
    world.run("INSERT INTO quarantine VALUES (%s, 'p', 'k', 'c', %s)", UUID(int=1), world.clock.now())
    world.number()
    assert round_at(world, world.today + timedelta(days=40)).entries == 0  # what this round puts on record is of no municipality
    world.clock.advance(timedelta(minutes=2))
    world.number()
    world.clock.advance(timedelta(days=760))
    assert round_at(world, world.today).entries > 0
    assert world.entries("signaal.bezorgd")
    term.choose(world.keeper.log, world.keeper.frame(), HAARLEM, 24)
    assert round_at(world, world.today).entries > 0
    assert not world.entries("signaal.bezorgd")
    world.number()
    assert world.verify().ok
    world.run("DELETE FROM log_entry WHERE event = 'log.vernietigd' AND id IN (SELECT id FROM log_entry ORDER BY id DESC LIMIT 1)")
    assert not world.verify().ok  # the control


def test_without_the_log_nothing_is_destroyed(world: KeptWorld) -> None:
    (id,) = world.delivered(world.signal())
    world.acknowledge(world.claim(), id, zaaknummer="Z-1")
    world.run("REVOKE EXECUTE ON FUNCTION log_append FROM gw_beheer")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        round_at(world, world.today)
    assert has_payload(world, id)


@pytest.mark.parametrize("tenant", [municipality(HAARLEM), parties(CLERK.party), task("zoekindex"), None])
def test_a_context_that_hides_what_is_looked_up_empties_nothing(world: KeptWorld, tenant: Tenant | None) -> None:
    (id,) = world.delivered(world.signal())
    world.acknowledge(world.claim(), id, zaaknummer="Z-1")
    now = world.clock.now()
    calls: list[tuple[LiteralString, tuple[object, ...]]] = [
        ("SELECT bewaar_inhoud('{}', '{}', %s, %s, %s, 10)", (now, now, now)),
        ("SELECT bewaar('opslagweek', %s, 10)", (now + timedelta(weeks=30),)),
    ]
    for call, values in calls:
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState), world.beheer.transaction(tenant) as connection:
            connection.execute(call, values)
    assert has_payload(world, id)
    with world.beheer.transaction(KEEPING) as connection:
        assert connection.execute(*calls[0]).fetchone() == (1,)  # the control
    assert not has_payload(world, id)


def test_a_round_is_done_once_a_day(world: KeptWorld) -> None:
    assert keeping.run(world.keeper) is not None
    assert keeping.run(world.keeper) is None
    world.clock.advance(timedelta(days=1))
    assert keeping.run(world.keeper) is not None


def test_the_role_of_the_round_can_read_nothing_that_it_empties(world: KeptWorld) -> None:
    for table in ("bericht", "inbox_item", "fingerprint", "historie", "zaak_contact", "saldoverzoek", "quarantine"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), world.beheer.transaction() as connection:
            connection.execute(f"SELECT * FROM {table}")
