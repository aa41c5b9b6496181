"""A term that grows: the payload is encrypted anew, so the end of its first week does not take it and the end of the longest does."""

from datetime import date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from gateway.core.clock import FixedClock, dutch_day
from gateway.core.errors import Misconfigured, Unavailable
from gateway.core.workdays import add_workdays
from gateway.inboxes import claiming, prolonging
from gateway.keys import names
from gateway.keys.database import DatabaseKeyStore
from gateway.policy.register import PurposeRegister
from gateway.sealing.opening import unwrap
from gateway.sealing.sealing import FIRST, RETENTION
from gateway.store.tenant import municipality
from gateway.triage.clocks import opened
from schemas.inbox import ClaimVerlenging
from tests.flows.world import CLERK, HAARLEM, TRACE
from tests.retention.test_keeping import claimed_by_a_person, round_at
from tests.retention.world import KeptWorld, backup


def week_of(world: KeptWorld, id: UUID) -> str:
    return str(world.rows("SELECT storage_key FROM bericht WHERE id = %s", id)[0][0]).rpartition("/")[2]


def readable(world: KeptWorld, id: UUID) -> bool:
    """By a process that opened no key before."""
    ((meta, key, payload),) = world.rows("SELECT meta, storage_key, payload FROM bericht WHERE id = %s", id)
    if payload is None:
        return False
    try:
        return "identiteit" in unwrap(bytes(payload), DatabaseKeyStore(world.beheer, world.kek.keks).key(key), HAARLEM, id, bytes(meta))
    except Misconfigured:
        return False


def with_partners(world: KeptWorld) -> None:
    world.run("INSERT INTO instelling VALUES ('', %s, 'opvolgpartners', 1, '{}', now(), 'p')", HAARLEM)


def test_the_first_key_may_go_and_the_second_takes_it(world: KeptWorld) -> None:
    followed, other = world.delivered(*world.signals(2))
    first, longest = (names.iso_week(world.today + term) for term in (FIRST, RETENTION))
    claimed_by_a_person(world)
    assert (week_of(world, followed), week_of(world, other)) == (longest, first)
    world.run("UPDATE inbox_item SET state = 'ontvangen', opgepakt_op = %s", world.clock.now() + timedelta(days=365))
    with backup(world.dsns) as copy:
        over = round_at(world, world.today + FIRST + timedelta(days=7))
        assert over.keys == [names.storage(HAARLEM, first)]
        assert (readable(world, followed), readable(world, other)) == (True, False)
        with psycopg.connect(copy.owner) as owner:  # nor from a copy: the key is gone
            assert owner.execute("SELECT count(*) FROM bericht WHERE payload IS NOT NULL").fetchone() == (2,)
        with pytest.raises(Misconfigured, match="vernietigd"):
            DatabaseKeyStore(world.beheer, world.kek.keks).key(names.storage(HAARLEM, first))
    assert readable(world, followed)
    assert names.storage(HAARLEM, longest) in round_at(world, world.today + RETENTION + timedelta(days=7)).keys
    assert not readable(world, followed)


def test_a_claim_of_a_case_system_prolongs_nothing(world: KeptWorld) -> None:
    (id,) = world.delivered(world.signal())
    world.acknowledge(world.claim(), id)
    assert week_of(world, id) == names.iso_week(world.today + FIRST)


def test_a_receipt_prolongs_where_there_are_follow_up_partners(world: KeptWorld) -> None:
    plain, followed = world.delivered(*world.signals(2))
    claim = world.claim()
    world.acknowledge(claim, plain)
    with_partners(world)
    world.acknowledge(claim, followed)
    assert week_of(world, plain) < week_of(world, followed) == names.iso_week(world.today + RETENTION)


