"""Claims and acknowledgements: nobody gets what another holds, a lease ends, an acknowledgement counts once and for its holder."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest

from adapters.client.opening import Opener
from gateway.core import ids
from gateway.core.errors import Conflict, Forbidden, Invalid, NotFound, SeinhuisError, Unavailable
from gateway.inboxes import claiming, reading
from gateway.policy.register import Activiteit, Inzage, Purpose, PurposeRegister
from gateway.store.database import Connection, Database
from gateway.store.tenant import Tenant
from schemas.inbox import Afwijzing, Bericht, Bevestiging, Claim, ClaimBevestiging, ClaimStand, ClaimVerlenging, Veldgroep
from tests.flows.world import CLERK, DOEL, HAARLEM, TRACE, UTRECHT, World

OTHER_DOEL = "WGS-3-1-a"
RECEIVED = ClaimBevestiging(status="ontvangen")


def extend(world: World, claim: Claim, gemeente: str = HAARLEM) -> ClaimStand:
    return claiming.extend(CLERK, gemeente, TRACE, claim.id, ClaimVerlenging(lease_seconden=60), world.desk)


def release(world: World, claim: Claim, gemeente: str = HAARLEM) -> ClaimStand:
    return claiming.release(CLERK, gemeente, TRACE, claim.id, world.desk)


def read(world: World, id: UUID, gemeente: str = HAARLEM, *, disclose: bool = True) -> Bericht:
    return reading.message(CLERK, gemeente, TRACE, id, world.desk, disclose=disclose)


def taken(claim: Claim) -> list[UUID]:
    return [bericht.id for bericht in claim.berichten]


def test_a_claim_takes_the_oldest_and_discloses_what_was_sent(world: World) -> None:
    signals = world.signals(5)
    sent = world.delivered(*signals)
    claim = world.claim(maximum=3)
    assert taken(claim) == sent[:3]
    assert {b.staat for b in claim.berichten} == {"geclaimd"}
    opened = Opener().open(claim.berichten[0])
    assert opened["identiteit"]["personen"][0]["achternaam"] == signals[0]["personen"][0]["achternaam"]
    entries = world.entries("bericht.geclaimd")
    assert [(e.bericht, e.claim, e.doel, e.wijze) for e in entries] == [(id, claim.id, DOEL, "onbemand") for id in sent[:3]]
    assert set(entries[0].veldgroepen) == set(opened)


class Once:
    """A database that is gone after its first transaction."""

    def __init__(self, database: Database) -> None:
        self._left = [database]

    def transaction(self, tenant: Tenant | None = None) -> AbstractContextManager[Connection]:
        if not self._left:
            raise Unavailable("DATABASE_NIET_BEREIKBAAR", "weg")
        return self._left.pop().transaction(tenant)


def test_a_claim_that_is_committed_is_answered_even_when_the_database_goes_then(world: World) -> None:
    (id,) = world.delivered(world.signal())
    claim = world.claim(desk=world.desk._replace(database=Once(world.inbox)))
    assert taken(claim) == [id]
    assert claim.controlepunt


def test_two_claims_never_share_a_message(world: World) -> None:
    sent = world.delivered(*world.signals(200))
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: world.claim(maximum=20), range(16)))
    found = [id for claim in claims for id in taken(claim)]
    assert len(found) == len(set(found))
    assert set(found) | set(taken(world.claim(maximum=500))) == set(sent)


def test_a_lease_that_ended_gives_the_message_to_the_next(world: World) -> None:
    (id,) = world.delivered(world.signal())
    first = world.claim()
    assert taken(world.claim()) == []
    world.expire(first)
    assert taken(world.claim()) == [id]


def test_a_lease_of_one_second_ends_by_the_databases_clock(world: World) -> None:
    (id,) = world.delivered(world.signal())
    world.claim(seconds=1)
    world.run("SELECT pg_sleep(1.05)")
    assert taken(world.claim()) == [id]


def test_acknowledged_messages_never_come_again(world: World) -> None:
    one, two = world.delivered(*world.signals(2))
    claim = world.claim()
    world.acknowledge(claim, one)
    world.expire(claim)
    assert taken(world.claim()) == [two]


def test_an_acknowledgement_repeated_is_the_same_and_logged_once(world: World) -> None:
    (id,) = world.delivered(world.signal())
    claim = world.claim()
    assert [world.acknowledge(claim, id) for _ in range(3)] == ["ontvangen"] * 3
    assert [world.acknowledge(claim, id, "ZAAK-1") for _ in range(3)] == ["verwerkt"] * 3
    assert world.acknowledge(claim, id) == "verwerkt"  # a late technical receipt undoes nothing
    assert [e.resultaat for e in world.entries("bericht.bevestigd")] == ["ontvangen", "verwerkt"]
    assert world.page()[0].zaaknummer == "ZAAK-1"


def test_after_its_lease_an_acknowledgement_counts_while_nobody_else_holds_the_message(world: World) -> None:
    free, lost = world.delivered(*world.signals(2))
    first = world.claim()
    world.expire(first)
    assert world.acknowledge(first, free) == "ontvangen"
    second = world.claim()
    assert taken(second) == [lost]
    with pytest.raises(Conflict) as caught:
        world.acknowledge(first, lost)
    assert caught.value.code == "BERICHT_NIET_VAN_DEZE_CLAIM"
    assert world.acknowledge(second, lost) == "ontvangen"


def test_processed_needs_a_case_number(world: World) -> None:
    (id,) = world.delivered(world.signal())
    claim = world.claim()
    request = Bevestiging(claim=claim.id, status="verwerkt")
    with pytest.raises(Invalid) as caught:
        claiming.acknowledge(CLERK, HAARLEM, TRACE, id, request, world.desk)
    assert caught.value.errors is not None
    assert caught.value.errors[0].pointer == "/zaaknummer"
    assert world.state_of(id) == "geclaimd"


def test_a_whole_claim_is_acknowledged_at_once_and_again(world: World) -> None:
    sent = world.delivered(*world.signals(4))
    claim = world.claim(maximum=3)
    stands = [claiming.acknowledge_claim(CLERK, HAARLEM, TRACE, claim.id, RECEIVED, world.desk) for _ in range(2)]
    assert [s.aantal for s in stands] == [3, 3]
    assert [world.state_of(id) for id in sent] == ["ontvangen"] * 3 + ["bezorgd"]
    assert len(world.entries("bericht.bevestigd")) == 3


def test_a_whole_claim_is_all_or_nothing(world: World) -> None:
    one, two = world.delivered(*world.signals(2))
    claim = world.claim()
    claiming.reject(CLERK, HAARLEM, TRACE, two, Afwijzing(claim=claim.id, reden="geen_inwoner"), world.desk)
    with pytest.raises(Conflict):
        claiming.acknowledge_claim(CLERK, HAARLEM, TRACE, claim.id, RECEIVED, world.desk)
    assert (world.state_of(one), world.state_of(two)) == ("geclaimd", "afgewezen")


def test_a_released_claim_gives_its_messages_back_but_what_was_acknowledged(world: World) -> None:
    one, two = world.delivered(*world.signals(2))
    claim = world.claim()
    world.acknowledge(claim, one)
    assert [release(world, claim).aantal for _ in range(2)] == [1, 0]
    assert taken(world.claim()) == [two]
    with pytest.raises(Conflict):
        world.acknowledge(claim, two)


def test_an_extended_lease_lasts(world: World) -> None:
    world.delivered(world.signal())
    claim = world.claim(seconds=1)
    stand = extend(world, claim)
    assert stand.aantal == 1
    assert stand.vervalt_op is not None
    assert stand.vervalt_op > claim.vervalt_op
    world.run("SELECT pg_sleep(1.05)")
    assert taken(world.claim()) == []


def test_a_claim_that_lost_everything_cannot_be_extended(world: World) -> None:
    world.delivered(world.signal())
    claim = world.claim()
    world.expire(claim)
    world.claim()
    with pytest.raises(Conflict) as caught:
        extend(world, claim)
    assert caught.value.code == "CLAIM_LEEG"


def test_another_municipalitys_message_and_claim_do_not_exist(world: World) -> None:
    (id,) = world.delivered(world.signal())
    claim = world.claim()

    def codes(bericht: UUID, held: UUID) -> list[str]:
        found = []
        there = Claim(id=held, doel=DOEL, vervalt_op=claim.vervalt_op, berichten=[])
        for ask in (
            lambda: read(world, bericht, UTRECHT),
            lambda: read(world, bericht, UTRECHT, disclose=False),
            lambda: world.acknowledge(there, bericht, gemeente=UTRECHT),
            lambda: claiming.reject(CLERK, UTRECHT, TRACE, bericht, Afwijzing(claim=held, reden="onleesbaar"), world.desk),
            lambda: extend(world, there, UTRECHT),
            lambda: release(world, there, UTRECHT),
            lambda: claiming.acknowledge_claim(CLERK, UTRECHT, TRACE, held, RECEIVED, world.desk),
        ):
            with pytest.raises(SeinhuisError) as caught:
                ask()
            found.append(f"{caught.value.status} {caught.value.code} {caught.value.detail}")
        return found

    missing = NotFound()
    assert codes(id, claim.id) == codes(ids.new(), ids.new()) == [f"404 {missing.code} {missing.detail}"] * 7
    assert world.page(UTRECHT) == []
    assert taken(world.claim(UTRECHT)) == []
    assert world.state_of(id) == "geclaimd"
    assert world.acknowledge(claim, id) == "ontvangen"  # the control: its own municipality finds it


def test_a_purpose_outside_the_register_is_refused_and_discloses_and_logs_nothing(world: World) -> None:
    (id,) = world.delivered(world.signal())
    before = world.events()
    with pytest.raises(Forbidden) as caught:
        world.claim(doel=OTHER_DOEL)
    assert caught.value.code == "DOEL_NIET_TOEGESTAAN"
    assert world.events() == before
    assert world.count("claim") == 0
    assert world.state_of(id) == "bezorgd"
    assert taken(world.claim()) == [id]  # the control


def test_a_claim_takes_messages_of_its_own_purpose_only(world: World) -> None:
    one, two = world.delivered(*world.signals(2))
    world.run("UPDATE bericht SET doel = %s WHERE id = %s", OTHER_DOEL, two)
    desk = world.desk._replace(purposes=_two_purposes())
    assert taken(world.claim(desk=desk)) == [one]
    assert taken(world.claim(doel=OTHER_DOEL, desk=desk)) == [two]


def test_a_purpose_that_names_one_group_gets_one_group(world: World) -> None:
    (id,) = world.delivered(world.signal())
    world.run("UPDATE bericht SET doel = %s", OTHER_DOEL)
    claim = world.claim(doel=OTHER_DOEL, desk=world.desk._replace(purposes=_two_purposes()))
    (bericht,) = claim.berichten
    assert bericht.id == id
    assert set(bericht.persoonsgegevens or ()) == {"contact"}
    assert bericht.sleutels is not None
    assert set(bericht.sleutels.groepssleutels or ()) == {"contact"}
    assert world.entries("bericht.geclaimd")[0].veldgroepen == ("contact",)


def test_reading_again_discloses_inside_a_claim_only_and_is_logged(world: World) -> None:
    (id,) = world.delivered(world.signal())
    assert read(world, id).persoonsgegevens is None
    claim = world.claim()
    assert read(world, id, disclose=False).persoonsgegevens is None
    assert world.entries("bericht.gelezen") == []
    assert read(world, id).persoonsgegevens == claim.berichten[0].persoonsgegevens
    assert [(e.bericht, e.claim) for e in world.entries("bericht.gelezen")] == [(id, claim.id)]
    world.expire(claim)
    assert read(world, id).persoonsgegevens is None


def test_a_page_shows_no_person_data_and_logs_nothing(world: World) -> None:
    world.delivered(*world.signals(3))
    world.claim(maximum=1)
    before = world.events()
    assert [(b.persoonsgegevens, b.sleutels) for b in world.page()] == [(None, None)] * 3
    assert world.events() == before


def test_pages_go_on_after_the_cursor(world: World) -> None:
    sent = world.delivered(*world.signals(7))
    first = reading.page(HAARLEM, world.desk, after=0, limit=4)
    second = reading.page(HAARLEM, world.desk, after=int(first.volgende), limit=4)
    empty = reading.page(HAARLEM, world.desk, after=int(second.volgende), limit=4)
    assert [b.id for b in (*first.berichten, *second.berichten)] == sent
    assert (empty.berichten, empty.volgende) == ([], second.volgende)


def test_nothing_is_disclosed_while_the_log_is_behind(world: World) -> None:
    (id,) = world.delivered(world.signal())
    claim = world.claim(maximum=1)
    world.deliver(world.signal())
    world.run("UPDATE log_queue SET created = created - interval '61 seconds'")
    for ask in (world.claim, lambda: read(world, id)):
        with pytest.raises(Unavailable) as caught:
            ask()
        assert caught.value.code == "LOG_LOOPT_ACHTER"
    assert world.entries("bericht.gelezen") == []
    assert world.acknowledge(claim, id) == "ontvangen"
    world.number()
    assert len(taken(world.claim())) == 1


def _two_purposes() -> PurposeRegister:
    reads: tuple[tuple[str, str, tuple[Veldgroep, ...]], ...] = (
        ("ophalen", DOEL, ("identiteit", "contact", "klant")),
        ("elders", OTHER_DOEL, ("contact",)),
    )
    return PurposeRegister(
        Purpose(
            doel,
            "een toetsgrondslag",
            (Activiteit(stroom=flow, uri=f"urn:test:{flow}", omschrijving="toets"),),
            (
                Inzage(
                    id=f"{doel}/{flow}/2021",
                    artikel="toets",
                    geldig_van=date(2021, 1, 1),
                    ontvanger_rol="gemeente",
                    veldgroepen=groups,
                    activiteit=flow,
                ),
            ),
            (),
        )
        for flow, doel, groups in reads
    )


def test_a_purpose_that_ended_opens_nothing(world: World) -> None:
    world.delivered(world.signal())
    ended = PurposeRegister(
        [Purpose(DOEL, "toets", (Activiteit(stroom="ophalen", uri="urn:test:ophalen", omschrijving="toets"),), (_until(world.today),), ())]
    )
    assert len(taken(world.claim(desk=world.desk._replace(purposes=ended)))) == 1
    world.clock.advance(timedelta(days=1))
    with pytest.raises(Forbidden):
        world.claim(desk=world.desk._replace(purposes=ended))


def _until(day: date) -> Inzage:
    return Inzage(
        id=f"{DOEL}/ophalen/2021",
        artikel="toets",
        geldig_van=date(2021, 1, 1),
        geldig_tot=day,
        ontvanger_rol="gemeente",
        veldgroepen=("identiteit",),
        activiteit="ophalen",
    )
