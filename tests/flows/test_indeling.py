"""The indeling that an inbox shows follows from what is committed when it is asked, at this municipality and address only."""

from uuid import UUID

from gateway.signals import afterwards
from schemas.signaal import IntrekkingAanvraag
from tests.flows.world import HAARLEM, LANDLORD, OTHER, TRACE, UTRECHT, World


def deliver(world: World, signal: object, *, other: bool = False) -> UUID:
    (outcome,) = world.deliver(signal, sender=OTHER if other else LANDLORD)
    assert outcome.id is not None
    world.number()
    return outcome.id


def shown(world: World, gemeente: str = HAARLEM) -> list[str]:
    return [bericht.indeling for bericht in world.page(gemeente)]


def test_a_second_creditor_at_one_address_changes_what_was_shown_before(world: World) -> None:
    signal = world.signal()
    deliver(world, signal)
    assert shown(world) == ["enkelvoudig"]
    deliver(world, {**world.signal(), "adres": signal["adres"]}, other=True)
    assert shown(world) == ["meervoudig", "meervoudig"]
    assert len({bericht.adrespseudoniem for bericht in world.page()}) == 1


def test_another_address_or_municipality_changes_nothing(world: World) -> None:
    signal = world.signal()
    deliver(world, signal)
    deliver(world, {**world.signal(), "adres": {**signal["adres"], "huisnummer": 251}}, other=True)
    deliver(world, world.signals(1, gemeente=UTRECHT)[0], other=True)
    assert (shown(world), shown(world, UTRECHT)) == (["enkelvoudig"] * 2, ["enkelvoudig"])


def test_an_earlier_signal_within_six_months_makes_it_opeenvolgend(world: World) -> None:
    signal = world.signal()
    first = deliver(world, signal)
    world.run("UPDATE bericht SET received = received - interval '2 months' WHERE id = %s", first)
    deliver(world, {**world.signal(), "adres": signal["adres"]})
    assert shown(world) == ["enkelvoudig", "opeenvolgend"]


def test_a_withdrawn_signal_counts_no_more(world: World) -> None:
    signal = world.signal()
    first = deliver(world, signal)
    deliver(world, {**world.signal(), "adres": signal["adres"]}, other=True)
    afterwards.withdraw(LANDLORD, TRACE, first, IntrekkingAanvraag(reden="onterecht"), world.steps, world.number)
    assert shown(world)[1] == "enkelvoudig"


def test_a_claim_logs_the_indeling_that_it_showed(world: World) -> None:
    signal = world.signal()
    deliver(world, signal)
    deliver(world, {**world.signal(), "adres": signal["adres"]}, other=True)
    assert [b.indeling for b in world.claim().berichten] == ["meervoudig"] * 2
    assert [entry.indeling for entry in world.entries("bericht.geclaimd")] == ["meervoudig"] * 2
