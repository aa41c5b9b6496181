"""Quality warns and never stops, is counted per month, and shows a creditor its own figures only; catch-up is shaped and never dropped."""

from datetime import date, timedelta
from typing import Any

import pytest

from gateway.core.errors import Invalid
from gateway.inboxes import claiming
from gateway.partners import choices
from gateway.quality.checks import Quality, is_dialable, is_mail
from gateway.signals import afterwards, deliveries, quality
from gateway.store.tenant import municipality, task
from schemas.inbox import Afwijzing
from schemas.instellingen import Inhaalslag
from schemas.kwaliteit import Kwaliteit
from schemas.signaal import AanleveringEnvelop, IntrekkingAanvraag
from tests.flows.world import CLERK, HAARLEM, LANDLORD, MUNICIPALITIES, OTHER, TRACE, World


@pytest.fixture
def world(world: World) -> World:
    world.steps = world.steps._replace(check=Quality(MUNICIPALITIES.fits))
    return world


def report(world: World, principal: str = LANDLORD.principal) -> Kwaliteit:
    return quality.report(principal, world.today, world.today, world.ingest)


@pytest.mark.parametrize("number", ["+31612345678", "+31201234567", "+31881234567", "+4915123456789", "+32470123456"])
def test_dialable(number: str) -> None:
    assert is_dialable(number)


@pytest.mark.parametrize("number", [
    "+31666666666", "+3161234567", "+31661234567", "+31012345678", "+31900123456", "+32012345",
    "+99912345678",
])  # fmt: skip
def test_not_dialable(number: str) -> None:
    assert not is_dialable(number)


@pytest.mark.parametrize(("address", "fine"), [
    ("j.jansen@example.nl", True), ("j+x@sub.example.co.uk", True), ("a@gmial.com", False), (".a@example.nl", False),
    ("a..b@example.nl", False), ("a@-example.nl", False), ("a@example.n1", False), ("geen@geenemail.nl", False),
])  # fmt: skip
def test_mail(address: str, fine: bool) -> None:
    assert is_mail(address) == fine


@pytest.mark.parametrize(("change", "code"), [
    ({"adres": {"woonplaats": "Maastricht", "gemeentecode": "0392"}}, "KWALITEIT_POSTCODE"),
    ({"adres": {"toevoeging": "-"}}, "KWALITEIT_ADRES"),
    ({"contact": {"telefoonnummers": ["+31999999999"]}}, "KWALITEIT_TELEFOON"),
    ({"contact": {"emailadressen": ["a@gmial.com"]}}, "KWALITEIT_EMAIL"),
])  # fmt: skip
def test_finding_warns_and_the_signal_is_delivered(world: World, change: dict[str, Any], code: str) -> None:
    signal = world.signal()
    ((name, part),) = change.items()
    (outcome,) = world.deliver({**signal, name: {**signal.get(name, {}), **part}})
    assert outcome.status == "bezorgd", outcome
    assert code in {f.code for f in outcome.findings}
    assert all(f.oordeel == "waarschuwing" for f in outcome.findings)


def test_names_and_doubles(world: World) -> None:
    signal = world.signal()
    person = {**signal["personen"][0], "achternaam": "Onbekend"}
    (outcome,) = world.deliver({**signal, "personen": [person, person]})
    assert {"KWALITEIT_NAAM", "KWALITEIT_PERSOON"} <= {f.code for f in outcome.findings}


def test_figures_are_the_creditors_own(world: World) -> None:
    good, bad = world.signals(2, contact={"telefoonnummers": ["+31612345678"]})
    bad = {**bad, "contact": {"telefoonnummers": ["+31999999999"]}}
    refused = {**world.signal(), "onbekend": 1}
    outcomes = world.deliver(good, bad, refused)
    world.deliver(good)  # a repeat counts once
    world.number()
    assert outcomes[0].id is not None
    afterwards.withdraw(LANDLORD, TRACE, outcomes[0].id, IntrekkingAanvraag(reden="onterecht"), world.steps, world.number)
    (month,) = report(world).maanden
    assert (month.aangeboden, month.bezorgd, month.geweigerd, month.onterecht_ingetrokken) == (3, 2, 1, 1)
    assert (month.score, month.aandeel_geweigerd, month.aandeel_onterecht) == (0.5, 0.3333, 0.5)
    (check,) = report(world).controles
    assert (check.code, check.aantal, check.voorbeelden) == ("KWALITEIT_TELEFOON", 1, [bad["kenmerk"]])
    assert report(world, OTHER.principal).maanden == []
    with pytest.raises(Invalid):
        quality.report(LANDLORD.principal, world.today, world.today - timedelta(days=40), world.ingest)


