"""Many signals in one delivery: judged in order, continued after a crash, reported per record; a pre-flight keeps nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gateway.core import ids
from gateway.core.errors import Conflict, NotFound, Unavailable
from gateway.signals import deliveries
from gateway.signals.receive import Steps
from gateway.store.database import Connection, Database
from gateway.store.tenant import Tenant
from schemas import strict
from schemas.ontvangst import Aanlevering, VerslagRegel
from schemas.signaal import AanleveringEnvelop
from tests.flows.world import LANDLORD, OTHER, TRACE, World
from tests.tenants import SIGNER


class Dying(Database):
    """A database that is gone from its `last`-th transaction on."""

    def __init__(self, dsn: str, last: int) -> None:
        super().__init__(dsn, name="stervend", size=2, signer=SIGNER)
        self._left = last

    @contextmanager
    def transaction(self, tenant: Tenant | None = None) -> Iterator[Connection]:
        self._left -= 1
        if self._left < 0:
            raise Unavailable("DATABASE_NIET_BEREIKBAAR", "weg")
        with super().transaction(tenant) as connection:
            yield connection


def deliver(world: World, kenmerk: str, *signals: object, steps: Steps | None = None) -> tuple[Aanlevering, bool]:
    envelop = AanleveringEnvelop(kenmerk=kenmerk, signalen=list(signals))
    return deliveries.deliver(LANDLORD, TRACE, envelop, steps or world.steps, world.receipts)


def lines(world: World, delivery: Aanlevering) -> list[VerslagRegel]:
    return deliveries.report(LANDLORD.principal, delivery.id, world.steps).regels


def outcomes(regels: list[VerslagRegel]) -> list[tuple[str, bool, list[str]]]:
    return [(r.status, bool(r.eerder_ontvangen), [f.code for f in r.bevindingen]) for r in regels]


def mixed(world: World) -> list[Any]:
    good, other, dated = world.signal(), world.signal(), world.signal()
    unknown = {**world.signal(), "adres": {**good["adres"], "postcode": "1999AA"}}
    return [good, {**dated, "onbekend": 1}, unknown, other, "geen signaal", good, {**other, "klantnummer": "7"}]


EXPECTED = [
    ("bezorgd", False, []),
    ("geweigerd", False, ["VELD_NIET_TOEGESTAAN"]),
    ("in_quarantaine", False, ["POSTCODE_ONBEKEND"]),
    ("bezorgd", False, []),
    ("geweigerd", False, ["TYPE_ONJUIST"]),
    ("bezorgd", True, []),
    ("geweigerd", False, ["KENMERK_IN_GEBRUIK"]),
]


def test_a_bad_record_stops_no_other_and_the_report_keeps_the_order(world: World) -> None:
    done, created = deliver(world, "L-1", *mixed(world))
    assert created
    assert (done.status, done.resultaat) == ("verwerkt", "deels")
    counts = done.aantallen
    assert counts is not None
    assert (counts.aangeboden, counts.bezorgd, counts.eerder_ontvangen, counts.geweigerd, counts.in_quarantaine) == (7, 2, 1, 3, 1)
    regels = lines(world, done)
    assert [r.volgnummer for r in regels] == list(range(1, 8))
    assert outcomes(regels) == EXPECTED
    assert regels[5].id == regels[0].id
    assert world.count("bericht") == 2
    assert world.verify().ok


def test_pointers_name_the_place_in_the_delivery(world: World) -> None:
    done, _ = deliver(world, "L-1", world.signal(), {**world.signal(), "onbekend": 1})
    assert [f.pointer for f in lines(world, done)[1].bevindingen] == ["/signalen/1/onbekend"]


def test_every_record_is_logged_once(world: World) -> None:
    deliver(world, "L-1", *mixed(world))
    assert sorted(world.events()) == sorted(
        ["signaal.bezorgd"] * 2 + ["signaal.geweigerd"] * 3 + ["signaal.in_quarantaine", "signaal.eerder_ontvangen"]
    )


def test_repeated_delivery_gives_the_same_bytes(world: World) -> None:
    signals = mixed(world)
    first, created = deliver(world, "L-1", *signals)
    second, again = deliver(world, "L-1", *signals)
    assert (created, again) == (True, False)
    assert strict.canonical(second) == strict.canonical(first)
    assert len(world.events()) == 7


def test_other_content_under_one_kenmerk_is_a_conflict(world: World) -> None:
    deliver(world, "L-1", world.signal())
    with pytest.raises(Conflict) as caught:
        deliver(world, "L-1", world.signal())
    assert caught.value.code == "KENMERK_IN_GEBRUIK"
    assert world.count("bericht") == 1


def test_a_delivery_that_was_cut_off_continues_under_its_kenmerk(world: World) -> None:
    signals = world.signals(2_500)
    dying = Dying(world.dsns.ingest, last=3)  # its registration and two chunks
    with pytest.raises(Unavailable):
        deliver(world, "L-1", *signals, steps=world.steps._replace(database=dying))
    dying.close()
    assert world.count("bericht") == 2_000
    (begun,) = deliveries.page(LANDLORD.principal, None, 10, world.steps).aanleveringen
    assert (begun.status, begun.resultaat) == ("in_verwerking", None)
    with pytest.raises(Conflict):
        deliveries.report(LANDLORD.principal, begun.id, world.steps)
    done, created = deliver(world, "L-1", *signals)
    assert created
    assert done.id == begun.id
    assert done.ontvangen_op == begun.ontvangen_op
    assert done.resultaat == "volledig"
    assert done.aantallen is not None
    assert (done.aantallen.bezorgd, done.aantallen.eerder_ontvangen) == (500, 2_000)
    regels = lines(world, done)
    assert [r.kenmerk for r in regels] == [signal["kenmerk"] for signal in signals]
    assert world.count("bericht") == len({r.id for r in regels}) == 2_500


def test_defaults_fill_what_a_record_leaves_out_and_nothing_else(world: World) -> None:
    signal = world.signal()
    bare = {name: value for name, value in signal.items() if name not in ("sector", "handelsnaam")}
    records = [bare, {**world.signal(), "sector": "gas"}]
    envelop = AanleveringEnvelop(kenmerk="L-1", sector="huur", handelsnaam=signal["handelsnaam"], signalen=records)
    done, _ = deliveries.deliver(LANDLORD, TRACE, envelop, world.steps, world.receipts)
    assert [status for status, _, _ in outcomes(lines(world, done))] == ["bezorgd", "geweigerd"]


def test_a_preflight_says_the_same_and_keeps_nothing(world: World) -> None:
    signals = mixed(world)
    kept = ("bericht", "content_key", "fingerprint", "quarantine", "aanlevering", "inbox_item")
    before = [world.count(table) for table in kept]
    voor = deliveries.preflight(LANDLORD, TRACE, AanleveringEnvelop(kenmerk="L-1", signalen=signals), world.steps)
    assert [world.count(table) for table in kept] == before
    assert world.events() == ["aanlevering.gevalideerd"]
    done, _ = deliver(world, "L-1", *signals[:5])
    assert outcomes(voor.regels[:5]) == outcomes(lines(world, done)) == EXPECTED[:5]
    assert [world.count(table) for table in kept] != before  # the control: a delivery does leave something


def test_another_principals_delivery_does_not_exist(world: World) -> None:
    done, _ = deliver(world, "L-1", world.signal())
    for id in (done.id, ids.new()):
        for ask in (deliveries.find, deliveries.report):
            with pytest.raises(NotFound):
                ask(OTHER.principal, id, world.steps)
    assert deliveries.page(OTHER.principal, None, 10, world.steps).aanleveringen == []
    assert deliveries.find(LANDLORD.principal, done.id, world.steps) == done


def test_pages_of_deliveries_are_newest_first_and_meet_each_once(world: World) -> None:
    made = [deliver(world, f"L-{n}", world.signal())[0].id for n in range(5)]
    first = deliveries.page(LANDLORD.principal, None, 2, world.steps)
    second = deliveries.page(LANDLORD.principal, first.aanleveringen[-1].id, 2, world.steps)
    third = deliveries.page(LANDLORD.principal, second.aanleveringen[-1].id, 2, world.steps)
    assert [d.id for page in (first, second, third) for d in page.aanleveringen] == made[::-1]
    assert (first.volgende, third.volgende) == (str(made[3]), None)


def test_a_kenmerk_that_comes_too_often_is_refused_without_a_round_of_its_own(world: World) -> None:
    signals = [world.signal()] * 20
    before = world.woken
    done, _ = deliver(world, "L-1", *signals)
    assert world.woken - before == 2  # transactions that were committed: one round for each of the two
    refused: tuple[str, bool, list[str]] = ("geweigerd", False, ["KENMERK_DUBBEL"])
    expected = [("bezorgd", False, []), ("bezorgd", True, []), *[refused] * 18]
    regels = lines(world, done)
    assert outcomes(regels) == expected
    assert regels[19].bevindingen[0].pointer == "/signalen/19/kenmerk"
    assert world.events().count("signaal.geweigerd") == 18
    voor = deliveries.preflight(LANDLORD, TRACE, AanleveringEnvelop(kenmerk="L-2", signalen=signals), world.steps)
    assert [r.status for r in voor.regels] == ["bezorgd"] * 2 + ["geweigerd"] * 18


def test_the_log_names_each_code_once(world: World) -> None:
    done, _ = deliver(world, "L-1", {**world.signal(), "een": 1, "twee": 2})
    assert [f.code for f in lines(world, done)[0].bevindingen] == ["VELD_NIET_TOEGESTAAN"] * 2
    assert [entry.regels for entry in world.entries("signaal.geweigerd")] == [("VELD_NIET_TOEGESTAAN",)]


class Counting(Database):
    """Counts its transactions."""

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn, name="tellend", size=1, signer=SIGNER)
        self.transactions = 0

    @contextmanager
    def transaction(self, tenant: Tenant | None = None) -> Iterator[Connection]:
        self.transactions += 1
        with super().transaction(tenant) as connection:
            yield connection


def test_a_preflight_has_a_transaction_per_chunk(world: World) -> None:
    counting = Counting(world.dsns.ingest)
    bad: list[Any] = [{}] * (deliveries.CHUNK + 1)
    steps = world.steps._replace(database=counting)
    deliveries.preflight(LANDLORD, TRACE, AanleveringEnvelop(kenmerk="L-1", signalen=bad), steps)
    counting.close()
    assert counting.transactions == 3  # two chunks and the entry
