"""A partner that fills a number field of a registered format with citizens' numbers is held for review; ordinary numbers are not."""

from datetime import timedelta
from typing import Any, cast

import msgspec
import pytest
from stdnum.nl import bsn

from gateway.core.clock import FixedClock
from gateway.core.errors import NotFound
from gateway.mailbox import numberwatch
from gateway.mailbox.numberwatch import Field, excessive
from gateway.onboarding import numberfields
from gateway.onboarding.registration import Office
from gateway.partners.register import Register
from gateway.signals import quality
from gateway.signals.deliveries import preflight
from gateway.store.database import Database
from schemas.signaal import AanleveringEnvelop
from tests.flows.test_quarantine import traces
from tests.flows.world import CLERK, LANDLORD, OTHER, PURPOSES, TRACE, World

RANGE = range(999_900_000, 1_000_000_000)
CITIZENS = [str(n) for n in RANGE if bsn.is_valid(str(n))]
OTHERS = [str(n) for n in RANGE if not bsn.is_valid(str(n))]
ORDINARY = [str(n) for n in RANGE[:600]]  # one in eleven passes
CODE = numberwatch.CODE


@pytest.fixture
def town(world: World) -> World:
    """The landlord has registered its customer numbers and its own references."""
    formats = frozenset({"klantnummer", "kenmerk"})
    parties = [msgspec.structs.replace(p, nummerformaten=formats if p.oin == LANDLORD.principal else frozenset())
               for p in world.register.deelnemers.values()]  # fmt: skip
    keys = [key for code in world.register.gemeenten if (key := world.register.sealing_key(code))]
    world.register = Register(2, deelnemers=parties, gemeenten=world.register.gemeenten.values(), sleutels=keys)
    return world


def send(town: World, numbers: list[str], **more: Any) -> list[str]:
    """Statuses of one chunk with these customer numbers."""
    signals = town.signals(len(numbers))
    outcomes = town.deliver(*({**s, "klantnummer": number, **more} for s, number in zip(signals, numbers, strict=True)))
    assert {f.code for o in outcomes if o.status == "in_quarantaine" for f in o.findings if f.oordeel == "quarantaine"} <= {CODE}
    return [outcome.status for outcome in outcomes]


def counts(town: World) -> list[tuple[Any, ...]]:
    query = "SELECT veld, sum(getoetst)::int, sum(geslaagd)::int FROM nummer_telling WHERE partij = %s GROUP BY veld ORDER BY veld"
    return town.rows(query, LANDLORD.principal)


def held(town: World) -> list[tuple[Any, ...]]:
    return town.rows("SELECT partij, veld FROM nummer_aangehouden WHERE vrij_sinds IS NULL")


def office(town: World) -> Office:
    """As an operator opens it."""
    beheer = Database(town.dsns.beheer, name="beheer", size=1)
    return Office(beheer, town.keys, town.clock, CLERK.party, PURPOSES.activity, lambda: TRACE)


@pytest.mark.parametrize(
    ("tested", "passed", "expected"), [(49, 49, False), (50, 15, False), (50, 16, True), (1_000, 300, False), (1_000, 301, True)]
)
def test_share_counts_from_fifty_numbers_on(tested: int, passed: int, expected: bool) -> None:
    assert excessive(tested, passed) is expected


def test_ordinary_numbers_are_counted_and_go_on(town: World) -> None:
    assert set(send(town, ORDINARY[:300])) | set(send(town, ORDINARY[300:])) == {"bezorgd"}
    assert counts(town) == [("klantnummer", 600, sum(map(bsn.is_valid, ORDINARY)))]
    assert held(town) == []


def test_citizens_numbers_wait_from_the_fiftieth_on(town: World) -> None:
    assert send(town, CITIZENS[:49]) == ["bezorgd"] * 49
    assert send(town, [CITIZENS[50], OTHERS[0]]) == ["in_quarantaine", "bezorgd"]  # the 51st does not pass: it is nobody's number
    assert held(town) == [(LANDLORD.principal, "klantnummer")]
    assert send(town, [*CITIZENS[51:60], "K-1"]) == ["in_quarantaine"] * 9 + ["bezorgd"]
    assert counts(town) == [("klantnummer", 51, 50)]  # what is held, is not counted on
    (entry,) = town.entries("nummerveld.aangehouden")
    assert (entry.principaal, entry.onderdeel) == (LANDLORD.principal, "klantnummer")
    assert traces(town, tuple(CITIZENS[:60])) == set()
    assert town.count("quarantine") == 10


