"""A node that stops during a retention round stops before its next batch; what was done is on record, and the next round does the rest."""

import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from gateway.app.retaining import open_keeper
from gateway.core.clock import FixedClock
from gateway.core.stopping import Cut, Stopping
from gateway.jobs.loops import Loop
from gateway.privacylog import term
from gateway.privacylog.destroying import BewaartermijnToegepast
from gateway.retention import keeping
from gateway.retention.keeper import BATCH, KEEPING, Keeper
from tests.gateways import CLOCK, running
from tests.retention.world import KeptWorld

LONG = 3_600.0
PATIENCE = 60.0
ROWS = 3 * BATCH + 1


class Halt:
    """`GoOn` that stands still at its `nr`th asking until it is let go on, and asks `stopping` then."""

    def __init__(self, nr: int) -> None:
        self.stopping = Stopping()
        self.there, self.leave = threading.Event(), threading.Event()
        self._left = nr

    def go_on(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.there.set()
            assert self.leave.wait(PATIENCE)
        self.stopping.go_on()


class CutAt:
    """`GoOn` that ends it at its `nr`th asking."""

    def __init__(self, nr: int) -> None:
        self._left = nr

    def go_on(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Cut


def plant(world: KeptWorld) -> None:
    """Rows that are over their term, for four batches; no other part has any."""
    world.run(
        "INSERT INTO quarantine SELECT gen_random_uuid(), 'p', 'k', 'c', %s FROM generate_series(1, %s)",
        world.clock.now() - timedelta(days=60), ROWS,
    )  # fmt: skip


def on_record(world: KeptWorld) -> list[int]:
    return [entry.aantal for entry in world.entries("bewaartermijn.toegepast") if isinstance(entry, BewaartermijnToegepast)]


def at_third_batch(keeper: Keeper) -> int:
    """How often a round asks before its third batch of rows: once for each part before, and before that batch."""
    parts = [part for part, _ in keeping._steps(keeper, keeper.clock.now().date())]
    return parts.index("quarantaine") + 3


def closed_within_a_round(world: KeptWorld, *, asked: bool) -> None:
    """A loop that closes while its round is about to begin a third batch; `asked`: the round hears of it."""
    halt = Halt(at_third_batch(world.keeper))
    loop = Loop("bewaring", partial(keeping.run, world.keeper._replace(go_on=halt.go_on)), LONG)
    loop.start()
    loop.wake()
    assert halt.there.wait(PATIENCE)
    if asked:
        halt.stopping.ask()
    closing = threading.Thread(target=loop.close)
    closing.start()
    halt.leave.set()
    closing.join(PATIENCE)
    assert not closing.is_alive()


def test_a_node_that_stops_begins_no_batch_any_more_and_the_next_round_does_the_rest(world: KeptWorld) -> None:
    plant(world)
    closed_within_a_round(world, asked=True)
    assert world.count("quarantine") == ROWS - 2 * BATCH
    assert on_record(world) == [BATCH, BATCH]
    assert world.count("bewaring_ronde") == 0  # nothing says that today's round was done
    done = keeping.run(world.keeper)
    assert done is not None
    assert done.rows == {"quarantaine": ROWS - 2 * BATCH}
    assert (world.count("quarantine"), sum(on_record(world))) == (0, ROWS)
    assert keeping.run(world.keeper) is None  # and now it was


def test_without_hearing_of_it_a_node_that_stops_does_the_whole_round_first(world: KeptWorld) -> None:
    """The control."""
    plant(world)
    closed_within_a_round(world, asked=False)
    assert (world.count("quarantine"), sum(on_record(world)), world.count("bewaring_ronde")) == (0, ROWS, 1)


def test_a_round_may_be_cut_off_wherever_it_asks_and_nothing_is_lost(world: KeptWorld) -> None:
    plant(world)
    (id,) = world.delivered(world.signal())
    world.acknowledge(world.claim(), id, zaaknummer="Z-1")
    done, cuts = None, 0
    while done is None:
        assert world.count("bewaring_ronde") == 0
        cuts += 1
        with suppress(Cut):
            done = keeping.run(world.keeper._replace(go_on=CutAt(cuts).go_on))
    assert cuts > len(list(keeping._steps(world.keeper, world.today)))
    assert (world.count("quarantine"), sum(on_record(world)), world.count("bewaring_ronde")) == (0, ROWS + 1, 1)


@pytest.mark.parametrize("nr", [1, 2])
def test_content_of_the_log_goes_whole_or_not_at_all(world: KeptWorld, nr: int) -> None:
    world.delivered(world.signal())
    world.number()
    world.clock.advance(timedelta(minutes=2))
    world.number()
    later = world.keeper._replace(clock=FixedClock(world.clock.now() + timedelta(days=1_900)))
    bounds, before = {term.FILES: later.clock.now() - timedelta(days=800)}, world.count("log_entry")
    with pytest.raises(Cut):
        term.destroy(later.log, later.frame(), bounds, CutAt(nr).go_on)
    assert world.count("log_entry") == before
    assert term.destroy(later.log, later.frame(), bounds, CutAt(nr + 2).go_on) > 0  # the control


def test_a_node_that_stops_begins_no_round(tmp_path: Path) -> None:
    with running(tmp_path) as sandbox:
        pass
    with open_keeper(sandbox.settings, CLOCK, rotate=False) as keeper:
        before = rounds(keeper)
        keeping.run(keeper)
        assert (before, rounds(keeper)) == (0, 1)


def rounds(keeper: Keeper) -> int:
    with keeper.database.transaction(KEEPING) as connection:
        row = connection.execute("SELECT count(*) FROM bewaring_ronde").fetchone()
    return int(row[0]) if row else 0
