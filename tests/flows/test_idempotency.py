"""The same kenmerk with the same content is the same receipt, with other content a conflict; only what was accepted holds a kenmerk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random  # noqa: TID251 - seeded
from typing import Any

from gateway.core.chain import Outcome
from gateway.core.errors import Unavailable
from gateway.partners.register import Register
from gateway.signals import deliveries, reports
from schemas import strict
from schemas.ontvangst import Aanlevering
from schemas.signaal import AanleveringEnvelop
from tests.flows.world import LANDLORD, OTHER, TRACE, World


def receipt(world: World, outcome: Outcome) -> bytes:
    return strict.canonical(reports.receipt(outcome, world.receipts))


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.findings]


def test_same_content_gives_the_same_receipt_byte_for_byte(world: World) -> None:
    signal = world.signal()
    (first,) = world.deliver(signal)
    world.clock.advance(timedelta(days=40))
    (second,) = world.deliver(signal)
    assert (first.repeated, second.repeated) == (False, True)
    assert receipt(world, second) == receipt(world, first)
    assert world.count("bericht") == world.count("fingerprint") == 1
    assert world.events() == ["signaal.bezorgd", "signaal.eerder_ontvangen"]


def test_the_order_of_members_is_not_content(world: World) -> None:
    signal = world.signal()
    (first,) = world.deliver(signal)
    (second,) = world.deliver(dict(reversed(signal.items())))
    assert receipt(world, second) == receipt(world, first)


def test_a_repeat_is_answered_before_any_rule(world: World) -> None:
    signal = world.signal()
    (first,) = world.deliver(signal)
    world.register = Register(2)  # today nobody takes part any more
    (second,) = world.deliver(signal)
    assert receipt(world, second) == receipt(world, first)
    assert world.deliver(world.signal())[0].status == "geweigerd"  # the control: today's rules do refuse


def test_other_content_is_a_conflict_and_changes_nothing(world: World) -> None:
    signal = world.signal()
    (first,) = world.deliver(signal)
    (second,) = world.deliver({**signal, "klantnummer": "1"})
    assert (second.status, second.conflict, codes(second)) == ("geweigerd", True, ["KENMERK_IN_GEBRUIK"])
    assert world.count("bericht") == 1
    assert receipt(world, world.deliver(signal)[0]) == receipt(world, first)


def test_a_kenmerk_belongs_to_its_principal(world: World) -> None:
    signal = world.signal()
    (mine,) = world.deliver(signal)
    (theirs,) = world.deliver(signal, sender=OTHER)
    assert theirs.status == "bezorgd"
    assert theirs.id != mine.id


def test_a_refused_record_holds_no_kenmerk(world: World) -> None:
    signal = world.signal()
    (refused,) = world.deliver({**signal, "inspanning": {**signal["inspanning"], "herinneringen": []}})
    assert refused.status == "geweigerd"
    (accepted,) = world.deliver(signal)
    assert (accepted.status, accepted.repeated) == ("bezorgd", False)


def test_a_malformed_record_holds_no_kenmerk(world: World) -> None:
    signal = world.signal()
    assert world.deliver({**signal, "onbekend": 1})[0].status == "geweigerd"
    assert world.deliver(signal)[0].status == "bezorgd"


def test_a_quarantined_record_holds_no_kenmerk(world: World) -> None:
    signal = world.signal()
    (kept,) = world.deliver({**signal, "adres": {**signal["adres"], "postcode": "1999AA"}})
    assert kept.status == "in_quarantaine"
    assert world.deliver(signal)[0].status == "bezorgd"


def test_a_correction_names_the_earlier_message(world: World) -> None:
    signal = world.signal()
    (first,) = world.deliver(signal)
    update = {**world.signal(), "soort": "actualisering", "eerderKenmerk": signal["kenmerk"]}
    (unknown,) = world.deliver({**update, "eerderKenmerk": "BESTAAT-NIET"})
    assert codes(unknown) == ["EERDER_KENMERK_ONBEKEND"]
    (second,) = world.deliver(update)
    assert second.status == "bezorgd"
    assert world.rows("SELECT earlier FROM bericht WHERE id = %s", second.id) == [(first.id,)]


def test_overlapping_deliveries_from_8_threads_neither_deadlock_nor_double(world: World) -> None:
    signals = world.signals(2_000)

    again: list[int] = []

    def deliver(number: int) -> Aanlevering:
        mixed: list[Any] = Random(number).sample(signals, len(signals))
        envelop = AanleveringEnvelop(kenmerk=f"LEVERING-{number}", signalen=mixed)
        while len(again) < 20:
            try:
                return deliveries.deliver(LANDLORD, TRACE, envelop, world.steps, world.receipts)[0]
            except Unavailable:  # lawful on a machine that is too busy; a client sends the same once more
                again.append(number)
        raise AssertionError(again)

    with ThreadPoolExecutor(8) as pool:
        counts = [done.aantallen for done in pool.map(deliver, range(8))]
    assert [c.bezorgd + c.eerder_ontvangen for c in counts if c] == [2_000] * 8
    assert again or sum(c.bezorgd for c in counts if c) == 2_000
    assert world.count("bericht") == world.count("fingerprint") == 2_000
    assert (numbered := world.number()) == 8 * 2_000 or (again and numbered > 8 * 2_000)
    assert world.rows("SELECT count(*), count(DISTINCT bericht) FROM inbox_item") == [(2_000, 2_000)]
    report = world.verify()
    assert report.ok, report.findings


def test_one_delivery_sent_by_4_threads_at_once_has_one_result(world: World) -> None:
    envelop = AanleveringEnvelop(kenmerk="LEVERING-1", signalen=world.signals(300))
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: deliveries.deliver(LANDLORD, TRACE, envelop, world.steps, world.receipts), range(4)))
    assert [created for _, created in results].count(True) == 1
    assert len({strict.canonical(done) for done, _ in results}) == 1
    assert world.count("bericht") == 300
    assert len(deliveries.report(LANDLORD.principal, results[0][0].id, world.steps).regels) == 300
