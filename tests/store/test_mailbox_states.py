"""Every state and every event: the SQL moves a message exactly as the table of `gateway.mailbox.states` says, and no other way."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest

from gateway.core.errors import Conflict, SeinhuisError
from gateway.inboxes import claiming
from gateway.mailbox import states
from gateway.mailbox.states import FINAL, TRANSITIONS, Event
from gateway.signals import afterwards
from gateway.store.prepare import Dsns
from schemas.inbox import Afwijzing, Berichtstaat, Claim
from schemas.signaal import IntrekkingAanvraag
from tests.flows.world import CLERK, HAARLEM, LANDLORD, TRACE, World

STATES: tuple[Berichtstaat, ...] = get_args(Berichtstaat)
Act = Callable[[World, UUID, Claim], object]


@pytest.fixture
def world(dsns: Dsns, tmp_path: Path) -> Iterator[World]:
    made = World(dsns, tmp_path, size=4)
    yield made
    made.close()


def _claim(world: World, _id: UUID, held: Claim) -> None:
    world.expire(held)
    world.claim()


def _withdraw(world: World, id: UUID, _claim: Claim) -> None:
    afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="betaald"), world.steps, world.number)


def _reject(world: World, id: UUID, held: Claim) -> None:
    claiming.reject(CLERK, HAARLEM, TRACE, id, Afwijzing(claim=held.id, reden="onleesbaar"), world.desk)


def _lapse(world: World, id: UUID, held: Claim) -> None:
    world.run("UPDATE inbox_item SET withdrawn_at = now() WHERE bericht = %s", id)
    claiming.release(CLERK, HAARLEM, TRACE, held.id, world.desk)


# `expire` has no SQL yet
ACTS: dict[Event, Act] = {
    "claim": _claim,
    "release": lambda world, _id, held: claiming.release(CLERK, HAARLEM, TRACE, held.id, world.desk),
    "receive": lambda world, id, held: world.acknowledge(held, id),
    "process": lambda world, id, held: world.acknowledge(held, id, "ZAAK-1"),
    "reject": _reject,
    "withdraw": _withdraw,
    "lapse": _lapse,
}


def put_in(world: World, id: UUID, state: Berichtstaat) -> Claim:
    """The message in a state; any but a free one still names the claim that brought it there."""
    claim = world.claim()
    world.run("UPDATE inbox_item SET state = %s WHERE bericht = %s", state, id)
    if state == "bezorgd":
        world.run("UPDATE inbox_item SET claim = NULL, lease_until = NULL WHERE bericht = %s", id)
    return claim


@pytest.mark.parametrize("event", ACTS)
def test_every_state_moves_as_the_table_says(world: World, event: Event) -> None:
    for state in STATES:
        (id,) = world.delivered(world.signal())
        held = put_in(world, id, state)
        allowed = states.after(state, event)
        try:
            ACTS[event](world, id, held)
        except SeinhuisError as error:
            assert isinstance(error, Conflict), (state, event)  # noqa: PT017 - several states in one test
            assert allowed is None, (state, event)
        assert world.state_of(id) == (allowed or state), (state, event)
        world.run("UPDATE inbox_item SET state = 'doorgezonden' WHERE bericht = %s", id)  # out of the way of the next


@pytest.mark.parametrize("event", ["receive", "process", "reject"])
def test_what_the_table_forbids_is_said(world: World, event: Event) -> None:
    """The control of the test above, which an act that does nothing would pass for every forbidden pair."""
    for state in (s for s in STATES if states.after(s, event) is None):
        (id,) = world.delivered(world.signal())
        held = put_in(world, id, state)
        with pytest.raises(Conflict):
            ACTS[event](world, id, held)
        world.run("UPDATE inbox_item SET state = 'doorgezonden' WHERE bericht = %s", id)


def test_the_table_leaves_no_final_state() -> None:
    assert {(state, after) for (state, _), after in TRANSITIONS.items() if state in FINAL and after != state} == set()
    assert {state for state, event in product(STATES, get_args(Event)) if states.after(state, event)} | FINAL == set(STATES)


def test_the_database_knows_the_same_states(world: World) -> None:
    ((check,),) = world.rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'inbox_item_state_check'")
    assert set(re.findall(r"'(\w+)'::text", check)) == set(STATES)
