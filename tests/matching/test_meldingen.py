"""Meldingen on a real database: what a municipality sees of an address, when it changes, and where a reader finds the change."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from gateway.core.errors import NotFound
from gateway.meldingen import listing
from gateway.meldingen.listing import Filter
from gateway.privacylog.messages import BerichtGeclaimd
from gateway.signals import afterwards
from schemas.inbox import ClaimAanvraag
from schemas.meldingen import Meldingen
from schemas.signaal import IntrekkingAanvraag
from tests.flows.world import DOEL, HAARLEM, LANDLORD, TRACE, UTRECHT
from tests.matching.world import MatchingWorld

ENERGY, WATER = "00000099000000004000", "00000099000000005000"
Signal = dict[str, object]


def at_home_of(world: MatchingWorld, signal: Signal, **changes: object) -> Signal:
    """Another lawful signal at the same address."""
    return {**world.signal(), "adres": signal["adres"], **changes}


def test_a_melding_is_an_address_in_a_month(world: MatchingWorld) -> None:
    signal = world.signal()
    first = world.give(signal)
    second = world.give(at_home_of(world, signal))
    (elsewhere,) = world.delivered(world.signal())
    one, other = world.meldingen()
    assert (one.berichten, other.berichten) == ([first, second], [elsewhere])
    assert one.periode == world.today.isoformat()[:7]
    assert one.adrespseudoniem == world.page()[0].adrespseudoniem
    assert (one.sectoren, one.aantal_schuldeisers) == (["huur"], 1)
    assert one.eerste_signaaldatum <= one.laatste_signaaldatum <= world.today
    assert [world.page()[n].melding for n in range(3)] == [one.id, one.id, other.id]
    assert world.melding(one.id) == one


def test_a_page_and_a_melding_leave_no_entry(world: MatchingWorld) -> None:
    world.give(world.signal())
    before = world.events()
    (one,) = world.meldingen()
    world.melding(one.id)
    assert world.events() == before


def test_a_later_signal_changes_it_also_after_acknowledgement_and_the_feed_says_so(world: MatchingWorld) -> None:
    signal = world.signal()
    first = world.give(signal)
    page = listing.page(HAARLEM, world.matcher, after=0, limit=100, wanted=Filter())
    (before,) = page.meldingen
    world.acknowledge(world.claim(), first, "ZAAK-1")
    world.give(at_home_of(world, signal, sector="drinkwater"), WATER)
    (after,) = listing.page(HAARLEM, world.matcher, after=int(page.volgende), limit=100, wanted=Filter()).meldingen
    assert (before.indeling, before.indelingsversie) == ("enkelvoudig", 1)
    assert (after.id, after.indeling, after.indelingsversie, after.sectoren) == (before.id, "meervoudig", 2, ["drinkwater", "huur"])
    assert after.volgnummer > before.volgnummer
    assert [b.indelingsversie for b in world.page()] == [2, 2]


def test_a_reader_that_keeps_its_cursor_sees_the_last_state_of_every_melding(world: MatchingWorld) -> None:
    signals = world.signals(6)
    for signal in (*signals, *(at_home_of(world, s) for s in signals[::2])):
        world.give(signal, ENERGY if signal not in signals else "", **({"sector": "gas"} if signal not in signals else {}))
    cursor, seen, pages = 0, {}, 0
    while True:
        page = listing.page(HAARLEM, world.matcher, after=cursor, limit=2, wanted=Filter())
        if int(page.volgende) == cursor:
            break
        cursor, pages = int(page.volgende), pages + 1
        assert [m.volgnummer for m in page.meldingen] == sorted(m.volgnummer for m in page.meldingen)
        seen.update({m.id: m for m in page.meldingen})
    assert pages == 5
    assert seen == {m.id: m for m in world.meldingen()}
    assert sorted(m.indeling for m in seen.values()) == ["enkelvoudig"] * 3 + ["meervoudig"] * 3


def test_filters_show_what_was_asked_and_the_cursor_goes_on_all_the_same(world: MatchingWorld) -> None:
    signal = world.signal()
    world.give(signal)
    world.give(at_home_of(world, signal, sector="drinkwater"), WATER)
    world.give(world.signal())
    month, last = world.today.isoformat()[:7], str(world.page()[-1].volgnummer)
    for wanted, count in (
        ({"kenmerk": "meervoudig"}, 1), ({"kenmerk": "enkelvoudig"}, 1), ({"kenmerk": "herhaald"}, 0), ({"sector": "drinkwater"}, 1),
        ({"sector": "huur"}, 2), ({"soort": "vroegsignaal"}, 2), ({"soort": "eindelevering"}, 0), ({"periode": month}, 2),
        ({"periode": "2025-01"}, 0), ({"periode": month, "sector": "drinkwater", "kenmerk": "meervoudig"}, 1),
    ):  # fmt: skip
        page: Meldingen = listing.page(HAARLEM, world.matcher, after=0, limit=100, wanted=Filter(**wanted))  # type: ignore[arg-type]
        assert (len(page.meldingen), page.volgende) == (count, last), wanted


def test_another_municipality_has_no_such_melding(world: MatchingWorld) -> None:
    world.give(world.signal())
    (one,) = world.meldingen()
    assert world.meldingen(UTRECHT) == []
    for gemeente, id in ((UTRECHT, one.id), (HAARLEM, UUID(int=one.id.int ^ 1)), (HAARLEM, one.berichten[0])):
        with pytest.raises(NotFound):
            world.melding(id, gemeente)


def test_a_repeat_is_marked_once_the_claim_was_picked_up_and_a_higher_amount_goes_through(world: MatchingWorld) -> None:
    signal = world.signal(contractkenmerk="C-1", achterstand={"bedragCent": 5000, "ontstaansdatum": str(world.today - timedelta(days=90))})
    first = world.give(signal)
    waiting = world.give(at_home_of(world, signal, contractkenmerk="C-1", achterstand=signal["achterstand"]))
    world.acknowledge(world.claim(), first)
    world.clock.advance(timedelta(seconds=1))
    higher = {**signal["achterstand"], "bedragCent": 5001}
    repeat = world.give(at_home_of(world, signal, contractkenmerk="C-1", achterstand=signal["achterstand"]))
    raised = world.give(at_home_of(world, signal, contractkenmerk="C-1", achterstand=higher))
    shown = {b.id: b.indeling for b in world.page()}
    assert shown == {first: "enkelvoudig", waiting: "enkelvoudig", repeat: "herhaald", raised: "enkelvoudig"}
    assert {b.id for b in world.claim().berichten} == {repeat, raised}  # marked, never held back


def test_two_products_of_one_supplier_at_one_contract_are_not_a_multiple(world: MatchingWorld) -> None:
    signal = world.signal(sector="elektriciteit", contractkenmerk="E-1")
    world.give(signal, ENERGY)
    world.give(at_home_of(world, signal, sector="gas", contractkenmerk="E-1"), ENERGY)
    assert [m.indeling for m in world.meldingen()] == ["enkelvoudig"]
    world.give(at_home_of(world, signal, sector="gas", contractkenmerk="E-2"), ENERGY)  # the control
    assert [m.indeling for m in world.meldingen()] == ["meervoudig"]


def test_the_version_that_a_claim_showed_stands_in_its_entry(world: MatchingWorld) -> None:
    signal = world.signal()
    world.give(signal)
    world.give(at_home_of(world, signal, sector="drinkwater"), WATER)
    shown = [(b.indeling, b.indelingsversie) for b in world.claim().berichten]
    entries: list[BerichtGeclaimd] = world.entries("bericht.geclaimd")
    assert [(e.indeling, e.indelingsversie) for e in entries] == shown == [("meervoudig", 2)] * 2


def test_a_melding_whose_signals_are_all_withdrawn_is_gone(world: MatchingWorld) -> None:
    signal = world.signal()
    first, second = world.give(signal), world.give(at_home_of(world, signal, sector="drinkwater"), WATER)
    (before,) = world.meldingen()
    afterwards.withdraw(LANDLORD, TRACE, first, IntrekkingAanvraag(reden="betaald"), world.steps, world.number)
    after = world.melding(before.id)
    assert (before.indelingsversie, after.indeling, after.indelingsversie, after.berichten) == (2, "enkelvoudig", 3, [second])
    world.run("UPDATE inbox_item SET state = 'ingetrokken', withdrawn_at = now() WHERE bericht = %s", second)
    assert world.meldingen() == []
    with pytest.raises(NotFound):
        world.melding(before.id)


def test_nothing_personal_stands_in_a_melding(world: MatchingWorld) -> None:
    signal = world.signal()
    world.give(signal)
    text = msgspec.json.encode(world.meldingen()).decode()
    person, adres = signal["personen"][0], signal["adres"]
    assert not [word for word in (person["achternaam"], adres["postcode"], adres["woonplaats"], signal["kenmerk"]) if word in text]
    assert ClaimAanvraag(doel=DOEL, maximum=1, lease_seconden=1, wijze="bemand").doel == DOEL