def test_last_month_of_the_calendar_is_a_month_like_any_other(world: World) -> None:
    found = quality.report(LANDLORD.principal, date(9999, 12, 3), date(9999, 12, 4), world.ingest)
    assert (found.van, found.tot, found.maanden) == (date(9999, 12, 1), date(9999, 12, 31), [])


@pytest.mark.parametrize(("rejected", "shown"), [(9, []), (10, [10]), (19, [10]), (20, [20])])
def test_reports_of_municipalities_only_in_tens(world: World, rejected: int, shown: list[int]) -> None:
    ids = world.delivered(*world.signals(20))
    world.run(
        "UPDATE inbox_item SET state = 'afgewezen', rejected_reason = 'geen_inwoner', afgewezen_op = now() - interval '8 days'"
        " WHERE bericht = ANY (%s)",
        ids[:rejected],
    )
    world.run("UPDATE inbox_item SET rejected_reason = 'andere_reden' WHERE rejected_reason IS NULL")
    found = report(world).gemeld
    assert [g.minstens for g in found] == shown
    assert all(g.code == "geen_inwoner" for g in found)


def test_summary_keeps_every_sum(world: World) -> None:
    for signal in world.signals(12):
        world.deliver({**signal, "contact": {"telefoonnummers": ["+31999999999"]}})
    before = report(world)
    with world.tasks.transaction(task("proef")) as connection:
        connection.execute("SELECT kwaliteit_samenvatten(%s)", (world.today + timedelta(days=40),))
    after = report(world)
    assert (after.maanden, after.controles[0].aantal) == (before.maanden, 12)
    assert world.count("kwaliteit_telling") == 10


def late(world: World, n: int) -> None:
    envelop = AanleveringEnvelop(kenmerk="INHAAL-1", inhaalslag=True, signalen=world.signals(n))
    deliveries.deliver(LANDLORD, TRACE, envelop, world.steps, world.receipts)
    world.number()


def limit(world: World, per_day: int | None) -> None:
    with world.inbox.transaction(municipality(HAARLEM)) as connection:
        choices.save(connection, HAARLEM, Inhaalslag(per_dag=per_day), world.clock.now(), LANDLORD.party, world.desk.seals)


def test_catch_up_is_marked_and_taken_day_by_day(world: World) -> None:
    late(world, 5)
    world.delivered(*world.signals(2))
    limit(world, 2)
    first = world.claim().berichten
    assert sorted(bool(b.inhaalslag) for b in first) == [False, False, True, True]
    assert world.claim().berichten == []
    world.run("UPDATE inbox_item SET geclaimd_op = now() - interval '2 days' WHERE geclaimd_op IS NOT NULL")
    assert len(world.claim().berichten) == 2
    limit(world, None)
    assert len(world.claim().berichten) == 1  # none was dropped


def test_without_a_limit_catch_up_is_like_all_others(world: World) -> None:
    late(world, 5)
    assert len(world.claim().berichten) == 5


def test_reports_of_this_week_do_not_show_yet(world: World) -> None:
    world.delivered(*world.signals(20))
    claim = world.claim()
    for bericht in claim.berichten:
        claiming.reject(CLERK, HAARLEM, TRACE, bericht.id, Afwijzing(claim=claim.id, reden="geen_inwoner"), world.desk)
    assert report(world).gemeld == []
    world.run("UPDATE inbox_item SET afgewezen_op = afgewezen_op - interval '7 days'")
    assert [g.minstens for g in report(world).gemeld] == [20]  # the control
