"""Rules that look back, and the evidence of efforts, on a real database."""

from datetime import date, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from gateway.core.chain import Outcome
from gateway.core.errors import Invalid
from gateway.partners.register import Register
from gateway.signals import effort
from gateway.store.database import Database
from schemas.inspanning import Inspanningsverslag
from tests.flows.world import HAARLEM, LANDLORD, OTHER, UTRECHT, World
from tests.tenants import SIGNER


def with_gas(world: World) -> None:
    """Both creditors may also sell gas."""
    register = world.register
    partners = [msgspec.structs.replace(d, sectoren=frozenset({"huur", "gas"})) for d in register.deelnemers.values()]
    keys = [key for code in (HAARLEM, UTRECHT) if (key := register.sealing_key(code))]
    world.register = Register(2, deelnemers=partners, gemeenten=register.gemeenten.values(), sleutels=keys)


def end(world: World, contract: str, **changes: Any) -> dict[str, Any]:
    signal = world.signal(sector="gas", soort="eindelevering", contractkenmerk=contract, **changes)
    day = world.today
    reminders = [(day - timedelta(days=days)).isoformat() for days in (60, 40, 20)]
    return {**signal, "inspanning": {**signal["inspanning"], "herinneringen": reminders}}


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.findings if not finding.code.startswith("ONDER_AFGESPROKEN")]


def test_end_of_supply_after_an_early_signal_on_the_contract_is_in_order(world: World) -> None:
    with_gas(world)
    (alone,) = world.deliver(end(world, "C-1"))
    assert (alone.status, codes(alone)) == ("bezorgd", ["GEEN_EERDER_SIGNAAL"])
    assert world.deliver(world.signal(sector="gas", contractkenmerk="C-2"))[0].status == "bezorgd"
    (ordered,) = world.deliver(end(world, "C-2"))
    assert (ordered.status, codes(ordered)) == ("bezorgd", [])
    world.number()
    assert [b.voorrang for b in world.page()] == [True, None, None]


def test_signal_of_another_creditor_or_of_long_ago_does_not_count(world: World) -> None:
    with_gas(world)
    world.deliver(world.signal(sector="gas", contractkenmerk="C-3"), sender=OTHER)
    assert codes(world.deliver(end(world, "C-3"))[0]) == ["GEEN_EERDER_SIGNAAL"]
    world.deliver(world.signal(sector="gas", contractkenmerk="C-4"))
    world.run("UPDATE bericht SET received = now() - interval '15 months 1 day' WHERE soort = 'vroegsignaal'")
    assert codes(world.deliver(end(world, "C-4"))[0]) == ["GEEN_EERDER_SIGNAAL"]


def test_withdrawn_signal_does_not_count(world: World) -> None:
    with_gas(world)
    (id,) = world.delivered(world.signal(sector="gas", contractkenmerk="C-5"))
    assert codes(world.deliver(end(world, "C-5"))[0]) == []
    world.run("UPDATE inbox_item SET state = 'ingetrokken' WHERE bericht = %s", id)
    assert codes(world.deliver(end(world, "C-5"))[0]) == ["GEEN_EERDER_SIGNAAL"]


def report(world: World, principal: str = LANDLORD.principal, van: date | None = None, tot: date | None = None) -> Inspanningsverslag:
    return effort.report(principal, van or world.today, tot or world.today, world.ingest)


def effort_of(world: World, *contacts: tuple[str, int, bool], reminders: tuple[int, ...] = (20,), **more: Any) -> dict[str, Any]:
    signal = world.signal()
    day = date.fromisoformat(signal["signaaldatum"])
    made = [
        {"kanaal": channel, "datum": (day - timedelta(days=days)).isoformat(), "initiatief": "schuldeiser", "bereikt": reached}
        for channel, days, reached in contacts
    ]
    sent = [(day - timedelta(days=days)).isoformat() for days in reminders]
    return {**signal, "inspanning": {**signal["inspanning"], "contacten": made, "herinneringen": sent, **more}}


