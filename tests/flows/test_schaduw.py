"""Shadow: the same verdicts as in earnest, delivered to nobody, and nothing of a person kept."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
import psycopg
import pytest

from adapters.client.receipts import verify_receipt
from gateway.core.errors import Forbidden
from gateway.partners import acting
from gateway.partners.register import Deelnemer, Register
from gateway.signals import deliveries, reports, schaduw, schaduwstand
from gateway.signals.receive import receive
from schemas.ontvangst import Aanlevering, VerslagRegel
from schemas.signaal import AanleveringEnvelop
from schemas.standen import StandEnvelop
from tests.flows.world import LANDLORD, NAME, TRACE, World

KEPT = frozenset(
    {"aanlevering", "aanlevering_verslag", "log_entry", "log_queue", "schaduwproef", "wrapped_key", "register_versie", "alembic_version"}
)
"""Tables in which a rehearsal may leave rows."""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind"
LEAF = "SELECT leaf FROM log_leaf l JOIN log_entry e ON e.id = l.entry WHERE event = 'schaduw.beproefd'"


def in_state(world: World, status: str) -> Register:
    """The register with the landlord in this state."""
    was = world.register
    rows = [msgspec.structs.replace(d, status=status if d.oin == LANDLORD.principal else d.status) for d in was.deelnemers.values()]
    sealing = [key for code in was.gemeenten if (key := was.sealing_key(code))]
    return Register(was.versie, deelnemers=rows, gemeenten=was.gemeenten.values(), sleutels=sealing)


def mixed(world: World) -> list[Any]:
    """Records of every fate: good, unlawful, unreadable, ambiguous, twice the same, twice with other content, following one of its own."""
    good = world.signals(8)
    bare = {name: value for name, value in good[1].items() if name != "adres"}
    unlawful = {**good[2], "signaaldatum": "2019-01-01"}
    other = {**good[3], "achterstand": {**good[3]["achterstand"], "bedragCent": good[3]["achterstand"]["bedragCent"] + 1}}
    follows = {**good[4], "kenmerk": f"{good[4]['kenmerk']}-2", "soort": "actualisering", "eerderKenmerk": good[4]["kenmerk"]}
    lost = {**good[5], "kenmerk": "LOS-1", "soort": "actualisering", "eerderKenmerk": "NOOIT-GEZIEN"}
    nowhere = {**good[6], "adres": {**good[6]["adres"], "postcode": "9999ZZ"}}
    return [good[0], bare, unlawful, good[3], other, good[0], good[4], follows, lost, nowhere, good[7], "geen record"]


def judged(lines: list[VerslagRegel]) -> list[dict[str, Any]]:
    """What a report says, without what is another in every delivery: moments, ids, and what points into the log."""
    own = {"id", "ontvangenOp", "inhoudHash", "logblad"}
    return [{name: value for name, value in msgspec.to_builtins(line).items() if name not in own} for line in lines]


def deliver(world: World, records: list[Any], kenmerk: str = "LEVERING-1") -> tuple[Aanlevering, list[VerslagRegel]]:
    envelop = AanleveringEnvelop(kenmerk=kenmerk, signalen=json.loads(json.dumps(records)))
    found, _ = deliveries.deliver(LANDLORD, TRACE, envelop, world.steps, world.receipts)
    return found, deliveries.report(LANDLORD.principal, found.id, world.steps).regels


def tables(world: World) -> dict[str, int]:
    names = world.rows(f"{TABLES} IN ('r', 'p') AND NOT relispartition")
    return {name: world.count(name) for (name,) in names}


def test_report_is_that_of_the_same_delivery_when_active(world: World) -> None:
    records = mixed(world)
    active = world.register
    world.register = in_state(world, "schaduw")
    shadow, rehearsed = deliver(world, records)
    world.register = active
    real, lines = deliver(world, records)
    assert judged(rehearsed) == judged(lines)
    assert {line.status for line in lines} >= {"bezorgd", "geweigerd"}
    assert any(line.eerder_ontvangen for line in lines)
    assert (shadow.aantallen, shadow.resultaat) == (real.aantallen, real.resultaat)
    assert (shadow.schaduw, real.schaduw) == (True, None)
    assert shadow.id != real.id  # the kenmerk of a rehearsal is free


def test_rehearsal_leaves_nothing_but_its_report(world: World) -> None:
    world.deliver(*world.signals(2))  # keys that any delivery would make
    world.number()
    before = tables(world)
    records = mixed(world)
    active = world.register
    world.register = in_state(world, "schaduw")
    deliver(world, records)
    world.number()
    after = tables(world)
    grown = {name for name in after if after[name] != before[name]}
    assert grown <= KEPT | {"log_leaf", "log_checkpoint"}
    assert [entry.aantal for entry in world.entries("schaduw.beproefd")] == [len(records)]
    assert world.page() == world.page()[:2]
    world.register = active
    deliver(world, records)  # the control: in earnest it does
    world.number()
    real = {name for name, n in tables(world).items() if n != after[name]}
    assert real >= {"bericht", "content_key", "fingerprint", "inspanning", "inbox_item"}


def test_no_word_of_a_person_stays_in_the_database(world: World) -> None:
    (signal,) = world.signals(1)
    words = [signal["personen"][0]["achternaam"], signal["adres"]["postcode"]]
    world.register = in_state(world, "schaduw")
    _, (line,) = deliver(world, [signal])
    assert (line.status, line.inhoud_hash) == ("bezorgd", None)
    assert [word for word in words if any(word in text for text in dumped(world))] == []
    assert any("LEVERING-1" in text for text in dumped(world))  # the control: the search finds what is there


def test_storage_key_of_a_rehearsal_is_kept_nowhere(world: World) -> None:
    first, second = (schaduw.Passing(world.keys).key("opslag/0392/2027-W21") for _ in range(2))
    assert len({first, second, world.keys.key("opslag/0392/2027-W21")}) == 3
    assert schaduw.Passing(world.keys).key("D-log/1") == world.keys.key("D-log/1")  # the control: verdicts and names need the others


def test_receipt_of_one_signal_says_that_it_was_a_rehearsal(world: World) -> None:
    world.register = in_state(world, "schaduw")
    work = partial(receive, world.inbound(world.signals(1)))
    (outcome,) = schaduw.deliver(LANDLORD, TRACE, "api", world.steps, work)
    found = reports.receipt(outcome, world.receipts)
    assert (found.schaduw, found.inhoud_hash, found.status) == (True, "", "bezorgd")
    verify_receipt(found, world.receipts.public_jwks())
    world.number()
    ((leaf,),) = world.rows(LEAF)
    assert found.logblad == bytes(leaf).hex()


def test_list_of_open_signals_is_rehearsed_as_a_whole(world: World) -> None:
    active, records = world.register, world.signals(3)
    stand = StandEnvelop(sector="huur", handelsnaam=NAME, signalen=records)
    world.register = in_state(world, "schaduw")
    rehearsed = schaduwstand.reconcile(LANDLORD, TRACE, world.today, stand, world.steps, world.number)
    assert (world.count("stand"), world.count("bericht"), rehearsed.schaduw) == (0, 0, True)
    world.register = active
    real = schaduwstand.reconcile(LANDLORD, TRACE, world.today, stand, world.steps, world.number)
    assert (rehearsed.aantallen, [r.uitkomst for r in rehearsed.regels]) == (real.aantallen, [r.uitkomst for r in real.regels])
    assert (world.count("stand"), real.schaduw) == (1, None)


def test_party_in_shadow_delivers_nothing_for_an_active_principal(world: World) -> None:
    world.register = in_state(world, "schaduw")
    assert schaduw.applies(world.register, LANDLORD)
    world.register = in_state(world, "actief")
    assert not schaduw.applies(world.register, LANDLORD)


@pytest.mark.parametrize(("status", "plain", "rehearsable"), [("actief", True, True), ("schaduw", False, True), ("getoetst", False, False)])
def test_shadow_opens_only_what_can_be_rehearsed(status: str, plain: bool, rehearsable: bool) -> None:
    partner = Deelnemer(LANDLORD.party, NAME, frozenset({"schuldeiser"}), status)
    for schaduw_too, allowed in ((False, plain), (True, rehearsable)):
        if allowed:
            acting.require_active(partner, schaduw=schaduw_too)
        else:
            with pytest.raises(Forbidden):
                acting.require_active(partner, schaduw=schaduw_too)


def dumped(world: World) -> Iterator[str]:
    """Every row of every table as text, and what bytes say as text."""
    names = world.rows(f"{TABLES} = 'r'")
    with psycopg.connect(world.dsns.owner) as owner:
        for (name,) in names:
            for row in owner.execute(f"SELECT * FROM {name}").fetchall():
                yield " ".join(bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else str(v) for v in row)
