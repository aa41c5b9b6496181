"""A creditor takes a signal back: before a claim it goes, after one the inbox is told; nobody else can."""

from uuid import UUID

import pytest

from gateway.core import ids
from gateway.core.chain import Sender
from gateway.core.errors import Conflict, Gone, NotFound, Unavailable
from gateway.inboxes import claiming, reading
from gateway.signals import afterwards
from schemas.inbox import Afwijzing, ClaimVerlenging
from schemas.ontvangst import Intrekking
from schemas.signaal import IntrekkingAanvraag
from tests.flows.world import CLERK, HAARLEM, LANDLORD, OTHER, TRACE, World

PAID = IntrekkingAanvraag(reden="betaald")


def withdraw(world: World, id: UUID, sender: Sender = LANDLORD, request: IntrekkingAanvraag = PAID) -> Intrekking:
    return afterwards.withdraw(sender, TRACE, id, request, world.steps, world.number)


def stand(world: World, id: UUID) -> tuple[str, bool]:
    found = afterwards.state(LANDLORD.principal, id, world.steps)
    return found.status, found.ingetrokken_op is not None


def test_before_a_claim_the_message_and_its_payload_go(world: World) -> None:
    gone, kept = world.delivered(*world.signals(2))
    assert stand(world, gone) == ("bezorgd", False)
    done = withdraw(world, gone)
    assert (done.status, stand(world, gone)) == ("ingetrokken", ("ingetrokken", True))
    assert world.rows("SELECT payload IS NULL FROM bericht WHERE id = %s", gone) == [(True,)]
    assert [b.id for b in world.claim().berichten] == [kept]
    with pytest.raises(Gone):
        reading.message(CLERK, HAARLEM, TRACE, gone, world.desk, disclose=True)


def test_after_a_claim_the_state_stays_and_the_inbox_is_told(world: World) -> None:
    (id,) = world.delivered(world.signal())
    claim = world.claim()
    done = withdraw(world, id)
    assert (done.status, stand(world, id)) == ("geclaimd", ("geclaimd", True))
    (shown,) = world.page()
    assert (shown.staat, shown.ingetrokken_op) == ("geclaimd", done.ingetrokken_op)
    assert world.acknowledge(claim, id) == "ontvangen"


def test_repeated_it_is_the_first_answer_and_one_entry(world: World) -> None:
    (id,) = world.delivered(world.signal())
    first = withdraw(world, id)
    again = withdraw(world, id, request=IntrekkingAanvraag(reden="onterecht"))
    assert again == first
    (entry,) = world.entries("signaal.ingetrokken")
    assert (entry.bericht, entry.resultaat) == (id, "betaald")


def test_a_signal_without_a_number_is_numbered_first(world: World) -> None:
    (outcome,) = world.deliver(world.signal())
    assert outcome.id is not None
    assert world.count("inbox_item") == 0
    assert stand(world, outcome.id) == ("bezorgd", False)
    assert withdraw(world, outcome.id).status == "ingetrokken"
    world.number()
    assert world.claim().berichten == []


def test_a_signal_that_gets_no_number_is_tried_again_later(world: World) -> None:
    (outcome,) = world.deliver(world.signal())
    assert outcome.id is not None
    asked: list[int] = []
    with pytest.raises(Unavailable) as caught:
        afterwards.withdraw(LANDLORD, TRACE, outcome.id, PAID, world.steps, lambda: asked.append(1))
    assert caught.value.retry_after
    assert len(asked) == afterwards.TRIES
    assert world.entries("signaal.ingetrokken") == []


def test_a_rejected_signal_is_closed(world: World) -> None:
    (id,) = world.delivered(world.signal())
    claim = world.claim()
    claiming.reject(CLERK, HAARLEM, TRACE, id, Afwijzing(claim=claim.id, reden="geen_inwoner"), world.desk)
    with pytest.raises(Conflict) as caught:
        withdraw(world, id)
    assert caught.value.code == "SIGNAAL_AFGESLOTEN"
    assert "geen_inwoner" not in caught.value.detail


def test_somebody_elses_signal_does_not_exist(world: World) -> None:
    (id,) = world.delivered(world.signal())
    for missing in (id, ids.new()):
        with pytest.raises(NotFound):
            withdraw(world, missing, sender=OTHER)
        with pytest.raises(NotFound):
            afterwards.state(OTHER.principal, missing, world.steps)
    assert world.state_of(id) == "bezorgd"


def test_a_withdrawn_kenmerk_stays_taken(world: World) -> None:
    signal = world.signal()
    (id,) = world.delivered(signal)
    withdraw(world, id)
    (again,) = world.deliver(signal)
    assert (again.repeated, again.id) == (True, id)
    assert world.count("bericht") == 1


@pytest.mark.parametrize("ending", ["released", "lease over"])
def test_withdrawn_message_is_not_disclosed_again(world: World, ending: str) -> None:
    (id,) = world.delivered(world.signal())
    held = world.claim()
    assert [b.id for b in held.berichten] == [id]
    afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="bezwaar"), world.steps, world.number)
    if ending == "released":
        claiming.release(CLERK, HAARLEM, TRACE, held.id, world.desk)
    else:
        world.expire(held)
    assert world.claim().berichten == []
    assert world.state_of(id) == "ingetrokken"
    assert world.rows("SELECT payload FROM bericht WHERE id = %s", id) == [(None,)]


def test_withdrawal_after_the_lease_ended_is_final_at_once(world: World) -> None:
    (id,) = world.delivered(world.signal())
    held = world.claim()
    world.expire(held)
    answer = afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="betaald"), world.steps, world.number)
    assert answer.status == "ingetrokken"
    with pytest.raises(Conflict):
        claiming.extend(CLERK, HAARLEM, TRACE, held.id, ClaimVerlenging(lease_seconden=60), world.desk)
    with pytest.raises(Gone):
        reading.message(CLERK, HAARLEM, TRACE, id, world.desk, disclose=True)


def test_rejected_message_is_not_disclosed_again(world: World) -> None:
    (id,) = world.delivered(world.signal())
    held = world.claim()
    claiming.reject(CLERK, HAARLEM, TRACE, id, Afwijzing(claim=held.id, reden="geen_inwoner"), world.desk)
    with pytest.raises(Gone):
        reading.message(CLERK, HAARLEM, TRACE, id, world.desk, disclose=True)