def test_report_counts_contact_channels_days_and_the_norm(world: World) -> None:
    outcomes = world.deliver(
        effort_of(world, ("telefoon", 30, True), ("email", 25, False)),
        effort_of(world, ("telefoon", 15, False)),
        effort_of(world, ("brief", 10, True), reminders=(9,)),
        world.signal(klantnummer=BAD),
    )
    assert [o.status for o in outcomes] == ["bezorgd", "bezorgd", "bezorgd", "geweigerd"]
    (huur,) = report(world).sectoren
    assert (huur.sector, huur.signalen, huur.met_verklaring, huur.met_persoonlijk_contact, huur.onder_norm) == ("huur", 3, 0, 1, 1)
    assert (huur.aandeel_persoonlijk_contact, huur.aandeel_onder_norm) == (0.3333, 0.3333)
    assert huur.kanalen == {"brief": 3, "email": 1, "telefoon": 2}
    assert huur.dagen_tot_signaal is not None
    assert (huur.dagen_tot_signaal.p10, huur.dagen_tot_signaal.mediaan, huur.dagen_tot_signaal.p90) == (10, 20, 30)


BAD = "999990342"  # test range, passes the eleven-test


def test_report_is_of_the_creditor_and_the_period_alone(world: World) -> None:
    world.deliver(world.signal())
    world.deliver(world.signal(), world.signal(), sender=OTHER)
    assert [s.signalen for s in report(world).sectoren] == [1]
    assert [s.signalen for s in report(world, OTHER.principal).sectoren] == [2]
    before = world.today - timedelta(days=1)
    assert report(world, van=before, tot=before).sectoren == []


@pytest.mark.parametrize("days", [-1, 733])
def test_period_that_cannot_be_is_refused(world: World, days: int) -> None:
    with pytest.raises(Invalid):
        report(world, van=world.today, tot=world.today + timedelta(days=days))


def test_evidence_holds_no_person_and_no_kenmerk(world: World) -> None:
    offered = {"datum": (world.today - timedelta(days=25)).isoformat(), "reactie": "akkoord"}
    signal = effort_of(world, ("telefoon", 30, True), gegevensdelingAangeboden=offered)
    (outcome,) = world.deliver(signal)
    assert outcome.status == "bezorgd"
    ((kept,),) = world.rows("SELECT row_to_json(i)::text || encode(i.datums, 'escape') FROM inspanning i")
    for secret in (signal["kenmerk"], signal["personen"][0]["achternaam"], signal["adres"]["postcode"], "akkoord", "klantrelatie"):
        assert secret not in kept
    assert "telefoon" in kept  # the control: the evidence is there


def test_after_twelve_months_only_counts_are_left(world: World) -> None:
    world.deliver(effort_of(world, ("telefoon", 30, True)), effort_of(world, ("brief", 15, False)))
    today = world.today
    owner = Database(world.dsns.taken, name="taken", size=1, signer=SIGNER)
    try:
        assert effort.summarise(owner, world.clock) == 0
        world.clock.advance(timedelta(days=400))
        assert effort.summarise(owner, world.clock) == 2
    finally:
        owner.close()
    assert world.count("inspanning") == 0
    first = today.replace(day=1)
    (huur,) = report(world, van=first, tot=(first + timedelta(days=40)).replace(day=1) - timedelta(days=1)).sectoren
    assert (huur.signalen, huur.met_persoonlijk_contact, huur.kanalen, huur.dagen_tot_signaal) == (2, 1, {}, None)
    assert report(world, van=first, tot=first + timedelta(days=5)).sectoren == []  # half a month is not told


def test_roles_cannot_read_around_the_function(world: World) -> None:
    with psycopg.connect(world.dsns.inbox) as inbox, pytest.raises(psycopg.errors.InsufficientPrivilege):
        inbox.execute("SELECT * FROM inspanning")
    with psycopg.connect(world.dsns.inbox) as inbox, pytest.raises(psycopg.errors.InsufficientPrivilege):
        inbox.execute("SELECT * FROM contract_facts('{}', '{}')")
    with psycopg.connect(world.dsns.ingest) as ingest, pytest.raises(psycopg.errors.InsufficientPrivilege):
        ingest.execute("DELETE FROM inspanning")