def test_a_lease_that_goes_on_until_its_week_comes_near_prolongs(world: KeptWorld) -> None:
    (id,) = world.delivered(world.signal())
    claim = world.claim()
    claiming.extend(CLERK, HAARLEM, TRACE, claim.id, ClaimVerlenging(lease_seconden=600), world.desk)
    assert week_of(world, id) == names.iso_week(world.today + FIRST)  # control: not near yet
    near = world.desk._replace(clock=FixedClock(world.clock.now() + FIRST - timedelta(weeks=3)))
    claiming.extend(CLERK, HAARLEM, TRACE, claim.id, ClaimVerlenging(lease_seconden=600), near)
    assert week_of(world, id) == names.iso_week(world.today + RETENTION)


def test_twice_changes_nothing_more(world: KeptWorld) -> None:
    (id,) = world.delivered(world.signal())
    claimed_by_a_person(world)
    before = world.rows("SELECT payload, storage_key FROM bericht")
    with world.inbox.transaction(municipality(HAARLEM)) as connection:
        assert prolonging.prolong(connection, HAARLEM, [id], world.desk) == 0
    assert world.rows("SELECT payload, storage_key FROM bericht") == before


def test_power_that_goes_in_between_loses_nothing(world: KeptWorld) -> None:
    (id,) = world.delivered(world.signal())
    with_partners(world)

    def cut() -> None:
        with world.inbox.transaction(municipality(HAARLEM)) as connection:
            assert prolonging.prolong(connection, HAARLEM, [id], world.desk) == 1
            with psycopg.connect(world.dsns.owner, autocommit=True) as owner:
                owner.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))

    with pytest.raises((psycopg.OperationalError, Unavailable)):
        cut()
    assert week_of(world, id) == names.iso_week(world.today + FIRST)
    assert readable(world, id)
    with world.inbox.transaction(municipality(HAARLEM)) as connection:
        assert prolonging.prolong(connection, HAARLEM, [id], world.desk) == 1
    assert readable(world, id)


@pytest.mark.parametrize(
    ("was", "wordt"),
    [
        ("{key}", "opslag/0344/2027-W20"),
        ("{key}", "{key}"),
        ("{key}", "opslag/0392/2026-W48"),
        ("{key}", "opslag/0392/2099-W01"),
        ("x", "{long}"),
    ],
)
def test_the_role_of_the_inbox_can_only_prolong(world: KeptWorld, was: str, wordt: str) -> None:
    (id,) = world.delivered(world.signal())
    key, long = (names.storage(HAARLEM, names.iso_week(world.today + term)) for term in (FIRST, RETENTION))

    def tried(was: str, wordt: str) -> int:
        values = (HAARLEM, [id], [was.format(key=key)], [wordt.format(key=key, long=long)], [b"x"])
        with world.inbox.transaction(municipality(HAARLEM)) as connection:
            row = connection.execute("SELECT bericht_verleng(%s, %s, %s, %s, %s)", values).fetchone()
        return int(row[0]) if row else 0

    assert tried(was, wordt) == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege), world.inbox.transaction(municipality(HAARLEM)) as connection:
        connection.execute("UPDATE bericht SET payload = NULL")
    assert tried("{key}", "{long}") == 1  # the control


def test_the_first_key_lives_as_long_as_a_case_system_needs_it_on_every_day_and_in_every_rhythm() -> None:
    kept = [PurposeRegister.load().retention(row.id) for one in PurposeRegister.load().purposes() for row in one.rij]
    for day in (date(2026, 1, 1) + timedelta(days=nr) for nr in range(365)):
        for rhythm in (None, 1, 15, 28):
            for one in {(k.onopgehaald_werkdagen, k.na_ontvangst_werkdagen) for k in kept}:
                fetched = add_workdays(opened(day, rhythm), one[0]) + timedelta(days=1)
                assert add_workdays(fetched, one[1]) <= day + FIRST - timedelta(days=3)
    assert dutch_day(datetime.fromisoformat("2026-01-01T12:00:00+00:00")) + FIRST < date(2026, 7, 1)