def test_one_chunk_full_of_citizens_numbers_gets_nothing_in(town: World) -> None:
    assert send(town, CITIZENS[:120]) == ["in_quarantaine"] * 120
    assert town.count("bericht") == 0


def test_a_kenmerk_that_waits_is_kept_nowhere(town: World) -> None:
    signals = [{**s, "kenmerk": number} for s, number in zip(town.signals(60), CITIZENS, strict=False)]
    outcomes = town.deliver(*signals)
    assert {(outcome.status, outcome.kenmerk) for outcome in outcomes} == {("in_quarantaine", None)}
    assert traces(town, tuple(CITIZENS[:60])) == set()
    town.run("INSERT INTO nummer_aangehouden VALUES (%s, 'kenmerk', now())", CITIZENS[0])
    assert traces(town, tuple(CITIZENS[:60])) == {"nummer_aangehouden"}  # the control


def test_other_fields_and_other_partners_are_counted_apart(town: World) -> None:
    send(town, CITIZENS[:60])
    assert held(town) == [(LANDLORD.principal, "klantnummer")]
    (own,) = town.deliver({**town.signal(), "kenmerk": CITIZENS[61]})
    assert own.status == "bezorgd"
    (foreign,) = town.deliver({**town.signal(), "klantnummer": CITIZENS[62]}, sender=OTHER)
    assert (foreign.status, [f.code for f in foreign.findings]) == ("geweigerd", ["BSN_NIET_TOEGESTAAN"])  # registered nothing
    assert [veld for veld, _, _ in counts(town)] == ["kenmerk", "klantnummer"]


def test_what_comes_again_or_is_only_tried_counts_once_or_not(town: World) -> None:
    signals = [{**s, "klantnummer": number} for s, number in zip(town.signals(30), CITIZENS, strict=False)]
    for _ in range(3):
        town.deliver(*signals)
    assert counts(town) == [("klantnummer", 30, 30)]
    tried = [{**s, "klantnummer": number} for s, number in zip(town.signals(60), CITIZENS[90:], strict=False)]
    preflight(LANDLORD, TRACE, AanleveringEnvelop(kenmerk="PROEF-1", signalen=tried), town.steps)
    assert (counts(town), held(town)) == ([("klantnummer", 30, 30)], [])


def test_counts_are_forgotten_after_thirty_days(town: World) -> None:
    send(town, CITIZENS[:49])
    town.clock.advance(timedelta(days=30))
    assert send(town, CITIZENS[49:51]) == ["bezorgd"] * 2
    assert held(town) == []
    quality.summarise(town.tasks, FixedClock(town.clock.now()))
    assert counts(town) == [("klantnummer", 2, 2)]


def test_release_is_logged_and_counts_anew(town: World) -> None:
    desk, field = office(town), Field(LANDLORD.principal, "klantnummer")
    with pytest.raises(NotFound):
        numberfields.release(desk, field, None)
    send(town, CITIZENS[:60])
    (shown,) = numberfields.overview(desk)
    assert (shown.veld, shown.tested, shown.passed, shown.since) == ("klantnummer", 60, 60, town.clock.now())
    numberfields.release(desk, field, None)
    assert (send(town, CITIZENS[:40]), counts(town)) == (["bezorgd"] * 40, [("klantnummer", 40, 40)])
    assert send(town, CITIZENS[40:60])[-1] == "in_quarantaine"  # held again
    numberfields.release(desk, field, town.today)
    assert (send(town, CITIZENS[60:160]), counts(town)) == (["bezorgd"] * 100, [])
    town.clock.advance(timedelta(days=1))
    assert send(town, CITIZENS[160:220]) == ["in_quarantaine"] * 60
    assert len(town.entries("nummerveld.vrijgegeven")) == 2
    assert len(town.entries("nummerveld.aangehouden")) == 3
    cast(Database, desk.database).close()
